"""Analyses for the montage bench, in a process of their own that can be ended at any time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from samba_gui.core.children import start_child
from samba_gui.core.errors import SambaError, WorkerError
from samba_gui.core.recording import RecordingInfo
from samba_gui.engine.comparison import Outcome, Variant


class ComparisonProcess:
    """Analyses a recording under several montages; results files are not kept."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._process: multiprocessing.process.BaseProcess | None = None
        self._cancelled = False

    def run(
        self, info: RecordingInfo, variants: Sequence[Variant], bundle_dir: Path, bundle_key: str, device: str
    ) -> list[Outcome] | None:
        """Analyse; blocks, so a thread calls it. None if it was cancelled.

        Raises
        ------
        SambaError
            It cannot be analysed.
        """
        self._cancelled = False
        ours, theirs = self._context.Pipe(duplex=False)
        arguments = (theirs, info, list(variants), str(bundle_dir), bundle_key, device)
        process = self._context.Process(target=_analyse, args=arguments, daemon=True)
        start_child(process)
        self._process = process
        theirs.close()
        try:
            answer = ours.recv()
        except EOFError:
            if self._cancelled:
                return None
            raise WorkerError(
                "The analysis of the montages crashed.", "Try again, with fewer electrodes."
            ) from None
        finally:
            ours.close()
            process.join()
            self._process = None
        if isinstance(answer, SambaError):
            raise answer
        return answer

    def cancel(self) -> None:
        """End the process, if there is one."""
        self._cancelled = True
        process = self._process
        if process is not None:
            process.kill()


def _analyse(
    answers: Connection,
    info: RecordingInfo,
    variants: list[Variant],
    bundle_dir: str,
    bundle_key: str,
    device: str,
) -> None:
    from samba_gui.engine.comparison import run_variants
    from samba_gui.engine.headless import Order

    order = Order(Path(bundle_dir), bundle_key, device=device)
    with TemporaryDirectory(prefix="samba-gui-") as folder:
        try:
            answers.send(run_variants(info, variants, Path(folder), order))
        except SambaError as error:
            answers.send(error)
