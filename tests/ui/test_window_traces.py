"""How traces are scaled and drawn, through the front door: menus, keys and pixels of the real window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QApplication

from samba_gui.core.arrangement import Arrangement, Order
from samba_gui.core.derivations import AS_RECORDED
from samba_gui.core.recording import ChannelKind
from samba_gui.ui.dialogs.calibrate_screen import FORGET, CalibrateScreenDialog
from samba_gui.ui.palette import depth_colours
from samba_gui.ui.screens import keep_scale, scale_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def opened(qtbot, window, path):
    window.open_files([str(path)])
    qtbot.settle(window)
    window.activateWindow()
    return window.context.session


def with_dialog(kind, act):
    def when_there():
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind):
            act(dialog)
        else:
            QTimer.singleShot(20, when_there)

    QTimer.singleShot(20, when_there)


def pixels_of(widget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def test_a_profile_is_one_key(qtbot, window, make_window, short_edf):
    session = opened(qtbot, window, short_edf)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    qtbot.settle(window)
    assert [row.label for row in session.pages.page.rows][:2] == ["Fp1-F7", "F7-T7"]
    assert window.traces._names._title.startswith("negative up  ·  7 µV/mm, uncalibrated")
    assert "7 µV/mm uncal. ↑−" in window.status.state.sensitivity
    session.show_as(replace(session.display, notch_hz=50.0))
    window.menus.refresh()
    profiles = next(actions for row, actions in window.menus._choices if row.id == "traces.profile")
    assert not any(action.isChecked() for action in profiles)
    session.show_as(replace(session.display, notch_hz=0.0))
    window.close()
    again = make_window()  # a clinical reader stays one
    again.menus.refresh()
    assert not again.context.session.display.positive_up
    assert again.context.session.display.sensitivity_uv == 7.0
    opened_again = again.context.session
    profiles = next(actions for row, actions in again.menus._choices if row.id == "traces.profile")
    profiles[0].trigger()
    assert opened_again.display.positive_up
    assert opened_again.display.derivation == AS_RECORDED


def test_a_measured_screen_makes_microvolts_per_mm_true(qtbot, window, make_window, short_edf):
    session = opened(qtbot, window, short_edf)
    assert "uncal" in window.status.state.sensitivity

    def measure(dialog):
        card = dialog._card
        dialog._slider.setValue(428)  # the bar is as long as the card now
        QApplication.processEvents()
        dark = (pixels_of(card)[14] != pixels_of(card)[3]).any(axis=1)
        assert np.ptp(np.flatnonzero(dark)) == pytest.approx(428, abs=1)
        dialog.accept()

    with_dialog(CalibrateScreenDialog, measure)
    window.menus.actions["traces.calibrate"].trigger()
    qtbot.settle(window)
    scale = window.screen_scale
    assert scale.calibrated
    assert scale.px_per_mm == pytest.approx(428 / 85.6, abs=1e-3)
    session.show_as(replace(session.display, sensitivity_uv=7.0))
    qtbot.settle(window)
    assert window.traces._names._title == "positive up  ·  7 µV/mm"
    assert window.traces._plot._bars._uv_per_px == pytest.approx(7 / scale.px_per_mm)
    width_mm = window.traces._plot.box.width() / scale.px_per_mm
    assert window.traces.width_mm == pytest.approx(width_mm)
    assert window.status.state.page == f"10 s/page, {width_mm / 10:.2g} mm/s"
    # 30 mm/s: a second takes 30 mm of the plot
    speeds = next(actions for row, actions in window.menus._choices if row.id == "traces.paper_speed")
    speeds[2].trigger()
    assert session.selection.page_s == pytest.approx(width_mm / 30)
    window.close()
    again = make_window()
    assert again.screen_scale == scale
    again.hide()
    again.show()
    qtbot.settle(again)
    again.windowHandle().screenChanged.emit(again.screen())  # moved to another screen: mm are asked for anew
    assert "redrawing" in again.under_way
    again.resize(1280, 800)

    def forget(dialog):
        dialog.done(FORGET)

    with_dialog(CalibrateScreenDialog, forget)
    again.menus.actions["traces.calibrate"].trigger()
    assert not again.screen_scale.calibrated


def test_a_bar_that_no_screen_can_have_is_refused(qtbot, make_window):
    window = make_window()
    dialog = CalibrateScreenDialog(window.screen_scale, window.theme, window)
    qtbot.addWidget(dialog)
    dialog._length.setValue(700.0)
    ok = dialog._buttons.button(dialog._buttons.StandardButton.Ok)
    assert not ok.isEnabled()
    assert "measure again" in dialog._words.text()
    dialog._length.setValue(85.6)
    assert ok.isEnabled()
    # a broken entry costs the calibration, not the start
    settings = window.context.settings
    settings.set("display/screens", ("odd=12", "worse=nan mm"))
    assert not scale_of(window.screen(), settings).calibrated
    keep_scale(window.screen(), settings, 5.0)
    assert scale_of(window.screen(), settings).px_per_mm == 5.0


def test_switches_of_the_traces(qtbot, window, short_edf):
    session = opened(qtbot, window, short_edf)
    heights = window.traces._plot._curves["trace"].getData
    session.show_as(replace(session.display, sensitivity_uv=1.0, overlay=False))
    qtbot.settle(window)
    centres = window.traces._layout.centres

    def reach():
        rows = heights()[1].reshape(len(centres), -1)
        return np.nanmax(np.abs(rows - centres[:, None]))

    assert reach() == pytest.approx(3.0)
    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.settle(window)
    assert reach() == pytest.approx(0.5)
    assert window.menus.actions["traces.clip"].isChecked()
    level = window.menus.actions["traces.level"]
    assert not level.isEnabled()  # the low-frequency filter does it
    session.show_as(replace(session.display, low_cut_hz=0.0))
    qtbot.settle(window)
    assert level.isEnabled()
    page = session.pages.page
    np.testing.assert_allclose(np.nanmedian(page.data, axis=1), 0.0, atol=1e-9)
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    qtbot.settle(window)
    assert not level.isChecked()
    assert np.abs(np.nanmedian(session.pages.page.data, axis=1)).max() > 1e-6


def test_other_channels_keep_a_sensitivity_of_their_own(qtbot, window):
    session = window.context.session
    session.show_as(replace(session.display, sensitivity_uv=7.0))
    entries = {row.id: actions for row, actions in window.menus._choices}
    ecg = entries["traces.ecg_sensitivity"]
    next(action for action in ecg if action.text() == "50 µV/mm").trigger()
    session.show_as(session.display.more_sensitive())
    assert session.display.uv_per_mm(ChannelKind.ECG) == 50.0
    ecg[0].trigger()
    assert session.display.uv_per_mm(ChannelKind.ECG) == 10 * session.display.sensitivity_uv


TABLE = """derivation,group,row,plus,minus
Circle,left,,Fp1,F7
Circle,left,,F7,T3
Circle,right,,Fp2,F8
"""


def test_a_derivation_of_ones_own_is_loaded_and_kept(qtbot, window, make_window, short_edf, tmp_path):
    session = opened(qtbot, window, short_edf)
    path = tmp_path / "elsewhere" / "circle.csv"
    path.parent.mkdir()
    path.write_text(TABLE.replace("Circle,right,,Fp2", "Circle,right,,"))
    window.menus._groups["traces"].load_derivation_file(str(path))
    qtbot.waitUntil(lambda: bool(window.banner.notices()))
    assert "circle.csv, line 4: there is nothing under plus." in window.banner.notices()[0].message
    path.write_text(TABLE)
    window.menus._groups["traces"].load_derivation_file(str(path))
    qtbot.waitUntil(lambda: session.display.derivation.name == "Circle")
    qtbot.settle(window)
    page = session.pages.page
    assert [row.label for row in page.rows] == ["Fp1-F7", "F7-T3", "Fp2-F8"]
    assert window.status.state.reference == "Circle"
    assert [row.group for row in page.rows] == ["left", "left", "right"]
    assert np.isfinite(
        window.traces._plot._curves["predicted"].getData()[1]
    ).any()  # laid over as a difference
    recorded = {label: i for i, label in enumerate(session.document.info.labels)}
    assert set(page.rows[1].channels) <= set(recorded)
    assert any("Circle" in entry.path for entry in window.menus.entries())
    qtbot.keyClick(window, Qt.Key.Key_F4)
    assert session.display.derivation.name == "average reference"
    window.close()
    path.unlink()
    again = make_window()
    assert [derivation.name for derivation in again.context.derivations.all] == ["Circle"]
    actions = next(actions for row, actions in again.menus._choices if row.id == "view.derivation")
    assert [action.text() for action in actions][-2:] == ["Local Laplacian", "Circle"]


def test_channels_are_ordered_hidden_and_moved(qtbot, window, short_edf, example_recording):
    session = opened(qtbot, window, short_edf)
    panel = window.channels

    def shown():
        qtbot.settle(window)
        return [row.label for row in session.pages.page.rows]

    def listed():
        return [line.electrode for line in panel.state.channels if line.electrode]

    first = shown()
    entries = {row.id: dict(zip(row.values, actions, strict=False)) for row, actions in window.menus._choices}
    entries["traces.order"][Order.SIDE].trigger()
    by_side = shown()
    assert by_side != first
    assert by_side == listed()
    on_the_left = [name[-1] in "13579" for name in by_side]
    assert on_the_left == sorted(on_the_left, reverse=True)
    session.pick_electrode("C4")
    qtbot.settle(window)
    qtbot.keyClick(window, Qt.Key.Key_H)
    assert "C4" not in shown()
    assert "1 channel hidden" in window.traces._note.text()
    assert "C4" in session.analysis.job.recipe.names  # the model still reads it
    row = listed().index("C4")
    panel._table.item(row, 1).setCheckState(Qt.CheckState.Checked)
    assert shown() == by_side
    # by key, from one's own order
    panel._table.setFocus()
    panel._table.setCurrentCell(0, 2)
    for _ in range(2):
        qtbot.keyClick(panel._table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        qtbot.settle(window)
    moved = [*by_side[1:3], by_side[0], *by_side[3:]]
    assert shown() == moved == listed()
    assert panel._table.currentRow() == 2
    assert session.display.arrangement.order is Order.OWN
    # by dropping the last row on the first
    panel._table.setCurrentCell(len(moved) - 1, 2)
    panel._table.dropEvent(
        QDropEvent(
            QPointF(panel._table.visualItemRect(panel._table.item(0, 2)).center()),
            Qt.DropAction.MoveAction,
            QMimeData(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert shown() == [moved[-1], *moved[:-1]]
    assert panel._table.rowCount() == len(panel.state.channels)
    entries["traces.order"][Order.KIND].trigger()
    assert shown() == first
    session.arrange(session.display.arrangement.ordered(Order.OWN, session.document.info.channels))
    opened(qtbot, window, example_recording)  # whose channels have not been arranged
    assert session.display.arrangement == Arrangement()


def test_butterfly_lays_groups_on_one_line_in_stable_colours(qtbot, window, short_edf):
    session = opened(qtbot, window, short_edf)
    session.arrange(Arrangement(Order.SIDE))
    qtbot.settle(window)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(window, Qt.Key.Key_F)
    qtbot.settle(window)
    panel = window.traces
    assert [name.text for name in panel._names._names] == ["left (8)", "middle (3)", "right (8)"]
    assert panel._overlay is None
    colours = depth_colours(window.theme)
    pixels = pixels_of(panel._plot.viewport())
    wanted = [tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in colours]
    seen = [int((pixels == colour).all(axis=2).sum()) for colour in wanted]
    rows = session.pages.page.rows
    used = {int(panel.state.kind_of(i)[5:]) for i in range(len(rows))}
    assert all((seen[depth] > 100) == (depth in used) for depth in range(len(colours)))
    # a click finds the trace that runs by, not merely the baseline
    page, layout = session.pages.page, panel._layout
    at = len(page.times_s) // 3
    time_s = float(page.times_s[at])
    left = np.flatnonzero(layout.centres == layout.centres[0])
    top = int(left[np.argmax(page.data[left, at])])
    y = layout.centres[0] - page.data[top, at] / panel._scales[top].per_row
    assert panel._row_near(time_s, y) == top


def test_a_found_channel_is_brought_into_sight(qtbot, window, short_edf):
    session = opened(qtbot, window, short_edf)
    session.show_as(replace(session.display, rows=8))
    qtbot.settle(window)
    panel = window.traces
    for electrode in ("O2", "Fp1"):
        session.pick_electrode(electrode)
        qtbot.settle(window)
        name = next(name for name in panel._names._names if name.selected)
        assert 0 < name.y_px < panel._plot.rows_px + 40
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert panel._scroll.value() > 0


def test_keys_as_in_mne(qtbot, window, make_window, short_edf):
    session = opened(qtbot, window, short_edf)
    entries = {row.id: dict(zip(row.values, actions, strict=False)) for row, actions in window.menus._choices}
    entries["traces.keys"]["mne"].trigger()
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_Right, shift)
    assert session.selection.page_start_s == 10.0
    qtbot.keyClick(window, Qt.Key.Key_Home)  # shorter, as there
    assert session.selection.page_s == 5.0
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert session.selection.page_s == 10.0
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert session.display.butterfly
    assert not session.document.bads
    for rows in (64, 32, 20, 16, 12, 8, 8):
        qtbot.keyClick(window, Qt.Key.Key_PageDown)
        assert session.display.rows == rows
    qtbot.keyClick(window, Qt.Key.Key_PageUp)
    assert session.display.rows == 12
    window.close()
    again = make_window()
    assert again.menus.actions["traces.butterfly"].shortcut().toString() == "B"
