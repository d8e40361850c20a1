"""Public checkpoints become bundles that run; hostile ones are refused before memory is taken."""

from __future__ import annotations

import json
import os
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from analysis_fixtures import setting_of, short_edf
from safetensors.torch import save_file

from samba_gui.cli import main
from samba_gui.cli.look_up import bundle_lines
from samba_gui.core.errors import BundleError, RecipeError
from samba_gui.core.recipe import output_rows
from samba_gui.core.windows import Window
from samba_gui.engine.checkpoint_child import read_checkpoint
from samba_gui.engine.convert import FRAMES, HEAD_FROM_NATIVE, convert
from samba_gui.engine.inference import Analyser
from samba_gui.engine.windows import plan_windows
from samba_gui.io.bundles import read_bundle, read_saie_history
from samba_gui.io.montages import montage_by_id
from samba_gui.io.results import read_results
from samba_gui.models.bundles import load_network
from samba_gui.models.checkpoints import MAX_FILE_BYTES, read_public_checkpoint
from samba_gui.models.samba import SAMBA

__all__ = ["short_edf"]
TARGET = montage_by_id("authors_1020_94")
TEN_TWENTY = montage_by_id("10-20_19")


@pytest.fixture(scope="module")
def tensors() -> dict[str, torch.Tensor]:
    """A random network of the public shape: 94 targets, 19 outputs."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(4)
        return SAMBA(94, 19).state_dict()


@pytest.fixture(scope="module")
def public_bundle(tensors: dict[str, torch.Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Converted from a Lightning checkpoint, through the command line."""
    folder = tmp_path_factory.mktemp("public")
    state = {f"model.{name}": tensor for name, tensor in tensors.items()}
    torch.save({"state_dict": state, "epoch": 199, "global_step": 7}, folder / "public.ckpt")
    arguments = ["--output-montage", "10-20_19", "--window", "4"]
    assert main(["convert", str(folder / "public.ckpt"), *arguments, "--out", str(folder / "bundle")]) == 0
    return folder / "bundle"


def test_a_checkpoint_becomes_a_bundle(public_bundle: Path, tensors: dict[str, torch.Tensor]) -> None:
    config = read_bundle(public_bundle)
    assert (config.any_montage, config.fill, config.saie_initialisation) == (False, "zero", "default")
    assert config.output_labels == TEN_TWENTY.labels
    assert (config.window_s, config.target.labels) == (4.0, TARGET.labels)
    network = load_network(config, public_bundle)
    assert all(torch.equal(tensors[name], tensor) for name, tensor in network.net.state_dict().items())
    lines = bundle_lines(config, read_saie_history(public_bundle))
    assert any(line.startswith("reconstructs only Fp1, Fp2, F7") for line in lines)
    history = read_saie_history(public_bundle)
    assert history.epochs == (199,)
    np.testing.assert_array_equal(history.trained.w1, tensors["saie.net.0.weight"].numpy())
    card = (public_bundle / "README.md").read_text("utf-8")
    assert "All 204 of 204 tensors matched; epoch 199." in card
    assert "no licence" in card


def test_frames_are_those_of_mne() -> None:
    import mne
    from mne.channels.montage import compute_native_head_t

    for name in ("colin27_1020", "colin27_1005"):
        montage = mne.channels.make_standard_montage(name)
        np.testing.assert_allclose(compute_native_head_t(montage)["trans"], HEAD_FROM_NATIVE, atol=1e-8)
    native = np.array(
        list(mne.channels.make_standard_montage("colin27_1020").get_positions()["ch_pos"].values())
    )
    to_native = FRAMES["native"]
    got = TARGET.positions_m @ to_native[:3, :3].T + to_native[:3, 3]
    np.testing.assert_allclose(got, native, atol=2e-6)


def test_the_public_network_computes_what_it_did(shared_dir: Path, tmp_path: Path) -> None:
    fixtures = shared_dir / "fixtures"
    recorded = np.load(fixtures / "samba_public_c19_io.npz")
    found = convert(fixtures / "samba_public_names_c19.safetensors", tmp_path, TARGET, "native", TEN_TWENTY)
    assert found.tensors == 204
    config = read_bundle(tmp_path)
    places = [config.target.labels.index(name) for name in recorded["input_names"]]
    inputs = config.to_network(config.target.positions_m[places])
    np.testing.assert_allclose(inputs, recorded["input_positions_m"], atol=2e-6)
    arrays = (recorded["x"], inputs, config.to_network(config.target.positions_m))
    with torch.inference_mode():
        output = load_network(config, tmp_path).net(
            *(torch.as_tensor(a, dtype=torch.float32) for a in arrays)
        )
    error = np.abs(output.reconstruction.numpy() - recorded["out"]).max() / np.abs(recorded["out"]).max()
    assert error < 1e-5


