"""What pretraining minimises, by name."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from samba_gui.training.pretrain import masked_loss

Loss = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""From signal, prediction and straight lines (batch, channels, times), and the visible samples."""


def l1_spectral(x: Tensor, predicted: Tensor, *, norm: str = "ortho") -> Tensor:
    """Mean absolute error plus the mean squared difference of spectra, over all samples.

    Source: the formula of the SAMBA paper as its public code computes it. With ``norm="backward"``, as there,
    the spectral term is the number of samples times the squared error (Parseval), and decides alone; with
    ``norm="ortho"`` it is about the squared error itself.

    Parameters
    ----------
    x, predicted : Tensor (..., times)
    norm : {"ortho", "backward"}
        As in :func:`torch.fft.rfft`.
    """
    difference = predicted - x
    return difference.abs().mean() + torch.fft.rfft(difference, norm=norm).abs().square().mean()


def authors_loss(x: Tensor, predicted: Tensor, lines: Tensor, visible: Tensor) -> Tensor:
    """The authors' formula: visible and masked samples alike, spectra not normalised."""
    return l1_spectral(x, predicted, norm="backward")


def orthonormal_loss(x: Tensor, predicted: Tensor, lines: Tensor, visible: Tensor) -> Tensor:
    """The same with orthonormal spectra."""
    return l1_spectral(x, predicted)


LOSSES: dict[str, Loss] = {
    "relative": masked_loss,
    "authors": authors_loss,
    "orthonormal": orthonormal_loss,
}
