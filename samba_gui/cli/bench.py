"""``samba-gui bench NAME``: measurements a user can repeat; one row per benchmark."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from samba_gui.cli.verb import bundle_argument
from samba_gui.core.places import example_recording_path

Say = Callable[[str], None]


def model(options: argparse.Namespace, say: Say) -> dict[str, Any]:
    """The network against its op-by-op form, and how it grows with length."""
    from samba_gui.engine.benchmarks.model import bench_model
    from samba_gui.io.bundles import read_bundle

    return bench_model(read_bundle(options.bundle), str(options.bundle), say)


def analysis(options: argparse.Namespace, say: Say) -> dict[str, Any]:
    """A whole recording, from file to results."""
    from samba_gui.engine.benchmarks.analysis import bench_analysis
    from samba_gui.io.bundles import read_bundle
    from samba_gui.io.probe import probe

    config = read_bundle(options.bundle)
    return bench_analysis(config, str(options.bundle), probe(options.recording), options.device, say)


def head(options: argparse.Namespace, say: Say) -> dict[str, Any]:
    """Heads in 3-D and from above, against MNE with matplotlib."""
    from samba_gui.io.bundles import read_bundle, read_saie_history
    from samba_gui.scene.bench_head import bench_head

    return bench_head(read_bundle(options.bundle), read_saie_history(options.bundle), say)


BENCHMARKS: dict[str, Callable[[argparse.Namespace, Say], dict[str, Any]]] = {
    "model": model,
    "analysis": analysis,
    "head": head,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which benchmark, on what."""
    parser.add_argument("name", choices=BENCHMARKS)
    bundle_argument(parser)
    parser.add_argument("--recording", type=Path, default=example_recording_path(), metavar="REC")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Measure; progress goes to stderr with ``--json``."""

    def say(line: str) -> None:
        print(line, file=sys.stderr if options.json else sys.stdout, flush=True)

    figures = BENCHMARKS[options.name](options, say)
    if options.json:
        print(json.dumps(figures))
    return 0


def subject(options: argparse.Namespace) -> str:
    """The benchmark."""
    return f"samba-gui bench {options.name}"
