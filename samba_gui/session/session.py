"""The session: one open recording, what is known of it, where the user looks, what is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from psygnal import Signal

from samba_gui.core.arrangement import Arrangement
from samba_gui.core.errors import StateError
from samba_gui.core.montage import Montage, MontageMatch
from samba_gui.core.recording import Annotation, ChannelKind
from samba_gui.core.words import Text
from samba_gui.io.hashing import recording_sha256
from samba_gui.io.montages import match
from samba_gui.io.recordings import Recording
from samba_gui.session.analysis import Analysis, AnalysisOptions, Phase, Worker
from samba_gui.session.annotating import SetAnnotations
from samba_gui.session.background import Background
from samba_gui.session.bundle import Bundle
from samba_gui.session.bundle_choice import BundleChoice
from samba_gui.session.cache import prune
from samba_gui.session.display import Display
from samba_gui.session.document import Document
from samba_gui.session.drafts import Drafts
from samba_gui.session.history import ChooseMontage, Command, History, LeaveOut, MarkBad, PutAllBack
from samba_gui.session.notices import Level, Notice, notice_of
from samba_gui.session.opening import Opened, Prober, caution_about, open_file
from samba_gui.session.overview import Overview
from samba_gui.session.pages import Pages
from samba_gui.session.planning import Planning
from samba_gui.session.profiles import Profile
from samba_gui.session.reconstructions import Reconstructions
from samba_gui.session.selection import Selection
from samba_gui.session.state import RestoreState, SessionState, state_of
from samba_gui.session.states import States
from samba_gui.session.what_if import WhatIf
from samba_gui.session.window_map import WindowMap

RESTORING = Text("Restore session")


class Session:
    """One window's open document.

    Everything is called on one thread; slow work runs in :class:`Background` threads whose answers
    come back through ``deliver``. Answers to what is no longer wanted are dropped by number.

    Parameters
    ----------
    worker : Worker
    prober : Prober
    results_dir : Path
        Where results files go, one per recording and recipe, and what overviews are drawn from.
    drafts_dir : Path
        Where annotations made here are kept.
    states_dir : Path
        Where sessions are kept, so that a recording opens again as it was left.
    deliver : callable
        See :class:`Background`.

    Attributes
    ----------
    recording_sha256 : str
        Of the open recording, empty until it is computed.
    opening : str
        Name of the file being opened, or empty.
    what_if : WhatIf
        Keeps the whole analysis while electrodes are left out.
    history : History
        Holds the document and the ways back.
    selection : Selection
    display : Display
    analysis : Analysis
    reconstructions : Reconstructions
    pages : Pages
    overview : Overview
    states : States
    view : dict of str to str
        What the window wants to find again with a recording, by name.
    window_map : WindowMap
    """

    opening_changed = Signal()
    recording_changed = Signal()
    document_changed = Signal()
    bundle_changed = Signal()
    selection_changed = Signal(Selection)
    display_changed = Signal(Display)
    fit_wanted = Signal()
    resumed = Signal(SessionState)
    noticed = Signal(Notice)

    def __init__(
        self,
        worker: Worker,
        prober: Prober,
        results_dir: Path,
        drafts_dir: Path,
        states_dir: Path,
        deliver: Callable[[Callable[[], None]], None],
    ) -> None:
        self._worker = worker
        self._prober = prober
        self._files = Background(deliver, "open")
        self._reads = Background(deliver, "pages")
        self._slow = Background(deliver, "hash")
        self.drafts = Drafts(drafts_dir, self._slow, self.noticed.emit)
        self.states = States(states_dir, self._slow, self.noticed.emit)
        self._opened_number = 0
        self._recording: Recording | None = None
        self.recording_sha256 = ""
        self._unfitted = False
        self._sensitivity_is_chosen = False
        self.opening = ""
        self._read_input: object = None
        self.selection = Selection()
        self._first: object = None
        self.display = Display()
        self.options = AnalysisOptions()
        self.view: dict[str, str] = {}
        self._bundles = BundleChoice(self._slow)
        self.history = History()
        self.what_if = WhatIf()
        self.analysis = Analysis(worker)
        self.reconstructions = Reconstructions(worker)
        self.pages = Pages(self._reads)
        self._planning = Planning(self.analysis, self.what_if, results_dir, self._slow)
        self.overview = Overview(results_dir, deliver)
        self.window_map = WindowMap(self.analysis, deliver)
        self._bundles.settled.connect(self._on_bundle)
        self._bundles.noticed.connect(self.noticed.emit)
        self._slow.run(Text("Tidying"), lambda: prune(results_dir), lambda _: None, self.noticed.emit)
        self.history.changed.connect(self._on_document_changed)
        self.pages.changed.connect(self._on_page_changed)
        self.pages.noticed.connect(self.noticed.emit)
        self.overview.noticed.connect(self.noticed.emit)
        self.analysis.noticed.connect(self.noticed.emit)
        self._planning.noticed.connect(self.noticed.emit)
        self._planning.whole_found.connect(self._on_whole_found)
        self.reconstructions.noticed.connect(self.noticed.emit)
        self.window_map.noticed.connect(self.noticed.emit)

    # ---- state

    @property
    def document(self) -> Document | None:
        """The open recording with its montage and bad channels."""
        return self.history.document

    @property
    def bundle(self) -> Bundle | None:
        """The one in use."""
        return self._bundles.bundle

    @property
    def chosen_bundle(self) -> Bundle | None:
        """What the next recording begins with; one that was left with another bundle gets that."""
        return self._bundles.chosen

    @property
    def under_way(self) -> tuple[str, ...]:
        """What is still on its way, in words."""
        states = {
            "the file": self._files.busy,
            "the page": self._reads.busy,
            "the overview": self.overview.busy,
            "checksum or bundle": self._slow.busy,
            "the analysis": self.analysis.busy,
            "reconstructions": self.reconstructions.busy,
            "the map": self.window_map.busy,
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
        page, plan = self.selection, store.start.plan
        onsets_s = plan.onsets_s()
        here = (onsets_s < page.page_stop_s) & (onsets_s + plan.durations_s() > page.page_start_s)
        return tuple(np.flatnonzero(here).tolist())

    # ---- commands

    def open(self, path: str, montage: Montage | None = None, state: SessionState | None = None) -> None:
        """Open a recording as it was left and analyse it; the present one stays until the new one is there.

        Parameters
        ----------
        path : str
        montage : Montage, optional
            Used instead of the best proposal, and of how the recording was left.
        state : SessionState, optional
            How to open it instead of how it was left.
        """
        self.keep()
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
            Text("Opening {name}", name=name),
            lambda: open_file(self._prober, path, montage),
            lambda opened: self._on_opened(number, opened, state, montage is None),
            failed,
        )

    def load_bundle(self, directory: Path, *, chosen: bool = True) -> None:
        """Use another model bundle and analyse again.

        Parameters
        ----------
        directory : Path
        chosen : bool
            Whether the user asked for it: then it stays, whatever bundle a recording was left with.
        """
        self._bundles.choose(directory, insist=chosen)

    def state(self) -> SessionState | None:
        """All that is needed to come back to this; None while the recording is not known by its hash."""
        if self.document is None or not self.recording_sha256:
            return None
        bundle = (str(self.bundle.directory.absolute()), self.bundle.config.key) if self.bundle else ("", "")
        return state_of(
            self.document, self.recording_sha256, self.selection, self.display, bundle, dict(self.view)
        )

    def keep(self) -> None:
        """Keep the session for the next time; the window calls this a little after every change."""
        state = self.state()
        if state is not None:
            self.states.keep(state)

    def resume(self, state: SessionState, title: Text = RESTORING) -> None:
        """Go to where a session of this recording was left.

        Parameters
        ----------
        state : SessionState
        title : Text
            Names the change of montage and bad channels for undo.
        """
        wanted = Path(state.bundle_dir)
        present = self.bundle.config.key if self.bundle else ""
        if state.bundle_dir and state.bundle_key != present and wanted.is_dir():
            self._bundles.restore(wanted)
        self.do(RestoreState(state, title))
        is_chosen = self._sensitivity_is_chosen
        self.show_as(state.display)
        self._sensitivity_is_chosen, self._unfitted = is_chosen, False
        self.select(state.place.selection(self.duration_s))
        self.resumed.emit(state)

    def use_bundle(self, bundle: Bundle) -> None:
        """Use a bundle that has been read already, for the open recording alone."""
        self._bundles.borrow(bundle)

    def do(self, command: Command) -> None:
        """Change the document so that it can be undone."""
        self.history.do(command)

    def mark_bad(self, label: str, bad: bool) -> None:
        """Leave a channel out of the model's input, or take it back in."""
        self.do(MarkBad(label, bad))

    def leave_out(self, label: str, out: bool) -> None:
        """See what the model makes of the recording without a channel, or put it back."""
        self.do(LeaveOut(label, out))

    def toggle_electrode(self, electrode: str) -> None:
        """Leave an electrode of the montage out, or put it back; a bad one stays as it is."""
        document = self.document
        label = document.label_of(electrode) if document is not None else ""
        if document is not None and label and label not in document.bads:
            self.leave_out(label, label not in document.left_out)

    def put_all_back(self) -> None:
        """End the what-if."""
        self.do(PutAllBack())

    def choose_montage(self, montage_match: MontageMatch) -> None:
        """Read the recording with another montage."""
        self.do(ChooseMontage(montage_match))

    def use_montage(self, montage: Montage) -> bool:
        """Match a montage to the recording and use it; says so, and answers False, where it does not fit."""
        if self.document is None:
            return False
        try:
            self.choose_montage(match(self.document.info, montage))
        except Exception as error:
            self.noticed.emit(notice_of(error, Text("Matching the montage")))
            return False
        return True

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

    def step_page_length(self, step: int) -> None:
        """A longer page (1) or a shorter one (−1)."""
        self.select(self.selection.with_page_step(step, self.duration_s))

    def pick_electrode(self, electrode: str) -> None:
        """Highlight an electrode, or none."""
        self.select(replace(self.selection, electrode=electrode))

    def pick_annotation(self, annotation: Annotation | None, *, go: bool = True) -> None:
        """Highlight an annotation and go to it, or highlight none."""
        selection = self.selection
        if annotation is not None and go:
            selection = selection.at(annotation.onset_s, self.duration_s)
        self.select(replace(selection, annotation=annotation))

    def arrange(self, arrangement: Arrangement) -> None:
        """Show the channels in another order, or others of them."""
        self.show_as(replace(self.display, arrangement=arrangement))

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

    def use_profile(self, profile: Profile) -> None:
        """Read in another way: display, page length and sensitivity in one step."""
        self.select(self.selection.with_page_length(profile.page_s, self.duration_s))
        self.show_as(profile.on(self.display))
        self._sensitivity_is_chosen = not profile.fits
        self._unfitted = profile.fits
        if not self._reads.busy:
            self._on_page_changed()  # no other page is coming

    def fit_sensitivity(self, row_mm: float) -> None:
        """Draw the EEG of this page at a legible height.

        Parameters
        ----------
        row_mm : float
            Height of a trace's row on the screen; :attr:`fit_wanted` asks the window for it.
        """
        page = self.pages.page
        if page is not None:
            eeg = [i for i, row in enumerate(page.rows) if row.kind == ChannelKind.EEG]
            self.show_as(self.display.fitted_to(page.data[eeg], row_mm))
            self._sensitivity_is_chosen = False

    def set_options(self, options: AnalysisOptions) -> None:
        """Other analysis settings; analyses again if that changes anything."""
        if options != self.options:
            self.options = options
            self._analyse()

    def run_again(self) -> None:
        """Compute everything anew into a fresh results file; begin or go on with what is not complete."""
        if self.analysis.phase == Phase.DONE:
            self._planning.anew()
        self.analysis.clear()
        self._analyse(asked=True)

    def request_reconstructions(self) -> None:
        """Ask for what the page needs; the window calls this a little after the page has come to rest."""
        job, windows = self.analysis.job, self.visible_windows()
        if job is not None and windows and self.display.overlay:
            self.reconstructions.ask(job, windows)

    def read_ahead(self) -> None:
        """Read the neighbouring pages; the window calls this a little after the page has come to rest."""
        if self._recording is not None and self.document is not None:
            self.pages.read_ahead(self._recording, self.document, self.selection, self.display)

    def collect(self) -> None:
        """Take the worker's answers; the window calls this when the worker says that some wait."""
        for event in self._worker.poll():
            self.analysis.take(event)
            self.reconstructions.take(event)

    def close(self) -> None:
        """End threads and close files. The worker and the prober belong to the caller, who closes the
        prober first so that a probe under way ends."""
        self.keep()
        self.drafts.flush()
        self.states.flush()
        for background in (self._files, self.overview, self.window_map, self._reads, self._slow):
            background.close()
        if self._recording is not None:
            self._recording.close()
            self._recording = None

    # ---- answers

    def _on_opened(self, number: int, opened: Opened, state: SessionState | None, resume: bool) -> None:
        if number != self._opened_number:
            opened.recording.close()
            return
        before, self._recording = self._recording, opened.recording
        if before is not None:
            close = before.close
            # when the overview has left it: on the reading thread, after the reads that still use it
            self.overview.clear(
                lambda: self._reads.run(Text("Closing"), close, lambda _: None, self.noticed.emit)
            )
        self.recording_sha256 = ""
        self.opening = ""
        self._planning.begin()
        self.reconstructions.clear()
        document = Document(opened.info, opened.proposals, opened.chosen, annotations=opened.info.annotations)
        self.history.begin(document)
        self.what_if.follow(document, None)
        self._read_input = document.input
        self.selection = Selection(page_s=self.selection.page_s)
        self._first = (self.selection, document.input)
        self.display = replace(self.display, arrangement=self.display.arrangement.elsewhere())
        self.pages.clear()
        self._unfitted = not self._sensitivity_is_chosen
        self._show_page()
        self.overview.show(opened.recording, document.bads)
        self._bundles.give_back()  # the one before may have been that recording's alone
        self.opening_changed.emit()
        self.recording_changed.emit()
        self.document_changed.emit()
        self.selection_changed.emit(self.selection)
        caution = caution_about(opened)
        if caution is not None:
            self.noticed.emit(caution)
        self._slow.run(
            Text("Reading the whole file for its checksum"),
            lambda: self._identify(opened.info.path, resume),
            lambda found: self._on_hashed(number, *found, state),
            self.noticed.emit,
        )

    def _identify(self, path: str, resume: bool) -> tuple[str, SessionState | None]:
        sha256 = recording_sha256(path)
        return sha256, self.states.read(sha256) if resume else None

    def _on_page_changed(self) -> None:
        if self._unfitted and self.pages.page is not None:
            self._unfitted = False
            self.fit_wanted.emit()

    def _on_hashed(
        self, number: int, sha256: str, kept: SessionState | None, wanted: SessionState | None
    ) -> None:
        if number == self._opened_number:
            self.recording_sha256 = sha256
            self._resume(kept, wanted)
            self._analyse()
            self._slow.run(
                Text("Looking for annotations of last time"),
                lambda: self.drafts.read(sha256),
                lambda saved: self._offer_draft(number, saved),
                self.noticed.emit,
            )

    def _resume(self, kept: SessionState | None, wanted: SessionState | None) -> None:
        assert self.document is not None
        if wanted is not None and wanted.recording_sha256 != self.recording_sha256:
            error = StateError("This recording is not the one of the session.", "It is shown as it is.")
            self.noticed.emit(notice_of(error, Text("Opening the session")))
        elif wanted is not None:
            self.resume(wanted)
        elif kept is not None and (self.selection, self.document.input) == self._first:
            # while a long file was hashed nobody has begun to work
            if self._bundles.stays:
                kept = replace(kept, bundle_dir="")
            self.resume(kept, Text("Restore what was left"))
            if self.history.undo_title:
                words = Text("As you left it: {words}.", words=kept.in_words())
                self.noticed.emit(Notice(Level.INFO, words, Text("Edit ▸ Undo takes it back.")))

    def _offer_draft(self, number: int, saved: tuple[Annotation, ...] | None) -> None:
        document, sha256 = self.document, self.recording_sha256
        if number != self._opened_number or document is None:
            return

        def take_back() -> None:
            if self.recording_sha256 == sha256 and saved is not None:
                self.drafts.adopt(sha256)
                self.do(SetAnnotations(Text("Take annotations back"), saved))

        if document.annotations != document.info.annotations:
            self.drafts.keep(sha256, document.annotations)  # made before the hash was known
        if saved is not None and saved != document.annotations:
            message = Text(
                "{n} annotations of last time were kept; the file has its own {n_file}.",
                n=len(saved),
                n_file=len(document.info.annotations),
            )
            self.noticed.emit(
                Notice(
                    Level.INFO,
                    message,
                    Text("Taking them back replaces those that are shown, and can be undone."),
                    offer=Text("Take them back"),
                    accept=take_back,
                )
            )

    def _on_bundle(self, is_another: bool) -> None:
        if is_another:
            self.bundle_changed.emit()
        self._analyse()

    def _on_whole_found(self) -> None:
        assert self.document is not None  # it is what the analysis was planned for
        self.document_changed.emit()

    def _on_document_changed(self, document: Document) -> None:
        if document.input != self._read_input:
            self.what_if.follow(document, self.analysis.store)
            self._read_input = document.input
            self._show_page()
            self.overview.leave_out(document.info, document.bads)
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

    def _analyse(self, *, asked: bool = False) -> None:
        document, bundle = self.document, self.bundle
        if self._bundles.awaited or not self.recording_sha256:
            return
        if document is not None and bundle is not None:
            page = self.selection
            seen_s = page.page_start_s, page.page_stop_s
            self._planning.analyse(document, self.recording_sha256, bundle, self.options, seen_s, asked=asked)
