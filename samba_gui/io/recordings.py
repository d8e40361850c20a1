"""Recordings: facts of the file, and samples in microvolts on demand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from samba_gui.core.electrode_names import standard_names
from samba_gui.core.errors import RecordingError
from samba_gui.core.montage import MIN_ELECTRODES
from samba_gui.core.recording import Channel, ChannelKind, RecordingInfo
from samba_gui.core.words import Text
from samba_gui.io.channel_kinds import common_reference, decide_kind
from samba_gui.io.formats import choose_format, recording_path
from samba_gui.io.source import Source, shown

# Signals are judged by this many stretches of this length, spread over the recording.
STRETCHES = 5
STRETCH_S = 2.0
STRETCH_SAMPLES = 4096
# Standard deviations of EEG outside this range come from a wrong unit, not from a head.
PLAUSIBLE_SD_UV = (0.05, 1000.0)


class Recording:
    """An open recording; samples stay in the file until they are read.

    Parameters
    ----------
    info : RecordingInfo
    source : Source
    """

    def __init__(self, info: RecordingInfo, source: Source) -> None:
        self.info = info
        self._source = source

    def read(self, start: int, stop: int, channels: Sequence[int] | None = None) -> np.ndarray:
        """Read samples; any thread may call.

        Parameters
        ----------
        start, stop : int
            ``0 <= start <= stop <= info.n_samples``; gaps have no samples.
        channels : sequence of int, optional
            Indices into ``info.channels``; all if not given.

        Returns
        -------
        ndarray (channels, times) float64
            Microvolts for electric channels, else in the channel's unit. NaN where the file has NaN.

        Raises
        ------
        RecordingError
            The file cannot be read any more.
        ValueError
            The range lies outside the recording.
        """
        if not 0 <= start <= stop <= self.info.n_samples:
            raise ValueError(f"samples {start}–{stop} of {self.info.n_samples}")
        picked = range(len(self.info.channels)) if channels is None else channels
        if start == stop or len(picked) == 0:
            return np.empty((len(picked), stop - start))
        try:
            return self._source.read(start, stop, picked)
        except OSError as error:
            raise RecordingError(
                "{name} cannot be read any more.",
                "Check that the disk is still there, then open the recording again.",
                name=Path(self.info.path).name,
            ) from error

    def close(self) -> None:
        """Let go of the file; reading is over."""
        self._source.close()

    def __enter__(self) -> Recording:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_recording(path: str | Path) -> Recording:
    """Open a recording of any known format.

    A stranger's file goes through :func:`samba_gui.io.probe.probe` first: some readers crash natively.

    Parameters
    ----------
    path : str or Path
        The file, a file that belongs to it (``.eeg`` beside ``.vhdr``), or the folder for folder formats.

    Returns
    -------
    Recording

    Raises
    ------
    RecordingError
        What is wrong with the file, and what to do.
    """
    asked = Path(path).absolute()
    try:
        opened = recording_path(asked)
        row, warning = choose_format(opened)
        source = row.reader(opened)
        try:
            info = _describe(opened, source, [warning] if warning else [])
        except BaseException:
            source.close()
            raise
    except MemoryError:
        raise RecordingError(
            "{name} asks for more memory than there is.",
            "The file is damaged, or far too large.",
            name=asked.name,
        ) from None
    except PermissionError as error:
        raise RecordingError("{name} may not be read.", "Change its permissions.", name=asked.name) from error
    except OSError as error:
        raise RecordingError(
            "{name} cannot be read: {why}.", "Check the disk.", name=asked.name, why=error.strerror
        ) from error
    return Recording(info, source)


def _describe(path: Path, source: Source, warnings: list[Text]) -> RecordingInfo:
    facts = source.facts
    warnings += facts.warnings
    written = [channel.written or channel.label for channel in facts.channels]
    names = standard_names(written)
    stretches = _stretches(source)
    channels = []
    for i, channel in enumerate(facts.channels):
        kind, reason = decide_kind(
            written[i], written, channel.unit, channel.rate_hz, channel.kind, stretches[:, i].ravel()
        )
        channels.append(
            Channel(
                channel.label,
                names[i],
                kind,
                reason,
                channel.unit,
                channel.rate_hz,
                channel.position_m,
                channel.filters,
            )
        )
    eeg = [i for i, channel in enumerate(channels) if channel.kind == ChannelKind.EEG]
    warnings += _judge([channels[i].label for i in eeg], stretches[:, eeg])
    reference = facts.reference
    if reference == "unknown":
        reference = common_reference([written[i] for i in eeg])
    return RecordingInfo(
        str(path),
        facts.format,
        tuple(channels),
        facts.rate_hz,
        facts.n_samples,
        facts.segments,
        facts.annotations,
        facts.clock_start_s,
        reference,
        tuple(warnings),
        facts.simulated,
    )


def _stretches(source: Source) -> np.ndarray:
    """Samples from a few places of the recording, float64 (stretches, channels, times)."""
    facts = source.facts
    n = min(max(1, round(STRETCH_S * facts.rate_hz)), STRETCH_SAMPLES, facts.n_samples)
    count = max(1, min(STRETCHES, facts.n_samples // n))
    starts = np.linspace(0, facts.n_samples - n, count).astype(int)
    picked = range(len(facts.channels))
    return np.stack([source.read(int(start), int(start) + n, picked) for start in starts])


def _judge(labels: list[str], stretches: np.ndarray) -> list[Text]:
    """Sentences on what looks wrong in the EEG channels; ``stretches`` (stretches, channels, times)."""
    told = []
    if len(labels) < MIN_ELECTRODES:
        told.append(
            Text(
                "EEG channels in the recording: {n}; the model needs at least {least}.",
                n=len(labels),
                least=MIN_ELECTRODES,
            )
        )
    if not labels:
        return told
    finite = np.isfinite(stretches)
    if missing := [label for label, good in zip(labels, finite.all(axis=(0, 2)), strict=True) if not good]:
        told.append(Text("Missing samples (NaN) in {names}.", names=shown(missing)))
    sd = np.median(np.where(finite, stretches, 0.0).std(axis=2), axis=0)
    if flat := [label for label, value in zip(labels, sd, strict=True) if value == 0]:
        told.append(Text("Flat signal in {names}.", names=shown(flat)))
    typical = float(np.median(sd[sd > 0])) if (sd > 0).any() else 0.0
    low, high = PLAUSIBLE_SD_UV
    if typical and not low <= typical <= high:
        told.append(_unit_in_words(typical))
    return told


def _unit_in_words(sd_uv: float) -> Text:
    for factor in (1e6, 1e3):
        if 0.5 <= sd_uv / factor <= 500:
            return Text(
                "EEG of {sd_uv:.3g} µV (standard deviation) is implausible: the unit in the file is probably "
                "wrong, values are {factor:,.0f} times too large.",
                sd_uv=sd_uv,
                factor=factor,
            )
        if 0.5 <= sd_uv * factor <= 500:
            return Text(
                "EEG of {sd_uv:.3g} µV (standard deviation) is implausible: the unit in the file is probably "
                "wrong, values are {factor:,.0f} times too small.",
                sd_uv=sd_uv,
                factor=factor,
            )
    return Text(
        "EEG of {sd_uv:.3g} µV (standard deviation) is implausible: check the unit in the file.", sd_uv=sd_uv
    )
