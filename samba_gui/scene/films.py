"""Films besides that over epochs: a head that turns, and reconstruction quality over a recording's time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from samba_gui import RESEARCH_USE_ONLY
from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.errors import ExportError
from samba_gui.core.montage import Montage
from samba_gui.core.progress import Tell, silent
from samba_gui.core.words import Text
from samba_gui.io.results import StoredResults, exported_facts
from samba_gui.io.video import write_film
from samba_gui.scene.gif import Shot, draw_fields, look_of, picture_provenance, saie_fields, scene_of
from samba_gui.scene.head_field import HeadField, WindowQuantity, window_field
from samba_gui.scene.saie_field import shown_montage

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
    *,
    frame_ms: int = TURN_FRAME_MS,
    tell: Tell = silent,
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
    frame_ms : int
        How long each stands.
    tell : callable
        Told of every frame drawn.

    Raises
    ------
    ExportError
        No OpenGL, or the film cannot be written.
    """
    epoch = history.epochs[-1]
    (shown,) = saie_fields(config, history, montage, shot, [epoch])
    frames = []
    with scene_of(shown_montage(config, montage, shot.quantity), shot) as scene:
        for step in range(steps):
            frames.append(scene.draw(shown, shot.size, look_of(shot), smooth=True))
            scene.camera = scene.camera.turned(360.0 / steps, 0.0)
            tell(step + 1, steps)
    provenance = picture_provenance(config, montage, replace(shot, view="3d"), shown, [epoch])
    provenance["turn_steps"] = steps
    write_film(out, frames, frame_ms, provenance)


def write_quality_film(
    out: str | Path,
    results: StoredResults,
    figure: str,
    shot: Shot,
    *,
    frame_ms: int = WINDOW_FRAME_MS,
    tell: Tell = silent,
) -> None:
    """Film reconstruction quality over the recording's windows, with the same limits in all frames.

    Parameters
    ----------
    out : path-like
        ``.gif`` or ``.mp4``.
    results : StoredResults
        Of more than 120 windows, 120 spread evenly are shown.
    figure : {"nrmse", "skill"}
    shot : Shot
    frame_ms : int
        How long a frame stands.
    tell : callable
        Told of every frame drawn.

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
    source = _source(results.provenance)
    fields = [
        _window(title, limits, values[row], montage, start.plan.windows[row].onset_s, source)
        for row in chosen
    ]
    provenance = exported_facts(results) | {
        "what": f"reconstruction quality ({figure}) over time",
        "limits": list(limits),
        "windows": [int(row) for row in chosen],
        "quantity": figure,
        "view": shot.view,
        "theme": shot.theme,
        "names": shot.names,
        "size_px": list(shot.size),
    }
    write_film(out, draw_fields(fields, montage, shot, tell), frame_ms, provenance)


def _window(
    title: str, limits: tuple[float, float], values: np.ndarray, montage: Montage, onset_s: float, source: str
) -> HeadField:
    shown = window_field(WindowQuantity(title, "", values, limits), montage)
    words = Text(
        "Of samples masked in all channels at once: how unpredictable the signal is in time; it depends on "
        "the recording. The same limits in all frames. {source} {notice}.",
        source=source,
        notice=RESEARCH_USE_ONLY,
    )
    return replace(
        shown, title=Text("{title} at {onset_s:.0f} s", title=title, onset_s=onset_s), caption=words
    )


def _source(facts: dict[str, str]) -> str:
    """What made the figures, for a caption."""
    simulated = " Simulated recording." if facts.get("recording_simulated") == "yes" else ""
    bundle, key = facts.get("bundle", "?"), facts.get("bundle_key", "")[:8]
    return f"Bundle {bundle} ({key}), montage {facts.get('montage', '?')}.{simulated}"
