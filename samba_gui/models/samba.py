"""SAMBA: a Mamba-2 U-net behind a spatial-adaptive input embedding.

Written from a description of the public network (Hong et al. 2025); parameter names are the
authors', so that their checkpoints load. Shapes: signals (batch, channels, time), positions (n, 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from samba_gui.core.errors import BundleError
from samba_gui.models.diffmamba import DiffMamba
from samba_gui.models.mamba2 import Mamba2
from samba_gui.models.saie import Saie

MIN_SAMPLES = 8  # three halvings
WIDTH = 64


class ResidualMamba(nn.Module):
    """``x + Mamba2(x)``; ``norm.weight`` exists in the authors' files but is never applied."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mamba = Mamba2(width)
        self.norm = nn.RMSNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        """x is (batch, time, width)."""
        return x + self.mamba(x)


class DiffMambaBlock(nn.Module):
    """Only gives the differential Mamba the authors' name ``block``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.block = DiffMamba(width)

    def forward(self, x: Tensor) -> Tensor:
        """x is (batch, time, width)."""
        return self.block(x)


class InputEmbedding(nn.Module):
    """Three parallel convolutions (1, 3, 7 taps), concatenated and fused."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.branch1 = nn.Conv1d(channels, WIDTH, 1)
        self.branch3 = nn.Conv1d(channels, WIDTH, 3, padding=1)
        self.branch7 = nn.Conv1d(channels, WIDTH, 7, padding=3)
        self.fuse = nn.Conv1d(3 * WIDTH, WIDTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        """x is (batch, channels, time)."""
        kernel, bias = self.kernel()
        return F.conv1d(x, kernel, bias, padding=3)

    def kernel(self) -> tuple[Tensor, Tensor]:
        """All of it is linear, so it is one 7-tap convolution: kernel (64, channels, 7) and bias (64,)."""
        one, three, seven = self.fuse.weight.squeeze(-1).split(WIDTH, dim=1)
        kernel = torch.einsum("of,fck->ock", seven, self.branch7.weight)
        kernel = kernel + F.pad(torch.einsum("of,fck->ock", three, self.branch3.weight), (2, 2))
        kernel = kernel + F.pad(torch.einsum("of,fck->ock", one, self.branch1.weight), (3, 3))
        biases = torch.cat([self.branch1.bias, self.branch3.bias, self.branch7.bias])  # type: ignore[list-item]
        assert self.fuse.bias is not None
        return kernel, self.fuse.bias + self.fuse.weight.squeeze(-1) @ biases


@dataclass(frozen=True)
class SambaOutput:
    """What the network returns.

    ``reconstruction`` (batch, outputs, time) · ``saie_weights`` (targets, inputs) · ``decoder3``
    (batch, 128, time // 2): the features of the third decoder stage, after up-sampling.
    """

    reconstruction: Tensor
    saie_weights: Tensor
    decoder3: Tensor


class SAMBA(nn.Module):
    """The network.

    Parameters
    ----------
    target_channels : int
        Electrodes of the target montage (94 in the authors' files).
    out_channels : int
        Channels the decoder writes.
    any_montage : bool
        False: the public network, whose output channels are one fixed montage. True: the output lands
        on the target montage and a second SAIE, roles swapped, carries it to the wanted electrodes.
    saie_initialisation : {"default", "local"}
    seed : int
        Of the SAIE initialisations.
    """

    def __init__(
        self,
        target_channels: int,
        out_channels: int,
        *,
        any_montage: bool = False,
        saie_initialisation: str = "default",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.saie = Saie(saie_initialisation, seed)
        self.output_saie = Saie(saie_initialisation, seed + 1) if any_montage else None
        self.input_embedding = InputEmbedding(target_channels)
        self.encoder1 = nn.Sequential(nn.Linear(WIDTH, WIDTH), ResidualMamba(WIDTH))
        self.encoder2 = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.encoder3 = nn.Conv1d(WIDTH, 2 * WIDTH, 3, padding=1)
        self.bottleneck = nn.Sequential(
            nn.Linear(2 * WIDTH, 2 * WIDTH), DiffMambaBlock(2 * WIDTH), nn.Linear(2 * WIDTH, 2 * WIDTH)
        )
        self.decoder3 = nn.Conv1d(4 * WIDTH, 2 * WIDTH, 3, padding=1)
        self.decodeMamba3 = ResidualMamba(2 * WIDTH)
        self.decoder2 = nn.Conv1d(3 * WIDTH, WIDTH, 3, padding=1)
        self.decodeMamba2 = ResidualMamba(WIDTH)
        self.decoder1 = nn.Conv1d(2 * WIDTH, WIDTH, 3, padding=1)
        self.onput_embedding = nn.Conv1d(WIDTH, out_channels, 1)  # the authors' spelling

    @property
    def device(self) -> torch.device:
        """Where the weights lie."""
        return self.encoder2.weight.device

    def forward(
        self,
        x: Tensor,
        input_positions: Tensor,
        target_positions: Tensor,
        output_positions: Tensor | None = None,
    ) -> SambaOutput:
        """Reconstruct.

        Parameters
        ----------
        x : Tensor (batch, inputs, time) float32
            At least 8 samples.
        input_positions : Tensor (inputs, 3)
        target_positions : Tensor (targets, 3)
        output_positions : Tensor (outputs, 3), optional
            Where ``any_montage``; by default the input positions.

        Raises
        ------
        BundleError
            Shapes, dtype or values the network cannot take.
        """
        self._check(x, input_positions, target_positions)
        weights = self.saie.weights(target_positions, input_positions)
        x1, features = self._encode(weights @ x)
        y = self.onput_embedding(self.decoder1(torch.cat([x1, _resize(features[1], x1)], 1)))
        if self.output_saie is not None:
            places = input_positions if output_positions is None else output_positions
            y = self.output_saie.weights(places, target_positions) @ y
        return SambaOutput(y, weights, features[0])

    def _encode(self, targets: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        x1 = self.encoder1(self.input_embedding(targets).mT).mT
        x2 = self.encoder2(F.max_pool1d(x1, 2))
        x3 = self.encoder3(F.max_pool1d(x2, 2))
        bottom = self.bottleneck(F.max_pool1d(x3, 2).mT).mT
        d3 = self.decodeMamba3(self.decoder3(torch.cat([x3, _resize(bottom, x3)], 1)).mT).mT
        d3 = _resize(d3, x2)
        d2 = self.decodeMamba2(self.decoder2(torch.cat([x2, d3], 1)).mT).mT
        return x1, (d3, d2)

    def _check(self, x: Tensor, inputs: Tensor, targets: Tensor) -> None:
        expected = self.input_embedding.branch1.in_channels
        if x.ndim != 3 or not x.shape[1] or x.shape[2] < MIN_SAMPLES:
            raise BundleError(
                "The network needs (batch, channels, at least {least} samples), got {shape}.",
                least=MIN_SAMPLES,
                shape=tuple(x.shape),
            )
        if not x.dtype.is_floating_point:
            raise BundleError("The network needs floating-point samples, got {dtype}.", dtype=x.dtype)
        if inputs.shape != (x.shape[1], 3) or targets.shape != (expected, 3):
            raise BundleError(
                "Positions of shape {inputs} and {targets} for {n} channels and {expected} targets.",
                "Give one 3-D position per channel.",
                inputs=tuple(inputs.shape),
                targets=tuple(targets.shape),
                n=x.shape[1],
                expected=expected,
            )
        if not (torch.isfinite(x).all() and torch.isfinite(inputs).all()):
            raise BundleError("Samples or positions are not finite.", "Mark the channel as bad.")

    @classmethod
    def from_public(cls, state_dict: Mapping[str, object]) -> SAMBA:
        """Build the public network from the authors' tensors.

        Parameters
        ----------
        state_dict : mapping of name to Tensor
            204 tensors; the wrappers ``state_dict`` and ``model_state_dict`` and the leading prefixes
            ``model.``, ``module.`` and ``_orig_mod.`` are understood.

        Raises
        ------
        BundleError
            Another network, or not all tensors fit; the message says "N of M".
        """
        tensors = unwrapped(state_dict)
        if "saie.net.0.weight" not in tensors or "onput_embedding.weight" not in tensors:
            other = "an EEGM2 network (no SAIE)" if "onput_embedding.weight" in tensors else "another network"
            raise BundleError(
                "The checkpoint holds {other}, not SAMBA.", "Choose a SAMBA checkpoint.", other=other
            )
        branch, out = tensors.get("input_embedding.branch1.weight"), tensors["onput_embedding.weight"]
        if branch is None or branch.ndim != 3 or out.ndim != 3 or max(branch.shape[1], out.shape[0]) > 4096:
            raise BundleError("The checkpoint's embedding has an impossible shape.", "Choose another file.")
        with torch.device("meta"):  # sizes are checked before memory is taken
            net = cls(branch.shape[1], out.shape[0])
        load_strictly(net, tensors)
        return net


def load_strictly(net: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Give a network (also one on the meta device) its tensors; all must match.

    Raises
    ------
    BundleError
        "N of M tensors match", naming the first that does not.
    """
    expected = net.state_dict()
    wrong = [
        name for name, own in expected.items() if name not in tensors or tensors[name].shape != own.shape
    ]
    wrong += [name for name in tensors if name not in expected]
    if wrong:
        matching = len(expected) - sum(name in expected for name in wrong)
        raise BundleError(
            "{matching} of {n_expected} tensors match the network; the first to differ is {tensor}.",
            "The file belongs to another version or another network.",
            matching=matching,
            n_expected=len(expected),
            tensor=wrong[0],
        )
    not_finite = next((name for name, t in tensors.items() if not torch.isfinite(t).all()), None)
    if not_finite:
        raise BundleError(
            "The tensor {not_finite} holds values that are not numbers.",
            "Choose another file.",
            not_finite=not_finite,
        )
    net.load_state_dict({name: t.float() for name, t in tensors.items()}, strict=True, assign=True)


def unwrapped(state_dict: Mapping[str, object]) -> dict[str, Tensor]:
    """Tensors of a checkpoint under their plain names; only leading prefixes are taken off."""
    for wrapper in ("model_state_dict", "state_dict"):
        inner = state_dict.get(wrapper)
        if isinstance(inner, Mapping):
            state_dict = inner
    tensors = {name: value for name, value in state_dict.items() if isinstance(value, Tensor)}
    prefixes = ("model.", "module.", "_orig_mod.")
    while tensors and any(all(name.startswith(prefix) for name in tensors) for prefix in prefixes):
        tensors = {name.split(".", 1)[1]: value for name, value in tensors.items()}
    return tensors


def _resize(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, size=like.shape[-1], mode="linear", align_corners=False)
