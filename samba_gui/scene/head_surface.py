"""The scalp of fsaverage, as MNE ships it, smooth and in the frame of the montages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from vtkmodules.vtkFiltersCore import vtkPolyDataNormals, vtkWindowedSincPolyDataFilter
from vtkmodules.vtkFiltersModeling import vtkLoopSubdivisionFilter

from samba_gui.scene.interpolation import HEAD_CENTRE_M
from samba_gui.scene.meshes import mesh_of, normals_of, triangles_of, vertices_of


@dataclass(frozen=True, eq=False)
class HeadSurface:
    """A closed triangle mesh in MNE's head frame.

    Parameters
    ----------
    vertices_m : ndarray (n, 3) float64
    triangles : ndarray (m, 3) int64
        Counter-clockwise from outside.
    normals : ndarray (n, 3) float64
        Outward, of length 1.
    """

    vertices_m: np.ndarray
    triangles: np.ndarray
    normals: np.ndarray


@dataclass(frozen=True, eq=False)
class Landing:
    """Where rays from the head's centre meet the scalp: points (n, 3) in metres and normals (n, 3)."""

    points_m: np.ndarray
    normals: np.ndarray


@cache
def load_head_surface() -> HeadSurface:
    """The scalp: 2,033 measured vertices, subdivided twice (Loop) and smoothed (Taubin) to 65k triangles."""
    import mne

    coarse = mne.read_bem_surfaces(_folder() / "fsaverage-head.fif", verbose="ERROR")[0]
    finer = vtkLoopSubdivisionFilter()
    finer.SetNumberOfSubdivisions(2)
    finer.SetInputData(mesh_of(coarse["rr"], coarse["tris"]))
    smooth = vtkWindowedSincPolyDataFilter()
    smooth.SetNumberOfIterations(30)
    smooth.SetPassBand(0.05)
    smooth.NormalizeCoordinatesOn()
    smooth.SetInputConnection(finer.GetOutputPort())
    normal = vtkPolyDataNormals()
    normal.SplittingOff()
    normal.AutoOrientNormalsOn()
    normal.SetInputConnection(smooth.GetOutputPort())
    normal.Update()
    mesh = normal.GetOutput()
    arrays = (
        mri_to_head(vertices_of(mesh)),
        triangles_of(mesh),
        normals_of(mesh) @ _mri_to_head()[:3, :3].T,
    )
    for array in arrays:
        array.setflags(write=False)
    return HeadSurface(*arrays)


def mri_to_head(points_m: np.ndarray) -> np.ndarray:
    """Points (n, 3) of fsaverage's MRI (surface RAS) in the montages' frame, 4 to 5 cm apart."""
    matrix = _mri_to_head()
    return points_m @ matrix[:3, :3].T + matrix[:3, 3]


@cache
def _mri_to_head() -> np.ndarray:
    import mne

    return np.linalg.inv(mne.read_trans(_folder() / "fsaverage-trans.fif")["trans"])


def _folder() -> Path:
    spec = find_spec("mne")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data" / "fsaverage"


def project_to_scalp(surface: HeadSurface, positions_m: np.ndarray) -> Landing:
    """Move positions along rays from the head's centre onto the scalp.

    Parameters
    ----------
    surface : HeadSurface
    positions_m : ndarray (n, 3)
        Head frame, metres.

    Returns
    -------
    Landing
        Where a ray crosses the scalp more than once (ears), the crossing nearest to the position.
    """
    corners = surface.vertices_m[surface.triangles] - HEAD_CENTRE_M
    first, edge_1, edge_2 = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    centroids = corners.mean(axis=1)
    centroids /= np.linalg.norm(centroids, axis=1, keepdims=True)
    across = np.cross(first, edge_2), np.cross(edge_1, first)  # constant per triangle: the ray starts at 0
    plane = np.cross(edge_1, edge_2)
    height = np.einsum("ij,ij->i", plane, first)
    points, normals = np.empty_like(positions_m, dtype=float), np.empty_like(positions_m, dtype=float)
    for row, position in enumerate(np.asarray(positions_m, dtype=float) - HEAD_CENTRE_M):
        distance_m = float(np.linalg.norm(position))
        # The middle of a bipolar pair across the head may be the centre itself: such a one goes to the top.
        ray = position / distance_m if distance_m > 1e-3 else np.array([0.0, 0.0, 1.0])
        # A triangle that the ray meets is small: its middle lies within 6 degrees of the ray.
        near = np.flatnonzero(centroids @ ray > 0.994)
        slope = plane[near] @ ray
        slope[slope == 0] = np.nan
        u, v = -(across[0][near] @ ray) / slope, -(across[1][near] @ ray) / slope
        hit = (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1 + 1e-9)
        near, u, v, along = near[hit], u[hit], v[hit], (height[near] / slope)[hit]
        best = np.argmin(np.abs(along - distance_m))
        points[row] = HEAD_CENTRE_M + ray * along[best]
        share = np.array([1 - u[best] - v[best], u[best], v[best]])
        normal = share @ surface.normals[surface.triangles[near[best]]]
        normals[row] = normal / np.linalg.norm(normal)
    return Landing(points, normals)
