"""Skips drawing in 3-D where the machine cannot."""

from __future__ import annotations

import pytest

from samba_gui.scene.opengl import opengl_works


@pytest.fixture
def opengl() -> None:
    """Tests that need OpenGL ask for it."""
    if not opengl_works():
        pytest.skip("this machine cannot draw in 3-D (no OpenGL)")
