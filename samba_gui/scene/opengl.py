"""Whether 3-D drawing works here; tried in a child process, for a broken driver takes its process along."""

from __future__ import annotations

import multiprocessing
import os
import sys
from functools import cache

from samba_gui.core.children import start_child

_PATIENCE_S = 20.0


def prefer_off_screen_drivers() -> None:
    """Let VTK begin with EGL where there is no X server, instead of trying X and complaining."""
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")


def _draw_a_little() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a driver has to say is not for the terminal
    prefer_off_screen_drivers()
    import vtkmodules.vtkRenderingOpenGL2  # noqa: F401
    from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
    from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

    window = vtkRenderWindow()
    window.SetOffScreenRendering(True)
    renderer = vtkRenderer()
    renderer.SetBackground(1.0, 0.0, 0.0)
    window.AddRenderer(renderer)
    window.Render()
    drawn = vtkUnsignedCharArray()
    window.GetPixelData(0, 0, 0, 0, 1, drawn, 0)
    red = drawn.GetValue(0)
    window.Finalize()
    sys.exit(0 if red == 255 else 3)


@cache
def opengl_works() -> bool:
    """Whether VTK can draw off screen; the answer costs about a second once per process.

    The environment variable ``SAMBA_GUI_NO_OPENGL=1`` says no without trying.
    """
    if os.environ.get("SAMBA_GUI_NO_OPENGL", "0") not in ("", "0"):
        return False
    child = multiprocessing.get_context("spawn").Process(target=_draw_a_little, daemon=True)
    start_child(child)
    child.join(_PATIENCE_S)
    if child.is_alive():
        child.kill()
        child.join()
    works = child.exitcode == 0
    child.close()
    return works
