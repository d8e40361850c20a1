"""Changes of the annotations, each of which can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from samba_gui.core.recording import Annotation
from samba_gui.core.words import Text
from samba_gui.session.document import Document

TITLE_LENGTH = 24


@dataclass(frozen=True)
class AddAnnotation:
    """Mark a span or a moment."""

    annotation: Annotation

    @property
    def title(self) -> Text:
        """For the menu."""
        return Text("Add {annotation}", annotation=_shown(self.annotation))

    def apply(self, document: Document) -> Document:
        """The document after the change."""
        return _with(document, (*document.annotations, self.annotation))


@dataclass(frozen=True)
class ChangeAnnotation:
    """Move, stretch or rename an annotation."""

    before: Annotation
    after: Annotation

    @property
    def title(self) -> Text:
        """For the menu."""
        renamed = self.before.description != self.after.description
        return Text("Rename {annotation}" if renamed else "Move {annotation}", annotation=_shown(self.before))

    def apply(self, document: Document) -> Document:
        """The document after the change."""
        if self.before not in document.annotations:
            return document
        return _with(document, (*_without(document, self.before), self.after))


@dataclass(frozen=True)
class DeleteAnnotation:
    """Take an annotation away."""

    annotation: Annotation

    @property
    def title(self) -> Text:
        """For the menu."""
        return Text("Delete {annotation}", annotation=_shown(self.annotation))

    def apply(self, document: Document) -> Document:
        """The document after the change."""
        if self.annotation not in document.annotations:
            return document
        return _with(document, _without(document, self.annotation))


@dataclass(frozen=True)
class SetAnnotations:
    """Other annotations altogether: imported, or those of last time."""

    title: Text
    annotations: tuple[Annotation, ...]

    def apply(self, document: Document) -> Document:
        """The document after the change."""
        return _with(document, self.annotations)


def fitted(annotation: Annotation, duration_s: float) -> Annotation:
    """The annotation kept within a recording of some length."""
    length_s = min(max(annotation.duration_s, 0.0), duration_s)
    onset_s = min(max(annotation.onset_s, 0.0), duration_s - length_s)
    return replace(annotation, onset_s=round(onset_s, 6), duration_s=round(length_s, 6))


def _with(document: Document, annotations: Iterable[Annotation]) -> Document:
    return replace(document, annotations=tuple(sorted(annotations, key=lambda note: note.onset_s)))


def _without(document: Document, annotation: Annotation) -> tuple[Annotation, ...]:
    at = document.annotations.index(annotation)
    return document.annotations[:at] + document.annotations[at + 1 :]


def _shown(annotation: Annotation) -> str:
    text = " ".join(annotation.description.split())
    return (
        text
        if 0 < len(text) <= TITLE_LENGTH
        else f"{text[: TITLE_LENGTH - 1]}…"
        if text
        else Text("annotation")
    )
