"""The classical figure beside every head: log band power with LDA and logistic regression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import signal

from samba_gui.training.probe import Examples, Score, score_predictions
from samba_gui.training.trials import Trials

BANDS_HZ = ((1.0, 4.0), (4.0, 8.0), (8.0, 13.0), (13.0, 20.0), (20.0, 30.0), (30.0, 40.0))
BLOCK = 5


def band_powers(trials: Sequence[Trials], n: int, rate_hz: float) -> Examples:
    """Log band power per channel and band of the same windows the network sees (all electrodes)."""
    features, labels, blocks = [], [], []
    block = 0
    for one in trials:
        channels = np.arange(len(one.recording.montage))
        x = np.stack([one.recording.window(int(start), n, channels) for start in one.starts])
        frequency, power = signal.welch(x, rate_hz, nperseg=min(n, int(2 * rate_hz)), axis=-1)
        bands = [power[..., (frequency >= low) & (frequency < high)].mean(axis=-1) for low, high in BANDS_HZ]
        features.append(np.log(np.stack(bands, axis=-1) + 1e-12).reshape(len(x), -1))
        labels.append(one.labels)
        blocks.append(block + np.arange(len(x)) // BLOCK)
        block = int(blocks[-1][-1]) + 1
    return Examples(np.concatenate(features), np.concatenate(labels), np.concatenate(blocks))


def classical_scores(train: Examples, test: Examples) -> dict[str, Score]:
    """Train on one set of subjects, judge on another."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    models = {
        "band power + shrinkage LDA": LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"),
        "band power + logistic regression": LogisticRegression(
            C=0.01, class_weight="balanced", max_iter=5000
        ),
    }
    scores = {}
    for name, model in models.items():
        fitted = make_pipeline(StandardScaler(), model).fit(train.features, train.labels)
        scores[name] = score_predictions(fitted.predict(test.features), test, float("nan"))
    return scores
