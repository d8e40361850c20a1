"""Undo and redo: a command names a change, the history keeps the documents between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from psygnal import Signal

from samba_gui.core.montage import MontageMatch
from samba_gui.core.words import NOTHING, Text
from samba_gui.session.document import Document


class Command(Protocol):
    """A change of the document."""

    @property
    def title(self) -> Text:
        """For the menu: ``"Mark T7 bad"``."""

    def apply(self, document: Document) -> Document:
        """The document after the change."""


@dataclass(frozen=True)
class MarkBad:
    """Leave a channel out of the model's input, or take it back in."""

    label: str
    bad: bool = True

    @property
    def title(self) -> Text:
        """For the menu."""
        return Text("Mark {name} bad" if self.bad else "Mark {name} good", name=self.label)

    def apply(self, document: Document) -> Document:
        """The document after the change."""
        return document.with_bad(self.label, self.bad)


@dataclass(frozen=True)
class LeaveOut:
    """See what the model makes of the recording without a channel, or put it back."""

    label: str
    out: bool = True

    @property
    def title(self) -> Text:
        """For the menu."""
        return Text("Leave {name} out" if self.out else "Put {name} back", name=self.label)

    def apply(self, document: Document) -> Document:
        """The document after the change."""
        return document.with_left_out(self.label, self.out)


@dataclass(frozen=True)
class PutAllBack:
    """End the what-if."""

    @property
    def title(self) -> Text:
        """For the menu."""
        return Text("Put all electrodes back")

    def apply(self, document: Document) -> Document:
        """The document after the change."""
        return replace(document, left_out=frozenset())


@dataclass(frozen=True, eq=False)
class ChooseMontage:
    """Read the recording with another montage."""

    match: MontageMatch

    @property
    def title(self) -> Text:
        """For the menu."""
        return Text("Use montage {name}", name=self.match.montage.name)

    def apply(self, document: Document) -> Document:
        """The document after the change."""
        return document.with_montage(self.match)


class History:
    """The document now, and the ways back and forth.

    Documents are frozen and share their parts, so keeping them costs nothing.
    """

    changed = Signal(Document)

    def __init__(self) -> None:
        self.document: Document | None = None
        self._undo: list[tuple[Text, Document]] = []
        self._redo: list[tuple[Text, Document]] = []

    def begin(self, document: Document | None) -> None:
        """Another document; its history is empty."""
        self.document = document
        self._undo.clear()
        self._redo.clear()

    def do(self, command: Command) -> None:
        """Change the document; nothing happens where the command changes nothing."""
        if self.document is None:
            return
        after = command.apply(self.document)
        if (after.input, after.annotations) == (self.document.input, self.document.annotations):
            return
        self._undo.append((command.title, self.document))
        self._redo.clear()
        self._set(after)

    @property
    def undo_title(self) -> Text:
        """What undo would take back, or empty."""
        return self._undo[-1][0] if self._undo else NOTHING

    @property
    def redo_title(self) -> Text:
        """What redo would do again, or empty."""
        return self._redo[-1][0] if self._redo else NOTHING

    def undo(self) -> None:
        """Take the last change back."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """Do the last undone change again."""
        self._step(self._redo, self._undo)

    def _step(self, source: list[tuple[Text, Document]], sink: list[tuple[Text, Document]]) -> None:
        if source and self.document is not None:
            title, document = source.pop()
            sink.append((title, self.document))
            self._set(document)

    def _set(self, document: Document) -> None:
        self.document = document
        self.changed.emit(document)
