"""The timelines: figures against sums done by hand, batch after batch as all at once, clicks and drags."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from samba_gui.core.quality import QualitySums
from samba_gui.core.recording import Annotation
from samba_gui.ui.palette import lookup_table, name_colour
from samba_gui.ui.theme import DARK, LIGHT
from samba_gui.ui.timeline.bands import Band, lay_out_bands
from samba_gui.ui.timeline.columns import Columns, merged, pending_spans
from samba_gui.ui.timeline.metrics import HONEST, METRICS
from samba_gui.ui.timeline.panel import TimelinePanel
from samba_gui.ui.timeline.pictures import LEVELS, Pictures, paint_areas, paint_strip
from samba_gui.ui.timeline.sides import head_words
from samba_gui.ui.timeline.state import AnalysisTrack, HeadTrack, QualityTrack, TimelineState

WINDOWS, PAIRS, CHANNELS, BINS, SAMPLES = 6, 2, 5, 10, 64


def make_state(seed: int = 0) -> tuple[TimelineState, np.ndarray, np.ndarray]:
    """Six windows of 10 s with a gap of 5 s after the third; the last one lasts 4 s."""
    rng = np.random.default_rng(seed)
    onsets_s = np.array([0.0, 10, 20, 35, 45, 55])
    durations_s = np.array([10.0] * 5 + [4])
    shape = (WINDOWS, PAIRS, CHANNELS, BINS, SAMPLES)
    x = rng.standard_normal(shape)
    y = 0.7 * x + 0.3 * rng.standard_normal(shape)
    x[-1, :, :, 4:], y[-1, :, :, 4:] = 0, 0
    n = np.full(shape[:-1], float(SAMPLES))
    n[-1, :, :, 4:] = 0
    fields = (n, ((x - y) ** 2).sum(-1), (x**2).sum(-1), x.sum(-1), y.sum(-1))
    fields += ((x * x).sum(-1), (y * y).sum(-1), (x * y).sum(-1))
    probabilities = rng.dirichlet([1, 1], WINDOWS).astype(np.float32)
    probabilities[4] = np.nan
    state = TimelineState(
        duration_s=60.0,
        page_start_s=10.0,
        cursor_s=12.0,
        gaps=((30.0, 35.0),),
        annotations=(Annotation(3, 5, "T1"), Annotation(40, 0, "blink")),
        places={"T1": 0, "blink": 3},
        analysis=AnalysisTrack(onsets_s, durations_s, np.ones(WINDOWS, bool), 1),
        quality=QualityTrack(
            QualitySums(*(f.astype(np.float32) for f in fields)), 1.0, tuple("ABCDE"), np.full(CHANNELS, 12.0)
        ),
        heads=(
            HeadTrack(
                "Eyes",
                ("open", "closed"),
                probabilities,
                np.array([0, 0, 0, 0, 3, 0], np.uint8),
                True,
                21,
            ),
        ),
    )
    return state, x, y


@pytest.fixture
def panel(qtbot) -> TimelinePanel:
    panel = TimelinePanel()
    qtbot.addWidget(panel)
    panel.resize(1000, 260)
    panel.show()
    panel.set_state(make_state()[0])
    QApplication.processEvents()
    return panel


def pictures_of(state: TimelineState) -> Pictures:
    assert state.analysis is not None
    assert state.quality is not None
    tracks = state.analysis, state.quality, state.heads
    pictures = Pictures(state.duration_s, *tracks, state.metric, state.theme)
    pictures.take(state.analysis, state.quality, state.heads, state.metric)
    return pictures


# --- numbers


@pytest.mark.parametrize("metric", METRICS)
def test_figures_of_a_column_are_those_of_its_samples(metric: str) -> None:
    state, x, y = make_state()
    state = replace(state, metric=metric)
    pictures = pictures_of(state)
    values, median, per_pair = pictures.values_at(47.5, state.quality)
    a, b = x[4, :, :, 2], y[4, :, :, 2]  # the fifth window's third second: (pairs, channels, samples)

    def figure(original: np.ndarray, predicted: np.ndarray) -> float:
        mse = np.mean((original - predicted) ** 2)
        return {
            "nrmse": np.sqrt(mse) / original.std(),
            "skill": 1 - mse / np.mean(original**2),
            "correlation": np.corrcoef(original.ravel(), predicted.ravel())[0, 1],
            "error_uv": 12 * np.sqrt(mse),
        }[metric]

    expected = [figure(a[:, c], b[:, c]) for c in range(CHANNELS)]
    np.testing.assert_allclose(values, expected, rtol=2e-4)
    assert median == pytest.approx(np.median(expected), rel=2e-4)
    pairs = [np.median([figure(a[p, c], b[p, c]) for c in range(CHANNELS)]) for p in range(PAIRS)]
    np.testing.assert_allclose(per_pair, pairs, rtol=2e-4)


def test_batch_by_batch_is_as_all_at_once() -> None:
    state, _, _ = make_state()
    whole = pictures_of(state)
    filled = np.zeros(WINDOWS, bool)
    track = replace(state.analysis, filled=filled)
    pictures = Pictures(60.0, track, state.quality, state.heads, "nrmse", LIGHT)
    assert not pictures.strip.any()
    for batch in ([0], [1, 2], [5], [3, 4]):
        filled[batch] = True
        pictures.take(track, state.quality, state.heads, "nrmse")
    np.testing.assert_array_equal(pictures.strip, whole.strip)
    np.testing.assert_array_equal(pictures.areas[0], whole.areas[0])
    np.testing.assert_array_equal(pictures.median, whole.median)


def test_gap_and_end_have_no_figures() -> None:
    pictures = pictures_of(make_state()[0])
    empty = np.flatnonzero(np.isnan(pictures.median))
    np.testing.assert_array_equal(empty, [30, 31, 32, 33, 34, 59])
    assert not pictures.strip[:, empty].any()
    assert not pictures.areas[0][:, 45:55].any()  # where the head abstains


def test_long_recordings_share_columns() -> None:
    onsets_s = np.arange(0, 86400, 10.0)
    track = AnalysisTrack(onsets_s, np.full(8640, 10.0), np.ones(8640, bool), 1)
    columns = Columns(86400.0, track, 1.0)
    assert columns.n == 1200
    assert columns.column_s == 72.0
    rng = np.random.default_rng(0)
    sums = QualitySums(*(rng.random((8640, 1, 2, 10)).astype(np.float32) for _ in QualitySums.FIELDS))
    quality = QualityTrack(sums, 1.0, ("A", "B"), np.ones(2))
    pictures = Pictures(86400.0, track, quality, (), "nrmse", LIGHT)
    pictures.take(track, quality, (), "nrmse")
    # the second column: bins 72 … 143
    error = sums.error[:, 0].transpose(0, 2, 1).reshape(-1, 2)[72:144].sum(axis=0, dtype=np.float64)
    np.testing.assert_allclose(pictures._quality.sums.error[1, 0], error)


def test_metric_can_change() -> None:
    state, _, _ = make_state()
    pictures = pictures_of(state)
    pictures.take(state.analysis, state.quality, state.heads, "skill")
    np.testing.assert_array_equal(pictures.strip, pictures_of(replace(state, metric="skill")).strip)


def test_colours_have_fixed_limits() -> None:
    picture = np.zeros((2, 3, 4), np.uint8)
    paint_strip(picture, np.array([0, 2]), np.array([[0.0, 99.0], [0.75, np.nan]]), METRICS["nrmse"])
    table = lookup_table("cividis")
    np.testing.assert_array_equal(picture[:, 0], [table[0], table[255]])
    np.testing.assert_array_equal(picture[0, 2], table[128])
    assert not picture[1, 2].any()
    assert not picture[:, 1].any()


def test_a_head_that_learned_here_says_so_however_little_room_there_is() -> None:
    (head,) = make_state()[0].heads
    here = replace(head, title="mine", one_recording=True, trained_here=True)
    low, high = ([text for text, _ in head_words(here, Band(0, height), LIGHT)] for height in (14, 40))
    assert low == ["trained here: mine"]
    assert high == ["mine", "trained on this recording", "calibrated within one recording"]


def test_areas_are_as_high_as_the_probabilities() -> None:
    for theme in (LIGHT, DARK):
        picture = np.zeros((LEVELS, 2, 4), np.uint8)
        paint_areas(picture, np.array([0, 1]), np.array([[0.25, 0.5, 0.25], [np.nan] * 3]), theme)
        colours = [name_colour(i, theme).getRgb() for i in range(3)]
        column = [tuple(pixel) for pixel in picture[::-1, 0].tolist()]
        ground = (0, 0, 0, 0)  # a line between two classes
        expected = [colours[0]] * 15 + [ground] * 2 + [colours[1]] * 30 + [ground] * 2 + [colours[2]] * 15
        assert column == expected
        assert not picture[:, 1].any()


def test_pending_stretches_are_merged_but_not_over_a_gap() -> None:
    state, _, _ = make_state()
    track = replace(state.analysis, filled=np.array([True, False, False, False, True, False]))
    assert pending_spans(track) == ((10.0, 30.0), (35.0, 45.0), (55.0, 59.0))
    assert merged(track, np.zeros(WINDOWS, bool)) == ()


@pytest.mark.parametrize("heads", [0, 1, 2])
@pytest.mark.parametrize("height_px", [150, 188, 260, 600])
def test_bands_fit_and_do_not_overlap(heads: int, height_px: int) -> None:
    bands = lay_out_bands(height_px, heads)
    order = [bands.curve, bands.strip, *bands.heads, bands.notes]
    for above, below in pairwise(order):
        assert above.bottom < below.top
    assert order[-1].bottom <= height_px


# --- the panel


def test_states_without_results_draw(panel: TimelinePanel) -> None:
    state = panel.state
    for other in (
        TimelineState(),
        replace(state, analysis=None, quality=None, heads=()),
        replace(state, theme=DARK),
        replace(state, heads=()),
        state,
    ):
        panel.set_state(other)
        QApplication.processEvents()
        assert not panel.grab().isNull()


def test_batches_arrive_in_place(panel: TimelinePanel) -> None:
    state, _, _ = make_state()
    filled = np.zeros(WINDOWS, bool)
    panel.set_state(replace(state, analysis=replace(state.analysis, filled=filled, revision=0)))
    kept = panel._pictures
    assert [span[:2] for span in panel._plot._pending._spans] == [(0.0, 30.0), (35.0, 59.0)]
    filled[:3] = True
    panel.set_state(replace(state, analysis=replace(state.analysis, filled=filled, revision=1)))
    assert panel._pictures is kept
    assert [span[:2] for span in panel._plot._pending._spans] == [(35.0, 59.0)]
    assert np.isfinite(kept.median[:30]).all()
    panel.set_state(make_state(1)[0])
    assert panel._pictures is not kept


def test_tips_tell_the_numbers(panel: TimelinePanel) -> None:
    bands = panel._bands
    tip = panel.tip_at(47.5, bands.strip.top + 1)
    assert tip.startswith("47.5 s\nError (NRMSE), median of 5 channels: ")
    assert "\nA: " in tip
    assert "mask pairs: " in tip
    assert panel.tip_at(32.0, bands.strip.top + 1) == "32.0 s\ngap in the recording"
    probabilities = panel.state.heads[0].probabilities[0]
    eyes = panel.tip_at(5.0, bands.heads[0].top + 2)
    assert eyes == (
        "5.0 s\nEyes, calibrated on 21 held-out subjects\n"
        f"open: {probabilities[0]:.2f}\nclosed: {probabilities[1]:.2f}"
    )
    assert "amplitude outside the range" in panel.tip_at(46.0, bands.heads[0].top + 2)
    assert panel.tip_at(4.0, bands.notes.top + 1) == "4.0 s\nT1 (5 s)"
    assert "blink" in panel.tip_at(40.1, bands.notes.top + 1)
    assert panel.tip_at(59.5, bands.strip.top + 1) == "59.5 s\nnot analysed"


def test_the_strip_says_what_its_error_is(panel: TimelinePanel) -> None:
    assert HONEST in panel._titles.tip_at(panel._bands.strip.top + 5)
    assert panel._titles.whatsThis() == HONEST
    assert "the line is at chance" in panel._titles.tip_at(panel._bands.heads[0].top + 5)


def test_uncalibrated_and_abstaining_heads_are_hatched(panel: TimelinePanel) -> None:
    (items,) = panel._plot._heads
    assert [span[:2] for span in items._abstained._spans] == [(45.0, 55.0)]
    assert not items._uncalibrated._spans
    head = replace(panel.state.heads[0], calibrated=False)
    assert head.calibration() == "uncalibrated"
    panel.set_state(replace(panel.state, heads=(head,), analysis=replace(panel.state.analysis, revision=2)))
    assert [span[:2] for span in items._uncalibrated._spans] == [(0.0, 30.0), (35.0, 45.0), (55.0, 59.0)]


def spot(panel: TimelinePanel, time_s: float) -> QPoint:
    return panel._plot.box.mapViewToScene(QPointF(time_s, 60)).toPoint()


def test_click_moves_the_cursor(qtbot, panel: TimelinePanel) -> None:
    with qtbot.waitSignal(panel.cursor_moved) as caught:
        qtbot.mousePress(panel._plot.viewport(), Qt.MouseButton.LeftButton, pos=spot(panel, 50.0))
    assert caught.args == [pytest.approx(50.0, abs=0.1)]
    with qtbot.waitSignal(panel.cursor_moved) as caught:
        qtbot.mouseClick(panel._plot.viewport(), Qt.MouseButton.LeftButton, pos=spot(panel, 15.0))
    assert caught.args == [pytest.approx(15.0, abs=0.1)]


def test_dragging_the_frame_moves_the_page(qtbot, panel: TimelinePanel) -> None:

    viewport = panel._plot.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=spot(panel, 12.0))
    with qtbot.waitSignal(panel.seek_requested) as caught:
        QApplication.sendEvent(
            viewport,
            QMouseEvent(
                QEvent.Type.MouseMove,
                QPointF(spot(panel, 32.0)),
                QPointF(spot(panel, 32.0)),
                Qt.MouseButton.NoButton,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            ),
        )
    assert caught.args == [pytest.approx(30.0, abs=0.2)]
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=spot(panel, 32.0))


def test_light_and_dark_differ(panel: TimelinePanel) -> None:
    panel.set_state(replace(panel.state, theme=LIGHT))
    light = panel.grab().toImage().pixelColor(2, 2).lightness()
    panel.set_state(replace(panel.state, theme=DARK))
    assert panel.grab().toImage().pixelColor(2, 2).lightness() < 60 < 200 < light
