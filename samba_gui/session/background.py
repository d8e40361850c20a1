"""Work off the window's thread: results come back where they were asked for."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from samba_gui.core.words import Text
from samba_gui.session.notices import Notice, notice_of

Result = TypeVar("Result")


class Background:
    """One thread that works in order, and a way home.

    Parameters
    ----------
    deliver : callable
        Called from the thread with a function that must then run on the window's thread (a queued Qt
        signal in the window, a queue in tests).
    name : str
        Of the thread.
    """

    def __init__(self, deliver: Callable[[Callable[[], None]], None], name: str) -> None:
        self._deliver = deliver
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._waiting = 0
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether anything is under way or not yet delivered."""
        return self._waiting > 0

    def run(
        self,
        doing: Text,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        failed: Callable[[Notice], None],
    ) -> None:
        """Do ``work`` in the thread, then call ``then`` or ``failed`` at home.

        Parameters
        ----------
        doing : Text
            What is being done, for the message if it fails unexpectedly (``"Reading the page"``).
        work, then, failed : callable
        """
        if self._closed:
            return
        with self._lock:
            self._waiting += 1
        self._pool.submit(self._work, doing, work, then, failed)

    def _work(
        self,
        doing: Text,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        failed: Callable[[Notice], None],
    ) -> None:
        try:
            result = work()
            answer = partial(then, result)
        except Exception as error:
            notice = notice_of(error, doing, traceback.format_exc())
            answer = partial(failed, notice)

        def at_home() -> None:
            with self._lock:
                self._waiting -= 1
            if not self._closed:
                answer()

        self._deliver(at_home)

    def close(self) -> None:
        """Drop what has not begun and wait for what has; nothing is delivered any more."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
