"""``samba-gui run`` in a process of its own, with the real network."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from analysis_fixtures import write_eeg

from samba_gui.cli import main
from samba_gui.io.results import part_path, read_results

JSON_KEYS = {
    "recording", "results", "format", "duration_s", "analysed_s", "channels", "montage", "coverage",
    "coverage_in_words", "unmatched", "windows", "median_quality", "class_fractions", "bundle", "bundle_key",
    "device", "seed", "seconds", "realtime_factor", "peak_memory_mb", "warnings",
}  # fmt: skip


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "samba_gui", "run", *map(str, arguments)]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def batch(
    short_edf: Path, lively_bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A batch with a missing file, a file that is none, and a name that comes twice."""
    folder = tmp_path_factory.mktemp("batch")
    (folder / "bad.edf").write_bytes(b"0" * 300)
    shutil.copy(short_edf, folder / "second.edf")
    (folder / "again").mkdir()
    shutil.copy(short_edf, folder / "again" / "second.edf")
    recordings = ["absent.edf", "bad.edf", short_edf, "second.edf", "again/second.edf"]
    return folder, subprocess.run(
        command(*recordings, "--out", "out", "--bundle", lively_bundle, "--device", "cpu", "--json"),
        capture_output=True,
        text=True,
        cwd=folder,
    )


def test_batch_goes_on_past_bad_files(batch: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, found = batch
    assert found.returncode == 1
    lines = found.stderr.splitlines()
    assert [line.split(":")[0] for line in lines[:3]] == ["absent.edf", "bad.edf", "again/second.edf"]
    assert lines[3].startswith("3 of 5 recordings failed: absent.edf, bad.edf, again/second.edf")
    assert len(lines) == 4
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "second.samba.h5",
        "short.samba.h5",
    ]


def test_json_is_one_object_per_recording(batch: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    objects = [json.loads(line) for line in batch[1].stdout.splitlines()]
    assert len(objects) == 5
    for failed in (objects[0], objects[1], objects[4]):
        assert failed.keys() == {"recording", "error", "hint"}
    done = objects[2]
    assert done.keys() == JSON_KEYS
    assert (done["duration_s"], done["channels"], done["windows"]) == (22.0, 19, 6)
    assert done["montage"] == "10-20 (19)"
    assert done["coverage"] == 1.0
    assert done["median_quality"].keys() == {"nrmse", "skill", "correlation"}
    assert sum(done["class_fractions"]["random"].values()) == pytest.approx(1)
    assert done["device"].startswith("cpu")
    assert done["realtime_factor"] == pytest.approx(22 / done["seconds"], rel=0.02)
    assert 50 < done["peak_memory_mb"] < 4000


def test_same_input_same_bytes_whatever_the_name(
    batch: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out = batch[0] / "out"
    assert sha256(out / "short.samba.h5") == sha256(out / "second.samba.h5")


def test_seed_and_montage_are_taken(
    batch: tuple[Path, subprocess.CompletedProcess[str]],
    short_edf: Path,
    lively_bundle: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["run", str(short_edf), "--out", str(tmp_path), "--bundle", str(lively_bundle)]
    assert main([*arguments, "--montage", "10-10_64", "--seed", "5", "--device", "cpu"]) == 0
    out = capsys.readouterr().out
    assert "10-10 (64): 19 of 19" in out
    assert "6 windows, medians: NRMSE" in out
    stored = read_results(tmp_path / "short.samba.h5")
    assert stored.start.recipe.seed == 5
    assert stored.provenance["montage"] == "10-10 (64)"


def test_what_holds_for_all_is_said_once(
    short_edf: Path, lively_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    wrong = {
        str(tmp_path): ["--out", str(tmp_path / "o"), "--bundle", str(tmp_path)],
        "mars": ["--out", str(tmp_path / "o"), "--bundle", str(lively_bundle), "--montage", "mars"],
        str(taken): ["--out", str(taken), "--bundle", str(lively_bundle)],
    }
    if not torch.cuda.is_available():
        wrong["--device cuda"] = [*wrong["mars"][:4], "--device", "cuda"]
    for subject, arguments in wrong.items():
        assert main(["run", str(short_edf), str(short_edf), *arguments]) == 1
        streams = capsys.readouterr()
        assert streams.out == ""
        (line,) = streams.err.splitlines()
        assert line.startswith(f"{subject}: ")


def test_too_few_channels_is_one_line(
    short_edf: Path, lively_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    montage = tmp_path / "four.csv"
    rows = ["Fp1,-0.027,0.083,0.04", "O1,-0.027,-0.083,0.04", "Cz,0,0.01,0.12", "AF7,-0.05,0.07,0.03"]
    montage.write_text("\n".join(["name,x_m,y_m,z_m", *rows]))
    arguments = ["--out", str(tmp_path), "--bundle", str(lively_bundle), "--montage", str(montage)]
    assert main(["run", str(short_edf), *arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{short_edf}: 3 EEG channels with a known position")


def test_interrupted_goes_on_where_it_stopped(lively_bundle: Path, tmp_path: Path) -> None:
    recording = write_eeg(tmp_path / "r.edf", 100)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    options = ["--bundle", lively_bundle, "--device", "cpu"]
    subprocess.run(command(recording, "--out", whole, *options), check=True, capture_output=True)
    results = cut / "r.samba.h5"
    with subprocess.Popen(
        command(recording, "--out", cut, *options), stderr=subprocess.PIPE, text=True
    ) as running:
        deadline = time.monotonic() + 60
        while not part_path(results).exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=30)
    assert running.returncode == 1
    assert errors.splitlines() == [
        f"{recording}: interrupted. The same command goes on from the last stored window."
    ]
    assert not results.exists()
    assert part_path(results).exists()
    subprocess.run(command(recording, "--out", cut, *options), check=True, capture_output=True)
    assert sha256(results) == sha256(whole / "r.samba.h5")
    assert [path.name for path in cut.iterdir()] == ["r.samba.h5"]


def test_real_recordings(shared_dir: Path, lively_bundle: Path, tmp_path: Path) -> None:
    """Dots in names; old names beside an ECG that the file calls EEG."""
    recordings = shared_dir / "recordings"
    files = [recordings / "eegmmidb" / "S001R02.edf", recordings / "eegmat" / "Subject00_2.edf"]
    found = subprocess.run(
        command(*files, "--out", tmp_path, "--bundle", lively_bundle, "--json"),
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    objects = [json.loads(line) for line in found.stdout.splitlines()]
    assert [(one["channels"], one["coverage"]) for one in objects] == [(64, 1.0), (19, 1.0)]
