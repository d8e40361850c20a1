"""The authors' checkpoints become bundles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load

from samba_gui import __version__
from samba_gui.core.bundle import BundleConfig, Preprocessing, SaieHistory
from samba_gui.core.errors import BundleError
from samba_gui.core.montage import MIN_ELECTRODES, Montage
from samba_gui.core.saie import SaieParameters
from samba_gui.core.words import Text
from samba_gui.engine.checkpoint_child import Checkpoint, read_checkpoint
from samba_gui.io.bundles import write_bundle
from samba_gui.io.montages import shipped_montages

# MNE's head frame from the frame of its Colin27 templates, by the templates' fiducials: what
# mne.channels.compute_native_head_t gives for colin27_1020 and colin27_1005 alike.
HEAD_FROM_NATIVE = np.array(
    [
        [9.999936819e-01, 3.551873844e-03, 2.020481043e-04, -1.762724953e-03],
        [-3.557568649e-03, 9.983891249e-01, 5.662585795e-02, 3.109435043e-02],
        [-5.947367754e-07, -5.662621930e-02, 9.983954430e-01, 3.959724908e-02],
        [0.0, 0.0, 0.0, 1.0],
    ]
)
FRAMES = {"native": np.linalg.inv(HEAD_FROM_NATIVE), "head": np.eye(4)}
"""Affines from MNE's head frame in metres to the coordinates a network was trained with."""

PREPROCESSING = Preprocessing(rate_hz=128.0, highpass_hz=0.5, lowpass_hz=40.0, reference="as recorded")
WINDOW_S = 10.0
MAX_CONFIG_BYTES = 4_000_000
WEIGHT_FILES = ("model.safetensors", "pytorch_model.bin")
POSITION_KEYS = ("target_positions", "target_coords", "target_coordinates", "target_locations")


@dataclass(frozen=True)
class Conversion:
    """A bundle that was made, and what must be known of it, in sentences."""

    config: BundleConfig
    tensors: int
    notes: tuple[str, ...]


def convert(
    source: str | Path,
    out: str | Path,
    target: Montage,
    frame: str,
    outputs: Montage | None = None,
    window_s: float = WINDOW_S,
) -> Conversion:
    """Write the bundle of a public network.

    Parameters
    ----------
    source : path
        ``.ckpt``, ``.pt``, ``.pth``, ``.safetensors``, or a Hugging Face folder.
    out : path
        The bundle's folder.
    target : Montage
        The electrodes the network maps to; a Hugging Face folder's own positions come first.
    frame : {"native", "head"}
        In which frame the network was given positions.
    outputs : Montage, optional
        The electrodes that the network reconstructs, in its order; by default the first shipped montage of
        that many channels.
    window_s : float
        Length of an analysis window.

    Raises
    ------
    BundleError
        The checkpoint cannot be read ("N of M tensors"), or does not belong to the montages.
    """
    source = Path(source)
    if source.resolve() == Path(out).resolve():
        raise BundleError("The bundle would replace what it is made of.", "Choose another --out.")
    weights, declared = (_weight_file(source), _declared(source)) if source.is_dir() else (source, {})
    checkpoint = read_checkpoint(weights)
    notes = []
    own = _own_target(declared, target, frame)
    if own is not None:
        target = own
        notes.append(f"target positions are those of the folder's config.json ({len(own)})")
    if len(target) != checkpoint.target_channels:
        raise BundleError(
            "The checkpoint maps to {targets} electrodes, the target montage {target} has {n_target}.",
            "Give a --target-montage with {targets} electrodes.",
            targets=checkpoint.target_channels,
            target=target.name,
            n_target=len(target),
        )
    if outputs is None:
        outputs = _likely_outputs(checkpoint.out_channels, target)
        notes.append(
            f"the file does not name its {checkpoint.out_channels} output channels: assumed are those of "
            f"{outputs.name}, in that order; give --output-montage if they are others"
        )
    if len(outputs) != checkpoint.out_channels:
        raise BundleError(
            "The checkpoint reconstructs {n} channels, the output montage {montage} has {n_montage}.",
            "Give an --output-montage with {n} channels, in the network's order.",
            n=checkpoint.out_channels,
            montage=outputs.name,
            n_montage=len(outputs),
        )
    name = source.stem or "checkpoint"
    config = BundleConfig(
        name=name,
        family="samba",
        version=__version__,
        licence="none stated by its authors",
        training_data="not stated in the checkpoint",
        target=target,
        coordinates=FRAMES[frame],
        preprocessing=PREPROCESSING,
        window_s=window_s,
        any_montage=False,
        saie_initialisation="default",
        fill="zero",
        output_labels=outputs.labels,
    )
    card = _card(config, checkpoint, frame, outputs, notes)
    try:
        written = write_bundle(out, config, checkpoint.model, _history(checkpoint), card)
    except OSError as error:
        raise BundleError(
            "The folder {name} cannot be written: {why}.",
            "Choose another --out.",
            name=Path(out).name,
            why=error.strerror,
        ) from None
    return Conversion(written, checkpoint.tensors, tuple(notes))


