"""Recordings that MNE reads, its warnings turned into sentences."""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from samba_gui.core.errors import RecordingError
from samba_gui.core.recording import Annotation, ChannelKind, Segment
from samba_gui.core.words import NOTHING, Text, wording
from samba_gui.io.amplifier_filters import filters_between
from samba_gui.io.source import SourceChannel, SourceFacts, gaps_in_words, unique_labels

_KINDS = {
    "eeg": ChannelKind.EEG,
    "eog": ChannelKind.EOG,
    "ecg": ChannelKind.ECG,
    "emg": ChannelKind.EMG,
    "stim": ChannelKind.TRIGGER,
    "eyegaze": ChannelKind.OTHER,
}
# What MNE warns of, and how a user is told; a None is not worth telling.
_PLAIN: tuple[tuple[str, Text | None], ...] = (
    (r"does not conform to MNE naming conventions", None),
    (r"Channel names are not unique", Text("Some channels have the same name; they were numbered.")),
    (r"No coordinate information found", None),
    (r"Fiducial point .* not found", None),
    (
        r"Estimated head radius .*",
        Text("The electrode positions in the file are not those of a head."),
    ),
    (r"Limited \d+ annotation", Text("Some annotations lie beyond the end of the recording and were cut.")),
    (r"Omitted \d+ annotation", Text("Some annotations lie outside the recording and were left out.")),
    (
        r"Data file name in EEG.data .* is incorrect",
        Text("The header names another data file; the one beside it is read."),
    ),
    (
        r"Online software filter detected|software filter",
        Text("The recording software filtered the samples on the way."),
    ),
    (r"Not setting positions of .*", None),
    (r"At least one epoch has multiple events|event types", None),
)
SKIPPED = "BAD_ACQ_SKIP"  # how MNE marks what was not recorded
_BROKEN = Text("Fetch the file again, or export it again; all files of a recording must lie in one folder.")
_NOT_AS = wording("{name} cannot be read as {format}: {why}")
_NOT_AT = wording("{name} cannot be read at {time_s:.1f} s: {why}")


class MneSource:
    """A recording opened by one of MNE's readers; see :class:`samba_gui.io.source.Source`."""

    def __init__(self, path: Path, name: str, reader: str, **options: Any) -> None:
        self._path = path
        self._lock = threading.Lock()
        caught: list[Text] = []
        self._raw = _open(path, name, reader, options, caught)
        try:
            with _refusing(path, _NOT_AS, format=name):
                self.facts = _facts(self._raw, path, name, caught)
                # Where each segment begins in MNE's samples, which hold zeros in the gaps.
                self._first = [round(one.onset_s * self.facts.rate_hz) for one in self.facts.segments]
        except BaseException:
            self._raw.close()
            raise
        self._scale = np.array([1e6 if channel.unit == "µV" else 1.0 for channel in self.facts.channels])

    def read(self, start: int, stop: int, channels: Sequence[int]) -> np.ndarray:
        """Samples ``[start, stop)`` of some channels, float64 (channels, times)."""
        with self._lock, _refusing(self._path, _NOT_AT, time_s=start / self.facts.rate_hz):
            pieces = [
                self._raw[list(channels), self._first[i] + low : self._first[i] + high][0]
                for i, low, high in _overlaps(self.facts.segments, start, stop)
            ]
        return np.concatenate(pieces, axis=1) * self._scale[list(channels), None]

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()


@contextmanager
def _refusing(path: Path, message: str, **values: Any) -> Iterator[None]:
    """Turn whatever a damaged file provokes in a reader into one line: ``message``, a template."""
    try:
        yield
    except (RecordingError, MemoryError, ModuleNotFoundError, FileNotFoundError):
        raise  # these have sentences of their own
    except Exception as error:
        if "number of trials" in str(error):
            raise RecordingError(
                "{name} holds epochs, not a continuous recording.",
                "Open the set before it was cut.",
                name=path.name,
            ) from error
        why = plain(str(error), path)
        raise RecordingError(message, _BROKEN, name=path.name, why=why, **values) from error


def _open(path: Path, name: str, reader: str, options: dict[str, Any], caught: list[Text]) -> Any:
    import mne

    read: Callable = getattr(mne.io, reader)
    try:
        with warnings.catch_warnings(record=True) as records, _refusing(path, _NOT_AS, format=name):
            warnings.simplefilter("always")
            raw = read(path, preload=False, verbose="warning", **options)
    except ModuleNotFoundError as error:
        raise RecordingError(
            "{name}: reading {format} needs the Python package {package}.",
            "Install it: pip install {package}.",
            name=path.name,
            format=name,
            package=error.name,
        ) from error
    except FileNotFoundError as error:
        missing = Path(error.filename).name if error.filename else plain(str(error), path)
        raise RecordingError(
            "{name}: a file that belongs to it is missing: {missing}.",
            "Keep all files of a recording in one folder, under their own names.",
            name=path.name,
            missing=missing,
        ) from error
    for record in records:
        if issubclass(record.category, DeprecationWarning | FutureWarning | ResourceWarning):
            continue
        text = next((told for pattern, told in _PLAIN if re.search(pattern, str(record.message))), NOTHING)
        if text is not None:
            caught.append(text or Text("{words}", words=plain(str(record.message), path)))
    return raw