def test_the_command_line_runs_it(public_bundle: Path, short_edf: Path, tmp_path: Path) -> None:
    assert main(["run", str(short_edf), "--bundle", str(public_bundle), "--out", str(tmp_path)]) == 0
    stored = read_results(tmp_path / "short.samba.h5")
    assert stored.batch.sums.error.shape == (6, 2, 19, 4)
    assert np.isfinite(stored.batch.sums.over(1, 3).nrmse()).all()


def test_channels_may_come_in_any_order(public_bundle: Path, short_edf: Path) -> None:
    setting = setting_of(short_edf, public_bundle)
    recipe, network = setting.recipe, load_network(setting.config, public_bundle)
    order = np.random.default_rng(0).permutation(19)
    shuffled = replace(
        recipe,
        labels=tuple(recipe.labels[i] for i in order),
        names=tuple(recipe.names[i] for i in order),
        positions_m=tuple(recipe.positions_m[i] for i in order),
    )
    assert output_rows(shuffled, setting.config) == order.tolist()
    plan = plan_windows(setting.info, setting.config)
    x = np.random.default_rng(1).standard_normal((1, 19, 512)).astype(np.float32)
    window = [Window(0, 0, 0, 512, 0.0)]
    (one,) = Analyser(network, recipe, plan, np.ones(19)).reconstruct(x, window, 0)
    (two,) = Analyser(network, shuffled, plan, np.ones(19)).reconstruct(x[:, order], window, 0)
    np.testing.assert_allclose(two.predicted, one.predicted[order], atol=1e-4 * np.abs(one.predicted).max())


def test_other_channels_are_refused_in_words(
    public_bundle: Path, short_edf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setting = setting_of(short_edf, public_bundle)
    recipe = setting.recipe
    fewer = replace(
        recipe, labels=recipe.labels[1:], names=recipe.names[1:], positions_m=recipe.positions_m[1:]
    )
    with pytest.raises(RecipeError, match=r"only its own 19 channels; missing: Fp1\."):
        output_rows(fewer, setting.config)
    other = replace(recipe, names=("AF3", *recipe.names[1:]))
    with pytest.raises(RecipeError, match=r"missing: Fp1; too many: AF3"):
        output_rows(other, setting.config)
    twice = replace(setting.config, output_labels=TARGET.labels)  # T7 and T3 are one electrode
    with pytest.raises(RecipeError, match="missing: Fpz, AF9"):
        output_rows(recipe, twice)
    old = montage_by_id("tuh_19")  # the same electrodes under old names, in another order
    renamed = replace(recipe, names=old.labels)
    assert sorted(output_rows(renamed, setting.config) or []) == list(range(19))
    arguments = ["--bundle", str(public_bundle), "--out", str(tmp_path), "--montage", "emotiv_14"]
    assert main(["run", str(short_edf), *arguments]) == 1
    assert "reconstructs only its own 19 channels" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "wrapper"), [("pt", None), ("pth", "model_state_dict"), ("safetensors", None)]
)
def test_every_kind_of_file(kind: str, wrapper: str | None, tensors: dict, tmp_path: Path) -> None:
    path = tmp_path / f"public.{kind}"
    if kind == "safetensors":
        save_file(tensors, path)
    else:
        torch.save({wrapper: tensors} if wrapper else tensors, path)
    found = read_public_checkpoint(path)
    assert (found.tensors, found.target_channels, found.out_channels, found.epoch) == (204, 94, 19, 0)


# ---- Hugging Face folders


