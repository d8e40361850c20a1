"""The template cortex that nilearn ships (fsaverage5, FreeSurfer), where nilearn is installed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from samba_gui.core.errors import ExportError
from samba_gui.core.words import Text

CORTEX_CAPTION = Text(
    "Cortex: template anatomy (fsaverage5), not this person's; weights belong to electrodes, not to cortex."
)
TEMPLATE = "fsaverage5"
HEMISPHERES = ("left", "right")
NEEDS_NILEARN = Text("The cortex needs nilearn, which is not installed.")
HOW_TO_INSTALL = Text("Install it: pip install 'samba-gui[cortex]'.")


@dataclass(frozen=True, eq=False)
class TemplateCortex:
    """Both hemispheres' pial surface in fsaverage's surface coordinates (RAS).

    Parameters
    ----------
    vertices_m : ndarray (n, 3) float64
    triangles : ndarray (m, 3) int64
    depths : ndarray (n,) float64
        FreeSurfer's sulcal depth, mm: positive in a sulcus, negative on a gyrus.
    """

    vertices_m: np.ndarray
    triangles: np.ndarray
    depths: np.ndarray


def _folder() -> Path | None:
    """Where nilearn keeps the template; nilearn itself, which takes seconds, is not imported."""
    spec = find_spec("nilearn")
    if spec is None or spec.origin is None or find_spec("nibabel") is None:
        return None
    folder = Path(spec.origin).parent / "datasets" / "data" / TEMPLATE
    needed = [folder / f"{kind}_{side}.gii.gz" for kind in ("pial", "sulc") for side in HEMISPHERES]
    return folder if all(path.is_file() for path in needed) else None


def cortex_available() -> bool:
    """Whether the template is on this computer."""
    return _folder() is not None


def read_template_cortex() -> TemplateCortex:
    """Read the template.

    Raises
    ------
    ExportError
        nilearn is not installed, or does not ship the files.
    """
    folder = _folder()
    if folder is None:
        raise ExportError(NEEDS_NILEARN, HOW_TO_INSTALL)
    import nibabel

    vertices, triangles, depths, count = [], [], [], 0
    for side in HEMISPHERES:
        points, corners = (array.data for array in nibabel.load(folder / f"pial_{side}.gii.gz").darrays)
        (depth,) = (array.data for array in nibabel.load(folder / f"sulc_{side}.gii.gz").darrays)
        vertices.append(points / 1000)
        triangles.append(corners + count)
        depths.append(depth)
        count += len(points)
    return TemplateCortex(
        np.concatenate(vertices).astype(np.float64),
        np.concatenate(triangles).astype(np.int64),
        np.concatenate(depths).astype(np.float64),
    )
