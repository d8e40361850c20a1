"""Films besides that over epochs: a head that turns, and reconstruction quality over a recording's time."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from samba_gui import RESEARCH_USE_ONLY
from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.errors import ExportError
from samba_gui.core.montage import Montage
from samba_gui.io.results import StoredResults
from samba_gui.io.video import write_film
from samba_gui.scene.cameras import CAMERAS
from samba_gui.scene.gif import Shot, draw_fields, picture_provenance, saie_fields
from samba_gui.scene.look import Look
from samba_gui.scene.opengl import opengl_works
from samba_gui.scene.saie_field import HeadField, WindowQuantity, window_field

TURN_STEPS = 48
TURN_FRAME_MS = 80
MOST_WINDOWS = 120
WINDOW_FRAME_MS = 200
_FIGURES = {"nrmse": ("Error (NRMSE)", (0.0, 1.5)), "skill": ("Skill", (-1.0, 1.0))}


def write_turning_head(
    out: str | Path,
    config: BundleConfig,
    history: SaieHistory,
    montage: Montage,
    shot: Shot,
    steps: int = TURN_STEPS,
) -> None:
    """Film the trained SAIE weights on a head that turns once.

    Parameters
    ----------
    out : path-like
        ``.gif`` or ``.mp4``.
    config : BundleConfig
    history : SaieHistory
    montage : Montage
    shot : Shot
        Its camera is where the turn begins.
    steps : int
        Frames of the turn.

    Raises
    ------
    ExportError
        No OpenGL, or the film cannot be written.
    """
    if not opengl_works():
        raise ExportError("This machine cannot draw in 3-D (no OpenGL).", "Film the epochs in 2-D.")
    from samba_gui.scene.head_geometry import prepare_head
    from samba_gui.scene.head_scene import HeadScene

    epoch = history.epochs[-1]
    (shown,) = saie_fields(config, history, montage, shot, [epoch])
    look = Look(shot.theme, names=shot.names, lettering=True, scale=max(min(shot.size) / 900, 0.5))
    with closing(HeadScene(prepare_head(montage), shot.size)) as scene:
        scene.camera = CAMERAS[shot.camera]
        frames = []
        for _ in range(steps):
            frames.append(scene.draw(shown, shot.size, look, smooth=True))
            scene.camera = scene.camera.turned(360.0 / steps, 0.0)
    provenance = picture_provenance(config, montage, replace(shot, view="3d"), shown, [epoch])
    provenance["turn_steps"] = steps
    write_film(out, frames, TURN_FRAME_MS, provenance)


def write_quality_film(out: str | Path, results: StoredResults, figure: str, shot: Shot) -> None:
    """Film reconstruction quality over the recording's windows, with the same limits in all frames.

    Parameters
    ----------
    out : path-like
        ``.gif`` or ``.mp4``.
    results : StoredResults
        Of more than 120 windows, 120 spread evenly are shown.
    figure : {"nrmse", "skill"}
    shot : Shot

    Raises
    ------
    ExportError
        No window is stored, no OpenGL for 3-D, or the film cannot be written.
    """
    start, count = results.start, results.batch.count
    if not count:
        raise ExportError("The results hold no window yet.", "Let the analysis finish.")
    title, limits = _FIGURES[figure]
    values = getattr(results.batch.sums.over(1, 3), figure)()
    montage = start.recipe.montage()
    chosen = np.unique(np.linspace(0, count - 1, min(count, MOST_WINDOWS)).round().astype(int))
    fields = [_window(title, limits, values[row], montage, start.plan.windows[row].onset_s) for row in chosen]
    provenance = results.provenance | {
        "what": f"reconstruction quality ({figure}) over time",
        "limits": list(limits),
        "windows": [int(row) for row in chosen],
        "view": shot.view,
    }
    write_film(out, draw_fields(fields, montage, shot), WINDOW_FRAME_MS, provenance)


def _window(
    title: str, limits: tuple[float, float], values: np.ndarray, montage: Montage, onset_s: float
) -> HeadField:
    shown = window_field(WindowQuantity(title, "", values, limits), montage)
    words = (
        "Error of samples masked in all channels at once: how unpredictable the signal is in time. It "
        f"depends on the recording. {RESEARCH_USE_ONLY}."
    )
    return replace(shown, title=f"{title} at {onset_s:.0f} s", caption=words)