@pytest.fixture
def same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints are read without a child, which takes seconds to start."""
    monkeypatch.setattr("samba_gui.engine.convert.read_checkpoint", read_public_checkpoint)


@pytest.mark.usefixtures("same_process")
def test_a_hugging_face_folder_with_its_own_positions(tensors: dict, tmp_path: Path) -> None:
    folder = tmp_path / "SAMBA-2s"
    folder.mkdir()
    save_file(tensors, folder / "model.safetensors")
    to_native = FRAMES["native"]
    native = TARGET.positions_m @ to_native[:3, :3].T + to_native[:3, 3]
    for positions in (native.tolist(), dict(zip(TARGET.labels, native.tolist(), strict=True))):
        (folder / "config.json").write_text(
            json.dumps({"model_type": "samba", "target_positions": positions})
        )
        found = convert(folder, tmp_path / "bundle", TARGET, "native")
        assert found.config.name == "SAMBA-2s"
        assert found.config.target.labels == TARGET.labels
        np.testing.assert_allclose(found.config.target.positions_m, TARGET.positions_m, atol=1e-6)
        assert any("config.json" in note for note in found.notes)
        assert any("assumed are those of 10-20 (19)" in note for note in found.notes)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("{", "config.json is damaged"),
        ('{"target_positions": [[0, 1], [1, 0]]}', "no list of x, y, z"),
        ('{"target_positions": [["a", "b", "c"]]}', "no list of x, y, z"),
        ("[" * 100_000, "config.json is damaged"),
    ],
)
def test_bad_hugging_face_folders(
    config: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text(config)
    (folder / "model.safetensors").write_bytes(b"")
    monkeypatch.setattr("samba_gui.engine.convert.read_checkpoint", lambda path: None)  # not reached
    with pytest.raises(BundleError, match=message):
        convert(folder, tmp_path / "out", TARGET, "native")


def test_folders_without_weights(tmp_path: Path, public_bundle: Path) -> None:
    for name in ("SAMBA", "SAMBA-2s"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").touch()
    with pytest.raises(BundleError, match="Choose one of its folders: SAMBA, SAMBA-2s"):
        convert(tmp_path, tmp_path / "out", TARGET, "native")
    with pytest.raises(BundleError, match="is a bundle already"):
        convert(public_bundle, tmp_path / "out", TARGET, "native")
    with pytest.raises(BundleError, match="would replace"):
        convert(tmp_path, tmp_path, TARGET, "native")


# ---- what does not belong together


@pytest.mark.usefixtures("same_process")
@pytest.mark.parametrize(
    ("target", "outputs", "message"),
    [
        ("10-10_64", "10-20_19", "maps to 94 electrodes, the target montage 10-10 .64. has 64"),
        ("authors_1020_94", "emotiv_14", "reconstructs 19 channels, the output montage Emotiv.* has 14"),
    ],
)
def test_wrong_montages(target: str, outputs: str, message: str, tensors: dict, tmp_path: Path) -> None:
    save_file(tensors, tmp_path / "public.safetensors")
    with pytest.raises(BundleError, match=message):
        convert(
            tmp_path / "public.safetensors",
            tmp_path / "out",
            montage_by_id(target),
            "head",
            montage_by_id(outputs),
        )
    assert not (tmp_path / "out").exists()


# ---- hostile files


class Bomb:
    """Runs a command when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.marker}",)


def header(path: Path, declared: dict[str, object], data: bytes = b"") -> None:
    text = json.dumps(declared).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def peak_mb() -> float:
    resource = pytest.importorskip("resource", reason="memory is measured where the system tells it")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def refused(path: Path, message: str) -> None:
    """Refused in one line that names no folder, with no more memory than the reading of a header takes."""
    before = peak_mb()
    with pytest.raises(BundleError, match=message) as told:
        read_public_checkpoint(path)
    assert "\n" not in str(told.value)
    assert str(path.parent) not in str(told.value)
    assert told.value.hint
    assert peak_mb() - before < 200


def test_pickle_bombs_do_not_go_off(tensors: dict, tmp_path: Path) -> None:
    marker = tmp_path / "went-off"
    torch.save({"state_dict": tensors, "optimizer": Bomb(marker)}, tmp_path / "bomb.ckpt")
    refused(tmp_path / "bomb.ckpt", r"asks for \w+\.system; only tensors")
    assert not marker.exists()


