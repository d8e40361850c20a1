"""``samba-gui bench NAME``: measurements a user can repeat; one row per benchmark."""

from __future__ import annotations

import argparse
import json
import os
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


def window(options: argparse.Namespace, say: Say) -> dict[str, Any]:
    """What a reader waits for in the window, beside mne-qt-browser."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from samba_gui.ui.benchmarks.window import DAY_S, Plan, bench_window

    plan = Plan(
        seconds=DAY_S if options.day else options.seconds,
        pages=options.pages,
        starts=options.starts,
        annotations=options.annotations,
        keep=options.keep,
        peer_python=options.peer_python,
    )
    return bench_window(options.bundle, options.recording, plan, say)


BENCHMARKS: dict[str, Callable[[argparse.Namespace, Say], dict[str, Any]]] = {
    "model": model,
    "analysis": analysis,
    "head": head,
    "window": window,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which benchmark, on what."""
    parser.add_argument("name", choices=BENCHMARKS)
    bundle_argument(parser)
    parser.add_argument("--recording", type=Path, default=example_recording_path(), metavar="REC")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    of_window = parser.add_argument_group("window")
    of_window.add_argument("--day", action="store_true", help="page through 24 h of 64 channels (2.8 GB)")
    of_window.add_argument("--seconds", type=int, default=1200, help="… or through this much")
    of_window.add_argument("--pages", type=int, default=40, help="how many pages are turned")
    of_window.add_argument("--starts", type=int, default=5, help="how often the program is started")
    of_window.add_argument("--annotations", type=int, default=10_000, help="how many are put on screen")
    of_window.add_argument("--keep", action="store_true", help="leave the recording that was made")
    of_window.add_argument(
        "--peer-python", default=sys.executable, metavar="PY", help="a Python that has mne-qt-browser"
    )
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
