"""The heads of the default bundle: fitted, compared, judged on held-out people, and shipped or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samba_gui.core.bundle import HeadConfig
from samba_gui.io.montages import montage_by_id
from samba_gui.models.bundles import BundleNetwork
from samba_gui.models.heads import LinearHead
from samba_gui.training.bands import ALL, figures_by_band
from samba_gui.training.batches import Batch
from samba_gui.training.calibration import Calibration, calibration
from samba_gui.training.classical import BAND_POWER, CSP, EYE_MOVEMENTS
from samba_gui.training.default_corpus import UNSEEN_MONTAGE, Corpus
from samba_gui.training.finetune import ENCODER, Tuning, TuningReport, finetune
from samba_gui.training.people import (
    Judgement,
    Method,
    Person,
    Predict,
    interval,
    judge,
    leave_one_out,
    people_of,
)
from samba_gui.training.person_probe import PersonProbe
from samba_gui.training.probe import Examples, extract, joined, logits, probabilities
from samba_gui.training.trials import Task, find_trials

Say = Callable[[str], None]
SPLITS = ("train", "val", "test")
PROBE = "**SAMBA, linear probe**"
CONTROL = "the same on an untrained network"
CLASSICAL: dict[str, dict[str, Method]] = {"imagery": {**BAND_POWER, **CSP}}
# what would tell the classes apart without the brain
ARTEFACTS: dict[str, dict[str, Method]] = {"imagery": EYE_MOVEMENTS}
TUNINGS = {
    "decoder and head, encoder frozen": Tuning(
        epochs=4,
        steps_per_epoch=20,
        max_lr=1e-3,
        patience=2,
        frozen=ENCODER,
    ),
    "all weights": Tuning(epochs=4, steps_per_epoch=20, max_lr=1e-3, patience=2),
}


@dataclass(frozen=True)
class Row:
    """One method: people of ``train`` left out in turn, and trained on ``train``: ``val``, ``test``, both."""

    left_out: Judgement
    val: Judgement
    test: Judgement
    held_out: Judgement


@dataclass(frozen=True)
class TunedRow:
    """One way of fine-tuning: the best ``epoch`` (0: the probe) and its ``accuracy`` on val.

    ``gain`` is by how much its log loss is smaller than the probe's on the same windows of val, ``skill``
    that of the reconstruction on val afterwards, by montage.
    """

    epoch: int
    accuracy: Judgement
    gain: Judgement
    skill: Mapping[str, float]


@dataclass(frozen=True)
class HeadReport:
    """Everything measured of one head.

    Parameters
    ----------
    head : HeadConfig
    rows : mapping of method to Row
        The probe, its control, and the classical methods.
    artefacts : mapping of method to Row
        Methods that see no brain.
    tuned : mapping of name to TunedRow
    calibration : mapping of split to Calibration
    shipped : bool
    """

    head: HeadConfig
    rows: Mapping[str, Row]
    artefacts: Mapping[str, Row]
    tuned: Mapping[str, TunedRow]
    calibration: Mapping[str, Calibration]
    shipped: bool


def make_head(
    task: Task,
    network: BundleNetwork,
    untrained: BundleNetwork,
    corpus: Corpus,
    watched: Mapping[str, Sequence[Batch]],
    work: Path,
    say: Say,
) -> tuple[HeadReport, LinearHead]:
    """Fit one head, judge it beside everything it must be compared with, and try fine-tuning.

    Parameters
    ----------
    task : Task
    network, untrained : BundleNetwork
    corpus : Corpus
    watched : mapping of montage to batches
        Of val, for the reconstruction after fine-tuning.
    work : Path
        Where fine-tuning keeps its state.
    say : callable
    """
    config = network.config
    n, rate_hz = config.window_samples, config.preprocessing.rate_hz
    people = {
        split: people_of(find_trials(task, corpus.recordings[task.folder, split], n, rate_hz), n, rate_hz)
        for split in SPLITS
    }
    cuts, classes = _cuts(people["train"]), len(task.classes)

    def row(name: str, method: Method, fitted: Predict | None = None) -> Row:
        found = _row(method, fitted or method(people["train"]), people)
        say(f"{task.name}, {name}: " + "; ".join(f"{k} {_told(j)}" for k, j in vars(found).items()))
        return found

    probe = PersonProbe(network, cuts, classes)
    control = PersonProbe(untrained, cuts, classes)
    head = probe.calibrated(people["train"], people["val"])
    rows = {
        PROBE: row(PROBE, probe, _likelier(head, probe)),
        CONTROL: row(
            CONTROL, control, _likelier(control.calibrated(people["train"], people["val"]), control)
        ),
    }
    classical = {name: row(name, method) for name, method in CLASSICAL.get(task.name, BAND_POWER).items()}
    artefacts = {name: row(name, method) for name, method in ARTEFACTS.get(task.name, {}).items()}
    examples = {split: joined([probe.whole(p) for p in people[split]]) for split in ("val", "test")}
    tuned = {
        name: _tuned(task, name, network, head, probe, people, cuts, watched, work, say) for name in TUNINGS
    }
    held_out, chance = rows[PROBE].held_out, 1 / classes
    shipped = held_out.low > chance and all(
        held_out.low > other.held_out.mean for other in artefacts.values()
    )
    noun = HeadConfig(
        task.name,
        task.title,
        task.classes,
        calibrated=True,
        trained_on=(
            f"{task.trained_on}; balanced accuracy {held_out.mean:.2f} [{held_out.low:.2f}, "
            f"{held_out.high:.2f}] in {len(held_out.people)} held-out people, chance {chance:.2f}"
        ),
        metrics={
            "balanced_accuracy": round(held_out.mean, 3),
            "interval": [round(held_out.low, 3), round(held_out.high, 3)],
            "chance": chance,
            "n_subjects": len(held_out.people),
            "subjects": ", ".join(held_out.people),
            "calibration_subjects": len(people["val"]),
            "untrained_network": round(rows[CONTROL].held_out.mean, 3),
            "best_classical": round(max(row.held_out.mean for row in classical.values()), 3),
        },
        min_window_s=config.window_s,
        reading=head.reading,
    )
    report = HeadReport(
        noun,
        rows | classical,
        artefacts,
        tuned,
        {split: calibration(head, one) for split, one in examples.items()},
        shipped,
    )
    return report, head


def _cuts(people: Sequence[Person]) -> list[Sequence[str]]:
    """The whole cap and smaller montages: heads meet any, so they are trained on more than the cap."""
    whole = people[0].trials[0].recording.montage.labels
    smaller = (montage_by_id(name).labels for name in ("10-20_19", UNSEEN_MONTAGE))
    return [whole, *(cut for cut in smaller if set(cut) < set(whole))]


def _likelier(head: LinearHead, probe: PersonProbe) -> Predict:
    return lambda person: logits(head, probe.whole(person).features).argmax(axis=1)


def _row(method: Method, fitted: Predict, people: Mapping[str, Sequence[Person]]) -> Row:
    predicted = {split: {p: fitted(p) for p in people[split]} for split in ("val", "test")}
    return Row(
        judge(leave_one_out(method, people["train"])),
        judge(predicted["val"]),
        judge(predicted["test"]),
        judge(predicted["val"] | predicted["test"]),
    )


def _tuned(
    task: Task,
    name: str,
    network: BundleNetwork,
    head: LinearHead,
    probe: PersonProbe,
    people: Mapping[str, Sequence[Person]],
    cuts: Sequence[Sequence[str]],
    watched: Mapping[str, Sequence[Batch]],
    work: Path,
    say: Say,
) -> TunedRow:
    """Fine-tune from the probe on ``train``; the epoch is chosen on ``val``, and nothing touches ``test``."""
    trials = {split: [one for p in people[split] for one in p.trials] for split in ("train", "val")}

    def report(epoch: TuningReport, left_s: float) -> None:
        say(f"{task.name}, {name}: {epoch}, at most {left_s / 60:.0f} min left")

    folder = work / f"{task.name}-{list(TUNINGS).index(name)}"
    run = finetune(
        network, head, trials["train"], trials["val"], cuts, cuts[:1], TUNINGS[name], folder, report
    )
    own: dict[Person, Examples] = {p: extract(run.network, p.trials, cuts[:1]) for p in people["val"]}
    gain = {p: _log_own(run.head, one) - _log_own(head, probe.whole(p)) for p, one in own.items()}
    predicted = {p: logits(run.head, one.features).argmax(axis=1) for p, one in own.items()}
    skill = {
        montage: figures_by_band(run.network, batches)[ALL].skill for montage, batches in watched.items()
    }
    found = TunedRow(run.best, judge(predicted), interval(gain), skill)
    say(f"{task.name}, {name}: val {_told(found.accuracy)}, gain {_told(found.gain)}, skill {skill}")
    return found


def _log_own(head: LinearHead, examples: Examples) -> np.ndarray:
    """Logarithm of the probability of each window's own class (windows,)."""
    p = probabilities(head, examples.features)
    return np.log(np.maximum(p[np.arange(len(p)), examples.labels], 1e-12))


def _told(judgement: Judgement) -> str:
    return f"{judgement.mean:.3f} [{judgement.low:.3f}, {judgement.high:.3f}]"
