"""A function called in a process of its own that can be ended; torch stays out of the window's."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from samba_gui.core.children import start_child
from samba_gui.core.errors import SambaError, WorkerError
from samba_gui.core.words import Text


class ChildCall:
    """Calls one function at a time; a cancelled or killed one leaves what it wrote in the caller's folder.

    Parameters
    ----------
    crashed, hint : Text
        What is said if the process dies.
    """

    def __init__(self, crashed: Text, hint: Text) -> None:
        self._crashed, self._hint = crashed, hint
        self._context = multiprocessing.get_context("spawn")
        self._process: multiprocessing.process.BaseProcess | None = None
        self._cancelled = False
        self.last_pid = 0
        """Of the process that was started last; what it left half written bears this number."""

    @property
    def pid(self) -> int | None:
        """Of the process, if there is one."""
        process = self._process
        return process.pid if process is not None else None

    def run(self, function: str, *arguments: Any, told: Callable[..., None] = lambda *_: None) -> Any:
        """Call; blocks, so a thread calls it. None if it was cancelled.

        Parameters
        ----------
        function : str
            ``module:name``; its last argument is a callable that tells ``told`` here how far it is.
        *arguments
            Before that one; anything that can be sent to another process.
        told : callable

        Raises
        ------
        SambaError
            What the function raised, or that the process died.
        """
        self._cancelled = False
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_work, args=(theirs, function, arguments), daemon=True)
        start_child(process)
        self._process, self.last_pid = process, process.pid or 0
        theirs.close()
        try:
            while not self._cancelled:
                kind, answer = ours.recv()
                if kind == "told":
                    told(*answer)
                elif kind == "error":
                    raise answer
                else:
                    return answer
        except (EOFError, OSError):  # it died, perhaps in the middle of a message
            if not self._cancelled:
                raise WorkerError(self._crashed, self._hint) from None
        finally:
            ours.close()
            process.join()
            self._process = None
        return None

    def cancel(self) -> None:
        """End the process, if there is one."""
        self._cancelled = True
        process = self._process
        if process is not None:
            process.kill()


def _work(answers: Connection, function: str, arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the window's to answer
    module, _, name = function.partition(":")
    try:
        answer = getattr(import_module(module), name)(*arguments, lambda *said: answers.send(("told", said)))
    except SambaError as error:
        answers.send(("error", error))
    except Exception as error:  # whatever it is, the window must hear of it
        failed = WorkerError(
            "It failed unexpectedly ({kind}: {what}).",
            "Please report this with the log.",
            kind=type(error).__name__,
            what=error,
        )
        answers.send(("error", failed))
    else:
        answers.send(("done", answer))
