"""How the default bundle is trained: pretraining, heads, card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from samba_gui.core.bundle import BundleConfig
from samba_gui.io.bundles import write_bundle
from samba_gui.io.montages import montage_by_id
from samba_gui.models.bundles import BundleNetwork
from samba_gui.training.bands import figures_by_band
from samba_gui.training.batches import BatchSource
from samba_gui.training.card import write_card
from samba_gui.training.corpus import pinned
from samba_gui.training.curves import draw_curve
from samba_gui.training.default_corpus import CORPORA, Corpus, validation_sets
from samba_gui.training.default_heads import make_head
from samba_gui.training.design import new_config, new_network
from samba_gui.training.pretrain import EpochReport, Schedule, TrainingRun, pretrain
from samba_gui.training.trials import TASKS

NAME = "SAMBA any montage"
TRAINING_DATA = "PhysioNet EEGMMIDB (64 electrodes) and EEGMAT (19 electrodes), healthy adults"
SCHEDULE = Schedule(epochs=30, steps_per_epoch=60)
BATCH = 16
ALL_WINDOWS = 1000  # per recording: more than any has


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


def train_default_bundle(
    table: str | Path, work: str | Path, out: str | Path, say: Callable[[str], None]
) -> BundleConfig:
    """Pretrain, fit the heads, judge them on held-out people, and write the bundle with its card.

    Parameters
    ----------
    table : path
        The corpus table (``file,subject,split,label``).
    work : path
        Preprocessed recordings and the states of pretraining and fine-tuning; a rerun goes on from there.
    out : path
        The bundle's folder.
    say : callable
        Told of progress, one line at a time.
    """
    work = Path(work)
    config = new_config(NAME, TRAINING_DATA)
    corpus = Corpus.load(table, config, work / "preprocessed")
    run = pretrain_default(config, corpus, work / "pretraining", say)
    figures = {
        split: {
            montage: figures_by_band(run.network, batches)
            for montage, batches in validation_sets(corpus, split, config, ALL_WINDOWS).items()
        }
        for split in ("val", "test")
    }
    for split, montages in figures.items():
        for montage, bands in montages.items():
            say(f"{split} {montage}: " + ", ".join(f"{b} {f.skill:.3f}" for b, f in bands.items()))
    untrained = new_network(config, SCHEDULE.seed)
    watched = validation_sets(corpus, "val", config, 8)
    fitted = [
        make_head(task, run.network, untrained, corpus, watched, work / "finetuning", say) for task in TASKS
    ]
    shipped = {report.head.name: (report.head, head) for report, head in fitted if report.shipped}
    config = replace(
        config,
        heads=tuple(noun for noun, _ in shipped.values()),
        amplitude_range_uv=corpus.amplitude_range_uv(),
        trained_montages=pinned(montage_by_id(montage) for montage, _ in CORPORA.values()),
    )
    complete = BundleNetwork(config)
    complete.net.load_state_dict(run.network.net.state_dict())
    for name, (_, head) in shipped.items():
        complete.heads[name] = head
    card = write_card(config, SCHEDULE, figures, [report for report, _ in fitted], corpus.subjects())
    draw_curve(run.curve, Path(out) / "training.png")
    return write_bundle(out, config, complete.model_bytes(), run.history, card)
