"""Fine-tuning after the probe on one recording: honest pieces, the better one kept, and a rerun goes on."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from analysis_fixtures import write_quick_bundle

from samba_gui.cli import main
from samba_gui.core.bundle import BundleConfig
from samba_gui.core.recording import Annotation, RecordingInfo, Segment
from samba_gui.engine.labelling import LabelledWindows, Labelling, LearnClass, label_windows
from samba_gui.io.bundles import read_bundle, read_saie_history
from samba_gui.io.results import read_results
from samba_gui.models.bundles import load_network
from samba_gui.models.heads import LinearHead
from samba_gui.training import own_head
from samba_gui.training.blocked import gain_of
from samba_gui.training.own_tuning import OwnTuning
from samba_gui.training.tuned import Accuracy, Tuned

sys.path.append(str(Path(__file__).parents[2] / "packaging"))
from edf_writer import Signal, write_edf_plus

CHANNELS = ("F3", "P3", "O1", "O2")
UP_DOWN = Labelling((LearnClass("up", ("up",)), LearnClass("down", ("down",))))
LITTLE = ("--finetune", "all", "--epochs", "1", "--steps", "3", "--batch", "4")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_quick_bundle(tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 s of noise in which a rhythm comes and goes every 2 s; the file says when."""
    rng = np.random.default_rng(0)
    times = np.arange(40 * 128) / 128
    rhythm = 20 * ((times // 2) % 2) * np.sin(20 * np.pi * times)
    signals = [
        Signal(label, rng.normal(0, 8, times.size) + (label[0] in "PO") * rhythm, 400.0) for label in CHANNELS
    ]
    path = tmp_path_factory.mktemp("recordings") / "patient-doe.edf"
    notes = [(2.0 * k, 2.0, ("quiet", "rhythm")[k % 2]) for k in range(20)]
    write_edf_plus(path, signals, 128, notes, "X X samba-gui_test")
    return path


def labelled(config: BundleConfig, duration_s: float, stretch_s: float) -> LabelledWindows:
    """Two classes in turns."""
    n = round(duration_s * 128)
    info = RecordingInfo("/x/y.edf", "EDF+", (), 128.0, n, (Segment(0.0, 0, n),))
    count = int(duration_s / stretch_s)
    notes = [Annotation(stretch_s * k, stretch_s, ("up", "down")[k % 2]) for k in range(count)]
    return label_windows(info, config, notes, UP_DOWN)


@pytest.mark.parametrize("stretch_s", [4.0, 50.0])
def test_what_chooses_the_epoch_lies_apart_as_well(bundle, stretch_s):
    found = labelled(read_bundle(bundle), 200.0, stretch_s)
    onsets = np.array([window.onset_s for window in found.windows])
    splits = found.nested_splits()
    judged = np.concatenate([test for *_, test in splits])
    assert sorted(judged) == list(range(len(onsets)))  # every window once; the last split judges nothing
    assert len(splits[-1][2]) == 0
    for train, choose, test in splits:
        for one, other in ((train, choose), (train, test), (choose, test)):
            assert not len(other) or np.abs(onsets[one][:, None] - onsets[other][None]).min() >= 2.0
        assert {*found.labels[train]} == {*found.labels[choose]} == {0, 1}


def test_too_little_to_hold_out_twice_is_said(bundle):
    found = labelled(read_bundle(bundle), 24.0, 12.0)  # each class lies in one place
    assert found.problem() == ""
    assert found.tuning_problem().startswith("Too little to fine-tune with")


def test_a_gain_is_one_only_where_the_interval_says_so(bundle):
    found = labelled(read_bundle(bundle), 120.0, 4.0)
    labels, rng = found.labels, np.random.default_rng(0)
    good = np.where(rng.random(len(labels)) < 0.95, labels, 1 - labels)
    bad = np.where(rng.random(len(labels)) < 0.6, labels, 1 - labels)
    gain, low, high = gain_of(good, bad, found)
    assert 0 < low < gain < high
    assert gain_of(bad, good, found) == pytest.approx((-gain, -high, -low), abs=0.02)
    assert gain_of(good, good, found) == (0.0, 0.0, 0.0)
    # one block of two windows told better: drawing again alone would be content with some of these
    hardly = labels.copy()
    hardly[found.blocks == 3] = 1 - labels[found.blocks == 3]
    assert gain_of(labels, hardly, found)[1] <= 0


def test_descriptions_survive_the_command_line():
    for one in (
        LearnClass("up", ("T1",)),
        LearnClass("two", ("a|b", "c\\d", "e=f", "-x")),
        LearnClass("none", ("",)),
    ):
        assert LearnClass.from_words(one.in_words(), "class 1") == one
    assert LearnClass.from_words("T1", "class 1") == LearnClass("T1", ("T1",))


def learn(recording: Path, out: Path, bundle: Path, *more: str) -> dict:
    arguments = ["train", "annotations", str(recording), "--class", "quiet", "--class", "rhythm"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main([*arguments, "--bundle", str(bundle), "--out", str(out), "--json", *more]) == 0
    return json.loads(said.getvalue())


@pytest.fixture(scope="module")
def taught(recording: Path, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """A folder with ``mine``, what fine-tuning left in ``work``, and the report."""
    folder = tmp_path_factory.mktemp("taught")
    return folder, learn(recording, folder / "mine", bundle, *LITTLE, "--work", str(folder / "work"))


def test_the_probe_stays_where_fine_tuning_is_no_better(recording, bundle, taught):
    folder, report = taught
    tuned = report["tuned"]
    assert report["accuracy"] == tuned["probe"]
    assert tuned["low"] <= 0
    assert len(tuned["epochs"]) == report["folds"] == 5
    config = read_bundle(folder / "mine")
    assert [head.name for head in config.heads] == ["random", "quiet_rhythm"]
    before, after = (load_network(read_bundle(b), b).net.state_dict() for b in (bundle, folder / "mine"))
    assert all(torch.equal(before[name], after[name]) for name in before)
    card = (folder / "mine" / "README.md").read_text("utf-8")
    assert "so the probe is kept" in card
    for key in ("probe", "tuned"):
        assert str(Accuracy(**tuned[key])) in card
    assert recording.stem not in card


def test_a_rerun_trains_nothing_again(recording, bundle, taught, tmp_path):
    folder, report = taught
    kept = {path: path.stat().st_mtime_ns for path in (folder / "work").rglob("*.safetensors")}
    assert len(kept) == 5
    again = learn(recording, tmp_path / "again", bundle, *LITTLE, "--work", str(folder / "work"))
    assert again["tuned"] == report["tuned"]
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_what_it_says_of_this_very_recording_is_marked_in_exports(recording, taught, tmp_path):
    folder, _ = taught
    bundle = ["--bundle", str(folder / "mine")]
    results = tmp_path / "results" / f"{recording.stem}.samba.h5"
    assert main(["run", *bundle, "--out", str(results.parent), "--pairs", "1", str(recording)]) == 0
    assert read_results(results).provenance["trained_on_this_recording"] == "head quiet_rhythm"
    assert main(["export", str(results), "--what", "probabilities", "--out", str(tmp_path / "p.csv")]) == 0
    facts = json.loads((tmp_path / "p.json").read_text("utf-8"))["provenance"]
    assert facts["trained_on_this_recording"] == "head quiet_rhythm"
    assert main(["report", *bundle, str(results), "--out", str(tmp_path / "r.html")]) == 0
    assert "trained on this recording: this is no test of it" in (tmp_path / "r.html").read_text("utf-8")
    assert read_bundle(folder / "mine").taught_by("0" * 64) == ()


def test_the_better_network_is_kept_whole(recording, bundle, tmp_path, monkeypatch):
    # a head that knows nothing to begin with, and a gain that counts: all else is as it is
    monkeypatch.setattr(OwnTuning, "_probe", lambda self, train, choose: _blank())
    monkeypatch.setattr(own_head, "gain_of", lambda *_: (0.2, 0.1, 0.3))
    report = learn(recording, tmp_path / "mine", bundle, *LITTLE)
    tuned = report["tuned"]
    assert tuned["epoch"] == 1
    assert report["accuracy"] == tuned["tuned"]
    assert len(tuned["dropped"]) == 1
    config, old = read_bundle(tmp_path / "mine"), read_bundle(bundle)
    assert [head.name for head in config.heads] == ["quiet_rhythm"]
    assert config.taught_by(config.recordings[0]) == ("network", "head quiet_rhythm")
    history = read_saie_history(tmp_path / "mine")
    assert len(history.epochs) == len(read_saie_history(bundle).epochs) + 1
    before = load_network(old, bundle).net.state_dict()
    after = load_network(config, tmp_path / "mine").net.state_dict()
    np.testing.assert_array_equal(history.trained.w1, after["saie.net.0.weight"].numpy())
    assert not torch.equal(before["decoder3.weight"], after["decoder3.weight"])
    card = (tmp_path / "mine" / "README.md").read_text("utf-8")
    assert "so the fine-tuned network is kept" in card
    assert "Skill of reconstruction on these windows" in card
    assert "Dropped, since their features are no more" in card


def _blank() -> LinearHead:
    head = LinearHead(2)
    for parameter in head.parameters():
        torch.nn.init.zeros_(parameter)
    return head


def test_why_one_of_the_two_is_kept():
    one = Tuned("all", Accuracy(0.6, 0.5, 0.7), Accuracy(0.8, 0.7, 0.9), 0.2, 0.1, 0.3, 12, (1, 2), 2)
    assert one.kept
    assert "better, so the fine-tuned network is kept" in one.verdict()
    assert "+0.20 [+0.10, +0.30]" in one.verdict()
    assert not replace(one, epoch=0).kept
    assert "no epoch was better" in replace(one, epoch=0).verdict()
    assert "includes no gain at all" in replace(one, low=0.0).verdict()
    assert "worse, so the probe" in replace(one, low=-0.3, high=-0.1).verdict()
