"""The head: SAIE weights of a bundle on a montage, and what may honestly be said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from samba_gui.core.errors import SambaError
from samba_gui.core.montage import Montage
from samba_gui.io.template_cortex import CORTEX_CAPTION, cortex_available
from samba_gui.scene.head_field import HeadField, Quantity
from samba_gui.scene.look import Look
from samba_gui.scene.topography import Topography
from samba_gui.ui.head.controls import CAMERA_KEYS, SWITCH_KEYS, EpochBar, HeadControls
from samba_gui.ui.head.loader import HeadLoader, NullBand, Prepared
from samba_gui.ui.head.lobe_table import LobeTable
from samba_gui.ui.head.painted_head import PaintedHead
from samba_gui.ui.head.scene_canvas import SceneCanvas
from samba_gui.ui.head.state import HeadState, HeadView, NullKey
from samba_gui.ui.language import tr


class HeadPanel(QWidget):
    """A head in 3-D (or from above), its controls, and the words under it.

    Signals
    -------
    electrode_picked(str)
        Montage name of a clicked channel.
    electrode_left_out(str)
        Montage name of a channel clicked with Shift held.
    export_gif_requested()
    state_changed(HeadState)
        The state a reader asks for; the panel shows it once it comes back by :meth:`set_state`.
    """

    electrode_picked = Signal(str)
    electrode_left_out = Signal(str)
    export_gif_requested = Signal()
    state_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = HeadState()
        self._prepared: Prepared | None = None
        self._asked: tuple[Montage, bool] | None = None
        self._null: NullBand | None = None
        self._null_asked: NullKey | None = None
        self._cortex: Any = None
        self._cortex_asked = False
        self._loader = HeadLoader()
        self._loader.prepared.connect(self._on_prepared)
        self._loader.null_known.connect(self._on_null_known)
        self._loader.cortex_read.connect(self._on_cortex_read)
        self._loader.failed.connect(self._on_failed)
        self._controls = HeadControls()
        self._epochs = EpochBar()
        self._canvas, self._flat = SceneCanvas(), PaintedHead()
        self._message = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._stack = QStackedWidget()
        for page in (self._message, self._canvas, self._flat):
            self._stack.addWidget(page)
        self._caption, self._summary, self._without_3d = _words(), _words(), _words()
        self._without_3d.setText(
            self.tr("From above: this computer cannot draw in 3-D, OpenGL is missing. All else works.")
        )
        self._without_3d.hide()
        self._lobes = LobeTable()
        self._lobes_button = QToolButton()
        self._lobes_button.setText(self.tr("Lobes (framed, ringed: outside 95 % of untrained networks)"))
        self._lobes_button.setCheckable(True)
        self._lobes_button.setChecked(True)
        self._lobes_button.setAutoRaise(True)
        self._lobes_button.setToolTip(self.tr("Sums of weight, or mean effective inputs, per lobe and side"))
        self._lobes_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._lobes_button.setArrowType(Qt.ArrowType.DownArrow)
        self._arrange()
        self._connect()
        self.set_state(self._state)

    def set_state(self, state: HeadState) -> None:
        """Show a state; what has not changed is not computed again."""
        if state == self._state and self._asked == (state.shown_montage, state.view.flat):
            return  # shown, or being prepared
        self._state = state
        self._controls.show_state(state)
        self._epochs.show_state(state)
        self._request_what_is_missing()
        self._show()

    def look_from(self, camera: str) -> None:
        """Look from one of :data:`samba_gui.scene.cameras.CAMERAS`."""
        self._canvas.look_from(camera)

    @property
    def settled(self) -> bool:
        """Whether everything that was asked for is on screen."""
        page = self._stack.currentWidget()
        return not self._loader.busy and (not isinstance(page, PaintedHead) or page.is_current)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the thread and free what VTK holds; the panel can be shown again."""
        self._epochs.stop()
        self._loader.close()
        self._canvas.release()
        self._prepared = self._asked = None
        self._stack.setCurrentWidget(self._message)
        super().closeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is watching."""
        self._epochs.stop()
        super().hideEvent(event)

    def event(self, event: QEvent) -> bool:
        """Escape leaves one target electrode for the mean over all, before a menu hears of it."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_way_back(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape: see :meth:`event`."""
        if self._is_way_back(event):
            self._on_view_wanted(self._state.view.of_all_targets())
        else:
            super().keyPressEvent(event)

    def _is_way_back(self, event: QEvent) -> bool:
        assert isinstance(event, QKeyEvent)
        return event.key() == Qt.Key.Key_Escape and self._state.view.quantity.of_one_target

    # ---- building

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 6)
        column.setSpacing(3)
        column.addWidget(self._controls)
        column.addWidget(self._stack, 1)
        column.addWidget(self._without_3d)
        column.addWidget(self._epochs)
        column.addWidget(self._caption)
        column.addWidget(self._summary)
        column.addWidget(self._lobes_button)
        column.addWidget(self._lobes)

    def _connect(self) -> None:
        self._controls.view_wanted.connect(self._on_view_wanted)
        self._controls.camera_wanted.connect(self._canvas.look_from)
        self._controls.gif_wanted.connect(self.export_gif_requested)
        self._epochs.epoch_wanted.connect(self._on_epoch_wanted)
        self._lobes_button.toggled.connect(self._on_lobes_toggled)
        for head, name in ((self._canvas, self.tr("Head in 3-D")), (self._flat, self.tr("Head from above"))):
            head.setAccessibleName(name)
            head.set_keys(frozenset(CAMERA_KEYS) | frozenset(SWITCH_KEYS))
            head.key_pressed.connect(self._controls.press)
            head.picked.connect(self._on_picked)
            head.left_out.connect(self._on_left_out)
            head.target_picked.connect(self._on_target_picked)

    # ---- showing

    def _request_what_is_missing(self) -> None:
        state, montage = self._state, self._state.shown_montage
        if montage is None:
            return
        if self._asked != (montage, state.view.flat):
            self._asked = (montage, state.view.flat)
            self._loader.prepare(*self._asked)
        key = state.null_key
        if key is not None and self._null_asked != key:
            self._null_asked = key
            self._loader.find_null(key)
        if state.view.cortex and not state.view.flat and not self._cortex_asked and cortex_available():
            self._cortex_asked = True
            self._loader.find_cortex()

    def _show(self) -> None:
        state, null = self._state, self._null_of_state()
        shown = state.describe(null)
        ready = self._prepared is not None and self._prepared.montage == state.shown_montage
        if shown is not None and self._prepared is not None and not ready:
            return  # the head of before stays until the new one is there
        is_flat = self._prepared is not None and isinstance(self._prepared.head, Topography)
        cortex = self._cortex if state.view.cortex and not is_flat else None
        self._caption.setText(self._words_under(shown, cortex is not None))
        self._summary.setText(tr(shown.summary) if shown else "")
        has_lobes = shown is not None and state.config is not None and not state.view.quantity.of_recording
        self._lobes_button.setVisible(has_lobes)
        self._lobes.setVisible(has_lobes and self._lobes_button.isChecked())
        if shown is None or not ready:
            self._message.setText(self._why_empty())
            self._stack.setCurrentWidget(self._message)
            return
        assert self._prepared is not None
        head = self._flat if is_flat else self._canvas
        self._canvas.set_cortex(cortex)
        view = state.view
        look = Look(state.theme.name, view.surface, view.names, state.selected)
        head.set_field(shown, look, self._tips(shown, self._prepared.regions))
        head.setAccessibleDescription(f"{tr(shown.title)}. {tr(shown.summary)}. {self._caption.text()}")
        self._stack.setCurrentWidget(head)
        if self._lobes_button.isChecked():
            self._lobes.show_state(state, self._prepared.regions, null)

    def _null_of_state(self) -> np.ndarray | None:
        null = self._null
        return null.values if null is not None and null.key == self._state.null_key else None

    def _words_under(self, shown: HeadField | None, with_cortex: bool) -> str:
        caption = tr(shown.caption) if shown else ""
        return f"{caption} {tr(CORTEX_CAPTION)}" if with_cortex else caption

    def _tips(self, shown: HeadField, regions: tuple[tuple[str, str], ...]) -> dict[str, str]:
        quantity = self._state.view.quantity
        click = self.tr("Click") if quantity.of_one_target else self.tr("Ctrl+click")
        known = self._state.config is not None
        hint = f"\n{self.tr('{}: the weights of the target here').format(click)}" if known else ""
        tips = {
            label: f"{label}: {tr(tip)}\n{tr(lobe)}, {tr(side)}{hint}"
            for label, tip, (lobe, side) in zip(shown.labels, shown.tips, regions, strict=True)
        }
        gone = self.tr("{name}: left out to see what that does. Shift+click puts it back.")
        removed = shown.removed.labels if shown.removed is not None else ()
        return tips | {label: gone.format(name=label) for label in removed}

    def _why_empty(self) -> str:
        if self._state.montage is None:
            return self.tr("Open a recording whose electrodes have positions to see its head.")
        if self._state.config is None or self._state.history is None:
            return self.tr("Load a model bundle to see its weights.")
        return self.tr("Preparing the head …")

    # ---- what happened

    def _on_prepared(self, prepared: Prepared) -> None:
        if self._asked is None or prepared.montage != self._asked[0]:
            return
        is_flat = isinstance(prepared.head, Topography)
        if not is_flat and self._asked[1]:
            return  # 2-D has been asked for meanwhile
        if is_flat and not self._asked[1]:
            self._controls.set_3d_possible(False)
            self._without_3d.show()
        self._prepared = prepared
        if is_flat:
            self._canvas.release()
            self._flat.set_head(prepared.head)
        else:
            self._canvas.set_geometry_of(prepared.head)
        self._show()

    def _on_null_known(self, null: NullBand) -> None:
        self._null = null
        self._show()

    def _on_cortex_read(self, cortex: object) -> None:
        self._cortex = cortex
        self._show()

    def _on_failed(self, error: BaseException) -> None:
        why = tr(error.words) if isinstance(error, SambaError) else str(error)
        self._message.setText(self.tr("The head cannot be drawn: {}").format(why))
        self._stack.setCurrentWidget(self._message)

    def _on_picked(self, electrode: str) -> None:
        """The channel, and where the map looks at one target, that target."""
        view = self._state.view
        if view.quantity.of_one_target:
            self._on_target_picked(electrode)
        if view.quantity != Quantity.EFFECTIVE:  # there the electrodes are targets, no channels
            self.electrode_picked.emit(electrode)

    def _on_left_out(self, electrode: str) -> None:
        if self._state.view.quantity != Quantity.EFFECTIVE:
            self.electrode_left_out.emit(electrode)

    def _on_target_picked(self, electrode: str) -> None:
        if self._state.config is not None:
            self._on_view_wanted(self._state.view.of_target(self._state.target_near(electrode)))

    def _on_view_wanted(self, view: HeadView) -> None:
        self.state_changed.emit(replace(self._state, view=view))

    def _on_epoch_wanted(self, index: int) -> None:
        self._on_view_wanted(replace(self._state.view, epoch_index=index))

    def _on_lobes_toggled(self, on: bool) -> None:
        self._lobes_button.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self._show()


def _words() -> QLabel:
    """Small words that wrap and can be copied."""
    label = QLabel(wordWrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    font = label.font()
    font.setPointSizeF(0.88 * font.pointSizeF())
    label.setFont(font)
    return label