def plain(text: str, path: Path) -> str:
    """The first sentence of a library's message, without folders."""
    # A decorated reader may hand on a whole traceback; its last message is what it says.
    text = re.split(r"\n\w*Error: ", text)[-1].strip()
    for folder in (f"{path.parent}/", f"{path.parent}\\"):
        text = text.replace(folder, "")
    text = re.sub(r"(?:/[\w.@+-]+)+/([\w.@+-]+)", r"\1", text)
    first = re.split(r"(?<=[.!?])\s|\n", text, maxsplit=1)[0].strip() if text else "unknown error"
    return first[:200] + ("" if first.endswith((".", "!", "?")) else ".")


def _facts(raw: Any, path: Path, name: str, caught: list[Text]) -> SourceFacts:
    told = list(dict.fromkeys(caught))
    rate_hz = float(raw.info["sfreq"])
    n = int(raw.n_times)
    if not raw.ch_names or n == 0 or not 0 < rate_hz < np.inf:
        raise RecordingError(
            "{name} holds no samples: {n_channels} channels, {n} samples, {rate_hz:g} Hz.",
            _BROKEN,
            name=path.name,
            n_channels=len(raw.ch_names),
            n=n,
            rate_hz=rate_hz,
        )
    types = raw.get_channel_types()
    labels = unique_labels(list(raw.ch_names))
    filters = filters_between(raw.info["highpass"] or 0.0, raw.info["lowpass"] or 0.0, rate_hz)
    channels = tuple(
        SourceChannel(
            label,
            "" if kind == "stim" else _unit(ch),
            rate_hz,
            _KINDS.get(kind, ChannelKind.OTHER),
            _position(ch),
            filters=filters,
        )
        for label, ch, kind in zip(labels, raw.info["chs"], types, strict=True)
    )
    found = raw.annotations
    # MNE counts onsets from where the acquisition began, which may be before the first saved sample.
    annotations = tuple(
        Annotation(float(onset) - raw.first_time, float(duration), str(text))
        for onset, duration, text in zip(found.onset, found.duration, found.description, strict=True)
    )
    cuts = sum(annotation.description.lower() in ("boundary", "edge boundary") for annotation in annotations)
    if cuts:
        told.append(Text("Pieces were cut out of the recording in {n} places (marked “boundary”).", n=cuts))
    segments = _segments(annotations, n, rate_hz)
    if not segments:
        raise RecordingError("{name} holds no samples, only gaps.", _BROKEN, name=path.name)
    recorded = sum(segment.n for segment in segments)
    if recorded < n:
        told.append(gaps_in_words(max(1, len(segments) - 1), (n - recorded) / rate_hz))
    annotations = tuple(one for one in annotations if one.description != SKIPPED)
    date = raw.info["meas_date"]
    clock = None
    if date is not None:
        clock = (
            date.hour * 3600.0 + date.minute * 60.0 + date.second + date.microsecond / 1e6 + raw.first_time
        )
    reference = (
        "average" if any(p["desc"] == "Average EEG reference" for p in raw.info["projs"]) else "unknown"
    )
    return SourceFacts(
        name, channels, rate_hz, recorded, segments, annotations, clock, reference, tuple(told)
    )


def _segments(annotations: Sequence[Annotation], n: int, rate_hz: float) -> tuple[Segment, ...]:
    """What lies between the stretches that were not recorded."""
    recorded = np.ones(n, dtype=bool)
    for one in annotations:
        if one.description == SKIPPED:
            first = max(0, round(one.onset_s * rate_hz))
            recorded[first : max(first, round((one.onset_s + one.duration_s) * rate_hz))] = False
    edges = np.flatnonzero(np.diff(recorded.astype(np.int8), prepend=0, append=0))
    segments, start = [], 0
    for first, stop in edges.reshape(-1, 2).tolist():
        segments.append(Segment(first / rate_hz, start, stop - first))
        start += stop - first
    return tuple(segments)


def _overlaps(segments: Sequence[Segment], start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Index of each segment in ``[start, stop)`` and the part of it, counted from its own first sample."""
    for i, segment in enumerate(segments):
        low, high = max(start, segment.start), min(stop, segment.start + segment.n)
        if low < high:
            yield i, low - segment.start, high - segment.start


def _unit(ch: Any) -> str:
    from mne._fiff.constants import FIFF

    names = {
        FIFF.FIFF_UNIT_V: "µV",
        FIFF.FIFF_UNIT_T: "T",
        FIFF.FIFF_UNIT_T_M: "T/m",
        FIFF.FIFF_UNIT_CEL: "°C",
    }
    return names.get(ch["unit"], "")


def _position(ch: Any) -> tuple[float, float, float] | None:
    from mne._fiff.constants import FIFF

    place = np.asarray(ch["loc"][:3], dtype=np.float64)
    if ch["coord_frame"] != FIFF.FIFFV_COORD_HEAD or not np.isfinite(place).all() or not place.any():
        return None
    x, y, z = place.tolist()
    return x, y, z
