"""``samba-gui bench analysis``: a whole recording, from file to results."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.jobs import AnalyseJob, Done, JobEvent
from samba_gui.core.recipe import make_recipe
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.results import AnalysisSummary
from samba_gui.engine.analysis import analyse
from samba_gui.io.montages import best_match

ROUNDS = 3


def bench_analysis(
    config: BundleConfig, bundle_dir: str, info: RecordingInfo, device: str, say: Callable[[str], None]
) -> dict[str, Any]:
    """Analyse a recording with one pair of complementary masks (two passes) and the bundle's heads.

    Returns
    -------
    dict
        ``realtime_factor`` per round and its median, peak memory, windows a second.
    """
    recipe = make_recipe(info, best_match(info), config.key, pairs=1)
    summaries: list[AnalysisSummary] = []
    for number in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            found: list[AnalysisSummary] = []

            def keep(event: JobEvent, found: list[AnalysisSummary] = found) -> None:
                if isinstance(event, Done) and event.summary is not None:
                    found.append(event.summary)

            job = AnalyseJob(info, recipe, bundle_dir, str(Path(folder) / "bench.samba.h5"), device)
            analyse(job, keep, lambda: False)
        summaries += found
        say(f"round {number + 1}: {found[0].realtime_factor:.0f} times real time")
    return {
        "recording_s": info.duration_s,
        "electrodes": len(recipe.labels),
        "passes": 2,
        "heads": len(config.heads),
        "realtime_factor": [summary.realtime_factor for summary in summaries],
        "median_realtime_factor": median(summary.realtime_factor for summary in summaries),
        "windows_per_s": median(summary.windows / summary.seconds for summary in summaries),
        "peak_memory_mb": max(summary.peak_memory_mb for summary in summaries),
    }
