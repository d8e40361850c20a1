"""Bad files: a one-line error or a correct reading with a visible warning; never anything else."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from edf_files import EdfFile

from samba_gui.core.errors import RecordingError
from samba_gui.io.recordings import open_recording

WHOLE = EdfFile()
HEADER = 256 * 6


def patched(at: int, text: str) -> bytes:
    """A whole file with ``text`` written over the header at one place."""
    raw = bytearray(WHOLE.to_bytes())
    raw[at : at + len(text)] = text.encode("latin-1")
    return bytes(raw)


# name, bytes, what the message says
REFUSED: list[tuple[str, bytes, str]] = [
    ("zero.edf", b"", "empty"),
    ("cut_in_fixed_header.edf", WHOLE.to_bytes()[:100], "header is cut off"),
    ("cut_in_signal_header.edf", WHOLE.to_bytes()[:700], "header is cut off"),
    ("header_only.edf", WHOLE.to_bytes()[:HEADER], "no data"),
    ("less_than_a_record.edf", WHOLE.to_bytes()[: HEADER + 300], "not one complete record"),
    ("many_signals.edf", WHOLE.but(n_signals="9999").to_bytes(), "9999 signals"),
    ("no_signals.edf", WHOLE.but(n_signals="0").to_bytes(), "0 signals"),
    ("negative_signals.edf", WHOLE.but(n_signals="-3").to_bytes(), "-3 signals"),
    ("four_thousand_signals.edf", WHOLE.but(n_signals="4000").to_bytes(), "header"),
    ("text_signals.edf", WHOLE.but(n_signals="five").to_bytes(), "has no number under"),
    ("text_records.edf", WHOLE.but(claimed="many").to_bytes(), "has no number under"),
    ("nan_duration.edf", WHOLE.but(record_s="nan").to_bytes(), "has no number under"),
    ("inf_duration.edf", WHOLE.but(record_s="inf").to_bytes(), "has no number under"),
    ("zero_duration.edf", WHOLE.but(record_s="0").to_bytes(), "sampling rate"),
    ("negative_duration.edf", WHOLE.but(record_s="-1").to_bytes(), "sampling rate"),
    ("tiny_duration.edf", WHOLE.but(record_s="1e-9").to_bytes(), "sampling rate"),
    ("no_records.edf", WHOLE.but(claimed="0").to_bytes(), "0 records"),
    ("wrong_header_length.edf", WHOLE.but(header_bytes="512").to_bytes(), "header's length"),
    (
        "text_limit.edf",
        WHOLE.but(limits={"EEG C3": ("low", "200", "-32768", "32767")}).to_bytes(),
        "has no number under",
    ),
    ("absurd_samples.edf", patched(HEADER - 32 * 5 - 8 * 5, "99999999"), "no sampling rate"),
    ("no_samples.edf", patched(HEADER - 32 * 5 - 8 * 5, "0       "), "0 samples"),
    ("named_edf.edf", b"not an edf file at all" * 40, "whatever its name"),
    ("nulls.edf", bytes(4096), "whatever its name"),
    ("noise.edf", np.random.default_rng(0).bytes(100_000), "whatever its name"),
    ("page.edf", b"<!DOCTYPE html><html>404</html>", "web page"),
    ("archive.edf", b"PK\x03\x04" + bytes(100), "ZIP"),
    ("pointer.edf", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git-LFS"),
    ("unknown.xyz", b"whatever", "not known"),
    ("none", b"whatever", "not known"),
    ("cut.bdf", EdfFile(bdf=True).to_bytes()[:400], "header is cut off"),
    ("noise.bdf", np.random.default_rng(1).bytes(5000), "whatever its name"),
    ("noise.gdf", np.random.default_rng(2).bytes(5000), "whatever its name"),
    ("short.gdf", b"GDF 2.10" + bytes(20), "short.gdf"),
    ("zeros.gdf", b"GDF 2.10" + bytes(4000), "zeros.gdf"),
    ("noise_in.gdf", b"GDF 2.10" + np.random.default_rng(2).bytes(5000), "noise_in.gdf"),
    ("noise.fif", np.random.default_rng(3).bytes(5000), "whatever its name"),
    ("cut.fif", b"\x00\x00\x00\x64" + bytes(200), "cut.fif"),
    ("noise.set", b"MATLAB 5.0 MAT-file" + np.random.default_rng(4).bytes(5000), "noise.set"),
    ("text.set", b"hello", "whatever its name"),
    ("noise.cnt", b"Version 3.0" + np.random.default_rng(5).bytes(5000), "noise.cnt"),
    ("zeros.cnt", b"Version 3.0" + bytes(5000), "zeros.cnt"),
    ("ant.cnt", b"RIFF" + bytes(5000), "ant.cnt"),
    ("empty.vhdr", b"Brain Vision Data Exchange Header File Version 1.0\n", "empty.vhdr"),
    ("noise.mat", b"MATLAB 5.0 MAT-file" + np.random.default_rng(6).bytes(500), "noise.mat"),
    ("noise.raw", np.random.default_rng(8).bytes(5000), "noise.raw"),
    ("noise.lay", np.random.default_rng(9).bytes(5000), "noise.lay"),
    ("noise.cdt", np.random.default_rng(10).bytes(5000), "noise.cdt"),
    ("noise.nedf", np.random.default_rng(11).bytes(5000), "noise.nedf"),
    ("noise.eeg", np.random.default_rng(12).bytes(5000), "noise.eeg"),
    ("noise.ns3", np.random.default_rng(13).bytes(5000), "noise.ns3"),
    ("noise.sqd", np.random.default_rng(14).bytes(5000), "noise.sqd"),
    ("noise.data", np.random.default_rng(15).bytes(5000), "noise.data"),
    ("noise.dat", b"BCI2000V= 1.0 HeaderLen= 99999" + np.random.default_rng(16).bytes(5000), "noise.dat"),
    ("table.arff", b"@RELATION x\n@ATTRIBUTE AF3 NUMERIC\n", "no @DATA"),
    ("words.arff", b"@ATTRIBUTE AF3 NUMERIC\n@DATA\nmany\n", "not 1 numbers"),
    ("ragged.arff", b"@ATTRIBUTE AF3 NUMERIC\n@ATTRIBUTE F7 NUMERIC\n@DATA\n1,2\n3\n", "not 2 numbers"),
    ("rows.arff", b"@ATTRIBUTE AF3 NUMERIC\n@DATA\n", "0 rows"),
    ("strings.arff", b"@ATTRIBUTE AF3 STRING\n@DATA\nx\n", "not numeric"),
    ("part.fdt", bytes(400), ".set file"),
]


@pytest.mark.parametrize(("name", "raw", "says"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_in_one_line(tmp_path: Path, name: str, raw: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(raw)
    began = time.process_time()
    with pytest.raises(RecordingError) as caught:
        open_recording(tmp_path / name)
    assert time.process_time() - began < 10
    text = str(caught.value)
    assert says in text
    assert name in text
    assert caught.value.hint
    assert "\n" not in text
    assert str(tmp_path) not in text, "a folder can hold a patient's name"
    assert "Traceback" not in text
    assert len(text) < 700


@pytest.mark.parametrize("name", ["zero_dir.edf", "recording.mff", "recording.ds", "folder"])
def test_folders(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(RecordingError, match=name):
        open_recording(tmp_path / name)


def test_missing_and_special_files(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"no file nothing\.edf"):
        open_recording(tmp_path / "nothing.edf")
    if Path("/dev/zero").exists():
        with pytest.raises(RecordingError, match="no ordinary file"):
            open_recording("/dev/zero")


# what was done to the file, bytes, samples that are still right, what the warning says
READ_WITH_WARNING: list[tuple[str, bytes, int, str]] = [
    ("cut_mid_record", WHOLE.to_bytes()[:-777], 700, "cut off: 7 s of 8 s"),
    ("cut_after_a_record", WHOLE.to_bytes()[:-1000], 700, "cut off: 7 s of 8 s"),
    ("absurd_record_count", WHOLE.but(claimed="99999999").to_bytes(), 800, "cut off: 8 s of"),
    ("unfinished", WHOLE.but(claimed="-1").to_bytes(), 800, "does not say how long"),
    ("garbage_at_the_end", WHOLE.to_bytes() + b"garbage" * 100, 800, "700 bytes after the end"),
    ("no_clock", WHOLE.but(clock="25.61.xx").to_bytes(), 800, "start time"),
    ("no_unit", WHOLE.but(unit="").to_bytes(), 800, "taken as microvolts"),
    ("no_scale", WHOLE.but(limits={"EEG C3": ("0", "0", "-32768", "32767")}).to_bytes(), 800, "no scale"),
    ("same_names", WHOLE.but(labels=["EEG Fp1"] * 5).to_bytes(), 800, "numbered"),
    ("no_names", WHOLE.but(labels=["", "", "EEG C3", "", ""]).to_bytes(), 800, "numbered"),
    ("in_volts", WHOLE.but(unit="V").to_bytes(), 800, "1,000,000 times too large"),
    ("in_millivolts", WHOLE.but(unit="mV").to_bytes(), 800, "1,000 times too large"),
]


@pytest.mark.parametrize(
    ("name", "raw", "n", "says"), READ_WITH_WARNING, ids=[row[0] for row in READ_WITH_WARNING]
)
def test_read_with_a_visible_warning(tmp_path: Path, name: str, raw: bytes, n: int, says: str) -> None:
    path = tmp_path / f"{name}.edf"
    path.write_bytes(raw)
    with open_recording(path) as recording:
        info = recording.info
        assert any(says in warning for warning in info.warnings), info.warnings
        assert info.n_samples == n
        assert len(set(info.labels)) == 5
        values = recording.read(0, n, [4])[0]
    factor = {"in_volts": 1e6, "in_millivolts": 1e3}.get(name, 1.0)
    np.testing.assert_allclose(values, factor * WHOLE.physical(4)[:n], rtol=1e-9)


def test_values_that_are_too_small_are_said_and_left(tmp_path: Path) -> None:
    tiny = EdfFile(limits=dict.fromkeys(WHOLE.labels, ("-0.0002", "0.0002", "-32768", "32767")))
    with open_recording(tiny.write(tmp_path / "a.edf")) as recording:
        assert any("1,000,000 times too small" in warning for warning in recording.info.warnings)
        np.testing.assert_allclose(recording.read(0, 800, [2])[0], tiny.physical(2), rtol=1e-9)


def test_a_name_that_lies_is_read_for_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "night.bdf").write_bytes(WHOLE.to_bytes())
    (tmp_path / "night.txt").write_bytes(WHOLE.to_bytes())
    for name, says in (("night.bdf", "named .bdf but is EDF"), ("night.txt", "")):
        with open_recording(tmp_path / name) as recording:
            assert recording.info.format == "EDF"
            assert any(says in warning for warning in recording.info.warnings) == bool(says)
            np.testing.assert_allclose(recording.read(0, 800, [0])[0], WHOLE.physical(0), rtol=1e-9)


def test_absurd_headers_allocate_nothing(tmp_path: Path) -> None:
    for name, raw, _ in REFUSED:
        if name.endswith((".edf", ".bdf")):
            (tmp_path / name).write_bytes(raw)
            tracemalloc.start()
            with pytest.raises(RecordingError):
                open_recording(tmp_path / name)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < 4e6, name


def test_edf_whose_line_ends_were_changed(tmp_path: Path) -> None:
    file = EdfFile(n=[1000] * 5, records=20)
    path = tmp_path / "mangled.edf"
    path.write_bytes(file.to_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(RecordingError, match="line ends"):
        open_recording(path)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("crlf_mangled.edf", "line ends"),
        ("eyelink_not_eeg.edf", "eye tracker"),
        ("git_lfs_pointer.xdf", "Git-LFS"),
        ("neuroscan_segfaults_with_antio.cnt", "number of samples"),
    ],
)
def test_real_malformed_files(shared_dir: Path, name: str, says: str) -> None:
    with pytest.raises(RecordingError, match=says):
        open_recording(shared_dir / "recordings/malformed" / name)


def test_annotations_alone_are_no_recording(shared_dir: Path) -> None:
    with pytest.raises(RecordingError, match="annotations only"):
        open_recording(shared_dir / "recordings/formats/edf/annotations_only.edf")


def test_damaged_annotations_are_said(tmp_path: Path) -> None:
    file = EdfFile(kind="EDF+C", onsets=["+0", "+1", "spoilt", "+3", "+4", "+5", "+6", "+7"])
    with open_recording(file.write(tmp_path / "a.edf")) as recording:
        assert any("annotations are damaged" in warning for warning in recording.info.warnings)
    with pytest.raises(RecordingError, match="do not say when they begin"):
        open_recording(file.but(kind="EDF+D").write(tmp_path / "b.edf"))


@pytest.fixture
def brainvision(tmp_path: Path) -> Callable[..., Path]:
    """Write a BrainVision recording of float32 microvolts."""

    def write(data: np.ndarray, name: str = "rec") -> Path:
        channels = "".join(f"Ch{i + 1}=E{i + 1},,1,µV\n" for i in range(len(data)))
        (tmp_path / f"{name}.vhdr").write_text(
            "Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\nCodepage=UTF-8\n"
            f"DataFile={name}.eeg\nMarkerFile={name}.vmrk\nDataFormat=BINARY\nDataOrientation=MULTIPLEXED\n"
            f"NumberOfChannels={len(data)}\nSamplingInterval=4000\n"
            "[Binary Infos]\nBinaryFormat=IEEE_FLOAT_32\n"
            f"[Channel Infos]\n{channels}",
            encoding="utf-8",
        )
        (tmp_path / f"{name}.vmrk").write_text(
            "Brain Vision Data Exchange Marker File, Version 1.0\n[Common Infos]\nCodepage=UTF-8\n"
            f"DataFile={name}.eeg\n[Marker Infos]\nMk1=Stimulus,S  1,251,1,0\n",
            encoding="utf-8",
        )
        data.T.astype("<f4").tofile(tmp_path / f"{name}.eeg")
        return tmp_path / f"{name}.vhdr"

    return write


def test_nan_and_flat_channels_are_flagged(brainvision: Callable[..., Path]) -> None:
    data = np.random.default_rng(0).normal(0, 20, (6, 2500)).astype(np.float32)
    data[1, 100:200] = np.nan
    data[2] = 0
    path = brainvision(data)
    with open_recording(path) as recording:
        info = recording.info
        text = " ".join(info.warnings)
        assert "Missing samples (NaN) in E2" in text
        assert "Flat signal in E3" in text or info.channels[2].reason == "constant"
        np.testing.assert_allclose(recording.read(0, 2500)[[0, 3]], data[[0, 3]], rtol=1e-6)
        assert np.isnan(recording.read(100, 200, [1])).all()
        assert info.annotations[0].onset_s == 1.0
        assert info.rate_hz == 250


def test_missing_companions_are_named(brainvision: Callable[..., Path]) -> None:
    path = brainvision(np.ones((4, 100)))
    path.with_suffix(".eeg").unlink()
    with pytest.raises(RecordingError, match=r"rec\.vhdr: a file that belongs to it is missing: rec\.eeg"):
        open_recording(path)


def test_a_part_of_a_recording_opens_the_whole(brainvision: Callable[..., Path]) -> None:
    path = brainvision(np.random.default_rng(0).normal(0, 20, (5, 500)))
    for suffix in (".eeg", ".vmrk"):
        with open_recording(path.with_suffix(suffix)) as recording:
            assert recording.info.path == str(path)


def test_few_channels_short_and_wide_recordings(tmp_path: Path) -> None:
    one = EdfFile(labels=["EEG Cz"], n=[100], records=3)
    with open_recording(one.write(tmp_path / "one.edf")) as recording:
        assert any("EEG channels in the recording: 1;" in warning for warning in recording.info.warnings)
        assert recording.info.duration_s == 3.0
    wide = EdfFile(labels=[f"E{i}" for i in range(1, 251)], n=[100] * 250, records=3)
    with open_recording(wide.write(tmp_path / "wide.edf")) as recording:
        assert recording.read(0, 300).shape == (250, 300)
        assert not recording.info.warnings


def test_no_patient_fields_travel(tmp_path: Path) -> None:
    with open_recording(EdfFile().write(tmp_path / "a.edf")) as recording:
        text = repr(recording.info)
    assert "Doe" not in text
    assert "1970" not in text
    assert "Ward" not in text
    assert "2020" not in text
