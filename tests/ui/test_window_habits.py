"""Files dropped together, recordings that open as they were left, sessions saved and opened again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from samba_gui.core.places import montages_dir
from samba_gui.io.hashing import recording_sha256
from samba_gui.session.notices import Level
from samba_gui.ui.opening import SESSION_ENDING
from samba_gui.ui.settings import LAYOUT_VERSION, Settings, sealed

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def drop(qtbot, window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(5, 5), action, data, buttons, Qt.KeyboardModifier.NoModifier))
    qtbot.settle(window)


def told(window):
    """Messages from now on, also those that newer ones push out of the window."""
    found = []
    window.context.errors.posted.connect(lambda notice: found.append(notice.message))
    return found


def messages(window):
    return " ".join(notice.message for notice in window.banner.notices())


def test_what_is_dropped_together_is_used_together(
    qtbot, window, short_edf, example_recording, untrained_bundle, tmp_path
):
    session = window.context.session
    table, junk = tmp_path / "marks.tsv", tmp_path / "notes.txt"
    table.write_text("onset\tduration\ttrial_type\n1.5\t0\tblink\n")
    junk.write_text("Dear diary\n")
    drop(qtbot, window, table)
    assert "belongs to a recording" in messages(window)
    heard = told(window)
    other = shutil.copy(short_edf, tmp_path / "other.edf")
    positions = montages_dir() / "10-10_64.csv"
    drop(qtbot, window, table, junk, positions, example_recording, other, untrained_bundle)
    assert session.document.info.simulated
    assert session.document.match.montage.name == "10-10 (64)"
    assert session.history.undo_title.startswith(("Load", "Use"))
    assert [note.description for note in session.document.annotations if note.onset_s == 1.5] == ["blink"]
    assert session.bundle.directory == untrained_bundle
    assert any("1 not" in message for message in heard)
    assert any("notes.txt was left out" in message for message in heard)
    assert window.context.recent.paths() == (str(other),)
    # onto the open recording: what belongs to one is added to it
    drop(qtbot, window, montages_dir() / "10-20_19.csv")
    assert session.document.match.montage.name == "10-20 (19)"
    drop(qtbot, window, junk)
    assert window.banner.notices()[0].level == Level.ERROR
    window.menus.actions["file.reopen_last"].trigger()
    qtbot.settle(window)
    assert session.document.info.path == str(other)


def test_a_session_is_saved_and_opened(qtbot, window, short_edf, tmp_path, example_recording):
    session = window.context.session
    recording = shutil.copy(short_edf, tmp_path / "short.edf")
    drop(qtbot, window, recording)
    session.mark_bad("EEG Cz", True)
    session.seek(15.0)
    window.menus.actions["view.flip_polarity"].trigger()
    window._docks["timeline"].hide()
    qtbot.settle(window)
    window.wiring.keep()
    path = tmp_path / f"mine{SESSION_ENDING}"
    window.opening.save_session(str(path))
    qtbot.settle(window)
    assert json.loads(path.read_text())["recording"] == "short.edf"
    window.reset_layout()
    drop(qtbot, window, example_recording)
    drop(qtbot, window, path)
    assert session.document.info.path == str(recording)
    assert session.document.bads == {"EEG Cz"}
    assert session.selection.cursor_s == 15.0
    assert not session.display.positive_up
    assert window._docks["timeline"].isHidden()
    # the recording has been moved: it says which, and goes on from the open one once that is there
    moved = shutil.move(recording, tmp_path / "moved.edf")
    drop(qtbot, window, example_recording)
    window.opening.open_session(str(path))
    qtbot.waitUntil(lambda: "short.edf, is not where it was" in messages(window))
    drop(qtbot, window, moved)
    session.mark_bad("EEG Cz", False)
    window.opening.open_session(str(path))
    qtbot.settle(window)
    assert session.document.bads == {"EEG Cz"}
    window.opening.open_session(str(moved))
    qtbot.waitUntil(lambda: "cannot be read" in messages(window))


def test_nothing_is_kept_unless_files_are_remembered(qtbot, window, short_edf):
    context = window.context
    context.recent.remember = False
    drop(qtbot, window, short_edf)
    window.wiring.keep()
    qtbot.settle(window)
    assert not context.places.states_dir.exists()
    context.recent.remember = True
    window.wiring.keep()
    qtbot.settle(window)
    kept = list(context.places.states_dir.iterdir())
    assert [path.stem for path in kept] == [recording_sha256(short_edf)]
    context.recent.clear()
    assert not list(context.places.states_dir.iterdir())


def test_a_damaged_layout_is_not_given_to_qt(tmp_path, make_window):
    layout = make_window().saveState(LAYOUT_VERSION)
    settings = Settings(tmp_path / "own.ini")
    settings.set("window/layout", sealed(layout))
    assert settings.get("window/layout") == layout
    settings.set("window/layout", QByteArray(sealed(layout).data()[:-3]))
    assert settings.get("window/layout").isEmpty()
    assert settings.broken == ["window/layout"]


KILLED = """
import sys, time
from pathlib import Path
from samba_gui.ui.app import application
from samba_gui.ui.context import Context
from samba_gui.ui.main_window import MainWindow
from samba_gui.ui.places import UserPlaces
app = application()
window = MainWindow(Context.make(UserPlaces.under(Path(sys.argv[1]))))
window.show()
window.context.prober.start()
session = window.context.session
session.open(sys.argv[2])
while not session.recording_sha256:
    app.processEvents(); time.sleep(0.01)
session.mark_bad("EEG Cz", True)
session.seek(7.0)
print("marked", flush=True)
while True:
    app.processEvents(); time.sleep(0.01)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_a_killed_window_opens_as_it_was(qtbot, make_window, tmp_path, short_edf):
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), str(short_edf)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    with child:
        assert child.stdout.readline() == "marked\n"
        kept = tmp_path / "sessions" / f"{recording_sha256(short_edf)}.json"
        until = time.monotonic() + 20
        while not (kept.exists() and '"cursor_s": 7.0' in kept.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        os.killpg(child.pid, signal.SIGKILL)
    assert oct(kept.parent.stat().st_mode)[-3:] == "700"
    window = make_window()
    window.context.prober.start()
    drop(qtbot, window, short_edf)
    session = window.context.session
    assert session.document.bads == {"EEG Cz"}
    assert session.selection.cursor_s == 7.0
    assert "left out EEG Cz" in messages(window)
    window.menus.refresh()
    assert window.menus.actions["edit.undo"].text() == "&Undo: Restore what was left"
