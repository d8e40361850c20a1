"""``samba-gui gif``, ``figure`` and ``screenshot``."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samba_gui.cli.progress import progress
from samba_gui.cli.verb import bundle_argument, montage_argument
from samba_gui.cli.window_map import colouring_of, places_of, projection_argument
from samba_gui.core.errors import ExportError

if TYPE_CHECKING:
    from samba_gui.core.bundle import BundleConfig
    from samba_gui.core.montage import Montage

PAPER_SIZE = (1296, 1080)
CAMERA_NAMES = ("three-quarter", "left", "right", "top", "front", "back")


def gif_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and of what."""
    parser.add_argument("--out", type=Path, required=True, metavar="F", help="file to write")
    bundle_argument(parser)
    montage_argument(parser)
    parser.add_argument("--view", choices=("2d", "3d"), help="2d by default; a turning head is 3d")
    parser.add_argument(
        "--of",
        choices=("epochs", "turn", "nrmse", "skill"),
        default="epochs",
        help="weights over training epochs, a turning head, or quality over a recording's time",
    )
    parser.add_argument("--results", type=Path, metavar="R", help="results file, for quality over time")
    parser.add_argument("--size", type=_size, default=PAPER_SIZE, metavar="WxH", help="pixels")
    parser.add_argument("--epochs", type=_epochs, metavar="0,10,30", help="all, or 24 of them, by default")
    parser.add_argument("--frame-ms", type=_frame_ms, metavar="N", help="how long a frame stands")
    parser.add_argument("--camera", choices=CAMERA_NAMES, default="three-quarter", help="of a 3-D head")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    _weights_arguments(parser)


def _weights_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--quantity", choices=("relative", "paper", "target", "effective"), default="relative"
    )
    parser.add_argument("--target", default="", metavar="E", help="electrode, for --quantity target")
    parser.add_argument("--names", action="store_true", help="name the electrodes")


def gif(options: argparse.Namespace) -> int:
    """Film the SAIE weights over training epochs, a turning head, or quality over time."""
    from samba_gui.io.bundles import read_bundle, read_saie_history
    from samba_gui.io.results import read_results
    from samba_gui.scene.films import write_quality_film, write_turning_head
    from samba_gui.scene.gif import Shot, write_saie_gif
    from samba_gui.scene.head_field import Quantity

    shot = Shot(
        view=options.view or "2d",
        quantity=Quantity(options.quantity),
        target=options.target,
        size=options.size,
        theme=options.theme,
        camera=options.camera,
        names=options.names,
    )
    given: dict[str, Any] = {} if options.frame_ms is None else {"frame_ms": options.frame_ms}
    with progress(options.out.name) as given["tell"]:
        if options.of in ("nrmse", "skill"):
            if options.results is None:
                raise ExportError("Quality over time needs a results file.", "Give it: --results R.")
            write_quality_film(options.out, read_results(options.results), options.of, shot, **given)
        else:
            config, history = read_bundle(options.bundle), read_saie_history(options.bundle)
            montage = _montage(options, config)
            _check_target(shot.target, config)
            if options.of == "epochs":
                write_saie_gif(options.out, config, history, montage, shot, epochs=options.epochs, **given)
            else:
                write_turning_head(options.out, config, history, montage, shot, **given)
    print(options.out)
    return 0


def _montage(options: argparse.Namespace, config: BundleConfig) -> Montage:
    from samba_gui.io.montages import montage_by_id

    return montage_by_id(options.montage) if options.montage else config.target


def _check_target(target: str, config: BundleConfig) -> None:
    if target and target not in config.target.labels:
        raise ExportError(
            "The bundle maps to no electrode {target}.",
            "It knows {known} …",
            target=target,
            known=", ".join(config.target.labels[:8]),
        )


def _frame_ms(text: str) -> int:
    if not text.isdecimal() or not 10 <= int(text) <= 60_000:
        raise argparse.ArgumentTypeError("a frame stands for 10 to 60000 ms")
    return int(text)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and min(int(width), int(height)) >= 64):
        raise argparse.ArgumentTypeError("the size is written as 1296x1080, at least 64x64")
    if max(int(width), int(height)) > 8192:
        raise argparse.ArgumentTypeError("at most 8192 pixels")
    return int(width), int(height)


