"""Triangle meshes between numpy and VTK; arrays are copied, so neither side keeps the other alive."""

from __future__ import annotations

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData


def mesh_of(vertices: np.ndarray, triangles: np.ndarray) -> vtkPolyData:
    """A mesh of vertices (n, 3) and triangles (m, 3)."""
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(vertices, dtype=np.float64), deep=True))
    mesh = vtkPolyData()
    mesh.SetPoints(points)
    set_triangles(mesh, triangles)
    return mesh


def set_triangles(mesh: vtkPolyData, triangles: np.ndarray) -> None:
    """Replace a mesh's triangles (m, 3)."""
    offsets = 3 * np.arange(len(triangles) + 1, dtype=np.int64)
    cells = vtkCellArray()
    cells.SetData(
        numpy_to_vtkIdTypeArray(offsets, deep=True),
        numpy_to_vtkIdTypeArray(np.ascontiguousarray(triangles, dtype=np.int64).ravel(), deep=True),
    )
    mesh.SetPolys(cells)


def set_colours(mesh: vtkPolyData, colours: np.ndarray) -> None:
    """Give each vertex a colour, uint8 (n, 3)."""
    mesh.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(colours, dtype=np.uint8), deep=True))


def vertices_of(mesh: vtkPolyData) -> np.ndarray:
    """Vertices (n, 3) float64."""
    return vtk_to_numpy(mesh.GetPoints().GetData()).astype(np.float64)


def triangles_of(mesh: vtkPolyData) -> np.ndarray:
    """Triangles (m, 3) int64."""
    return vtk_to_numpy(mesh.GetPolys().GetConnectivityArray()).astype(np.int64).reshape(-1, 3)


def normals_of(mesh: vtkPolyData) -> np.ndarray:
    """Normals of the vertices (n, 3) float64."""
    return vtk_to_numpy(mesh.GetPointData().GetNormals()).astype(np.float64)
