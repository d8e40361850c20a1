"""Envelopes against the samples themselves, and what is kept of them on disk."""

from __future__ import annotations

import io

import numpy as np
from edf_files import EdfFile

from samba_gui.io.envelopes import Envelope, envelope_name, fill, read_envelope, write_envelope
from samba_gui.io.recordings import open_recording

ONSETS = ["+0", "+1", "+2", "+5.5", "+6.5", "+7.5", "+8.5", "+12"]
"""Of records of one second: a gap that ends between two seconds, and one before the last record."""


def filled(path, monkeypatch=None):
    with open_recording(path) as recording:
        envelope = Envelope.empty(recording.info)
        steps = list(fill(envelope, recording))
        return envelope, steps, recording.info


def test_every_second_has_its_extremes_and_gaps_have_none(tmp_path, monkeypatch):
    file = EdfFile(onsets=ONSETS, kind="EDF+D")
    path = file.write(tmp_path / "gaps.edf")
    monkeypatch.setattr("samba_gui.io.envelopes.BLOCK_VALUES", 1000)  # two seconds of five channels
    envelope, steps, info = filled(path)
    assert len(steps) > 3
    times_s = (np.array([float(onset) for onset in ONSETS])[:, None] + np.arange(100) / 100).ravel()
    assert envelope.low.shape == (13, 5)
    for channel in range(5):
        values = file.physical(channel)
        for second in range(13):
            here = values[(times_s >= second) & (times_s < second + 1)]
            found = envelope.low[second, channel], envelope.high[second, channel]
            if here.size:
                np.testing.assert_allclose(found, (here.min(), here.max()), rtol=1e-6)
            else:
                assert np.isnan(found).all()
    assert np.isnan(envelope.low[3:5]).all()
    assert info.has_gaps


def test_very_long_recordings_join_seconds(tmp_path, monkeypatch):
    path = EdfFile().write(tmp_path / "plain.edf")
    seconds, _, _ = filled(path)
    monkeypatch.setattr("samba_gui.io.envelopes.MOST_VALUES", 30)
    joined, _, _ = filled(path)
    assert joined.bucket_s == 3.0
    np.testing.assert_array_equal(joined.high[1], seconds.high[3:6].max(axis=0))
    np.testing.assert_array_equal(joined.low[2], seconds.low[6:8].min(axis=0))


def test_what_is_kept_comes_back_and_names_nobody(tmp_path):
    path = EdfFile().write(tmp_path / "Jane Doe.edf")
    envelope, _, info = filled(path)
    name = envelope_name(str(path))
    kept = tmp_path / name
    write_envelope(kept, envelope)
    back = read_envelope(kept, info)
    np.testing.assert_array_equal(back.low, envelope.low)
    np.testing.assert_array_equal(back.high, envelope.high)
    stored = kept.read_bytes() + name.encode()
    assert not any(word in stored for word in (b"Jane", b"Doe", b"Ward", b"Fp1", str(tmp_path).encode()))
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(["Jane Doe.edf", name])  # no leavings


def test_a_changed_file_has_another_name_and_a_damaged_cache_is_read_anew(tmp_path):
    path = EdfFile().write(tmp_path / "one.edf")
    envelope, _, info = filled(path)
    name = envelope_name(str(path))
    EdfFile(seed=2).write(path)
    assert envelope_name(str(path)) != name
    kept = tmp_path / name
    assert read_envelope(kept, info) is None
    write_envelope(kept, envelope)
    whole = kept.read_bytes()
    array = io.BytesIO()
    np.save(array, envelope.low)
    for damaged in (
        array.getvalue(),
        b"",
        whole[: len(whole) // 2],
        b"not an archive",
        whole[:-60] + bytes(60),
    ):
        kept.write_bytes(damaged)
        assert read_envelope(kept, info) is None
    other = Envelope(1.0, (0,), np.zeros((3, 1), np.float32), np.zeros((3, 1), np.float32))
    write_envelope(kept, other)
    assert read_envelope(kept, info) is None
