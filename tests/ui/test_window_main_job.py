"""Through the front door: the real window, prober, worker and network on real files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent

from samba_gui.io.provenance import read_provenance
from samba_gui.io.results import read_results
from samba_gui.scene.head_field import Quantity
from samba_gui.session.analysis import AnalysisOptions, Phase
from samba_gui.session.notices import Level
from samba_gui.ui.app import run_window, screenshot
from samba_gui.ui.main_window import MainWindow
from samba_gui.ui.places import UserPlaces
from samba_gui.ui.settings import Settings

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def opened(qtbot, window, path):
    window.open_files([str(path)])
    qtbot.settle(window)
    return window.context.session


def test_example_analysed_seek_bad_rerun(qtbot, window, example_recording):
    session = opened(qtbot, window, example_recording)
    assert window.windowTitle() == f"{example_recording.name} — samba-gui"
    assert session.analysis.phase == Phase.DONE
    # every panel holds data
    assert window.traces._state.page.rows
    assert window.traces._state.reconstructions
    assert window.timeline.state.analysis.filled.all()
    assert window.head._state.montage == session.document.model_montage
    assert len(window.channels.state.channels) == len(session.document.info.channels)
    assert window.status.state.simulated
    assert {row.topic for row in window.contract.state.rows} >= {"Rate", "Montage", "Amplitude"}
    assert "resampled" in window.contract.plain_text()

    # one cursor: a click in the timeline moves traces, status and head
    window.timeline.cursor_moved.emit(42.0)
    qtbot.settle(window)
    assert window.traces._state.cursor_s == 42.0
    assert window.traces._state.page.start_s == 40.0
    assert {r.window for r in window.traces._state.reconstructions} == set(session.visible_windows())
    window.head.state_changed.emit(
        replace(window.head._state, view=replace(window.head._state.view, quantity=Quantity.WINDOW))
    )
    qtbot.settle(window)
    assert "40–44 s" in window.head._state.window.title

    # an electrode picked on the head is selected in traces and list
    window.head.electrode_picked.emit("O1")
    qtbot.settle(window)
    assert window.traces._state.selected == {session.document.label_of("O1")}
    assert window.channels.state.electrode == "O1"

    # marking it bad analyses again without it; undo takes it back
    window.menus.actions["edit.toggle_bad"].trigger()
    assert session.analysis.busy
    qtbot.settle(window)
    assert "O1" not in session.analysis.store.start.recipe.names
    assert "O1" not in window.head._state.montage.labels
    window.menus.actions["edit.undo"].trigger()
    qtbot.settle(window)
    assert "O1" in session.analysis.store.start.recipe.names


def test_keys_turn_pages(qtbot, window, short_edf):
    session = opened(qtbot, window, short_edf)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    assert session.selection.page_start_s == 10.0
    qtbot.keyClick(window, Qt.Key.Key_Right)
    assert session.selection.page_start_s == 11.0
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert session.selection.page_stop_s == pytest.approx(session.duration_s)
    qtbot.keyClick(window, Qt.Key.Key_I)
    assert not session.display.positive_up
    qtbot.settle(window)
    assert not window.traces._state.display.positive_up


def test_broken_file_is_a_banner_and_the_window_lives(qtbot, window, short_edf, tmp_path):
    session = opened(qtbot, window, short_edf)
    broken = tmp_path / "broken.edf"
    broken.write_bytes(b"0       " + bytes(200))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(broken))])
    window.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(lambda: any(n.level == Level.ERROR for n in window.banner.notices()))
    notice = window.banner.notices()[0]
    assert "broken.edf" in notice.message
    assert notice.hint
    session.seek(15.0)
    qtbot.settle(window)
    assert window.traces._state.page.start_s == 10.0


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_worker_killed_costs_a_banner(qtbot, window, example_recording):
    session = window.context.session
    session.options = AnalysisOptions(pairs=6)
    window.open_files([str(example_recording)])
    qtbot.waitUntil(lambda: session.analysis.progress is not None, timeout=60_000)
    os.kill(window.context.worker.pid, signal.SIGKILL)
    qtbot.settle(window)
    assert any("started again" in n.message for n in window.banner.notices())
    assert session.analysis.phase == Phase.DONE
    stored = read_results(session.analysis.job.results_path)
    assert stored.complete
    np.testing.assert_array_equal(session.analysis.store.sums.xy, stored.batch.sums.xy)


def test_closing_while_analysing_leaves_nothing(qtbot, window, example_recording):
    window.context.session.options = AnalysisOptions(pairs=16)
    window.open_files([str(example_recording)])
    qtbot.waitUntil(lambda: window.context.session.analysis.progress is not None, timeout=60_000)
    window.close()
    assert window.context.worker.pid is None
    assert threading.active_count() == 1  # the rest is checked by the leak fixture


def test_layout_and_settings_are_remembered(qtbot, make_window):
    first = make_window()
    first.resize(720, 640)
    first._docks["timeline"].close()
    first.context.session.show_as(replace(first.context.session.display, low_cut_hz=0.3))
    first.close()
    second = make_window()
    assert second.size().width() == 720
    assert second._docks["timeline"].isHidden()
    assert second.context.session.display.low_cut_hz == 0.3
    second.menus.actions["view.reset_layout"].trigger()
    assert not second._docks["timeline"].isHidden()


def test_broken_layout_costs_only_the_layout(qtbot, make_window):
    first = make_window()
    session = first.context.session
    session.show_as(replace(session.display, positive_up=False))
    settings = first.context.settings
    first.close()
    settings.set("window/layout", b"\x00broken")
    settings.save()
    second = make_window()
    assert not second._docks["head"].isHidden()
    assert not second.context.session.display.positive_up


def test_unexpected_exceptions_end_in_the_banner_and_the_log(qtbot, make_window):
    window = make_window()
    desk = window.context.errors
    desk.install()
    try:
        error = ValueError("of all things")
        sys.excepthook(ValueError, error, None)
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(window.banner.notices()) == 2)
    finally:
        desk.close()
    text = window.context.places.log_file.read_text()
    assert "of all things" in text
    assert "ZeroDivisionError" in text


def test_themes(qtbot, make_window):
    window = make_window()
    for choice in ("dark", "light"):
        window.menus._verb("view.theme")(choice)
        qtbot.waitUntil(lambda: window.settled)
        assert window.theme.name == choice
        assert window.traces._state.theme.name == choice
    assert window.context.settings.get("theme") == "light"


def test_the_window_never_imports_torch(tmp_path):
    code = (
        "import sys\n"
        "import samba_gui.ui.app, samba_gui.ui.main_window, samba_gui.ui.context\n"
        "from samba_gui.ui.app import application\n"
        "from samba_gui.ui.context import Context\n"
        "from samba_gui.ui.main_window import MainWindow\n"
        "from samba_gui.ui.places import UserPlaces\n"
        "from pathlib import Path\n"
        "app = application()\n"
        f"window = MainWindow(Context.make(UserPlaces.under(Path({str(tmp_path)!r}))))\n"
        "window.show(); app.processEvents(); window.close()\n"
        "assert not [m for m in sys.modules if m.split('.')[0] in ('torch', 'sklearn')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_screenshot_is_the_analysed_window(qtbot, example_recording, untrained_bundle, tmp_path):
    out = screenshot(example_recording, tmp_path / "w.png", 65.0, (1000, 700), "dark", untrained_bundle)
    facts = read_provenance(out)
    assert facts["recording_simulated"] == "yes"
    assert facts["page_s"] == "60 … 70"
    assert len(facts["recipe_key"]) == 64


def test_without_files_the_example_is_opened_and_analysed(qtbot, qapp, untrained_bundle, private_folders):
    seen = {}

    def look():
        windows = [w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow)]
        if windows and windows[0].context.session.analysis.phase == Phase.DONE:
            seen["notices"] = windows[0].banner.notices()
            seen["title"] = windows[0].windowTitle()
            timer.stop()
            windows[0].menus.actions["file.quit"].trigger()
            windows[0].deleteLater()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(50)
    assert run_window([], untrained_bundle) == 0
    assert "simulated" in seen["title"]
    assert any("Research use only" in notice.message for notice in seen["notices"])
    settings = Settings(UserPlaces.of_user().settings_file)
    assert settings.get("analysis/bundle") == str(untrained_bundle)
    assert settings.get("recent/files") == ()
    assert list(UserPlaces.of_user().results_dir.glob("*.samba.h5"))
    assert UserPlaces.of_user().results_dir.is_relative_to(private_folders)


def test_montage_and_recent_files(qtbot, window, short_edf):
    session = opened(qtbot, window, short_edf)
    assert window.context.recent.paths() == (str(short_edf),)
    other = next(i for i, m in enumerate(session.document.proposals) if m != session.document.match)
    window.channels.montage_chosen.emit(other)
    qtbot.settle(window)
    assert session.analysis.store.start.recipe.montage_name == session.document.proposals[other].montage.name
    assert window.channels.state.montage == other
    assert session.history.undo_title.startswith("Use montage")
