"""The head panel: shows what its state says, asks for what a reader wants, and leaves nothing behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QSlider, QToolButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot
from saie_weights import bipolar, bundle, history, ten_twenty

from samba_gui.scene import opengl
from samba_gui.scene.head_field import Quantity, WindowQuantity
from samba_gui.scene.saie_field import weights_of
from samba_gui.ui.head.lobe_table import LobeTable
from samba_gui.ui.head.painted_head import PaintedHead
from samba_gui.ui.head.panel import HeadPanel
from samba_gui.ui.head.scene_canvas import SceneCanvas
from samba_gui.ui.head.state import HeadState, HeadView
from samba_gui.ui.theme import DARK

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def a_state(**changes: object) -> HeadState:
    """A trained bundle on 19 electrodes."""
    return replace(HeadState(bundle(), history(), ten_twenty()), **changes)  # type: ignore[arg-type]


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[HeadPanel]:
    """Shown at a dock's size; what it asks for, it gets, as in the window."""
    made = HeadPanel()
    made.state_changed.connect(made.set_state)
    made.resize(420, 500)
    made.show()
    yield made
    made.close()
    made.deleteLater()
    qtbot.wait(1)


def settle(qtbot: QtBot, panel: HeadPanel) -> None:
    """Wait until everything asked for is on screen."""
    QApplication.processEvents()
    qtbot.waitUntil(lambda: panel.settled)


def head_of(panel: HeadPanel) -> PaintedHead:
    """The head on screen."""
    (head,) = (child for child in panel.findChildren(PaintedHead) if child.isVisible())
    return head


def picture(panel: HeadPanel) -> np.ndarray:
    """Pixels of the head on screen, (height, width, 3)."""
    image = head_of(panel).grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def button(panel: HeadPanel, name: str) -> QToolButton:
    """A button by its accessible name."""
    (found,) = (b for b in panel.findChildren(QToolButton) if b.accessibleName() == name)
    return found


def words(panel: HeadPanel) -> str:
    """All labels on screen."""
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_without_bundle_or_montage_it_says_what_to_do(qtbot: QtBot, panel: HeadPanel) -> None:
    assert "Open a recording" in words(panel)
    panel.set_state(HeadState(montage=ten_twenty()))
    settle(qtbot, panel)
    assert "Load a model bundle" in words(panel)
    panel.set_state(a_state())
    settle(qtbot, panel)
    assert "A property of bundle test-bundle (01234567) and montage 10-20 (19)" in words(panel)
    assert "effective electrodes" in words(panel)


def test_three_dimensions_where_the_machine_can(qtbot: QtBot, panel: HeadPanel) -> None:
    panel.set_state(a_state())
    settle(qtbot, panel)
    assert isinstance(head_of(panel), SceneCanvas) == opengl.opengl_works()
    assert np.ptp(picture(panel)[..., 0]) > 100
    panel.set_state(a_state(view=HeadView(flat=True), theme=DARK))
    settle(qtbot, panel)
    assert not isinstance(head_of(panel), SceneCanvas)
    assert picture(panel)[2, 2].max() < 60


