"""Results in HDF5: laid out at full size, filled batch by batch, put in place when finished.

While an analysis runs, results lie in ``<path>.part``: every number has its place from the beginning, so
that a batch only overwrites, a killed process leaves a readable file, and the bytes of a finished one do not
depend on batches, interruptions or the clock. They are not compressed: that would save a tenth.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from samba_gui.core.errors import ResultsError
from samba_gui.core.quality import QualitySums
from samba_gui.core.recipe import Recipe
from samba_gui.core.results import ABSTENTIONS, AnalysisStart, BatchResult
from samba_gui.core.windows import Window, WindowPlan

FORMAT = "samba-gui results"
FORMAT_VERSION = 2
READABLE_VERSIONS = (1, 2)
"""Files of version 1 hold no features."""

_WINDOW_FIELDS = (("segment", np.int64), ("start", np.int64), ("n", np.int64), ("onset_s", np.float64))
_ROOM_BYTES = 131_072
"""For what a results file holds besides its rows."""


@dataclass(frozen=True, eq=False)
class StoredResults:
    """Everything in a results file.

    Parameters
    ----------
    start : AnalysisStart
        Recipe, windows, scales, heads; ``resumed`` counts the windows that are stored.
    batch : BatchResult
        The windows stored so far, from the first.
    provenance : mapping of str to str
        What made the file: versions, hashes, seed, device.
    complete : bool
        Whether every window is stored.
    """

    start: AnalysisStart
    batch: BatchResult
    provenance: dict[str, str]
    complete: bool


class ResultsWriter:
    """Appends batches to ``<path>.part`` and puts the finished file at ``path``.

    An unfinished file of the same provenance (recording, bundle, recipe, versions, device) is continued,
    any other is begun anew; what already lies at ``path`` stays until :meth:`finish`.

    Parameters
    ----------
    path : str or Path
    start : AnalysisStart
        What will be stored.
    provenance : mapping of str to str
        Equal for equal results; nothing of the clock or the patient.

    Attributes
    ----------
    done : int
        Windows stored, from the first.

    Raises
    ------
    ResultsError
        The folder cannot be written, or another process is writing this file.
    """

    def __init__(self, path: str | Path, start: AnalysisStart, provenance: Mapping[str, str]) -> None:
        self.path = Path(path)
        self.part = part_path(path)
        self._start = start
        self._provenance = dict(provenance)
        with _told_in_words(self.path):
            self._file = self._continued() or self._begun()
        self._datasets: dict[str, h5py.Dataset] = {}
        self.done = int(self._file["windows_done"][()])

    def _continued(self) -> h5py.File | None:
        if not self.part.exists():
            return None
        try:
            file = _open(self.part, "r+")
        except BlockingIOError:
            raise _being_written(self.part.name) from None
        except OSError:  # cut short before its first batch
            return None
        try:
            if file.attrs["format_version"] == FORMAT_VERSION and _provenance_of(file) == self._provenance:
                return file
        except (KeyError, ValueError):
            pass
        file.close()
        return None

    def _begun(self) -> h5py.File:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        _make_room(self.part, _size(self._start))
        with _open(self.part, "w") as file:
            _create(file, self._start, self._provenance)
        return _open(self.part, "r+")  # closed once, the layout is final, whatever interrupts the writing

    def append(self, batch: BatchResult) -> None:
        """Store the windows that follow those already stored.

        Raises
        ------
        ResultsError
            The disk is full, or the batch does not follow.
        """
        if batch.first != self.done:
            raise ResultsError(
                "Window {first} was to be stored after {n} windows.", first=batch.first, n=self.done
            )
        with _told_in_words(self.path):
            for name in QualitySums.FIELDS:
                _write_rows(self._dataset(f"quality/{name}"), batch.first, getattr(batch.sums, name))
            for head in self._start.heads:
                for leaf, found in (("probabilities", batch.probabilities), ("abstained", batch.abstained)):
                    _write_rows(self._dataset(f"heads/{head}/{leaf}"), batch.first, found[head])
            _write_rows(self._dataset("features"), batch.first, batch.features)
            self._file.flush()
            # only now: whoever reads the counter finds the numbers
            self.done += batch.count
            self._dataset("windows_done")[()] = self.done
            self._file.flush()

    def _dataset(self, name: str) -> h5py.Dataset:
        """Look a dataset up once: that takes longer than writing a window."""
        if name not in self._datasets:
            self._datasets[name] = self._file[name]
        return self._datasets[name]

    def stored(self, first: int, stop: int) -> BatchResult:
        """Read windows ``first … stop`` back."""
        return _read_batch(self._file, self._start, first, stop)

    def finish(self) -> None:
        """Put the finished file in place of what was there.

        Raises
        ------
        ResultsError
            Windows are missing, or the disk is full.
        """
        if self.done != len(self._start.plan.windows):
            raise ResultsError(
                "Only {n} of {total} windows are stored.", n=self.done, total=len(self._start.plan.windows)
            )
        with _told_in_words(self.path):
            self._file.close()
            os.replace(self.part, self.path)

    def close(self) -> None:
        """Let go of the file; an unfinished one stays and can be continued."""
        self._file.close()


def part_path(path: str | Path) -> Path:
    """Where the unfinished results of ``path`` lie."""
    path = Path(path)
    return path.with_name(path.name + ".part")


def read_results(path: str | Path) -> StoredResults:
    """Read a finished or unfinished results file.

    Raises
    ------
    ResultsError
        Not there, not a results file, damaged, or of another format version.
    """
    with _reading(path) as file:
        start = _read_start(file)
        done = start.resumed
        return StoredResults(
            start, _read_batch(file, start, 0, done), _provenance_of(file), done == len(start.plan.windows)
        )


def exported_facts(results: StoredResults) -> dict[str, Any]:
    """What goes with everything that is made from results: their provenance, and the recipe itself."""
    return results.provenance | {"recipe": results.start.recipe.to_json()}


def read_facts(path: str | Path) -> dict[str, Any]:
    """The same from a file, without its numbers; errors as :func:`read_results`."""
    with _reading(path) as file:
        return _provenance_of(file) | {"recipe": _read_text(file, "recipe")[0]}


def _open(path: str | Path, mode: str) -> h5py.File:
    """Open with the oldest layout (a killed writer leaves no mark in it), locked where the disk can lock."""
    return h5py.File(path, mode, libver="earliest", locking="best-effort")


@contextmanager
def _reading(path: str | Path) -> Iterator[h5py.File]:
    """An open results file; whatever is wrong with it is said in words."""
    name = Path(path).name
    try:
        with _open(path, "r") as file:
            if file.attrs.get("format") != FORMAT:
                raise ResultsError(
                    "{name} is not a samba-gui results file.", "Choose a file made by samba-gui.", name=name
                )
            if file.attrs["format_version"] not in READABLE_VERSIONS:
                raise ResultsError(
                    "{name} has format version {version}, this program reads {known}.",
                    "Update samba-gui, or analyse the recording again.",
                    name=name,
                    version=file.attrs["format_version"],
                    known=" and ".join(map(str, READABLE_VERSIONS)),
                )
            yield file
    except FileNotFoundError:
        raise ResultsError("{name} does not exist.", "Run the analysis first.", name=name) from None
    except BlockingIOError:
        raise _being_written(name) from None
    except (OSError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise ResultsError(
            "{name} is damaged: {why}.", "Analyse the recording again.", name=name, why=_one_line(error)
        ) from None


def _being_written(name: str) -> ResultsError:
    return ResultsError(
        "{name} is being written by another samba-gui.",
        "Wait for it to end, or choose another folder.",
        name=name,
    )


def _create(file: h5py.File, start: AnalysisStart, provenance: dict[str, str]) -> None:
    """Lay out all datasets at full size."""
    recipe, plan = start.recipe, start.plan
    windows = len(plan.windows)
    file.attrs["format"] = FORMAT
    file.attrs["format_version"] = FORMAT_VERSION
    file.create_dataset("windows_done", data=np.int64(0))
    _write_text(file, "recipe", [recipe.to_json()])
    _write_text(file, "channels/label", list(recipe.labels))
    _write_text(file, "channels/name", list(recipe.names))
    file.create_dataset("channels/position_m", data=np.array(recipe.positions_m, np.float64))
    file.create_dataset("channels/scale_uv", data=np.asarray(start.scale_uv, np.float64))
    place = file.create_group("windows")
    for name, kind in _WINDOW_FIELDS:
        place.create_dataset(name, data=np.array([getattr(w, name) for w in plan.windows], kind))
    for name in ("rate_hz", "window_samples", "bin_samples", "skipped_s"):
        place.attrs[name] = getattr(plan, name)

    def full(place: h5py.Group, name: str, shape: tuple[int, ...], kind: type, fill: float) -> h5py.Dataset:
        layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        layout.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        return place.create_dataset(name, shape, kind, fillvalue=fill, track_times=False, dcpl=layout)

    place = file.create_group("quality")
    for name in QualitySums.FIELDS:
        full(place, name, (windows, recipe.pairs, len(recipe.labels), plan.bins), np.float32, 0.0)
    place.attrs["axes"] = "windows, pairs of masks, channels, bins"
    place.attrs["unit"] = "sums over masked samples; x, y and line in units of channels/scale_uv"
    heads = file.create_group("heads")
    for head, classes in start.heads.items():
        place = heads.create_group(head)
        full(place, "probabilities", (windows, len(classes)), np.float32, np.nan)
        abstained = full(place, "abstained", (windows,), np.uint8, 0)
        place.attrs["classes"] = json.dumps(list(classes))
        abstained.attrs["meaning"] = json.dumps(["did not abstain", *ABSTENTIONS[1:]])
    features = full(file, "features", (windows, start.features), np.float16, 0.0)
    features.attrs["meaning"] = "statistics over time of the decoder's channels, as the heads read them"
    # last: a file whose making was interrupted is nobody's, and is begun anew
    for key in sorted(provenance):
        file.attrs[f"provenance_{key}"] = provenance[key]


def _size(start: AnalysisStart) -> int:
    """Bytes that a results file takes, and a little more."""
    windows, recipe = len(start.plan.windows), start.recipe
    sums = 4 * len(QualitySums.FIELDS) * recipe.pairs * len(recipe.labels) * start.plan.bins
    heads = sum(4 * len(classes) + 1 for classes in start.heads.values())
    row = sums + heads + 2 * start.features + 8 * len(_WINDOW_FIELDS)
    return windows * row + _ROOM_BYTES + 400 * len(recipe.labels)


def _make_room(path: Path, size: int) -> None:
    """Fail while it can be said: HDF5 that finds the disk full takes its process along."""
    try:
        with path.open("wb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            elif shutil.disk_usage(path.parent).free < size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _write_rows(dataset: h5py.Dataset, first: int, rows: np.ndarray) -> None:
    """``dataset[first : first + len(rows)] = rows`` in a third of the time."""
    space = dataset.id.get_space()
    space.select_hyperslab((first, *(0 for _ in rows.shape[1:])), rows.shape)
    dataset.id.write(h5py.h5s.create_simple(rows.shape), space, np.ascontiguousarray(rows))


def _read_start(file: h5py.File) -> AnalysisStart:
    columns = [file[f"windows/{name}"][()].tolist() for name, _ in _WINDOW_FIELDS]
    facts = file["windows"].attrs
    plan = WindowPlan(
        tuple(Window(i, *row) for i, row in enumerate(zip(*columns, strict=True))),
        float(facts["rate_hz"]),
        int(facts["window_samples"]),
        int(facts["bin_samples"]),
        float(facts["skipped_s"]),
    )
    return AnalysisStart(
        Recipe.from_json(_read_text(file, "recipe")[0]),
        plan,
        file["channels/scale_uv"][()],
        _provenance_of(file).get("device", "unknown"),
        {head: tuple(json.loads(group.attrs["classes"])) for head, group in file["heads"].items()},
        file["features"].shape[1] if "features" in file else 0,
        int(file["windows_done"][()]),
    )


def _read_batch(file: h5py.File, start: AnalysisStart, first: int, stop: int) -> BatchResult:
    rows = slice(first, stop)
    return BatchResult(
        first,
        stop - first,
        QualitySums(*(file[f"quality/{name}"][rows] for name in QualitySums.FIELDS)),
        {head: file[f"heads/{head}/probabilities"][rows] for head in start.heads},
        {head: file[f"heads/{head}/abstained"][rows] for head in start.heads},
        file["features"][rows] if start.features else np.zeros((stop - first, 0), np.float16),
    )


def _provenance_of(file: h5py.File) -> dict[str, str]:
    prefix = "provenance_"
    return {key.removeprefix(prefix): str(file.attrs[key]) for key in file.attrs if key.startswith(prefix)}


def _write_text(file: h5py.File, name: str, texts: list[str]) -> None:
    # fixed length: HDF5's heap for strings of any length would grow with every rewrite
    encoded = [text.encode() for text in texts]
    kind = h5py.string_dtype("utf-8", max(1, *map(len, encoded), 1))
    file.create_dataset(name, data=np.array(encoded, dtype=kind))


def _read_text(file: h5py.File, name: str) -> list[str]:
    return [bytes(value).rstrip(b"\0").decode() for value in file[name][()]]


@contextmanager
def _told_in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ResultsError(
            "{name} cannot be written: {why}.",
            "Free some space or choose another folder; the windows stored so far can be continued.",
            name=path.name,
            why=_one_line(error),
        ) from None


def _one_line(error: Exception) -> str:
    # HDF5 puts the time, the whole path and addresses into strerror
    text = os.strerror(error.errno).lower() if isinstance(error, OSError) and error.errno else str(error)
    return " ".join(str(text).split())
