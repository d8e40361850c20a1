"""The open document with real files, the real prober and the real worker."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from samba_gui.io.results import read_results
from samba_gui.session.analysis import AnalysisOptions, Phase
from samba_gui.session.cache import prune
from samba_gui.session.notices import Level


def opened(session, loop, path, bundle):
    """Open and analyse to the end."""
    session.load_bundle(bundle)
    session.open(str(path))
    loop.until(lambda: not session.busy and session.document is not None)


def test_open_analyse_seek_bad_undo(session, loop, example_recording, untrained_bundle):
    opened(session, loop, example_recording, untrained_bundle)
    assert not [n for n in loop.notices if n.level == Level.ERROR]
    assert session.document.info.simulated
    store = session.analysis.store
    assert session.analysis.phase == Phase.DONE
    assert store.complete
    # memory holds what the file holds
    stored = read_results(session.analysis.job.results_path)
    np.testing.assert_array_equal(store.sums.error, stored.batch.sums.error)
    for head, values in stored.batch.probabilities.items():
        np.testing.assert_array_equal(store.probabilities[head], values)
    assert np.isfinite(store.sums.over(0, 1, 2, 3).nrmse())

    # the page follows the cursor, and reconstructions come for its windows
    session.seek(25.0)
    assert session.selection.page_start_s == 20.0
    session.request_reconstructions()
    loop.until(lambda: not session.busy)
    assert session.pages.page.start_s == 20.0
    windows = session.visible_windows()
    shown = session.reconstructions.get(session.analysis.job.recipe.key, windows)
    assert [r.window for r in shown] == list(windows)

    # a bad channel leaves the model's input, and comes back with undo
    first_path = session.analysis.job.results_path
    label = session.analysis.job.recipe.labels[0]
    session.mark_bad(label, True)
    assert session.analysis.busy
    loop.until(lambda: not session.busy)
    assert label not in session.analysis.job.recipe.labels
    assert session.analysis.store.sums.n.shape[2] == store.sums.n.shape[2] - 1
    session.history.undo()
    loop.until(lambda: not session.busy)
    assert session.analysis.job.results_path == first_path  # read, not computed again
    np.testing.assert_array_equal(session.analysis.store.sums.error, store.sums.error)
    session.history.redo()
    assert label in session.document.bads
    loop.until(lambda: not session.busy)


def test_broken_file_leaves_the_open_one(session, loop, example_recording, untrained_bundle, tmp_path):
    opened(session, loop, example_recording, untrained_bundle)
    broken = tmp_path / "broken.edf"
    broken.write_bytes(b"0       " + bytes(100))
    before = session.document
    session.open(str(broken))
    loop.until(lambda: not session.busy)
    assert [n.level for n in loop.notices] == [Level.ERROR]
    assert "broken.edf" in loop.notices[0].message
    assert loop.notices[0].hint
    assert session.document is before
    assert session.opening == ""


def test_only_the_last_opened_counts(session, loop, example_recording, tmp_path):
    copy = tmp_path / "copy.edf"
    copy.write_bytes(Path(example_recording).read_bytes())
    session.open(str(example_recording))
    session.open(str(copy))
    loop.until(lambda: not session.busy)
    assert session.document.info.path == str(copy)


def test_stale_answers_are_dropped(session, loop, example_recording, untrained_bundle):
    opened(session, loop, example_recording, untrained_bundle)
    session.set_options(AnalysisOptions(seed=1, pairs=2))
    session.set_options(AnalysisOptions(seed=2, pairs=1))
    loop.until(lambda: not session.busy)
    assert session.analysis.store.start.recipe.seed == 2
    assert session.analysis.store.complete


def test_cancel_then_go_on(session, loop, example_recording, untrained_bundle):
    session.set_options(AnalysisOptions(pairs=8))
    session.load_bundle(untrained_bundle)
    session.open(str(example_recording))
    loop.until(lambda: session.analysis.progress is not None)
    session.analysis.cancel()
    loop.until(lambda: not session.analysis.busy)
    assert session.analysis.phase == Phase.CANCELLED
    done = int(session.analysis.store.filled.sum())
    assert done
    session.run_again()
    loop.until(lambda: session.analysis.store is not None and session.analysis.phase == Phase.RUNNING)
    assert session.analysis.store.start.resumed >= done
    loop.until(lambda: not session.busy)
    assert session.analysis.store.complete


def test_display_filters_do_not_touch_the_analysis(session, loop, example_recording, untrained_bundle):
    opened(session, loop, example_recording, untrained_bundle)
    job, page = session.analysis.job, session.pages.page
    session.show_as(replace(session.display, low_cut_hz=5.0))
    loop.until(lambda: not session.busy)
    assert session.analysis.job is job
    assert session.pages.page is not page


def test_missing_bundle_is_a_message(session, loop, example_recording, tmp_path):
    opened(session, loop, example_recording, tmp_path / "nowhere")
    assert any(n.level == Level.ERROR and n.hint for n in loop.notices)
    assert session.document is not None  # the traces are there all the same
    assert session.pages.page is not None
    assert session.analysis.phase == Phase.IDLE


def test_the_cache_keeps_the_newest(tmp_path):
    for i in range(4):
        path = tmp_path / f"{i}.samba.h5"
        path.write_bytes(bytes(100))
        os.utime(path, (i, i))
    (tmp_path / "other.txt").write_bytes(bytes(1000))
    prune(tmp_path, 250)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["2.samba.h5", "3.samba.h5", "other.txt"]


def test_a_long_recording_is_analysed_when_asked_for(
    session, loop, example_recording, untrained_bundle, monkeypatch
):
    monkeypatch.setattr("samba_gui.session.planning.LONG_S", 20.0)
    opened(session, loop, example_recording, untrained_bundle)
    assert session.analysis.phase == Phase.OFFERED
    assert session.analysis.store is None
    whole = session.analysis.job
    assert not Path(whole.results_path).exists()
    session.run_again()
    loop.until(lambda: not session.busy)
    assert session.analysis.phase == Phase.DONE
    assert session.analysis.pace > 0
    session.mark_bad(whole.recipe.labels[0], True)
    loop.until(lambda: not session.busy)
    assert session.analysis.phase == Phase.OFFERED  # what was asked for was another one
    session.history.undo()
    loop.until(lambda: not session.busy)
    assert session.analysis.phase == Phase.DONE
    assert session.analysis.job == whole


def test_a_long_analysis_goes_on_when_asked_again(
    session, loop, example_recording, untrained_bundle, monkeypatch
):
    monkeypatch.setattr("samba_gui.session.planning.LONG_S", 20.0)
    session.set_options(AnalysisOptions(pairs=8))
    opened(session, loop, example_recording, untrained_bundle)
    session.run_again()
    loop.until(lambda: session.analysis.progress is not None)
    session.analysis.cancel()
    loop.until(lambda: not session.busy)
    done = int(session.analysis.store.filled.sum())
    session.open(str(example_recording))
    loop.until(lambda: not session.busy and session.analysis.phase == Phase.OFFERED)
    session.run_again()
    loop.until(lambda: not session.busy)
    assert session.analysis.store.start.resumed >= done > 0
    assert session.analysis.store.complete
