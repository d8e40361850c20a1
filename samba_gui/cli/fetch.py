"""``samba-gui bundle fetch OWNER/NAME``: from Hugging Face, only on request."""

from __future__ import annotations

import argparse
from pathlib import Path

from samba_gui.cli.convert import conversion_arguments, print_conversion
from samba_gui.core.errors import BundleError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which model, where to, and what a public checkpoint does not say of itself."""
    parser.add_argument("name", metavar="OWNER/NAME")
    parser.add_argument("--out", type=Path, required=True, metavar="BUNDLE", help="folder to write")
    parser.add_argument("--folder", metavar="SUB", help="folder within the model, where it holds several")
    conversion_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Fetch a model into ``OUT.download``; a bundle is checked and copied, a public network converted."""
    from samba_gui.io.bundles import HISTORY_FILE, copy_bundle
    from samba_gui.io.hub import fetch_model

    download = fetch_model(options.name, options.out.with_name(f"{options.out.name}.download"))
    folder = download / options.folder if options.folder else download
    if not folder.resolve().is_relative_to(download.resolve()) or not folder.is_dir():
        raise BundleError(
            "{name} has no folder {folder}.", "Leave --folder away.", name=options.name, folder=options.folder
        )
    if (folder / HISTORY_FILE).is_file():
        config = copy_bundle(folder, options.out)
        print(f"{options.name} -> {options.out}\n  {config.name} {config.version}, a bundle")
    else:
        print_conversion(folder, options.out, options)
    return 0
