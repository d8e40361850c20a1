"""The network fine-tuned with a head on one recording's windows, and judged on the pieces the head was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samba_gui.engine.labelling import LabelledWindows
from samba_gui.engine.masking import tsr_mask
from samba_gui.models.bundles import BundleNetwork
from samba_gui.models.heads import LinearHead
from samba_gui.training.batches import Batch
from samba_gui.training.blocked import STRENGTHS, OutOfFold, calibrated, smoothed_temperature
from samba_gui.training.finetune import ENCODER, Tuning, TuningReport, TuningRun, finetune
from samba_gui.training.learning import Told, part_of
from samba_gui.training.own_windows import Seen
from samba_gui.training.pretrain import validation_skill
from samba_gui.training.probe import Examples, extract, fit_linear, logits
from samba_gui.training.trials import Trials
from samba_gui.training.tuned import Finetune

JUDGED_WINDOWS = 40  # whose reconstruction is looked at
BATCH = 16
MAX_LR = {"last": 1e-3, "all": 3e-4}
PATIENCE = 2


@dataclass(frozen=True, eq=False)
class OwnTuning:
    """Fine-tunes from the probe, without each piece in turn and then on everything.

    Parameters
    ----------
    start : BundleNetwork
    seen : Seen
    labelled : LabelledWindows
    wanted : Finetune
    folder : Path
        Every epoch is kept here.
    """

    start: BundleNetwork
    seen: Seen
    labelled: LabelledWindows
    wanted: Finetune
    folder: Path

    def held_out(self, told: Told) -> tuple[OutOfFold, tuple[int, ...]]:
        """What is said of every piece while it is held out, and each one's best epoch."""
        splits = self.labelled.nested_splits()[:-1]
        found = np.zeros((1, len(self.seen.starts), len(self.labelled.classes)))
        epochs = []
        for k, (train, choose, test) in enumerate(splits):
            doing = f"Fine-tuning without piece {k + 1} of {len(splits)}"
            here = part_of(told, k / len(splits), (k + 1) / len(splits))
            run = self._run(f"piece-{k}", train, choose, doing, here)
            examples = extract(run.network, [self._trials(test)], [self._cap])
            found[0, test] = logits(run.head, examples.features)
            epochs.append(run.best)
        return calibrated(found, [test for *_, test in splits], self.labelled.labels), tuple(epochs)

    def whole(self, told: Told) -> TuningRun:
        """Fine-tuned on everything but what chooses the epoch."""
        train, choose, _ = self.labelled.nested_splits()[-1]
        return self._run("whole", train, choose, "Fine-tuning on all pieces", told)

    def skill(self, network: BundleNetwork) -> float:
        """How well a network reconstructs these windows."""
        signals, starts = self.seen.signals, self.seen.starts
        n, count = network.config.window_samples, len(starts)
        chosen = np.unique(np.linspace(0, count - 1, min(count, JUDGED_WINDOWS)).round().astype(int))
        channels, rng = np.arange(len(signals.montage)), np.random.default_rng(0)
        batches = []
        for some in np.array_split(chosen, -(-len(chosen) // BATCH)):
            x = np.stack([signals.window(int(start), n, channels) for start in starts[some]])
            visible = np.stack([tsr_mask(n, rng) for _ in some])
            batches.append(Batch(x, visible, signals.montage.positions_m))
        return validation_skill(network, batches)

    def _run(self, name: str, train: np.ndarray, choose: np.ndarray, doing: str, told: Told) -> TuningRun:
        wanted = self.wanted
        frozen = ENCODER if wanted.what == "last" else ()
        tuning = Tuning(
            wanted.epochs,
            wanted.steps,
            wanted.batch,
            MAX_LR[wanted.what],
            patience=PATIENCE,
            seed=wanted.seed,
            frozen=frozen,
        )

        def report(epoch: TuningReport, _left_s: float) -> None:
            told(doing, epoch.epoch / wanted.epochs)

        def stepped(steps: int) -> None:
            told(doing, steps / (wanted.epochs * wanted.steps))

        caps, folder = [self._cap], self.folder / f"{name}-{wanted.what}"
        learn, chooses = ([self._trials(some)] for some in (train, choose))
        probe = self._probe(train, choose)
        return finetune(self.start, probe, learn, chooses, caps, caps, tuning, folder, report, stepped)

    def _probe(self, train: np.ndarray, choose: np.ndarray) -> LinearHead:
        """A head on frozen features; penalty and temperature are chosen where the epoch will be."""
        labels, found = self.labelled.labels, []
        examples = Examples(self.seen.network[train], labels[train], self.labelled.blocks[train])
        for strength in STRENGTHS:
            head = fit_linear(examples, strength, len(self.labelled.classes))
            said = logits(head, self.seen.network[choose])
            temperature, loss = smoothed_temperature(said, labels[choose])
            head.temperature.fill_(temperature)
            found.append((loss, head))
        return min(found, key=lambda one: one[0])[1]

    @property
    def _cap(self) -> Sequence[str]:
        return self.seen.signals.montage.labels

    def _trials(self, which: np.ndarray) -> Trials:
        return Trials(self.seen.signals, self.seen.starts[which], self.labelled.labels[which])
