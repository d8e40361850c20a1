"""From a corpus table to a bundle: what ``samba-gui train`` does."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from torch import nn

from samba_gui.core.bundle import BundleConfig, HeadConfig, SaieHistory
from samba_gui.core.errors import RecipeError, RecordingError
from samba_gui.engine.masking import STRATEGIES
from samba_gui.io.bundles import CARD_FILE, read_bundle, read_saie_history, write_bundle
from samba_gui.io.montages import montage_by_id
from samba_gui.models.bundles import BundleNetwork, load_network
from samba_gui.models.heads import LinearHead
from samba_gui.training.batches import BatchSource
from samba_gui.training.curves import draw_curve
from samba_gui.training.design import new_config, new_network
from samba_gui.training.finetune import Tuning, TuningReport, finetune
from samba_gui.training.losses import LOSSES
from samba_gui.training.pretrain import EpochReport, Schedule, pretrain, validation_skill
from samba_gui.training.probe import Score, extract, fit_head, score
from samba_gui.training.tables import SPLITS, TableCorpus, fixed_batches, load_table
from samba_gui.training.team import ALONE, Team
from samba_gui.training.trials import Task, Trials, find_trials

Say = Callable[[str], None]
WATCHED = 2  # windows per recording that are looked at after every epoch
CURVE_FILE = "training.png"
JUDGED = ("val", "test")  # splits that a head is judged on


def pretrain_table(
    table: Path,
    out: Path,
    work: Path,
    say: Say,
    schedule: Schedule,
    *,
    batch: int = 16,
    window_s: float = 4.0,
    masking: str = "tsr",
    loss: str = "relative",
    team: Team = ALONE,
) -> BundleConfig | None:
    """Masked pretraining on ``train``, watched on ``val``, judged on ``test`` if there is one.

    Parameters
    ----------
    table, out, work : Path
        The corpus table; the bundle; preprocessed recordings and the state, from which a rerun goes on.
    say : callable
        Told of progress.
    schedule : Schedule
    batch : int
    window_s : float
    masking, loss : str
        Names in :data:`engine.masking.STRATEGIES` and :data:`training.losses.LOSSES`.
    team : Team
        Processes that train together.

    Returns
    -------
    BundleConfig or None
        None in a process of a team that another one leads.

    Raises
    ------
    SambaError
        The table or a recording cannot be used, or the bundle not be written.
    """
    config = replace(new_config(out.name, "", "not stated"), window_s=window_s)
    say = say if team.leads else _nothing
    with team.leader_first():
        corpus = load_table(table, config, work / "preprocessed", say, needed=("train", "val"))
    groups = corpus.groups("train")
    n, draw = config.window_samples, STRATEGIES[masking]
    shares = [sum(recording.samples.shape[1] for recording in group) for group in groups]
    source = BatchSource(groups, shares, [montage_by_id("10-20_19").labels], batch, n, schedule.seed, draw)
    watched = fixed_batches(corpus.groups("val"), n, WATCHED, draw)
    say(f"pretraining on {corpus.in_words()}, {schedule.epochs} epochs of {schedule.steps_per_epoch} batches")

    def report(epoch: EpochReport, left_s: float) -> None:
        say(
            f"epoch {epoch.epoch} of {schedule.epochs}: loss {epoch.loss:.4f}, "
            f"skill {_by_name(epoch.skill)}; {_left(left_s)}"
        )

    state = work / f"pretraining-{_digest(str(table.absolute()), batch, window_s, masking, loss)}"
    run = pretrain(config, source, watched, schedule, state, report, LOSSES[loss], team)
    if not team.leads:
        return None
    skill = {
        split: {
            name: validation_skill(run.network, batches)
            for name, batches in fixed_batches(corpus.groups(split), n, 1000, draw).items()
        }
        for split in ("val", "test")
        if corpus.recordings[split]
    }
    for split, values in skill.items():
        say(f"skill on {split}: {_by_name(values)}")
    config = replace(
        config,
        training_data=corpus.in_words(),
        amplitude_range_uv=corpus.amplitude_range_uv(),
        trained_montages=corpus.montages("train"),
    )
    draw_curve(run.curve, out / CURVE_FILE)
    card = _pretraining_card(config, schedule, masking, loss, skill)
    return write_bundle(out, config, run.network.model_bytes(), run.history, card)


def probe_table(
    bundle: Path, table: Path, task: Task, out: Path, work: Path, say: Say
) -> BundleConfig | None:
    """Add a linear head on frozen features to a bundle.

    Penalty and temperature are chosen on ``val``; the head is judged on ``test``, beside one on an untrained
    network.

    Returns
    -------
    BundleConfig or None
        None: its interval on ``test`` does not lie above chance, and nothing was written.

    Raises
    ------
    SambaError
        Bundle or table cannot be used, or a class has no windows.
    """
    config = read_bundle(bundle)
    network = load_network(config, bundle)
    corpus = load_table(table, config, work / "preprocessed", say)
    trials = _trials(task, corpus, config)
    head, found = _fitted(network, trials, corpus, len(task.classes))
    say(f"probe {task.name}: {_by_split(found)}")
    _, control = _fitted(new_network(config, seed=0), trials, corpus, len(task.classes))
    say(f"untrained control: {_by_split(control)}")
    heads = {**network.heads, task.name: head}
    section = (
        f"Linear probe on frozen features, trained on {corpus.in_words()}. Balanced accuracy: "
        f"{_by_split(found)}; the same on an untrained network: {_by_split(control)}."
    )
    return _write(
        bundle, out, network, heads, task, found["test"], corpus, read_saie_history(bundle), section, say
    )


def finetune_table(
    bundle: Path, table: Path, task: Task, out: Path, work: Path, say: Say, tuning: Tuning
) -> BundleConfig | None:
    """Fine-tune a bundle's network for one question; other heads are dropped, since their features change.

    Raises
    ------
    SambaError
        As :func:`probe_table`.
    """
    config = read_bundle(bundle)
    start = load_network(config, bundle)
    corpus = load_table(table, config, work / "preprocessed", say)
    trials = _trials(task, corpus, config)
    probe, before = _fitted(start, trials, corpus, len(task.classes))
    say(f"probe {task.name}: {_by_split(before)}")

    def report(epoch: TuningReport, left_s: float) -> None:
        what = f"loss {epoch.loss:.4f}" if epoch.epoch else "the probe"
        say(
            f"epoch {epoch.epoch} of {tuning.epochs}: {what}, val loss {epoch.val_loss:.4f}, val accuracy "
            f"{epoch.val_accuracy:.3f}" + (f"; at most {_left(left_s)}" if epoch.epoch else "")
        )

    state = work / f"finetuning-{_digest(config.key, str(table.absolute()), asdict(task), asdict(tuning))}"
    cuts, caps = corpus.cuts("train"), corpus.caps("val")
    run = finetune(start, probe, trials["train"], trials["val"], cuts, caps, tuning, state, report)
    found = {
        split: score(run.head, extract(run.network, trials[split], corpus.caps(split))) for split in JUDGED
    }
    say(f"fine-tuned {task.name}: {_by_split(found)}")
    skill = {
        name: (validation_skill(start, batches), validation_skill(run.network, batches))
        for name, batches in fixed_batches(corpus.groups("test"), config.window_samples, 20).items()
    }
    told = ", ".join(f"{name} {was:.3f} to {now:.3f}" for name, (was, now) in skill.items())
    say(f"reconstruction skill on test: {told}")
    history = read_saie_history(bundle).continued(run.saie[1:])
    section = (
        f"Fine-tuned on {corpus.in_words()}: epoch {run.best} of {tuning.epochs} was best on val. Balanced "
        f"accuracy: {_by_split(found)}; the probe it began with: {_by_split(before)}. Skill of "
        f"reconstruction on test changed: {told}. Other heads of {config.name} were dropped: "
        "their features are no more."
    )
    heads = {task.name: run.head}
    return _write(bundle, out, run.network, heads, task, found["test"], corpus, history, section, say)


def _trials(task: Task, corpus: TableCorpus, config: BundleConfig) -> dict[str, list[Trials]]:
    rate_hz = config.preprocessing.rate_hz
    trials = {
        split: find_trials(task, corpus.recordings[split], config.window_samples, rate_hz) for split in SPLITS
    }
    for split, found in trials.items():
        present = {int(label) for one in found for label in one.labels}
        for k, name in enumerate(task.labels):
            if k not in present:
                raise RecordingError(
                    "{name}: no window of {label!r} in {split}.",
                    "Give the words of the column label, or of the annotations, in every split.",
                    name=corpus.name,
                    label=name,
                    split=split,
                )
    return trials


def _fitted(
    network: BundleNetwork, trials: dict[str, list[Trials]], corpus: TableCorpus, classes: int
) -> tuple[LinearHead, dict[str, Score]]:
    if importlib.util.find_spec("sklearn") is None:
        raise RecipeError(
            "Heads are fitted by scikit-learn, which is missing.", "pip install 'samba-gui[train]'."
        )
    train = extract(network, trials["train"], corpus.cuts("train"))
    held_out = {split: extract(network, trials[split], corpus.caps(split)) for split in JUDGED}
    head = fit_head(train, held_out["val"], classes)
    return head, {split: score(head, examples) for split, examples in held_out.items()}


def _write(
    bundle: Path,
    out: Path,
    network: BundleNetwork,
    heads: Mapping[str, nn.Module],
    task: Task,
    test: Score,
    corpus: TableCorpus,
    history: SaieHistory,
    section: str,
    say: Say,
) -> BundleConfig | None:
    """The bundle with its heads, if the new one beats chance."""
    config, chance = network.config, 1 / len(task.classes)
    if test.low <= chance:
        say(f"the interval on test does not lie above chance ({chance:.2f}): no bundle is written")
        return None
    new = HeadConfig(
        task.name,
        task.title,
        task.classes,
        calibrated=True,
        trained_on=task.trained_on or corpus.in_words(),
        metrics={
            "balanced_accuracy": round(test.balanced_accuracy, 3),
            "interval": [round(test.low, 3), round(test.high, 3)],
            "chance": chance,
            "n_subjects": corpus.subjects("test"),
            "calibration_subjects": corpus.subjects("val"),
        },
        min_window_s=config.window_s,
    )
    kept = [head for head in config.heads if head.name in heads and head.name != task.name]
    config = replace(config, heads=(*kept, new), amplitude_range_uv=corpus.amplitude_range_uv())
    complete = BundleNetwork(config)
    complete.net.load_state_dict(network.net.state_dict())
    for name, head in heads.items():
        complete.heads[name] = head
    card = (bundle / CARD_FILE).read_text("utf-8") if (bundle / CARD_FILE).is_file() else f"# {config.name}\n"
    card = f"{card.rstrip()}\n\n## Head: {task.title}\n\n{section}\n"
    written = write_bundle(out, config, complete.model_bytes(), history, card)
    if (bundle / CURVE_FILE).is_file() and bundle.resolve() != out.resolve():
        shutil.copy(bundle / CURVE_FILE, out / CURVE_FILE)
    return written


def _pretraining_card(
    config: BundleConfig, schedule: Schedule, masking: str, loss: str, skill: dict[str, dict[str, float]]
) -> str:
    rows = [
        f"| {split} | {name} | {value:.3f} |"
        for split, found in skill.items()
        for name, value in found.items()
    ]
    lines = [
        f"# {config.name}",
        "",
        "Research use only, not a medical device.",
        "",
        "A SAMBA network for every montage of 4 or more positioned electrodes, pretrained with samba-gui.",
        "",
        f"- Training data: {config.training_data}.",
        f"- {schedule.epochs} epochs of {schedule.steps_per_epoch} batches, AdamW, OneCycle up to "
        f"{schedule.max_lr:g}, seed {schedule.seed}; masks: {masking}; loss: {loss}.",
        f"- Windows of {config.window_s:g} s.",
        "",
        "Skill against straight-line interpolation at masked samples (0 = no better, 1 = perfect):",
        "",
        "| split | montage | skill |",
        "|---|---|---|",
        *rows,
        "",
        f"![Validation skill over epochs]({CURVE_FILE})",
        "",
    ]
    return "\n".join(lines)


def _nothing(line: str) -> None:
    """What processes say that do not lead."""


def _digest(*parts: object) -> str:
    """A short name for settings, for the folder of their state."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def _left(seconds: float) -> str:
    return f"{seconds / 60:.0f} min left" if seconds >= 90 else f"{seconds:.0f} s left"


def _by_name(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in values.items())


def _by_split(scores: dict[str, Score]) -> str:
    return ", ".join(
        f"{split} {one.balanced_accuracy:.3f} [{one.low:.3f}, {one.high:.3f}]"
        for split, one in scores.items()
    )
