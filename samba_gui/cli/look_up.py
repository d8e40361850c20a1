"""``samba-gui montages`` and ``samba-gui bundle``: facts in lines of text."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from samba_gui.cli import fetch

if TYPE_CHECKING:
    from samba_gui.core.bundle import BundleConfig, SaieHistory


def montages_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing, or ``check FILE``."""
    actions = parser.add_subparsers(dest="action", metavar="[check FILE]")
    check = actions.add_parser("check", help="say what is right and wrong with a montage file")
    check.add_argument("file", type=Path, metavar="FILE", help="or the id of one that ships")
    check.add_argument("--mended", type=Path, metavar="CSV", help="write a mended copy, if it can be mended")


def montages(options: argparse.Namespace) -> int:
    """List the montages that ship, or check a file."""
    from samba_gui.io import montages as source

    lines = source.montages_table() if options.action is None else source.check_montage(options.file)
    print("\n".join(lines))
    if options.action is not None and options.mended is not None:
        print(source.write_mended(options.file, options.mended))
    return 0


def montages_subject(options: argparse.Namespace) -> str:
    """The file, if one is checked."""
    return "samba-gui montages" if options.action is None else str(options.file)


def bundle_arguments(parser: argparse.ArgumentParser) -> None:
    """``info B`` or ``fetch OWNER/NAME``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="info B | fetch OWNER/NAME")
    fetch.arguments(actions.add_parser("fetch", help="fetch a model from Hugging Face"))
    info = actions.add_parser("info", help="say what a bundle declares")
    info.add_argument("bundle", type=Path, metavar="B")


def bundle(options: argparse.Namespace) -> int:
    """Verify a bundle and print what it declares, or fetch one."""
    if options.action == "fetch":
        return fetch.run(options)
    from samba_gui.io.bundles import read_bundle, read_saie_history

    for line in bundle_lines(read_bundle(options.bundle), read_saie_history(options.bundle)):
        print(line)
    return 0


def bundle_subject(options: argparse.Namespace) -> str:
    """The folder, or the model's name."""
    return options.name if options.action == "fetch" else str(options.bundle)


def bundle_lines(config: BundleConfig, history: SaieHistory) -> list[str]:
    """What a bundle declares, in words."""
    p = config.preprocessing
    rows = [
        ("name", f"{config.name} {config.version}"),
        ("key", config.key),
        ("family", config.family + (", any montage" if config.any_montage else "")),
        ("licence", config.licence),
        ("trained on", config.training_data),
        ("epochs", f"SAIE weights of {len(history.epochs)} ({', '.join(map(str, history.epochs))})"),
        ("target", f"{config.target.name}, {len(config.target)} positions"),
        ("input", f"{p.rate_hz:g} Hz, {p.highpass_hz:g} to {p.lowpass_hz:g} Hz, reference {p.reference}"),
        ("windows", f"{config.window_s:g} s"),
    ]
    if not config.any_montage:
        rows.append(("reconstructs", f"only {', '.join(config.output_labels)}"))
    for head in config.heads:
        state = "calibrated" if head.calibrated else "uncalibrated"
        rows.append(
            ("head", f"{head.title}: {', '.join(head.classes)} ({state}; trained on {head.trained_on})")
        )
        rows += [("", f"{name.replace('_', ' ')} {value}") for name, value in head.metrics.items()]
    return [f"{name:<13}{value}" for name, value in rows]
