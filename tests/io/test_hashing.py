"""The identity of recordings."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest
from edf_files import EdfFile

from samba_gui.core.errors import RecordingError
from samba_gui.io.hashing import recording_sha256


def test_one_file_hashes_as_sha256sum_does(tmp_path: Path) -> None:
    path = EdfFile().write(tmp_path / "a.edf")
    assert recording_sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_known_hashes_of_real_recordings(shared_dir: Path) -> None:
    with (shared_dir / "recordings/labels.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"][:3]
    assert rows
    for row in rows:
        (path,) = (shared_dir / "recordings").rglob(Path(row["file"]).name)
        assert recording_sha256(path) == row["sha256"]


def test_all_files_of_a_recording_count(shared_dir: Path, tmp_path: Path) -> None:
    source = shared_dir / "recordings/formats/brainvision"
    for file in source.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    first = recording_sha256(tmp_path / "test.vhdr")
    assert first == recording_sha256(source / "test.vhdr"), "wherever it lies"
    assert first == recording_sha256(tmp_path / "test.eeg"), "whichever part was picked"
    samples = bytearray((tmp_path / "test.eeg").read_bytes())
    samples[1000] ^= 1
    (tmp_path / "test.eeg").write_bytes(samples)
    assert recording_sha256(tmp_path / "test.vhdr") != first


def test_folders_hash_everything_inside(tmp_path: Path) -> None:
    folder = tmp_path / "a.mff"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner/signal.bin").write_bytes(b"1")
    (folder / "info.xml").write_bytes(b"2")
    first = recording_sha256(folder)
    (folder / "inner/signal.bin").write_bytes(b"3")
    assert recording_sha256(folder) != first


def test_missing_files_are_a_message(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no file"):
        recording_sha256(tmp_path / "a.edf")
