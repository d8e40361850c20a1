"""Opens and closes windows one after the other, each with its head drawn in 3-D; prints what stayed of each.

    python many_windows.py COUNT FOLDER

One line of JSON per window: names of the VTK objects that live after it, whether the window and its scene are
gone, how many of both there were, and the megabytes that this process holds.
"""

from __future__ import annotations

import gc
import json
import sys
import time
import weakref
from pathlib import Path

import psutil
from leaks import let_qt_delete, living_vtk_objects

from samba_gui.core.places import default_bundle_dir
from samba_gui.ui.app import application
from samba_gui.ui.context import Context
from samba_gui.ui.head.scene_canvas import SceneCanvas
from samba_gui.ui.main_window import MainWindow
from samba_gui.ui.places import UserPlaces

PATIENCE_S = 60.0


def open_window(folder: Path) -> MainWindow:
    """A window on the bundle that ships, whose head is drawn."""
    window = MainWindow(Context.make(UserPlaces.under(folder)))
    window.resize(640, 480)  # small is fast, and leaks as much
    window.show()
    window.context.session.load_bundle(default_bundle_dir())
    until, canvas = time.monotonic() + PATIENCE_S, window.head.findChild(SceneCanvas)
    while not (canvas.isVisible() and canvas._image is not None and window.settled):
        assert time.monotonic() < until, window.under_way
        application().processEvents()
        time.sleep(0.004)
    return window


def main(count: int, folder: Path) -> None:
    application()
    gc.freeze()  # what is imported lives on: the collector need not look at it again and again
    for _ in range(count):
        window = open_window(folder)
        kept = weakref.ref(window), weakref.ref(window.head.findChild(SceneCanvas)._scene)
        found = {"drawn_with": len(living_vtk_objects())}
        window.close()
        window.deleteLater()
        del window
        let_qt_delete()
        gc.collect()
        found["vtk"] = sorted(type(thing).__name__ for thing in living_vtk_objects())
        found["alive"] = [type(thing()).__name__ for thing in kept if thing() is not None]
        found["mb"] = psutil.Process().memory_info().rss / 1e6
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
