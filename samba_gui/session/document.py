"""What undo goes between: the recording, its montage, its bad channels and its annotations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from samba_gui.core.montage import Montage, MontageMatch
from samba_gui.core.recording import Annotation, RecordingInfo, description_places


@dataclass(frozen=True, eq=False)
class Document:
    """A recording as the user wants it read.

    Parameters
    ----------
    info : RecordingInfo
    proposals : tuple of MontageMatch
        Montages that fit, best first.
    match : MontageMatch or None
        The chosen one; None where none fits.
    bads : frozenset of str
        Labels of channels left out of the model's input because they are bad.
    left_out : frozenset of str
        Labels of channels left out to see what that would do; only the model's input knows of it.
    annotations : tuple of Annotation
        In the order of onsets; the file's own at first.
    """

    info: RecordingInfo
    proposals: tuple[MontageMatch, ...] = ()
    match: MontageMatch | None = None
    bads: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    annotations: tuple[Annotation, ...] = ()

    @property
    def input(self) -> tuple[frozenset[str], frozenset[str], MontageMatch | None]:
        """What decides the model's input besides the recording."""
        return self.bads, self.left_out, self.match

    @property
    def unread(self) -> frozenset[str]:
        """Labels of the channels that the model does not read: bad ones, and those left out to see."""
        return self.bads | self.left_out

    def with_bad(self, label: str, bad: bool) -> Document:
        """One channel left out, or taken back in."""
        return replace(self, bads=self.bads | {label} if bad else self.bads - {label})

    def with_left_out(self, label: str, out: bool) -> Document:
        """One channel left out to see what that does, or put back."""
        return replace(self, left_out=self.left_out | {label} if out else self.left_out - {label})

    def with_montage(self, match: MontageMatch) -> Document:
        """Another montage, added to the proposals if it is not among them."""
        known = self.proposals if match in self.proposals else (*self.proposals, match)
        return replace(self, match=match, proposals=known)

    @cached_property
    def model_montage(self) -> Montage | None:
        """Positions of the channels that the model reads, in their order; None without any."""
        if self.match is None:
            return None
        labels = self.info.labels
        kept = [i for i, at in enumerate(self.match.channel_indices) if labels[at] not in self.unread]
        return self.match.montage.take(kept) if kept else None

    @cached_property
    def removed_montage(self) -> Montage | None:
        """Positions of the channels that are left out to see what that does; None without any."""
        if self.match is None:
            return None
        labels = self.info.labels
        gone = [i for i, at in enumerate(self.match.channel_indices) if labels[at] in self.left_out]
        return self.match.montage.take(gone) if gone else None

    @cached_property
    def description_places(self) -> dict[str, int]:
        """The place of each annotation's description in a palette, wherever it is drawn."""
        return description_places(self.info.annotations, self.annotations)

    @cached_property
    def positions_m(self) -> dict[str, np.ndarray]:
        """Position (3,) of each channel that the montage knows, by its label in the file."""
        if self.match is None:
            return {}
        labels = (self.info.labels[i] for i in self.match.channel_indices)
        return dict(zip(labels, self.match.montage.positions_m, strict=True))

    def electrode_of(self, label: str) -> str:
        """The montage's name of a channel, or empty."""
        if self.match is None:
            return ""
        index = self.info.labels.index(label)
        if index not in self.match.channel_indices:
            return ""
        return self.match.montage.labels[self.match.channel_indices.index(index)]

    def label_of(self, electrode: str) -> str:
        """The channel recorded at an electrode of the montage, or empty."""
        if self.match is None or electrode not in self.match.montage.labels:
            return ""
        at = self.match.montage.labels.index(electrode)
        return self.info.labels[self.match.channel_indices[at]]
