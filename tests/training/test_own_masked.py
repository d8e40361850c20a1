"""Masked fine-tuning on one's own recordings: what learns, what stays, and what is said of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from analysis_fixtures import write_eeg

from samba_gui.cli import main
from samba_gui.io.bundles import read_bundle, read_saie_history
from samba_gui.models.bundles import load_network
from samba_gui.training.learning import MaskedReport


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_eeg(tmp_path_factory.mktemp("recordings") / "patient-doe.edf", 100)


def adapt(recording: Path, out: Path, bundle: Path, capsys, *more: str) -> dict:
    few = ["--epochs", "2", "--steps", "2", "--batch", "2", "--json"]
    arguments = ["train", "adapt", str(recording), "--bundle", str(bundle), "--out", str(out), *few, *more]
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_the_embedding_alone_learns_and_its_epochs_are_kept(recording, lively_bundle, tmp_path, capsys):
    report = adapt(recording, tmp_path / "tuned", lively_bundle, capsys)
    before, after = (
        load_network(read_bundle(b), b).net.state_dict() for b in (lively_bundle, tmp_path / "tuned")
    )
    changed = {name for name in before if not np.array_equal(before[name].numpy(), after[name].numpy())}
    assert changed
    assert all(name.startswith(("saie.", "output_saie.")) for name in changed)
    old, new = read_saie_history(lively_bundle), read_saie_history(tmp_path / "tuned")
    assert new.epochs == (*old.epochs, old.epochs[-1] + 1, old.epochs[-1] + 2)
    np.testing.assert_array_equal(new.trained.w1, after["saie.net.0.weight"].numpy())
    assert [one["epoch"] for one in report["curve"]] == [0, 1, 2]
    assert report["before"] == report["curve"][0]["skill"]
    assert report["after"] == report["curve"][-1]["skill"]
    assert report["low"] <= report["after"] - report["before"] <= report["high"]
    assert read_bundle(tmp_path / "tuned").heads == ()
    text = "".join((tmp_path / "tuned" / name).read_text("utf-8") for name in ("config.json", "README.md"))
    assert report["verdict"] in text
    assert recording.stem not in text
    again = adapt(recording, tmp_path / "again", lively_bundle, capsys)
    assert again["curve"] == report["curve"]  # the same numbers, run after run


def test_too_short_is_said_and_nothing_is_left(lively_bundle, short_edf, tmp_path, capsys):
    out = tmp_path / "none"
    assert main(["train", "adapt", str(short_edf), "--bundle", str(lively_bundle), "--out", str(out)]) == 1
    assert "20 are the least" in capsys.readouterr().err
    assert not out.exists()


def test_no_gain_is_called_no_gain():
    report = MaskedReport("saie", 1, 20, 5, 0.25, 0.26, -0.01, 0.03, (), ())
    assert "Not better" in report.verdict()
    assert not report.is_better
    assert "Worse" in replace(report, low=-0.03, high=-0.01).verdict()
    assert replace(report, low=0.001).is_better
