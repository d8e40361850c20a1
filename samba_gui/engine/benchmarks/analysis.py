"""``samba-gui bench analysis``: a whole recording, from file to results."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.jobs import AnalyseJob, Done, Started
from samba_gui.core.recipe import make_recipe
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.results import AnalysisSummary
from samba_gui.engine.analysis import analysis_steps
from samba_gui.engine.workbench import Workbench
from samba_gui.io.montages import best_match

ROUNDS = 5


@dataclass(frozen=True)
class Round:
    """One analysis: all of it, and its windows alone (without opening, scaling and loading)."""

    summary: AnalysisSummary
    windows_s: float


def bench_analysis(
    config: BundleConfig, bundle_dir: str, info: RecordingInfo, device: str, say: Callable[[str], None]
) -> dict[str, Any]:
    """Analyse a recording with one pair of complementary masks (two passes) and the bundle's heads.

    The first round loads the network; those after it find it loaded, as in the program's worker, and open,
    scale and analyse the recording anew.

    Returns
    -------
    dict
        Times real time: of the first round, of the others (median) and of their windows alone (median); peak
        memory, windows a second.
    """
    recipe = make_recipe(info, best_match(info), config.key, pairs=1)
    rounds = []
    with tempfile.TemporaryDirectory() as folder, closing(Workbench(beside_window=False)) as bench:
        for number in range(1 + ROUNDS):
            path = Path(folder) / f"{number}.samba.h5"
            rounds.append(_round(AnalyseJob(info, recipe, bundle_dir, str(path), device), bench))
            bench.close()
            say(f"round {number}: {rounds[-1].summary.realtime_factor:.0f} times real time")
    first, others = rounds[0].summary, rounds[1:]
    analysed_s = first.seconds * first.realtime_factor
    found = {
        "recording_s": info.duration_s,
        "electrodes": len(recipe.labels),
        "passes": 2,
        "heads": len(config.heads),
        "first_realtime_factor": first.realtime_factor,
        "median_realtime_factor": median(one.summary.realtime_factor for one in others),
        "median_windows_realtime_factor": median(analysed_s / one.windows_s for one in others),
        "windows_per_s": median(one.summary.windows / one.summary.seconds for one in others),
        "peak_memory_mb": max(one.summary.peak_memory_mb for one in rounds),
    }
    say(
        "median {median_realtime_factor:.0f}, windows alone {median_windows_realtime_factor:.0f}".format(
            **found
        )
    )
    return found


def _round(job: AnalyseJob, bench: Workbench) -> Round:
    begun = 0.0
    for event in analysis_steps(job, bench):
        if isinstance(event, Started):
            begun = time.perf_counter()
        if isinstance(event, Done) and event.summary is not None:
            return Round(event.summary, time.perf_counter() - begun)
    raise AssertionError("an analysis ends with its summary")
