"""SAIE weights as pictures: fields with captions, drawn alike, and a film over training epochs."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import PIL

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.errors import ExportError
from samba_gui.core.montage import Montage
from samba_gui.core.progress import Tell, silent
from samba_gui.core.saie import NULL_NETWORKS, NULL_SEED
from samba_gui.core.words import Text, joined
from samba_gui.io.video import write_film
from samba_gui.scene.cameras import CAMERAS
from samba_gui.scene.head_field import HeadField, Quantity
from samba_gui.scene.look import Look
from samba_gui.scene.opengl import opengl_works
from samba_gui.scene.saie_field import epoch_field, null_of, shown_montage
from samba_gui.scene.topography import PAPER_SIZE, Topography

if TYPE_CHECKING:
    from samba_gui.scene.head_scene import HeadScene

MOST_FRAMES = 24

_RINGED = "ringed: outside 95 % of untrained networks"
_WORDS = {
    Quantity.RELATIVE: f"Weight relative to uniform; {_RINGED}.",
    Quantity.TARGET: f"Relative to uniform; {_RINGED}.",
    Quantity.EFFECTIVE: f"{_RINGED[0].upper()}{_RINGED[1:]}.",
    Quantity.PAPER: "Each epoch scaled to its own minimum and maximum, as in the paper.",
}
_UNITS = {
    Quantity.RELATIVE: "log2 of weight × channels",
    Quantity.TARGET: "log2 of weight × channels",
    Quantity.EFFECTIVE: "log2 of effective inputs per target",
    Quantity.PAPER: "share of the frame's own range",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """How SAIE weights are pictured.

    Parameters
    ----------
    view : {"2d", "3d"}
    quantity : Quantity
        One that does not depend on a recording.
    target : str
        Target electrode for ``Quantity.TARGET``; empty for the first.
    size : tuple of 2 ints
        Width and height in pixels.
    theme : {"light", "dark"}
    camera : str
        A name in :data:`samba_gui.scene.cameras.CAMERAS`, for 3-D.
    names : bool
        Whether electrodes are named.
    """

    view: str = "2d"
    quantity: Quantity = Quantity.RELATIVE
    target: str = ""
    size: tuple[int, int] = PAPER_SIZE
    theme: str = "light"
    camera: str = "three-quarter"
    names: bool = False


def write_saie_gif(
    out: str | Path,
    config: BundleConfig,
    history: SaieHistory,
    montage: Montage,
    shot: Shot | None = None,
    *,
    epochs: Sequence[int] | None = None,
    frame_ms: int = 1000,
    tell: Tell = silent,
) -> None:
    """Film SAIE weights over training epochs: one frame per epoch, the same limits in all.

    Parameters
    ----------
    out : path-like
        ``.gif`` or ``.mp4`` to write.
    config : BundleConfig
    history : SaieHistory
    montage : Montage
    shot : Shot, optional
    epochs : sequence of int, optional
        Epochs of the history; all, or 24 spread evenly over more, if not given.
    frame_ms : int
        How long a frame stands.
    tell : callable
        Told of every frame drawn.

    Raises
    ------
    ExportError
        An epoch that the history lacks, no OpenGL for 3-D, or the file cannot be written.
    """
    shot = shot or Shot()
    chosen = chosen_epochs(history, epochs)
    fields = saie_fields(config, history, montage, shot, chosen)
    provenance = picture_provenance(config, montage, shot, fields[0], chosen)
    drawn = draw_fields(fields, shown_montage(config, montage, shot.quantity), shot, tell)
    write_film(out, drawn, frame_ms, provenance)


def chosen_epochs(history: SaieHistory, epochs: Sequence[int] | None) -> tuple[int, ...]:
    """Epochs that the history keeps; all, or 24 spread evenly over more, where none are given.

    Raises
    ------
    ExportError
        The history lacks one of them.
    """
    if epochs is None:
        n = len(history.epochs)
        rows = np.unique(np.linspace(0, n - 1, min(n, MOST_FRAMES)).round().astype(int))
        return tuple(history.epochs[row] for row in rows)
    missing = [epoch for epoch in epochs if epoch not in history.epochs]
    if missing or not epochs:
        raise ExportError(
            Text("The bundle keeps no weights of epoch {epoch}.", epoch=missing[0])
            if missing
            else Text("No epochs were chosen."),
            "It keeps the epochs {epochs}{more}",
            epochs=", ".join(map(str, history.epochs[:12])),
            more=" …" if len(history.epochs) > 12 else ".",
        )
    return tuple(epochs)


def saie_fields(
    config: BundleConfig, history: SaieHistory, montage: Montage, shot: Shot, epochs: Sequence[int]
) -> list[HeadField]:
    """SAIE weights at some epochs of the history, each with the caption of a picture."""
    null = null_of(config, montage, shot.quantity, shot.target) if shot.quantity != Quantity.PAPER else None
    fields = []
    for epoch in epochs:
        parameters = history.parameters[history.epochs.index(epoch)]
        shown = epoch_field(
            config, parameters, montage, shot.quantity, epoch=epoch, target=shot.target, null=null
        )
        caption = joined((_WORDS[shot.quantity], shown.caption, f"{RESEARCH_USE_ONLY}."), " ")
        fields.append(replace(shown, caption=caption))
    return fields


def draw_fields(
    fields: Sequence[HeadField], montage: Montage, shot: Shot, tell: Tell = silent
) -> list[np.ndarray]:
    """Pictures (height, width, 3) of fields of a montage's channels, all drawn alike.

    Raises
    ------
    ExportError
        No OpenGL for 3-D.
    """
    if shot.view == "2d":
        topography = Topography(montage)
        return _told(
            (topography.draw(shown, shot.size, look_of(shot)) for shown in fields), len(fields), tell
        )
    with scene_of(montage, shot) as scene:
        pictures = (scene.draw(shown, shot.size, look_of(shot), smooth=True) for shown in fields)
        return _told(pictures, len(fields), tell)


def look_of(shot: Shot) -> Look:
    """Colours, names, and lettering as large as the picture asks."""
    return Look(shot.theme, names=shot.names, lettering=True, scale=max(min(shot.size) / 900, 0.5))


@contextmanager
def scene_of(montage: Montage, shot: Shot) -> Iterator[HeadScene]:
    """A head off screen, seen by the shot's camera.

    Raises
    ------
    ExportError
        No OpenGL.
    """
    if not opengl_works():
        raise ExportError("This machine cannot draw in 3-D (no OpenGL).", "Choose the 2-D view.")
    from samba_gui.scene.head_geometry import prepare_head
    from samba_gui.scene.head_scene import HeadScene

    with closing(HeadScene(prepare_head(montage), shot.size)) as scene:
        scene.camera = CAMERAS[shot.camera]
        yield scene


def _told(pictures: Iterable[np.ndarray], total: int, tell: Tell) -> list[np.ndarray]:
    drawn = []
    for picture in pictures:
        drawn.append(picture)
        tell(len(drawn), total)
    return drawn


def picture_provenance(
    config: BundleConfig, montage: Montage, shot: Shot, shown: HeadField, epochs: Sequence[int]
) -> dict[str, Any]:
    """What a picture of SAIE weights can be made again from."""
    return {
        "program": f"samba-gui {__version__}",
        "notice": RESEARCH_USE_ONLY,
        "what": "SAIE weights: a property of bundle and montage, not of a recording",
        "bundle": f"{config.name} {config.version}",
        "bundle_key": config.key,
        "montage": montage.name,
        "montage_key": montage.key,
        "electrodes": montage.rows(),
        "quantity": str(shot.quantity),
        "target": shot.target,
        "unit": _UNITS[shot.quantity],
        "limits": list(shown.limits),
        "epochs": [int(epoch) for epoch in epochs],
        "view": shot.view,
        "camera": shot.camera if shot.view == "3d" else "",
        "theme": shot.theme,
        "names": shot.names,
        "size_px": list(shot.size),
        "null_networks": 0 if shot.quantity == Quantity.PAPER else NULL_NETWORKS,
        "null_seed": NULL_SEED,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pillow": PIL.__version__,
    }