def test_giant_shapes(tensors: dict, tmp_path: Path) -> None:
    path = tmp_path / "giant.pt"
    torch.save({**tensors, "decoder2.bias": torch.zeros(1).expand(10**7, 10**7)}, path)
    refused(path, r"203 of 204 tensors match.*decoder2\.bias")
    torch.save({**tensors, "input_embedding.branch1.weight": torch.zeros(1, 1, 1).expand(64, 10**9, 1)}, path)
    refused(path, "impossible shape")
    torch.save({"state_dict": {f"t{i}": torch.zeros(1).expand(10**6, 10**6) for i in range(50)}}, path)
    refused(path, "another network")


def test_damaged_safetensors(tensors: dict, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_file(tensors, path)
    whole = path.read_bytes()
    for size in (9, 100, 20_000, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        refused(path, "is damaged")
    header(path, {"x": {"dtype": "F32", "shape": [10**6, 10**6], "data_offsets": [0, 4 * 10**12]}})
    refused(path, "is damaged")
    header(path, {"x": {"dtype": "F32", "shape": [2**62, 2**62], "data_offsets": [0, 4]}}, bytes(4))
    refused(path, "is damaged")
    path.write_bytes(struct.pack("<Q", 2**60) + b"{" + bytes(100))
    refused(path, "is damaged")


def test_damaged_torch_files(tensors: dict, tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    torch.save(tensors, path)
    whole = path.read_bytes()
    for size in (3, 1000, len(whole) // 2):
        path.write_bytes(whole[:size])
        refused(path, "neither a torch file nor safetensors")
    directory = len(whole) - 5000  # of the zip file
    path.write_bytes(whole[:directory] + bytes(2500) + whole[directory + 2500 :])
    refused(path, "is damaged")
    path.write_bytes(b"")
    refused(path, "is empty")
    refused(tmp_path / "absent.pt", "is not there")


def test_zip_bombs_and_oversize(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for i in range(6):
            archive.writestr(f"bomb/data/{i}", bytes(100 * 2**20))
    assert path.stat().st_size < 10 * 2**20
    refused(path, "unpacks to 600 MB")
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    refused(path, "a SAMBA checkpoint has about 5")


def test_other_networks_are_named(tensors: dict, tmp_path: Path) -> None:
    path = tmp_path / "other.pt"
    torch.save({name: t for name, t in tensors.items() if not name.startswith("saie")}, path)
    refused(path, "EEGM2")
    torch.save(
        {"mask_token": torch.zeros(1, 1, 64), "patch_embed.proj_in.0.weight": torch.zeros(16, 1, 1, 19)}, path
    )
    refused(path, "LuMamba")
    torch.save({"blocks.0.attn.qkv.weight": torch.zeros(3, 3)}, path)
    refused(path, "transformer")
    torch.save({"layer.weight": torch.zeros(3, 3)}, path)
    refused(path, "another network")
    torch.save({"epoch": 3}, path)
    refused(path, "no tensors")
    torch.save([1, 2], path)
    refused(path, "no state_dict")


def test_values_and_parts_that_are_missing(tensors: dict, tmp_path: Path) -> None:
    path = tmp_path / "part.pt"
    torch.save({name: t for name, t in tensors.items() if name != "decoder1.bias"}, path)
    refused(path, r"203 of 204 tensors match.*decoder1\.bias")
    torch.save({**tensors, "decoder1.bias": torch.full((64,), float("nan"))}, path)
    refused(path, "not numbers")


def endless(path: Path) -> None:
    """A dictionary whose key is a tuple of a tuple twice, sixty levels deep: its hash takes 2**60 steps."""
    deep = b"".join(b"h\x00h\x00\x86q\x00" for _ in range(60))  # get, get, pair, put
    pickled = b"\x80\x02)q\x00" + deep + b"}h\x00K\x01s."
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
        archive.writestr("archive/version", "3\n")
        archive.writestr("archive/byteorder", "little")


def test_the_reading_child_answers_and_can_be_stopped(tensors: dict, tmp_path: Path) -> None:
    path = tmp_path / "bomb.pt"
    torch.save({"state_dict": tensors, "optimizer": Bomb(tmp_path / "went-off")}, path)
    with pytest.raises(BundleError, match="only tensors"):
        read_checkpoint(path)
    endless(path)
    with pytest.raises(BundleError, match="within 6 s"):
        read_checkpoint(path, timeout_s=6)
    assert not (tmp_path / "went-off").exists()
