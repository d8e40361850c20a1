"""The bundle in use: its declaration and its SAIE history, without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.io.bundles import read_bundle, read_saie_history


@dataclass(frozen=True, eq=False)
class Bundle:
    """A bundle folder, read and verified."""

    directory: Path
    config: BundleConfig
    history: SaieHistory


def load_bundle(directory: Path) -> Bundle:
    """Read a bundle folder.

    Raises
    ------
    BundleError
        Missing, damaged, or of another format.
    """
    return Bundle(directory, read_bundle(directory), read_saie_history(directory))
