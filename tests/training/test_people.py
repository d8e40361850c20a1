"""Judging by person, by band and by probability, against plain numpy, on people made here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import signal

from samba_gui.engine.masking import tsr_mask
from samba_gui.io.montages import montage_by_id
from samba_gui.models.heads import CHANNELS, LinearHead, log_spreads, pooled_features
from samba_gui.training.bands import BANDS_HZ, figures_by_band
from samba_gui.training.batches import Batch
from samba_gui.training.calibration import calibration
from samba_gui.training.classical import BAND_POWER, CSP, EYE_MOVEMENTS
from samba_gui.training.corpus import CorpusRecording, Entry
from samba_gui.training.design import new_config, new_network
from samba_gui.training.people import Person, Predict, interval, judge, leave_one_out, people_of
from samba_gui.training.person_probe import PersonProbe
from samba_gui.training.probe import Examples
from samba_gui.training.trials import Trials

RATE_HZ = 128.0
N = 256
WINDOWS = 24
MONTAGE = montage_by_id("10-10_64").take(
    [montage_by_id("10-10_64").labels.index(name) for name in
     ("Fp1", "Fp2", "AF7", "AF8", "F7", "F8", "FT7", "FT8", "C3", "Cz", "C4", "P3", "Pz", "P4")]
)  # fmt: skip


def recording(subject: str, seed: int, rhythm: float, gaze: float) -> Trials:
    """Noise; in every second window a rhythm of 11 Hz moves from C3 to C4, and the eyes to the left."""
    rng = np.random.default_rng(seed)
    labels = np.arange(WINDOWS) % 2
    x = rng.standard_normal((len(MONTAGE), WINDOWS, N))
    wave = np.sin(2 * np.pi * 11 * np.arange(N) / RATE_HZ + rng.uniform(0, 6))
    for side, name in enumerate(("C3", "C4")):
        x[MONTAGE.labels.index(name), labels == side] += rhythm * wave
    for sign, name in ((1, "F7"), (-1, "F8")):
        x[MONTAGE.labels.index(name)] += sign * gaze * (2 * labels[:, None] - 1) * np.hanning(N)
    samples = 10 * x.reshape(len(MONTAGE), -1).astype(np.float32)
    entry = Entry(Path(f"{subject}.edf"), subject, "train", "")
    whole = CorpusRecording(entry, samples, MONTAGE, (), N)
    return Trials(whole, np.arange(WINDOWS) * N, labels)


def people(rhythm: float = 0.0, gaze: float = 0.0, count: int = 3) -> list[Person]:
    return people_of([recording(f"p{k}", k, rhythm, gaze) for k in range(count)], N, RATE_HZ)


def test_people_keep_their_recordings_and_blocks_apart() -> None:
    found = people_of([recording("a", 0, 0, 0), recording("b", 1, 0, 0), recording("a", 2, 0, 0)], N, RATE_HZ)
    assert [(person.name, len(person.trials)) for person in found] == [("a", 2), ("b", 1)]
    a = found[0]
    assert len(a.labels) == len(a.blocks) == 2 * WINDOWS
    sizes = np.bincount(a.blocks)
    assert sizes.tolist() == [5, 5, 5, 5, 4] * 2


def test_who_is_left_out_is_not_learned_from() -> None:
    everyone = people()

    def method(known: Sequence[Person]) -> Predict:
        def predict(person: Person) -> np.ndarray:
            assert person not in known
            assert len(known) == len(everyone) - 1
            return person.labels

        return predict

    judged = judge(leave_one_out(method, everyone))
    assert (judged.mean, judged.low, judged.high) == (1.0, 1.0, 1.0)


def test_means_count_people_and_classes_the_same_and_intervals_hold_them() -> None:
    rng = np.random.default_rng(0)
    everyone = people(count=6)
    chances = np.linspace(0.3, 0.9, 6)
    right = {p: rng.random(WINDOWS) < chance for p, chance in zip(everyone, chances, strict=True)}
    expected = {p.name: np.mean([own[p.labels == k].mean() for k in (0, 1)]) for p, own in right.items()}
    found = interval(right)
    assert found.people == pytest.approx(expected)
    assert found.mean == pytest.approx(np.mean(list(expected.values())))
    assert found.low < found.mean < found.high
    # people differ: an interval over them is wider than the windows' own uncertainty
    spread = np.std(list(expected.values()), ddof=1) / np.sqrt(6)
    assert found.high - found.low > 2 * 1.96 * spread * 0.7


@pytest.mark.parametrize(
    ("made", "methods", "tells"),
    [
        ({"rhythm": 0.8}, CSP, True),
        ({"rhythm": 0.8}, BAND_POWER, True),
        ({"rhythm": 0.8}, EYE_MOVEMENTS, False),
        ({"gaze": 1.5}, EYE_MOVEMENTS, True),
        ({"gaze": 1.5}, CSP, False),
    ],
)
def test_classical_methods_tell_what_they_can_see(made: dict, methods: dict, tells: bool) -> None:
    everyone = people(**made)
    for name, method in methods.items():
        judged = judge(leave_one_out(method, everyone))
        assert (judged.mean > 0.8) == tells, (name, judged)
        assert judged.mean > 0.8 or judged.mean < 0.7


def test_log_spreads_by_their_definition() -> None:
    x = torch.randn(3, CHANNELS, 200, generator=torch.Generator().manual_seed(0))
    found = log_spreads(pooled_features(x)).numpy()
    a = x.numpy().astype(np.float64)
    q = np.quantile(a, [0.05, 0.25, 0.75, 0.95], axis=-1)
    spreads = [a.std(-1, ddof=1), q[3] - q[0], q[2] - q[1], a.max(-1) - a.min(-1)]
    np.testing.assert_allclose(found, np.log(np.concatenate(spreads, axis=1)), atol=1e-5)
    gained = log_spreads(pooled_features(3 * x + 7)).numpy()
    np.testing.assert_allclose(gained - found, np.log(3), atol=1e-4)


def test_a_probe_learns_of_other_people() -> None:
    network = new_network(new_config("untrained", "none"), seed=0)
    probe = PersonProbe(network, [MONTAGE.labels, MONTAGE.labels[8:]], 2)
    n = network.config.window_samples
    everyone = [Person(p.name, _longer(p, n), n, RATE_HZ) for p in people(rhythm=1.5, count=4)]
    judged = judge(leave_one_out(probe, everyone))
    assert judged.mean > 0.75
    head = probe.calibrated(everyone[:3], everyone[3:])
    found = calibration(head, probe.whole(everyone[3]))
    assert found.loss <= found.raw_loss + 1e-9
    assert found.temperature == pytest.approx(float(head.temperature))


def _longer(person: Person, n: int) -> list[Trials]:
    """Windows of the same class next to each other, so that longer ones have one class."""
    (one,) = person.trials
    x = one.recording.samples.reshape(len(MONTAGE), WINDOWS, N)
    order = np.argsort(one.labels, kind="stable")
    samples = x[:, order].reshape(len(MONTAGE), -1)
    whole = CorpusRecording(one.recording.entry, samples, MONTAGE, (), n)
    starts = np.arange(0, samples.shape[1], n)
    return [Trials(whole, starts, one.labels[order][starts // N])]


def test_calibration_by_counting() -> None:
    rng = np.random.default_rng(0)
    head = LinearHead(2)
    head.temperature.fill_(2.0)
    examples = Examples(
        rng.standard_normal((400, 1152)).astype(np.float32), rng.integers(0, 2, 400), np.arange(400)
    )
    found = calibration(head, examples)
    with torch.inference_mode():
        p = head(torch.from_numpy(examples.features)).numpy().astype(float)
    said, right = p.max(1), p.argmax(1) == examples.labels
    edges = [0.5, 0.6, 0.7, 0.8, 0.9, 1.01]
    gap = 0.0
    for low, high, one in zip(edges, edges[1:], found.bins, strict=False):
        own = (said >= low) & (said < high)
        if not own.any():
            assert one is None
            continue
        assert one is not None
        assert one.windows == own.sum()
        gap += own.mean() * abs(said[own].mean() - right[own].mean())
    assert found.error == pytest.approx(gap)


def test_an_untrained_network_is_the_line_in_every_band() -> None:
    config = new_config("untrained", "none")
    rng = np.random.default_rng(3)
    x = rng.standard_normal((2, 4, config.window_samples)).cumsum(-1).astype(np.float32)
    visible = np.stack([tsr_mask(x.shape[-1], rng) for _ in x])
    found = figures_by_band(new_network(config, seed=0), [Batch(x, visible, MONTAGE.positions_m[:4])])
    assert list(found) == ["all", *BANDS_HZ]
    times = np.arange(x.shape[-1])
    lines = np.empty_like(x)
    for window, seen in enumerate(visible):
        for part in (seen, ~seen):
            for channel in range(4):
                line = np.interp(times, times[part], x[window, channel, part])
                lines[window, channel, ~part] = line[~part]
    for name, figures in found.items():
        assert figures.skill == pytest.approx(0, abs=1e-6)
        own, guess = x.astype(float), lines.astype(float)
        if name != "all":
            sos = signal.butter(4, BANDS_HZ[name], "bandpass", fs=128.0, output="sos")
            own, guess = (signal.sosfiltfilt(sos, one, axis=-1) for one in (own, guess))
        about = own - own.mean(-1, keepdims=True)
        expected = np.sqrt(((guess - own) ** 2).sum() / (about**2).sum())
        assert figures.line_nrmse == pytest.approx(expected, rel=1e-4)
