"""Looking into a file in a child process first: a native crash of a reader costs a message, no more."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType

from samba_gui.core.children import start_child
from samba_gui.core.errors import RecordingError
from samba_gui.core.recording import RecordingInfo

TIMEOUT_S = 60.0
STOP_S = 2.0
_log = logging.getLogger(__name__)


class Prober:
    """A child process that is kept warm for probing; it is replaced when it dies."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._busy = threading.Lock()  # one file at a time
        self._state = threading.Lock()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._closed = False

    def start(self) -> None:
        """Start the child; it warms up while the caller goes on."""
        with self._state:
            if self._closed or (self._process is not None and self._process.is_alive()):
                return
            self._drop()
            ours, theirs = self._context.Pipe()
            process = self._context.Process(
                target=serve, args=(theirs,), name="samba-gui prober", daemon=True
            )
            try:
                start_child(process)
            finally:
                theirs.close()
            self._process, self._connection = process, ours

    @property
    def pid(self) -> int | None:
        """Process id of the child, if it runs."""
        process = self._process
        return process.pid if process is not None else None

    def probe(self, path: str | Path, timeout_s: float = TIMEOUT_S) -> RecordingInfo:
        """Facts about a recording; blocks, any thread may call.

        Parameters
        ----------
        path : str or Path
        timeout_s : float
            Longer than this and the file is given up.

        Returns
        -------
        RecordingInfo

        Raises
        ------
        RecordingError
            What is wrong with the file, also if its reader crashed or did not end.
        """
        name = Path(path).name
        with self._busy:
            self.start()
            process, connection = self._process, self._connection
            if process is None or connection is None:
                raise RecordingError("{name} was not opened: the program is closing.", name=name)
            try:
                connection.send(str(Path(path).absolute()))
                deadline = time.monotonic() + timeout_s
                while not connection.poll(0):
                    left = deadline - time.monotonic()
                    if left <= 0:
                        self._restart()
                        raise RecordingError(
                            "{name} could not be read within {timeout_s:g} s.",
                            "The file may be damaged, or lie on a slow disk; copy it to this computer.",
                            name=name,
                            timeout_s=timeout_s,
                        )
                    ready = wait([connection, process.sentinel], left)
                    if process.sentinel in ready and not connection.poll(0):
                        raise EOFError
                answer = connection.recv()
            except (EOFError, OSError):
                raise self._crash(name, process) from None
        if isinstance(answer, RecordingError):
            raise answer
        return answer

    def close(self) -> None:
        """End the child, also in the middle of a file."""
        with self._state:
            self._closed = True
            if self._process is not None:
                self._process.kill()  # wakes a thread that waits for an answer
        with self._busy, self._state:
            self._drop()

    def __enter__(self) -> Prober:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _crash(self, name: str, process: BaseProcess) -> RecordingError:
        with self._state:
            if self._closed:
                return RecordingError("{name} was not opened: the program is closing.", name=name)
            process.join(STOP_S)
            code = process.exitcode
        how = "ended without a word"
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                how = f"crashed ({signal.Signals(-code).name})"
        _log.info("the prober %s on a file", how)
        self._restart()
        return RecordingError(
            "{name}: the reader of this format {how}.",
            "The file is damaged or of another kind; convert it to EDF or FIF with the program that made it.",
            name=name,
            how=how,
        )

    def _restart(self) -> None:
        with self._state:
            self._drop()
        self.start()

    def _drop(self) -> None:
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if process is not None:
            if process.is_alive():
                process.kill()
            process.join(STOP_S)
            process.close()
        if connection is not None:
            connection.close()


def probe(path: str | Path, timeout_s: float = TIMEOUT_S) -> RecordingInfo:
    """Facts about a recording, found out in a child process of its own.

    Parameters
    ----------
    path : str or Path
    timeout_s : float

    Returns
    -------
    RecordingInfo

    Raises
    ------
    RecordingError
        What is wrong with the file, also if its reader crashed or did not end.
    """
    with Prober() as prober:
        return prober.probe(path, timeout_s)


def serve(connection: Connection) -> None:
    """Answer paths with facts or errors until the pipe closes; runs in the child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's business
    _limit_memory()
    from samba_gui.io.recordings import open_recording

    if not connection.poll(0):
        import mne.io  # noqa: F401  (what most formats need; EDF, the first file of most users, does without)

    while True:
        try:
            path = connection.recv()
        except (EOFError, OSError):
            return
        answer: RecordingInfo | RecordingError
        try:
            with open_recording(path) as recording:
                answer = recording.info
        except RecordingError as error:
            answer = RecordingError(error.message, error.hint)
        except Exception as error:  # whatever a damaged file provokes
            answer = RecordingError(
                "{name} cannot be read ({kind}).",
                "The file is damaged; fetch it again.",
                name=Path(path).name,
                kind=type(error).__name__,
            )
        try:
            connection.send(answer)
        except OSError:
            return


def _limit_memory() -> None:
    """Let a header with absurd counts fail instead of filling the computer's memory."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (half, resource.getrlimit(resource.RLIMIT_DATA)[1]))
