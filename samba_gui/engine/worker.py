"""The window's side of the worker process: submits jobs, survives the worker's death.

One thread owns the process and both pipes; the window only puts requests into a queue and takes events
out of another. Torch is never imported here.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from samba_gui.core.children import start_child
from samba_gui.core.errors import WorkerError
from samba_gui.core.jobs import AnalyseJob, Cancelled, Done, Failed, Job, JobEvent, Restarted
from samba_gui.core.words import Text
from samba_gui.engine.messages import Begun, Ready, Stop, Submit

CANCEL_PATIENCE_S = 0.25
MAX_RESTARTS = 2
_LAST_BREATH_S = 5.0
"""A process whose pipe is closed ends at once, unless the machine is crowded."""
YIELDING = 5
"""How much the worker leaves the processor to the window, where the system knows such a thing."""
_ENDS = (Done, Failed, Cancelled)


@dataclass
class _Pending:
    """A job that has not ended: how often its worker died, and until when a cancel may take."""

    job: Job
    begun: bool = False
    deaths: int = 0
    kill_at: float | None = None


class WorkerClient:
    """Runs jobs in a process of their own.

    Every job ends in exactly one of Done, Failed and Cancelled, which is its last event.

    Parameters
    ----------
    notify : callable
        Called from a thread when :meth:`poll` has something to give.
    """

    def __init__(self, notify: Callable[[], None] = lambda: None) -> None:
        self._notify = notify
        self._numbers = itertools.count(1)
        self._requests: queue.SimpleQueue[Submit | Stop] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[JobEvent] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._context = multiprocessing.get_context("spawn")
        self._wake_reader, self._wake_writer = self._context.Pipe(duplex=False)
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection: Connection | None = None
        self._pending: dict[int, _Pending] = {}
        self._ready = False
        self._failed_starts = 0

    @property
    def pid(self) -> int | None:
        """Process number of the worker, if there is one."""
        process = self._process
        return process.pid if process is not None else None

    def start(self) -> None:
        """Start the worker; it loads torch while the window opens."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._supervise, name="worker supervisor")
            self._thread.start()

    def submit(self, job: Job) -> int:
        """Ask for a job; its number comes back.

        Raises
        ------
        WorkerError
            The client is closed.
        """
        number = next(self._numbers)
        self._request(Submit(number, job))
        return number

    def cancel(self, job_id: int) -> None:
        """End a job early; of one that has ended already nothing more is heard."""
        self._request(Stop(job_id))

    def poll(self) -> list[JobEvent]:
        """Events since the last call, in order."""
        events = []
        while True:
            try:
                events.append(self._events.get_nowait())
            except queue.Empty:
                return events

    def close(self) -> None:
        """End the worker and everything of it; what had not ended is cancelled."""
        if self._closing.is_set():
            return
        self._closing.set()
        if self._thread is None:
            self._wake_reader.close()
        else:
            self._wake_writer.send_bytes(b"c")
            self._thread.join()
        self._wake_writer.close()

    def _request(self, request: Submit | Stop) -> None:
        if self._closing.is_set():
            raise WorkerError("The worker is closed.", "Start the program again.")
        self._requests.put(request)
        self._wake_writer.send_bytes(b"r")

    # ---- everything below runs in the supervising thread

    def _supervise(self) -> None:
        try:
            self._spawn()
            while not self._closing.is_set():
                heard = wait(self._sources(), timeout=self._patience_s())
                if self._wake_reader in heard:
                    self._wake_reader.recv_bytes()
                    self._take_requests()
                if self._connection in heard:
                    self._listen()
                elif self._process is not None and self._process.sentinel in heard:
                    self._on_death()
                self._kill_if_deaf()
        finally:
            self._bury()
            self._wake_reader.close()
            for number in list(self._pending):
                self._deliver(Cancelled(number))

    def _sources(self) -> list:
        sources: list = [self._wake_reader]
        if self._process is not None and self._connection is not None:
            sources += [self._connection, self._process.sentinel]
        return sources

    def _patience_s(self) -> float | None:
        deadlines = [pending.kill_at for pending in self._pending.values() if pending.kill_at is not None]
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _spawn(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_run_worker, args=(theirs,), name="samba-gui worker", daemon=True
        )
        try:
            start_child(process)
        except OSError as error:  # no memory, no process numbers left
            ours.close()
            self._fail_all(Text("The analysis process cannot be started ({why}).", why=error.strerror))
            return
        finally:
            theirs.close()
        self._connection, self._process, self._ready = ours, process, False
        for number, pending in self._pending.items():
            pending.begun = False
            self._send(Submit(number, pending.job))

    def _send(self, message: Submit | Stop) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):  # it has died; its sentinel says so next
                self._connection.send(message)

    def _take_requests(self) -> None:
        try:
            request = self._requests.get_nowait()
        except queue.Empty:
            return
        if isinstance(request, Submit):
            self._pending[request.number] = _Pending(request.job)
            if self._process is None:  # it could not be started before; a new job is a new try
                self._failed_starts = 0
                self._spawn()
            else:
                self._send(request)
        elif request.number in self._pending:
            self._send(request)
            pending = self._pending[request.number]
            if pending.begun and isinstance(pending.job, AnalyseJob):
                pending.kill_at = time.monotonic() + CANCEL_PATIENCE_S
            else:  # not begun, or a few windows for the screen: what still comes of it is dropped
                self._deliver(Cancelled(request.number))

    def _listen(self) -> None:
        assert self._connection is not None
        try:
            message = self._connection.recv()
        except (EOFError, OSError):
            self._on_death()  # it closes its end by dying
        else:
            self._take_message(message)

    def _take_message(self, message: Ready | Begun | JobEvent) -> None:
        if isinstance(message, Ready):
            self._ready = True
            self._failed_starts = 0
        elif isinstance(message, Begun):
            if message.number in self._pending:
                self._pending[message.number].begun = True
        else:
            self._deliver(message)

    def _deliver(self, event: JobEvent) -> None:
        if event.job not in self._pending:
            return
        if isinstance(event, _ENDS):
            del self._pending[event.job]
        self._events.put(event)
        self._notify()

    def _kill_if_deaf(self) -> None:
        now = time.monotonic()
        late = [n for n, pending in self._pending.items() if pending.kill_at and pending.kill_at <= now]
        if late and self._process is not None:
            self._process.kill()
            self._on_death()

    def _on_death(self) -> None:
        assert self._process is not None
        assert self._connection is not None
        with contextlib.suppress(EOFError, OSError):
            while self._connection.poll():
                self._take_message(self._connection.recv())
        self._process.join(_LAST_BREATH_S)
        exitcode = self._process.exitcode
        started = self._ready
        self._failed_starts += not started
        self._bury()
        for number, pending in list(self._pending.items()):
            if pending.kill_at is not None:
                self._deliver(Cancelled(number))
            elif pending.begun or not started:
                self._count_death(number, pending, exitcode)
        if self._pending or self._failed_starts <= MAX_RESTARTS:
            self._spawn()

    def _count_death(self, number: int, pending: _Pending, exitcode: int | None) -> None:
        pending.deaths += 1
        why = _cause(exitcode)
        if pending.deaths > MAX_RESTARTS:
            hint = Text(
                "What was stored is kept. Close other programs if memory is short, then start it again."
            )
            message = Text("The analysis process died {n} times ({why}).", n=pending.deaths, why=why)
            self._deliver(Failed(number, message, hint, message))
        elif pending.begun and isinstance(pending.job, AnalyseJob):
            message = Text("The analysis process died ({why}) and was started again.", why=why)
            self._deliver(Restarted(number, message))

    def _fail_all(self, message: Text) -> None:
        for number in list(self._pending):
            self._deliver(Failed(number, message, Text("Close other programs, then try again."), message))

    def _bury(self) -> None:
        """End the process, if need be by force, and close its pipe."""
        if self._connection is not None:
            self._connection.close()  # a live worker leaves when it reads the end
            self._connection = None
        if self._process is not None:
            self._process.join(CANCEL_PATIENCE_S)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
            self._process = None


def _run_worker(connection: Connection) -> None:
    """What the new process runs; all that is heavy is imported there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the window's to answer
    if hasattr(os, "nice"):
        os.nice(YIELDING)
    from samba_gui.engine import worker_child

    worker_child.main(connection)


def _cause(exitcode: int | None) -> Text:
    if exitcode is not None and exitcode < 0:
        try:
            return Text("{signal}", signal=signal.Signals(-exitcode).name)
        except ValueError:
            pass
    return Text("for an unknown reason") if exitcode is None else Text("exit code {code}", code=exitcode)
