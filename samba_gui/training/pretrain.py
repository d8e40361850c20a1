"""Masked pretraining over many montages, resumable after a kill."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.saie import SaieParameters
from samba_gui.engine.inference import masked_input, masked_output
from samba_gui.engine.masking import straight_line
from samba_gui.models.bundles import BundleNetwork
from samba_gui.training.batches import Batch, BatchSource
from samba_gui.training.design import new_network
from samba_gui.training.team import ALONE, Team

CLIP_NORM = 1.0
SAVED_TENSORS = "state.safetensors"


@dataclass(frozen=True)
class Schedule:
    """How long and how fast.

    Parameters
    ----------
    epochs, steps_per_epoch : int
    max_lr, weight_decay : float
        AdamW under a OneCycle schedule (10 % warm-up, cosine).
    seed : int
    """

    epochs: int
    steps_per_epoch: int
    max_lr: float = 2e-3
    weight_decay: float = 1e-2
    seed: int = 3407


@dataclass(frozen=True)
class EpochReport:
    """``epoch`` · ``loss`` mean over its steps · ``skill`` per validation set."""

    epoch: int
    loss: float
    skill: dict[str, float]


@dataclass(frozen=True)
class TrainingRun:
    """What pretraining yields: the network, its SAIE per epoch (0 = initialisation), and its curve."""

    network: BundleNetwork
    history: SaieHistory
    curve: tuple[EpochReport, ...]


def masked_loss(x: Tensor, predicted: Tensor, lines: Tensor, visible: Tensor) -> Tensor:
    """Squared error at masked samples relative to that of the straight line: 1 − skill.

    The mean over windows counts quiet windows as much as loud ones; the ratio of sums is what quality
    reports. Both enter by half.
    """
    masked = ~visible.unsqueeze(1)
    error = ((x - predicted).square() * masked).sum((1, 2))
    reference = ((x - lines).square() * masked).sum((1, 2))
    return 0.5 * (error / (reference + 1e-3)).mean() + 0.5 * error.sum() / reference.sum()


def pretrain(
    config: BundleConfig,
    source: BatchSource,
    validation: Mapping[str, Sequence[Batch]],
    schedule: Schedule,
    folder: str | Path,
    report: Callable[[EpochReport, float], None],
    loss: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor] = masked_loss,
    team: Team = ALONE,
) -> TrainingRun:
    """Train from scratch, or go on from the last finished epoch in ``folder``.

    Parameters
    ----------
    config : BundleConfig
    source : BatchSource
    validation : mapping of name to batches
        Held-out subjects; nothing is chosen on them but the epoch count by the caller.
    schedule : Schedule
    folder : path
        State is kept here after every epoch.
    report : callable
        Told every epoch's report and the seconds that are left.
    loss : callable
        Of signal, prediction, straight lines and visible samples; see :data:`training.losses.LOSSES`.
    team : Team
        Processes that share the batches; each step takes one batch per process.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    network = new_network(config, schedule.seed).to(team.device)
    optimiser = torch.optim.AdamW(parameter_groups(network.net, schedule.weight_decay), lr=schedule.max_lr)
    total = schedule.epochs * schedule.steps_per_epoch
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, schedule.max_lr, total_steps=total, pct_start=0.1, div_factor=10, final_div_factor=100
    )
    history = [network.net.saie.parameters_numpy()]
    curve = _restore(folder, schedule, network, optimiser, cycle, history)
    shared = team.sharing_gradients(network.net)
    for epoch in range(len(history), schedule.epochs + 1):
        began = time.monotonic()
        network.train()
        losses = []
        for step in range((epoch - 1) * schedule.steps_per_epoch, epoch * schedule.steps_per_epoch):
            cost = loss(*masked_pass(network, source.batch(step * team.size + team.rank), shared))
            optimiser.zero_grad(set_to_none=True)
            cost.backward()
            torch.nn.utils.clip_grad_norm_(network.net.parameters(), CLIP_NORM)
            optimiser.step()
            cycle.step()
            losses.append(cost.item())
        history.append(network.net.saie.parameters_numpy())
        skill = {name: validation_skill(network, batches) for name, batches in validation.items()}
        curve.append(EpochReport(epoch, float(np.mean(losses)), skill))
        if team.leads:
            _save(folder, schedule, network, optimiser, history, curve)
            report(curve[-1], (time.monotonic() - began) * (schedule.epochs - epoch))
        team.wait()
    return TrainingRun(network.eval(), SaieHistory(tuple(range(len(history))), tuple(history)), tuple(curve))


