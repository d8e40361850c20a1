"""The classical figures beside every head, on the same windows of the same people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from scipy import signal

from samba_gui.training.people import Method, Person, Predict

BANDS_HZ = ((1.0, 4.0), (4.0, 8.0), (8.0, 13.0), (13.0, 20.0), (20.0, 30.0), (30.0, 40.0))
CSP_BAND_HZ = (8.0, 30.0)
CSP_COMPONENTS = 6
CSP_SHRINKAGE = 0.1
SLOW_HZ = 4.0
SLOW_STEP = 16  # samples that are averaged
BESIDE_THE_EYES = ("Fp1", "Fp2", "AF7", "AF8", "F7", "F8", "FT7", "FT8")

Features = Callable[[Person], np.ndarray]


def log_band_power(x: np.ndarray, rate_hz: float) -> np.ndarray:
    """Log band power of every channel.

    Parameters
    ----------
    x : ndarray (..., channels, times)
    rate_hz : float

    Returns
    -------
    ndarray (..., channels · bands) float64
    """
    frequency, power = signal.welch(x, rate_hz, nperseg=min(x.shape[-1], int(2 * rate_hz)), axis=-1)
    bands = [power[..., (frequency >= low) & (frequency < high)].mean(axis=-1) for low, high in BANDS_HZ]
    logs = np.log(np.stack(bands, axis=-1) + 1e-12)
    return logs.reshape(*logs.shape[:-2], -1)


@cache
def band_powers(person: Person) -> np.ndarray:
    """Log band power per channel and band, (windows, channels · bands)."""
    return log_band_power(_windows(person), person.rate_hz)


@cache
def rhythms(person: Person) -> np.ndarray:
    """Windows of the recording filtered to 8–30 Hz (zero-phase Butterworth), (windows, channels, times)."""
    return _windows(person, signal.butter(4, CSP_BAND_HZ, "bandpass", fs=person.rate_hz, output="sos"))


@cache
def slow_potentials(person: Person) -> np.ndarray:
    """Potentials below 4 Hz over time beside the eyes, (windows, electrodes · times)."""
    x = _windows(person, signal.butter(4, SLOW_HZ, "lowpass", fs=person.rate_hz, output="sos"))
    labels = person.trials[0].recording.montage.labels
    x = x[:, [labels.index(name) for name in BESIDE_THE_EYES]]
    steps = x.shape[-1] // SLOW_STEP
    return x[..., : steps * SLOW_STEP].reshape(*x.shape[:2], steps, SLOW_STEP).mean(-1).reshape(len(x), -1)


def _windows(person: Person, sos: np.ndarray | None = None) -> np.ndarray:
    """As the network sees them (all electrodes), cut after filtering, (windows, channels, times)."""
    found = []
    for one in person.trials:
        recording = one.recording
        whole = recording.window(0, recording.samples.shape[1], np.arange(len(recording.montage)))
        if sos is not None:
            whole = signal.sosfiltfilt(sos, whole, axis=-1)
        found += [whole[:, start : start + person.n] for start in one.starts]
    return np.stack(found).astype(np.float64)


def _method(features: Features, steps: Callable[[], Sequence[Any]]) -> Method:
    """A scikit-learn pipeline on features, fitted anew for every set of people."""

    def fit(people: Sequence[Person]) -> Predict:
        import mne
        from sklearn.pipeline import make_pipeline

        model = make_pipeline(*steps())
        x = np.concatenate([features(person) for person in people])
        with mne.use_log_level("ERROR"):  # CSP tells of every step
            model.fit(x, np.concatenate([person.labels for person in people]))
        return lambda person: model.predict(features(person))

    return fit


def _lda() -> Any:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    return LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")


def _scaled_lda() -> Sequence[Any]:
    from sklearn.preprocessing import StandardScaler

    return StandardScaler(), _lda()


def _scaled_regression() -> Sequence[Any]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    return StandardScaler(), LogisticRegression(C=0.01, class_weight="balanced", max_iter=5000)


def _csp_lda() -> Sequence[Any]:
    from mne.decoding import CSP

    return CSP(CSP_COMPONENTS, reg=CSP_SHRINKAGE, log=True), _lda()


BAND_POWER: dict[str, Method] = {
    "log band power + shrinkage LDA": _method(band_powers, _scaled_lda),
    "log band power + logistic regression": _method(band_powers, _scaled_regression),
}
CSP: dict[str, Method] = {"CSP (8–30 Hz) + shrinkage LDA": _method(rhythms, _csp_lda)}
EYE_MOVEMENTS: dict[str, Method] = {
    "below 4 Hz beside the eyes + shrinkage LDA": _method(slow_potentials, _scaled_lda)
}
