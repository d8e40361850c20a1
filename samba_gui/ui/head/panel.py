"""The head: SAIE weights of a bundle on a montage, and what may honestly be said of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from samba_gui.core.errors import SambaError
from samba_gui.core.saie import relative_to_uniform
from samba_gui.scene.head_field import HeadField
from samba_gui.scene.lobes import lobe_sums
from samba_gui.scene.look import Look
from samba_gui.scene.saie_field import untrained_parameters, weights_of
from samba_gui.scene.topography import Topography
from samba_gui.ui.head.controls import CAMERA_KEYS, SWITCH_KEYS, EpochBar, HeadControls
from samba_gui.ui.head.loader import HeadLoader, NullBand, Prepared
from samba_gui.ui.head.lobe_table import LobeTable
from samba_gui.ui.head.painted_head import PaintedHead
from samba_gui.ui.head.scene_canvas import SceneCanvas
from samba_gui.ui.head.state import HeadState, HeadView
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
        self._asked: tuple[object, bool] | None = None
        self._null: NullBand | None = None
        self._null_asked: tuple[object, object] | None = None
        self._loader = HeadLoader()
        self._loader.prepared.connect(self._on_prepared)
        self._loader.null_known.connect(self._on_null_known)
        self._loader.failed.connect(self._on_failed)
        self._controls = HeadControls()
        self._epochs = EpochBar()
        self._canvas, self._flat = SceneCanvas(), PaintedHead()
        self._message = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._stack = QStackedWidget()
        for page in (self._message, self._canvas, self._flat):
            self._stack.addWidget(page)
        self._caption, self._summary = _words(), _words()
        self._lobes = LobeTable()
        self._lobes.hide()
        self._lobes_button = QToolButton()
        self._lobes_button.setText(self.tr("Lobes"))
        self._lobes_button.setCheckable(True)
        self._lobes_button.setAutoRaise(True)
        self._lobes_button.setToolTip(self.tr("Sums of the weights per lobe and side"))
        self._lobes_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._lobes_button.setArrowType(Qt.ArrowType.RightArrow)
        self._arrange()
        self._connect()
        self.set_state(self._state)

    def set_state(self, state: HeadState) -> None:
        """Show a state; what has not changed is not computed again."""
        if state == self._state and self._asked == (state.montage, state.view.flat):
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

    # ---- building

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 6)
        column.setSpacing(3)
        column.addWidget(self._controls)
        column.addWidget(self._stack, 1)
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
            head.picked.connect(self.electrode_picked)
            head.left_out.connect(self.electrode_left_out)

    # ---- showing

    def _request_what_is_missing(self) -> None:
        state = self._state
        if state.montage is None:
            return
        wanted = (state.montage, state.view.flat)
        if self._asked != wanted:
            self._asked = wanted
            self._loader.prepare(*wanted)
        if state.config is not None and self._null_asked != (state.config, state.montage):
            self._null_asked = (state.config, state.montage)
            self._loader.find_null(state.config, state.montage)

    def _show(self) -> None:
        state, null = self._state, self._null_of_state()
        shown = state.describe(null)
        ready = self._prepared is not None and self._prepared.montage == state.montage
        if shown is not None and self._prepared is not None and not ready:
            return  # the head of before stays until the new one is there
        self._caption.setText(shown.caption if shown else "")
        self._summary.setText(shown.summary if shown else "")
        self._lobes_button.setVisible(shown is not None and not state.view.quantity.of_recording)
        if shown is None or not ready:
            self._message.setText(self._why_empty())
            self._stack.setCurrentWidget(self._message)
            return
        assert self._prepared is not None
        head = self._flat if isinstance(self._prepared.head, Topography) else self._canvas
        view = state.view
        look = Look(state.theme.name, view.surface, view.names, state.selected)
        head.set_field(shown, look, self._tips(shown, self._prepared.regions))
        head.setAccessibleDescription(f"{shown.title}. {shown.summary}. {shown.caption}")
        self._stack.setCurrentWidget(head)
        self._show_lobes(null)

    def _show_lobes(self, null: np.ndarray | None) -> None:
        state = self._state
        if (
            not self._lobes_button.isChecked()
            or self._prepared is None
            or not state.config
            or not state.history
        ):
            return
        untrained = state.view.untrained
        parameters = (
            untrained_parameters(state.config) if untrained else state.history.parameters[state.epoch_index]
        )
        relative = relative_to_uniform(weights_of(state.config, parameters, self._prepared.montage))
        self._lobes.set_sums(lobe_sums(relative, self._prepared.regions, null))

    def _null_of_state(self) -> np.ndarray | None:
        null, state = self._null, self._state
        known = null is not None and null.config is state.config and null.montage == state.montage
        return null.relative if known and null is not None else None

    def _tips(self, shown: HeadField, regions: tuple[tuple[str, str], ...]) -> dict[str, str]:
        tips = {
            label: f"{label}: {tip}\n{lobe}, {side}"
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

    def _on_failed(self, error: BaseException) -> None:
        why = tr(error.words) if isinstance(error, SambaError) else str(error)
        self._message.setText(self.tr("The head cannot be drawn: {}").format(why))
        self._stack.setCurrentWidget(self._message)

    def _on_view_wanted(self, view: HeadView) -> None:
        self.state_changed.emit(replace(self._state, view=view))

    def _on_epoch_wanted(self, index: int) -> None:
        self._on_view_wanted(replace(self._state.view, epoch_index=index))

    def _on_lobes_toggled(self, on: bool) -> None:
        self._lobes_button.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self._lobes.setVisible(on)
        self._show()


def _words() -> QLabel:
    """Small words that wrap and can be copied."""
    label = QLabel(wordWrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    font = label.font()
    font.setPointSizeF(0.88 * font.pointSizeF())
    label.setFont(font)
    return label
