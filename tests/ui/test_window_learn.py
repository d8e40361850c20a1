"""From opening to a head of one's own in the timeline, by keys and clicks, with every process at work."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from analysis_fixtures import write_eeg, write_quick_bundle
from edf_writer import Signal, write_edf_plus
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from samba_gui.core.places import default_bundle_dir
from samba_gui.core.recording import Annotation
from samba_gui.io.bundles import read_bundle
from samba_gui.session.analysis import Phase
from samba_gui.session.annotating import SetAnnotations
from samba_gui.session.notices import Level
from samba_gui.ui.dialogs.finetune import FinetuneDialog
from samba_gui.ui.dialogs.learn_head import LearnHeadDialog
from samba_gui.ui.pictures import provenance_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

CHANNELS = ("F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2")
STRETCH_S = 8


@pytest.fixture(scope="module")
def comes_and_goes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """80 s of noise; every other 8 s a rhythm of 10 Hz at the back. The file has no annotations."""
    rng = np.random.default_rng(0)
    times = np.arange(80 * 128) / 128
    rhythm = 20 * ((times // STRETCH_S) % 2) * np.sin(20 * np.pi * times)
    signals = [
        Signal(label, rng.normal(0, 8, times.size) + (label[0] in "PO") * rhythm, 400.0) for label in CHANNELS
    ]
    path = tmp_path_factory.mktemp("recordings") / "comes-and-goes.edf"
    write_edf_plus(path, signals, 128, [], "X X samba-gui_test")
    return path


def dialog_of(window) -> LearnHeadDialog:
    window.menus.refresh()
    window.menus.actions["analysis.learn_head"].trigger()
    return window.findChildren(LearnHeadDialog)[-1]


def test_open_montage_run_seek_annotate_train_head_export(
    qtbot, window, comes_and_goes, tmp_path, monkeypatch
):
    session, key = window.context.session, Qt.Key
    session.load_bundle(default_bundle_dir())
    window.open_files([str(comes_and_goes)])
    qtbot.settle(window)
    assert session.analysis.phase == Phase.DONE
    # another montage, and the analysis once more
    names = [found.montage.name for found in session.document.proposals]
    window.channels.montage_chosen.emit(1)
    qtbot.settle(window)
    assert session.analysis.store.start.recipe.montage_name == names[1] != names[0]
    window.activateWindow()
    qtbot.keyClick(window, key.Key_F5)
    qtbot.settle(window)
    # seek, and mark every window by its key: 6 is "eyes open", 7 "eyes closed"
    for start_s in range(0, 80, 4):
        window.timeline.cursor_moved.emit(float(start_s))
        qtbot.keyClick(window, (key.Key_6, key.Key_7)[start_s // STRETCH_S % 2])
    assert len(session.document.annotations) == 20

    dialog = dialog_of(window)
    assert dialog.words.startswith("eyes open: 10 windows in 5 blocks, 5 separate stretches")
    dialog.choose({"eyes open": "quiet", "eyes closed": "rhythm"})
    qtbot.mouseClick(dialog.train_button, Qt.MouseButton.LeftButton)
    assert not dialog.train_button.isEnabled()
    qtbot.waitUntil(lambda: not dialog.run.under_way, timeout=120_000)
    assert dialog.run.report.above_chance
    assert "Above chance in this recording" in dialog.run.result.toPlainText()
    assert "ONE recording" in dialog.run.result.toPlainText()
    # what came of it takes the place of what was asked, and the other way round
    assert not dialog.chooser.isVisible()
    qtbot.mouseClick(dialog.page_button, Qt.MouseButton.LeftButton)
    assert dialog.chooser.isVisible()
    assert not dialog.run.result.isVisible()
    qtbot.mouseClick(dialog.page_button, Qt.MouseButton.LeftButton)
    # saved and used at once
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    assert dialog.run.use_button.text() == "Save and &use…"
    qtbot.mouseClick(dialog.run.use_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.run.saved is not None)
    dialog.close()
    qtbot.waitUntil(lambda: session.bundle.directory == tmp_path / "mine")
    qtbot.settle(window)

    # the new head in the timeline
    track = window.timeline.state.heads[-1]
    assert (track.title, track.classes) == ("quiet / rhythm", ("quiet", "rhythm"))
    assert track.calibration() == "calibrated within one recording"
    # what it says here is no test of it, and that is said wherever it is seen
    assert track.trained_here
    assert [other.trained_here for other in window.timeline.state.heads[:-1]] == [False] * 2
    band = window.timeline._bands.heads[-1]
    assert "no test of it" in window.timeline._titles.tip_at(band.top + 1)
    assert "trained on this recording" in window.contract.plain_text()
    facts = provenance_of(session, window.wiring.head_view)
    assert facts["trained_on_this_recording"] == "head quiet_rhythm"
    said = track.probabilities.argmax(axis=1)
    assert (said == np.arange(20) * 4 // STRETCH_S % 2).mean() >= 0.9

    # and in a table
    verbs = window.menus._groups["export"]
    export = verbs.dialog("probabilities_table")
    export.path.setText(str(tmp_path / "p.csv"))
    verbs.start("probabilities_table", export)
    export.deleteLater()
    qtbot.settle(window)
    with (tmp_path / "p.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert any("rhythm" in str(row) for row in rows) or "rhythm" in ",".join(rows[0])
    assert not [notice for notice in window.banner.notices() if notice.level == Level.ERROR]


def test_cancelled_killed_unwritable_or_too_little(
    qtbot, window, comes_and_goes, tmp_path, monkeypatch, expected_logs
):
    expected_logs.expect("The training crashed|could not be written")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    session = window.context.session
    window.open_files([str(comes_and_goes)])
    qtbot.settle(window)
    dialog = dialog_of(window)
    assert "no annotations" in dialog.words
    assert not dialog.train_button.isEnabled()
    dialog.close()

    hostile = "=1+1\n" + "long 🧠 " * 400
    notes = [Annotation(8.0 * k, 8.0, ("up", "down", hostile)[k % 3]) for k in range(10)]
    notes += [Annotation(900.0, 8.0, "up"), Annotation(5.0, 0.0, "once")]
    session.do(SetAnnotations("test", tuple(notes)))
    qtbot.settle(window)
    dialog = dialog_of(window)
    dialog.choose({"up": "up", "once": "once"})
    assert "Not enough of once" in dialog.words
    assert not dialog.train_button.isEnabled()
    dialog.choose({"up": "same", "down": "same"})
    assert "two or more different" in dialog.words
    dialog.choose({"up": "up", hostile: hostile})
    assert "\n=" not in dialog.words
    assert max(map(len, dialog.words.split("\n"))) < 140
    assert dialog.train_button.isEnabled()

    dialog.train()
    qtbot.waitUntil(lambda: dialog.run.pid is not None)
    dialog.reject()  # Escape
    qtbot.waitUntil(lambda: not dialog.run.under_way)
    assert dialog.run.report is None
    assert list((tmp_path / "scratch").iterdir()) == []
    if sys.platform != "win32":
        dialog.train()
        qtbot.waitUntil(lambda: dialog.run.pid is not None)
        os.kill(dialog.run.pid, signal.SIGKILL)
        qtbot.waitUntil(lambda: not dialog.run.under_way)
        qtbot.waitUntil(lambda: any("crashed" in n.message for n in window.banner.notices()))
        assert list((tmp_path / "scratch").iterdir()) == []

    # up and down mean nothing here: said so, kept only when insisted on, marked in the timeline
    dialog.choose({"up": "up", "down": "down"})
    dialog.train()
    qtbot.waitUntil(lambda: not dialog.run.under_way, timeout=120_000)
    assert not dialog.run.report.above_chance
    assert dialog.run.save_button.text() == "&Save all the same…"
    (tmp_path / "file").touch()
    dialog.run.save_to(tmp_path / "file" / "x")
    qtbot.waitUntil(lambda: any("could not be written" in n.message for n in window.banner.notices()))
    assert dialog.run.saved is None
    dialog.run.save_to(tmp_path / "weak")
    qtbot.waitUntil(lambda: dialog.run.saved is not None)
    dialog.run.use()
    dialog.close()
    assert list((tmp_path / "scratch").iterdir()) == []
    assert not read_bundle(tmp_path / "weak").heads[-1].calibrated
    qtbot.waitUntil(lambda: session.bundle.directory == tmp_path / "weak")
    qtbot.settle(window)
    assert window.timeline.state.heads[-1].calibration() == "not above chance"


def test_the_window_may_close_while_it_trains(qtbot, window, tmp_path):
    window.open_files([str(write_eeg(tmp_path / "x.edf", 80))])
    qtbot.settle(window)
    notes = tuple(Annotation(8.0 * k, 8.0, ("up", "down")[k % 2]) for k in range(10))
    window.context.session.do(SetAnnotations("test", notes))
    dialog = dialog_of(window)
    dialog.train()
    qtbot.waitUntil(lambda: dialog.run.pid is not None)
    window.close()  # the rest is checked by the leak fixture


def test_fine_tuning_adds_epochs_to_the_player(qtbot, window, comes_and_goes, tmp_path):
    session = window.context.session
    window.open_files([str(comes_and_goes)])
    qtbot.settle(window)
    before = session.bundle.history.epochs
    session.mark_bad("F4", True)
    qtbot.settle(window)
    window.menus.actions["analysis.finetune"].trigger()
    dialog = window.findChildren(FinetuneDialog)[-1]
    dialog.add([str(comes_and_goes)])  # known already
    assert dialog._list.count() == 1
    dialog.epochs.setValue(2)
    dialog.steps.setValue(1)
    script = dialog.script()
    script.write_files()
    assert "--recipe" in script.arguments  # a channel is left out
    qtbot.mouseClick(dialog.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.run.under_way, timeout=120_000)
    command = [sys.executable, "-m", "samba_gui", *script.arguments[1:], "--json"]
    said = subprocess.run(command, cwd=tmp_path, check=True, timeout=400, capture_output=True, text=True)
    figures = json.loads(said.stdout)
    assert figures.pop("bundle") == "my-bundle"
    assert str(figures) == str(json.loads(json.dumps(dialog.run.report.to_json())))  # a loss is not a number
    assert dialog.run.report.verdict() in dialog.run.result.toPlainText()
    dialog.run.save_to(tmp_path / "tuned")
    qtbot.waitUntil(lambda: dialog.run.saved is not None)
    dialog.run.use()
    dialog.close()
    qtbot.waitUntil(lambda: session.bundle.directory == tmp_path / "tuned")
    qtbot.settle(window)
    assert session.bundle.history.epochs == (*before, before[-1] + 1, before[-1] + 2)
    assert window.head._state.history.epochs == session.bundle.history.epochs


HOSTILE = "what | was = here"


def dialog_on_annotations(qtbot, window, path: Path, folder: Path) -> LearnHeadDialog:
    """Two classes of annotations made here, a bad channel, and a bundle that is quick to train with."""
    session = window.context.session
    session.load_bundle(write_quick_bundle(folder))
    window.open_files([str(path)])
    qtbot.settle(window)
    session.mark_bad("F4", True)
    notes = tuple(Annotation(8.0 * k, 3.0, ("up", HOSTILE)[k % 2]) for k in range(10))
    session.do(SetAnnotations("test", notes))
    qtbot.settle(window)
    dialog = dialog_of(window)
    dialog.choose({"up": "one", HOSTILE: "other"})
    return dialog


@pytest.mark.timeout(900)  # two trainings, each with all that they import: minutes on a crowded machine
def test_the_command_of_a_training_comes_to_the_windows_figures(qtbot, window, comes_and_goes, tmp_path):
    dialog = dialog_on_annotations(qtbot, window, comes_and_goes, tmp_path)
    dialog.tune.setCurrentIndex(dialog.tune.findData("last"))
    dialog.epochs.setValue(1)
    dialog.steps.setValue(1)
    titles, scripts = zip(*window.menus._groups["help"].scripts(), strict=True)
    assert titles == ("Analysis", "Train a head on annotations")
    script = dialog.script()
    assert scripts[1] == script
    assert "--bad=F4" in script.arguments
    qtbot.mouseClick(dialog.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.run.under_way, timeout=180_000)
    report = dialog.run.report
    assert report.tuned is not None
    assert report.tuned.verdict() in dialog.run.result.toPlainText()
    dialog.close()
    command = [sys.executable, "-m", "samba_gui", *script.arguments[1:], "--json", "--even-if-chance"]
    said = subprocess.run(command, cwd=tmp_path, check=True, timeout=400, capture_output=True, text=True)
    figures = json.loads(said.stdout)
    assert figures.pop("bundle") == "my-bundle"
    assert figures == json.loads(json.dumps(report.to_json()))
    assert read_bundle(tmp_path / "my-bundle").heads[-1].classes == ("one", "other")


@pytest.mark.timeout(900)
def test_the_lines_of_a_training_come_to_the_commands_figures(qtbot, window, comes_and_goes, tmp_path):
    dialog = dialog_on_annotations(qtbot, window, comes_and_goes, tmp_path)
    script = dialog.script()
    script.write_files()
    dialog.close()
    said = []
    programs = {"command": ["-m", "samba_gui", *script.arguments[1:]], "lines": ["-c", script.python]}
    for name, program in programs.items():
        (tmp_path / name).mkdir()
        found = subprocess.run(
            [sys.executable, *program], cwd=tmp_path / name, timeout=400, capture_output=True, text=True
        )
        said.append(found.stdout.splitlines())
    assert len(said[1]) > 10
    assert said[0][: len(said[1])] == said[1]  # the command also says where the bundle is


def test_fine_tuning_with_the_head_may_be_cancelled(qtbot, window, comes_and_goes, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    window.open_files([str(comes_and_goes)])
    qtbot.settle(window)
    notes = tuple(Annotation(8.0 * k, 8.0, ("up", "down")[k % 2]) for k in range(10))
    window.context.session.do(SetAnnotations("test", notes))
    dialog = dialog_of(window)
    dialog.tune.setCurrentIndex(dialog.tune.findData("all"))
    dialog.epochs.setValue(100)
    dialog.train()
    qtbot.waitUntil(lambda: "Fine-tuning" in dialog.run._words.text(), timeout=120_000)
    assert list((tmp_path / "scratch").glob("samba-gui-*/bundle/piece-*"))
    dialog.reject()  # Escape
    qtbot.waitUntil(lambda: not dialog.run.under_way)
    assert dialog.run.report is None
    assert dialog.run.pid is None
    assert list((tmp_path / "scratch").iterdir()) == []
    assert dialog.chooser.isVisible()
    dialog.close()
