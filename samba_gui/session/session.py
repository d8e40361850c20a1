"""The session: one open recording, what is known of it, where the user looks, what is computed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from psygnal import Signal

from samba_gui import __version__
from samba_gui.core.errors import RecipeError
from samba_gui.core.jobs import AnalyseJob
from samba_gui.core.montage import MIN_ELECTRODES, Montage, MontageMatch
from samba_gui.core.recipe import Recipe, make_recipe
from samba_gui.core.recording import Annotation, ChannelKind, RecordingInfo
from samba_gui.io.hashing import recording_sha256
from samba_gui.io.montages import match, propose
from samba_gui.io.recordings import Recording, open_recording
from samba_gui.io.results import StoredResults, read_results
from samba_gui.session.analysis import Analysis, AnalysisOptions, Phase, Worker
from samba_gui.session.annotating import SetAnnotations
from samba_gui.session.background import Background
from samba_gui.session.bundle import Bundle, load_bundle
from samba_gui.session.cache import prune
from samba_gui.session.display import Display
from samba_gui.session.document import Document
from samba_gui.session.drafts import Drafts
from samba_gui.session.history import ChooseMontage, Command, History, MarkBad
from samba_gui.session.notices import Level, Notice, notice_of
from samba_gui.session.pages import Pages
from samba_gui.session.reconstructions import Reconstructions
from samba_gui.session.selection import Selection


class Prober(Protocol):
    """What the session needs to learn about a file without touching it itself."""

    def probe(self, path: str) -> RecordingInfo:
        """Facts about a recording, read in a child process."""


@dataclass(frozen=True, eq=False)
class _Opened:
    info: RecordingInfo
    proposals: tuple[MontageMatch, ...]
    recording: Recording


class Session:
    """One window's open document.

    Everything is called on one thread; slow work runs in :class:`Background` threads whose answers
    come back through ``deliver``. Answers to what is no longer wanted are dropped by number.

    Parameters
    ----------
    worker : Worker
    prober : Prober
    results_dir : Path
        Where results files go; one per recording and recipe.
    drafts_dir : Path
        Where annotations made here are kept.
    deliver : callable
        See :class:`Background`.

    Attributes
    ----------
    recording_sha256 : str
        Of the open recording, empty until it is computed.
    opening : str
        Name of the file being opened, or empty.
    history : History
        Holds the document and the ways back.
    selection : Selection
    display : Display
    bundle : Bundle or None
    analysis : Analysis
    reconstructions : Reconstructions
    pages : Pages
    """

    opening_changed = Signal()
    recording_changed = Signal()
    document_changed = Signal()
    bundle_changed = Signal()
    selection_changed = Signal(Selection)
    display_changed = Signal(Display)
    noticed = Signal(Notice)

    def __init__(
        self,
        worker: Worker,
        prober: Prober,
        results_dir: Path,
        drafts_dir: Path,
        deliver: Callable[[Callable[[], None]], None],
    ) -> None:
        self._worker = worker
        self._prober = prober
        self._results_dir = results_dir
        self._files = Background(deliver, "open")
        self._reads = Background(deliver, "pages")
        self._slow = Background(deliver, "hash")
        self.drafts = Drafts(drafts_dir, self._slow, self.noticed.emit)
        self._opened_number = 0
        self._bundle_number = 0
        self._recording: Recording | None = None
        self.recording_sha256 = ""
        self._again = 0
        self._unfitted = False
        self._sensitivity_is_chosen = False
        self.opening = ""
        self._read_input: object = None
        self.selection = Selection()
        self.display = Display()
        self.options = AnalysisOptions()
        self.bundle: Bundle | None = None
        self.history = History()
        self.analysis = Analysis(worker)
        self.reconstructions = Reconstructions(worker)
        self.pages = Pages(self._reads)
        self._slow.run("Tidying", lambda: prune(results_dir), lambda _: None, self.noticed.emit)
        self.history.changed.connect(self._on_document_changed)
        self.pages.changed.connect(self._on_page_changed)
        self.pages.noticed.connect(self.noticed.emit)
        self.analysis.noticed.connect(self.noticed.emit)
        self.reconstructions.noticed.connect(self.noticed.emit)

    # ---- state

    @property
    def document(self) -> Document | None:
        """The open recording with its montage and bad channels."""
        return self.history.document

    @property
    def under_way(self) -> tuple[str, ...]:
        """What is still on its way, in words."""
        states = {
            "the file": self._files.busy,
            "the page": self._reads.busy,
            "checksum or bundle": self._slow.busy,
            "the analysis": self.analysis.busy,
            "reconstructions": self.reconstructions.busy,
        }
        return tuple(name for name, busy in states.items() if busy)

    @property
    def busy(self) -> bool:
        """Whether anything is still on its way."""
        return bool(self.under_way)

    @property
    def duration_s(self) -> float:
        """Of the open recording, 0 without one."""
        return self.document.info.duration_s if self.document else 0.0

    def visible_windows(self) -> tuple[int, ...]:
        """Analysis windows that overlap the page."""
        store = self.analysis.store
        if store is None:
            return ()
        page = self.selection
        return tuple(
            window.index
            for window in store.start.plan.windows
            if window.onset_s < page.page_stop_s
            and window.onset_s + window.n / store.start.plan.rate_hz > page.page_start_s
        )

    # ---- commands

    def open(self, path: str, montage: Montage | None = None) -> None:
        """Open a recording and analyse it; the present one stays until the new one is there.

        Parameters
        ----------
        path : str
        montage : Montage, optional
            Used instead of the best proposal.
        """
        self._opened_number += 1
        number = self._opened_number
        name = Path(path).name
        self.opening = name
        self.opening_changed.emit()

        def failed(notice: Notice) -> None:
            if number == self._opened_number:
                self.opening = ""
                self.opening_changed.emit()
            self.noticed.emit(notice)

        self._files.run(
            f"Opening {name}",
            lambda: _open(self._prober, path, montage),
            lambda opened: self._on_opened(number, opened),
            failed,
        )

    def load_bundle(self, directory: Path) -> None:
        """Use another model bundle and analyse again."""
        self._bundle_number += 1
        number = self._bundle_number
        self._slow.run(
            "Reading the model bundle",
            lambda: load_bundle(directory),
            lambda bundle: self._on_bundle(number, bundle),
            self.noticed.emit,
        )

    def do(self, command: Command) -> None:
        """Change the document so that it can be undone."""
        self.history.do(command)

    def mark_bad(self, label: str, bad: bool) -> None:
        """Leave a channel out of the model's input, or take it back in."""
        self.do(MarkBad(label, bad))

    def choose_montage(self, montage_match: MontageMatch) -> None:
        """Read the recording with another montage."""
        self.do(ChooseMontage(montage_match))

    def use_montage(self, montage: Montage) -> None:
        """Match a montage to the recording and use it; says so where it does not fit."""
        if self.document is None:
            return
        try:
            self.choose_montage(match(self.document.info, montage))
        except Exception as error:
            self.noticed.emit(notice_of(error, "Matching the montage"))

    def select(self, selection: Selection) -> None:
        """Look somewhere else."""
        if selection != self.selection:
            moved = (selection.page_start_s, selection.page_s) != (
                self.selection.page_start_s,
                self.selection.page_s,
            )
            self.selection = selection
            if moved:
                self._show_page()
            self.selection_changed.emit(selection)

    def seek(self, time_s: float) -> None:
        """Put the cursor at a time."""
        self.select(self.selection.at(time_s, self.duration_s))

    def scroll(self, by_s: float) -> None:
        """Move the page."""
        self.select(self.selection.scrolled(by_s, self.duration_s))

    def pick_electrode(self, electrode: str) -> None:
        """Highlight an electrode, or none."""
        self.select(replace(self.selection, electrode=electrode))

    def pick_annotation(self, annotation: Annotation | None, *, go: bool = True) -> None:
        """Highlight an annotation and go to it, or highlight none."""
        selection = self.selection
        if annotation is not None and go:
            selection = selection.at(annotation.onset_s, self.duration_s)
        self.select(replace(selection, annotation=annotation))

    def show_as(self, display: Display) -> None:
        """Other display settings."""
        if display != self.display:
            # what the user chose once stays for all recordings of this session
            self._sensitivity_is_chosen |= display.sensitivity_uv != self.display.sensitivity_uv
            reread = display.read_as != self.display.read_as
            self.display = display
            if reread:
                self._show_page()
            self.display_changed.emit(display)

    def fit_sensitivity(self) -> None:
        """Draw the EEG of this page at a legible height."""
        page = self.pages.page
        if page is not None:
            eeg = [i for i, row in enumerate(page.rows) if row.kind == ChannelKind.EEG]
            self.show_as(self.display.fitted_to(page.data[eeg]))
            self._sensitivity_is_chosen = False

    def set_options(self, options: AnalysisOptions) -> None:
        """Other analysis settings; analyses again if that changes anything."""
        if options != self.options:
            self.options = options
            self._analyse()

    def run_again(self) -> None:
        """Compute everything anew into a fresh results file; go on with what was cancelled or failed."""
        if self.analysis.phase == Phase.DONE:
            self._again += 1
        self.analysis.clear()
        self._analyse()

    def request_reconstructions(self) -> None:
        """Ask for what the page needs; the window calls this a little after the page has come to rest."""
        job, windows = self.analysis.job, self.visible_windows()
        if job is not None and windows and self.display.overlay:
            self.reconstructions.ask(job, windows)

    def collect(self) -> None:
        """Take the worker's answers; the window calls this when the worker says that some wait."""
        for event in self._worker.poll():
            self.analysis.take(event)
            self.reconstructions.take(event)

    def close(self) -> None:
        """End threads and close files. The worker and the prober belong to the caller, who closes the
        prober first so that a probe under way ends."""
        self.drafts.flush()
        for background in (self._files, self._reads, self._slow):
            background.close()
        if self._recording is not None:
            self._recording.close()
            self._recording = None

    # ---- answers

    def _on_opened(self, number: int, opened: _Opened) -> None:
        if number != self._opened_number:
            opened.recording.close()
            return
        before, self._recording = self._recording, opened.recording
        if before is not None:
            # on the reading thread, after the reads that still use it
            self._reads.run("Closing", before.close, lambda _: None, self.noticed.emit)
        self.recording_sha256 = ""
        self._again = 0
        self.opening = ""
        self.analysis.clear()
        self.reconstructions.clear()
        chosen = opened.proposals[0] if opened.proposals else None
        document = Document(opened.info, opened.proposals, chosen, annotations=opened.info.annotations)
        self.history.begin(document)
        self._read_input = document.input
        self.selection = Selection(page_s=self.selection.page_s)
        self.pages.clear()
        self._unfitted = not self._sensitivity_is_chosen
        self._show_page()
        self.opening_changed.emit()
        self.recording_changed.emit()
        self.document_changed.emit()
        self.selection_changed.emit(self.selection)
        self._tell_about(opened.info, chosen)
        self._slow.run(
            "Reading the whole file for its checksum",
            lambda: recording_sha256(opened.info.path),
            lambda sha256: self._on_hashed(number, sha256),
            self.noticed.emit,
        )

    def _tell_about(self, info: RecordingInfo, chosen: MontageMatch | None) -> None:
        hint = ""
        warnings = list(info.warnings)
        if chosen is None and len(info.indices(ChannelKind.EEG)) >= MIN_ELECTRODES:
            warnings.append("No montage fits this recording, so it is shown but not analysed.")
            hint = "Load a file with its electrode positions: Analysis ▸ Load montage file…"
        if warnings:
            self.noticed.emit(Notice(Level.WARNING, " ".join(warnings), hint))

    def _on_page_changed(self) -> None:
        if self._unfitted and self.pages.page is not None:
            self._unfitted = False
            self.fit_sensitivity()

    def _on_hashed(self, number: int, sha256: str) -> None:
        if number == self._opened_number:
            self.recording_sha256 = sha256
            self._analyse()
            self._slow.run(
                "Looking for annotations of last time",
                lambda: self.drafts.read(sha256),
                lambda saved: self._offer_draft(number, saved),
                self.noticed.emit,
            )

    def _offer_draft(self, number: int, saved: tuple[Annotation, ...] | None) -> None:
        document, sha256 = self.document, self.recording_sha256
        if number != self._opened_number or document is None:
            return

        def take_back() -> None:
            if self.recording_sha256 == sha256 and saved is not None:
                self.drafts.adopt(sha256)
                self.do(SetAnnotations("Take annotations back", saved))

        if document.annotations != document.info.annotations:
            self.drafts.keep(sha256, document.annotations)  # made before the hash was known
        if saved is not None and saved != document.annotations:
            message = f"{len(saved)} annotations of last time were kept; the file has its own {{}}."
            self.noticed.emit(
                Notice(
                    Level.INFO,
                    message.format(len(document.info.annotations)),
                    "Taking them back replaces those that are shown, and can be undone.",
                    offer="Take them back",
                    accept=take_back,
                )
            )

    def _on_bundle(self, number: int, bundle: Bundle) -> None:
        if number == self._bundle_number:
            self.bundle = bundle
            self.bundle_changed.emit()
            self._analyse()

    def _on_document_changed(self, document: Document) -> None:
        if document.input != self._read_input:
            self._read_input = document.input
            self._show_page()
            self._analyse()
        if self.selection.annotation not in document.annotations:
            self.select(replace(self.selection, annotation=None))
        if self.recording_sha256:
            own = document.annotations == document.info.annotations
            self.drafts.keep(self.recording_sha256, None if own else document.annotations)
        self.document_changed.emit()

    # ---- what follows from the state

    def _show_page(self) -> None:
        if self._recording is not None and self.document is not None:
            self.pages.show(self._recording, self.document, self.selection, self.display)

    def _analyse(self) -> None:
        document, bundle = self.document, self.bundle
        if document is None or document.match is None or bundle is None or not self.recording_sha256:
            return
        try:
            recipe = make_recipe(
                document.info,
                document.match,
                bundle.config.key,
                bads=document.bads,
                seed=self.options.seed,
                pairs=self.options.pairs,
            )
        except RecipeError as error:
            self.analysis.clear()
            self.noticed.emit(notice_of(error, "Planning the analysis"))
            return
        device = self.options.device
        results_path = self._results_dir / results_name(self.recording_sha256, recipe, device, self._again)
        job = AnalyseJob(document.info, recipe, str(bundle.directory), str(results_path), device)
        if job == self.analysis.job:
            return
        if results_path.exists():
            self._take_from_cache(job)
        else:
            self.analysis.run(job)

    def _take_from_cache(self, job: AnalyseJob) -> None:
        """The same analysis has been done before: its results are read instead."""
        self.analysis.expect(job)

        def read(stored: StoredResults) -> None:
            if self.analysis.job is job:
                if stored.complete and stored.start.recipe == job.recipe:
                    self.analysis.adopt(job, stored)
                else:
                    self.analysis.run(job)

        def unreadable(_: Notice) -> None:
            if self.analysis.job is job:
                self.analysis.run(job)

        self._slow.run("Reading results", lambda: read_results(job.results_path), read, unreadable)


def results_name(sha256: str, recipe: Recipe, device: str, again: int) -> str:
    """Name of the cached results: equal for equal analyses by this version of the program."""
    text = ";".join((sha256, recipe.key, device, str(again), __version__))
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.samba.h5"


def _open(prober: Prober, path: str, montage: Montage | None) -> _Opened:
    info = prober.probe(path)
    proposals = tuple(propose(info))
    if montage is not None:
        chosen = match(info, montage)
        proposals = (chosen, *(other for other in proposals if other != chosen))
    return _Opened(info, proposals, open_recording(info.path))
