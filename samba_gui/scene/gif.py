"""Pictures of SAIE weights as files: an animation over training epochs, and one head."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.errors import ExportError
from samba_gui.core.montage import Montage
from samba_gui.core.places import default_bundle_dir
from samba_gui.core.saie import null_relative_weights
from samba_gui.io.bundles import read_bundle, read_saie_history
from samba_gui.io.montages import montage_by_id
from samba_gui.io.pictures import write_png
from samba_gui.io.video import write_film
from samba_gui.scene.cameras import CAMERAS
from samba_gui.scene.look import Look
from samba_gui.scene.opengl import opengl_works
from samba_gui.scene.saie_field import HeadField, Quantity, epoch_field
from samba_gui.scene.topography import PAPER_SIZE, Topography

DEFAULT_MONTAGE = "10-10_64"
MOST_FRAMES = 24
NULL_NETWORKS = 200

_WORDS = {
    Quantity.RELATIVE: "Weight relative to uniform; ringed: outside 95 % of untrained networks.",
    Quantity.TARGET: "Weights of one target electrode relative to uniform.",
    Quantity.PAPER: "Each epoch scaled to its own minimum and maximum, as in the paper.",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """How SAIE weights are pictured.

    Parameters
    ----------
    view : {"2d", "3d"}
    quantity : Quantity
        Any but ``WINDOW``.
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


def make_saie_gif(
    out: str | Path,
    bundle_dir: str | Path | None = None,
    montage: Montage | None = None,
    view: str = "2d",
    **options: Any,
) -> None:
    """Film the SAIE weights of a bundle folder; see :func:`write_saie_gif` for ``options``.

    Parameters
    ----------
    out : path-like
    bundle_dir : path-like, optional
        The default bundle if not given.
    montage : Montage, optional
        The 10-10 system (64) if not given.
    view : {"2d", "3d"}

    Raises
    ------
    BundleError, ExportError
    """
    folder = Path(bundle_dir) if bundle_dir else default_bundle_dir()
    write_saie_gif(
        out,
        read_bundle(folder),
        read_saie_history(folder),
        montage or montage_by_id(DEFAULT_MONTAGE),
        Shot(view=view),
        **options,
    )


def write_saie_gif(
    out: str | Path,
    config: BundleConfig,
    history: SaieHistory,
    montage: Montage,
    shot: Shot | None = None,
    *,
    epochs: Sequence[int] | None = None,
    frame_ms: int = 1000,
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

    Raises
    ------
    ExportError
        An epoch that the history lacks, no OpenGL for 3-D, or the file cannot be written.
    """
    shot = shot or Shot()
    chosen = chosen_epochs(history, epochs)
    fields = saie_fields(config, history, montage, shot, chosen)
    provenance = picture_provenance(config, montage, shot, fields[0], chosen)
    write_film(out, draw_fields(fields, montage, shot), frame_ms, provenance)


def write_head_png(
    out: str | Path,
    config: BundleConfig,
    history: SaieHistory,
    montage: Montage,
    shot: Shot | None = None,
    *,
    epoch: int | None = None,
) -> None:
    """Picture the SAIE weights at one epoch, the last if not given; parameters as :func:`write_saie_gif`."""
    shot = shot or Shot()
    chosen = chosen_epochs(history, [history.epochs[-1] if epoch is None else epoch])
    fields = saie_fields(config, history, montage, shot, chosen)
    provenance = picture_provenance(config, montage, shot, fields[0], chosen)
    write_png(out, draw_fields(fields, montage, shot)[0], provenance)


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
            f"The bundle keeps no weights of epoch {missing[0]}." if missing else "No epochs were chosen.",
            f"It keeps epochs {', '.join(map(str, history.epochs[:12]))}"
            + (" …" if len(history.epochs) > 12 else "."),
        )
    return tuple(epochs)


def saie_fields(
    config: BundleConfig, history: SaieHistory, montage: Montage, shot: Shot, epochs: Sequence[int]
) -> list[HeadField]:
    """SAIE weights at some epochs of the history, each with the caption of a picture."""
    null = None
    if shot.quantity == Quantity.RELATIVE:
        targets, inputs = (config.to_network(m.positions_m) for m in (config.target, montage))
        null = null_relative_weights(config.saie_initialisation, targets, inputs, NULL_NETWORKS)
    fields = []
    for epoch in epochs:
        parameters = history.parameters[history.epochs.index(epoch)]
        shown = epoch_field(
            config, parameters, montage, shot.quantity, epoch=epoch, target=shot.target, null=null
        )
        caption = f"{_WORDS[shot.quantity]} {shown.caption} {RESEARCH_USE_ONLY}."
        fields.append(replace(shown, caption=caption))
    return fields


def draw_fields(fields: Sequence[HeadField], montage: Montage, shot: Shot) -> list[np.ndarray]:
    """Pictures (height, width, 3) of fields, all drawn alike.

    Raises
    ------
    ExportError
        No OpenGL for 3-D.
    """
    look = Look(shot.theme, names=shot.names, lettering=True, scale=max(min(shot.size) / 900, 0.5))
    if shot.view == "2d":
        topography = Topography(montage)
        return [topography.draw(shown, shot.size, look) for shown in fields]
    if not opengl_works():
        raise ExportError("This machine cannot draw in 3-D (no OpenGL).", "Choose the 2-D view.")
    from samba_gui.scene.head_geometry import prepare_head
    from samba_gui.scene.head_scene import HeadScene

    with closing(HeadScene(prepare_head(montage), shot.size)) as scene:
        scene.camera = CAMERAS[shot.camera]
        return [scene.draw(shown, shot.size, look, smooth=True) for shown in fields]


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
        "quantity": str(shot.quantity),
        "target": shot.target,
        "unit": "log2 of weight × channels" if shown.limits[0] < 0 else "share of the frame's own range",
        "limits": list(shown.limits),
        "epochs": [int(epoch) for epoch in epochs],
        "view": shot.view,
        "camera": shot.camera if shot.view == "3d" else "",
        "size_px": list(shot.size),
        "null_networks": NULL_NETWORKS if shot.quantity == Quantity.RELATIVE else 0,
    }
