"""The bar that says that what is on screen is a what-if, what it changes, and how to leave it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from samba_gui.session.what_if import Effects
from samba_gui.ui.theme import LIGHT, Theme


@dataclass(frozen=True)
class WhatIfState:
    """What the bar says.

    Parameters
    ----------
    left_out : tuple of (label, electrode)
        Nothing is shown without any.
    effects : Effects or None
        None until both analyses have a window in common.
    titles : tuple of str
        Of the heads, as in ``effects``.
    theme : Theme
    """

    left_out: tuple[tuple[str, str], ...] = ()
    effects: Effects | None = None
    titles: tuple[str, ...] = ()
    theme: Theme = LIGHT


class WhatIfBar(QFrame):
    """One bar above the traces while electrodes are left out.

    Signals
    -------
    put_back(str)
        Label of a channel whose name was clicked.
    all_put_back()
    ranking_wanted()
    """

    put_back = Signal(str)
    all_put_back = Signal()
    ranking_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = WhatIfState()
        self.setObjectName("whatIf")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 4, 4)
        self._text = QLabel(wordWrap=True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text.linkActivated.connect(self.put_back)
        row.addWidget(self._text, 1)
        back = QPushButton(self.tr("Put all &back"))
        back.setToolTip(self.tr("Give the model all electrodes again (Shift+X)"))
        back.clicked.connect(self.all_put_back)
        rank = QPushButton(self.tr("Ran&k the rest…"))
        rank.setToolTip(self.tr("What the model loses without each of the electrodes that remain"))
        rank.clicked.connect(self.ranking_wanted)
        for button in (rank, back):
            row.addWidget(button)
        self.hide()

    @property
    def words(self) -> str:
        """What it says, with markup."""
        return self._text.text()

    def set_state(self, state: WhatIfState) -> None:
        """Show a state."""
        if state == self._state:
            return
        self._state = state
        self.setStyleSheet(
            f"#whatIf {{ border: 2px dashed {state.theme.accent}; background: {state.theme.info}; }}"
        )
        self._text.setText(f"{self._headline(state)}<br>{self._figures(state)}")
        self.setVisible(bool(state.left_out))

    def _headline(self, state: WhatIfState) -> str:
        names = ", ".join(
            f'<a href="{escape(label)}" style="color: {state.theme.accent}">{escape(electrode or label)}</a>'
            for label, electrode in state.left_out
        )
        return self.tr(
            "<b>What if: without {names}.</b> Reconstruction, timeline and head are those without; "
            "removed, not zeroed. A click on a name puts it back."
        ).format(names=names)

    def _figures(self, state: WhatIfState) -> str:
        effects = state.effects
        if effects is None:
            return self.tr("With all electrodes → without: no window is analysed both ways yet.")
        parts = [
            self.tr("median correlation {:.2f} → {:.2f} (electrodes that remain)").format(
                effects.correlation.whole, effects.correlation.reduced
            )
        ]
        for title, found in zip(state.titles, effects.classes, strict=True):
            if not found.windows:
                parts.append(self.tr("{}: abstains").format(escape(title)))
                continue
            text = self.tr("{}: same class in {:.0f} % of {} windows").format(
                escape(title), 100 * found.same, found.windows
            )
            if found.here is not None:
                text += self.tr(", at the cursor {} {:.2f} → {:.2f}").format(
                    escape(found.here.name), found.here.whole, found.here.reduced
                )
            parts.append(text)
        head = self.tr("With all → without, {} of {} windows: ").format(effects.windows, effects.of)
        return head + " · ".join(parts)
