"""``samba-gui run``: recordings to results, without a window."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samba_gui.cli.errors import in_words, report
from samba_gui.cli.verb import bundle_argument, montage_argument, recipe_from
from samba_gui.core.errors import (
    BundleError,
    MontageError,
    RecipeError,
    RecordingError,
    ResultsError,
    WorkerError,
)

if TYPE_CHECKING:
    from samba_gui.core.jobs import JobEvent
    from samba_gui.core.recipe import Recipe
    from samba_gui.core.results import AnalysisSummary
    from samba_gui.engine.headless import Order


_TITLES = {"nrmse": "NRMSE", "skill": "skill", "correlation": "correlation"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Recordings, where to, and what is wanted of them."""
    parser.add_argument("recordings", nargs="+", type=Path, metavar="REC")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for <stem>.samba.h5")
    bundle_argument(parser)
    montage_argument(parser)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--seed", type=_seed, metavar="N", help="of the masks")
    parser.add_argument("--pairs", type=int, choices=range(1, 17), metavar="N", help="of masks, 1 to 16")
    parser.add_argument(
        "--bad", action="append", default=[], metavar="LABEL", help="channel to leave out; can be repeated"
    )
    parser.add_argument(
        "--recipe",
        type=Path,
        metavar="JSON",
        help="a recipe in place of montage, seed, pairs and bad channels",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per recording on stdout")


def subject(options: argparse.Namespace) -> str:
    """The command: errors of single recordings are reported as they come."""
    return "samba-gui run"


def run(options: argparse.Namespace) -> int:
    """Analyse one recording after the other; one that fails does not stop the others."""
    order = _order(options)
    if order is None:
        return 1
    taken: set[Path] = set()
    failed: list[Path] = []
    for recording in options.recordings:
        try:
            summary = _analyse(recording, options.out, order, taken)
        except KeyboardInterrupt as error:
            return report(str(recording), error)
        except Exception as error:
            failed.append(recording)
            report(str(recording), error)
            if options.json:
                message, hint = in_words(error)
                _print_json({"recording": str(recording), "error": message, "hint": hint})
            continue
        for warning in summary.facts["warnings"]:
            print(f"{recording}: note: {warning}", file=sys.stderr)
        if options.json:
            _print_json({"recording": str(recording), **as_json(summary)})
        else:
            print("\n".join([f"{recording} -> {summary.results_path}", *in_lines(summary)]), flush=True)
    if failed and len(options.recordings) > 1:
        names = ", ".join(map(str, failed))
        print(f"{len(failed)} of {len(options.recordings)} recordings failed: {names}", file=sys.stderr)
    return 1 if failed else 0


def _order(options: argparse.Namespace) -> Order | None:
    """What holds for all recordings; None if it cannot be had, which has then been said."""
    from samba_gui.core.recipe import DEFAULT_PAIRS, DEFAULT_SEED
    from samba_gui.engine.device import choose_device
    from samba_gui.engine.headless import Order
    from samba_gui.io.bundles import read_bundle
    from samba_gui.io.montages import montage_by_id

    try:
        key = read_bundle(options.bundle).key
        montage = montage_by_id(options.montage) if options.montage else None
        recipe = _recipe(options)
        choose_device(options.device, beside_window=False)
        options.out.mkdir(parents=True, exist_ok=True)
    except BundleError as error:
        report(str(options.bundle), error)
    except MontageError as error:
        report(str(options.montage), error)
    except RecipeError as error:
        report(str(options.recipe), error)
    except WorkerError as error:
        report(f"--device {options.device}", error)
    except OSError as error:
        problem = ResultsError(
            "cannot be made a folder: {why}.", "Choose another folder.", why=error.strerror
        )
        report(str(options.out), problem)
    else:
        seed = DEFAULT_SEED if options.seed is None else options.seed
        pairs = DEFAULT_PAIRS if options.pairs is None else options.pairs
        bads = frozenset(options.bad)
        return Order(options.bundle, key, montage, options.device, seed, pairs, bads, recipe)
    return None


@contextmanager
def _interrupted_between_steps() -> Iterator[Callable[[], None]]:
    """Keep an interrupt until ``check`` is called; a second one works at once.

    Python drops an exception that is raised while it tidies up objects, and the interrupt would be lost.
    """
    asked = False

    def ask(*_: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)

    def check() -> None:
        if asked:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


def _recipe(options: argparse.Namespace) -> Recipe | None:
    if options.recipe is None:
        return None
    if options.montage or options.bad or options.seed is not None or options.pairs is not None:
        raise RecipeError(
            "says the montage, the seed, the pairs and the channels itself.",
            "Leave out --montage, --seed, --pairs and --bad, or --recipe.",
        )
    return recipe_from(options.recipe)


def _analyse(recording: Path, out_dir: Path, order: Order, taken: set[Path]) -> AnalysisSummary:
    from samba_gui.engine.headless import analyse_recording, results_path

    results = results_path(recording, out_dir)
    if results in taken:
        raise RecordingError(
            "another recording of this batch is called {name} too.",
            "Analyse it with another --out.",
            name=recording.stem,
        )
    taken.add(results)
    meter = Meter(recording.name)
    try:
        with _interrupted_between_steps() as check:

            def show(event: JobEvent) -> None:
                check()
                meter.show(event)

            return analyse_recording(recording, results, order, show)
    finally:
        meter.clear()


class Meter:
    """A line on the terminal that says how far the analysis is; silent where stderr is no terminal."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown = sys.stderr.isatty()
        if self._shown:
            print(f"{name}: reading …", end="", file=sys.stderr, flush=True)

    def show(self, event: JobEvent) -> None:
        """Handle an event of the analysis."""
        from samba_gui.core.jobs import Progress

        if self._shown and isinstance(event, Progress):
            line = (
                f"{self._name}: {event.done} of {event.total} windows, "
                f"{event.realtime_factor:.0f} × real time, {event.left_s:.0f} s left"
            )
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Leave an empty line behind."""
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def as_json(summary: AnalysisSummary) -> dict[str, Any]:
    """What ``--json`` prints of one recording besides its name."""
    return {
        "results": summary.results_path,
        **summary.facts,
        "windows": summary.windows,
        "seconds": round(summary.seconds, 3),
        "realtime_factor": round(summary.realtime_factor, 2),
        "peak_memory_mb": round(summary.peak_memory_mb, 1),
    }


def in_lines(summary: AnalysisSummary) -> list[str]:
    """The same for people."""
    facts = summary.facts
    quality = ", ".join(
        f"{_TITLES[name]} {'none' if value is None else format(value, '.2f')}"
        for name, value in facts["median_quality"].items()
    )
    lines = [
        f"{facts['duration_s']:.1f} s; {facts['coverage_in_words']}",
        f"{summary.windows} windows, medians: {quality}",
    ]
    for head, shares in facts["class_fractions"].items():
        lines.append(f"{head}: " + ", ".join(f"{name} {share:.0%}" for name, share in shares.items()))
    lines.append(
        f"{summary.seconds:.1f} s on {facts['device']}, {summary.realtime_factor:.1f} × real time, "
        f"{summary.peak_memory_mb:.0f} MB"
    )
    return [f"  {line}" for line in lines]


def _print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False), flush=True)


def _seed(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("the seed must be 0 or more")
    return value
