"""Strangers' checkpoints are read in a child with limited memory and time; bytes come back, no objects."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

from samba_gui.core.children import start_child
from samba_gui.core.errors import BundleError
from samba_gui.core.words import Text

TIMEOUT_S = 120.0
MEMORY_BYTES = 3 * 2**30  # on top of what torch itself takes
STOP_S = 5.0


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What the child found: ``model`` is the bundle's ``model.safetensors``."""

    model: bytes
    target_channels: int
    out_channels: int
    tensors: int
    epoch: int


def read_checkpoint(path: str | Path, timeout_s: float = TIMEOUT_S) -> Checkpoint:
    """Read an authors' checkpoint in a process of its own.

    Raises
    ------
    BundleError
        What is wrong with the file, also if its reader died or did not end.
    """
    name = Path(path).name
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, str(Path(path).absolute())), daemon=True)
    try:
        start_child(process)
        theirs.close()
        # the pipe becomes readable when the child has answered, and also when it has died
        if not wait([ours], timeout_s):
            raise BundleError(
                "{name} could not be read within {timeout_s:g} s.",
                "It is no SAMBA checkpoint; choose another.",
                name=name,
                timeout_s=timeout_s,
            )
        facts = json.loads(ours.recv_bytes())
        if "message" in facts:
            raise BundleError(Text.from_plain(facts["message"]), Text.from_plain(facts["hint"]))
        return Checkpoint(ours.recv_bytes(), **facts)
    except EOFError:
        raise BundleError(
            "{name}: its reader ended without an answer, stopped by the limits on memory.",
            "It is no SAMBA checkpoint; choose another.",
            name=name,
        ) from None
    finally:
        process.kill()
        process.join(STOP_S)
        process.close()
        ours.close()


def _serve(connection: Connection, path: str) -> None:
    """Runs in the child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's business
    import torch

    from samba_gui.models.checkpoints import read_public_checkpoint

    torch.set_num_threads(1)
    _limit_memory()
    try:
        found = read_public_checkpoint(path)
    except BundleError as error:
        connection.send_bytes(
            json.dumps({"message": error.message.as_plain(), "hint": error.hint.as_plain()}).encode()
        )
        return
    except MemoryError:
        return  # the parent notices
    facts = {slot: getattr(found, slot) for slot in ("target_channels", "out_channels", "tensors", "epoch")}
    connection.send_bytes(json.dumps(facts).encode())
    connection.send_bytes(found.model)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    import psutil

    limit = psutil.Process().memory_info().vms + MEMORY_BYTES
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
