"""What is known of a recording without its samples."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from samba_gui.core.words import Text


class ChannelKind(StrEnum):
    """What a channel measures."""

    EEG = "eeg"
    EOG = "eog"
    ECG = "ecg"
    EMG = "emg"
    REFERENCE = "reference"
    MOTION = "motion"
    QUALITY = "quality"
    TRIGGER = "trigger"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AmplifierFilters:
    """Cut-offs in Hz that the file states of the recording itself; None where it states none."""

    highpass_hz: float | None = None
    lowpass_hz: float | None = None
    notch_hz: float | None = None


NO_FILTERS = AmplifierFilters()


@dataclass(frozen=True, slots=True)
class Channel:
    """One recorded channel.

    Parameters
    ----------
    label : str
        Name exactly as the file has it (``"EEG Fp1"``, ``"Fc5."``).
    name : str
        Standard name (``"Fp1"``, ``"FC5"``; bipolar: ``"Fp1-F7"``), or the label if none is known.
    kind : ChannelKind
        What it measures, by name and by signal.
    reason : str
        Why the kind differs from what the file says, or empty.
    unit : str
        ``"µV"`` for electric channels after scaling, else as recorded.
    rate_hz : float
        Sampling rate in the file (before any up-sampling by the reader).
    position_m : tuple of 3 floats or None
        Position that came with the file, MNE head frame, metres.
    filters : AmplifierFilters
    """

    label: str
    name: str
    kind: ChannelKind = ChannelKind.EEG
    reason: str = ""
    unit: str = "µV"
    rate_hz: float = 0.0
    position_m: tuple[float, float, float] | None = None
    filters: AmplifierFilters = NO_FILTERS


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch without gaps: samples ``[start, start + n)`` of the file begin at ``onset_s``."""

    onset_s: float
    start: int
    n: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """A marked span; ``onset_s`` counts from the first sample, gaps included."""

    onset_s: float
    duration_s: float
    description: str


TOLD_APART = 5
"""Names that one palette tells apart, for colour-blind readers, too: classes and descriptions."""


def description_places(own: Iterable[Annotation], added: Iterable[Annotation]) -> dict[str, int]:
    """A place in a palette for each description; none is shared before all are taken.

    Parameters
    ----------
    own : iterable of Annotation
        The recording's: its descriptions take the first places, in alphabetical order.
    added : iterable of Annotation
        What a reader added: each description takes a free place that its text chooses, so that it seldom
        changes another's.

    Returns
    -------
    dict of str to int
        0 … :data:`TOLD_APART` - 1; the same in every session.
    """
    first = sorted({note.description for note in own})
    places = {text: i % TOLD_APART for i, text in enumerate(first)}
    for text in sorted({note.description for note in added} - places.keys()):
        wanted = zlib.crc32(text.encode())
        taken = set(places.values())
        near = ((wanted + i) % TOLD_APART for i in range(TOLD_APART))
        places[text] = next((place for place in near if place not in taken), wanted % TOLD_APART)
    return places


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """Facts about a recording file; no samples, no patient fields.

    Parameters
    ----------
    path : str
        Absolute path.
    format : str
        Name of the format, e.g. ``"EDF+"``.
    channels : tuple of Channel
        In file order.
    rate_hz : float
        Common sampling rate at which samples are delivered.
    n_samples : int
        Samples per channel, gaps not counted.
    segments : tuple of Segment
        At least one, in order; more than one where the file has gaps.
    annotations : tuple of Annotation
        As in the file.
    clock_start_s : float or None
        Time of day of the first sample in seconds since midnight (no date: it can identify).
    reference : str
        What the file says of the reference, or ``"unknown"``.
    warnings : tuple of Text
        What a reader must know before trusting the file; shown to the user.
    simulated : bool
        True for the recordings made by this project.
    """

    path: str
    format: str
    channels: tuple[Channel, ...]
    rate_hz: float
    n_samples: int
    segments: tuple[Segment, ...]
    annotations: tuple[Annotation, ...] = ()
    clock_start_s: float | None = None
    reference: str = "unknown"
    warnings: tuple[Text, ...] = ()
    simulated: bool = False
    labels: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(channel.label for channel in self.channels))

    @property
    def duration_s(self) -> float:
        """From the first sample to the end of the last, gaps included."""
        last = self.segments[-1]
        return last.onset_s + last.n / self.rate_hz

    @property
    def has_gaps(self) -> bool:
        """Whether there is missing time between segments."""
        return len(self.segments) > 1

    def indices(self, kind: ChannelKind) -> list[int]:
        """Indices of the channels of one kind."""
        return [i for i, channel in enumerate(self.channels) if channel.kind == kind]

    def times_s(self, start: int, stop: int) -> np.ndarray:
        """Onset of samples ``[start, stop)`` in seconds from the first sample, float64 (stop-start,)."""
        index = np.arange(start, stop)
        starts = np.array([segment.start for segment in self.segments])
        onsets = np.array([segment.onset_s for segment in self.segments])
        which = np.searchsorted(starts, index, side="right") - 1
        return onsets[which] + (index - starts[which]) / self.rate_hz
