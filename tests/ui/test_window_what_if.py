"""What if electrodes were not there: the same numbers as with those channels bad, beside those with all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from samba_gui.core.saie import saie_weights
from samba_gui.ui.head.painted_head import PaintedHead

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def shift_click(qtbot, window, electrode):
    (head,) = (child for child in window.head.findChildren(PaintedHead) if child.isVisible())
    positions = head._head.pixel_positions()
    pixels, visible = positions if isinstance(positions, tuple) else (positions, None)
    row = window.head._state.montage.labels.index(electrode)
    assert visible is None or visible[row]
    x, y = pixels[row] / head.devicePixelRatioF()
    at = QPoint(round(x), round(y))
    qtbot.mouseClick(head, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
    return at


def drawn(window, head, field):
    """The head's pixels for a field."""
    head.set_field(field, head._look, head._tips)
    window.repaint()
    return head._pixels.astype(int)


def test_without_electrodes_is_as_with_them_bad_and_says_so(qtbot, window, short_edf):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session = window.context.session
    whole = session.analysis.store
    assert not window.what_if.isVisible()

    shift_click(qtbot, window, "C3")
    session.pick_electrode("Fp1")
    qtbot.settle(window)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_X)
    qtbot.settle(window)
    labels = session.document.label_of("C3"), session.document.label_of("Fp1")
    assert session.document.left_out == set(labels)
    assert session.document.bads == frozenset()
    reduced = session.analysis.store

    # said everywhere
    assert window.what_if.isVisible()
    assert "What if: without" in window.what_if.words
    shown = window.head._state.describe()
    assert "What if: without C3, Fp1 (crossed circles)." in shown.caption
    assert set(shown.removed.labels) == {"C3", "Fp1"}
    assert window.traces._state.bads == set(labels)
    assert all(track.title.startswith("what if: ") for track in window.timeline.state.heads)

    # the whole analysis stays beside it, and the comparison is what one computes by hand
    effects = session.what_if.effects(reduced, 0)
    assert session.what_if.whole is whole
    assert effects.windows == effects.of == len(whole.filled)
    kept = [i for i, label in enumerate(whole.start.recipe.labels) if label not in labels]
    expected = np.median(whole.sums.over(1, 3).correlation()[:, kept])
    assert effects.correlation.whole == pytest.approx(float(expected))
    assert f"{effects.correlation.whole:.2f} → {effects.correlation.reduced:.2f}" in window.what_if.words

    # the electrodes that are left share all the weight, in the window's own numpy
    config, trained = session.bundle.config, session.bundle.history.trained
    montage = window.head._state.montage
    assert not {"C3", "Fp1"} & set(montage.labels)
    weights = saie_weights(
        trained, config.to_network(config.target.positions_m), config.to_network(montage.positions_m)
    )
    shown = window.head._state.describe()
    np.testing.assert_allclose(2.0**shown.values, len(montage) * weights.mean(axis=0), rtol=1e-9)

    # marking the same channels bad gives the same recipe, and afresh the same numbers bit for bit
    recipe = session.analysis.job.recipe
    window.menus.actions["analysis.put_all_back"].trigger()
    qtbot.settle(window)
    assert not window.what_if.isVisible()
    assert session.analysis.store.start.recipe == whole.start.recipe
    for label in labels:
        session.mark_bad(label, True)
    assert session.analysis.job.recipe == recipe
    qtbot.settle(window)
    session.run_again()
    qtbot.settle(window)
    again = session.analysis.store
    assert again is not reduced
    for name in type(again.sums).FIELDS:
        np.testing.assert_array_equal(getattr(again.sums, name), getattr(reduced.sums, name))
    for head, values in again.probabilities.items():
        np.testing.assert_array_equal(values, reduced.probabilities[head])


@pytest.mark.parametrize("flat", [True, False])
def test_the_head_keeps_a_crossed_circle_that_puts_it_back(qtbot, window, short_edf, flat):
    window.wiring.head_view = replace(window.wiring.head_view, flat=flat, surface=False)
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session = window.context.session
    at = shift_click(qtbot, window, "Cz")
    qtbot.settle(window)
    assert session.document.left_out == {session.document.label_of("Cz")}
    (head,) = (child for child in window.head.findChildren(PaintedHead) if child.isVisible())
    assert head.electrode_at(QPointF(at)) == "Cz"
    assert "Shift+click puts it back" in head._tips["Cz"]
    field = head._field
    marked, bare = drawn(window, head, field), drawn(window, head, replace(field, removed=None))
    rows, columns = np.nonzero(marked.sum(axis=2) < bare.sum(axis=2) - 60)  # ink on the skin
    assert len(rows) >= 12
    assert max(np.ptp(rows), np.ptp(columns)) < 40
    assert head.electrode_at(QPointF(at)) is None
    session.toggle_electrode("Cz")
    qtbot.settle(window)
    assert session.document.left_out == frozenset()
    assert window.head._state.describe().removed is None


def test_what_is_on_screen_is_there_first(qtbot, window, short_edf):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session = window.context.session
    session.scroll(session.duration_s)
    qtbot.settle(window)
    visible = list(session.visible_windows())
    assert visible[0] > 1
    first = []

    def watch():
        store = session.analysis.store
        if not first and store is not None and store.filled.any():
            first.append(store.filled.copy())

    session.analysis.results_changed.connect(watch)
    session.toggle_electrode("Cz")
    first.clear()
    qtbot.settle(window)
    assert first[0][visible[0]]
    assert not first[0][0]
    assert session.analysis.store.complete


def test_it_is_undone_step_by_step_and_a_name_puts_it_back(qtbot, window, short_edf):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session = window.context.session
    for electrode in ("O1", "O2"):
        session.toggle_electrode(electrode)
        qtbot.settle(window)
    assert len(session.document.left_out) == 2
    assert session.history.undo_title == f"Leave {session.document.label_of('O2')} out"
    window.menus.actions["edit.undo"].trigger()
    assert session.document.left_out == {session.document.label_of("O1")}
    window.what_if.put_back.emit(session.document.label_of("O1"))
    assert session.document.left_out == frozenset()
    # left out before the whole analysis was taken from its file: it is found there
    session.toggle_electrode("O1")
    qtbot.settle(window)
    assert session.what_if.whole is not None
    # of another input there is no whole analysis: none is compared, none is wrong
    session.mark_bad(session.document.label_of("Cz"), True)
    qtbot.settle(window)
    assert session.what_if.whole is None
    assert "no window is analysed both ways" in window.what_if.words
