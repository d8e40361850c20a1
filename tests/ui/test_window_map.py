"""The map of the windows in the real window: drawn, clicked, encircled, walked through, exported."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor

from samba_gui.core.plain import from_plain, to_plain
from samba_gui.io.results import read_results
from samba_gui.session.analysis import Phase
from samba_gui.session.selection import Selection
from samba_gui.ui.window_map.geometry import far_out, inside, next_that_way, shown_range
from samba_gui.ui.window_map.state import MapView, in_words

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def opened(qtbot, window, example_recording):
    """The example, analysed, with the map in front."""
    window.resize(1280, 800)
    window.open_files([str(example_recording)])
    window.show_panel("map")
    qtbot.settle(window)
    return window


def drag(qtbot, widget, corners, modifier=Qt.KeyboardModifier.NoModifier):
    points = [QPoint(round(x), round(y)) for x, y in corners]
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, modifier, points[0])
    for point in points[1:]:
        qtbot.mouseMove(widget, point)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, modifier, points[-1])


def test_the_map_shows_the_svd_of_what_the_worker_stored(qtbot, opened):
    session, panel = opened.context.session, opened.map
    stored = read_results(session.analysis.job.results_path)
    x = stored.batch.features.astype(np.float64)
    assert x.shape == (30, 1152)
    spread = x.std(axis=0)
    z = (x - x.mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    u, s, _ = np.linalg.svd(z, full_matrices=False)
    places = panel.state.places
    for axis in range(2):
        wanted = u[:, axis] * s[axis]
        wanted *= np.sign(wanted @ places[:, axis])
        np.testing.assert_allclose(places[:, axis], wanted, rtol=1e-2, atol=0.02 * s[0] / 30)
    assert f"{100 * s[0] ** 2 / (s**2).sum():.1f}" in panel.scree.words()
    words = in_words(panel.state)
    assert "no physiological meaning" in words
    assert "shuffled" in words

    # a point is where its coordinates say, in the colour of its class
    panel._on_colour_chosen([key for key, _ in panel.state.choices].index("head:random"))
    qtbot.settle(opened)
    colouring = panel.state.colouring
    pixels = panel.plot.points_px()
    picture = panel.plot.grab().toImage()
    lonely = [
        i
        for i, p in enumerate(pixels)
        if np.sort(np.hypot(*(pixels - p).T))[1] > 12 and not panel.state.on_page[i]
    ]
    assert lonely
    for i in lonely:
        colour = picture.pixelColor(QPointF(*pixels[i]).toPoint())
        assert colour == QColor(*colouring.colours()[i].tolist())
    assert sum(colouring.counts()) == 30
    assert any("class A" in line for line in panel.legend.lines())


def test_click_lasso_keys_and_annotations(qtbot, opened):
    session, panel, plot = opened.context.session, opened.map, opened.map.plot
    pixels = plot.points_px()
    far = int(np.argmax(np.sort(np.hypot(*(pixels[:, None] - pixels).transpose(2, 0, 1)), axis=1)[:, 1]))
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPointF(*pixels[far]).toPoint())
    assert session.selection.cursor_s == panel.state.onsets_s[far]
    qtbot.settle(opened)
    assert panel.state.current == far
    assert panel.state.on_page[far]
    plain = plot.grab().toImage()

    # a lasso around the left half, by hand: those within are marked
    middle = float(np.median(pixels[:, 0]))
    box = [(2, 2), (middle, 2), (middle, plot.height() - 2), (2, plot.height() - 2)]
    drag(qtbot, plot, box)
    qtbot.settle(opened)
    left = pixels[:, 0] < middle
    np.testing.assert_array_equal(panel.state.marked, left)
    assert f"{int(left.sum())} of 30 windows" in panel._marked.text()
    assert plot.grab().toImage() != plain
    marked = session.selection.marked
    onsets_s = panel.state.onsets_s[left]
    assert sum(b - a for a, b in marked) == pytest.approx(4.0 * left.sum())

    # the timeline shows them as a bar at the top, and nowhere else
    timeline = opened.timeline._plot
    image = timeline.grab().toImage()
    ink = QColor(opened.theme.text)
    for time_s in panel.state.onsets_s + 2.0:
        at = timeline.mapFromScene(timeline.box.mapViewToScene(QPointF(float(time_s), 2)))
        is_marked = any(a < time_s < b for a, b in marked)
        assert (image.pixelColor(at) == ink) == is_marked, time_s

    # ] goes through them and round the end; Shift adds to them
    session.seek(0.0)
    opened.menus.actions["go.next_marked"].trigger()
    expected = onsets_s[onsets_s > 0][0]
    assert session.selection.cursor_s == expected
    opened.menus.actions["go.previous_marked"].trigger()
    assert session.selection.cursor_s in (0.0, onsets_s[-1])
    drag(
        qtbot,
        plot,
        [(middle, 2), (plot.width(), 2), (plot.width(), plot.height()), (middle, plot.height())],
        Qt.KeyboardModifier.ShiftModifier,
    )
    qtbot.settle(opened)
    assert panel.state.marked.all()
    assert session.selection.marked == ((0.0, 120.0),)

    # one change of the document, which can be undone
    drag(qtbot, plot, box)
    qtbot.settle(opened)
    before = session.document.annotations
    opened.annotation_verbs.annotate_marked("cloud")
    added = [note for note in session.document.annotations if note.description == "cloud"]
    assert [(note.onset_s, note.onset_s + note.duration_s) for note in added] == list(
        session.selection.marked
    )
    qtbot.settle(opened)
    opened.menus.actions["edit.undo"].trigger()
    assert session.document.annotations == before
    opened.menus.actions["map.unmark"].trigger()
    assert session.selection.marked == ()
    qtbot.settle(opened)
    assert not panel._annotate.isEnabled()


def test_the_keyboard_walks_and_the_timeline_marks(qtbot, opened):
    session, panel, plot = opened.context.session, opened.map, opened.map.plot
    opened.menus.actions["map.show"].trigger()
    assert plot.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert plot.accessibleName()
    pixels = plot.points_px()
    start = int(pixels[:, 0].argmin())
    session.seek(float(panel.state.onsets_s[start]))
    qtbot.settle(opened)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.settle(opened)
    arrived = panel.state.current
    assert arrived == next_that_way(pixels, start, (1, 0))
    assert arrived != start
    assert "eyes" not in plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Space)
    qtbot.settle(opened)
    assert np.flatnonzero(panel.state.marked).tolist() == [arrived]
    assert "marked" in plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Space)
    qtbot.settle(opened)
    assert not panel.state.marked.any()

    # Shift and a drag in the timeline mark; the page does not move
    timeline = opened.timeline._plot
    page = session.selection.page_start_s

    def at(time_s: float) -> tuple[int, int]:
        point = timeline.mapFromScene(timeline.box.mapViewToScene(QPointF(time_s, 40)))
        return point.x(), point.y()

    drag(qtbot, timeline.viewport(), [at(20), at(30), at(40)], Qt.KeyboardModifier.ShiftModifier)
    qtbot.settle(opened)
    ((a, b),) = session.selection.marked
    assert (a, b) == pytest.approx((20, 40), abs=0.5)
    assert session.selection.page_start_s == page
    drag(qtbot, timeline.viewport(), [at(60), at(70), at(80)], Qt.KeyboardModifier.ControlModifier)
    qtbot.settle(opened)
    assert len(session.selection.marked) == 2
    middles_s = panel.state.onsets_s + 2
    np.testing.assert_array_equal(
        panel.state.marked, ((middles_s > a) & (middles_s < b)) | ((middles_s > 60.3) & (middles_s < 79.7))
    )


def test_tsne_on_demand_and_colours(qtbot, opened):
    session, panel = opened.context.session, opened.map
    pca = panel.state.places
    panel._on_projection_chosen(1)
    qtbot.waitUntil(lambda: panel.state.iteration is not None)
    assert panel._progress.isVisible()
    panel._tsne.click()
    qtbot.settle(opened)
    assert panel.state.places is None
    assert "when it is asked for" in panel.state.why_not
    panel._tsne.click()
    qtbot.settle(opened)
    assert panel.state.places is session.window_map.tsne
    assert panel.state.places.shape == pca.shape
    assert "no unit" in in_words(panel.state)

    stored = read_results(session.analysis.job.results_path)
    panel._on_colour_chosen([key for key, _ in panel.state.choices].index("quality"))
    qtbot.settle(opened)
    expected = np.nanmedian(stored.batch.sums.over(1, 3).nrmse(), axis=1)
    np.testing.assert_allclose(panel.state.colouring.values, expected, rtol=1e-6)
    assert panel.state.colouring.limits == (0.0, 1.5)
    panel._on_colour_chosen([key for key, _ in panel.state.choices].index("annotation"))
    qtbot.settle(opened)
    assert set(panel.state.colouring.names) == {"eyes open", "eyes closed"}
    panel._path.click()
    qtbot.settle(opened)
    assert panel.state.view.path

    # what is shown is remembered with the recording; the export is the verb of the command line
    verbs = opened.menus._groups["export"]
    dialog = verbs.dialog("map_table")
    assert "--what" in dialog.command(("R.h5",))
    dialog.deleteLater()


def test_marked_stretches_join_and_know_their_times():
    selection = Selection().with_marked([(8.0, 12.0), (0.0, 4.0), (4.0, 8.0), (20.0, 24.0)])
    assert selection.marked == ((0.0, 12.0), (20.0, 24.0))
    times_s = np.array([-1.0, 0.0, 5.0, 11.99, 12.0, 19.0, 21.0, 30.0])
    expected = [any(a <= t < b for a, b in selection.marked) for t in times_s]
    assert selection.is_marked(times_s).tolist() == expected
    assert not Selection().is_marked(times_s).any()


def test_a_lasso_holds_what_is_within():
    ring = [(np.cos(a) * 3, np.sin(a) * 3) for a in np.linspace(0, 2 * np.pi, 80, endpoint=False)]
    points = np.random.default_rng(0).uniform(-4, 4, (500, 2))
    radius = np.hypot(*points.T)
    clear = np.abs(radius - 3) > 0.02
    np.testing.assert_array_equal(inside(ring, points)[clear], (radius < 3)[clear])


def test_a_few_points_far_out_do_not_squeeze_the_others():
    places = np.random.default_rng(1).standard_normal((300, 2))
    assert not far_out(places).any()
    np.testing.assert_array_equal(shown_range(places), [places.min(axis=0), places.max(axis=0)])
    places[:3] = [[90.0, 0.0], [0.0, -70.0], [80.0, 80.0]]
    assert np.flatnonzero(far_out(places)).tolist() == [0, 1, 2]
    low, high = shown_range(places)
    assert (high - low < 12).all()
    assert not far_out(np.zeros((5, 2))).any()


def test_results_of_an_older_version_say_what_to_do(qtbot, window, short_edf):
    window.open_files([str(short_edf)])
    window.show_panel("map")
    qtbot.settle(window)
    session = window.context.session
    assert len(window.map.state.places) == 6
    assert (window.map.state.marks > 0).sum() == 1
    with h5py.File(session.analysis.job.results_path, "r+") as file:
        file.attrs["format_version"] = 1
        del file["features"]
    session.analysis.clear()
    session._analyse()
    qtbot.settle(window)
    assert session.analysis.phase == Phase.DONE
    assert window.map.state.places is None
    assert "Analysis ▸ Analyse" in window.map.state.why_not
    window.menus.actions["analysis.run"].trigger()
    qtbot.settle(window)
    assert window.map.state.places is not None

    # six windows are too few for t-SNE
    window.map._on_projection_chosen(1)
    qtbot.waitUntil(lambda: any("needs 10 windows" in n.message for n in window.banner.notices()))
    qtbot.settle(window)
    assert window.map.state.places is None


def test_another_view_does_not_break_a_session():
    view = MapView("tsne", "head:eyes", True)
    assert from_plain(MapView, to_plain(view)) == view
    with pytest.raises(ValueError, match="no projection"):
        from_plain(MapView, {"projection": "umap"})
