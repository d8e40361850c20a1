"""Bundle folders without torch: what the window needs of a model."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.errors import BundleError, ExportError
from samba_gui.core.saie import HIDDEN, SaieParameters
from samba_gui.core.words import Text

CONFIG_FILE = "config.json"
MODEL_FILE = "model.safetensors"
HISTORY_FILE = "history.safetensors"
CARD_FILE = "README.md"
MAX_CONFIG_BYTES = 4_000_000
MAX_TENSOR_BYTES = 2_000_000_000

_HISTORY_SHAPES = {"w1": (HIDDEN, 3), "b1": (HIDDEN,), "w2": (HIDDEN,), "b2": ()}


def read_bundle(folder: str | Path) -> BundleConfig:
    """Read a bundle's declaration and check its files against the hashes in it.

    Raises
    ------
    BundleError
        Not a bundle, a file missing or changed, or an unknown format version.
    """
    folder = Path(folder)
    config = folder / CONFIG_FILE
    if not config.is_file():
        raise BundleError(
            "{name} is not a bundle: it has no {file}.",
            "Choose a bundle folder.",
            name=folder.name,
            file=CONFIG_FILE,
        )
    if config.stat().st_size > MAX_CONFIG_BYTES:
        raise BundleError(
            "{file} is too large to be a bundle's.", "Choose a bundle folder.", file=CONFIG_FILE
        )
    text = config.read_bytes()
    try:
        data = json.loads(text)
    except (UnicodeDecodeError, ValueError) as error:
        raise BundleError(
            "{file} is damaged: {why}.", "Fetch the bundle again.", file=CONFIG_FILE, why=error
        ) from None
    digest = hashlib.sha256(text)
    hashes = {}
    for name in (MODEL_FILE, HISTORY_FILE):
        hashes[name] = _sha256(folder / name)
        digest.update(hashes[name].encode())
    declared = BundleConfig.from_json(data, digest.hexdigest())
    for name, found in hashes.items():
        if declared.hashes.get(name) != found:
            raise BundleError(
                "{name} is not the file that {file} describes.",
                "Fetch the bundle again.",
                name=name,
                file=CONFIG_FILE,
            )
    return declared


def read_saie_history(folder: str | Path) -> SaieHistory:
    """SAIE parameters per epoch.

    Raises
    ------
    BundleError
        Missing, truncated or ill-shaped.
    """
    try:
        with safe_open(str(Path(folder) / HISTORY_FILE), framework="numpy") as file:
            arrays = {name: file.get_tensor(name) for name in ("epochs", *_HISTORY_SHAPES)}
    except (OSError, SafetensorError) as error:
        raise BundleError(
            "{file} cannot be read: {why}.", "Fetch the bundle again.", file=HISTORY_FILE, why=error
        ) from None
    epochs = arrays["epochs"]
    for name, shape in _HISTORY_SHAPES.items():
        if arrays[name].shape != (len(epochs), *shape) or not len(epochs):
            raise BundleError(
                "{file}: {name} has shape {shape}.",
                "Fetch it again.",
                file=HISTORY_FILE,
                name=name,
                shape=arrays[name].shape,
            )
    columns = (arrays[name].astype(np.float64) for name in _HISTORY_SHAPES)
    parameters = tuple(SaieParameters(w1, b1, w2, float(b2)) for w1, b1, w2, b2 in zip(*columns, strict=True))
    return SaieHistory(tuple(int(epoch) for epoch in epochs), parameters)


def write_bundle(
    folder: str | Path, config: BundleConfig, model: bytes, history: SaieHistory, card: str
) -> BundleConfig:
    """Write a bundle folder; the hashes are filled in.

    Parameters
    ----------
    folder : path
        Made if needed.
    config : BundleConfig
    model : bytes
        ``model.safetensors``.
    history : SaieHistory
    card : str
        ``README.md``.

    Returns
    -------
    BundleConfig
        As it will be read back.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        name: np.stack([np.asarray(getattr(one, name), dtype=np.float32) for one in history.parameters])
        for name in _HISTORY_SHAPES
    }
    arrays["epochs"] = np.array(history.epochs, dtype=np.int32)
    (folder / MODEL_FILE).write_bytes(model)
    (folder / HISTORY_FILE).write_bytes(save(arrays))
    data = config.to_json()
    data["hashes"] = {name: _sha256(folder / name) for name in (MODEL_FILE, HISTORY_FILE)}
    (folder / CONFIG_FILE).write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (folder / CARD_FILE).write_text(card, "utf-8")
    return read_bundle(folder)


def copy_bundle(source: str | Path, folder: str | Path) -> BundleConfig:
    """Check a bundle and copy what belongs to it, and nothing else.

    Raises
    ------
    BundleError
        As :func:`read_bundle`.
    """
    read_bundle(source)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (MODEL_FILE, HISTORY_FILE, CONFIG_FILE, CARD_FILE):
        if (Path(source) / name).is_file():
            shutil.copyfile(Path(source) / name, folder / name)
    return read_bundle(folder)


def publish_bundle(source: str | Path, folder: str | Path) -> BundleConfig:
    """Copy a bundle to a folder that is there whole or not at all.

    Raises
    ------
    BundleError
        As :func:`read_bundle`.
    ExportError
        There is something of that name already, or it cannot be written; nothing is left behind.
    """
    folder = Path(folder)
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ExportError(
                "There is something called {name} already.", "Choose another name.", name=folder.name
            )
        try:
            copy_bundle(source, partial)
            if folder.exists():  # an empty folder, as some dialogs make it
                folder.rmdir()
            os.replace(partial, folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise ExportError(
            "{name} could not be written: {why}.",
            Text("Free some disk space.") if full else Text("Choose another folder."),
            name=folder.name,
            why=(error.strerror or str(error)).lower(),
        ) from error
    return read_bundle(folder)


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise BundleError("The bundle has no {name}.", "Fetch the bundle again.", name=path.name)
    if path.stat().st_size > MAX_TENSOR_BYTES:
        raise BundleError(
            "{name} is larger than any bundle of this program.", "Choose another.", name=path.name
        )
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
