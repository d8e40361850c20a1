"""The line at the bottom: what is shown, how, by which model, and how far the analysis is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QStatusBar, QToolButton, QWidget

from samba_gui.ui.language import tr
from samba_gui.ui.theme import LIGHT, Theme


@dataclass(frozen=True)
class StatusState:
    """Texts of the line, empty where unknown.

    Parameters
    ----------
    simulated : bool
        Whether the recording is simulated; marked visibly.
    montage, reference, filters, sensitivity, page, rate, clock, bundle, device : str
    reference_words : str
        What the file says of its reference.
    fit : str
        How the recording fits the bundle: ``"good"``, ``"careful"``, ``"bad"``, or empty.
    fit_words : str
        Why, one reason per line.
    activity : str
        What is going on: ``"analysing 120× real time, 0:14 left"``.
    done, total : int
        Progress; no bar where ``total`` is 0, an endless one where it is negative.
    cancellable : bool
    """

    simulated: bool = False
    montage: str = ""
    reference: str = ""
    filters: str = ""
    sensitivity: str = ""
    page: str = ""
    rate: str = ""
    clock: str = ""
    bundle: str = ""
    reference_words: str = ""
    fit: str = ""
    fit_words: str = ""
    device: str = ""
    activity: str = ""
    done: int = 0
    total: int = 0
    cancellable: bool = False


PARTS = (
    ("montage", "Montage: electrode positions given to the model"),
    ("reference", "Reference of the traces as shown"),
    ("filters", "Display filters; they never touch the model's input"),
    (
        "sensitivity",
        "Sensitivity of the traces; uncalibrated until View ▸ Calibrate screen… has measured a mm",
    ),
    ("page", "Seconds on a page, and how much of the screen a second takes"),
    ("rate", "Sampling rate of the recording"),
    ("clock", "Time at the cursor"),
    ("bundle", "Model bundle and the first 8 characters of its hash"),
    ("device", "Where the model runs"),
)


class StatusLine(QStatusBar):
    """Shows a :class:`StatusState`.

    Signals
    -------
    cancel_clicked()
    """

    cancel_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._state: StatusState | None = None
        self._theme = LIGHT
        row = QWidget()
        # narrower windows cut the row at its end instead of refusing to shrink
        row.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout(row)
        line.setContentsMargins(6, 0, 0, 0)
        line.setSpacing(0)
        self._simulated = QLabel(self.tr("SIMULATED"))
        self._simulated.setToolTip(self.tr("This recording is simulated: no person was recorded."))
        self._simulated.hide()
        line.addWidget(self._simulated)
        self._labels: dict[str, QLabel] = {}
        for name, tip in PARTS:
            label = QLabel()
            label.setToolTip(tr(tip))
            label.setAccessibleName(tr(tip).partition(":")[0].partition(";")[0])
            label.hide()
            line.addWidget(label)
            self._labels[name] = label
        line.addStretch(1)
        self.addWidget(row, 1)

        self._activity = QLabel()
        self._activity.setContentsMargins(0, 0, 6, 0)
        self._bar = QProgressBar()
        self._bar.setFixedSize(90, 14)
        self._bar.setTextVisible(False)
        self._cancel = QToolButton()
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.setAccessibleName(self.tr("Cancel analysis"))
        self._cancel.clicked.connect(self.cancel_clicked)
        for widget in (self._activity, self._bar, self._cancel):
            self.addPermanentWidget(widget)
        self.set_theme(LIGHT)
        self.set_state(StatusState())

    @property
    def state(self) -> StatusState:
        """What is shown."""
        return self._state or StatusState()

    def set_state(self, state: StatusState) -> None:
        """Show it; only what changed is touched."""
        before, self._state = self._state, state
        if state == before:
            return
        self._simulated.setVisible(state.simulated)
        first = not state.simulated
        for name, _ in PARTS:
            text, label = getattr(state, name), self._labels[name]
            label.setVisible(bool(text))
            shown = text if first else f"  ·  {text}"
            if label.text() != shown:
                label.setText(shown)
            first = first and not text
        if before is None or (state.fit, state.fit_words) != (before.fit, before.fit_words):
            self._show_fit()  # dressing a label anew costs 20 ms
        self._labels["reference"].setToolTip(
            f"{tr(dict(PARTS)['reference'])}\n{state.reference_words}".strip()
        )
        self._activity.setText(state.activity)
        self._activity.setVisible(bool(state.activity))
        self._bar.setVisible(state.total != 0)
        self._bar.setRange(0, max(state.total, 0))
        self._bar.setValue(state.done)
        far = self.tr("{}, {} of {}").format(state.activity, state.done, state.total)
        self._bar.setAccessibleName(far if state.total > 0 else state.activity)
        self._cancel.setVisible(state.cancellable)

    def _show_fit(self) -> None:
        label = self._labels["bundle"]
        label.setStyleSheet(f"color: {getattr(self._theme, self.state.fit)};" if self.state.fit else "")
        tip = tr(dict(PARTS)["bundle"])
        label.setToolTip(f"{tip}\n{self.state.fit_words}" if self.state.fit_words else tip)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in a theme."""
        self._theme = theme
        self._show_fit()
        self._simulated.setStyleSheet(f"color: {theme.careful}; font-weight: bold;")
        self.setStyleSheet(
            f"QStatusBar {{ border-top: 1px solid {theme.edge}; }} QStatusBar::item {{ border: 0; }}"
        )


def in_clock(seconds: float) -> str:
    """``"1:02:03"`` or ``"2:03"``."""
    whole = round(max(seconds, 0.0))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
