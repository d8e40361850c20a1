"""The bench's heads, side by side on one camera."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from samba_gui.scene.cameras import Camera
from samba_gui.scene.look import Look
from samba_gui.ui.bench.state import Shown
from samba_gui.ui.head.painted_head import PaintedHead
from samba_gui.ui.head.scene_canvas import SceneCanvas
from samba_gui.ui.language import tr


class HeadsRow(QWidget):
    """As many heads as there are montages; whoever turns one turns all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvases: list[PaintedHead] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    @property
    def is_flat(self) -> bool:
        """Whether they are shown from above."""
        return not any(isinstance(canvas, SceneCanvas) for canvas in self.canvases)

    @property
    def is_current(self) -> bool:
        """Whether every head is drawn as it was last asked for."""
        return all(canvas.is_current for canvas in self.canvases)

    def set_count(self, count: int, *, flat: bool) -> None:
        """Make room for some heads."""
        kind = PaintedHead if flat else SceneCanvas
        while self.canvases and (len(self.canvases) > count or type(self.canvases[-1]) is not kind):
            canvas = self.canvases.pop()
            self._row.removeWidget(canvas)
            canvas.close()
            canvas.deleteLater()
        while len(self.canvases) < count:
            canvas = kind()
            canvas.setMinimumSize(120, 140)
            if isinstance(canvas, SceneCanvas):
                canvas.camera_moved.connect(self._on_camera_moved)
                if self.canvases and isinstance(first := self.canvases[0], SceneCanvas):
                    canvas.set_camera(first.camera)
            self.canvases.append(canvas)
            self._row.addWidget(canvas, 1)

    def show_fields(self, heads: Sequence[Shown], *, relative: bool, theme: str) -> None:
        """Show each montage's map, or its ratio to the first one's."""
        look = Look(theme, names=True, lettering=True)
        for canvas, shown in zip(self.canvases, heads, strict=True):
            head, field = shown.heads[int(relative)], shown.fields[int(relative)]
            if isinstance(canvas, SceneCanvas):
                canvas.set_geometry_of(head)
            else:
                canvas.set_head(head)
            tips = {name: f"{name}: {tr(tip)}" for name, tip in zip(field.labels, field.tips, strict=True)}
            canvas.set_field(field, look, tips)

    def free(self) -> None:
        """Free what VTK holds."""
        for canvas in self.canvases:
            canvas.close()

    def _on_camera_moved(self, camera: Camera) -> None:
        for canvas in self.canvases:
            if canvas is not self.sender() and isinstance(canvas, SceneCanvas):
                canvas.set_camera(camera)
