"""The head from above in 2-D: for those who prefer it, and where there is no OpenGL."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from samba_gui.scene.look import Look
from samba_gui.scene.saie_field import HeadField
from samba_gui.scene.topography import Topography
from samba_gui.ui.painted_head import PaintedHead


class TopographyWidget(PaintedHead):
    """Shows a field of one montage from above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._topography: Topography | None = None
        self._field: HeadField | None = None
        self._look = Look()

    def set_topography(self, topography: Topography | None) -> None:
        """Show another montage; the field must be set again."""
        self._topography, self._field = topography, None
        self.redraw()

    def set_field(self, shown: HeadField, look: Look) -> None:
        """Show other values, or the same in another way."""
        self._field, self._look = shown, look
        self.redraw()

    def draw(self, size_px: tuple[int, int], scale: float) -> np.ndarray | None:
        """See :meth:`PaintedHead.draw`."""
        if self._topography is None or self._field is None:
            return None
        return self._topography.draw(self._field, size_px, self._look.at_scale(scale))

    def find(self, x_px: float, y_px: float) -> str | None:
        """See :meth:`PaintedHead.find`."""
        return self._topography.pick(x_px, y_px) if self._topography else None