def figure_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, of what, and how large."""
    parser.add_argument("--out", type=Path, required=True, metavar="F", help=".png, .svg or .pdf")
    bundle_argument(parser)
    montage_argument(parser)
    parser.add_argument("--width-mm", type=float, default=85.0, metavar="MM", help="85 (default), 180, …")
    parser.add_argument("--dpi", type=int, default=600, metavar="N", help="300 to 600 for print")
    parser.add_argument("--epochs", type=_epochs, metavar="0,10,30", help="of training; the last by default")
    _weights_arguments(parser)
    parser.add_argument(
        "--results", type=Path, metavar="R", help="draw the map of this results file's windows instead"
    )
    projection_argument(parser)
    parser.add_argument(
        "--colour",
        default="time",
        metavar="C",
        help="of the map: time, class, nrmse, skill, correlation, or a head",
    )


def figure(options: argparse.Namespace) -> int:
    """Draw the SAIE weights for print, or the map of a results file's windows."""
    if options.results is not None:
        return _map_figure(options)
    from samba_gui.io.bundles import read_bundle, read_saie_history
    from samba_gui.scene.figure import write_figure
    from samba_gui.scene.gif import Shot, chosen_epochs, picture_provenance, saie_fields
    from samba_gui.scene.head_field import Quantity
    from samba_gui.scene.saie_field import shown_montage

    config, history = read_bundle(options.bundle), read_saie_history(options.bundle)
    montage = _montage(options, config)
    _check_target(options.target, config)
    shot = Shot(quantity=Quantity(options.quantity), target=options.target, names=options.names)
    epochs = chosen_epochs(history, options.epochs or [history.epochs[-1]])
    fields = saie_fields(config, history, montage, shot, epochs)
    provenance = picture_provenance(config, montage, shot, fields[0], epochs)
    size = {"width_mm": options.width_mm, "dpi": options.dpi}
    del provenance["size_px"]
    write_figure(
        options.out,
        fields,
        shown_montage(config, montage, shot.quantity),
        provenance | size,
        width_mm=options.width_mm,
        dpi=options.dpi,
        names=options.names,
    )
    print(options.out)
    return 0


def _map_figure(options: argparse.Namespace) -> int:
    from samba_gui.io.results import exported_facts, read_results
    from samba_gui.scene.map_figure import write_map_figure

    results = read_results(options.results)
    write_map_figure(
        options.out,
        places_of(results, options.projection),
        colouring_of(results, options.colour),
        exported_facts(results),
        width_mm=options.width_mm,
        dpi=options.dpi,
    )
    print(options.out)
    return 0


def _epochs(text: str) -> list[int]:
    parts = text.split(",")
    if not all(part.strip().isdecimal() for part in parts):
        raise argparse.ArgumentTypeError("epochs are whole numbers with commas")
    return [int(part) for part in parts]


def picture_subject(options: argparse.Namespace) -> str:
    """The file that is written."""
    return str(options.out)


def screenshot_arguments(parser: argparse.ArgumentParser) -> None:
    """Of which recording, when, and where to."""
    parser.add_argument("recording", type=Path, metavar="REC")
    parser.add_argument("--out", type=Path, required=True, metavar="PNG", help="file to write")
    parser.add_argument("--at", type=float, metavar="S", help="where the cursor stands, in seconds")
    bundle_argument(parser)


def screenshot(options: argparse.Namespace) -> int:
    """Open the real window off screen, analyse, and write a picture of it."""
    # Qt's off-screen platform grumbles on stderr about what it need not do
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
    from samba_gui.ui.app import screenshot as picture

    print(picture(options.recording, options.out, at_s=options.at, bundle_dir=options.bundle))
    return 0


def screenshot_subject(options: argparse.Namespace) -> str:
    """The recording."""
    return str(options.recording)
