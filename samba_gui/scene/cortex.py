"""The template cortex under the scalp: another person's anatomy, for orientation only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from vtkmodules.vtkFiltersCore import vtkPolyDataNormals

from samba_gui.io.template_cortex import read_template_cortex
from samba_gui.scene.head_surface import HeadSurface, mri_to_head
from samba_gui.scene.meshes import mesh_of, normals_of

_GYRUS, _SULCUS = 205, 120


@dataclass(frozen=True, eq=False)
class Cortex:
    """A cortex in the frame of the montages.

    Parameters
    ----------
    surface : HeadSurface
    colours : ndarray (n, 3) uint8
        Light on gyri, dark in sulci.
    """

    surface: HeadSurface
    colours: np.ndarray


@cache
def load_cortex() -> Cortex:
    """The pial surface of fsaverage5: 20,484 vertices.

    Raises
    ------
    ExportError
        nilearn is not installed.
    """
    template = read_template_cortex()
    vertices_m = mri_to_head(template.vertices_m)
    normal = vtkPolyDataNormals()
    normal.SplittingOff()
    normal.ConsistencyOff()
    normal.SetInputData(mesh_of(vertices_m, template.triangles))
    normal.Update()
    surface = HeadSurface(vertices_m, template.triangles, normals_of(normal.GetOutput()))
    grey = np.where(template.depths > 0, _SULCUS, _GYRUS).astype(np.uint8)
    return Cortex(surface, np.repeat(grey[:, None], 3, axis=1))
