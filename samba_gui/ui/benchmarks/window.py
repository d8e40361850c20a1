"""``samba-gui bench window``: what a reader waits for, in a real window off screen, beside mne-qt-browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil
from PySide6.QtCore import Qt

from samba_gui.core.recording import Annotation
from samba_gui.core.words import Text
from samba_gui.session.analysis import Phase
from samba_gui.session.annotating import SetAnnotations
from samba_gui.ui.benchmarks import first_paint, mne_paging
from samba_gui.ui.benchmarks.driven_window import DrivenWindow
from samba_gui.ui.benchmarks.figures import Rows
from samba_gui.ui.benchmarks.heartbeat import Heartbeat
from samba_gui.ui.benchmarks.noise_edf import require_room, write_noise_edf

DAY_S = 86_400
NEXT_PAGE = "next page of 64 channels × 10 s, key to painted"
WARM_S = 3.0
PAUSE_S = 0.25
"""Between two pages, as a reader pauses; what a page leaves to be done is done by then."""


@dataclass(frozen=True)
class Plan:
    """What is measured.

    Parameters
    ----------
    seconds : int
        Length of the recording of 64 channels at 256 Hz that is made to measure with.
    pages : int
        Pages turned, and places gone to.
    starts : int
        Fresh processes of the program.
    annotations : int
    keep : bool
        Leave the recording that was made where it is, and say where.
    peer_python : str
        A Python that has mne-qt-browser.
    """

    seconds: int = 1200
    pages: int = 40
    starts: int = 5
    annotations: int = 10_000
    keep: bool = False
    peer_python: str = sys.executable


def bench_window(bundle_dir: Path, recording: Path, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure; every row is said as soon as it is known.

    Returns
    -------
    dict
        ``figures``: rows of ``name``, ``words``, ``value``, ``aim``, ``at_least`` and ``reached``;
        ``skipped``: sentences; ``cores``; ``load_average`` before and after; ``plan``.
    """
    folder = Path(tempfile.mkdtemp(prefix="samba-gui-bench-"))
    made = folder / "noise.edf"
    rows, load = Rows(say), [_load()]
    try:
        require_room(folder, plan.seconds)
        _first_paints(plan, rows)
        write_noise_edf(made, plan.seconds)
        say(f"made {plan.seconds} s of 64 channels at 256 Hz, {made.stat().st_size / 1e6:.0f} MB")
        with tempfile.TemporaryDirectory(prefix="samba-gui-bench-") as places:
            _in_a_window(DrivenWindow(Path(places), bundle_dir), recording, made, plan, rows)
        _beside_mne(made, plan, rows)
    finally:
        if plan.keep and made.exists():
            say(f"kept {made}")
        else:
            made.unlink(missing_ok=True)
            folder.rmdir()
    return {
        "figures": [asdict(figure) | {"reached": figure.reached} for figure in rows.figures],
        "skipped": rows.skipped,
        "cores": os.cpu_count(),
        "load_average": [*load, _load()],
        "plan": asdict(plan) | {"peer_python": Path(plan.peer_python).name},
    }


def _load() -> float | None:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _first_paints(plan: Plan, rows: Rows) -> None:
    """The command in fresh processes, with folders of their own."""
    seconds, torch = [], 0
    for _ in range(plan.starts):
        with tempfile.TemporaryDirectory(prefix="samba-gui-bench-") as home:
            places = {f"XDG_{name}_HOME": home for name in ("CONFIG", "CACHE", "DATA", "STATE")}
            begun = time.time()
            told = _run([sys.executable, "-m", first_paint.__name__], places)
        seconds.append(told["painted_at"] - begun)
        torch += told["torch"]
    rows.add(
        "first_paint_s", f"first paint after the command, median of {plan.starts}, s", median(seconds), 1.5
    )
    rows.add("torch_at_first_paint", "processes with torch at the first paint", torch, 0)


def _in_a_window(driven: DrivenWindow, recording: Path, made: Path, plan: Plan, rows: Rows) -> None:
    try:
        driven.rest(WARM_S)  # the helpers have come up, as when a person chooses a file
        rows.add(
            "open_s", f"{recording.name} on screen after opening, s", driven.open(recording).seconds, 1.0
        )
        driven.wait(lambda: not driven.window.under_way)
        _open_long(driven, made, rows)
        _turn_pages(driven, plan, rows)
        _annotate(driven, plan, rows)
        _analyse(driven, rows)
        rows.add("torch_in_window", "torch in the window's process", "torch" in sys.modules, 0)
    finally:
        driven.close()


