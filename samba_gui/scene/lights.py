"""Light on the scalp, vertex by vertex: soft, from beside the viewer and a little from above."""

from __future__ import annotations

import numpy as np

from samba_gui.scene.cameras import FOCUS_M, Camera

_AMBIENT, _DIFFUSE = 0.34, 0.78
# Direction in the camera's frame (right, up, towards the viewer) and strength.
_LIGHTS = (((-0.5, 0.8, 1.0), 0.55), ((0.8, 0.3, 0.9), 0.35), ((0.0, -0.5, 0.9), 0.18))


def lit(colours: np.ndarray, normals: np.ndarray, camera: Camera) -> np.ndarray:
    """Colours under lights that move with the camera (Lambert).

    Parameters
    ----------
    colours : ndarray (n, 3) uint8
    normals : ndarray (n, 3) float32
        Of length 1.
    camera : Camera

    Returns
    -------
    ndarray (n, 3) uint8
    """
    position, up = camera.place()
    towards = (position - FOCUS_M) / np.linalg.norm(position - FOCUS_M)
    frame = np.stack([np.cross(up, towards), up, towards])
    directions = np.array([direction for direction, _ in _LIGHTS])
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    strengths = np.array([strength for _, strength in _LIGHTS], dtype=np.float32)
    facing = np.maximum(normals @ (directions @ frame).T.astype(np.float32), 0.0)
    light = _AMBIENT + _DIFFUSE * (facing @ strengths)
    return np.minimum(colours * light[:, None] + np.float32(0.5), 255.0).astype(np.uint8)
