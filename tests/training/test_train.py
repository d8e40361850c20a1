"""Pretraining, probe and fine-tuning from a table, on recordings made here: small, but all of it real."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from samba_gui.cli import main
from samba_gui.core.errors import RecordingError
from samba_gui.engine.headless import Order, analyse_recording
from samba_gui.io.bundles import read_bundle, read_saie_history
from samba_gui.io.montages import montage_by_id
from samba_gui.io.results import read_results
from samba_gui.models.bundles import load_network
from samba_gui.models.heads import LinearHead
from samba_gui.training.batches import BatchSource
from samba_gui.training.design import new_network
from samba_gui.training.finetune import TrialSource, Tuning, TuningReport, finetune
from samba_gui.training.pretrain import CLIP_NORM, Schedule, masked_loss, masked_pass, parameter_groups
from samba_gui.training.probe import extract, score
from samba_gui.training.tables import TableCorpus, load_table
from samba_gui.training.trials import Task, find_trials

sys.path.append(str(Path(__file__).parents[2] / "packaging"))
from edf_writer import Signal, write_edf_plus

CHANNELS = ("F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2")
SUBJECTS = {"a": "train", "b": "train", "c": "val", "d": "test"}
TASK = Task("rhythm", "Rhythm", "", ("quiet", "alpha"), ("quiet", "alpha"), False, "")


def write_recording(path: Path, alpha: bool, seed: int, channels: Sequence[str] = CHANNELS) -> None:
    """24 s of pink noise, with or without a rhythm of 10 Hz that waxes and wanes."""
    rng = np.random.default_rng(seed)
    times = np.arange(24 * 128) / 128
    rhythm = 12 * np.sin(2 * np.pi * 10 * times + rng.uniform(0, 6)) * (1 + 0.3 * np.sin(times))
    signals = []
    for label in channels:
        spectrum = np.fft.rfft(rng.standard_normal(times.size))
        noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(spectrum.size), 1)), times.size)
        strength = alpha * rng.uniform(0.5, 1.5) * (1 if label[0] in "PO" else -0.5)
        signals.append(Signal(label, 10 * noise / noise.std() + strength * rhythm, 400.0))
    write_edf_plus(path, signals, 128, [], "X X samba-gui_test")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    with (folder / "table.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "subject", "split", "label", "montage"])
        for k, (subject, split) in enumerate(SUBJECTS.items()):
            for label in TASK.labels:
                name = f"{subject}-{label}.edf"
                cap = (*CHANNELS, "Cz") if subject == "b" else CHANNELS  # two montages in training
                write_recording(folder / name, label == "alpha", 10 * k + (label == "alpha"), cap)
                rows.writerow([name, subject, split, label, "10-20_19" if subject == "a" else ""])
    return folder / "table.csv"


@pytest.fixture(scope="module")
def bundle(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pretrained a little, through the command line."""
    out = tmp_path_factory.mktemp("bundles") / "little"
    few = ["--epochs", "2", "--steps", "2", "--batch", "4", "--window", "2", "--masking", "ssp"]
    assert main(["train", "pretrain", str(table), "--out", str(out), *few]) == 0
    return out


