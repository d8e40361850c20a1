"""Real recordings of every format at hand, and formats MNE can write."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from samba_gui.core.errors import RecordingError
from samba_gui.core.recording import ChannelKind
from samba_gui.io.formats import FORMATS
from samba_gui.io.recordings import open_recording

# file, format, rate, channels, of them EEG, samples, annotations
REAL = [
    ("formats/bdf/Newtest17-256.bdf", "BDF", 256, 17, 16, 15360, 0),
    ("formats/brainvision/test.vhdr", "BrainVision", 1000, 32, 26, 7900, 13),
    ("formats/edf/duplicate_channel_labels.edf", "EDF+", 250, 3, 3, 2500, 0),
    ("formats/edf/sleep_mixed_rates.edf", "EDF", 100, 7, 2, 30000, 0),
    ("formats/edf/utf8_annotations.edf", "EDF+", 128, 1, 1, 89344, 5),
    ("formats/eeglab/eeglab_data.set", "EEGLAB", 128, 32, 30, 30504, 154),
    ("formats/emotiv/eeg_eye_state.arff", "ARFF", 128, 15, 14, 14980, 24),
    ("formats/fif/25ffc8_sample-eeg-ant-raw.fif", "FIF", 1024, 67, 61, 2049, 0),
    ("formats/fif/data_resting_EO_200Hz_raw.fif", "FIF", 200, 2, 2, 72000, 0),
    ("eegmmidb/S001R04.edf", "EDF+", 160, 64, 64, 20000, 30),
    ("eegmat/Subject00_1.edf", "EDF+", 500, 21, 19, 91000, 0),
]


@pytest.mark.parametrize("row", REAL, ids=[row[0].split("/")[-1] for row in REAL])
def test_real_recordings(shared_dir: Path, row: tuple) -> None:
    name, form, rate_hz, n_channels, n_eeg, n_samples, n_annotations = row
    with open_recording(shared_dir / "recordings" / name) as recording:
        info = recording.info
        values = recording.read(0, min(1000, n_samples), info.indices(ChannelKind.EEG))
    assert (info.format, info.rate_hz, len(info.channels)) == (form, rate_hz, n_channels)
    assert len(info.indices(ChannelKind.EEG)) == n_eeg
    assert (info.n_samples, len(info.annotations)) == (n_samples, n_annotations)
    assert values.dtype == np.float64
    assert values.shape[0] == n_eeg
    assert not info.simulated
    assert np.isfinite(values).all()
    assert 0.5 < np.median((values - np.median(values, axis=1, keepdims=True)).std(axis=1)) < 500


def test_every_mental_arithmetic_channel_finds_its_kind(shared_dir: Path) -> None:
    with open_recording(shared_dir / "recordings/eegmat/Subject00_1.edf") as recording:
        info = recording.info
    kinds = {channel.label: channel for channel in info.channels}
    assert kinds["ECG ECG"].kind == ChannelKind.ECG
    assert kinds["EEG A2-A1"].kind == ChannelKind.REFERENCE
    assert kinds["EEG A2-A1"].reason
    assert [kinds[f"EEG T{i}"].name for i in (3, 4, 5, 6)] == ["T7", "T8", "P7", "P8"]


def test_emotiv_table(shared_dir: Path) -> None:
    path = shared_dir / "recordings/formats/emotiv/eeg_eye_state.arff"
    with path.open() as file:
        rows = [line for line in file.read().split("@DATA")[1].splitlines() if line.strip()]
    table = np.array([[float(cell) for cell in row.split(",")] for row in rows]).T
    with open_recording(path) as recording:
        info = recording.info
        np.testing.assert_array_equal(recording.read(0, info.n_samples), table)
    text = " ".join(info.warnings)
    assert "128 Hz" in text
    assert "Values beyond any EEG in 4 samples" in text
    assert "offset" in text
    closed = sum(a.duration_s for a in info.annotations if a.description == "eyeDetection=1")
    assert closed == pytest.approx(table[-1].sum() / 128)


def test_utf8_annotations(shared_dir: Path) -> None:
    with open_recording(shared_dir / "recordings/formats/edf/utf8_annotations.edf") as recording:
        texts = [annotation.description for annotation in recording.info.annotations]
    assert "XLSpike" in texts
    assert any(not text.isascii() for text in texts)
    assert not any("Ã" in text for text in texts)


def test_positions_come_with_the_file(shared_dir: Path) -> None:
    with open_recording(shared_dir / "recordings/formats/eeglab/eeglab_data.set") as recording:
        placed = [channel for channel in recording.info.channels if channel.position_m]
    assert len(placed) == 32
    assert all(0.05 < np.linalg.norm(channel.position_m) < 0.15 for channel in placed)


@pytest.fixture
def fif(tmp_path: Path):
    """Write a FIF recording through MNE."""
    import mne

    def write(data_v: np.ndarray, labels: list[str], types: list[str], **changes: object) -> Path:
        info = mne.create_info(labels, 200.0, types)
        raw = mne.io.RawArray(data_v, info, first_samp=400, verbose="error")
        raw.set_meas_date(0 if changes.get("dated") else None)
        if "annotations" in changes:
            raw.set_annotations(mne.Annotations(*changes["annotations"], orig_time=raw.info["meas_date"]))
        path = tmp_path / "a_raw.fif"
        raw.save(path, overwrite=True, verbose="error")
        return path

    return write


LABELS = ["Fp1", "Fp2", "C3", "C4", "ECG", "STI 014"]
TYPES = ["eeg", "eeg", "eeg", "eeg", "ecg", "stim"]


@pytest.mark.parametrize("dated", [False, True])
def test_fif_numbers_and_annotations(fif, dated: bool) -> None:
    data = np.random.default_rng(0).normal(0, 20e-6, (6, 4000))
    data[5] = np.arange(4000) // 100
    # MNE counts dated annotations from the clock, which started 400 samples before the first one.
    onset = 3.0 + (2.0 if dated else 0.0)
    path = fif(data, LABELS, TYPES, dated=dated, annotations=([onset], [1.5], ["spindle"]))
    with open_recording(path) as recording:
        info = recording.info
        np.testing.assert_allclose(recording.read(500, 900, [0, 4]), 1e6 * data[[0, 4], 500:900], rtol=1e-6)
        np.testing.assert_allclose(recording.read(500, 900, [5])[0], data[5, 500:900])
    assert [channel.kind for channel in info.channels][4:] == [ChannelKind.ECG, ChannelKind.TRIGGER]
    assert [(a.onset_s, a.duration_s, a.description) for a in info.annotations] == [(3.0, 1.5, "spindle")]
    assert info.clock_start_s == (2.0 if dated else None)


def test_stretches_that_were_not_recorded_are_gaps(fif) -> None:
    data = np.random.default_rng(0).normal(0, 20e-6, (6, 4000))
    skips = ([5.0, 10.0], [1.0, 2.5], ["BAD_ACQ_SKIP", "BAD_ACQ_SKIP"])
    with open_recording(fif(data, LABELS, TYPES, annotations=skips)) as recording:
        info = recording.info
        values = recording.read(0, info.n_samples, [1])[0]
        across = recording.read(900, 1700, [1])[0]
    assert [(s.onset_s, s.start, s.n) for s in info.segments] == [
        (0, 0, 1000),
        (6, 1000, 800),
        (12.5, 1800, 1500),
    ]
    assert info.n_samples == 3300
    assert any("2 gaps (3.5 s missing)" in warning for warning in info.warnings)
    kept = np.concatenate([data[1, :1000], data[1, 1200:2000], data[1, 2500:]])
    np.testing.assert_allclose(values, 1e6 * kept, rtol=1e-6)
    np.testing.assert_array_equal(across, values[900:1700])
    assert info.times_s(1800, 1801)[0] == 12.5


@pytest.fixture
def eeglab(tmp_path: Path):
    """Write an EEGLAB set, samples inside or beside it."""
    from scipy.io import savemat

    def write(data_uv: np.ndarray, *, beside: bool = False, trials: int = 1) -> Path:
        n, samples = data_uv.shape[0], data_uv.shape[1] // trials
        chanlocs = np.array(
            [(f"E{i}", [], [], []) for i in range(n)], dtype=[(k, "O") for k in ("labels", "X", "Y", "Z")]
        )
        eeg = {
            "setname": "x", "nbchan": n, "pnts": samples, "trials": trials, "srate": 250.0, "xmin": 0.0,
            "xmax": samples / 250, "chanlocs": chanlocs, "event": np.zeros(0), "epoch": [], "ref": "common",
            "data": "a.fdt" if beside else data_uv.reshape(n, samples, trials).squeeze(),
        }  # fmt: skip
        savemat(tmp_path / "a.set", {"EEG": eeg}, appendmat=False)
        if beside:
            data_uv.T.astype("<f4").tofile(tmp_path / "a.fdt")
        return tmp_path / "a.set"

    return write


@pytest.mark.parametrize("beside", [False, True])
def test_eeglab_sets(eeglab, beside: bool) -> None:
    data = np.random.default_rng(0).normal(0, 20, (5, 1000))
    with open_recording(eeglab(data, beside=beside)) as recording:
        np.testing.assert_allclose(
            recording.read(100, 900, [0, 4]), data[[0, 4], 100:900], rtol=1e-5, atol=1e-4
        )
        assert recording.info.rate_hz == 250


def test_eeglab_sets_without_their_samples_and_with_epochs(eeglab) -> None:
    data = np.random.default_rng(0).normal(0, 20, (5, 1000))
    path = eeglab(data, beside=True)
    path.with_suffix(".fdt").unlink()
    with pytest.raises(RecordingError, match=r"a\.set.*a\.fdt"):
        open_recording(path)
    with pytest.raises(RecordingError, match=r"a\.set holds epochs"):
        open_recording(eeglab(data, trials=4))


def test_fif_in_microvolts_by_mistake_is_said_and_not_altered(fif) -> None:
    data = np.random.default_rng(0).normal(0, 20.0, (6, 4000))
    with open_recording(fif(data, LABELS, TYPES)) as recording:
        assert any("1,000,000 times too large" in warning for warning in recording.info.warnings)
        np.testing.assert_allclose(recording.read(0, 10, [0]), 1e6 * data[:1, :10], rtol=1e-6)


def test_readers_are_quiet(shared_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, *_ in REAL:
            with open_recording(shared_dir / "recordings" / name) as recording:
                recording.read(0, 100)
    assert capfd.readouterr() == ("", "")


# Readers of MNE for instruments that do not record EEG, or that need to be told more than a file's name.
_NOT_EEG = ("artemis123", "boxy", "bti", "eyelink", "fil", "hitachi", "nirx", "snirf", "neuralynx")
NOT_EEG = {"read_raw", *(f"read_raw_{name}" for name in _NOT_EEG)}


def test_the_table_of_formats_is_complete() -> None:
    import mne

    readers = {name for name in dir(mne.io) if name.startswith("read_raw")}
    used = {row.reader.args[1] for row in FORMATS if hasattr(row.reader, "args")}
    assert used <= readers
    assert readers - used == NOT_EEG | {"read_raw_bdf", "read_raw_edf"}, "EDF and BDF are read by us"
    names = [row.name for row in FORMATS]
    assert len(set(names)) == len(names)
    for row in FORMATS:
        assert row.extensions
        assert all(one.startswith(".") and one == one.lower() for one in row.extensions)
        assert row.begins or not row.sure


@pytest.mark.parametrize("row", FORMATS, ids=[row.name for row in FORMATS])
def test_every_reader_refuses_rubbish_with_a_sentence(tmp_path: Path, row) -> None:
    path = tmp_path / f"rubbish{row.extensions[0]}"
    if row.folder:
        path.mkdir()
        (path / "rubbish").write_bytes(b"rubbish")
    else:
        path.write_bytes((row.begins[0] if row.begins else b"") + bytes(range(256)) * 4)
    if row.name == "eXimia":  # samples without any header: what they hold cannot be told
        with open_recording(path) as recording:
            assert recording.info.warnings
        return
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    assert path.name in caught.value.message
    assert str(tmp_path) not in str(caught.value)