@torch.inference_mode()
def validation_skill(network: BundleNetwork, batches: Sequence[Batch]) -> float:
    """Skill against the straight line at masked samples, over all batches."""
    network.eval()
    error = reference = 0.0
    for batch in batches:
        x, predicted, lines, visible = masked_pass(network, batch)
        masked = ~visible.unsqueeze(1)
        error += ((x - predicted).square() * masked).sum().item()
        reference += ((x - lines).square() * masked).sum().item()
    return 1 - error / reference


def masked_pass(
    network: BundleNetwork, batch: Batch, shared: torch.nn.Module | None = None
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Signal, reconstruction and lines (batch, channels, times) and what was visible (batch, times).

    ``shared`` is the network as the team shares it.
    """
    config, module = network.config, shared or network.net
    device = network.net.device
    x = torch.from_numpy(batch.x).to(device)
    visible = torch.from_numpy(batch.visible).to(device)
    inputs, targets = (
        torch.as_tensor(config.to_network(positions), dtype=torch.float32, device=device)
        for positions in (batch.positions_m, config.target.positions_m)
    )
    lines = straight_line(x, visible)
    answer = module(masked_input(config.fill, lines, visible), inputs, targets).reconstruction
    return x, masked_output(config.fill, lines, answer), lines, visible


def parameter_groups(net: torch.nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """For the optimiser: recurrence parameters, norms and biases are not decayed."""
    named = list(net.named_parameters())
    kept = [p for name, p in named if p.ndim < 2 or name.endswith(("A_log", "dt_bias", ".D"))]
    decayed = [p for name, p in named if not any(p is other for other in kept)]
    return [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": kept, "weight_decay": 0.0},
    ]


def _save(
    folder: Path,
    schedule: Schedule,
    network: BundleNetwork,
    optimiser: torch.optim.Optimizer,
    history: list[SaieParameters],
    curve: list[EpochReport],
) -> None:
    tensors = {f"net.{name}": t.clone() for name, t in network.state_dict().items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": t.clone() for name, t in state.items()}
    for name in ("w1", "b1", "w2", "b2"):
        tensors[f"history.{name}"] = torch.tensor(np.stack([getattr(one, name) for one in history]))
    unfinished = folder / f"{SAVED_TENSORS}.part"
    metadata = {"schedule": asdict(schedule), "curve": [asdict(report) for report in curve]}
    save_file(tensors, unfinished, {name: json.dumps(value) for name, value in metadata.items()})
    unfinished.replace(folder / SAVED_TENSORS)


def _restore(
    folder: Path,
    schedule: Schedule,
    network: BundleNetwork,
    optimiser: torch.optim.Optimizer,
    cycle: torch.optim.lr_scheduler.OneCycleLR,
    history: list[SaieParameters],
) -> list[EpochReport]:
    """Take over the last finished epoch if it belongs to this schedule; returns the curve so far."""
    file = folder / SAVED_TENSORS
    if not file.exists():
        return []
    with safe_open(str(file), framework="pt") as opened:
        saved = {name: json.loads(text) for name, text in opened.metadata().items()}
    if saved["schedule"] != asdict(schedule):
        return []
    curve = [EpochReport(**report) for report in saved["curve"]]
    tensors = load_file(file)
    network.load_state_dict({n[4:]: t for n, t in tensors.items() if n.startswith("net.")})
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimiser."):
            _, index, field = name.split(".")
            state.setdefault(int(index), {})[field] = tensor
    whole = optimiser.state_dict()
    whole["state"] = state
    optimiser.load_state_dict(whole)
    with warnings.catch_warnings():
        # the optimiser's steps were made by the process that ended
        warnings.filterwarnings("ignore", "Detected call of `lr_scheduler.step")
        for _ in range(len(curve) * schedule.steps_per_epoch):
            cycle.step()
    columns = [tensors[f"history.{name}"].numpy() for name in ("w1", "b1", "w2", "b2")]
    history[:] = [SaieParameters(w1, b1, w2, float(b2)) for w1, b1, w2, b2 in zip(*columns, strict=True)]
    return curve
