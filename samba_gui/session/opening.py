"""From a path to a recording that can be shown: facts, montages that fit, and what to beware of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from samba_gui.core.montage import MIN_ELECTRODES, Montage, MontageMatch
from samba_gui.core.recording import ChannelKind, RecordingInfo
from samba_gui.core.words import NOTHING, Text, joined
from samba_gui.io.montages import match, propose
from samba_gui.io.recordings import Recording, open_recording
from samba_gui.session.notices import Level, Notice


class Prober(Protocol):
    """What the session needs to learn about a file without touching it itself."""

    def probe(self, path: str) -> RecordingInfo:
        """Facts about a recording, read in a child process."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A recording that has been opened; ``proposals`` are the montages that fit, the best first."""

    info: RecordingInfo
    proposals: tuple[MontageMatch, ...]
    recording: Recording

    @property
    def chosen(self) -> MontageMatch | None:
        """The montage it is read with at first."""
        return self.proposals[0] if self.proposals else None


def open_file(prober: Prober, path: str, montage: Montage | None) -> Opened:
    """Probe a file and open it.

    Parameters
    ----------
    prober : Prober
    path : str
    montage : Montage, optional
        Goes before all proposals.

    Raises
    ------
    SambaError
        The file cannot be read, or the montage does not fit it.
    """
    info = prober.probe(path)
    proposals = tuple(propose(info))
    if montage is not None:
        chosen = match(info, montage)
        proposals = (chosen, *(other for other in proposals if other != chosen))
    return Opened(info, proposals, open_recording(info.path))


def caution_about(opened: Opened) -> Notice | None:
    """What the reader must know of the file, or None."""
    hint = NOTHING
    warnings = list(opened.info.warnings)
    if opened.chosen is None and len(opened.info.indices(ChannelKind.EEG)) >= MIN_ELECTRODES:
        warnings.append(Text("No montage fits this recording, so it is shown but not analysed."))
        hint = Text("Load a file with its electrode positions: Analysis ▸ Load montage file…")
    return Notice(Level.WARNING, joined(warnings, " "), hint) if warnings else None
