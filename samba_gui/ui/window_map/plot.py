"""The points of the map: looked at, zoomed, clicked, encircled, walked through by keys."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from samba_gui.ui.window_map.geometry import inside, next_that_way, shown_range
from samba_gui.ui.window_map.items import draw_axes, draw_path, draw_rings, draw_words
from samba_gui.ui.window_map.splat import FAINT, splat
from samba_gui.ui.window_map.stamps import Stamps
from samba_gui.ui.window_map.state import MapState, axis_titles
from samba_gui.ui.window_map.words import point_in_words

EDGE_PX = 22
CLICK_PX = 4
REACH_PX = 9
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
MOST_ZOOM, LEAST_ZOOM = 200.0, 0.5
MANY = 2000
"""More points are painted as pixels, smaller and without smooth edges."""


class MapPlot(QWidget):
    """Shows a :class:`MapState`; the points are painted once and copied until they change.

    Signals
    -------
    picked(int)
        A point was clicked, or walked to with the arrow keys.
    encircled(object, bool)
        Points (ndarray of int), and whether they are added to those that are marked.
    """

    picked = Signal(int)
    encircled = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = MapState()
        self._pixmap: QPixmap | None = None
        self._zoom, self._shift = 1.0, QPointF()
        self._lasso: list[QPointF] = []
        self._dragged_from: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Map of the windows"))

    def sizeHint(self) -> QSize:
        """A dock's width."""
        return QSize(420, 360)

    def set_state(self, state: MapState) -> None:
        """Show a state; the points are painted again where they differ."""
        old, self._state = self._state, state
        if state.places is not old.places:
            self._zoom, self._shift, self._lasso = 1.0, QPointF(), []
        if _points_of(state) != _points_of(old) or not np.array_equal(state.marked, old.marked):
            self._pixmap = None
        self.setAccessibleDescription(
            point_in_words(state, state.current) if state.current is not None else state.why_not
        )
        self.update()

    # ---- where points are

    def points_px(self) -> np.ndarray:
        """Pixels of all points, float (n, 2)."""
        places = self._state.places
        if places is None or not len(places):
            return np.zeros((0, 2))
        low, high = shown_range(places)
        room = self._room()
        # one scale for both axes, so that distances are seen as they are
        per_unit = min(
            room.width() / max(high[0] - low[0], 1e-9), room.height() / max(high[1] - low[1], 1e-9)
        )
        centre = room.center() + self._shift
        flipped = np.array([1.0, -1.0]) * self._zoom * per_unit
        return (np.clip(places, low, high) - (low + high) / 2) * flipped + [centre.x(), centre.y()]

    def point_at(self, at: QPointF) -> int | None:
        """The nearest point, if it is near."""
        points = self.points_px()
        if not len(points):
            return None
        apart = np.hypot(*(points - [at.x(), at.y()]).T)
        nearest = int(apart.argmin())
        return nearest if apart[nearest] <= REACH_PX else None

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(EDGE_PX, 8, -10, -EDGE_PX).adjusted(8, 8, -8, -8)

    # ---- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Copy the points; draw what changes often over them."""
        state = self._state
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(state.theme.base))
        frame = QRectF(self.rect()).adjusted(EDGE_PX, 8, -10, -EDGE_PX)
        if state.places is None:
            draw_words(painter, frame, state.why_not, state.theme)
        else:
            if self._pixmap is None:
                self._pixmap = self._painted()
            draw_axes(painter, frame, axis_titles(state), state.theme)
            painter.setClipRect(frame)
            painter.drawPixmap(0, 0, self._pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_rings(painter, self.points_px(), state)
            if len(self._lasso) > 1:
                veil = QColor(state.theme.accent)
                painter.setPen(QPen(veil, 1.2, Qt.PenStyle.DashLine))
                veil.setAlpha(40)
                painter.setBrush(veil)
                painter.drawPolygon(QPolygonF(self._lasso))
            painter.setClipping(False)
        painter.end()

    def _painted(self) -> QPixmap:
        """All points in a picture, in an order that favours no time and no group."""
        state, ratio = self._state, self.devicePixelRatioF()
        pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        points, components = self.points_px(), state.components
        if state.colouring is None or components is None:
            return pixmap
        painter = QPainter(pixmap)
        if state.view.path:
            draw_path(painter, points, state)
        order = np.random.default_rng(0).permutation(len(points))
        order = order[np.argsort(state.marked[order], kind="stable")]  # the marked ones over the others
        size_px = 8.0 if len(points) <= 300 else 6.0 if len(points) <= MANY else 5.0
        stamps = Stamps(size_px, ratio, state.theme.text if state.theme.dark else state.theme.dim)
        windows = components.windows[order]
        rgb, shapes = state.colouring.colours()[windows], state.colouring.shapes()[windows]
        hollow = state.marks[order] > 0
        faint = ~state.marked[order] & state.marked.any()
        if len(points) > MANY:
            size = (pixmap.width(), pixmap.height())
            image = splat(
                size, ratio * points[order], rgb, shapes, hollow, faint, ratio * size_px, stamps.edge
            )
            image.setDevicePixelRatio(ratio)
            painter.drawImage(0, 0, image)
        else:
            kinds = zip(
                (points[order] - stamps.reach_px).tolist(),
                (rgb.astype(int) @ [65536, 256, 1]).tolist(),
                shapes.tolist(),
                hollow.tolist(),
                faint.tolist(),
                strict=True,
            )
            for (x, y), colour, shape, outlined, is_faint in kinds:
                painter.setOpacity(FAINT if is_faint else 1.0)
                painter.drawPixmap(QPointF(x, y), stamps.get(colour, shape, outlined))
        painter.end()
        return pixmap

    # ---- what the user does

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Another size is another picture."""
        self._pixmap = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a lasso, or move the map with the middle button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._lasso = [event.position()]
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the lasso, move the map, or show that a point can be clicked."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._lasso:
            if (event.position() - self._lasso[-1]).manhattanLength() > 2:
                self._lasso.append(event.position())
                self.update()
        elif event.buttons() & Qt.MouseButton.MiddleButton and self._dragged_from is not None:
            self._shift += event.position() - self._dragged_from
            self._dragged_from = event.position()
            self._redraw()
        else:
            over = self.point_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.CrossCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click picks a point, a lasso marks those within."""
        self._dragged_from = None
        if event.button() != Qt.MouseButton.LeftButton or not self._lasso:
            return
        lasso, self._lasso = self._lasso, []
        self.update()
        size = QPolygonF(lasso).boundingRect().size()
        if max(size.width(), size.height()) <= CLICK_PX:
            if (found := self.point_at(event.position())) is not None:
                self.picked.emit(found)
        elif self._state.places is not None:
            within = inside([(corner.x(), corner.y()) for corner in lasso], self.points_px())
            self.encircled.emit(np.flatnonzero(within), _adds(event))

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """The whole map again."""
        self._zoom, self._shift = 1.0, QPointF()
        self._redraw()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the mouse."""
        wanted = self._zoom * 1.2 ** (event.angleDelta().y() / 120)
        zoom = min(max(wanted, LEAST_ZOOM), MOST_ZOOM)
        held = event.position() - self._room().center() - self._shift
        self._shift += held * (1 - zoom / self._zoom)
        self._zoom = zoom
        self._redraw()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk to the next point that way; the space bar marks the point or unmarks it."""
        current, points = self._state.current, self.points_px()
        if event.key() == Qt.Key.Key_Space and current is not None and len(points):
            marked = self._state.marked.copy()
            marked[current] = not marked[current]
            self.encircled.emit(np.flatnonzero(marked), False)
        elif event.key() in ARROWS and len(points):
            found = next_that_way(points, current, ARROWS[Qt.Key(event.key())])
            if found is not None:
                self.picked.emit(found)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep own keys from the menus; say what is under the mouse."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = event.key() in (*ARROWS, Qt.Key.Key_Space)
            if own and event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            ):
                event.accept()
                return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tell(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def _tell(self, at: QPoint, on_screen: QPoint) -> None:
        found = self.point_at(QPointF(at))
        if found is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(on_screen, point_in_words(self._state, found), self)

    def _redraw(self) -> None:
        self._pixmap = None
        self.update()


def _adds(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))


def _points_of(state: MapState) -> tuple[object, ...]:
    """What the picture of the points depends on, besides the marked ones."""
    return id(state.places), id(state.colouring), state.view.path, state.theme
