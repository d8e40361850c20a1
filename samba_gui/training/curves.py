"""The training curve as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from samba_gui.training.pretrain import EpochReport


def draw_curve(curve: Sequence[EpochReport], file: str | Path) -> None:
    """Validation skill per montage and training loss over epochs, as a PNG."""
    from matplotlib.figure import Figure  # slow to import, and only needed here

    epochs = [report.epoch for report in curve]
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name in curve[-1].skill:
        left.plot(epochs, [report.skill[name] for report in curve], label=name)
    left.axhline(0, color="0.6", lw=0.8)
    left.set(xlabel="epoch", ylabel="skill against the straight line", title="held-out subjects (val)")
    left.legend(frameon=False)
    right.plot(epochs, [report.loss for report in curve], color="0.2")
    right.set(xlabel="epoch", ylabel="1 − skill, mean over batches", title="training")
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110, metadata={"Software": None})
