"""What the model was trained on against what this recording is: one card per property."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from samba_gui.core.words import Text, joined, wording
from samba_gui.session.contract import ContractRow, Verdict
from samba_gui.ui.language import tr
from samba_gui.ui.theme import LIGHT, Theme

VERDICTS = {
    Verdict.FITS: ("good", "●", Text("fits")),
    Verdict.CAREFUL: ("careful", "▲", Text("with care")),
    Verdict.OUTSIDE: ("bad", "■", Text("outside")),
    Verdict.UNKNOWN: ("dim", "○", Text("not known")),
}
"""Colour, shape and word: nobody must tell green from red."""


@dataclass(frozen=True)
class ContractState:
    """What the panel shows.

    Parameters
    ----------
    rows : tuple of ContractRow
    model : str
        The bundle in words: its name, version and hash.
    training_data : str
    heads : tuple of (title, trained_on)
        Class heads and what they were trained on.
    """

    rows: tuple[ContractRow, ...] = ()
    model: str = ""
    training_data: str = ""
    heads: tuple[tuple[str, str], ...] = ()


def in_short(rows: tuple[ContractRow, ...]) -> tuple[Verdict, Text]:
    """The worst verdict, and one sentence."""
    for verdict, words in (
        (Verdict.OUTSIDE, wording("Outside what the model was trained on: {topics}")),
        (Verdict.CAREFUL, wording("To be read with care: {topics}")),
    ):
        topics = [row.topic for row in rows if row.verdict == verdict]
        if topics:
            return verdict, Text(words, topics=joined(topics))
    return Verdict.FITS, Text("This recording is of the kind that the model was trained on")


class ContractPanel(QWidget):
    """Shows a :class:`ContractState`; the text can be selected and read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self._state = ContractState()
        self._theme = LIGHT
        self._text = QTextBrowser()
        self._text.setAccessibleName(self.tr("How the recording fits the model"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._text)

    @property
    def state(self) -> ContractState:
        """What is shown."""
        return self._state

    def plain_text(self) -> str:
        """What can be read."""
        return self._text.toPlainText()

    def set_state(self, state: ContractState) -> None:
        """Show it, if it differs."""
        if state != self._state:
            self._state = state
            self._fill()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in a theme."""
        self._theme = theme
        self._fill()

    def _fill(self) -> None:
        state, theme = self._state, self._theme
        if not state.rows:
            self._text.setPlainText(self.tr("Open a recording and a model bundle to compare them."))
            return
        verdict, sentence = in_short(state.rows)
        parts = [
            f"<table style='margin-bottom:8px'><tr><td>{self._sign(verdict)} "
            f"<b>{escape(tr(sentence))}.</b></td></tr></table>",
            *(self._card(row) for row in state.rows),
            f"<p style='margin:12px 0 2px 0; color:{theme.dim}'>"
            f"{escape(self._trained(state.model, state.training_data))}</p>",
            *(
                f"<p style='margin:4px 0 0 0; color:{theme.dim}'>{escape(self._of_head(title, words))}</p>"
                for title, words in state.heads
            ),
        ]
        place = self._text.verticalScrollBar().value()
        self._text.setHtml("".join(parts))
        self._text.verticalScrollBar().setValue(place)

    def _trained(self, model: str, data: str) -> str:
        return self.tr("{model} was trained on {data}").format(model=model, data=data)

    def _of_head(self, title: str, words: str) -> str:
        return self.tr("Class head “{title}”: {words}").format(title=title, words=words)

    def _card(self, row: ContractRow) -> str:
        word, dim = tr(VERDICTS[row.verdict][2]), self._theme.dim
        lines = [
            f"<tr><td colspan='2'>{self._sign(row.verdict)} <b>{escape(tr(row.topic))}</b> "
            f"<span style='color:{dim}'>{word}</span></td></tr>",
            self._line(self.tr("model"), row.model),
            self._line(self.tr("this file"), row.file),
        ]
        if row.done:
            lines.append(self._line("→", row.done))
        return f"<table cellspacing='0' cellpadding='1' style='margin-bottom:7px'>{''.join(lines)}</table>"

    def _line(self, name: str, words: str) -> str:
        return (
            f"<tr><td align='right' width='62' style='color:{self._theme.dim}'>{name}&nbsp;</td>"
            f"<td>{escape(tr(words))}</td></tr>"
        )

    def _sign(self, verdict: Verdict) -> str:
        colour, sign, _ = VERDICTS[verdict]
        return f"<span style='color:{getattr(self._theme, colour)}'>{sign}</span>"
