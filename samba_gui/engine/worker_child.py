"""The worker's own process: owns torch, serves reconstructions between an analysis' steps.

The main thread works; a second one listens, so that a request to stop is heard while the network runs
and the end of the window's process ends this one.
"""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Callable, Generator
from contextlib import closing
from functools import partial
from multiprocessing.connection import Connection

from samba_gui.core.errors import SambaError
from samba_gui.core.jobs import AnalyseJob, Cancelled, Done, Failed, JobEvent, ReconstructJob
from samba_gui.core.words import Text
from samba_gui.engine.analysis import analysis_steps, reconstruction_steps
from samba_gui.engine.messages import Begun, Ready, Submit
from samba_gui.engine.workbench import JobStopped, Workbench


class Inbox:
    """Requests that have come and are not yet served.

    Parameters
    ----------
    connection : Connection
        When its other end closes, the process ends at once: results are on disk after every batch.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[Submit] = []
        self._stopped: set[int] = set()
        self._changed = threading.Condition()
        threading.Thread(target=self._listen, name="worker inbox", daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                message = self._connection.recv()
            except (EOFError, OSError):
                os._exit(0)
            with self._changed:
                if isinstance(message, Submit):
                    self._waiting.append(message)
                else:
                    self._stopped.add(message.number)
                self._changed.notify()

    def next(self) -> Submit:
        """Wait for the next job; windows for the screen come first."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting))
            return self._take(0) if (urgent := self._urgent()) is None else self._take(urgent)

    def next_urgent(self) -> Submit | None:
        """A job that goes before a running analysis, if one waits."""
        with self._changed:
            return None if (urgent := self._urgent()) is None else self._take(urgent)

    def stopped(self, number: int) -> bool:
        """Whether a job is no longer wanted."""
        with self._changed:
            return number in self._stopped

    def forget(self, number: int) -> None:
        """A job has ended."""
        with self._changed:
            self._stopped.discard(number)

    def _urgent(self) -> int | None:
        places = (i for i, waiting in enumerate(self._waiting) if isinstance(waiting.job, ReconstructJob))
        return next(places, None)

    def _take(self, place: int) -> Submit:
        return self._waiting.pop(place)


class Desk:
    """Serves jobs one after the other; reconstructions go before and between an analysis' steps.

    Parameters
    ----------
    inbox : Inbox
    connection : Connection
    """

    def __init__(self, inbox: Inbox, connection: Connection) -> None:
        self._inbox = inbox
        self._connection = connection
        self._bench = Workbench(beside_window=True)
        self._side_bench = Workbench(beside_window=True)

    def serve(self, request: Submit) -> None:
        """Work on one job until it ends; its end is the last event sent."""
        number = request.number
        try:
            self._work(request)
        except JobStopped:
            self._connection.send(Cancelled(number))
        except SambaError as error:
            self._fail(number, error.message, error.hint)
        except MemoryError:
            self._fail(
                number, Text("Memory ran out."), Text("Close other programs, or analyse a shorter piece.")
            )
        except Exception as error:  # whatever it is, the window must hear of it
            message = Text(
                "The analysis failed unexpectedly ({kind}: {what}).", kind=type(error).__name__, what=error
            )
            self._fail(number, message, Text("Please report this with the log."))
        finally:
            self._inbox.forget(number)

    def _work(self, request: Submit) -> None:
        stopped = partial(self._inbox.stopped, request.number)
        if stopped():
            raise JobStopped
        self._connection.send(Begun(request.number))
        with closing(self._steps(request, stopped)) as steps:
            for event in steps:
                self._connection.send(event)
                if isinstance(event, Done):
                    return
                while isinstance(request.job, AnalyseJob) and (urgent := self._inbox.next_urgent()):
                    self.serve(urgent)
                if stopped():
                    raise JobStopped

    def _steps(self, request: Submit, stopped: Callable[[], bool]) -> Generator[JobEvent]:
        if isinstance(request.job, AnalyseJob):
            return analysis_steps(request.job, self._bench, request.number, stopped)
        # what a running analysis works with stays open: another recording gets a bench of its own
        bench = self._bench if self._bench.holds(request.job) else self._side_bench
        return reconstruction_steps(request.job, bench, request.number, stopped)

    def _fail(self, number: int, message: Text, hint: Text) -> None:
        self._connection.send(Failed(number, message, hint, traceback.format_exc()))


def main(connection: Connection) -> None:
    """Serve jobs until the other end of the connection closes."""
    inbox = Inbox(connection)
    desk = Desk(inbox, connection)
    connection.send(Ready())
    while True:
        desk.serve(inbox.next())
