"""What a reader of one file format hands over: facts of the header, and samples on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from samba_gui.core.recording import NO_FILTERS, AmplifierFilters, Annotation, ChannelKind, Segment
from samba_gui.core.words import Text, joined


@dataclass(frozen=True, slots=True)
class SourceChannel:
    """One channel as the file describes it.

    Parameters
    ----------
    label : str
        Unique, as in the file.
    unit : str
        ``"µV"`` if samples are delivered in it, else as recorded.
    rate_hz : float
        In the file.
    kind : ChannelKind or None
        None where the file does not say.
    position_m : tuple of 3 floats or None
        MNE head frame.
    written : str
        The label before it was made unique, where it differs.
    filters : AmplifierFilters
    """

    label: str
    unit: str
    rate_hz: float
    kind: ChannelKind | None = None
    position_m: tuple[float, float, float] | None = None
    written: str = ""
    filters: AmplifierFilters = NO_FILTERS


@dataclass(frozen=True)
class SourceFacts:
    """Facts of the header; see :class:`samba_gui.core.recording.RecordingInfo` for the fields."""

    format: str
    channels: tuple[SourceChannel, ...]
    rate_hz: float
    n_samples: int
    segments: tuple[Segment, ...]
    annotations: tuple[Annotation, ...] = ()
    clock_start_s: float | None = None
    reference: str = "unknown"
    warnings: tuple[Text, ...] = ()
    simulated: bool = False


class Source(Protocol):
    """An open file."""

    facts: SourceFacts

    def read(self, start: int, stop: int, channels: Sequence[int]) -> np.ndarray:
        """Samples ``[start, stop)`` of some channels, float64 (channels, times)."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


def unique_labels(labels: Sequence[str]) -> list[str]:
    """Labels with `` (2)``, `` (3)`` … after those that were there before; blank ones are numbered."""
    seen: set[str] = set()
    unique = []
    for i, label in enumerate(labels):
        base = label or f"channel {i + 1}"
        name, n = base, 1
        while name in seen:
            n += 1
            name = f"{base} ({n})"
        seen.add(name)
        unique.append(name)
    return unique


def shown(names: Sequence[str], most: int = 6) -> Text:
    """Names in a sentence, cut after some."""
    first = joined(names[:most])
    return Text("{names} and {n} more", names=first, n=len(names) - most) if len(names) > most else first


def gaps_in_words(gaps: int, missing_s: float) -> Text:
    """What is said of a recording that was interrupted."""
    if gaps == 1:
        return Text("The recording has a gap of {missing_s:g} s, which is kept.", missing_s=missing_s)
    return Text(
        "The recording has {n} gaps ({missing_s:g} s missing); they are kept as gaps.",
        n=gaps,
        missing_s=missing_s,
    )
