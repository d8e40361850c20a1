"""Fifty windows in one process, one after the other: nothing outlives its window, memory stays level."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from samba_gui.scene.opengl import opengl_works

WINDOWS = 50
# One scene that stays is 20 MB and more; one arena keeps the allocator's own noise below 0.1 MB.
MOST_MB_PER_WINDOW = 1.0


def test_fifty_windows_leave_nothing(tmp_path: Path) -> None:
    if not opengl_works():
        pytest.skip("this machine cannot draw in 3-D (no OpenGL)")
    program = Path(__file__).with_name("many_windows.py")
    paths = [str(program.parents[1]), str(program.parents[2])]
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program), str(WINDOWS), str(tmp_path)],
        env=os.environ | {"MALLOC_ARENA_MAX": "1", "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    windows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(windows) == WINDOWS
    assert all(window["drawn_with"] > 5 for window in windows)  # each had a head to lose
    assert [window["vtk"] for window in windows] == [[]] * WINDOWS
    assert [window["alive"] for window in windows] == [[]] * WINDOWS
    later_mb = [window["mb"] for window in windows[WINDOWS // 2 :]]
    slope_mb = np.polyfit(np.arange(len(later_mb)), later_mb, 1)[0]
    assert slope_mb < MOST_MB_PER_WINDOW, later_mb
