"""How large the EEG is over the whole recording: read in the background, kept for the next time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from psygnal import Signal

from samba_gui.core.errors import ExportError
from samba_gui.core.memory import give_back
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.words import Text
from samba_gui.io.envelopes import Envelope, envelope_name, fill, read_envelope, write_envelope
from samba_gui.io.recordings import Recording
from samba_gui.session.background import Background
from samba_gui.session.cache import prune
from samba_gui.session.notices import Notice

LIMIT_BYTES = 500_000_000
TELL_S = 0.3


class Amplitudes:
    """Peak to peak of the EEG, bucket by bucket, over the channels that are not bad.

    Parameters
    ----------
    envelope : Envelope
    info : RecordingInfo
    bads : frozenset of str
        Labels.

    Attributes
    ----------
    bucket_s : float
    bads : frozenset of str
    typical_uv, largest_uv : ndarray (buckets,) float32
        Median and largest over channels; NaN in gaps and where nothing has been read yet. Filled in place.
    gathered : int
        Buckets looked at so far.
    n_channels : int
    """

    def __init__(self, envelope: Envelope, info: RecordingInfo, bads: frozenset[str]) -> None:
        self.envelope = envelope
        self.bucket_s = envelope.bucket_s
        self.bads = bads
        self.gathered = 0
        self._columns = [i for i, at in enumerate(envelope.channels) if info.labels[at] not in bads]
        self.n_channels = len(self._columns)
        self.typical_uv, self.largest_uv = (np.full(len(envelope.low), np.nan, np.float32) for _ in range(2))

    @property
    def complete(self) -> bool:
        """Whether all of the recording has been looked at."""
        return self.gathered == len(self.typical_uv)

    def gather(self, start: int, stop: int) -> None:
        """Take over buckets of the envelope, and those before them that have been left out so far."""
        start = min(start, self.gathered)
        heights_uv = (self.envelope.high[start:stop] - self.envelope.low[start:stop])[:, self._columns]
        read = np.flatnonzero(np.isfinite(heights_uv).all(axis=1))
        if self.n_channels and read.size:
            self.typical_uv[start + read] = np.median(heights_uv[read], axis=1)
            self.largest_uv[start + read] = heights_uv[read].max(axis=1)
        self.gathered = max(self.gathered, stop)


class Overview:
    """The amplitudes of the open recording.

    Parameters
    ----------
    folder : Path
        Where envelopes are kept.
    deliver : callable
        See :class:`Background`.

    Attributes
    ----------
    amplitudes : Amplitudes or None
    """

    changed = Signal()
    noticed = Signal(Notice)

    def __init__(self, folder: Path, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._folder = folder
        self._deliver = deliver
        self._background = Background(deliver, "overview")
        self.amplitudes: Amplitudes | None = None

    @property
    def busy(self) -> bool:
        """Whether a recording is being read."""
        return self._background.busy

    @property
    def complete(self) -> bool:
        """Whether all of the open recording has been read."""
        return self.amplitudes is not None and self.amplitudes.complete

    def clear(self, then: Callable[[], None]) -> None:
        """Forget the recording; ``then`` is called when its file is not read any more."""
        self.amplitudes = None
        self._background.run(Text("Leaving a file"), lambda: None, lambda _: then(), self.noticed.emit)
        self.changed.emit()

    def show(self, recording: Recording, bads: frozenset[str]) -> None:
        """Begin with a recording: what is kept of it, or all of it read from its file."""
        envelope = Envelope.empty(recording.info)
        self.amplitudes = Amplitudes(envelope, recording.info, bads)

        def read() -> None:
            self._read(envelope, recording)
            give_back()

        self._run(read)

    def leave_out(self, info: RecordingInfo, bads: frozenset[str]) -> None:
        """Other channels are bad."""
        if self.amplitudes is not None and self.amplitudes.bads != bads:
            self.amplitudes = fresh = Amplitudes(self.amplitudes.envelope, info, bads)
            self._run(lambda: self._gather(fresh.envelope, 0, len(fresh.typical_uv)))

    def close(self) -> None:
        """End reading."""
        self.amplitudes = None
        self._background.close()

    def _run(self, work: Callable[[], object]) -> None:
        self._background.run(
            Text("Reading the overview"), work, lambda _: self.changed.emit(), self.noticed.emit
        )

    # ---- in the thread

    def _read(self, envelope: Envelope, recording: Recording) -> None:
        file = self._folder / envelope_name(recording.info.path)
        kept = read_envelope(file, recording.info)
        if kept is not None:
            envelope.low[:], envelope.high[:] = kept.low, kept.high
            self._gather(envelope, 0, len(envelope.low))
            return
        told = 0.0
        for here in fill(envelope, recording):
            if not self._gather(envelope, here.start, here.stop):
                return
            if time.monotonic() - told > TELL_S:
                told = time.monotonic()
                self._deliver(self.changed.emit)
        self._gather(envelope, 0, len(envelope.low))  # also the gap at the end, and a file without EEG
        with contextlib.suppress(ExportError):  # a full disk: it is read again the next time
            self._folder.mkdir(parents=True, exist_ok=True)
            write_envelope(file, envelope)
            prune(self._folder, LIMIT_BYTES, "*.envelope.npz")

    def _gather(self, envelope: Envelope, start: int, stop: int) -> bool:
        """Whether the envelope is still that of the open recording."""
        amplitudes = self.amplitudes
        if amplitudes is None or amplitudes.envelope is not envelope:
            return False
        amplitudes.gather(start, stop)
        return True
