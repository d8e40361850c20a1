"""ARFF tables: samples of consumer headsets as text, such as the Emotiv eye states.

The format has neither rate nor unit. The table is small, so it is parsed once and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from samba_gui.core.electrode_names import electrode_name
from samba_gui.core.errors import RecordingError
from samba_gui.core.recording import Annotation, ChannelKind, Segment
from samba_gui.core.words import Text
from samba_gui.io.source import SourceChannel, SourceFacts, shown, unique_labels

# The Emotiv EPOC samples at 128 Hz; an ARFF file does not say.
ASSUMED_RATE_HZ = 128.0
MAX_BYTES = 512 << 20
# Electrodes that step over this from the channel's median are faults of the transmission.
WILD_UV = 2000.0
BROKEN = Text("Fetch the file again.")


class ArffSource:
    """An ARFF table read as a recording; see :class:`samba_gui.io.source.Source`."""

    def __init__(self, path: Path) -> None:
        labels, nominal, values = _read_table(path)
        self._values = values
        names = unique_labels(labels)
        electrodes = [i for i, label in enumerate(labels) if electrode_name(label)]
        channels = tuple(
            SourceChannel(
                name,
                "µV" if i in electrodes else "",
                ASSUMED_RATE_HZ,
                ChannelKind.TRIGGER if i in nominal else None,
            )
            for i, name in enumerate(names)
        )
        warnings = [
            Text(
                "An ARFF file gives neither rate nor unit: {rate_hz:g} Hz and microvolts are assumed.",
                rate_hz=ASSUMED_RATE_HZ,
            )
        ]
        centre = np.nanmedian(values[electrodes], axis=1, keepdims=True) if electrodes else np.zeros((0, 1))
        if electrodes and np.abs(centre).max() > WILD_UV:
            offset_uv = np.median(centre)
            warnings.append(
                Text("The channels have a constant offset near {offset_uv:.0f} µV.", offset_uv=offset_uv)
            )
        wild = np.flatnonzero((np.abs(values[electrodes] - centre) > WILD_UV).any(axis=0))
        if wild.size:
            times = [f"{sample / ASSUMED_RATE_HZ:.2f} s" for sample in wild]
            warnings.append(
                Text("Values beyond any EEG in {n} samples, at {times}.", n=wild.size, times=shown(times))
            )
        n = values.shape[1]
        self.facts = SourceFacts(
            "ARFF",
            channels,
            ASSUMED_RATE_HZ,
            n,
            (Segment(0.0, 0, n),),
            _states(labels, nominal, values),
            warnings=tuple(warnings),
        )

    def read(self, start: int, stop: int, channels: Sequence[int]) -> np.ndarray:
        """Samples ``[start, stop)`` of some channels, float64 (channels, times)."""
        return self._values[list(channels), start:stop].copy()

    def close(self) -> None:
        """Let go of the samples."""
        self._values = np.empty((0, 0))


def _read_table(path: Path) -> tuple[list[str], dict[int, list[str]], np.ndarray]:
    """Attribute names, the classes of nominal ones, and values float64 (attributes, rows)."""
    if path.stat().st_size > MAX_BYTES:
        raise RecordingError(
            "{name} is too large for a table of text.", "Convert it to EDF or FIF.", name=path.name
        )
    labels: list[str] = []
    nominal: dict[int, list[str]] = {}
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            words = line.split(None, 2)
            keyword = words[0].lower() if words else ""
            if keyword == "@data":
                break
            if keyword == "@attribute" and len(words) == 3:
                if words[2].startswith("{"):
                    classes = words[2].strip(" {}\n\r").split(",")
                    nominal[len(labels)] = [one.strip(" '\"") for one in classes]
                elif words[2].strip().lower() not in ("numeric", "real", "integer"):
                    raise RecordingError(
                        "{name}: attribute {word} is not numeric.", BROKEN, name=path.name, word=words[1]
                    )
                labels.append(words[1].strip("'\""))
        else:
            raise RecordingError("{name}: there is no @DATA line.", BROKEN, name=path.name)
        if not labels:
            raise RecordingError("{name}: there are no attributes.", BROKEN, name=path.name)
        rows = [row for row in file if row.strip() and not row.startswith("%")]
        if not rows:
            raise RecordingError("{name}: there are 0 rows after @DATA.", BROKEN, name=path.name)
        try:
            values = np.loadtxt(
                rows,
                delimiter=",",
                ndmin=2,
                converters=_converters(nominal, len(labels)),
                encoding=None,
            )
        except ValueError:
            raise RecordingError(
                "{name}: a row is not {n} numbers.", BROKEN, name=path.name, n=len(labels)
            ) from None
    if values.shape[1] != len(labels):
        raise RecordingError("{name}: a row is not {n} numbers.", BROKEN, name=path.name, n=len(labels))
    return labels, nominal, np.ascontiguousarray(values.T)


def _converters(nominal: dict[int, list[str]], n_columns: int) -> dict[int | str, Callable[[str], float]]:
    """How to read each column: a number, ``?`` for a missing one, or a class by its place in the list."""

    def number(cell: str) -> float:
        return np.nan if cell.strip() == "?" else float(cell)

    def place_in(classes: list[str]) -> Callable[[str], float]:
        return lambda cell: float(classes.index(cell.strip(" '\"")))

    return {i: place_in(nominal[i]) if i in nominal else number for i in range(n_columns)}


def _states(labels: list[str], nominal: dict[int, list[str]], values: np.ndarray) -> tuple[Annotation, ...]:
    """Each run of a class is an annotation."""
    found = []
    for column, classes in nominal.items():
        codes = values[column].astype(int)
        starts = np.flatnonzero(np.diff(codes, prepend=-1))
        for first, stop in zip(starts, [*starts[1:], codes.size], strict=True):
            found.append(
                Annotation(
                    float(first / ASSUMED_RATE_HZ),
                    float((stop - first) / ASSUMED_RATE_HZ),
                    f"{labels[column]}={classes[codes[first]]}",
                )
            )
    return tuple(sorted(found, key=lambda annotation: annotation.onset_s))
