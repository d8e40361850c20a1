"""EDF and BDF: numbers, gaps, mixed rates, laziness."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from edf_files import EdfFile, decode

from samba_gui.core.recording import ChannelKind
from samba_gui.io.recordings import open_recording

REAL = [
    "eegmmidb/S001R04.edf",
    "eegmat/Subject00_1.edf",
    "formats/bdf/Newtest17-256.bdf",
    "formats/edf/edf_plus_d_gaps.edf",
    "formats/edf/utf8_annotations.edf",
    "formats/edf/duplicate_channel_labels.edf",
]


@pytest.mark.parametrize("name", REAL)
def test_real_files_decode_to_the_same_numbers(shared_dir: Path, name: str) -> None:
    path = shared_dir / "recordings" / name
    expected = decode(path)
    with open_recording(path) as recording:
        for i, channel in enumerate(recording.info.channels):
            if "(2)" in channel.label or (name.endswith("labels.edf") and channel.label == "EEG F1-Ref"):
                continue
            ours = recording.read(0, recording.info.n_samples, [i])[0]
            np.testing.assert_allclose(ours, expected[channel.label], rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("name", [*REAL[:3], "formats/edf/utf8_annotations.edf"])
def test_real_files_agree_with_mne(shared_dir: Path, name: str) -> None:
    import mne

    path = shared_dir / "recordings" / name
    read = mne.io.read_raw_bdf if name.endswith("bdf") else mne.io.read_raw_edf
    raw = read(path, verbose="error")
    with open_recording(path) as recording:
        info = recording.info
        eeg = info.indices(ChannelKind.EEG)
        ours = recording.read(100, 5000, eeg)
        theirs = 1e6 * raw.get_data(eeg, 100, 5000)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-6)
        texts = [annotation.description for annotation in info.annotations]
        assert texts == list(raw.annotations.description)
        onsets = [annotation.onset_s for annotation in info.annotations]
        np.testing.assert_allclose(onsets, raw.annotations.onset, atol=1e-5)
    raw.close()


@pytest.mark.parametrize("bdf", [False, True])
@pytest.mark.parametrize(
    ("unit", "factor"), [("uV", 1.0), ("mV", 1e3), ("V", 1e6), ("nV", 1e-3), ("\xb5V", 1.0)]
)
def test_units_and_sample_widths(tmp_path: Path, bdf: bool, unit: str, factor: float) -> None:
    file = EdfFile(bdf=bdf, unit=unit)
    with open_recording(file.write(tmp_path / ("a.bdf" if bdf else "a.edf"))) as recording:
        assert {channel.unit for channel in recording.info.channels} == {"µV"}
        ours = recording.read(137, 655, [3, 0])
    np.testing.assert_allclose(ours[0], factor * file.physical(3)[137:655], rtol=1e-9, atol=1e-9 * factor)
    np.testing.assert_allclose(ours[1], factor * file.physical(0)[137:655], rtol=1e-9, atol=1e-9 * factor)


def test_inverted_limits_turn_the_signal_over(tmp_path: Path) -> None:
    file = EdfFile(limits={"EEG C3": ("200", "-200", "-32768", "32767")})
    with open_recording(file.write(tmp_path / "a.edf")) as recording:
        ours = recording.read(0, 800, [2])[0]
    np.testing.assert_allclose(ours, file.physical(2), rtol=1e-12, atol=1e-9)
    assert np.corrcoef(ours, file.digital()[2].ravel())[0, 1] < -0.999


def test_real_gaps_are_kept(shared_dir: Path) -> None:
    with open_recording(shared_dir / "recordings/formats/edf/edf_plus_d_gaps.edf") as recording:
        info = recording.info
    records = [info.times_s(200 * i, 200 * i + 1)[0] for i in range(11)]
    assert records == [0, 2, 4, 5, 6, 7, 8, 9, 12, 15, 19]
    assert [segment.onset_s for segment in info.segments] == [0, 2, 4, 12, 15, 19]
    assert [segment.n for segment in info.segments] == [200, 200, 1200, 200, 200, 200]
    assert info.duration_s == 20.0
    assert info.n_samples == 2200
    assert any("5 gaps (9 s missing)" in warning for warning in info.warnings)


def test_onset_of_the_first_record_is_zero(tmp_path: Path) -> None:
    onsets = [f"+{t}" for t in (0.5, 1.5, 7.25, 8.25, 9.25, 20, 21, 22)]
    file = EdfFile(kind="EDF+D", onsets=onsets, texts={2: "+8.0\x152\x14spike\x14\0"})
    with open_recording(file.write(tmp_path / "a.edf")) as recording:
        info = recording.info
    assert info.format == "EDF+D"
    assert [segment.onset_s for segment in info.segments] == [0, 6.75, 19.5]
    assert [(a.onset_s, a.duration_s, a.description) for a in info.annotations] == [(7.5, 2.0, "spike")]
    assert info.clock_start_s == 10 * 3600 + 20 * 60 + 30.5


def test_overlapping_records_are_read_without_gaps_and_said(tmp_path: Path) -> None:
    file = EdfFile(kind="EDF+D", onsets=[f"+{t}" for t in (0, 1, 2, 1, 2, 3, 4, 5)])
    with open_recording(file.write(tmp_path / "a.edf")) as recording:
        assert not recording.info.has_gaps
        assert any("overlap" in warning for warning in recording.info.warnings)


def test_continuous_files_ignore_drifting_onsets(tmp_path: Path) -> None:
    file = EdfFile(kind="EDF+C", onsets=[f"+{1.001 * t:.3f}" for t in range(8)])
    with open_recording(file.write(tmp_path / "a.edf")) as recording:
        assert not recording.info.has_gaps


def test_mixed_rates_are_delivered_at_the_rate_of_the_eeg(tmp_path: Path) -> None:
    file = EdfFile(
        labels=["EEG Fp1", "EEG Fp2", "EEG C3", "EEG C4", "SpO2", "ECG"], n=[100, 100, 100, 100, 10, 400]
    )
    with open_recording(file.write(tmp_path / "a.edf")) as recording:
        info = recording.info
        assert info.rate_hz == 100
        assert [channel.rate_hz for channel in info.channels] == [100, 100, 100, 100, 10, 400]
        assert sum("Hz" in warning for warning in info.warnings) == 2
        whole = recording.read(0, 800)
        slow = np.interp(np.arange(800) / 10, np.arange(80), file.physical(4))
        np.testing.assert_allclose(whole[4], slow, atol=1e-9)
        np.testing.assert_allclose(whole[5], file.physical(5)[::4], atol=1e-9)
        for start, stop in ((0, 1), (95, 105), (99, 101), (333, 800)):  # whatever stretch is asked for
            np.testing.assert_array_equal(recording.read(start, stop), whole[:, start:stop])


def test_slow_channels_are_not_drawn_across_gaps(tmp_path: Path) -> None:
    file = EdfFile(
        labels=["EEG Fp1", "EEG Fp2", "EEG C3", "EEG C4", "SpO2"],
        n=[100, 100, 100, 100, 1],
        kind="EDF+D",
        onsets=[f"+{t}" for t in (0, 1, 2, 3, 100, 101, 102, 103)],
    )
    with open_recording(file.write(tmp_path / "a.edf")) as recording:
        values = recording.read(300, 500, [4])[0]
    np.testing.assert_allclose(values[:100], file.physical(4)[3])
    np.testing.assert_allclose(values[100], file.physical(4)[4])


def test_long_recordings_are_never_in_memory(tmp_path: Path) -> None:
    file = EdfFile(n=[20000] * 5, records=60)  # 12 MB
    path = file.write(tmp_path / "a.edf")
    tracemalloc.start()
    with open_recording(path) as recording:
        for start in range(0, recording.info.n_samples - 1000, 100_000):
            recording.read(start, start + 1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6


def test_a_range_outside_is_refused(tmp_path: Path) -> None:
    with open_recording(EdfFile().write(tmp_path / "a.edf")) as recording:
        assert recording.read(800, 800).shape == (5, 0)
        for start, stop in ((-1, 10), (0, 801), (20, 10)):
            with pytest.raises(ValueError, match="of 800"):
                recording.read(start, stop)


def test_a_file_that_shrinks_while_open_is_a_message(tmp_path: Path) -> None:
    from samba_gui.core.errors import RecordingError

    path = EdfFile().write(tmp_path / "a.edf")
    with open_recording(path) as recording:
        with path.open("r+b") as file:
            file.truncate(3000)
        with pytest.raises(RecordingError, match="become shorter"):
            recording.read(700, 800)
