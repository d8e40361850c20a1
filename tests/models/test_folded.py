"""The network prepared for one montage against the network itself and the float64 recurrence."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from reference_network import mamba2, samba
from safetensors.torch import load_file

from samba_gui.models import folded
from samba_gui.models.folded import FoldedMixer, FoldedSamba
from samba_gui.models.mamba2 import Mamba2
from samba_gui.models.samba import SAMBA

TOLERANCE = 1e-5


def relative(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).max() / np.abs(b).max())


def places(n: int, seed: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).standard_normal((n, 3))).float()


@pytest.fixture(scope="module", params=[False, True], ids=["one montage", "any montage"])
def net(request) -> SAMBA:
    torch.manual_seed(1)
    net = SAMBA(11, 11 if request.param else 5, any_montage=request.param, saie_initialisation="local")
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return net.eval()


@pytest.mark.parametrize("time", [8, 9, 13, 31, 64, 333, 640])
def test_equals_the_network(net, time):
    x = torch.randn(3, 7, time)
    inputs, targets = places(7, 1), places(11, 2)
    prepared = FoldedSamba(net, inputs, targets)
    with torch.inference_mode():
        expected, got = net(x, inputs, targets), prepared(x)
    assert got.reconstruction.shape == expected.reconstruction.shape
    assert relative(got.reconstruction.numpy(), expected.reconstruction.numpy()) < TOLERANCE
    assert relative(got.decoder3.numpy(), expected.decoder3.numpy()) < TOLERANCE
    answer, read = prepared.answer_and_read(x[:2], x[2:])
    assert relative(answer.numpy(), got.reconstruction[:2].numpy()) < TOLERANCE
    assert relative(read.numpy(), got.decoder3[2:].numpy()) < TOLERANCE
    assert torch.equal(got.saie_weights, expected.saie_weights)


def test_equals_the_recurrence(net):
    x = np.random.default_rng(3).standard_normal((7, 150)).astype(np.float32)
    inputs, targets = places(7, 1), places(11, 2)
    got = FoldedSamba(net, inputs, targets)(torch.from_numpy(x)[None])
    tensors = {name: tensor.numpy() for name, tensor in net.state_dict().items()}
    reconstruction, _, decoder3 = samba(x, tensors, inputs.numpy(), targets.numpy())
    assert relative(got.reconstruction[0].numpy(), reconstruction) < TOLERANCE
    assert relative(got.decoder3[0].numpy(), decoder3) < TOLERANCE


def test_equals_the_public_network(shared_dir):
    recorded = np.load(shared_dir / "fixtures" / "samba_public_c19_io.npz")
    public = SAMBA.from_public(load_file(shared_dir / "fixtures" / "samba_public_names_c19.safetensors"))
    inputs, targets = (torch.from_numpy(recorded[f"{name}_positions_m"]) for name in ("input", "target"))
    got = FoldedSamba(public.eval(), inputs, targets)(torch.from_numpy(recorded["x"]))
    assert relative(got.reconstruction.numpy(), recorded["out"]) < TOLERANCE
    assert relative(got.decoder3.numpy(), recorded["decoder3"]) < TOLERANCE


@pytest.mark.parametrize("taps", [2, 3, 4])
def test_scan_and_chunked_form_agree(taps):
    torch.manual_seed(taps)
    blocks = [[Mamba2(16, d_conv=taps, headdim=16) for _ in range(2)] for _ in range(3)]
    mixer = FoldedMixer(blocks)
    u = torch.randn(3, 2, 777, 16)  # several stretches, the last one ragged
    with torch.inference_mode():
        scanned, chunked = mixer(u), mixer._project(mixer._chunked(u))
        alone = torch.stack([sum(block(x) for block in stack) for stack, x in zip(blocks, u, strict=True)])
    assert relative(scanned.numpy(), chunked.numpy()) < TOLERANCE
    assert relative(scanned.numpy(), alone.numpy()) < TOLERANCE


@pytest.mark.parametrize("stretch", [1, 2, 3, 50])
def test_stretches_join_without_a_seam(stretch, monkeypatch):
    torch.manual_seed(0)
    mixer = FoldedMixer([[Mamba2(16, d_conv=4, headdim=16)]])
    u = torch.randn(1, 1, 100, 16)
    with torch.inference_mode():
        whole = mixer(u)
        monkeypatch.setattr(folded, "IN_FLIGHT", 0)
        monkeypatch.setattr(folded, "MIN_STRETCH", stretch)
        parts = mixer(u)
    assert relative(parts.numpy(), whole.numpy()) < TOLERANCE


def test_scan_survives_extreme_gates():
    torch.manual_seed(0)
    block = Mamba2(16, headdim=16)
    u = 300 * torch.randn(1, 1, 40, 16)  # exponentials far beyond float32
    with torch.inference_mode():
        got = FoldedMixer([[block]])(u)[0, 0].numpy()
    tensors = {f"m.{name}": t.detach().numpy().astype(float) for name, t in block.state_dict().items()}
    with np.errstate(over="ignore"):
        expected = mamba2(u[0, 0].numpy().astype(float), tensors, "m", 16)
    assert np.isfinite(got).all()
    assert relative(got, expected) < 1e-4
