"""The head in 3-D as a widget: VTK draws off screen, Qt shows the picture and turns the camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from samba_gui.scene.cameras import CAMERAS, Camera
from samba_gui.scene.head_field import HeadField
from samba_gui.scene.look import Look
from samba_gui.ui.head.painted_head import PaintedHead

if TYPE_CHECKING:
    from samba_gui.scene.cortex import Cortex
    from samba_gui.scene.head_geometry import HeadGeometry
    from samba_gui.scene.head_scene import HeadScene

_DEGREES_PER_PX = 0.45
_ZOOM_PER_STEP = 1.12
_REST_MS = 160
# Smooth edges cost four times the pixels; without a graphics card that is too long on large canvases.
_MOST_SMOOTH_PX = 500_000


class SceneCanvas(PaintedHead):
    """Shows a field on the head in 3-D; dragging turns it, the wheel zooms, a double click looks anew.

    VTK knows nothing of Qt here: there is no native window that could outlive its widget.

    Signals
    -------
    camera_moved(Camera)
        The user has turned or zoomed it.
    """

    camera_moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: HeadScene | None = None
        self._cortex: Cortex | None = None
        self._camera = CAMERAS["three-quarter"]
        self._dragged_from: QPointF | None = None
        self._smooth = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._on_rest)

    def set_geometry_of(self, geometry: HeadGeometry | None) -> None:
        """Show another montage, or nothing and free what VTK holds."""
        if geometry is None:
            self.release()
        elif self._scene is None:
            # imported here: VTK takes a quarter of a second that the window's first picture need not wait for
            from samba_gui.scene.head_scene import HeadScene

            self._scene = HeadScene(geometry)
            self._scene.camera = self._camera
            self._scene.set_cortex(self._cortex)
        else:
            self._scene.set_geometry(geometry)
        self.set_head(self._scene)

    def set_cortex(self, cortex: Cortex | None) -> None:
        """Show a cortex under a translucent scalp, or none."""
        if cortex is self._cortex:
            return
        self._cortex = cortex
        if self._scene is not None:
            self._scene.set_cortex(cortex)
        self.redraw()

    @property
    def camera(self) -> Camera:
        """From where it is looked at."""
        return self._camera

    def look_from(self, camera: str) -> None:
        """Take one of the views in :data:`CAMERAS`."""
        self._move(CAMERAS[camera])

    def set_camera(self, camera: Camera) -> None:
        """Look from where another canvas looks; nothing is told."""
        self._camera = camera
        self._turn()

    def _move(self, camera: Camera) -> None:
        self.set_camera(camera)
        self.camera_moved.emit(camera)

    def redraw(self) -> None:
        """Draw at once, and once more with smooth edges when nothing has changed for a while."""
        self._smooth = False
        if self._scene is not None:
            self._rest.start()
        super().redraw()

    @property
    def is_current(self) -> bool:
        """See :class:`PaintedHead`."""
        return super().is_current and not (self._rest.isActive() and self.is_on_screen)

    def release(self) -> None:
        """Free everything that belongs to VTK; more than once is fine."""
        self.set_head(None)
        self._rest.stop()
        if self._scene is not None:
            self._scene.close()
            self._scene = None

    def _turn(self) -> None:
        if self._scene is not None:
            self._scene.camera = self._camera
        self.redraw()

    def _on_rest(self) -> None:
        self._smooth = True
        super().redraw()

    def _picture(self, shown: HeadField, size: tuple[int, int], look: Look) -> np.ndarray:
        assert self._scene is not None
        return self._scene.draw(shown, size, look, self._smooth and size[0] * size[1] <= _MOST_SMOOTH_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the head."""
        super().mousePressEvent(event)
        self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn the head with the mouse."""
        if self._dragged_from is None or not event.buttons():
            super().mouseMoveEvent(event)
            return
        moved = event.position() - self._dragged_from
        self._dragged_from = event.position()
        self._move(self._camera.turned(-_DEGREES_PER_PX * moved.x(), _DEGREES_PER_PX * moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._dragged_from = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the first view."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.look_from("three-quarter")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Come nearer or go away."""
        self._move(self._camera.zoomed(_ZOOM_PER_STEP ** (event.angleDelta().y() / 120)))
        event.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Free VTK's part before Qt's."""
        self.release()
        super().closeEvent(event)
