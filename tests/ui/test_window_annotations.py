"""Annotations through the front door: mouse, keys, list, files, and a killed window."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from samba_gui.core.recording import Annotation
from samba_gui.io.annotations import read_annotations
from samba_gui.io.hashing import recording_sha256
from samba_gui.ui.dialogs.annotations import DescriptionDialog, ExportAnnotationsDialog
from samba_gui.ui.traces.plot import TOP_PX

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def opened(qtbot, window, path):
    window.open_files([str(path)])
    qtbot.settle(window)
    window.activateWindow()
    return window.context.session


def at(window, time_s, in_band=False):
    plot = window.traces._plot
    area = plot.box.sceneBoundingRect()
    x = plot.box.mapViewToScene(QPointF(time_s, 0)).x()
    y = area.top() + (TOP_PX / 2 if in_band else area.height() / 2)
    return plot.mapFromScene(QPointF(x, y))


def drag(qtbot, window, from_s, to_s, in_band=False, modifier=NONE):
    viewport = window.traces._plot.viewport()
    qtbot.mousePress(viewport, LEFT, modifier, at(window, from_s, in_band))
    qtbot.mouseMove(viewport, at(window, (from_s + to_s) / 2, in_band))
    qtbot.mouseMove(viewport, at(window, to_s, in_band))
    qtbot.mouseRelease(viewport, LEFT, modifier, at(window, to_s, in_band))
    qtbot.settle(window)


def trigger(qtbot, window, name):
    qtbot.settle(window)
    window.menus.actions[name].trigger()


def answer(kind, act):
    """Act on the next dialog of a kind and close it."""

    def when_there():
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind):
            act(dialog)
            dialog.accept()
        else:
            QTimer.singleShot(20, when_there)

    QTimer.singleShot(20, when_there)


def test_draw_move_stretch_rename_delete_undo(qtbot, window, short_edf):
    session = opened(qtbot, window, short_edf)
    assert session.document.annotations == ()
    answer(DescriptionDialog, lambda dialog: dialog._text.setCurrentText("spindle"))
    drag(qtbot, window, 2.0, 4.0, modifier=Qt.KeyboardModifier.ControlModifier)
    (drawn,) = session.document.annotations
    assert drawn.description == "spindle"
    assert drawn.onset_s == pytest.approx(2.0, abs=0.05)
    assert drawn.duration_s == pytest.approx(2.0, abs=0.1)
    assert session.selection.annotation == drawn
    assert window.timeline.state.annotations == (drawn,)
    assert window.annotations.state.annotations == (drawn,)

    drag(qtbot, window, 3.0, 5.0, in_band=True)
    (moved,) = session.document.annotations
    assert moved.onset_s == pytest.approx(drawn.onset_s + 2.0, abs=0.05)
    assert moved.duration_s == pytest.approx(drawn.duration_s, abs=1e-5)
    drag(qtbot, window, moved.onset_s + moved.duration_s, 8.0, in_band=True)
    (stretched,) = session.document.annotations
    assert stretched.onset_s == moved.onset_s
    assert stretched.onset_s + stretched.duration_s == pytest.approx(8.0, abs=0.05)

    answer(DescriptionDialog, lambda dialog: dialog._text.setCurrentText("K-complex"))
    trigger(qtbot, window, "annotations.rename")
    assert session.document.annotations[0].description == "K-complex"
    trigger(qtbot, window, "annotations.delete")
    assert session.document.annotations == ()
    for expected in ("K-complex", "spindle"):
        trigger(qtbot, window, "edit.undo")
        assert session.document.annotations[0].description == expected
    for _ in range(3):
        trigger(qtbot, window, "edit.undo")
    assert session.document.annotations == ()
    trigger(qtbot, window, "edit.redo")
    assert session.document.annotations == (drawn,)


def test_number_keys_mark_the_measured_span_or_the_moment(qtbot, window, short_edf):
    session = opened(qtbot, window, short_edf)
    window.context.settings.set("annotations/descriptions", ("one", *"2345678", ""))
    session.seek(3.0)
    qtbot.settle(window)
    qtbot.keyClick(window, Qt.Key.Key_1)
    assert session.document.annotations == (Annotation(3.0, 0.0, "one"),)
    viewport = window.traces._plot.viewport()
    qtbot.mouseClick(viewport, LEFT, NONE, at(window, 5.0))
    qtbot.settle(window)
    qtbot.mouseClick(viewport, LEFT, Qt.KeyboardModifier.ShiftModifier, at(window, 6.0))
    qtbot.settle(window)
    qtbot.keyClick(window, Qt.Key.Key_2)
    second = session.document.annotations[1]
    assert second.description == "2"
    assert (second.onset_s, second.duration_s) == pytest.approx((5.0, 1.0), abs=0.05)
    assert window.traces.measured is None
    qtbot.keyClick(window, Qt.Key.Key_9)  # has no description
    assert len(session.document.annotations) == 2
    window.menus.refresh()
    assert [action.text() for action in window.menus._choices[0][1]][:2] == ["one", "2"]


def test_list_goes_there_and_edits(qtbot, window, example_recording):
    session = opened(qtbot, window, example_recording)
    window.show_panel("annotations")
    model, table = window.annotations._model, window.annotations._table
    assert model.rowCount() == len(session.document.info.annotations) > 2
    table.selectRow(2)
    assert session.selection.annotation == session.document.annotations[2]
    assert session.selection.cursor_s == session.document.annotations[2].onset_s
    qtbot.settle(window)
    before = session.document.annotations[2]
    model.setData(model.index(2, 2), "closed, really")
    qtbot.settle(window)
    assert Annotation(before.onset_s, before.duration_s, "closed, really") in session.document.annotations
    model.setData(model.index(2, 1), "0,5")
    qtbot.settle(window)
    assert session.selection.annotation == Annotation(before.onset_s, 0.5, "closed, really")
    for rubbish in ("x", "nan", ""):
        model.setData(model.index(2, 0), rubbish)
    assert session.document.annotations[2].onset_s == before.onset_s
    assert table.selectionModel().selectedRows()[0].row() == 2


def test_files_in_and_out_and_the_source_stays(qtbot, window, example_recording, tmp_path):
    session = opened(qtbot, window, example_recording)
    sha256 = recording_sha256(example_recording)
    n = len(session.document.annotations)
    table = tmp_path / "more.csv"
    table.write_text("onset,duration,description\n1,1,Jane Doe blinked\n2,0,x\n99999,1,too late\n")
    window.annotation_verbs.load_file(str(table))
    qtbot.waitUntil(lambda: len(session.document.annotations) == n + 2)
    qtbot.settle(window)
    assert "1 lie outside" in window.banner.notices()[0].message
    window.annotation_verbs.save_file(str(tmp_path / "out_events.tsv"), True)
    qtbot.settle(window)
    written = read_annotations(tmp_path / "out_events.tsv")
    assert [note.onset_s for note in written] == [note.onset_s for note in session.document.annotations]
    assert "Jane" not in (tmp_path / "out_events.tsv").read_text()
    window.annotation_verbs.save_file(str(tmp_path / "out.csv"), False)
    qtbot.settle(window)
    assert read_annotations(tmp_path / "out.csv") == session.document.annotations
    window.annotation_verbs.load_file(str(tmp_path / "no such file.csv"))
    qtbot.waitUntil(lambda: any("cannot be read" in n.message for n in window.banner.notices()))
    assert recording_sha256(example_recording) == sha256
    assert "Jane" not in window.context.places.log_file.read_text()


def test_the_export_dialog_shows_what_would_leave(qtbot, make_window):
    dialog = ExportAnnotationsDialog([Annotation(float(i), 0.0, f"text {i}") for i in range(30)])
    qtbot.addWidget(dialog)
    assert not dialog.numbered
    dialog._numbered.setChecked(True)
    assert dialog.numbered
    assert isinstance(dialog, QDialog)


def test_annotations_of_last_time_are_offered(qtbot, make_window, short_edf):
    for visit in range(2):
        window = make_window()  # annotating needs no model
        window.context.prober.start()
        session = opened(qtbot, window, short_edf)
        if visit == 0:
            session.seek(4.0)
            qtbot.keyClick(window, Qt.Key.Key_3)
            window.close()
    offers = [row for row in window.banner._rows() if row.notice.offer]
    assert len(offers) == 1
    assert session.document.annotations == ()
    offers[0]._on_accepted()
    assert session.document.annotations == (Annotation(4.0, 0.0, "eye movement"),)
    assert not [row for row in window.banner._rows() if row.notice.offer]
    trigger(qtbot, window, "edit.undo")
    assert session.document.annotations == ()


KILLED = """
import sys, time
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from samba_gui.ui.app import application
from samba_gui.ui.context import Context
from samba_gui.ui.main_window import MainWindow
from samba_gui.ui.places import UserPlaces
app = application()
window = MainWindow(Context.make(UserPlaces.under(Path(sys.argv[1]))))
window.show(); window.activateWindow()
window.context.prober.start()
session = window.context.session
session.open(sys.argv[2])
while not (session.recording_sha256 and window.menus.actions["annotations.add"].isEnabled()):
    app.processEvents(); time.sleep(0.01)
session.seek(7.0)
QTest.keyClick(window, Qt.Key.Key_1)
print("marked", flush=True)
while True:
    app.processEvents(); time.sleep(0.01)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_a_killed_window_loses_no_annotation(tmp_path, short_edf):
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), str(short_edf)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    with child:
        assert child.stdout.readline() == "marked\n"
        draft = tmp_path / "annotations" / f"{recording_sha256(short_edf)}.json"
        until = time.monotonic() + 20
        while not draft.exists() and time.monotonic() < until:
            time.sleep(0.01)
        os.killpg(child.pid, signal.SIGKILL)
    assert json.loads(draft.read_text())["annotations"] == [[7.0, 0.0, "artifact"]]
