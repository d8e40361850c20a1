"""Analyses for the montage bench, in a process of their own that can be ended at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from samba_gui.core.recording import RecordingInfo
from samba_gui.core.words import Text
from samba_gui.engine.comparison import Outcome, Variant
from samba_gui.ui.child_call import ChildCall


class ComparisonProcess:
    """Analyses a recording under several montages; results files are not kept."""

    def __init__(self) -> None:
        self._call = ChildCall(
            Text("The analysis of the montages crashed."), Text("Try again, with fewer electrodes.")
        )

    def run(
        self, info: RecordingInfo, variants: Sequence[Variant], bundle_dir: Path, bundle_key: str, device: str
    ) -> list[Outcome] | None:
        """Analyse; blocks, so a thread calls it. None if it was cancelled.

        Raises
        ------
        SambaError
            It cannot be analysed.
        """
        return self._call.run(
            f"{__name__}:analyse", info, list(variants), str(bundle_dir), bundle_key, device
        )

    def cancel(self) -> None:
        """End the process, if there is one."""
        self._call.cancel()


def analyse(
    info: RecordingInfo,
    variants: list[Variant],
    bundle_dir: str,
    bundle_key: str,
    device: str,
    _told: Callable[..., None],
) -> list[Outcome]:
    """What the process does."""
    from samba_gui.engine.comparison import run_variants
    from samba_gui.engine.headless import Order

    order = Order(Path(bundle_dir), bundle_key, device=device)
    with TemporaryDirectory(prefix="samba-gui-") as folder:
        return run_variants(info, variants, Path(folder), order)
