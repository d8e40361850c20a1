"""Results files: what goes in comes out, interruptions leave no trace, and bad files are refused in words."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from samba_gui.core.errors import ResultsError
from samba_gui.core.quality import QualitySums
from samba_gui.core.recipe import Recipe
from samba_gui.core.results import AnalysisStart, BatchResult
from samba_gui.core.windows import Window, WindowPlan
from samba_gui.io.results import ResultsWriter, _size, part_path, read_results

WINDOWS, PAIRS, CHANNELS, BINS, FEATURES = 11, 2, 5, 4, 7
PROVENANCE = {"program": "samba-gui 0", "recording_sha256": "ab", "device": "cpu: AVX2"}


@pytest.fixture
def start() -> AnalysisStart:
    names = tuple(f"É{i}" for i in range(CHANNELS))
    recipe = Recipe("b" * 64, "montage", names, names, tuple((0.01 * i, 0.0, 0.1) for i in range(CHANNELS)))
    windows = tuple(Window(i, i // 6, 512 * (i % 6), 512, 4.0 * i + (i // 6)) for i in range(WINDOWS))
    plan = WindowPlan(windows, 128.0, 512, 128, 0.5)
    heads = {"eyes": ("open", "closed"), "none": ("a", "b", "c")}
    return AnalysisStart(recipe, plan, np.linspace(5, 9, CHANNELS), "cpu (2 threads)", heads, FEATURES)


@pytest.fixture
def batch(start: AnalysisStart) -> BatchResult:
    rng = np.random.default_rng(0)

    def numbers(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape).astype(np.float32)

    sums = QualitySums(*(numbers(WINDOWS, PAIRS, CHANNELS, BINS) for _ in QualitySums.FIELDS))
    probabilities = {head: numbers(WINDOWS, len(classes)) for head, classes in start.heads.items()}
    probabilities["eyes"][3] = np.nan
    abstained = {head: rng.integers(0, 5, WINDOWS).astype(np.uint8) for head in start.heads}
    features = numbers(WINDOWS, FEATURES).astype(np.float16)
    return BatchResult(0, WINDOWS, sums, probabilities, abstained, features)


def part_of(batch: BatchResult, first: int, stop: int) -> BatchResult:
    return BatchResult(
        first,
        stop - first,
        batch.sums[first:stop],
        {head: values[first:stop] for head, values in batch.probabilities.items()},
        {head: values[first:stop] for head, values in batch.abstained.items()},
        batch.features[first:stop],
    )


def write(path: Path, start: AnalysisStart, batch: BatchResult, cuts: tuple[int, ...]) -> str:
    """Append in the batches that ``cuts`` make, finish, and give the file's hash."""
    writer = ResultsWriter(path, start, PROVENANCE)
    for first, stop in zip((0, *cuts), (*cuts, WINDOWS), strict=True):
        writer.append(part_of(batch, first, stop))
    writer.finish()
    return hashlib.sha256(path.read_bytes()).hexdigest()


def same(a: BatchResult, b: BatchResult) -> None:
    for name in QualitySums.FIELDS:
        np.testing.assert_array_equal(getattr(a.sums, name), getattr(b.sums, name))
    for head in b.probabilities:
        np.testing.assert_array_equal(a.probabilities[head], b.probabilities[head])
        np.testing.assert_array_equal(a.abstained[head], b.abstained[head])
    np.testing.assert_array_equal(a.features, b.features)
    assert a.features.dtype == np.float16