@pytest.fixture(scope="module")
def corpus(table: Path, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> TableCorpus:
    return load_table(table, read_bundle(bundle), tmp_path_factory.mktemp("cache"), lambda line: None)


def test_pretraining_writes_a_bundle(bundle: Path) -> None:
    config = read_bundle(bundle)
    assert (config.window_s, config.any_montage, config.heads) == (2.0, True, ())
    assert config.training_data == "4 recordings of 2 subjects (table.csv)"
    low, high = config.amplitude_range_uv
    assert 1 < low < 10 < high < 100
    assert read_saie_history(bundle).epochs == (0, 1, 2)
    card = (bundle / "README.md").read_text("utf-8")
    assert "masks: ssp; loss: relative" in card
    assert "| test | 10-20 (19) |" in card
    assert (bundle / "training.png").stat().st_size > 5000


@pytest.mark.skipif(sys.platform != "linux", reason="torchrun is tried on Linux")
def test_two_processes_train_as_one_on_both_batches(table: Path, tmp_path: Path) -> None:
    few = ["--epochs", "1", "--steps", "2", "--batch", "4", "--window", "2", "--work", str(tmp_path / "work")]
    command = ["-m", "samba_gui", "train", "pretrain", str(table), "--out", str(tmp_path / "two"), *few]
    # by number: a bare system may have no hosts file that knows "localhost", which --standalone waits for
    here = ["--rdzv-backend", "c10d", "--rdzv-endpoint", "127.0.0.1:0", "--local-addr", "127.0.0.1"]
    torchrun = [sys.executable, "-m", "torch.distributed.run", *here, "--nproc-per-node", "2"]
    found = subprocess.run([*torchrun, *command], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert found.stdout == f"{tmp_path / 'two'}\n"
    assert found.stderr.count("epoch 1 of 1") == 1

    config = read_bundle(tmp_path / "two")
    groups = load_table(table, config, tmp_path / "work" / "preprocessed", lambda line: None).groups("train")
    shares = [sum(recording.samples.shape[1] for recording in group) for group in groups]
    schedule = Schedule(1, 2)
    source = BatchSource(groups, shares, [montage_by_id("10-20_19").labels], 4, 256, schedule.seed)
    network = new_network(config, schedule.seed).train()
    optimiser = torch.optim.AdamW(parameter_groups(network.net, schedule.weight_decay), lr=schedule.max_lr)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, schedule.max_lr, total_steps=2, pct_start=0.1, div_factor=10, final_div_factor=100
    )
    for step in range(2):
        optimiser.zero_grad()
        for rank in range(2):
            (masked_loss(*masked_pass(network, source.batch(2 * step + rank))) / 2).backward()
        torch.nn.utils.clip_grad_norm_(network.net.parameters(), CLIP_NORM)
        optimiser.step()
        cycle.step()
    trained = load_network(config, tmp_path / "two").net.state_dict()
    for name, tensor in network.net.state_dict().items():
        torch.testing.assert_close(trained[name], tensor, atol=1e-4, rtol=1e-3, msg=name)


def test_a_probe_is_added_and_runs(
    bundle: Path, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--task", "rhythm", "--labels", "quiet,alpha", "--out", str(tmp_path / "probed")]
    assert main(["train", "probe", str(bundle), str(table), *arguments]) == 0
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / 'probed'}\n"
    assert "untrained control: val" in said.err
    config = read_bundle(tmp_path / "probed")
    (head,) = config.heads
    assert (head.name, head.classes, head.calibrated) == ("rhythm", ("quiet", "alpha"), True)
    assert head.metrics["interval"][0] > head.metrics["chance"] == 0.5
    assert "## Head: quiet / alpha" in (tmp_path / "probed" / "README.md").read_text("utf-8")
    order = Order(tmp_path / "probed", config.key, device="cpu")
    analyse_recording(table.parent / "d-alpha.edf", tmp_path / "d.samba.h5", order)
    probabilities = read_results(tmp_path / "d.samba.h5").batch.probabilities["rhythm"]
    assert (probabilities.argmax(axis=1) == 1).mean() > 0.8


def tune(
    corpus: TableCorpus, bundle: Path, folder: Path, tuning: Tuning, report: object = lambda *told: None
) -> tuple[object, list[TuningReport]]:
    """Fine-tune from a head that knows nothing."""
    config = read_bundle(bundle)
    trials = {split: find_trials(TASK, corpus.recordings[split], 256, 128.0) for split in ("train", "val")}
    blank = LinearHead(2)
    torch.nn.init.zeros_(blank.linear.weight)
    torch.nn.init.zeros_(blank.linear.bias)
    run = finetune(
        load_network(config, bundle),
        blank,
        trials["train"],
        trials["val"],
        corpus.cuts("train"),
        corpus.caps("val"),
        tuning,
        folder,
        report,  # type: ignore[arg-type]
    )
    return run, list(run.curve)


class Killed(Exception):
    """Stands for a kill: nothing is written after the state of the epoch."""


def test_fine_tuning_learns_and_goes_on_after_a_kill_with_the_same_numbers(
    corpus: TableCorpus, bundle: Path, tmp_path: Path
) -> None:
    tuning = Tuning(epochs=4, steps_per_epoch=5, batch=8, max_lr=2e-3)
    whole, curve = tune(corpus, bundle, tmp_path / "whole", tuning)
    assert curve[0].val_loss == pytest.approx(np.log(2), abs=1e-6)  # before, it knows nothing
    assert curve[whole.best].val_loss < 0.6 * np.log(2)
    assert curve[whole.best].val_accuracy > 0.9
    assert len(whole.saie) == whole.best + 1
    assert not np.array_equal(whole.saie[0].w1, whole.saie[-1].w1)

    def killed(report: TuningReport, left_s: float) -> None:
        if report.epoch == 2:
            raise Killed

    with pytest.raises(Killed):
        tune(corpus, bundle, tmp_path / "cut", tuning, killed)
    later: list[int] = []
    again, resumed = tune(corpus, bundle, tmp_path / "cut", tuning, lambda one, left: later.append(one.epoch))
    assert later == [3, 4]
    assert resumed[1:] == curve[1:]
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(tensor, again.network.state_dict()[name]), name
    assert torch.equal(whole.head.linear.weight, again.head.linear.weight)


def tensors_under(folder: Path) -> dict[str, torch.Tensor]:
    """Weights and the optimiser's moments, as they lie on disk while training."""
    (state,) = (file for file in folder.rglob("*.safetensors"))
    return load_file(state)


@pytest.fixture
def one_thread() -> Iterator[dict[str, str]]:
    """Sums of several threads are rounded another way: here, and in the environment of children, one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield {**os.environ, "OMP_NUM_THREADS": "1"}
    torch.set_num_threads(threads)


@pytest.mark.parametrize("action", ["pretrain", "finetune"])
def test_after_a_kill_training_ends_with_the_same_weights(
    action: str, table: Path, bundle: Path, tmp_path: Path, one_thread: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    begun_with = [] if action == "pretrain" else [str(bundle)]
    few = ["--epochs", "3", "--steps", "2", "--batch", "4", "--lr", "2e-3"]
    few += ["--window", "2"] if action == "pretrain" else ["--task", "rhythm", "--labels", "quiet,alpha"]

    def command(name: str) -> list[str]:
        return ["train", action, *begun_with, str(table), "--out", str(tmp_path / name), *few]

    assert main(command("whole")) == 0
    running = [sys.executable, "-m", "samba_gui", *command("killed")]
    killed = subprocess.Popen(running, stderr=subprocess.PIPE, text=True, env=one_thread)
    with killed:
        assert killed.stderr is not None
        assert any(line.startswith("epoch 2 of 3") for line in killed.stderr)
        killed.kill()
    assert killed.returncode != 0
    assert not (tmp_path / "killed").exists()
    capsys.readouterr()
    assert main(command("killed")) == 0
    said = capsys.readouterr().err
    assert "epoch 3 of 3" in said
    assert "epoch 2 of 3" not in said  # it went on, and did not begin anew

    states = [tensors_under(tmp_path / f"{name}.work") for name in ("whole", "killed")]
    assert states[0].keys() == states[1].keys()
    for name, tensor in states[0].items():
        assert torch.equal(tensor, states[1][name]), name
    models = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("whole", "killed")]
    assert models[0] == models[1]


def test_fine_tuning_stops_early_and_keeps_the_best(
    corpus: TableCorpus, bundle: Path, tmp_path: Path
) -> None:
    wild = Tuning(epochs=9, steps_per_epoch=1, batch=4, max_lr=1.0, patience=2)  # too fast to gain anything
    run, curve = tune(corpus, bundle, tmp_path, wild)
    assert len(curve) < 10
    best = min(curve, key=lambda one: one.val_loss)
    assert run.best == best.epoch == len(curve) - 3
    examples = extract(
        run.network, find_trials(TASK, corpus.recordings["val"], 256, 128.0), corpus.caps("val")
    )
    assert score(run.head, examples).log_loss == pytest.approx(best.val_loss, abs=1e-4)


def test_what_is_frozen_stays(corpus: TableCorpus, bundle: Path, tmp_path: Path) -> None:
    frozen = ("saie", "input_embedding", "encoder1", "encoder2", "encoder3")
    run, _ = tune(corpus, bundle, tmp_path, Tuning(1, 2, 4, max_lr=2e-3, frozen=frozen))
    before = load_network(read_bundle(bundle), bundle).net.state_dict()
    state = load_file(tmp_path / "finetuning.safetensors")
    now = {name.removeprefix("now.network.net."): t for name, t in state.items() if name.startswith("now.n")}
    changed = {name.split(".")[0] for name, t in before.items() if not torch.equal(t, now[name])}
    assert changed == {"bottleneck", "decoder3", "decodeMamba3"}
    assert run.best in (0, 1)


def test_fine_tuning_from_the_command_line(
    bundle: Path, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--task", "rhythm", "--labels", "quiet,alpha", "--out", str(tmp_path / "tuned")]
    few = ["--epochs", "1", "--steps", "2", "--batch", "4"]
    assert main(["train", "finetune", str(bundle), str(table), *arguments, *few]) == 0
    assert "epoch 1 of 1: loss" in capsys.readouterr().err
    config = read_bundle(tmp_path / "tuned")
    assert [head.name for head in config.heads] == ["rhythm"]
    assert set(read_saie_history(tmp_path / "tuned").epochs) >= {0, 1, 2}
    card = (tmp_path / "tuned" / "README.md").read_text("utf-8")
    assert "the probe it began with" in card
    assert "Skill of reconstruction on test changed" in card


def test_batches_are_balanced_and_can_be_drawn_again(corpus: TableCorpus) -> None:
    trials = find_trials(TASK, corpus.recordings["train"], 256, 128.0)
    assert [len(cap) for cap in corpus.caps("train")] == [8, 9]
    source = TrialSource(trials, corpus.cuts("train"), 256, 10, seed=1)
    x, labels, positions = source.batch(3)
    assert x.shape == (10, len(positions), 256)
    assert np.bincount(labels).tolist() == [5, 5]
    for one, two in zip((x, labels, positions), source.batch(3), strict=True):
        np.testing.assert_array_equal(one, two)


def test_no_head_at_chance(
    bundle: Path, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = table.read_text().splitlines()
    mixed = [rows[0]]
    for row in rows[1:]:  # labels that say nothing of the signal
        name, subject, split, label, _ = row.split(",")
        other = {"quiet": "alpha", "alpha": "quiet"}[label]
        mixed.append(",".join([name, subject, split, label if split != "test" else other, ""]))
    (table.parent / "mixed.csv").write_text("\n".join(mixed))
    arguments = ["--task", "rhythm", "--labels", "quiet,alpha", "--out", str(tmp_path / "none")]
    assert main(["train", "probe", str(bundle), str(table.parent / "mixed.csv"), *arguments]) == 1
    assert "no bundle is written" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("d,test", "d,exam"), "in the split exam"),
        (("d,test", "a,test"), "subject a is in train and in test"),
        (("d,test", "d,train"), "no recordings for test"),
    ],
)
def test_bad_tables(change: tuple[str, str], message: str, table: Path, bundle: Path, tmp_path: Path) -> None:
    changed = table.with_name("changed.csv")
    changed.write_text(table.read_text().replace(*change))
    with pytest.raises(RecordingError, match=message):
        load_table(changed, read_bundle(bundle), tmp_path, lambda line: None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--task", "sleep"], "There is no task sleep"),
        (["--task", "x", "--labels", "one"], "two or more different classes"),
        (["--task", "a b", "--labels", "one,two"], "is no name for a task"),
        (["--task", "x", "--labels", "one,two"], "no window of 'one' in train"),
    ],
)
def test_bad_questions(
    arguments: list[str], message: str, table: Path, bundle: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert main(["train", "probe", str(bundle), str(table), *arguments, "--out", str(tmp_path / "x")]) == 1
    assert message in capsys.readouterr().err
