"""``samba-gui bench window`` runs and says what it is meant to; how fast it is here is not asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

EXPECTED = {
    "first_paint_s",
    "torch_at_first_paint",
    "open_s",
    "long_open_s",
    "overview_s",
    "page_p50_ms",
    "page_p95_ms",
    "anywhere_p95_ms",
    "memory_mb",
    "annotations_s",
    "analysing_wait_p99_ms",
    "torch_in_window",
}


def bench(*arguments: str, temporary: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "samba_gui", "bench", "window", "--json", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
        check=False,
    )


def test_every_figure_has_its_aim(short_edf: Path, lively_bundle: Path, tmp_path: Path) -> None:
    few = ("--seconds", "130", "--pages", "2", "--starts", "1", "--annotations", "60")
    done = bench("--recording", str(short_edf), "--bundle", str(lively_bundle), *few, temporary=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    figures = {figure["name"]: figure for figure in found["figures"]}
    assert set(figures) >= EXPECTED
    assert figures["page_p95_ms"]["aim"] == 25.0
    assert figures["page_p95_ms"]["reached"] == (figures["page_p95_ms"]["value"] <= 25.0)
    assert figures["torch_at_first_paint"]["value"] == figures["torch_in_window"]["value"] == 0
    assert all(figure["value"] >= 0 for figure in found["figures"])
    assert "ahead_of_mne" in figures or "mne_qt_browser" in " ".join(found["skipped"])
    assert not list(tmp_path.glob("samba-gui-bench-*"))  # what was made is gone


def test_a_recording_that_does_not_fit_the_disk_is_refused_in_words(tmp_path: Path) -> None:
    done = bench("--seconds", str(10**12), temporary=tmp_path)
    assert done.returncode == 1
    assert "GB are free" in done.stderr
    assert not list(tmp_path.iterdir())
