"""``samba-gui convert``: the authors' checkpoints become bundles."""

from __future__ import annotations

import argparse
from pathlib import Path

FRAMES = ("native", "head")
AUTHORS_TARGET = "authors_1020_94"


def conversion_arguments(parser: argparse.ArgumentParser) -> None:
    """What a checkpoint does not say of itself."""
    parser.add_argument(
        "--target-montage", default=AUTHORS_TARGET, metavar="M", help="electrodes it maps to (%(default)s)"
    )
    parser.add_argument(
        "--frame",
        choices=FRAMES,
        default="native",
        help="frame of its positions: MNE's template frame, as the authors' (default), or head frame",
    )
    parser.add_argument("--output-montage", metavar="M", help="channels it reconstructs, in its order")
    parser.add_argument(
        "--window", type=seconds, default=10.0, metavar="S", help="analysis window (%(default)s s)"
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """A checkpoint, its montages, and where to."""
    parser.add_argument(
        "checkpoint", type=Path, metavar="CKPT", help=".ckpt .pt .pth .safetensors or a folder"
    )
    conversion_arguments(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="BUNDLE", help="folder to write")


def run(options: argparse.Namespace) -> int:
    """Convert and say what was found."""
    print_conversion(options.checkpoint, options.out, options)
    return 0


def subject(options: argparse.Namespace) -> str:
    """The checkpoint."""
    return str(options.checkpoint)


def print_conversion(checkpoint: Path, out: Path, options: argparse.Namespace) -> None:
    """Convert with the options of :func:`conversion_arguments`."""
    from samba_gui.engine.convert import convert
    from samba_gui.io.montages import montage_by_id

    target = montage_by_id(options.target_montage)
    outputs = montage_by_id(options.output_montage) if options.output_montage else None
    found = convert(checkpoint, out, target, options.frame, outputs, options.window)
    print(f"{checkpoint} -> {out}")
    target_name, n = found.config.target.name, found.tensors
    print(f"  {n} of {n} tensors, target {target_name} ({options.frame} frame)")
    for note in found.notes:
        print(f"  note: {note}")


def seconds(text: str) -> float:
    """A length of one second or more."""
    value = float(text)
    if not 1 <= value <= 3600:
        raise argparse.ArgumentTypeError("give 1 to 3600 seconds")
    return value
