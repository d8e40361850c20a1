"""A surface lit vertex by vertex: without a graphics card, light per pixel takes half of a frame."""

from __future__ import annotations

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from samba_gui.scene.cameras import Camera
from samba_gui.scene.head_surface import HeadSurface
from samba_gui.scene.lights import lit
from samba_gui.scene.meshes import mesh_of, set_colours


def actor_of(mesh: vtkPolyData) -> vtkActor:
    """An actor that shows a mesh from outside, in exactly its colours."""
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(mesh)
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().BackfaceCullingOn()
    actor.GetProperty().LightingOff()
    return actor


class ShadedSurface:
    """A surface with a colour per vertex, under lights that move with the camera.

    Parameters
    ----------
    surface : HeadSurface
    colours : ndarray (n, 3) uint8
        Without light.

    Attributes
    ----------
    actor : vtkActor
    """

    def __init__(self, surface: HeadSurface, colours: np.ndarray) -> None:
        self._mesh = mesh_of(surface.vertices_m, surface.triangles)
        self._normals = surface.normals.astype(np.float32)
        self.actor = actor_of(self._mesh)
        self.set_colours(colours)

    def set_colours(self, colours: np.ndarray) -> None:
        """Other colours (n, 3) uint8, to be lit anew."""
        self._colours = colours
        self._lit_for: tuple[float, float] | None = None

    def light(self, camera: Camera) -> None:
        """Shade it for where the camera is."""
        at = camera.azimuth_deg, camera.elevation_deg
        if self._lit_for != at:
            self._lit_for = at
            set_colours(self._mesh, lit(self._colours, self._normals, camera))
