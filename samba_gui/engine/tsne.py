"""t-SNE of an analysis' windows, by scikit-learn, in a process of its own that can be ended at any time."""

from __future__ import annotations

import io
import multiprocessing
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib.util import find_spec
from multiprocessing.connection import Connection

import numpy as np

from samba_gui.core.children import start_child
from samba_gui.core.errors import ResultsError, SambaError, WorkerError

PERPLEXITY = 30.0
ITERATIONS = 1000
LEAST_WINDOWS = 10


def available() -> bool:
    """Whether scikit-learn is installed; it is not imported."""
    return find_spec("sklearn") is not None


def perplexity(windows: int) -> float:
    """About how many neighbours each window is compared with: 30, or a third of a short recording's."""
    return min(PERPLEXITY, (windows - 1) / 3)


def tsne(
    scores: np.ndarray, seed: int, iterated: Callable[[int], None] = lambda iteration: None
) -> np.ndarray:
    """Place windows in a plane so that near ones stay near.

    Parameters
    ----------
    scores : ndarray (n, k)
        Principal components; the first two are where the windows start from.
    seed : int
    iterated : callable
        Told now and then how many of the 1000 iterations are done.

    Returns
    -------
    ndarray (n, 2) float32
        Distances have no unit. One thread computes them, so that they do not depend on the machine's cores.

    Raises
    ------
    ResultsError
        Fewer than ten windows, or scikit-learn is not installed.
    """
    if len(scores) < LEAST_WINDOWS:
        raise ResultsError(
            "t-SNE needs {least} windows, there are {n}.",
            "Show the principal components, or analyse a longer recording.",
            least=LEAST_WINDOWS,
            n=len(scores),
        )
    if not available():
        raise ResultsError(
            "t-SNE needs scikit-learn, which is not installed.", "Install it: pip install 'samba-gui[train]'."
        )
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    method = TSNE(
        perplexity=perplexity(len(scores)),
        init="pca",
        max_iter=ITERATIONS,
        random_state=seed,
        n_jobs=1,
        verbose=2,
    )
    with threadpool_limits(1), redirect_stdout(_Listener(iterated)):
        return method.fit_transform(np.asarray(scores, np.float32)).astype(np.float32)


class _Listener(io.TextIOBase):
    """Hears from what scikit-learn prints how far it is; it tells nobody otherwise."""

    def __init__(self, iterated: Callable[[int], None]) -> None:
        self._iterated = iterated

    def write(self, text: str) -> int:
        if found := re.search(r"Iteration (\d+)", text):
            self._iterated(int(found[1]))
        return len(text)


class TsneProcess:
    """Computes one t-SNE in a child process."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._process: multiprocessing.process.BaseProcess | None = None
        self._cancelled = False

    def run(self, scores: np.ndarray, seed: int, iterated: Callable[[int], None]) -> np.ndarray | None:
        """As :func:`tsne`; blocks, so a thread calls it. None if it was cancelled.

        Raises
        ------
        SambaError
            It cannot be computed.
        """
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_compute, args=(theirs, scores, seed), daemon=True)
        start_child(process)
        self._process = process
        if self._cancelled:
            process.kill()
        theirs.close()
        try:
            while isinstance(answer := ours.recv(), int):
                iterated(answer)
        except EOFError:
            if self._cancelled:
                return None
            raise WorkerError("t-SNE crashed.", "Show the principal components instead.") from None
        finally:
            ours.close()
            process.join()
            self._process = None
        if isinstance(answer, SambaError):
            raise answer
        return answer

    def cancel(self) -> None:
        """End it, or keep it from beginning."""
        self._cancelled = True
        if self._process is not None:
            self._process.kill()


def _compute(connection: Connection, scores: np.ndarray, seed: int) -> None:
    """In the child: send numbers of iterations, then the places or what went wrong."""
    try:
        connection.send(tsne(scores, seed, connection.send))
    except SambaError as error:
        connection.send(error)
