"""``samba-gui gif`` and ``samba-gui screenshot``."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from samba_gui.cli.verb import bundle_argument, montage_argument


def gif_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and of what."""
    parser.add_argument("--out", type=Path, required=True, metavar="F", help="file to write")
    bundle_argument(parser)
    montage_argument(parser)
    parser.add_argument("--view", choices=("2d", "3d"), default="2d")


def gif(options: argparse.Namespace) -> int:
    """Film the SAIE weights over training epochs."""
    from samba_gui.io.bundles import read_bundle
    from samba_gui.io.montages import montage_by_id
    from samba_gui.scene.gif import make_saie_gif

    target = read_bundle(options.bundle).target
    montage = montage_by_id(options.montage) if options.montage else target
    make_saie_gif(options.out, options.bundle, montage, options.view)
    print(options.out)
    return 0


def gif_subject(options: argparse.Namespace) -> str:
    """The file."""
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
