"""The map's coordinates: against numpy's SVD, against shuffling, and what noise looks like."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from samba_gui.core.errors import ResultsError
from samba_gui.core.results import AMPLITUDE, FEW, FLAT
from samba_gui.core.windows import Window, WindowPlan
from samba_gui.engine.projection import KEPT, Components, Mark, marks, principal_components
from samba_gui.engine.tsne import TsneProcess, perplexity


def projected(features: np.ndarray, ordinary: np.ndarray | None = None) -> Components | None:
    n = len(features)
    ordinary = np.ones(n, bool) if ordinary is None else ordinary
    return principal_components(features.astype(np.float16), np.ones(n, bool), ordinary, seed=1)


@pytest.mark.parametrize(("n", "features"), [(40, 90), (2500, 30)], ids=["few", "many"])
def test_components_are_those_of_the_svd(n: int, features: int) -> None:
    rng = np.random.default_rng(0)
    x = (rng.standard_normal((n, 4)) @ rng.standard_normal((4, features)) * 3 + 5).astype(np.float16)
    x += rng.standard_normal(x.shape).astype(np.float16)
    x[:, 7] = 2.5  # says nothing
    ordinary = np.ones(n, bool)
    ordinary[:5] = False
    found = projected(x, ordinary)
    assert found is not None
    rows = x[5:].astype(np.float64)
    spread = rows.std(axis=0)
    z = (x.astype(np.float64) - rows.mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    _, s, vt = np.linalg.svd(z[5:], full_matrices=False)
    np.testing.assert_allclose(
        found.variance, (s**2 / (s**2).sum())[: len(found.variance)], rtol=1e-6, atol=1e-12
    )
    for i in range(4):
        axis = vt[i] * np.sign(vt[i][np.abs(vt[i]).argmax()])
        np.testing.assert_allclose(found.scores[:, i], z @ axis, rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(found.fitted, ordinary)
    assert found.scores.shape == (n, min(KEPT, n - 6, features))


def test_windows_without_numbers_are_left_out() -> None:
    x = np.random.default_rng(1).standard_normal((12, 20))
    x[3, 4], x[8, 0] = np.nan, np.inf
    found = projected(x)
    assert found is not None
    assert found.windows.tolist() == [0, 1, 2, 4, 5, 6, 7, 9, 10, 11]
    analysed = np.arange(12) < 6
    part = principal_components(x.astype(np.float16), analysed, np.ones(12, bool), 1)
    assert part is not None
    assert part.windows.tolist() == [0, 1, 2, 4, 5]
    assert projected(x[:4]) is None  # three are left
    assert projected(np.ones((9, 5))) is None


def test_where_most_windows_are_odd_all_are_fitted() -> None:
    x = np.random.default_rng(2).standard_normal((20, 30))
    found = projected(x, np.arange(20) < 9)
    assert found is not None
    assert found.fitted.all()


def test_order_in_time_is_seen_and_noise_has_none() -> None:
    rng = np.random.default_rng(3)
    noise = rng.standard_normal((200, 60))
    found = projected(noise)
    assert found is not None
    low, high = found.order_by_chance
    assert low < found.order < high
    assert found.variance[0] < 0.06  # no direction stands out
    # the definition, over all pairs of windows
    scores = found.scores[:, :10].astype(np.float64)
    pairs = ((scores[:, None] - scores[None]) ** 2).sum(-1)
    expected = (np.diff(scores, axis=0) ** 2).sum(1).mean() / (pairs.sum() / (200 * 199))
    assert found.order == pytest.approx(expected)
    drifting = projected(noise + np.linspace(0, 4, 200)[:, None])
    assert drifting is not None
    assert drifting.order < 0.7 * drifting.order_by_chance[0]


def test_marks() -> None:
    windows = tuple(Window(i, 0, 512 * i, 512 if i < 5 else 200, 4.0 * i) for i in range(6))
    plan = WindowPlan(windows, 128.0, 512, 128)
    why = np.array([0, AMPLITUDE, FEW, FLAT, 0, AMPLITUDE], np.uint8)
    assert marks(plan, {"eyes": why}).tolist() == [
        *(Mark.NONE, Mark.ARTEFACT, Mark.NONE, Mark.ARTEFACT, Mark.NONE, Mark.SHORT)
    ]
    assert marks(plan, {}).tolist() == [0, 0, 0, 0, 0, Mark.SHORT]


def test_tsne_keeps_neighbours_and_its_bytes() -> None:
    rng = np.random.default_rng(4)
    scores = rng.standard_normal((60, 12)).astype(np.float32)
    scores[:30] += 8
    seen: list[int] = []
    process = TsneProcess()
    places = process.run(scores, 5, seen.append)
    assert places is not None
    assert seen[-1] == 1000
    np.testing.assert_array_equal(places, TsneProcess().run(scores, 5, seen.append))
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert ((apart.argmin(axis=1) < 30) == (np.arange(60) < 30)).all()


def test_tsne_of_too_few_windows_is_refused_in_words() -> None:
    assert perplexity(10) == 3.0
    with pytest.raises(ResultsError, match="needs 10 windows, there are 9"):
        TsneProcess().run(np.zeros((9, 3), np.float32), 0, lambda _: None)


def test_tsne_can_be_cancelled() -> None:
    scores = np.random.default_rng(6).standard_normal((3000, 50)).astype(np.float32)
    process = TsneProcess()
    timer = threading.Timer(0.2, process.cancel)
    timer.start()
    assert process.run(scores, 0, lambda _: None) is None
    timer.join()
    before = TsneProcess()
    before.cancel()
    assert before.run(scores, 0, lambda _: None) is None
