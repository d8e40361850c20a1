"""The authors' checkpoints: tried on shapes alone first, so that nothing is allocated for what will not fit.

To be called in a child process whose memory is limited: these are strangers' files.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from samba_gui.core.errors import BundleError
from samba_gui.core.words import Text
from samba_gui.models.samba import SAMBA, unwrapped

MAX_FILE_BYTES = 512 * 2**20
MAX_PICKLE_BYTES = 16 * 2**20
MAX_ENTRIES = 20_000
OUTPUT = "onput_embedding.weight"  # the authors' spelling

# names that tell another network apart, and what it is called
STRANGERS = (
    (re.compile(r"(^|\.)(patch_embed\.|channel_location_embedder\.|mamba_blocks\.)"), "LuMamba"),
    (re.compile(r"(^|\.)(blocks|layers|transformer)\.\d+\..*(attn|attention)"), "a transformer"),
)


@dataclass(frozen=True, eq=False)
class PublicCheckpoint:
    """A public SAMBA network: its tensors all match.

    Parameters
    ----------
    model : bytes
        ``model.safetensors`` of a bundle without heads.
    target_channels, out_channels : int
    tensors : int
        How many matched: all of them.
    epoch : int
        As the file says, 0 if it does not.
    """

    model: bytes
    target_channels: int
    out_channels: int
    tensors: int
    epoch: int


def read_public_checkpoint(path: str | Path) -> PublicCheckpoint:
    """Read ``.ckpt``, ``.pt``, ``.pth`` (torch zip files) or ``.safetensors``.

    Raises
    ------
    BundleError
        Damaged, too large, holding more than tensors, another network, or not all tensors match: the
        message then says "N of M".
    """
    path = Path(path)
    check_size(path)
    load = _safetensors if _is_safetensors(path) else _torch_zip
    try:
        declared = load(path, "meta")
        _refuse_strangers(unwrapped(declared))
        SAMBA.from_public({name: _weightless(t) for name, t in unwrapped(declared).items()})
        found = load(path, "cpu")
        net = SAMBA.from_public(found)
    except (SafetensorError, zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error)  # of the system's errors without the path
        first = (told.strip().splitlines() or [type(error).__name__])[0]
        raise BundleError(
            "{name} is damaged: {first}.", "Fetch the file again.", name=path.name, first=first
        ) from None
    state = net.state_dict()
    epoch = found.get("epoch")
    return PublicCheckpoint(
        save({f"net.{name}": tensor.contiguous() for name, tensor in state.items()}),
        state["input_embedding.branch1.weight"].shape[1],
        state[OUTPUT].shape[0],
        len(state),
        epoch if isinstance(epoch, int) and 0 <= epoch < 10**6 else 0,
    )


def check_size(path: Path) -> None:
    """Refuse files that cannot be a SAMBA checkpoint by their size.

    Raises
    ------
    BundleError
    """
    if not path.is_file():
        raise BundleError(
            "{name} is not there.", "Give a checkpoint file or a folder with one.", name=path.name
        )
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise BundleError(
            "{name} has {size_mb:.0f} MB; a SAMBA checkpoint has about 5, with optimiser 15.",
            "Choose a SAMBA checkpoint.",
            name=path.name,
            size_mb=size / 2**20,
        )
    if not size:
        raise BundleError("{name} is empty.", "Fetch the file again.", name=path.name)


def _is_safetensors(path: Path) -> bool:
    """By content: a zip file starts with PK, safetensors with the length of its JSON header."""
    with path.open("rb") as file:
        start = file.read(9)
    return start[8:9] == b"{"


def _safetensors(path: Path, device: str) -> dict[str, object]:
    with safe_open(str(path), framework="pt") as file:
        names = file.keys()
        if device == "meta":
            return {name: torch.empty(file.get_slice(name).get_shape(), device="meta") for name in names}
        return {name: file.get_tensor(name) for name in names}


def _torch_zip(path: Path, device: str) -> dict[str, object]:
    """What ``torch.save`` wrote; nothing but tensors and plain values is ever built."""
    if not zipfile.is_zipfile(path):
        raise BundleError(
            "{name} is neither a torch file nor safetensors.",
            "If it was saved with torch before 1.6, load it there and save it again.",
            name=path.name,
        )
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    pickled = sum(entry.file_size for entry in entries if entry.filename.endswith(".pkl"))
    if unpacked > MAX_FILE_BYTES or pickled > MAX_PICKLE_BYTES or len(entries) > MAX_ENTRIES:
        raise BundleError(
            "{name} unpacks to {size_mb:.0f} MB in {n} parts: no SAMBA checkpoint.",
            "Choose a SAMBA checkpoint.",
            name=path.name,
            size_mb=unpacked / 2**20,
            n=len(entries),
        )
    try:
        found = torch.load(path, map_location=device, weights_only=True)
    except UnpicklingError as error:
        told = re.search(r"GLOBAL ([\w.]+)", str(error))
        raise BundleError(
            "{name} asks for {what}; only tensors are read from strangers' files, and nothing of it was run.",
            "Save the network's state_dict alone.",
            name=path.name,
            what=told[1] if told else Text("more than tensors"),
        ) from None
    if not isinstance(found, Mapping):
        raise BundleError("{name} holds no state_dict.", "Save the network's state_dict.", name=path.name)
    return {str(name): value for name, value in found.items()}


def _weightless(tensor: Tensor) -> Tensor:
    """A tensor of the same shape that takes no memory, to compare shapes with."""
    return torch.zeros(()).expand(tensor.shape)


def _refuse_strangers(tensors: Mapping[str, Tensor]) -> None:
    if not tensors:
        raise BundleError("The file holds no tensors.", "Save the network's state_dict.")
    if OUTPUT in tensors:
        return
    for pattern, name in STRANGERS:
        if any(pattern.search(key) for key in tensors):
            raise BundleError(
                "The checkpoint holds {name}, not SAMBA; 0 of its {n} tensors were read.",
                "This program reads SAMBA alone.",
                name=name,
                n=len(tensors),
            )
