"""How the default bundle is trained: corpus, schedule, validation sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from samba_gui.core.bundle import BundleConfig, HeadConfig
from samba_gui.engine.masking import tsr_mask
from samba_gui.io.bundles import write_bundle
from samba_gui.io.montages import montage_by_id
from samba_gui.models.bundles import BundleNetwork
from samba_gui.models.heads import LinearHead
from samba_gui.training.batches import Batch, BatchSource
from samba_gui.training.card import HeadReport, write_card
from samba_gui.training.classical import band_powers, classical_scores
from samba_gui.training.corpus import CorpusRecording, load_corpus, read_entries
from samba_gui.training.curves import draw_curve
from samba_gui.training.design import new_config, new_network
from samba_gui.training.pretrain import EpochReport, Schedule, TrainingRun, pretrain, validation_skill
from samba_gui.training.probe import Score, extract, fit_head, score
from samba_gui.training.trials import TASKS, Task, find_trials

NAME = "SAMBA any montage"
TRAINING_DATA = "PhysioNet EEGMMIDB (64 electrodes) and EEGMAT (19 electrodes), healthy adults"
# folder of the corpus → montage and how often it is drawn
CORPORA = {"eegmmidb": ("10-10_64", 0.6), "eegmat": ("10-20_19", 0.4)}
SCHEDULE = Schedule(epochs=30, steps_per_epoch=60)
BATCH = 16
# cut out of the 64 electrodes for held-out subjects only: never a named montage in training
UNSEEN_MONTAGE = "emotiv_14"


@dataclass(frozen=True)
class Corpus:
    """Recordings by corpus folder and split."""

    recordings: dict[tuple[str, str], list[CorpusRecording]]

    @classmethod
    def load(cls, table: str | Path, config: BundleConfig, cache: str | Path) -> Corpus:
        """Preprocess (once) everything the table lists."""
        entries = read_entries(table)
        return cls(
            {
                (folder, split): load_corpus(
                    [e for e in entries if e.split == split and e.path.parent.name == folder],
                    config,
                    montage,
                    cache,
                )
                for folder, (montage, _) in CORPORA.items()
                for split in ("train", "val", "test")
            }
        )

    def subjects(self) -> dict[str, dict[str, int]]:
        """How many people each corpus has in each split."""
        count: dict[str, dict[str, int]] = {folder: {} for folder in CORPORA}
        for (folder, split), group in self.recordings.items():
            count[folder][split] = len({recording.entry.subject for recording in group})
        return count

    def group(self, split: str) -> list[list[CorpusRecording]]:
        """Recordings of a split, one list per montage."""
        return [self.recordings[folder, split] for folder in CORPORA]


def pretrain_default(
    config: BundleConfig, corpus: Corpus, work: str | Path, say: Callable[[str], None]
) -> TrainingRun:
    """Masked pretraining on the ``train`` split, watched on ``val``."""
    source = BatchSource(
        corpus.group("train"),
        [share for _, share in CORPORA.values()],
        [montage_by_id("10-20_19").labels],
        BATCH,
        config.window_samples,
        SCHEDULE.seed,
    )

    def report(epoch: EpochReport, left_s: float) -> None:
        skill = ", ".join(f"{name} {value:.3f}" for name, value in epoch.skill.items())
        say(f"epoch {epoch.epoch}: loss {epoch.loss:.4f}, skill {skill}; {left_s / 60:.0f} min left")

    watched = validation_sets(corpus, "val", config, 2)
    return pretrain(config, source, watched, SCHEDULE, work, report)


def validation_sets(
    corpus: Corpus, split: str, config: BundleConfig, windows_per_recording: int
) -> dict[str, list[Batch]]:
    """Evenly spread windows of every recording of a split under fixed masks, by montage."""
    sets: dict[str, list[Batch]] = {}
    for folder, (montage, _) in CORPORA.items():
        for name in (montage, UNSEEN_MONTAGE):
            sets.setdefault(name, []).extend(
                _windows(recording, name, config.window_samples, windows_per_recording, seed)
                for seed, recording in enumerate(corpus.recordings[folder, split])
                if set(montage_by_id(name).labels) <= set(recording.montage.labels)
            )
    return sets


def _windows(recording: CorpusRecording, montage: str, n: int, count: int, seed: int) -> Batch:
    labels: Sequence[str] = recording.montage.labels
    channels = np.array([labels.index(name) for name in montage_by_id(montage).labels])
    last = recording.samples.shape[1] // n - 1
    starts = np.unique(np.linspace(0, last, min(count, last + 1)).round().astype(int)) * n
    rng = np.random.default_rng([seed, n])
    return Batch(
        np.stack([recording.window(int(start), n, channels) for start in starts]),
        np.stack([tsr_mask(n, rng) for _ in starts]),
        recording.montage.positions_m[channels],
    )


def train_default_bundle(
    table: str | Path, work: str | Path, out: str | Path, say: Callable[[str], None]
) -> BundleConfig:
    """Pretrain, fit the heads, judge them on ``test``, and write the bundle with its card.

    Parameters
    ----------
    table : path
        The corpus table (``file,subject,split,label``).
    work : path
        Preprocessed recordings and the state of training; a rerun goes on from there.
    out : path
        The bundle's folder.
    say : callable
        Told of progress, one line at a time.
    """
    work = Path(work)
    config = new_config(NAME, TRAINING_DATA)
    corpus = Corpus.load(table, config, work / "preprocessed")
    run = pretrain_default(config, corpus, work / "pretraining", say)
    skill = {
        split: {
            name: validation_skill(run.network, batches)
            for name, batches in validation_sets(corpus, split, config, 1000).items()
        }
        for split in ("val", "test")
    }
    for split, values in skill.items():
        say(f"skill on {split}: {values}")
    untrained = new_network(config, SCHEDULE.seed)
    fitted = [_head(task, run.network, untrained, corpus, say) for task in TASKS]
    config = replace(
        config,
        heads=tuple(report.head for report, _ in fitted if report.shipped),
        amplitude_range_uv=_amplitude_range(corpus),
    )
    complete = BundleNetwork(config)
    complete.net.load_state_dict(run.network.net.state_dict())
    for report, head in fitted:
        if report.shipped:
            complete.heads[report.head.name] = head
    card = write_card(config, SCHEDULE, skill, [report for report, _ in fitted], corpus.subjects())
    draw_curve(run.curve, Path(out) / "training.png")
    return write_bundle(out, config, complete.model_bytes(), run.history, card)


def _head(
    task: Task,
    network: BundleNetwork,
    untrained: BundleNetwork,
    corpus: Corpus,
    say: Callable[[str], None],
) -> tuple[HeadReport, LinearHead]:
    """Fit and judge one head, beside the same probe on an untrained network and classical features."""
    config = network.config
    n, rate_hz = config.window_samples, config.preprocessing.rate_hz
    trials = {
        split: find_trials(task, corpus.recordings[task.folder, split], n, rate_hz)
        for split in ("train", "val", "test")
    }
    whole = trials["train"][0].recording.montage.labels
    # heads meet any montage, so they are trained on more than the whole cap; figures are of the whole cap
    smaller = (montage_by_id(name).labels for name in ("10-20_19", UNSEEN_MONTAGE))
    cuts = [whole, *(cut for cut in smaller if set(cut) < set(whole))]
    classes = len(task.classes)

    def fitted(net: BundleNetwork) -> tuple[LinearHead, dict[str, Score]]:
        train = extract(net, trials["train"], cuts)
        held_out = {split: extract(net, trials[split], [whole]) for split in ("val", "test")}
        head = fit_head(train, held_out["val"], classes)
        return head, {split: score(head, examples) for split, examples in held_out.items()}

    head, scores = fitted(network)
    _, control = fitted(untrained)
    powers = {split: band_powers(trials[split], n, rate_hz) for split in ("train", "test")}
    test = scores["test"]
    noun = HeadConfig(
        task.name,
        task.title,
        task.classes,
        calibrated=True,
        trained_on=task.trained_on,
        metrics={
            "balanced_accuracy": round(test.balanced_accuracy, 3),
            "interval": [round(test.low, 3), round(test.high, 3)],
            "chance": 1 / classes,
            "n_subjects": len({t.recording.entry.subject for t in trials["test"]}),
        },
        min_window_s=config.window_s,
    )
    classical = classical_scores(powers["train"], powers["test"])
    report = HeadReport(noun, scores, control["test"], classical, shipped=test.low > 1 / classes)
    say(f"head {task.name}: {scores} control {control['test']} shipped {report.shipped}")
    return report, head


def _amplitude_range(corpus: Corpus) -> tuple[float, float]:
    """1st and 99th percentile of the channels' scales in training, µV, with a factor of 2 to both sides."""
    scales = [
        recording.scales_uv(np.arange(len(recording.montage)))
        for group in corpus.group("train")
        for recording in group
    ]
    low, high = np.quantile(np.concatenate(scales), [0.01, 0.99])
    return round(float(low / 2), 2), round(float(high * 2), 2)