def _weight_file(folder: Path) -> Path:
    """The one file with weights in a Hugging Face folder."""
    if (folder / "history.safetensors").is_file():
        raise BundleError("{name} is a bundle already.", "Use it with --bundle.", name=folder.name)
    for name in WEIGHT_FILES:
        if (folder / name).is_file():
            return folder / name
    below = sorted(path.parent.name for name in WEIGHT_FILES for path in folder.glob(f"*/{name}"))
    raise BundleError(
        "{name} has no {files}.",
        Text("Choose one of its folders: {below}.", below=", ".join(below))
        if below
        else Text("Give the checkpoint file itself."),
        name=folder.name,
        files=" or ".join(WEIGHT_FILES),
    )


def _declared(folder: Path) -> Mapping[str, object]:
    """``config.json`` of a Hugging Face folder; empty if there is none."""
    file = folder / "config.json"
    if not file.is_file():
        return {}
    if file.stat().st_size > MAX_CONFIG_BYTES:
        raise BundleError("config.json is too large.", "Give the checkpoint file itself.")
    try:
        data = json.loads(file.read_bytes())
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BundleError("config.json is damaged: {why}.", "Fetch the folder again.", why=error) from None
    return data if isinstance(data, dict) else {}


def _own_target(declared: Mapping[str, object], target: Montage, frame: str) -> Montage | None:
    """Target positions that a Hugging Face folder declares, carried to the head frame."""
    found = next((declared[key] for key in POSITION_KEYS if declared.get(key)), None)
    if found is None:
        return None
    places = list(found.values()) if isinstance(found, dict) else found
    try:
        positions = np.array(places, dtype=np.float64)
    except (TypeError, ValueError):
        positions = np.zeros(0)
    if positions.ndim != 2 or positions.shape[1] != 3 or not np.isfinite(positions).all():
        raise BundleError(
            "config.json declares target positions that are no list of x, y, z.",
            "Give the checkpoint file itself and a --target-montage.",
        )
    if isinstance(found, dict):
        labels = tuple(map(str, found))
    else:
        numbers = tuple(map(str, range(1, len(positions) + 1)))
        labels = target.labels if len(target) == len(positions) else numbers
    to_head = np.linalg.inv(FRAMES[frame])
    return Montage(
        "target of config.json",
        labels,
        positions @ to_head[:3, :3].T + to_head[:3, 3],
        "the folder's config.json",
    )


def _likely_outputs(channels: int, target: Montage) -> Montage:
    for montage in (*shipped_montages(), target):
        if len(montage) == channels >= MIN_ELECTRODES:
            return montage
    raise BundleError(
        "The checkpoint reconstructs {channels} channels, and no montage that ships has as many.",
        "Name them, in the network's order: --output-montage FILE.",
        channels=channels,
    )


def _history(checkpoint: Checkpoint) -> SaieHistory:
    tensors = load(checkpoint.model)
    w1, b1, w2, b2 = (
        tensors[f"net.saie.net.{name}"] for name in ("0.weight", "0.bias", "2.weight", "2.bias")
    )
    return SaieHistory((checkpoint.epoch,), (SaieParameters(w1, b1, w2[0], float(b2[0])),))


def _card(
    config: BundleConfig, checkpoint: Checkpoint, frame: str, outputs: Montage, notes: list[str]
) -> str:
    spec = config.preprocessing
    said = {"native": "MNE's Colin27 template frame", "head": "MNE's head frame"}[frame]
    lines = [
        f"# {config.name}",
        "",
        "Research use only, not a medical device.",
        "",
        "A public SAMBA checkpoint, converted; nothing was trained and nothing measured by this program. Its "
        "authors state no licence: do not pass it on.",
        "",
        f"- All {checkpoint.tensors} of {checkpoint.tensors} tensors matched"
        + (f"; epoch {checkpoint.epoch}." if checkpoint.epoch else "."),
        f"- Target: {config.target.name}, {len(config.target)} electrodes, {said}, metres.",
        f"- It reconstructs one montage only, {outputs.name}: {', '.join(config.output_labels)}.",
        f"- Input as the authors describe it: {spec.rate_hz:g} Hz, {spec.highpass_hz:g}–{spec.lowpass_hz:g} "
        "Hz, not re-referenced; each channel divided by its scale in the recording (theirs differed by data "
        "set); masked samples are zero.",
        f"- Windows of {config.window_s:g} s: a choice of the conversion, the file does not say.",
        "- Electrode positions are those of the montage a recording is analysed with; `--montage "
        "authors_1020_94` gives exactly the authors' coordinates, others differ from them by up to 2 cm.",
        *(f"- {note[0].upper()}{note[1:]}." for note in notes),
        "",
    ]
    return "\n".join(lines)