def test_what_goes_in_comes_out(tmp_path: Path, start: AnalysisStart, batch: BatchResult) -> None:
    write(tmp_path / "r.samba.h5", start, batch, (4,))
    stored = read_results(tmp_path / "r.samba.h5")
    same(stored.batch, batch)
    assert stored.complete
    assert stored.provenance == PROVENANCE
    assert stored.start.recipe == start.recipe
    assert stored.start.plan == start.plan
    assert stored.start.heads == start.heads
    assert stored.start.features == FEATURES
    assert stored.start.resumed == WINDOWS
    np.testing.assert_array_equal(stored.start.scale_uv, start.scale_uv)
    assert [path.name for path in tmp_path.iterdir()] == ["r.samba.h5"]


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes stands in for a full disk")
def test_a_full_disk_is_said_before_anything_is_begun(
    tmp_path: Path, start: AnalysisStart, batch: BatchResult
) -> None:
    import resource  # not on Windows

    path = tmp_path / "r.samba.h5"
    old = write(path, start, batch, (4,))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        with pytest.raises(ResultsError, match=r"^r\.samba\.h5 cannot be written: file too large\."):
            ResultsWriter(path, start, PROVENANCE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == old
    assert [one.name for one in tmp_path.iterdir()] == ["r.samba.h5"]


def test_the_room_that_is_asked_for_is_enough(
    tmp_path: Path, start: AnalysisStart, batch: BatchResult
) -> None:
    write(tmp_path / "r.samba.h5", start, batch, (4,))
    taken = (tmp_path / "r.samba.h5").stat().st_size
    assert taken <= _size(start) < taken + 200_000


def test_bytes_do_not_depend_on_batches(tmp_path: Path, start: AnalysisStart, batch: BatchResult) -> None:
    hashes = {write(tmp_path / f"{i}.h5", start, batch, cuts) for i, cuts in enumerate([(), (1, 5), (10,)])}
    assert len(hashes) == 1


def test_interruption_leaves_no_trace(tmp_path: Path, start: AnalysisStart, batch: BatchResult) -> None:
    whole = write(tmp_path / "whole.h5", start, batch, ())
    path = tmp_path / "cut.h5"
    path.write_bytes(b"an earlier file")
    writer = ResultsWriter(path, start, PROVENANCE)
    writer.append(part_of(batch, 0, 6))
    writer.close()
    assert path.read_bytes() == b"an earlier file"

    unfinished = read_results(part_path(path))
    assert not unfinished.complete
    assert unfinished.batch.count == 6
    again = ResultsWriter(path, start, PROVENANCE)
    assert again.done == 6
    same(again.stored(2, 5), part_of(batch, 2, 5))
    again.append(part_of(batch, 6, WINDOWS))
    again.finish()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == whole
    assert not part_path(path).exists()


@pytest.mark.parametrize("left", [b"", b"\x89HDF\r\n\x1a\nnonsense", None])
def test_another_analysis_is_not_continued(
    tmp_path: Path, start: AnalysisStart, batch: BatchResult, left: bytes | None
) -> None:
    path = tmp_path / "r.h5"
    if left is None:
        other = ResultsWriter(path, start, PROVENANCE | {"recording_sha256": "other"})
        other.append(part_of(batch, 0, 2))
        other.close()
    else:
        part_path(path).write_bytes(left)
    writer = ResultsWriter(path, start, PROVENANCE)
    assert writer.done == 0
    writer.close()


def test_two_writers_are_one_too_many(tmp_path: Path, start: AnalysisStart) -> None:
    path = tmp_path / "r.h5"
    ResultsWriter(path, start, PROVENANCE).close()
    hold = f"import h5py; f = h5py.File({str(part_path(path))!r}, 'r+'); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ResultsError, match="is being written by another samba-gui"):
            ResultsWriter(path, start, PROVENANCE)
        other.communicate("\n")


def test_batches_follow_each_other(tmp_path: Path, start: AnalysisStart, batch: BatchResult) -> None:
    writer = ResultsWriter(tmp_path / "r.h5", start, PROVENANCE)
    with pytest.raises(ResultsError, match="Window 2 was to be stored after 0"):
        writer.append(part_of(batch, 2, 4))
    with pytest.raises(ResultsError, match="Only 0 of 11"):
        writer.finish()
    writer.close()


def test_unwritable_folder_is_said(tmp_path: Path, start: AnalysisStart) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultsError, match=r"r\.h5 cannot be written"):
        ResultsWriter(tmp_path / "file" / "r.h5", start, PROVENANCE)


def test_bad_files_are_refused(tmp_path: Path, start: AnalysisStart, batch: BatchResult) -> None:
    good = tmp_path / "good.h5"
    write(good, start, batch, ())
    with pytest.raises(ResultsError, match="does not exist"):
        read_results(tmp_path / "absent.h5")
    (tmp_path / "cut.h5").write_bytes(good.read_bytes()[:3000])
    with pytest.raises(ResultsError, match="damaged"):
        read_results(tmp_path / "cut.h5")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1
    with pytest.raises(ResultsError, match="not a samba-gui results file"):
        read_results(tmp_path / "other.h5")
    with h5py.File(good, "r+") as file:
        file.attrs["format_version"] = 99
    with pytest.raises(ResultsError, match="format version 99"):
        read_results(good)


def as_version_1(path: Path) -> None:
    """Make of a results file what the first version of the format would have written."""
    with h5py.File(path, "r+") as file:
        file.attrs["format_version"] = 1
        del file["features"]


def test_files_without_features_are_read(tmp_path: Path, start: AnalysisStart, batch: BatchResult) -> None:
    path = tmp_path / "old.h5"
    write(path, start, batch, ())
    as_version_1(path)
    stored = read_results(path)
    assert stored.start.features == 0
    assert stored.batch.features.shape == (WINDOWS, 0)
    np.testing.assert_array_equal(stored.batch.sums.xy, batch.sums.xy)


def test_an_unfinished_file_without_features_is_begun_anew(
    tmp_path: Path, start: AnalysisStart, batch: BatchResult
) -> None:
    path = tmp_path / "r.h5"
    writer = ResultsWriter(path, start, PROVENANCE)
    writer.append(part_of(batch, 0, 3))
    writer.close()
    as_version_1(part_path(path))
    again = ResultsWriter(path, start, PROVENANCE)
    assert again.done == 0
    again.close()


def test_a_file_whose_making_was_interrupted_is_begun_anew(
    tmp_path: Path, start: AnalysisStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.samba.h5"

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr("samba_gui.io.results.json.dumps", interrupted)  # while it is laid out
        with pytest.raises(KeyboardInterrupt):
            ResultsWriter(path, start, PROVENANCE)
    assert part_path(path).exists()
    writer = ResultsWriter(path, start, PROVENANCE)
    assert writer.done == 0
    writer.close()
    assert read_results(part_path(path)).provenance == PROVENANCE
