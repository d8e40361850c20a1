"""The slim rows above and below the head: what is shown, from where, at which epoch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from samba_gui.io.template_cortex import HOW_TO_INSTALL, NEEDS_NILEARN, cortex_available
from samba_gui.scene.head_field import Quantity
from samba_gui.ui.head.state import HeadState, HeadView
from samba_gui.ui.language import tr

FRAME_MS = 700

CAMERA_KEYS = {"L": "left", "R": "right", "T": "top", "F": "front", "B": "back", "Q": "three-quarter"}
SWITCH_KEYS = {"S": "surface", "N": "names", "U": "untrained", "P": "paper", "C": "cortex"}


class HeadControls(QWidget):
    """Choices of a head panel; it changes nothing itself.

    Signals
    -------
    view_wanted(HeadView)
    camera_wanted(str)
    gif_wanted()
    """

    view_wanted = Signal(object)
    camera_wanted = Signal(str)
    gif_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = HeadView()
        self._window_title = ""
        self._quantity = QComboBox()
        self._quantity.setAccessibleName(self.tr("Quantity"))
        self._quantity.setToolTip(self.tr("What is shown per electrode"))
        self._quantity.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._quantity.setMinimumContentsLength(12)
        self._quantity.activated.connect(self._on_quantity_chosen)
        self._target = QComboBox()
        self._target.setAccessibleName(self.tr("Target electrode"))
        self._target.setToolTip(self.tr("The target electrode whose weights are shown"))
        self._target.textActivated.connect(lambda name: self._want(target=name))
        self._switches = {
            "untrained": self._switch(
                self.tr("Untrained"),
                self.tr("Control: the same montage under a network before training (U)"),
            ),
            "surface": self._switch(
                self.tr("Surface"), self.tr("Interpolated colours between electrodes (S)")
            ),
            "names": self._switch(self.tr("Names"), self.tr("Electrode names (N)")),
            "flat": self._switch(self.tr("2-D"), self.tr("From above, flat")),
            "cortex": self._switch(self.tr("Cortex"), ""),
        }
        for name, button in self._switches.items():
            button.toggled.connect(lambda on, name=name: self._want(**{name: on}))
        self._paper = self._switch(
            self.tr("Paper"), self.tr("The look of the paper's figures: scaled from minimum to maximum (P)")
        )
        self._paper.toggled.connect(self._on_paper_toggled)
        gif = _button(self.tr("GIF…"), self.tr("Save an animation of the weights over training epochs"))
        gif.clicked.connect(self.gif_wanted)
        self._gif = gif
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        what = [self._paper, self._switches["untrained"], gif]
        how = [self._switches[name] for name in ("cortex", "surface", "names", "flat")]
        column.addLayout(_row([self._quantity, self._target], stretch=self._quantity, after=what))
        column.addLayout(_row(self._camera_buttons(), after=how))

    def show_state(self, state: HeadState) -> None:
        """Follow a state without asking for anything."""
        view, self._view = state.view, state.view
        with QSignalBlocker(self._quantity):
            self._quantity.clear()
            for text, quantity in self._quantities(state):
                self._quantity.addItem(text, quantity)
            at = self._quantity.findData(view.quantity)
            self._quantity.setCurrentIndex(max(at, 0))
        targets = list(state.config.target.labels) if state.config else []
        if targets != [self._target.itemText(i) for i in range(self._target.count())]:
            self._target.clear()
            self._target.addItems(targets)
        self._target.setCurrentText(view.target or (targets[0] if targets else ""))
        self._target.setVisible(view.quantity == Quantity.TARGET)
        for name, button in self._switches.items():
            with QSignalBlocker(button):
                button.setChecked(getattr(view, name))
        self._switches["untrained"].setEnabled(not view.quantity.of_recording)
        with QSignalBlocker(self._paper):
            self._paper.setChecked(view.quantity == Quantity.PAPER)
        self._enable_cortex()
        self._gif.setEnabled(state.history is not None)

    def press(self, letter: str) -> None:
        """A key: a camera or a switch."""
        if letter in CAMERA_KEYS:
            self.camera_wanted.emit(CAMERA_KEYS[letter])
        elif letter in SWITCH_KEYS:
            self._switches.get(SWITCH_KEYS[letter], self._paper).click()

    def set_3d_possible(self, possible: bool) -> None:
        """Without OpenGL the 2-D head is all there is."""
        flat = self._switches["flat"]
        flat.setEnabled(possible)
        if not possible:
            flat.setToolTip(self.tr("This machine cannot draw in 3-D (no OpenGL)"))
        self._enable_cortex()

    def _enable_cortex(self) -> None:
        """In 3-D, where its files are; else say what is missing."""
        button, flat = self._switches["cortex"], self._switches["flat"]
        in_3d = flat.isEnabled() and not flat.isChecked()
        button.setEnabled(in_3d and cortex_available())
        if not cortex_available():
            button.setToolTip(f"{tr(NEEDS_NILEARN)} {tr(HOW_TO_INSTALL)}")
        elif in_3d:
            button.setToolTip(
                self.tr("A template's cortex under the scalp, for orientation; not this person's (C)")
            )
        else:
            button.setToolTip(self.tr("A template's cortex under the scalp; in 3-D only"))

    def _quantities(self, state: HeadState) -> list[tuple[str, Quantity]]:
        rows = [
            (self.tr("Relative to uniform"), Quantity.RELATIVE),
            (self.tr("One target electrode"), Quantity.TARGET),
            (self.tr("Effective inputs per target"), Quantity.EFFECTIVE),
            (self.tr("As in the paper (min–max)"), Quantity.PAPER),
        ]
        if state.window is not None:
            rows.append((self.tr("Window: {}").format(state.window.title), Quantity.WINDOW))
        if state.recorded:
            rows += [
                (self.tr("Potential at the cursor"), Quantity.POTENTIAL),
                (self.tr("Window: delta 1–4 Hz"), Quantity.DELTA),
                (self.tr("Window: theta 4–8 Hz"), Quantity.THETA),
                (self.tr("Window: alpha 8–13 Hz"), Quantity.ALPHA),
                (self.tr("Window: beta 13–30 Hz"), Quantity.BETA),
            ]
        return rows

    def _on_quantity_chosen(self, index: int) -> None:
        self._want(quantity=Quantity(self._quantity.itemData(index)))

    def _on_paper_toggled(self, on: bool) -> None:
        self._want(quantity=Quantity.PAPER if on else Quantity.RELATIVE)

    def _want(self, **changes: object) -> None:
        self.view_wanted.emit(replace(self._view, **changes))  # type: ignore[arg-type]

    def _switch(self, text: str, tip: str) -> QToolButton:
        button = _button(text, tip)
        button.setCheckable(True)
        return button

    def _camera_buttons(self) -> list[QToolButton]:
        names = {
            "left": self.tr("from the left"),
            "right": self.tr("from the right"),
            "top": self.tr("from above"),
            "front": self.tr("from the front"),
            "back": self.tr("from behind"),
            "three-quarter": self.tr("from the left and above"),
        }
        buttons = []
        for letter, camera in CAMERA_KEYS.items():
            text = "¾" if camera == "three-quarter" else letter
            button = _button(text, self.tr("View {} ({})").format(names[camera], letter))
            button.setAccessibleName(self.tr("View {}").format(names[camera]))
            button.clicked.connect(lambda _=False, camera=camera: self.camera_wanted.emit(camera))
            buttons.append(button)
        return buttons


class EpochBar(QWidget):
    """Slider over training epochs, with a button that plays them.

    Signals
    -------
    epoch_wanted(int)
        Index of an epoch.
    """

    epoch_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._play = _button("▶", self.tr("Play the epochs"))
        self._play.setAccessibleName(self.tr("Play the epochs"))
        self._play.setCheckable(True)
        self._play.toggled.connect(self._on_play_toggled)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(self.tr("Training epoch"))
        self._slider.setPageStep(1)
        self._slider.valueChanged.connect(self.epoch_wanted)
        self._label = QLabel()
        self._label.setMinimumWidth(self.fontMetrics().horizontalAdvance(self.tr("epoch {}").format("00000")))
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_next_frame)
        row = _row([self._play, self._slider, self._label], stretch=self._slider)
        row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)

    def show_state(self, state: HeadState) -> None:
        """Follow a state without asking for anything."""
        n = len(state.epochs)
        live = n > 1 and not state.view.untrained and not state.view.quantity.of_recording
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, max(n - 1, 0))
            self._slider.setValue(state.epoch_index)
        self.setEnabled(live)
        if not live:
            self.stop()
        known = n > 0 and not state.view.untrained
        self._label.setText(self.tr("epoch {}").format(state.epochs[state.epoch_index]) if known else "")

    def stop(self) -> None:
        """Play no more."""
        self._play.setChecked(False)

    def _on_play_toggled(self, on: bool) -> None:
        self._play.setText("❚❚" if on else "▶")
        if on:
            self._timer.start()
            self._on_next_frame()
        else:
            self._timer.stop()

    def _on_next_frame(self) -> None:
        self._slider.setValue((self._slider.value() + 1) % (self._slider.maximum() + 1))


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _row(
    widgets: Iterable[QWidget], *, stretch: QWidget | None = None, after: Iterable[QWidget] = ()
) -> QHBoxLayout:
    """Widgets side by side; those ``after`` stand at the right."""
    row = QHBoxLayout()
    row.setSpacing(2)
    for widget in widgets:
        row.addWidget(widget, 1 if widget is stretch else 0)
    if stretch is None:
        row.addStretch(1)
    for widget in after:
        row.addWidget(widget)
    return row
