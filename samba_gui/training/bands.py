"""Reconstruction by frequency band, against straight-line interpolation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy import signal

from samba_gui.engine.inference import masked_input, masked_output
from samba_gui.engine.masking import straight_line
from samba_gui.models.bundles import BundleNetwork
from samba_gui.models.folded import FoldedSamba
from samba_gui.training.batches import Batch

BANDS_HZ = {"delta": (0.5, 4.0), "theta": (4.0, 8.0), "alpha": (8.0, 13.0), "beta": (13.0, 30.0)}
ALL = "all"


@dataclass(frozen=True)
class BandFigures:
    """Of one band: NRMSE of the reconstruction and of the line, skill of one against the other."""

    nrmse: float
    line_nrmse: float

    @property
    def skill(self) -> float:
        """1 − MSE / MSE of the line (0 = no better, 1 = perfect)."""
        return 1 - (self.nrmse / self.line_nrmse) ** 2


@torch.inference_mode()
def figures_by_band(network: BundleNetwork, batches: Sequence[Batch]) -> dict[str, BandFigures]:
    """Judge the reconstruction of masked samples, in each band and in all that the network is given.

    Every window passes twice, under its mask and under the complement, so that each sample is predicted once
    while it is masked; what is put together so, the same of straight lines, and the original go through the
    same zero-phase filter (Butterworth, order 4), and errors are counted over all windows and channels.

    Parameters
    ----------
    network : BundleNetwork
    batches : sequence of Batch
    """
    network.eval()
    names = (ALL, *BANDS_HZ)
    sums = {name: np.zeros(3) for name in names}
    for batch in batches:
        x, *woven = _woven(network, batch)
        for name in names:
            filtered = [_filtered(one, name, network.config.preprocessing.rate_hz) for one in (x, *woven)]
            sums[name] += _sums(*filtered)
    return {
        name: BandFigures(float(np.sqrt(error / power)), float(np.sqrt(line / power)))
        for name, (power, error, line) in sums.items()
    }


def _woven(network: BundleNetwork, batch: Batch) -> tuple[np.ndarray, ...]:
    """Original, reconstruction and lines (windows, channels, times), each sample as it was masked."""
    config = network.config
    inputs, targets = (
        torch.as_tensor(config.to_network(positions), dtype=torch.float32)
        for positions in (batch.positions_m, config.target.positions_m)
    )
    net = FoldedSamba(network.net, inputs, targets)
    x, first = torch.from_numpy(batch.x), torch.from_numpy(batch.visible)
    passes = []
    for visible in (first, ~first):
        lines = straight_line(x, visible)
        answer = net(masked_input(config.fill, lines, visible)).reconstruction
        passes.append((masked_output(config.fill, lines, answer), lines))
    woven = (torch.where(first.unsqueeze(1), hidden, seen) for seen, hidden in zip(*passes, strict=True))
    return batch.x, *(one.numpy() for one in woven)


def _filtered(x: np.ndarray, band: str, rate_hz: float) -> np.ndarray:
    x = x.astype(np.float64)
    if band == ALL:
        return x
    sos = signal.butter(4, BANDS_HZ[band], "bandpass", fs=rate_hz, output="sos")
    return signal.sosfiltfilt(sos, x, axis=-1)


def _sums(x: np.ndarray, predicted: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Sums of squares: of the original about each window's mean, of both errors."""
    about = x - x.mean(axis=-1, keepdims=True)
    return np.array([np.square(one).sum() for one in (about, predicted - x, lines - x)])
