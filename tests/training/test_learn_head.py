"""A head from the annotations of one recording: honest splits, honest figures, whole bundles or none."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from samba_gui.cli import main
from samba_gui.core.bundle import BundleConfig
from samba_gui.core.errors import ExportError, RecipeError
from samba_gui.core.plain_text import identifier, plain_name
from samba_gui.core.recording import Annotation, RecordingInfo, Segment
from samba_gui.engine.headless import Order, analyse_recording
from samba_gui.engine.labelling import Labelling, LearnClass, label_windows
from samba_gui.io.bundles import publish_bundle, read_bundle
from samba_gui.io.results import read_results
from samba_gui.training.blocked import STRENGTHS, out_of_fold, pieces_of, smoothed_temperature
from samba_gui.training.design import new_config
from samba_gui.training.probe import balanced_accuracy
from samba_gui.training.untrained import write_untrained_bundle

sys.path.append(str(Path(__file__).parents[2] / "packaging"))
from edf_writer import Signal, write_edf_plus

CHANNELS = ("F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2")
QUIET_ALPHA = Labelling((LearnClass("quiet", ("quiet",)), LearnClass("alpha", ("alpha",))))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles") / "untrained"
    write_untrained_bundle(folder)
    return folder


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """160 s of noise in which a rhythm of 10 Hz comes and goes every 16 s at the back; the file says when."""
    rng = np.random.default_rng(0)
    times = np.arange(160 * 128) / 128
    rhythm = 20 * ((times // 16) % 2) * np.sin(20 * np.pi * times)
    signals = [
        Signal(label, rng.normal(0, 8, times.size) + (label[0] in "PO") * rhythm, 400.0) for label in CHANNELS
    ]
    notes = [(16.0 * k, 16.0, ("quiet", "alpha")[k % 2]) for k in range(10)]
    notes += [(4.0 * k, 4.0, ("tick", "tock")[k % 3 == 1]) for k in range(40)]  # means nothing
    path = tmp_path_factory.mktemp("recordings") / "patient-doe.edf"
    write_edf_plus(path, signals, 128, notes, "X X samba-gui_test")
    return path


def info_of(duration_s: float, gap_at_s: float | None = None) -> RecordingInfo:
    """A recording of which only the times count."""
    n = round(duration_s * 128)
    segments = (Segment(0.0, 0, n),)
    if gap_at_s is not None:
        first = round(gap_at_s * 128)
        segments = (Segment(0.0, 0, first), Segment(gap_at_s + 100, first, n - first))
    return RecordingInfo("/x/y.edf", "EDF+", (), 128.0, n, segments)


@pytest.fixture(scope="module")
def config() -> BundleConfig:
    return replace(new_config("times", "none"), window_s=4.0)


def test_windows_keep_to_their_spans_and_to_the_recording(config):
    notes = [Annotation(1.0, 9.5, "quiet"), Annotation(10.5, 7.2, "alpha"), Annotation(-6, 4, "quiet")]
    notes += [Annotation(26.0, 30.0, "alpha"), Annotation(18.0, 0.0, "quiet"), Annotation(900, 9, "quiet")]
    found = label_windows(info_of(40, gap_at_s=30), config, notes, QUIET_ALPHA)
    names = [found.classes[label] for label in found.labels]
    onsets = [(window.onset_s, name) for window, name in zip(found.windows, names, strict=True)]
    # 1–10.5: two windows, the rest is too short; 10.5–17.7: a second that is 80 % inside; none across the gap
    quiet = [(1.0, "quiet"), (5.0, "quiet"), (18.0, "quiet")]
    assert onsets == sorted([*quiet, (10.5, "alpha"), (14.5, "alpha"), (26.0, "alpha")])
    moment = label_windows(
        info_of(40), config, [Annotation(18.0, 0.0, "quiet")], replace(QUIET_ALPHA, before_s=1)
    )
    assert [window.onset_s for window in moment.windows] == [17.0]


def test_windows_of_two_classes_and_of_bad_stretches_are_left_out(config):
    notes = [Annotation(0, 40, "quiet"), Annotation(8, 8, "alpha"), Annotation(21, 0.5, "BAD_jump")]
    found = label_windows(info_of(40), config, notes, QUIET_ALPHA)
    assert found.in_two == 4  # two of either class
    assert found.in_bad == 1
    assert 20.0 not in [window.onset_s for window in found.windows]


def test_a_held_out_piece_lies_apart_and_whole(config):
    notes = [Annotation(20.0 * k, 20.0, ("quiet", "alpha")[k % 2]) for k in range(20)]
    found = label_windows(info_of(400), config, notes, QUIET_ALPHA)
    assert found.problem() == ""
    onsets = np.array([window.onset_s for window in found.windows])
    judged = []
    for train, test in found.splits():
        assert np.array_equal(test, np.arange(test[0], test[-1] + 1))  # contiguous
        apart = np.abs(onsets[train][:, None] - onsets[test][None]).min()
        assert apart >= 8.0  # one window's length between their edges
        assert not set(found.blocks[train]) & set(found.blocks[test])
        judged += list(test)
    assert sorted(judged) == list(range(len(onsets)))


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        ([Annotation(0, 100, "quiet")], "Not enough of alpha: 0 windows"),
        (
            [Annotation(0, 8, "quiet"), Annotation(8, 4, "alpha")],
            "Not enough of quiet: 2 windows in",
        ),
    ],
)
def test_too_little_is_said_beforehand(config, notes, why):
    assert label_windows(info_of(400), config, notes, QUIET_ALPHA).problem().startswith(why)


def test_a_single_class_and_a_description_of_two_are_refused():
    with pytest.raises(RecipeError, match="two or more different"):
        Labelling((LearnClass("a", ("x",)),))
    with pytest.raises(RecipeError, match="two classes"):
        Labelling((LearnClass("a", ("x",)), LearnClass("b", ("x", "y"))))


@pytest.mark.parametrize("classes", [2, 3])
def test_logits_are_those_of_scikit_learn(classes):
    rng = np.random.default_rng(2)
    labels = np.arange(60) // 7 % classes
    features = rng.normal(size=(60, 100)) + 0.4 * labels[:, None]
    train, test = np.arange(40), np.arange(40, 60)
    (piece,) = pieces_of(features, [(train, test)])
    mean, scale = features[train].mean(0), features[train].std(0) + 1e-6
    found = out_of_fold([piece], labels, classes)
    model = LogisticRegression(C=STRENGTHS[found.best], class_weight="balanced", max_iter=5000, tol=1e-8)
    model.fit((features[train] - mean) / scale, labels[train])
    expected = model.predict_log_proba((features[test] - mean) / scale)
    np.testing.assert_allclose(log_softmax(found.logits[test], axis=1), expected, atol=5e-3)


def test_choosing_penalty_and_temperature_finds_nothing_in_noise():
    rng = np.random.default_rng(1)
    folds = np.arange(40) // 8
    splits = [(np.flatnonzero(folds != k), np.flatnonzero(folds == k)) for k in range(5)]
    found = []
    with threadpool_limits(1):
        for _ in range(12):
            pieces, labels = pieces_of(rng.normal(size=(40, 60)), splits), rng.permutation(np.arange(40) % 2)
            found.append(balanced_accuracy(out_of_fold(pieces, labels, 2).predicted, labels))
    assert np.mean(found) == pytest.approx(0.5, abs=0.06)


def test_faultless_windows_do_not_buy_certainty():
    labels = np.arange(12) % 2
    logits = np.where(labels[:, None] == np.arange(2), 50.0, -50.0)
    temperature, _ = smoothed_temperature(logits, labels)
    said = 1 / (1 + np.exp(-100.0 / temperature))
    assert said == pytest.approx(7 / 8, abs=0.01)  # (n + 1) / (n + 2) of six windows a class


def learn(recording: Path, out: Path, bundle: Path, capsys, *more: str) -> tuple[int, dict]:
    arguments = ["train", "annotations", str(recording), "--bundle", str(bundle), "--out", str(out), "--json"]
    status = main([*arguments, *more])
    said = capsys.readouterr().out
    return status, json.loads(said) if said else {}


def test_what_is_there_is_learned_and_runs_as_any_head(recording, bundle, tmp_path, capsys):
    classes = ("--class", "quiet", "--class", "@SUM(rhythm)\n🧠=alpha")
    out = tmp_path / "taught"
    status, report = learn(recording, out, bundle, capsys, *classes, "--name", "my\nrhythm")
    assert status == 0
    assert report["above_chance"]
    assert report["accuracy"]["value"] > 0.8
    assert report["null_way"] == "labels permuted among stretches"
    assert report["null_high"] < report["accuracy"]["value"]
    assert sum(map(sum, report["confusion"])) == sum(n for n, _, _ in report["counts"]) == 40
    assert report["classes"][0] == "quiet"
    config = read_bundle(out)
    assert [head.name for head in config.heads] == ["random", "my_rhythm"]  # the old one stays
    head = config.heads[-1]
    assert head.calibrated
    assert "one recording" in head.trained_on
    assert head.classes == tuple(report["classes"])
    text = "".join(path.read_text("utf-8") for path in (out / "config.json", out / "README.md"))
    assert recording.stem not in text
    assert str(tmp_path) not in text
    assert "ONE recording" in text
    # the head in an ordinary analysis: the old head says what it said before, the new one sees the rhythm
    results = [tmp_path / f"{name}.samba.h5" for name in ("before", "after")]
    for folder, path in zip((bundle, out), results, strict=True):
        analyse_recording(recording, path, Order(folder, read_bundle(folder).key, device="cpu", pairs=1))
    before, after = map(read_results, results)
    np.testing.assert_array_equal(before.batch.probabilities["random"], after.batch.probabilities["random"])
    said = after.batch.probabilities["my_rhythm"].argmax(axis=1)
    assert (said == np.arange(40) // 4 % 2).mean() > 0.9


def test_what_is_not_there_is_said_and_not_written(recording, bundle, tmp_path, capsys):
    classes = ("--class", "tick", "--class", "tock")
    status, report = learn(recording, tmp_path / "none", bundle, capsys, *classes)
    assert status == 1
    assert not report["above_chance"]
    assert "Not above chance" in report["verdict"]
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_is_there_whole_or_not_at_all(bundle, tmp_path, monkeypatch):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match="already"):
        publish_bundle(bundle, tmp_path / "taken")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(ExportError, match="no space left") as caught:
        publish_bundle(bundle, tmp_path / "new")
    assert "disk space" in caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_names_are_plain():
    assert plain_name("  =cmd|' /C calc'!A0\n\t\u202e\x00x ") == "cmd /C calc !A0 x"
    assert plain_name("", "class 1") == "class 1"
    assert len(plain_name("Ж" * 5000)) == 40
    assert identifier("Eyes öpen / closed", frozenset({"eyes_open_closed"})) == "eyes_open_closed_2"
    assert identifier("Ж") == "own"
