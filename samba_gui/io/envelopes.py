"""The lowest and highest value of every second of a recording, kept on disk: overviews are drawn from them.

The files hold numbers alone, no label and no patient field; their names are hashes.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samba_gui import __version__
from samba_gui.core.recording import ChannelKind, RecordingInfo, Segment
from samba_gui.io.hashing import recording_files
from samba_gui.io.recordings import Recording
from samba_gui.io.whole_files import write_whole

MOST_VALUES = 16_000_000
"""Lowest and highest values held together; seconds are joined where a recording has more."""

BLOCK_VALUES = 1_000_000
"""Samples read at a time: few enough that a page can be read in between."""

SAMPLED_BYTES = 4096


@dataclass(frozen=True, eq=False)
class Envelope:
    """Lowest and highest values, filled from the first bucket to the last.

    Parameters
    ----------
    bucket_s : float
    channels : tuple of int
        Indices into the recording's channels: those that hold EEG.
    low, high : ndarray (buckets, channels) float32
        NaN in gaps; arbitrary until :func:`fill` has begun.
    """

    bucket_s: float
    channels: tuple[int, ...]
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def empty(cls, info: RecordingInfo) -> Envelope:
        """For a recording of which nothing has been read."""
        channels = tuple(info.indices(ChannelKind.EEG))
        seconds = max(int(np.ceil(info.duration_s - 1e-9)), 1)
        bucket_s = max(-(-2 * seconds * len(channels) // MOST_VALUES), 1)
        shape = (-(-seconds // bucket_s), len(channels))
        return cls(float(bucket_s), channels, *(np.empty(shape, np.float32) for _ in range(2)))


def fill(envelope: Envelope, recording: Recording) -> Iterator[slice]:
    """Read a whole recording; yields the buckets of each block that has been read.

    Raises
    ------
    RecordingError
        The file cannot be read any more.
    """
    info = recording.info
    envelope.low[:] = envelope.high[:] = np.nan
    if not envelope.channels:
        return
    per_block = max(int(BLOCK_VALUES / (envelope.bucket_s * info.rate_hz * len(envelope.channels))), 1)
    for segment in info.segments:
        first, last = _buckets(segment, info.rate_hz, envelope.bucket_s)
        for begin in range(first, last, per_block):
            here = slice(begin, min(begin + per_block, last))
            _fill_block(envelope, recording, segment, here)
            yield here


def _fill_block(envelope: Envelope, recording: Recording, segment: Segment, here: slice) -> None:
    rate_hz = recording.info.rate_hz
    edges_s = np.arange(here.start, here.stop + 1) * envelope.bucket_s - segment.onset_s
    edges = np.clip(np.ceil(edges_s * rate_hz - 1e-6).astype(int), 0, segment.n)
    values = recording.read(segment.start + edges[0], segment.start + edges[-1], envelope.channels)
    with_samples = np.flatnonzero(np.diff(edges))
    starts = edges[with_samples] - edges[0]
    rows = with_samples + here.start
    # where two segments share a bucket, both count
    envelope.low[rows] = np.fmin(envelope.low[rows], np.minimum.reduceat(values, starts, axis=1).T)
    envelope.high[rows] = np.fmax(envelope.high[rows], np.maximum.reduceat(values, starts, axis=1).T)


def _buckets(segment: Segment, rate_hz: float, bucket_s: float) -> tuple[int, int]:
    stop_s = segment.onset_s + segment.n / rate_hz
    return int(segment.onset_s // bucket_s), int(np.ceil(stop_s / bucket_s - 1e-9))


def envelope_name(path: str) -> str:
    """Name of a recording's file in the cache: by sizes, times of change and a few bytes of its files.

    Reading all of a long recording to name it would take as long as reading its envelope.

    Raises
    ------
    OSError
        A file is not there any more.
    """
    digest = hashlib.sha256(__version__.encode())
    for file in recording_files(Path(path)):
        facts = file.stat()
        digest.update(f"{facts.st_size} {facts.st_mtime_ns} ".encode())
        with file.open("rb") as opened:
            for at in (0, facts.st_size // 2, max(facts.st_size - SAMPLED_BYTES, 0)):
                opened.seek(at)
                digest.update(opened.read(SAMPLED_BYTES))
    return f"{digest.hexdigest()[:32]}.envelope.npz"


def read_envelope(file: Path, info: RecordingInfo) -> Envelope | None:
    """What is kept of a recording; None without a sound file that fits it."""
    expected = Envelope.empty(info)
    try:
        # opened here: numpy leaves the file open where it holds no archive
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            low, high = stored["low"], stored["high"]
    except (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    if any(part.shape != expected.low.shape or part.dtype != np.float32 for part in (low, high)):
        return None
    with contextlib.suppress(OSError):
        os.utime(file)  # the oldest are removed first
    return Envelope(expected.bucket_s, expected.channels, low, high)


def write_envelope(file: Path, envelope: Envelope) -> None:
    """Keep an envelope, as a whole or not at all.

    Raises
    ------
    ExportError
        The disk is full, or the folder is not writable.
    """
    write_whole(file, lambda opened: np.savez(opened, low=envelope.low, high=envelope.high))