def _open_long(driven: DrivenWindow, made: Path, rows: Rows) -> None:
    beat = Heartbeat()
    beat.start()
    rows.add("long_open_s", "long recording on screen after opening, s", driven.open(made).seconds, 3.0)
    overview = driven.session.overview
    seconds = driven.wait(lambda: overview.complete)
    rows.add("overview_s", "its overview complete after that, s", seconds)
    _plan_analysis(driven)
    rows.add_waits("opening", "while it opens", beat.stop())
    driven.wait(lambda: not driven.window.under_way)
    driven.open(made)
    seconds = driven.wait(lambda: overview.complete)
    _plan_analysis(driven)
    rows.add("overview_again_s", "its overview complete when opened again, s", seconds)
    driven.wait(lambda: not driven.window.under_way)


def _plan_analysis(driven: DrivenWindow) -> None:
    """Begin an analysis and end it: its windows are known then, and the pages get reconstructions."""
    analysis = driven.session.analysis
    driven.wait(lambda: analysis.phase in (Phase.OFFERED, Phase.RUNNING))
    if analysis.phase == Phase.OFFERED:
        driven.session.run_again()
        driven.wait(lambda: analysis.phase == Phase.RUNNING)
    analysis.cancel()


def _turn_pages(driven: DrivenWindow, plan: Plan, rows: Rows) -> None:
    turned, gone = [], []
    rng = np.random.default_rng(0)
    for _ in range(plan.pages):
        turned.append(driven.turn(Qt.Key.Key_PageDown))
        driven.rest(PAUSE_S)
    rows.add_times("page", NEXT_PAGE, [took.seconds for took in turned], 25.0)
    rows.add_cpu("page", NEXT_PAGE, [took.cpu_s for took in turned])
    for start_s in rng.uniform(0, driven.session.duration_s - 10, plan.pages).tolist():
        gone.append(driven.drag_to(start_s))
        driven.rest(PAUSE_S)
    rows.add_times("anywhere", "page anywhere, drag to painted", [took.seconds for took in gone], 100.0)
    rss = psutil.Process().memory_info().rss / 1e6
    rows.add("memory_mb", "memory of the window's process, MB", rss, 800.0)


def _annotate(driven: DrivenWindow, plan: Plan, rows: Rows) -> None:
    session = driven.session
    assert session.document is not None
    at_s = np.linspace(0, session.duration_s - 1, plan.annotations).tolist()
    notes = tuple(Annotation(onset_s, 0.5, f"T{i % 3}") for i, onset_s in enumerate(at_s))
    before = session.document.annotations

    def give() -> None:
        session.do(SetAnnotations(Text("Set annotations"), notes))

    seconds = driven.timed(give, lambda: driven.window.traces.state.annotations == notes).seconds
    rows.add("annotations_s", f"{plan.annotations} annotations on screen, s", seconds, 1.0)
    seconds = driven.turn(Qt.Key.Key_PageDown).seconds
    rows.add("annotated_page_ms", "a page turned among them, ms", 1000 * seconds)
    session.do(SetAnnotations(Text("Set annotations"), before))
    driven.rest(1.0)


def _analyse(driven: DrivenWindow, rows: Rows, at_most_s: float = 20.0) -> None:
    """A reader turns a page every second while the analysis runs."""
    analysis = driven.session.analysis
    driven.session.run_again()
    driven.wait(lambda: analysis.phase == Phase.RUNNING)
    beat, turned, begun = Heartbeat(), [], time.perf_counter()
    beat.start()
    while analysis.phase == Phase.RUNNING and time.perf_counter() - begun < at_most_s:
        at_start = driven.session.selection.page_start_s == 0
        turned.append(driven.turn(Qt.Key.Key_PageDown if at_start else Qt.Key.Key_PageUp).seconds)
        driven.rest(1.0)
    waits = beat.stop()
    driven.session.analysis.cancel()
    driven.wait(lambda: not driven.session.analysis.busy)
    rows.add_waits("analysing", "while an analysis runs", waits, 50.0)
    rows.add_times("page_analysing", "next page while an analysis runs", turned)


def _beside_mne(made: Path, plan: Plan, rows: Rows) -> None:
    try:
        told = _run([plan.peer_python, mne_paging.__file__, str(made), str(plan.pages), ""], {})
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        rows.skip(f"mne-qt-browser's pages: {last}; give a Python that has it by --peer-python.")
        return
    words = f"mne-qt-browser {told['version']}, no filter"
    rows.add("mne_open_s", f"{words}: file on screen, s", told["open_s"])
    rows.add_times("mne_page", f"{words}: next page", told["pages_s"])
    rows.add_cpu("mne_page", f"{words}: next page", told["pages_cpu_s"])
    ratio, cpu_ratio = (
        rows.value(f"mne_page_{name}") / rows.value(f"page_{name}") for name in ("p50_ms", "cpu_p50_ms")
    )
    rows.add("ahead_of_mne", "times faster than mne-qt-browser, medians", ratio, 2.0, at_least=True)
    rows.add("ahead_of_mne_cpu", "times less processor time than mne-qt-browser", cpu_ratio)


def _run(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **environment}
    )
    return json.loads(done.stdout.strip().splitlines()[-1])
