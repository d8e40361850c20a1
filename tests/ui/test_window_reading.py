"""Reading through the front door: the real window, worker and files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from samba_gui.session.jumps import class_changes, worst_windows
from samba_gui.ui.timeline.metrics import METRICS

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def opened(qtbot, window, path):
    window.open_files([str(path)])
    qtbot.settle(window)
    window.activateWindow()
    return window.context.session


def click_trace(qtbot, window, time_s, share=0.5, modifier=Qt.KeyboardModifier.NoModifier):
    plot = window.traces._plot
    y = plot.box.viewRect().top() + share * plot.box.viewRect().height()
    at = plot.mapFromScene(plot.box.mapViewToScene(QPointF(time_s, y)))
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def test_first_sensitivity_by_recording_and_the_users_own_stays(qtbot, window, short_edf, example_recording):
    session = opened(qtbot, window, example_recording)
    page = session.pages.page
    eeg = [i for i, row in enumerate(page.rows) if row.kind == "eeg"]
    low, high = np.quantile(page.data[eeg], [0.025, 0.975], axis=1)
    # typical rows rarely reach over their neighbour's line, and are not flat either
    row_uv = session.display.sensitivity_uv * window.traces.row_mm(page)
    assert 0.5 < np.median(high - low) / row_uv < 2.5
    qtbot.keyClick(window, Qt.Key.Key_Minus)
    chosen_uv = session.display.sensitivity_uv
    opened(qtbot, window, short_edf)
    assert session.display.sensitivity_uv == chosen_uv
    session.show_as(replace(session.display, sensitivity_uv=500.0))
    qtbot.keyClick(window, Qt.Key.Key_F)
    fitted_uv = session.display.sensitivity_uv
    assert fitted_uv < 200.0
    opened(qtbot, window, example_recording)  # the choice was given back


def test_jump_keys(qtbot, window, example_recording):
    session = opened(qtbot, window, example_recording)
    store, metric = session.analysis.store, METRICS["nrmse"]
    worst_s = worst_windows(store, metric.figure, metric.low_is_bad)
    seen_s = []
    for _ in worst_s:
        qtbot.keyClick(window, Qt.Key.Key_N)
        seen_s.append(session.selection.cursor_s)
    np.testing.assert_allclose(seen_s, worst_s if worst_s[0] > 0 else [*worst_s[1:], worst_s[0]])
    qtbot.keyClick(window, Qt.Key.Key_P)
    assert session.selection.cursor_s in worst_s
    changes_s = class_changes(store)
    session.seek(0.0)
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    if changes_s.size:
        assert session.selection.cursor_s == changes_s[0]
    else:
        qtbot.settle(window)
        assert "never changes" in window.banner.notices()[0].message
    onsets_s = sorted({a.onset_s for a in session.document.info.annotations if a.onset_s > 0})
    session.seek(0.0)
    qtbot.keyClick(window, Qt.Key.Key_Period)
    assert session.selection.cursor_s == onsets_s[0]
    assert session.selection.page_start_s <= onsets_s[0] < session.selection.page_stop_s


def test_two_points_measure_time_and_value(qtbot, window, short_edf):
    session = opened(qtbot, window, short_edf)
    click_trace(qtbot, window, 2.0)
    first_s = session.selection.cursor_s
    qtbot.settle(window)
    click_trace(qtbot, window, 3.0, modifier=Qt.KeyboardModifier.ShiftModifier)
    qtbot.settle(window)
    second_s = session.selection.cursor_s
    assert window.traces.measured == (first_s, second_s)
    text = window.traces.readout()
    index = window.traces._row_near(*window.traces._near)
    page = session.pages.page
    delta_uv = page.value_at(index, second_s) - page.value_at(index, first_s)
    assert f"Δ {second_s - first_s:+.3f} s" in text
    assert f"Δ {delta_uv:+.1f} µV".replace("-", "−") in text
    click_trace(qtbot, window, 5.0)
    assert window.traces.measured is None


def test_residual_is_original_minus_reconstruction(qtbot, window, short_edf):
    session = opened(qtbot, window, short_edf)
    qtbot.keyClick(window, Qt.Key.Key_D)
    qtbot.settle(window)
    state, overlay = window.traces.state, window.traces._overlay
    assert state.display.residual
    assert "residual" in window.traces._note.text()
    np.testing.assert_allclose(overlay.residual, overlay.original - overlay.predicted, atol=1e-4)
    x, _ = window.traces._plot._curves["predicted"].getData()
    assert x is None or not len(x)
    assert np.isfinite(window.traces._plot._curves["residual"].getData()[1]).any()
    assert session.display.residual


def test_channel_search(qtbot, window, example_recording):
    session = opened(qtbot, window, example_recording)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    channels = window.channels
    assert channels._search.hasFocus()
    qtbot.keyClicks(channels._search, "o2")
    shown = [i for i in range(channels._table.rowCount()) if not channels._table.isRowHidden(i)]
    assert [channels.state.channels[i].electrode for i in shown] == ["O2"]
    qtbot.keyClick(channels._search, Qt.Key.Key_Return)
    assert session.selection.electrode == "O2"
    channels._search.clear()
    assert not any(channels._table.isRowHidden(i) for i in range(channels._table.rowCount()))
