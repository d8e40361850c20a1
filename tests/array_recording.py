"""A recording whose samples are in memory."""

from __future__ import annotations

import numpy as np

from samba_gui.core.recording import Annotation, Channel, ChannelKind, RecordingInfo, Segment

RATE_HZ = 256.0


class ArrayRecording:
    """Samples in memory."""

    def __init__(
        self,
        data: np.ndarray,
        names: tuple[str, ...],
        segments: tuple[Segment, ...] = (),
        kinds: tuple[ChannelKind, ...] = (),
        rate_hz: float = RATE_HZ,
    ) -> None:
        self.data = data
        kinds = kinds or (ChannelKind.EEG,) * len(names)
        channels = tuple(Channel(f"EEG {n}", n, kind) for n, kind in zip(names, kinds, strict=True))
        n = data.shape[1]
        self.info = RecordingInfo(
            "", "array", channels, rate_hz, n, segments or (Segment(0.0, 0, n),), (Annotation(1, 1, "a"),)
        )

    def read(self, start: int, stop: int, channels: list[int] | None = None) -> np.ndarray:
        assert 0 <= start <= stop <= self.data.shape[1]
        return self.data[channels][:, start:stop].copy()


def sine(hz: float, seconds: float = 20.0) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)
