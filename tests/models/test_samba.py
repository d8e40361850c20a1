"""The network against an independent float64 recurrence and the recorded output of the public network."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from reference_network import samba
from safetensors.torch import load_file

from samba_gui.core.errors import BundleError
from samba_gui.core.saie import SaieParameters, saie_weights
from samba_gui.models.samba import SAMBA
from samba_gui.models.ssd import ssd

TOLERANCE = 1e-5


def relative(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).max() / np.abs(b).max())


def sphere(n: int, seed: int) -> np.ndarray:
    points = np.random.default_rng(seed).standard_normal((n, 3))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def small_network(any_montage: bool = False) -> SAMBA:
    torch.manual_seed(0)
    net = SAMBA(11, 11 if any_montage else 5, any_montage=any_montage, saie_initialisation="local")
    with torch.no_grad():  # so that dead and live parameters alike differ from their initial values
        for parameter in net.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return net.eval()


@pytest.mark.parametrize("time", [8, 9, 15, 16, 31, 67, 128, 333])
@pytest.mark.parametrize("any_montage", [False, True])
def test_equals_the_recurrence(time, any_montage):
    net = small_network(any_montage)
    x = np.random.default_rng(time).standard_normal((7, time)).astype(np.float32)
    inputs, targets = sphere(7, 1), sphere(11, 2)
    with torch.inference_mode():
        output = net(torch.from_numpy(x)[None], *(torch.from_numpy(p).float() for p in (inputs, targets)))
    tensors = {name: tensor.numpy() for name, tensor in net.state_dict().items()}
    reconstruction, weights, decoder3 = samba(x, tensors, np.float32(inputs), np.float32(targets))
    assert output.decoder3.shape == (1, 128, time // 2)
    assert relative(output.reconstruction[0].numpy(), reconstruction) < TOLERANCE
    assert relative(output.saie_weights.numpy(), weights) < TOLERANCE
    assert relative(output.decoder3[0].numpy(), decoder3) < TOLERANCE


def test_equals_the_public_network(shared_dir):
    fixtures = shared_dir / "fixtures"
    recorded = np.load(fixtures / "samba_public_c19_io.npz")
    net = SAMBA.from_public(load_file(fixtures / "samba_public_names_c19.safetensors")).eval()
    assert sum(p.numel() for p in net.parameters()) == 1_059_828
    names = ("x", "input_positions_m", "target_positions_m")
    with torch.inference_mode():
        output = net(*(torch.from_numpy(recorded[name]) for name in names))
    assert relative(output.reconstruction.numpy(), recorded["out"]) < TOLERANCE
    assert relative(output.saie_weights.numpy(), recorded["saie_weights"]) < TOLERANCE
    assert relative(output.decoder3.numpy(), recorded["decoder3"]) < TOLERANCE


def test_long_windows_equal_the_recurrence():
    net = small_network()
    x = np.random.default_rng(5).standard_normal((4, 12_800)).astype(np.float32)
    inputs, targets = sphere(4, 1), sphere(11, 2)
    with torch.inference_mode():
        output = net(torch.from_numpy(x)[None], *(torch.from_numpy(p).float() for p in (inputs, targets)))
    tensors = {name: tensor.numpy() for name, tensor in net.state_dict().items()}
    reconstruction, _, _ = samba(x, tensors, np.float32(inputs), np.float32(targets))
    assert relative(output.reconstruction[0].numpy(), reconstruction) < TOLERANCE


@pytest.mark.parametrize("chunk", [1, 7, 16, 32, 64, 500])
def test_ssd_is_the_same_for_every_chunk(chunk):
    rng = np.random.default_rng(0)
    batch, time, groups, heads, width, state = 2, 150, 3, 2, 4, 5
    x = rng.standard_normal((batch, time, groups, heads, width))
    dt = rng.uniform(0.001, 0.5, (batch, time, groups, heads))
    a = -rng.uniform(1, 16, (groups, heads))
    b, c = rng.standard_normal((2, batch, time, groups, state))
    memory = np.zeros((batch, groups, heads, width, state))
    expected = np.empty_like(x)
    for t in range(time):
        gained = (dt[:, t, :, :, None] * x[:, t])[..., None] * b[:, t, :, None, None]
        memory = np.exp(dt[:, t] * a)[..., None, None] * memory + gained
        expected[:, t] = np.einsum("bghws,bgs->bghw", memory, c[:, t])
    got = ssd(*(torch.from_numpy(array) for array in (x, dt, a, b, c)), chunk=chunk).numpy()
    assert relative(got, expected) < 1e-12


def test_gradients_reach_every_living_parameter():
    net = small_network(any_montage=True).train()
    x = torch.randn(2, 6, 64)
    places = torch.from_numpy(sphere(6, 3)).float(), torch.from_numpy(sphere(11, 4)).float()
    net(x, *places).reconstruction.square().mean().backward()
    dead = {name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum()}
    norms = {"encoder1.1.norm.weight", "decodeMamba3.norm.weight", "decodeMamba2.norm.weight"}
    assert norms <= dead
    assert dead - norms <= {"saie.net.2.bias", "output_saie.net.2.bias"}  # these cancel in the softmax


def test_numpy_weights_equal_the_networks():
    net = small_network()
    inputs, targets = sphere(9, 5), sphere(11, 6)
    parameters = net.saie.parameters_numpy()
    assert isinstance(parameters, SaieParameters)
    with torch.inference_mode():
        weights = net.saie.weights(torch.from_numpy(targets).float(), torch.from_numpy(inputs).float())
    assert relative(saie_weights(parameters, targets, inputs), weights.numpy().astype(float)) < TOLERANCE


@pytest.mark.parametrize("wrap", ["state_dict", "model_state_dict", None])
@pytest.mark.parametrize("prefix", ["", "model.", "module._orig_mod."])
def test_reads_wrapped_checkpoints(wrap, prefix):
    tensors = {prefix + name: t for name, t in SAMBA(6, 3).state_dict().items()}
    net = SAMBA.from_public({wrap: tensors} if wrap else tensors)
    assert torch.equal(net.onput_embedding.weight, tensors[prefix + "onput_embedding.weight"])


def test_refuses_what_does_not_match():
    tensors = SAMBA(6, 3).state_dict()
    missing = {name: t for name, t in tensors.items() if name != "decoder2.bias"}
    with pytest.raises(BundleError, match=r"203 of 204 tensors match.*decoder2\.bias"):
        SAMBA.from_public(missing)
    with pytest.raises(BundleError, match=r"204 of 204.*stranger"):
        SAMBA.from_public({**tensors, "stranger": torch.zeros(1)})
    with pytest.raises(BundleError, match="EEGM2"):
        SAMBA.from_public({name: t for name, t in tensors.items() if not name.startswith("saie")})
    with pytest.raises(BundleError, match="not numbers"):
        SAMBA.from_public({**tensors, "decoder2.bias": tensors["decoder2.bias"] * float("nan")})


@pytest.mark.parametrize(
    ("shape", "places"), [((1, 4, 7), 4), ((1, 0, 64), 0), ((4, 64), 4), ((1, 4, 64), 5)]
)
def test_refuses_bad_input(shape, places):
    with pytest.raises(BundleError):
        SAMBA(6, 3)(torch.zeros(shape), torch.zeros(places, 3), torch.zeros(6, 3))


def test_refuses_values_that_are_not_numbers():
    x = torch.full((1, 4, 64), float("nan"))
    with pytest.raises(BundleError, match="not finite"):
        SAMBA(6, 3)(x, torch.zeros(4, 3), torch.zeros(6, 3))
    with pytest.raises(BundleError, match="floating-point"):
        SAMBA(6, 3)(torch.zeros(1, 4, 64, dtype=torch.int16), torch.zeros(4, 3), torch.zeros(6, 3))
