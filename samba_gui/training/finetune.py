"""Supervised fine-tuning of a pretrained network and its linear head, resumable after a kill.

The head starts as the linear probe on frozen features, so that epoch 0 is the probe and fine-tuning is chosen
only where it beats it on held-out subjects (Kumar et al. 2022: probe first, then fine-tune).
"""

from __future__ import annotations

import hashlib
import json
import time
import warnings
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from samba_gui.core.saie import SaieParameters
from samba_gui.models.bundles import BundleNetwork
from samba_gui.models.heads import LinearHead, pooled_features
from samba_gui.training.pretrain import CLIP_NORM, parameter_groups
from samba_gui.training.probe import balanced_accuracy, balanced_log_loss, calibrate, extract, probabilities
from samba_gui.training.trials import Trials

STATE = "finetuning.safetensors"
ENCODER = ("saie", "input_embedding", "encoder1", "encoder2", "encoder3")
"""Frozen, it leaves the blocks behind it to learn."""


@dataclass(frozen=True)
class Tuning:
    """How long and how fast; stops when ``patience`` epochs bring no smaller loss on held-out subjects.

    ``frozen`` parts of the network (its attributes) stay as they are.
    """

    epochs: int = 20
    steps_per_epoch: int = 30
    batch: int = 16
    max_lr: float = 3e-4
    weight_decay: float = 1e-2
    patience: int = 5
    seed: int = 3407
    frozen: tuple[str, ...] = ()


@dataclass(frozen=True)
class TuningReport:
    """``epoch`` (0: the probe) · ``loss`` of its steps · balanced log loss and accuracy on val."""

    epoch: int
    loss: float
    val_loss: float
    val_accuracy: float


@dataclass(frozen=True)
class TuningRun:
    """The best epoch's network and calibrated head, the SAIE up to it (0: before), and the whole curve."""

    network: BundleNetwork
    head: LinearHead
    best: int
    saie: tuple[SaieParameters, ...]
    curve: tuple[TuningReport, ...]


