"""The analysis of the open recording: one job at a time, its answers and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from psygnal import Signal

from samba_gui.core.jobs import (
    AnalyseJob,
    Batch,
    Cancelled,
    Done,
    Failed,
    Job,
    JobEvent,
    Progress,
    Restarted,
    Started,
)
from samba_gui.core.recipe import DEFAULT_PAIRS, DEFAULT_SEED
from samba_gui.core.results import AnalysisSummary
from samba_gui.core.words import Text
from samba_gui.io.results import StoredResults
from samba_gui.session.notices import Level, Notice
from samba_gui.session.results import ResultsStore, stored_in_memory


class Worker(Protocol):
    """What the session needs of the worker process' client."""

    def submit(self, job: Job) -> int:
        """Ask for a job; its number comes back."""

    def cancel(self, job_id: int) -> None:
        """End a job early."""

    def poll(self) -> list[JobEvent]:
        """Answers since the last call."""


@dataclass(frozen=True)
class AnalysisOptions:
    """What the user may choose about an analysis besides bundle and montage."""

    seed: int = DEFAULT_SEED
    pairs: int = DEFAULT_PAIRS
    device: str = "auto"


class Phase(StrEnum):
    """Where the analysis is."""

    IDLE = "idle"
    OFFERED = "offered"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Analysis:
    """Submits analyses and keeps their results; answers to earlier ones are dropped.

    Attributes
    ----------
    phase : Phase
    job : AnalyseJob or None
        The one that is running or has ended last.
    store : ResultsStore or None
    progress : Progress or None
    summary : AnalysisSummary or None
    pace : float
        How many times as fast as real time the last windows went by, of whatever recording; 0 where that is
        not known.
    """

    changed = Signal()
    results_changed = Signal()
    noticed = Signal(Notice)

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._number: int | None = None
        self.pace = 0.0
        self.clear()

    def clear(self) -> None:
        """Forget everything; a running job is cancelled."""
        self.cancel()
        self._number = None
        self.phase = Phase.IDLE
        self.job: AnalyseJob | None = None
        self.store: ResultsStore | None = None
        self.progress: Progress | None = None
        self.summary: AnalysisSummary | None = None
        self.changed.emit()
        self.results_changed.emit()

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self.phase in (Phase.WAITING, Phase.RUNNING)

    def run(self, job: AnalyseJob) -> None:
        """Start a job in place of the present one."""
        self.clear()
        self.job = job
        self._number = self._worker.submit(job)
        self.phase = Phase.WAITING
        self.changed.emit()

    def offer(self, job: AnalyseJob) -> None:
        """Have a job ready that takes so long that the user must ask for it."""
        self.clear()
        self.job = job
        self.phase = Phase.OFFERED
        self.changed.emit()

    def expect(self, job: AnalyseJob) -> None:
        """Wait for a job whose results are being read from a file."""
        self.clear()
        self.job = job
        self.phase = Phase.WAITING
        self.changed.emit()

    def adopt(self, job: AnalyseJob, stored: StoredResults) -> None:
        """Take results of the same job from a file."""
        self.clear()
        self.job = job
        self.store = stored_in_memory(stored)
        self.phase = Phase.DONE
        self.changed.emit()
        self.results_changed.emit()

    def cancel(self) -> None:
        """End the running job; what it has stored stays."""
        if self._number is not None and self.busy:
            self._worker.cancel(self._number)

    def take(self, event: JobEvent) -> None:
        """Handle one answer of the worker."""
        if self._number is None or event.job != self._number:
            return
        match event:
            case Started(start=start):
                # after a restart the same job starts again; what is in memory stays valid
                if self.store is None:
                    self.store = ResultsStore(start)
                self.phase = Phase.RUNNING
                self.results_changed.emit()
            case Batch(result=result):
                if self.store is not None:
                    self.store.add(result)
                self.results_changed.emit()
                return
            case Progress():
                self.progress, self.pace = event, event.realtime_factor
            case Restarted(message=message):
                self.noticed.emit(
                    Notice(Level.WARNING, message, Text("The analysis continues from the last stored batch."))
                )
            case Done(summary=summary):
                self._end(Phase.DONE)
                self.summary = summary
            case Cancelled():
                self._end(Phase.CANCELLED)
            case Failed(message=message, hint=hint, traceback=detail):
                self._end(Phase.FAILED)
                self.noticed.emit(Notice(Level.ERROR, message, hint, detail))
        self.changed.emit()

    def _end(self, phase: Phase) -> None:
        self.phase = phase
        self.progress = None
