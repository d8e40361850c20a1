"""The bundle that ships does what its card says, on the recording that ships."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.errors import BundleError
from samba_gui.core.places import default_bundle_dir, example_recording_path
from samba_gui.core.recipe import make_recipe
from samba_gui.engine.benchmarks import op_by_op
from samba_gui.engine.benchmarks.model import flop_per_sample
from samba_gui.engine.inference import Analyser, WindowResults
from samba_gui.engine.preprocess import Preprocessor
from samba_gui.engine.windows import plan_windows
from samba_gui.io.bundles import read_bundle, read_saie_history
from samba_gui.io.montages import match, montage_by_id
from samba_gui.io.recordings import open_recording
from samba_gui.models.bundles import BundleNetwork, load_network
from samba_gui.training.design import new_config, new_network
from samba_gui.training.trials import TASKS


@pytest.fixture(scope="module")
def config() -> BundleConfig:
    return read_bundle(default_bundle_dir())


def analysed(network: BundleNetwork, names: tuple[str, ...]) -> tuple[WindowResults, list[str]]:
    """Every window of the example under some electrodes, and what is annotated there."""
    montage = montage_by_id("10-20_19")
    cut = montage.take([montage.labels.index(name) for name in names])
    with open_recording(example_recording_path()) as recording:
        info = recording.info
        recipe = make_recipe(info, match(info, cut), "", pairs=1)
        plan = plan_windows(info, network.config)
        preprocessor = Preprocessor(recording, recipe, network.config.preprocessing)
        scale = preprocessor.scales_uv(plan)
        windows = list(plan.windows)
        x = np.stack([preprocessor.window(w, plan.window_samples) for w in windows])
    middles = [w.onset_s + 2.0 for w in windows]
    truth = [
        next(a.description for a in info.annotations if a.onset_s <= t < a.onset_s + a.duration_s)
        for t in middles
    ]
    return Analyser(network, recipe, plan, scale).run(x, windows), truth


ALL = montage_by_id("10-20_19").labels
FEW = ("F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2")


@pytest.mark.parametrize("names", [ALL, FEW], ids=["19 electrodes", "8 electrodes"])
def test_reconstructs_better_than_a_line_under_any_montage(config, names):
    results, _ = analysed(load_network(config, default_bundle_dir()), names)
    assert results.sums.over(0, 1, 2, 3).skill() > 0.15


def test_an_untrained_network_reconstructs_the_line_exactly():
    network = new_network(new_config("untrained", "none"), seed=0).eval()
    results, _ = analysed(network, ALL)
    assert results.sums.over(0, 1, 2, 3).skill() == pytest.approx(0.0, abs=1e-6)


def test_the_eyes_head_tells_simulated_eyes_closed(config):
    results, truth = analysed(load_network(config, default_bundle_dir()), ALL)
    classes = next(head.classes for head in config.heads if head.name == "eyes")
    likeliest = [classes[k] for k in results.probabilities["eyes"].argmax(axis=1)]
    assert np.mean([one == other for one, other in zip(likeliest, truth, strict=True)]) > 0.8
    np.testing.assert_allclose(results.probabilities["eyes"].sum(axis=1), 1, atol=1e-5)


def test_the_history_leads_to_the_network(config):
    history = read_saie_history(default_bundle_dir())
    network = load_network(config, default_bundle_dir())
    own = network.net.saie.parameters_numpy()
    for name in ("w1", "b1", "w2"):
        np.testing.assert_array_equal(getattr(history.trained, name), getattr(own, name))
    assert list(history.epochs) == sorted(set(history.epochs))
    assert history.epochs[0] == 0
    numbers = sum(np.size(getattr(history.trained, name)) for name in ("w1", "b1", "w2", "b2"))
    assert numbers == 161


def test_card_and_config_tell_the_same_and_the_bundle_is_small(config):
    folder = default_bundle_dir()
    card = (folder / "README.md").read_text("utf-8")
    assert "Research use only" in card
    for head in config.heads:
        low, _ = head.metrics["interval"]
        assert low > head.metrics["chance"]
        assert head.calibrated
        assert f"{head.metrics['balanced_accuracy']:.2f}" in card
    assert json.loads((folder / "config.json").read_text("utf-8"))["licence"] == "BSD-3-Clause"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 20e6


def test_the_card_compares_every_head_with_what_it_must_be_compared_with():
    card = (default_bundle_dir() / "README.md").read_text("utf-8")
    for task in TASKS:
        section = card.split(f"### {task.title}\n")[1].split("\n## ")[0].split("\n### ")[0]
        for row in ("linear probe", "untrained network", "shrinkage LDA", "logistic regression"):
            assert row in section, (task.name, row)
        assert "| all weights |" in section
        assert ("CSP" in section) == ("Eyes that follow the cue" in section) == (task.name == "imagery")
    figures = card.split("## Reconstruction\n")[1].split("## Heads")[0]
    for band in ("delta", "theta", "alpha", "beta"):
        assert f"{band} " in figures
    for montage in ("10-10_64", "10-20_19"):
        skill = next(line for line in figures.splitlines() if line.startswith(f"| test | {montage} |"))
        assert float(skill.split("|")[3]) > 0.15


def test_a_head_that_reads_the_unknown_is_refused(config):
    head = replace(config.heads[0], reading="tea leaves")
    with pytest.raises(BundleError, match="tea leaves"):
        BundleNetwork(replace(config, heads=(head,)))


def test_the_benchmarks_baseline_is_the_network(config):
    net = load_network(config, default_bundle_dir()).net
    places = torch.tensor(config.to_network(config.target.positions_m)).float()
    x = torch.randn(2, 19, 200)
    with torch.inference_mode():
        expected = net(x, places[:19], places).reconstruction
        got = op_by_op.forward(net, x, places[:19], places)
    assert (got - expected).abs().max() < 1e-5 * expected.abs().max()


def test_counted_operations_agree_with_the_published_count():
    # 19 electrodes, 94 targets, 19 outputs and no way back: 1.003 MFLOP a sample
    ours = flop_per_sample(19, 94) - 2 * 94 * 19 - 2 * 64 * (94 - 19)
    assert ours == pytest.approx(1.003e6, rel=0.01)
