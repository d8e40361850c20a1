"""Copy as command: what is copied is run, and gives the window's numbers bit for bit."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from samba_gui.core.quality import QualitySums
from samba_gui.io.results import read_results
from samba_gui.session.script import script_of
from samba_gui.ui.dialogs.script import ScriptDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def same_numbers(store, path):
    stored = read_results(path)
    assert stored.start.recipe == store.start.recipe
    for name in QualitySums.FIELDS:
        np.testing.assert_array_equal(getattr(stored.batch.sums, name), getattr(store.sums, name))
    for head, values in store.probabilities.items():
        np.testing.assert_array_equal(stored.batch.probabilities[head], values)


def test_copied_texts_give_the_windows_numbers(qtbot, window, short_edf, tmp_path):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session = window.context.session
    other = next(
        m for m in session.document.proposals[1:] if m.montage.labels == session.document.match.montage.labels
    )
    session.mark_bad("EEG T7", True)
    session.choose_montage(other)
    qtbot.settle(window)
    script = window.menus._groups["help"].script()
    assert not script.files
    assert other.montage.name in script.command
    assert "--bad=EEG T7" in script.arguments
    dialog = ScriptDialog([("Analysis", script)])
    qtbot.addWidget(dialog)
    dialog.copy_buttons[0].click()
    assert QGuiApplication.clipboard().text() == script.command

    command = [sys.executable, "-m", "samba_gui", *script.arguments[1:]]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=200, capture_output=True)
    results = tmp_path / "samba-results" / "short.samba.h5"
    same_numbers(session.analysis.store, results)
    results.unlink()
    subprocess.run([sys.executable, "-c", script.python], cwd=tmp_path, check=True, timeout=200)
    same_numbers(session.analysis.store, results)


def test_positions_without_a_name_go_by_recipe(qtbot, window, short_edf, tmp_path):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session = window.context.session
    match = session.document.match
    moved = match.montage.take(list(range(len(match.montage))), name="my own cap")
    moved = replace(moved, positions_m=moved.positions_m * 1.01)
    session.use_montage(moved)
    qtbot.settle(window)
    assert session.analysis.store.start.recipe.montage_name == "my own cap"
    script = window.menus._groups["help"].script()
    assert all(path.exists() for path in script.files)
    assert len(script.files) == 1
    command = [sys.executable, "-m", "samba_gui", *script.arguments[1:]]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=200, capture_output=True)
    same_numbers(session.analysis.store, tmp_path / "samba-results" / "short.samba.h5")
    refused = subprocess.run(
        [*command, "--seed", "1"], cwd=tmp_path, timeout=60, capture_output=True, text=True
    )
    assert refused.returncode == 1
    assert "Leave out --montage" in refused.stderr


def test_the_plain_case_needs_no_montage(qtbot, window, short_edf):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session = window.context.session
    script = script_of(session.document, session.analysis.job, 3.0)
    assert "--montage" not in script.arguments
    assert "--recipe" not in script.arguments
    assert "index_at(3.0)" in script.python
