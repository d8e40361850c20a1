"""Annotations: made, changed, fetched and written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from samba_gui.core.recording import Annotation
from samba_gui.core.words import Text, joined
from samba_gui.io.annotations import annotations_provenance, numbered, read_annotations, write_annotations
from samba_gui.session.annotating import (
    AddAnnotation,
    ChangeAnnotation,
    DeleteAnnotation,
    SetAnnotations,
    fitted,
)
from samba_gui.session.notices import Level, Notice
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.annotations import (
    AnnotationKeysDialog,
    DescriptionDialog,
    ExportAnnotationsDialog,
)
from samba_gui.ui.language import tr

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow

READS = "Annotations (*.csv *.tsv *.txt);;All files (*)"
WRITES = "BIDS events (*.tsv);;CSV (*.csv)"


class AnnotationVerbs:
    """Verbs of Edit ▸ Annotations."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._session = context.session
        self._window = window

    def add(self) -> None:
        """Ask for a description and mark what is meant."""
        self.add_span(*self._meant())

    def add_span(self, onset_s: float, duration_s: float) -> None:
        """Ask for a description and mark a span."""
        if description := self._ask(tr("Add annotation"), ""):
            self._add(Annotation(onset_s, duration_s, description))

    def add_marked(self) -> None:
        """Ask for a description and annotate every marked stretch with it, as one change."""
        if description := self._ask("Annotate marked stretches", ""):
            self.annotate_marked(description)

    def annotate_marked(self, description: str) -> None:
        """Annotate every marked stretch."""
        document, marked = self._session.document, self._session.selection.marked
        if document is None or not marked:
            return
        duration_s = self._session.duration_s
        notes = [fitted(Annotation(a, b - a, description), duration_s) for a, b in marked]
        new = [note for note in notes if note not in document.annotations]
        title = Text("Annotate {n} stretches", n=len(new)) if len(new) != 1 else Text("Annotate a stretch")
        self._session.do(SetAnnotations(title, _in_order((*document.annotations, *new))))

    def with_key(self, number: int) -> None:
        """Mark what is meant with the description of a key."""
        description = self._context.settings.get("annotations/descriptions")[number - 1]
        if description and self._session.document is not None:
            self._add(Annotation(*self._meant(), description))

    def rename(self) -> None:
        """Ask for another description of the selected annotation."""
        before = self._session.selection.annotation
        if before is not None and (text := self._ask(tr("Rename annotation"), before.description)):
            self.change(before, Annotation(before.onset_s, before.duration_s, text))

    def change(self, before: Annotation, after: Annotation) -> None:
        """Put an annotation in the place of another, and select it."""
        after = fitted(after, self._session.duration_s)
        self._session.do(ChangeAnnotation(before, after))
        self._session.pick_annotation(after, go=False)

    def delete(self) -> None:
        """Delete the selected annotation."""
        annotation = self._session.selection.annotation
        if annotation is not None:
            self._session.do(DeleteAnnotation(annotation))

    def keys(self) -> None:
        """Ask for the descriptions behind 1 … 9."""
        settings = self._context.settings
        dialog = AnnotationKeysDialog(settings.get("annotations/descriptions"), self._window)
        if dialog.exec():
            settings.set("annotations/descriptions", dialog.descriptions)
            self._window.refresh_soon()
        dialog.deleteLater()

    def load(self) -> None:
        """Ask for a table and add what it holds."""
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Load annotations"), "", tr(READS))
        if path:
            self.load_file(path)

    def load_file(self, path: str) -> None:
        """Add the annotations of a table to those that are there."""
        for_document = self._session.document

        def add(found: tuple[Annotation, ...]) -> None:
            document = self._session.document
            if document is None or for_document is None or document.info is not for_document.info:
                return  # another recording has been opened meanwhile
            known = frozenset(document.annotations)
            inside = [note for note in found if 0 <= note.onset_s <= document.info.duration_s]
            new = [note for note in dict.fromkeys(inside) if note not in known]
            name = Path(path).name
            self._session.do(
                SetAnnotations(Text("Load {name}", name=name), _in_order((*document.annotations, *new)))
            )
            words = [Text("{n} annotations added from {name}.", n=len(new), name=name)]
            if len(inside) < len(found):
                n_outside = len(found) - len(inside)
                words.append(Text("{n} lie outside the recording and were left out.", n=n_outside))
            if known_too := len(inside) - len(new):
                words.append(Text("{n} were there already.", n=known_too))
            level = Level.INFO if len(inside) == len(found) else Level.WARNING
            self._context.errors.post(Notice(level, joined(words, " ")))

        self._context.exports.run(
            Text("Reading annotations"), lambda: read_annotations(path), add, self._context.errors.post
        )

    def save(self) -> None:
        """Show what would be written, ask where to, and write it."""
        document = self._session.document
        if document is None:
            return
        dialog = ExportAnnotationsDialog(document.annotations, self._window)
        if dialog.exec():
            name = str(Path.home() / f"{Path(document.info.path).stem}_events.tsv")
            path, _ = QFileDialog.getSaveFileName(self._window, tr("Save annotations"), name, tr(WRITES))
            if path:
                self.save_file(path, dialog.numbered)
        dialog.deleteLater()

    def save_file(self, path: str, with_numbers: bool) -> None:
        """Write all annotations; with numbers in place of descriptions."""
        document = self._session.document
        if document is None:
            return
        annotations = numbered(document.annotations) if with_numbers else document.annotations
        provenance = annotations_provenance(self._session.recording_sha256, document.info.simulated)
        name = Path(path).name
        saved = Notice(
            Level.INFO, Text("Saved {name}", name=name), Text("in {folder}", folder=Path(path).parent)
        )
        self._context.exports.run(
            Text("Writing {name}", name=name),
            lambda: write_annotations(path, annotations, provenance),
            lambda _: self._context.errors.post(saved),
            self._context.errors.post,
        )

    def _add(self, annotation: Annotation) -> None:
        annotation = fitted(annotation, self._session.duration_s)
        self._session.do(AddAnnotation(annotation))
        self._window.traces.stop_measuring()
        self._session.pick_annotation(annotation, go=False)

    def _meant(self) -> tuple[float, float]:
        """Onset and duration: the span that is being measured, else the moment at the cursor."""
        measured = self._window.traces.measured
        if measured is None:
            return self._session.selection.cursor_s, 0.0
        return measured[0], measured[1] - measured[0]

    def _ask(self, title: str, text: str) -> str:
        if self._session.document is None:
            return ""
        used = dict.fromkeys(note.description for note in self._session.document.annotations)
        known = [*filter(None, self._context.settings.get("annotations/descriptions")), *used]
        dialog = DescriptionDialog(title, text, known, self._window)
        description = dialog.description if dialog.exec() else ""
        dialog.deleteLater()
        return description


def _in_order(annotations: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
    return tuple(sorted(annotations, key=lambda note: note.onset_s))
