"""The traces panel: where values land, what is laid over them, what the user's hands cause."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from samba_gui.core.recording import Annotation, ChannelKind
from samba_gui.core.results import Reconstruction
from samba_gui.engine.page_rows import PageRow
from samba_gui.engine.pages import Page
from samba_gui.session.display import Display
from samba_gui.ui.palette import name_colour
from samba_gui.ui.panels.channels import ChannelLine, ChannelsPanel, ChannelsState
from samba_gui.ui.screens import ScreenScale
from samba_gui.ui.theme import DARK, LIGHT
from samba_gui.ui.time_axis import on_clock
from samba_gui.ui.traces.marks import round_below
from samba_gui.ui.traces.overlay import lay_over
from samba_gui.ui.traces.panel import TracesPanel
from samba_gui.ui.traces.rows import CLIP_ROWS, lay_out, place, scale_rows
from samba_gui.ui.traces.state import TracesState


def make_page(n_eeg: int = 4, start_s: float = 20.0, with_ecg: bool = True, amp_uv: float = 20.0) -> Page:
    times_s = start_s + np.arange(1280) / 128
    rows = [PageRow(f"E{i}", ChannelKind.EEG, "µV", "EEG", (f"EEG E{i}",)) for i in range(n_eeg)]
    if with_ecg:
        rows.append(PageRow("ECG", ChannelKind.ECG, "µV", "ECG", ("ECG",)))
    phases = np.arange(len(rows))[:, None]
    data = amp_uv * np.sin(2 * np.pi * 2 * times_s + phases)
    return Page(start_s, 10.0, times_s, data, tuple(rows))


def make_reconstruction(n: int = 4, onset_s: float = 20.0, seconds: float = 10.0) -> Reconstruction:
    times = round(seconds * 128)
    rng = np.random.default_rng(0)
    original = rng.standard_normal((n, times)).astype(np.float32)
    masked = np.arange(times) // 64 % 2 == 0
    return Reconstruction(2, onset_s, 128.0, original, original * 0.5, masked)


LABELS = tuple(f"EEG E{i}" for i in range(4))


@pytest.fixture
def panel(qtbot) -> TracesPanel:
    panel = TracesPanel()
    qtbot.addWidget(panel)
    panel.resize(1000, 500)
    panel.show()
    panel.set_state(TracesState(make_page(), duration_s=61.0))
    QApplication.processEvents()
    return panel


def picture(panel: TracesPanel) -> np.ndarray:
    image = panel.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def drawn(panel: TracesPanel, curve: str) -> tuple[np.ndarray, np.ndarray]:
    x, y = panel._plot._curves[curve].getData()
    return (np.empty(0), np.empty(0)) if x is None else (x, y)


# --- rows and scales


def test_groups_are_apart_and_other_channels_taller() -> None:
    layout = lay_out(make_page(3).rows)
    np.testing.assert_allclose(layout.centres, [0.5, 1.5, 2.5, 3 + 0.7 + 1.0])
    assert layout.total == pytest.approx(5.7)
    assert layout.nearest(1.4) == 1
    assert layout.nearest(99) == 3


@pytest.mark.parametrize("positive_up", [True, False])
def test_polarity_scale_and_clipping(positive_up: bool) -> None:
    page = replace(make_page(2), data=np.array([[50.0, -50, np.nan], [1e6, 0, 0], [500, 0, 0]]))
    layout = lay_out(page.rows)
    display = Display(sensitivity_uv=25.0, positive_up=positive_up)
    scales = scale_rows(page.rows, page.data, display.uv_per_mm, row_mm=2.0)
    heights = place(page.data, layout, scales, positive_up) - layout.centres[:, None]
    sign = -1 if positive_up else 1
    np.testing.assert_allclose(heights[0], [sign, -sign, np.nan])
    assert heights[1, 0] == sign * CLIP_ROWS
    assert scales[2].text == "250 µV/mm"
    assert heights[2, 0] == sign
    kept = place(page.data, layout, scales, positive_up, clipped=True) - layout.centres[:, None]
    np.testing.assert_allclose(kept[:, 0], [0.5 * sign, 0.5 * sign, sign])  # the ECG's row is twice as high


def test_channels_without_microvolts_fit_their_row() -> None:
    row = PageRow("GYROX", ChannelKind.MOTION, "a.u.", "motion", ("GYROX",))
    values = np.array([[8000.0, 8100.0, np.nan]])
    (scale,) = scale_rows((row,), values, Display().uv_per_mm, 5.0)
    heights = place(values, lay_out((row,)), [scale], True)
    assert np.nanmax(heights) - np.nanmin(heights) < 2.0
    assert scale.text == "8000 … 8100 a.u."
    np.testing.assert_array_equal(
        heights, place(values, lay_out((row,)), [scale], False)
    )  # never turned over
    (zoomed,) = scale_rows((row,), values, Display().uv_per_mm, 5.0, zoom=4.0)
    assert zoomed.per_row == scale.per_row / 4
    assert zoomed.text == "8000 … 8100 a.u., ×4"
    (flat,) = scale_rows((row,), np.full((1, 3), 7.0), Display().uv_per_mm, 5.0)
    assert flat.per_row == 1.0


@pytest.mark.parametrize(
    ("value", "bar"), [(0.9, 0.5), (99.0, 50.0), (100.0, 100.0), (0.012, 0.01), (2e4, 2e4)]
)
def test_bars_have_round_lengths(value: float, bar: float) -> None:
    assert round_below(value) == bar


def test_clock() -> None:
    assert on_clock(59.96, 86340.0, 1) == "00:00:00.0"
    assert on_clock(61.0, 36000.0) == "10:01:01"


# --- the overlay


def test_overlay_shows_the_prediction_in_masked_spans_only() -> None:
    page, window = make_page(), make_reconstruction()
    first = lay_over(page, [window], LABELS, 0)
    second = lay_over(page, [window], LABELS, 1)
    assert first is not None
    assert second is not None
    np.testing.assert_array_equal(first.rows, [0, 1, 2, 3])  # not the ECG
    hidden = window.masked_first
    np.testing.assert_allclose(first.predicted[:, :1280][:, hidden], window.predicted[:, hidden])
    assert np.isnan(first.predicted[:, :1280][:, ~hidden]).all()
    np.testing.assert_array_equal(np.isnan(second.predicted[:, :1280]), ~np.isnan(first.predicted[:, :1280]))
    assert first.masked[0] == (20.0, 20.5)
    assert second.masked[0] == (20.5, 21.0)
    assert first.covered == ((20.0, 30.0),)


def test_overlay_of_a_bipolar_row_is_the_difference() -> None:
    rows = (PageRow("E0-E2", ChannelKind.EEG, "µV", "", ("EEG E0", "EEG E2"), (1.0, -1.0)),)
    page = replace(make_page(), rows=rows, data=np.zeros((1, 1280)))
    window = make_reconstruction()
    overlay = lay_over(page, [window], LABELS, 0)
    assert overlay is not None
    np.testing.assert_allclose(
        overlay.original[0, :1280], window.original[0] - window.original[2], rtol=1e-5, atol=1e-6
    )
    assert lay_over(page, [window], LABELS, 0, frozenset({"EEG E2"})) is None


def test_overlay_leaves_out_other_pages_and_unknown_channels() -> None:
    page = make_page()
    assert lay_over(page, [make_reconstruction(onset_s=40.0)], LABELS, 0) is None
    assert lay_over(page, [make_reconstruction()], ("X1", "X2", "X3", "X4"), 0) is None
    partly = lay_over(page, [make_reconstruction(onset_s=15.0)], LABELS, 0)
    assert partly is not None
    assert 20 - 1 / 64 <= np.nanmin(partly.times_s) <= 20
    assert np.nanmax(partly.times_s) < 25


def test_original_of_the_model_stands_in_for_the_trace(panel: TracesPanel) -> None:
    state = replace(
        panel.state,
        show_overlay=True,
        reconstructions=(make_reconstruction(seconds=5.0),),
        model_labels=LABELS,
        overlay_note="model's band 0.5–40 Hz",
    )
    panel.set_state(state)
    x, y = drawn(panel, "trace")
    eeg = y.reshape(5, -1)[:4]
    inside = (x[:1280] >= 20) & (x[:1280] < 25)
    assert np.isnan(eeg[:, :1280][:, inside]).all()
    assert np.isfinite(eeg[:, :1280][:, ~inside]).all()
    assert np.isfinite(y.reshape(5, -1)[4, :1280]).all()
    assert np.isfinite(drawn(panel, "predicted")[1]).sum() == 4 * 320
    assert "model's band 0.5–40 Hz" in panel._note.text()
    panel.set_state(replace(state, selected=frozenset({"EEG E1"})))  # highlighted under the overlay too
    assert np.isfinite(drawn(panel, "picked")[1]).sum() == 640
    assert np.isfinite(drawn(panel, "original")[1]).sum() == 3 * 640
    panel.set_state(replace(state, show_overlay=False))
    assert not drawn(panel, "predicted")[0].size
    assert np.isfinite(drawn(panel, "trace")[1]).sum() == 5 * 1280


# --- drawing


def test_what_a_microvolt_is_worth_on_screen(panel: TracesPanel) -> None:
    """The scale bar and the trace agree: 20 µV of amplitude against pixels in the picture."""
    panel.set_state(
        replace(
            panel.state,
            page=make_page(1, with_ecg=False, amp_uv=20.0),
            display=Display(sensitivity_uv=1.0),
            cursor_s=99.0,
        )
    )
    QApplication.processEvents()
    plot = panel._plot
    dark = picture(panel).sum(axis=2) < 250
    left = panel._names.width() + 10
    heights = np.flatnonzero(dark[40:-70, left : left + 600].any(axis=1))
    uv_per_px = plot._bars._uv_per_px
    assert (np.ptp(heights)) * uv_per_px == pytest.approx(40.0, abs=2.5 * uv_per_px)


def test_calibrated_screen_gives_microvolts_per_mm(panel: TracesPanel) -> None:
    panel.set_state(
        replace(panel.state, display=Display(sensitivity_uv=7.0), screen=ScreenScale(4.0, calibrated=True))
    )
    assert panel._plot._bars._uv_per_px == pytest.approx(7.0 / 4.0)
    assert "7 µV/mm" in panel._names._title
    assert "uncalibrated" not in panel._names._title
    panel.resize(1000, 900)
    QApplication.processEvents()
    assert panel._plot._bars._uv_per_px == pytest.approx(7.0 / 4.0)


def test_axis_says_polarity_and_that_it_is_uncalibrated(panel: TracesPanel) -> None:
    assert panel._names._title.startswith("positive up")
    assert "10 µV/mm, uncalibrated" in panel._names._title
    panel.set_state(replace(panel.state, display=Display(positive_up=False)))
    assert panel._names._title.startswith("negative up")


def test_bad_and_selected_channels_have_curves_of_their_own(panel: TracesPanel) -> None:
    panel.set_state(replace(panel.state, bads=frozenset({"EEG E1"}), selected=frozenset({"EEG E2"})))
    assert np.isfinite(drawn(panel, "bad")[1]).sum() == 1280
    assert np.isfinite(drawn(panel, "selected")[1]).sum() == 1280
    assert np.isfinite(drawn(panel, "trace")[1]).sum() == 3 * 1280


def test_gaps_and_annotations_are_marked(panel: TracesPanel) -> None:
    notes = (Annotation(21, 2, "T1"), Annotation(55, 1, "elsewhere"), Annotation(10, 0, "before"))
    page = replace(make_page(), gaps=((24.0, 26.0),))
    notes += (Annotation(page.start_s - 2, 2, "over when the page begins"),)
    places = {note.description: 0 for note in notes}
    panel.set_state(replace(panel.state, page=page, annotations=notes, places=places))
    assert [span[:2] for span in panel._plot._spans._spans] == [(21, 23)]
    moment = Annotation(22.0, 0.0, "blink")
    panel.set_state(replace(panel.state, annotations=(moment,), places={"blink": 1}))
    pixels = picture(panel)
    line = name_colour(1, panel.state.theme)
    drawn = (pixels == (line.red(), line.green(), line.blue())).all(axis=-1)
    assert drawn.sum(axis=0).max() > 0.5 * len(
        pixels
    )  # it is seen across the traces, not as a hint of a tint
    assert [span[:2] for span in panel._plot._gaps._spans] == [(24.0, 26.0)]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_background_and_ink_are_of_the_theme(panel: TracesPanel, theme) -> None:
    panel.set_state(replace(panel.state, theme=theme))
    pixels = picture(panel)
    base = tuple(int(theme.base[i : i + 2], 16) for i in (1, 3, 5))
    assert tuple(np.median(pixels.reshape(-1, 3), axis=0)) == base


@pytest.mark.parametrize(("rows", "height"), [(19, 300), (64, 500), (64, 900), (250, 600)])
def test_names_never_overlap(panel: TracesPanel, rows: int, height: int) -> None:
    panel.resize(1000, height)
    panel.set_state(replace(panel.state, page=make_page(rows)))
    QApplication.processEvents()
    names = panel._names
    lowest = min(name.height_px for name in names._names)
    assert names.columns * lowest >= names.font_px
    assert names.font_px >= 8
    assert panel._scroll.isVisible() == (rows == 250)


def test_many_channels_scroll(panel: TracesPanel) -> None:
    panel.set_state(replace(panel.state, page=make_page(250)))
    QApplication.processEvents()
    panel._scroll.setValue(panel._scroll.maximum())
    assert panel._names._names[-1].y_px < panel._names.height()
    assert panel._names._names[0].y_px < 0


def test_empty_panel_draws(panel: TracesPanel) -> None:
    panel.set_state(TracesState())
    QApplication.processEvents()
    assert panel.readout() == ""
    assert picture(panel).size


def test_unchanged_state_draws_nothing_anew(panel: TracesPanel) -> None:
    before = drawn(panel, "trace")[0]
    panel.set_state(replace(panel.state, cursor_s=24.0))
    assert drawn(panel, "trace")[0] is before


def test_readout_tells_time_and_value(panel: TracesPanel) -> None:
    panel.set_state(replace(panel.state, cursor_s=20.125, clock_start_s=36000.0))
    value = 20 * np.sin(2 * np.pi * 2 * 20.125)
    assert panel.readout() == f"10:00:20.12 · 20.12 s · E0 {value:.1f} µV"
    page = replace(panel.state.page, gaps=((20.0, 21.0),))
    panel.set_state(replace(panel.state, page=page))
    assert panel.readout().endswith("E0 no signal")


def test_what_is_cut_off_is_counted(panel: TracesPanel) -> None:
    assert "cut off" not in panel._note.text()
    data = panel.state.page.data.copy()
    data[:2, 100] = 1e5
    panel.set_state(replace(panel.state, page=replace(panel.state.page, data=data)))
    assert "2 traces cut off, too large for this sensitivity" in panel._note.text()
    odd = replace(make_page(), notes=("<b>mine</b>: 1 of 2 rows",))
    panel.set_state(replace(panel.state, page=odd))
    assert panel._note.text() == "&lt;b&gt;mine&lt;/b&gt;: 1 of 2 rows"
    assert panel._note.toolTip() == panel._note.text()


def test_256_channels_are_listed_once_and_then_only_what_changed(qtbot) -> None:
    panel = ChannelsPanel()
    qtbot.addWidget(panel)
    panel.resize(400, 700)
    panel.show()
    lines = tuple(ChannelLine(f"EEG {i}", f"E{i}", "EEG", "", False, True) for i in range(256))
    panel.set_state(ChannelsState(channels=lines))
    QApplication.processEvents()
    kept = panel._table.item(5, 2)
    started_s = time.process_time()
    panel.set_state(ChannelsState(channels=(replace(lines[0], bad=True), *lines[1:])))
    QApplication.processEvents()
    assert time.process_time() - started_s < 5.0  # it was half a minute
    assert panel._table.item(5, 2) is kept
    assert panel._table.item(0, 0).checkState() == Qt.CheckState.Unchecked


# --- intents


@pytest.mark.parametrize(
    ("key", "start_s"),
    [
        (Qt.Key.Key_PageDown, 30.0),
        (Qt.Key.Key_PageUp, 10.0),
        (Qt.Key.Key_Right, 21.0),
        (Qt.Key.Key_Left, 19.0),
        (Qt.Key.Key_Home, 0.0),
        (Qt.Key.Key_End, 51.0),
    ],
)
def test_paging_keys(qtbot, panel: TracesPanel, key: Qt.Key, start_s: float) -> None:
    with qtbot.waitSignal(panel.seek_requested) as caught:
        qtbot.keyClick(panel, key)
    assert caught.args == [pytest.approx(start_s)]


@pytest.mark.parametrize(
    ("key", "step"), [(Qt.Key.Key_Plus, 1), (Qt.Key.Key_Equal, 1), (Qt.Key.Key_Minus, -1)]
)
def test_sensitivity_keys(qtbot, panel: TracesPanel, key: Qt.Key, step: int) -> None:
    with qtbot.waitSignal(panel.sensitivity_step) as caught:
        qtbot.keyClick(panel, key)
    assert caught.args == [step]


def wheel(panel: TracesPanel, steps: int, modifiers: Qt.KeyboardModifier) -> None:
    position = QPointF(300, 200)
    event = QWheelEvent(
        position,
        position,
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel._plot.viewport(), event)


def test_wheel_scrolls_and_changes_the_time_base(qtbot, panel: TracesPanel) -> None:
    with qtbot.waitSignal(panel.seek_requested) as caught:
        wheel(panel, -1, Qt.KeyboardModifier.NoModifier)
    assert caught.args == [pytest.approx(21.0)]
    with qtbot.waitSignal(panel.time_base_step) as caught:
        wheel(panel, 1, Qt.KeyboardModifier.ControlModifier)
    assert caught.args == [-1]


def test_click_and_drag_move_the_cursor_and_select(qtbot, panel: TracesPanel) -> None:
    viewport = panel._plot.viewport()
    box = panel._plot.box
    point = box.mapViewToScene(QPointF(23.0, 1.5)).toPoint()
    with qtbot.waitSignal(panel.cursor_moved) as moved, qtbot.waitSignal(panel.channel_selected) as selected:
        qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=point)
    assert moved.args == [pytest.approx(23.0, abs=0.02)]
    assert selected.args == ["EEG E1"]
    outside = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(5000, 50),
        QPointF(5000, 50),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(panel.cursor_moved) as caught:
        QApplication.sendEvent(viewport, outside)
    assert caught.args == [30.0]


def test_click_on_a_name_toggles_bad(qtbot, panel: TracesPanel) -> None:
    names = panel._names
    with qtbot.waitSignal(panel.channel_toggled_bad) as caught:
        qtbot.mouseClick(
            names, Qt.MouseButton.LeftButton, pos=QPoint(names.width() - 10, round(names._names[2].y_px))
        )
    assert caught.args == ["EEG E2"]


def test_name_tells_its_label_and_scale(panel: TracesPanel) -> None:
    ecg = panel._names._names[-1]
    assert ecg.tip() == "ECG\nscale 100 µV/mm\nclick to mark it bad"
    spot = QPoint(30, round(ecg.y_px))
    QApplication.sendEvent(
        panel._names, QHelpEvent(QEvent.Type.ToolTip, spot, panel._names.mapToGlobal(spot))
    )
    assert QToolTip.text() == ecg.tip()
    QToolTip.hideText()


def test_no_scroll_bar_where_all_rows_fit(panel: TracesPanel) -> None:
    panel.set_state(replace(panel.state, page=make_page(37)))
    for height in range(420, 440):
        panel.resize(1000, height)
        QApplication.processEvents()
        assert not panel._scroll.isVisible()
