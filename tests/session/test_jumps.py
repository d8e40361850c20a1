"""Where the jump keys go: numbers against plain loops."""

from __future__ import annotations

import numpy as np

from samba_gui.core.quality import QualitySums
from samba_gui.core.recipe import Recipe
from samba_gui.core.recording import Annotation
from samba_gui.core.results import AnalysisStart, BatchResult
from samba_gui.core.windows import Window, WindowPlan
from samba_gui.session.jumps import annotation_onsets, class_changes, step_from, worst_windows
from samba_gui.session.results import ResultsStore

WINDOWS, CHANNELS = 30, 5


def store_of(error, probabilities):
    windows = tuple(Window(i, 0, 512 * i, 512, 4.0 * i) for i in range(WINDOWS))
    recipe = Recipe("b", "m", tuple("abcde"), tuple("abcde"), ((0.0, 0.0, 0.0),) * CHANNELS, pairs=1)
    plan = WindowPlan(windows, 128.0, 512, 128)
    store = ResultsStore(AnalysisStart(recipe, plan, np.ones(CHANNELS), "cpu", {"eyes": ("a", "b")}, 0))
    shape = (WINDOWS, 1, CHANNELS, 4)
    ones = np.ones(shape, np.float32)
    sums = QualitySums(ones, error * ones, ones, 0 * ones, 0 * ones, ones, ones, ones)
    spoken = {"eyes": np.zeros(WINDOWS, np.uint8)}
    store.add(BatchResult(0, WINDOWS, sums, {"eyes": probabilities}, spoken, np.zeros((WINDOWS, 0))))
    return store


def test_worst_windows_are_the_tenth_with_the_worst_median():
    rng = np.random.default_rng(0)
    error = rng.uniform(0.1, 2.0, (WINDOWS, 1, CHANNELS, 1)).astype(np.float32)
    error[4] = np.nan
    store = store_of(error, np.full((WINDOWS, 2), 0.5, np.float32))
    medians = [(np.median(np.sqrt(error[i].ravel())), 4.0 * i) for i in range(WINDOWS) if i != 4]
    expected = sorted(onset_s for _, onset_s in sorted(medians)[-3:])
    np.testing.assert_allclose(worst_windows(store, lambda sums, _: sums.nrmse(), False), expected)
    # by skill the low ones are bad: the same windows, since the line's error is constant
    np.testing.assert_allclose(worst_windows(store, lambda sums, _: sums.skill(), True), expected)


def test_class_changes_pass_over_abstentions():
    first = np.repeat([0.9, 0.2, 0.9], 10)
    first[[9, 10, 11, 15]] = np.nan
    probabilities = np.stack([first, 1 - first], axis=1).astype(np.float32)
    np.testing.assert_allclose(class_changes(store_of(1.0, probabilities)), [48.0, 80.0])


def test_steps_go_round_the_ends():
    times_s = annotation_onsets(
        [Annotation(5.0, 1.0, "b"), Annotation(2.0, 0.0, "a"), Annotation(5.0, 2.0, "c")]
    )
    assert [step_from(times_s, now_s, 1) for now_s in (0.0, 2.0, 5.0)] == [2.0, 5.0, 2.0]
    assert [step_from(times_s, now_s, -1) for now_s in (9.0, 5.0, 2.0)] == [5.0, 2.0, 5.0]
    assert step_from(np.empty(0), 0.0, 1) is None