class TrialSource:
    """Draws labelled batches; batch ``k`` depends on the seed and ``k`` alone. Classes come equally often."""

    def __init__(
        self, trials: Sequence[Trials], cuts: Sequence[Sequence[str]], n: int, batch: int, seed: int
    ) -> None:
        self._n, self._batch, self._seed = n, batch, seed
        self._classes = int(max(one.labels.max() for one in trials)) + 1
        montages: dict[str, list[Trials]] = {}
        for one in trials:
            montages.setdefault(one.recording.montage.key, []).append(one)
        self._sets = [
            (group, np.array([group[0].recording.montage.labels.index(name) for name in cut]))
            for group in montages.values()
            for cut in cuts
            if set(cut) <= set(group[0].recording.montage.labels)
        ]
        shares = np.array([sum(len(one.starts) for one in group) for group, _ in self._sets], float)
        self._shares = shares / shares.sum()

    def batch(self, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Samples (batch, channels, times) float32, labels (batch,), positions in metres (channels, 3)."""
        rng = np.random.default_rng([self._seed, k])
        group, channels = self._sets[int(rng.choice(len(self._sets), p=self._shares))]
        wanted = rng.permutation(np.arange(self._batch) % self._classes)
        x, labels = [], []
        for label in wanted:
            # every recording counts the same, however many windows it has
            having = [one for one in group if (one.labels == label).any()]
            if not having:
                continue
            one = having[int(rng.integers(len(having)))]
            start = int(rng.choice(one.starts[one.labels == label]))
            x.append(one.recording.window(start, self._n, channels))
            labels.append(label)
        return np.stack(x), np.array(labels), group[0].recording.montage.positions_m[channels]


def finetune(
    start: BundleNetwork,
    probe: LinearHead,
    train: Sequence[Trials],
    held_out: Sequence[Trials],
    cuts: Sequence[Sequence[str]],
    caps: Sequence[Sequence[str]],
    tuning: Tuning,
    folder: str | Path,
    report: Callable[[TuningReport, float], None],
    stepped: Callable[[int], None] = lambda steps: None,
) -> TuningRun:
    """Train network and head, or go on from the last finished epoch in ``folder``.

    Parameters
    ----------
    start : BundleNetwork
        Pretrained.
    probe : LinearHead
        Fitted on its frozen features.
    train, held_out : sequence of Trials
        Of different subjects; the epoch is chosen on ``held_out``.
    cuts, caps : sequences of sequences of str
        Electrodes that are trained on, and those that ``held_out`` is judged on.
    tuning : Tuning
    folder : path
        State is kept here after every epoch.
    report : callable
        Told every epoch's report and the seconds that are left at most.
    stepped : callable
        Told after every batch how many there were.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    model = nn.ModuleDict({"network": deepcopy(start), "head": _unscaled(probe)})
    network, head = model["network"], model["head"]
    assert isinstance(network, BundleNetwork)
    assert isinstance(head, LinearHead)
    for part in tuning.frozen:
        getattr(network.net, part).requires_grad_(False)
    optimiser = torch.optim.AdamW(parameter_groups(model, tuning.weight_decay), lr=tuning.max_lr)
    total = tuning.epochs * tuning.steps_per_epoch
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, tuning.max_lr, total_steps=total, pct_start=0.1, div_factor=10, final_div_factor=100
    )
    source = TrialSource(train, cuts, network.config.window_samples, tuning.batch, tuning.seed)
    state = _State(folder / STATE, _identity(start, probe, tuning), model, optimiser)
    curve = state.restore()
    if not curve:
        curve = [TuningReport(0, float("nan"), *_judge(network, head, held_out, caps))]
        state.keep(curve)
        report(curve[0], float("inf"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the schedule is wound on, the optimiser has done these steps before
        for _ in range((len(curve) - 1) * tuning.steps_per_epoch):
            cycle.step()
    while len(curve) <= tuning.epochs and len(curve) - 1 - best_epoch(curve) < tuning.patience:
        epoch, began = len(curve), time.monotonic()
        network.train()
        costs = []
        for step in range((epoch - 1) * tuning.steps_per_epoch, epoch * tuning.steps_per_epoch):
            x, labels, positions = source.batch(step)
            cost = F.cross_entropy(_logits(network, head, x, positions), torch.from_numpy(labels))
            optimiser.zero_grad(set_to_none=True)
            cost.backward()
            nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM)
            optimiser.step()
            cycle.step()
            costs.append(cost.item())
            stepped(step + 1)
        judged = _judge(network, head, held_out, caps)
        curve.append(TuningReport(epoch, float(np.mean(costs)), *judged))
        state.keep(curve)
        report(curve[-1], (time.monotonic() - began) * (tuning.epochs - epoch))
    best = best_epoch(curve)
    saie = state.take_best(best)
    calibrate(head, extract(network, held_out, caps))
    return TuningRun(network.eval(), head, best, saie, tuple(curve))


def best_epoch(curve: Sequence[TuningReport]) -> int:
    """The epoch with the smallest loss on held-out subjects."""
    return min(curve, key=lambda one: one.val_loss).epoch


def _unscaled(probe: LinearHead) -> LinearHead:
    """The same head with its temperature taken into the weights."""
    head = deepcopy(probe)
    with torch.no_grad():
        head.linear.weight.div_(probe.temperature)
        head.linear.bias.div_(probe.temperature)
        head.temperature.fill_(1.0)
    return head


def _logits(network: BundleNetwork, head: LinearHead, x: np.ndarray, positions_m: np.ndarray) -> Tensor:
    config = network.config
    places, targets = (
        torch.as_tensor(config.to_network(p), dtype=torch.float32)
        for p in (positions_m, config.target.positions_m)
    )
    features = pooled_features(network.net(torch.from_numpy(x), places, targets).decoder3)
    return head.logits(features)


def _judge(
    network: BundleNetwork, head: LinearHead, held_out: Sequence[Trials], caps: Sequence[Sequence[str]]
) -> tuple[float, float]:
    """Balanced log loss and balanced accuracy, the temperature fitted anew as the probe's was."""
    examples = extract(network, held_out, caps)
    judged = deepcopy(head)
    calibrate(judged, examples)
    p = probabilities(judged, examples.features)
    loss = balanced_log_loss(p, examples.labels)
    accuracy = balanced_accuracy(p.argmax(axis=1), examples.labels)
    return (loss if np.isfinite(loss) else float("inf")), accuracy  # an epoch that diverged is never the best


def _identity(start: BundleNetwork, probe: LinearHead, tuning: Tuning) -> str:
    """What a state must have begun with to be gone on from."""
    digest = hashlib.sha256(json.dumps(asdict(tuning), sort_keys=True).encode())
    digest.update(start.model_bytes())
    for tensor in probe.state_dict().values():
        digest.update(tensor.numpy().tobytes())
    return digest.hexdigest()


class _State:
    """What is on disk after every epoch: the model now, the best one, the SAIE so far, and the optimiser."""

    def __init__(
        self, file: Path, identity: str, model: nn.ModuleDict, optimiser: torch.optim.Optimizer
    ) -> None:
        self._file, self._identity = file, identity
        self._model, self._optimiser = model, optimiser
        self._best: dict[str, Tensor] = {}
        self._saie: list[dict[str, Tensor]] = []

    def keep(self, curve: Sequence[TuningReport]) -> None:
        """Write; an epoch counts only once all of it is on disk."""
        now = {name: tensor.detach().clone() for name, tensor in self._model.state_dict().items()}
        if best_epoch(curve) == curve[-1].epoch:
            self._best = now
        self._saie.append({n: t for n, t in now.items() if n.startswith("network.net.saie.")})
        tensors = {f"now.{name}": tensor.clone() for name, tensor in now.items()}
        tensors |= {f"best.{name}": tensor.clone() for name, tensor in self._best.items()}
        for epoch, parameters in enumerate(self._saie):
            tensors |= {f"saie.{epoch}.{name}": tensor.clone() for name, tensor in parameters.items()}
        for index, moments in self._optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{index}.{name}": tensor.clone() for name, tensor in moments.items()}
        unfinished = self._file.with_name(f"{self._file.name}.part")
        told = {"identity": self._identity, "curve": json.dumps([asdict(one) for one in curve])}
        save_file(tensors, unfinished, told)
        unfinished.replace(self._file)

    def restore(self) -> list[TuningReport]:
        """Take over what is on disk if it began the same way; the curve so far."""
        if not self._file.exists():
            return []
        with safe_open(str(self._file), framework="pt") as opened:
            told = opened.metadata()
        if told["identity"] != self._identity:
            return []
        curve = [TuningReport(**one) for one in json.loads(told["curve"])]
        tensors = load_file(self._file)
        self._model.load_state_dict(_under("now.", tensors))
        self._best = _under("best.", tensors)
        self._saie = [_under(f"saie.{one.epoch}.", tensors) for one in curve]
        moments: dict[int, dict[str, Tensor]] = {}
        for name, tensor in _under("optimiser.", tensors).items():
            index, field = name.split(".")
            moments.setdefault(int(index), {})[field] = tensor
        whole = self._optimiser.state_dict()
        whole["state"] = moments
        self._optimiser.load_state_dict(whole)
        return curve

    def take_best(self, best: int) -> tuple[SaieParameters, ...]:
        """Give the model the best epoch's weights; the SAIE from before the first epoch to that one."""
        self._model.load_state_dict(self._best)
        names = [f"network.net.saie.net.{name}" for name in ("0.weight", "0.bias", "2.weight", "2.bias")]
        columns = [[saie[name].numpy() for name in names] for saie in self._saie[: best + 1]]
        return tuple(SaieParameters(w1, b1, w2[0], float(b2[0])) for w1, b1, w2, b2 in columns)


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
