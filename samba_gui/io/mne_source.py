"""Recordings that MNE reads, its warnings turned into sentences."""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from samba_gui.core.errors import RecordingError
from samba_gui.core.recording import Annotation, ChannelKind, Segment
from samba_gui.io.source import SourceChannel, SourceFacts, unique_labels

_KINDS = {
    "eeg": ChannelKind.EEG,
    "eog": ChannelKind.EOG,
    "ecg": ChannelKind.ECG,
    "emg": ChannelKind.EMG,
    "stim": ChannelKind.TRIGGER,
    "eyegaze": ChannelKind.OTHER,
}
# What MNE warns of, and how a user is told; a None is not worth telling.
_PLAIN: tuple[tuple[str, str | None], ...] = (
    (r"does not conform to MNE naming conventions", None),
    (r"Channel names are not unique", "Some channels have the same name; they were numbered."),
    (r"No coordinate information found", None),
    (r"Fiducial point .* not found", None),
    (r"Estimated head radius .*", "The electrode positions in the file do not have the size of a head."),
    (r"Limited \d+ annotation", "Some annotations lie beyond the end of the recording and were cut."),
    (r"Omitted \d+ annotation", "Some annotations lie outside the recording and were left out."),
    (
        r"Data file name in EEG.data .* is incorrect",
        "The header names another data file; the one beside it is read.",
    ),
    (
        r"Online software filter detected|software filter",
        "The recording software filtered the samples on the way.",
    ),
    (r"Not setting positions of .*", None),
    (r"At least one epoch has multiple events|event types", None),
)
_BROKEN = "Fetch the file again, or export it again; all files of a recording must lie in one folder."


class MneSource:
    """A recording opened by one of MNE's readers; see :class:`samba_gui.io.source.Source`."""

    def __init__(self, path: Path, name: str, reader: str, **options: Any) -> None:
        self._lock = threading.Lock()
        caught: list[str] = []
        self._raw = _open(path, name, reader, options, caught)
        self.facts = _facts(self._raw, name, caught)
        self._scale = np.array([1e6 if channel.unit == "µV" else 1.0 for channel in self.facts.channels])

    def read(self, start: int, stop: int, channels: Sequence[int]) -> np.ndarray:
        """Samples ``[start, stop)`` of some channels, float64 (channels, times)."""
        with self._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = self._raw[list(channels), start:stop][0]
        return data * self._scale[list(channels), None]

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()


def _open(path: Path, name: str, reader: str, options: dict[str, Any], caught: list[str]) -> Any:
    import mne

    read: Callable = getattr(mne.io, reader)
    try:
        with warnings.catch_warnings(record=True) as records:
            warnings.simplefilter("always")
            raw = read(path, preload=False, verbose="warning", **options)
    except ModuleNotFoundError as error:
        raise RecordingError(
            f"{path.name}: reading {name} needs the Python package {error.name}.", f"pip install {error.name}"
        ) from error
    except FileNotFoundError as error:
        missing = Path(error.filename).name if error.filename else plain(str(error), path)
        raise RecordingError(
            f"{path.name}: a file that belongs to it is missing: {missing}.",
            "Keep all files of a recording in one folder, under their own names.",
        ) from error
    except MemoryError:
        raise
    except Exception as error:  # readers raise whatever a damaged file provokes
        raise RecordingError(
            f"{path.name} cannot be read as {name}: {plain(str(error), path)}", _BROKEN
        ) from error
    for record in records:
        if issubclass(record.category, DeprecationWarning | FutureWarning | ResourceWarning):
            continue
        text = next((told for pattern, told in _PLAIN if re.search(pattern, str(record.message))), "")
        if text is not None:
            caught.append(text or plain(str(record.message), path))
    return raw


def plain(text: str, path: Path) -> str:
    """The first sentence of a library's message, without folders."""
    # A decorated reader may hand on a whole traceback; its last message is what it says.
    text = (
        re.split(r"\n\w*Error: ", text)[-1]
        .strip()
        .replace(str(path.parent) + "/", "")
        .replace(str(path.parent) + "\\", "")
    )
    text = re.sub(r"(?:/[\w.@+-]+)+/([\w.@+-]+)", r"\1", text)
    first = re.split(r"(?<=[.!?])\s|\n", text, maxsplit=1)[0].strip() if text else "unknown error"
    return first[:200] + ("" if first.endswith((".", "!", "?")) else ".")


def _facts(raw: Any, name: str, caught: list[str]) -> SourceFacts:
    told = list(dict.fromkeys(caught))
    rate_hz = float(raw.info["sfreq"])
    n = int(raw.n_times)
    if not raw.ch_names or n == 0:
        raise RecordingError(f"The {name} file holds no samples.", _BROKEN)
    types = raw.get_channel_types()
    labels = unique_labels(list(raw.ch_names))
    channels = tuple(
        SourceChannel(label, _unit(ch), rate_hz, _KINDS.get(kind, ChannelKind.OTHER), _position(ch))
        for label, ch, kind in zip(labels, raw.info["chs"], types, strict=True)
    )
    found = raw.annotations
    shift = raw.first_time if found.orig_time is not None else 0.0
    annotations = tuple(
        Annotation(float(onset) - shift, float(duration), str(text))
        for onset, duration, text in zip(found.onset, found.duration, found.description, strict=True)
    )
    cuts = sum(annotation.description.lower() in ("boundary", "edge boundary") for annotation in annotations)
    if cuts:
        told.append(f"Pieces were cut out of the recording in {cuts} places (marked “boundary”).")
    skips = sum(annotation.description == "BAD_ACQ_SKIP" for annotation in annotations)
    if skips:
        told.append(f"{skips} stretches were not recorded; they hold zeros.")
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
        name, channels, rate_hz, n, (Segment(0.0, 0, n),), annotations, clock, reference, tuple(told)
    )


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
