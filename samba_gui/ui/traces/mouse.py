"""What the mouse does on the traces: plain gestures become signals."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent

from samba_gui.core.recording import Annotation
from samba_gui.ui.traces.drag import Drag, Part, grab
from samba_gui.ui.traces.plot import TOP_PX, TracePlot
from samba_gui.ui.traces.state import TracesState

GRAB_PX = 5


class TraceMouse(QObject):
    """Watches a plot.

    Parameters
    ----------
    plot : TracePlot
    state : callable
        What is shown now.

    Signals
    -------
    pressed(float, float, bool, bool)
        Time, height in rows, whether Shift is held, and whether it was in the band above the traces.
    dragged(float, float)
        Time and height.
    wheeled(float, object)
        Steps, and the modifiers that are held.
    annotation_picked, annotation_changed, annotation_drawn, annotation_opened
        See :class:`~samba_gui.ui.traces.panel.TracesPanel`.
    """

    pressed = Signal(float, float, bool, bool)
    dragged = Signal(float, float)
    wheeled = Signal(float, object)
    annotation_picked = Signal(object)
    annotation_changed = Signal(object, object)
    annotation_drawn = Signal(float, float)
    annotation_opened = Signal(object)

    def __init__(self, plot: TracePlot, state: Callable[[], TracesState]) -> None:
        super().__init__(plot)
        self._plot = plot
        self._state = state
        self._drag: Drag | None = None
        plot.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent):
            steps = (event.angleDelta().y() or event.angleDelta().x()) / 120
            self.wheeled.emit(steps, event.modifiers())
            return True
        if isinstance(event, QMouseEvent) and self._state().page.rows:
            left = Qt.MouseButton.LeftButton
            if event.type() == QEvent.Type.MouseMove and event.buttons() & left:
                self._on_dragged(event.position())
            elif event.button() == left and event.type() == QEvent.Type.MouseButtonPress:
                self._on_pressed(event.position(), event.modifiers())
            elif event.button() == left and event.type() == QEvent.Type.MouseButtonRelease:
                self._on_released(event.position())
            elif event.button() == left and event.type() == QEvent.Type.MouseButtonDblClick:
                self._on_double_clicked(event.position())
            return True
        return super().eventFilter(watched, event)

    def _on_pressed(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        time_s, y = self._point(position)
        in_band = self._in_band(position)
        if in_band or modifiers & Qt.KeyboardModifier.ControlModifier:
            self._drag = self._grab(time_s) if in_band else Drag(Part.NEW, time_s)
            if self._drag.annotation is not None:
                self.annotation_picked.emit(self._drag.annotation)
                return
        self.pressed.emit(time_s, y, bool(modifiers & Qt.KeyboardModifier.ShiftModifier), in_band)

    def _on_dragged(self, position: QPointF) -> None:
        time_s, y = self._point(position)
        if self._drag is not None:
            self._plot.show_drag(self._drag.span(time_s))
        else:
            self.dragged.emit(time_s, y)

    def _on_released(self, position: QPointF) -> None:
        drag, self._drag = self._drag, None
        self._plot.show_drag(None)
        if drag is None:
            return
        time_s, _ = self._point(position)
        if abs(time_s - drag.pressed_s) < GRAB_PX * self._s_per_px():
            return  # a click, not a drag
        onset_s, duration_s = drag.span(time_s)
        if drag.annotation is None:
            self.annotation_drawn.emit(onset_s, duration_s)
        else:
            after = Annotation(onset_s, duration_s, drag.annotation.description)
            self.annotation_changed.emit(drag.annotation, after)

    def _on_double_clicked(self, position: QPointF) -> None:
        if self._in_band(position) and (note := self._grab(self._point(position)[0]).annotation) is not None:
            self.annotation_opened.emit(note)

    def _in_band(self, position: QPointF) -> bool:
        """Whether a point lies in the band of annotations above the traces."""
        return 0 <= position.y() - self._plot.box.sceneBoundingRect().top() < TOP_PX

    def _grab(self, time_s: float) -> Drag:
        return grab(self._state().annotations, time_s, GRAB_PX * self._s_per_px())

    def _s_per_px(self) -> float:
        return self._state().page.duration_s / max(self._plot.box.width(), 1.0)

    def _point(self, position: QPointF) -> tuple[float, float]:
        """Time, kept on the page, and height in rows."""
        point = self._plot.box.mapSceneToView(self._plot.mapToScene(position.toPoint()))
        page = self._state().page
        return min(max(point.x(), page.start_s), page.start_s + page.duration_s), point.y()
