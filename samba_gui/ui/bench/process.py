"""What takes the bench long, in a process of its own that can be ended at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.saie import SaieParameters
from samba_gui.core.words import Text
from samba_gui.engine.comparison import Outcome, Variant
from samba_gui.io.whole_files import clear_partials
from samba_gui.scene.comparison import Comparison
from samba_gui.ui.child_call import ChildCall


class ComparisonProcess:
    """Analyses a recording under several montages, and writes what came of it."""

    def __init__(self) -> None:
        self._call = ChildCall(
            Text("Comparing the montages crashed."), Text("Try again, with fewer electrodes.")
        )

    @property
    def pid(self) -> int | None:
        """Of the process, if there is one."""
        return self._call.pid

    def run(
        self, info: RecordingInfo, variants: Sequence[Variant], bundle_dir: Path, bundle_key: str, device: str
    ) -> list[Outcome] | None:
        """Analyse; blocks, so a thread calls it. None if it was cancelled.

        Raises
        ------
        SambaError
            It cannot be analysed.
        """
        # made here: a process that is ended tidies nothing
        with TemporaryDirectory(prefix="samba-gui-") as folder:
            arguments = info, list(variants), str(bundle_dir), bundle_key, device, folder
            return self._call.run(f"{__name__}:analyse", *arguments)

    def write(
        self,
        stem: Path,
        config: BundleConfig,
        parameters: SaieParameters,
        found: Comparison,
        outcomes: Sequence[Outcome],
        view: str,
    ) -> bool | None:
        """Write table and picture as :func:`write_comparison` does; None if it was cancelled.

        Raises
        ------
        ExportError
            They cannot be written.
        """
        arguments = stem, config, parameters, found, list(outcomes), view
        try:
            return self._call.run(f"{__name__}:write", *arguments)
        finally:
            clear_partials(stem, self._call.last_pid)

    def cancel(self) -> None:
        """End the process, if there is one."""
        self._call.cancel()


def analyse(
    info: RecordingInfo,
    variants: list[Variant],
    bundle_dir: str,
    bundle_key: str,
    device: str,
    folder: str,
    _told: Callable[..., None],
) -> list[Outcome]:
    """What the process does to analyse; results files are not kept."""
    from samba_gui.engine.comparison import run_variants
    from samba_gui.engine.headless import Order

    order = Order(Path(bundle_dir), bundle_key, device=device)
    return run_variants(info, variants, Path(folder), order)


def write(
    stem: Path,
    config: BundleConfig,
    parameters: SaieParameters,
    found: Comparison,
    outcomes: list[Outcome],
    view: str,
    _told: Callable[..., None],
) -> bool:
    """What the process does to write."""
    from samba_gui.scene.comparison_file import write_comparison

    write_comparison(stem, config, parameters, found, outcomes, view)
    return True