def test_without_opengl_the_head_is_flat(
    qtbot: QtBot, panel: HeadPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMBA_GUI_NO_OPENGL", "1")
    opengl.opengl_works.cache_clear()
    try:
        panel.set_state(a_state())
        settle(qtbot, panel)
        assert not isinstance(head_of(panel), SceneCanvas)
        assert not button(panel, "2-D").isEnabled()
        assert "OpenGL" in button(panel, "2-D").toolTip()
        assert "OpenGL is missing" in words(panel)
    finally:
        opengl.opengl_works.cache_clear()


def test_controls_ask_and_follow(qtbot: QtBot, panel: HeadPanel) -> None:
    panel.set_state(a_state(view=HeadView(flat=True)))
    settle(qtbot, panel)
    asked: list[HeadView] = []
    panel.state_changed.connect(lambda state: asked.append(state.view))
    for name, slot in (("Untrained", "untrained"), ("Names", "names"), ("Surface", "surface")):
        before, old = picture(panel), getattr(panel._state.view, slot)
        button(panel, name).click()
        settle(qtbot, panel)
        assert getattr(asked[-1], slot) is not old
        assert not np.array_equal(picture(panel), before), name
    assert "Control: an untrained network" in words(panel)


def test_quantities(qtbot: QtBot, panel: HeadPanel) -> None:
    panel.set_state(a_state(view=HeadView(flat=True)))
    settle(qtbot, panel)
    quantity, target = panel.findChildren(QComboBox)
    assert not target.isVisible()
    assert quantity.count() == 4
    quantity.activated.emit(quantity.findData(Quantity.TARGET))
    assert panel._state.view.quantity == Quantity.TARGET
    assert target.isVisible()
    target.textActivated.emit("Oz")
    assert panel._state.view.target == "Oz"
    assert head_of(panel).accessibleDescription().startswith("Epoch 100 → Oz")
    slot = WindowQuantity("Reconstruction error", "µV", np.arange(19.0))
    panel.set_state(a_state(window=slot, view=HeadView(Quantity.WINDOW, flat=True)))
    assert quantity.currentText() == "Window: Reconstruction error"
    assert "Depends on this recording" in words(panel)
    panel.set_state(
        a_state(view=HeadView(Quantity.WINDOW, flat=True))
    )  # nothing to show: back to the default
    assert quantity.currentText() == "Relative to uniform"
    assert "not of this recording" in words(panel)


def test_epochs_slide_and_play(qtbot: QtBot, panel: HeadPanel) -> None:
    panel.set_state(a_state(view=HeadView(flat=True)))
    settle(qtbot, panel)
    (slider,) = panel.findChildren(QSlider)
    assert (slider.minimum(), slider.maximum(), slider.value()) == (0, 3, 3)
    slider.setValue(1)
    assert panel._state.view.epoch_index == 1
    assert "epoch 5" in words(panel)
    button(panel, "Play the epochs").click()
    qtbot.waitUntil(lambda: panel._state.view.epoch_index == 3)
    qtbot.waitUntil(lambda: panel._state.view.epoch_index == 0)  # and on from the first
    panel.hide()
    assert not button(panel, "Play the epochs").isChecked()


def test_picking_and_tips(qtbot: QtBot, panel: HeadPanel) -> None:
    panel.set_state(a_state(view=HeadView(flat=True)))
    settle(qtbot, panel)
    head = head_of(panel)
    picture(panel)
    topography = panel._prepared.head  # type: ignore[union-attr]
    x, y = topography.pixel_positions()[ten_twenty().labels.index("C3")] / head.devicePixelRatioF()
    with qtbot.waitSignal(panel.electrode_picked) as picked:
        qtbot.mouseClick(head, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert picked.args == ["C3"]
    at = QPoint(round(x), round(y))
    QApplication.sendEvent(head, QHelpEvent(QEvent.Type.ToolTip, at, head.mapToGlobal(at)))
    assert QToolTip.text().startswith("C3: ")
    assert "percentile" in QToolTip.text()
    assert "central, left" in QToolTip.text()
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    before = picture(panel)
    panel.set_state(replace(panel._state, selected="C3"))
    assert not np.array_equal(picture(panel), before)


def test_turning_zooming_and_keys(qtbot: QtBot, panel: HeadPanel) -> None:
    if not opengl.opengl_works():
        pytest.skip("this machine cannot draw in 3-D (no OpenGL)")
    panel.set_state(a_state())
    settle(qtbot, panel)
    head = head_of(panel)
    assert isinstance(head, SceneCanvas)
    first = picture(panel)
    qtbot.mousePress(head, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    picked: list[str] = []
    panel.electrode_picked.connect(picked.append)
    qtbot.mouseMove(head, QPoint(180, 100))
    QApplication.processEvents()
    assert head._camera.azimuth_deg < 48  # the face follows the mouse
    qtbot.mouseRelease(head, Qt.MouseButton.LeftButton, pos=QPoint(180, 100))
    assert not picked
    assert not np.array_equal(picture(panel), first)
    for key, view in (("T", "top"), ("L", "left")):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, ord(key), Qt.KeyboardModifier.NoModifier, key)
        event.ignore()
        QApplication.sendEvent(head, event)
        assert event.isAccepted()  # so that no menu takes it
        qtbot.keyClick(head, key.lower())
        other = picture(panel)
        button(panel, "View from above" if view == "top" else "View from the left").click()
        assert np.array_equal(picture(panel), other)
    qtbot.keyClick(head, "u")
    assert panel._state.view.untrained


def test_lobes(qtbot: QtBot, panel: HeadPanel) -> None:
    (table,) = panel.findChildren(LobeTable)
    assert not table.isVisible()  # there is nothing to sum yet
    panel.set_state(a_state(view=HeadView(flat=True)))
    settle(qtbot, panel)
    assert table.isVisible()
    cells = {label.accessibleName(): label for label in table.findChildren(QLabel) if label.accessibleName()}

    def numbers() -> dict[str, float]:
        return {name: float(cell.text().split()[0]) for name, cell in cells.items() if cell.text() != "–"}

    assert sum(numbers().values()) == pytest.approx(100, abs=0.7)
    assert cells["Occipital middle"].text() == "–"
    assert "untrained networks" in cells["Frontal left"].toolTip()
    panel.set_state(a_state(view=HeadView(Quantity.TARGET, "O1", flat=True)))
    settle(qtbot, panel)
    row = weights_of(bundle(), history().trained, ten_twenty())[bundle().target.labels.index("O1")]
    assert numbers()["Occipital left"] == pytest.approx(100 * row[ten_twenty().labels.index("O1")], abs=0.06)
    assert "untrained networks" in cells["Frontal left"].toolTip()
    panel.set_state(a_state(view=HeadView(Quantity.EFFECTIVE, flat=True)))
    settle(qtbot, panel)
    assert all(1 <= number <= 19 for number in numbers().values())
    assert "effective inputs, mean of" in cells["Occipital middle"].toolTip()  # the targets have Oz
    assert "untrained networks" in cells["Occipital middle"].toolTip()
    (toggle,) = (b for b in panel.findChildren(QToolButton) if b.text().startswith("Lobes"))
    toggle.click()
    assert not table.isVisible()


@pytest.mark.parametrize("flat", [True, False])
def test_clicks_choose_the_target_and_escape_goes_back(qtbot: QtBot, panel: HeadPanel, flat: bool) -> None:
    if not flat and not opengl.opengl_works():
        pytest.skip("this machine cannot draw in 3-D (no OpenGL)")
    panel.set_state(a_state(view=HeadView(flat=flat)))
    settle(qtbot, panel)
    picked: list[str] = []
    panel.electrode_picked.connect(picked.append)

    def click(name: str, key: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        settle(qtbot, panel)
        head = head_of(panel)
        picture(panel)
        positions = head._head.pixel_positions()  # type: ignore[union-attr]
        pixels = positions if flat else positions[0]
        labels = panel._state.shown_montage.labels  # type: ignore[union-attr]
        x, y = pixels[labels.index(name)] / head.devicePixelRatioF()
        qtbot.mouseClick(head, Qt.MouseButton.LeftButton, key, QPoint(round(x), round(y)))

    click("F3")  # selects, as ever
    assert (picked, panel._state.view.quantity) == (["F3"], Quantity.RELATIVE)
    click("C3", Qt.KeyboardModifier.ControlModifier)
    assert picked == ["F3"]
    settle(qtbot, panel)
    assert "Weights of the inputs for target C3" in words(panel)
    click("F3")  # there a click shows that target as well
    assert picked == ["F3", "F3"]
    settle(qtbot, panel)
    assert "Weights of the inputs for target F3" in words(panel)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(head_of(panel), event)
    assert event.isAccepted()  # so that it does not cancel an analysis
    qtbot.keyClick(head_of(panel), Qt.Key.Key_Escape)
    assert panel._state.view.quantity == Quantity.RELATIVE
    event.ignore()
    QApplication.sendEvent(head_of(panel), event)
    assert not event.isAccepted()  # now it is the menu's
    panel.set_state(a_state(view=HeadView(Quantity.EFFECTIVE, flat=flat)))
    click("FC1")  # a target that is no channel
    assert picked == ["F3", "F3"]
    assert (panel._state.view.quantity, panel._state.view.target) == (Quantity.TARGET, "FC1")


def test_without_nilearn_the_cortex_says_what_to_install(
    qtbot: QtBot, panel: HeadPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nilearn", None)
    panel.set_state(a_state(view=HeadView(cortex=True)))  # as it may have been left where nilearn is
    settle(qtbot, panel)
    assert not button(panel, "Cortex").isEnabled()
    assert "pip install 'samba-gui[cortex]'" in button(panel, "Cortex").toolTip()
    assert "Cortex:" not in words(panel)


def test_the_cortex_is_shown_and_called_a_template(qtbot: QtBot, panel: HeadPanel) -> None:
    pytest.importorskip("nilearn")
    if not opengl.opengl_works():
        pytest.skip("this machine cannot draw in 3-D (no OpenGL)")
    panel.set_state(a_state())
    settle(qtbot, panel)
    plain = picture(panel)
    button(panel, "Cortex").click()
    settle(qtbot, panel)
    assert not np.array_equal(picture(panel), plain)
    assert "template anatomy (fsaverage5), not this person's; weights belong to electrodes" in words(panel)
    button(panel, "2-D").click()
    settle(qtbot, panel)
    assert not button(panel, "Cortex").isEnabled()
    assert "Cortex:" not in words(panel)


def test_the_paper_s_look_is_one_click_away(qtbot: QtBot, panel: HeadPanel) -> None:
    panel.set_state(a_state(view=HeadView(flat=True)))
    settle(qtbot, panel)
    button(panel, "Paper").click()
    assert panel._state.view.quantity == Quantity.PAPER
    qtbot.keyClick(head_of(panel), "p")
    assert panel._state.view.quantity == Quantity.RELATIVE


def test_another_montage_in_the_middle_of_preparing(qtbot: QtBot, panel: HeadPanel) -> None:
    panel.set_state(a_state())
    panel.set_state(a_state(montage=bipolar()))
    panel.set_state(a_state(montage=bipolar(), view=HeadView(flat=True)))
    settle(qtbot, panel)
    assert not isinstance(head_of(panel), SceneCanvas)
    assert "TUAB bipolar (16)" in words(panel)
    panel.set_state(a_state(montage=bipolar()))
    settle(qtbot, panel)
    assert isinstance(head_of(panel), SceneCanvas) == opengl.opengl_works()


def test_every_control_has_a_name(qtbot: QtBot, panel: HeadPanel) -> None:
    panel.set_state(a_state())
    settle(qtbot, panel)
    for kind in (QToolButton, QComboBox, QSlider, PaintedHead):
        for child in panel.findChildren(kind):
            assert child.accessibleName() or (isinstance(child, QToolButton) and child.text()), child


@pytest.mark.parametrize("order", ["close, show, close", "delete", "delete unclosed", "while preparing"])
def test_it_ends_in_any_order(qtbot: QtBot, order: str) -> None:
    parent = QWidget()
    panel = HeadPanel(parent)
    panel.resize(300, 400)
    parent.resize(300, 400)
    parent.show()
    panel.set_state(a_state())
    if order != "while preparing":
        settle(qtbot, panel)
    if order != "delete unclosed":
        panel.close()
    if order == "close, show, close":
        panel.show()  # a closed dock can come back
        panel.set_state(a_state())
        settle(qtbot, panel)
        assert picture(panel).shape[0] > 100
        panel.close()
    elif order == "delete":
        panel.deleteLater()
        qtbot.wait(1)
    parent.close()
    parent.deleteLater()
    qtbot.wait(1)


def test_a_drag_is_no_click(qtbot: QtBot, panel: HeadPanel) -> None:
    panel.set_state(a_state(view=HeadView(flat=True)))
    settle(qtbot, panel)
    head, picked = head_of(panel), []
    panel.electrode_picked.connect(picked.append)
    topography = panel._prepared.head  # type: ignore[union-attr]
    x, y = topography.pixel_positions()[8] / head.devicePixelRatioF()
    qtbot.mousePress(head, Qt.MouseButton.LeftButton, pos=QPointF(x - 30, y).toPoint())
    qtbot.mouseRelease(head, Qt.MouseButton.LeftButton, pos=QPointF(x, y).toPoint())
    assert not picked
