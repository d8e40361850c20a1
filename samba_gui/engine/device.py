"""Where the network runs, and how the machine's cores are shared with the window."""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch

from samba_gui.core.errors import WorkerError
from samba_gui.models.kernels import kernel_for

DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Device:
    """A device that was chosen and set up.

    Parameters
    ----------
    kind : {"cpu", "cuda"}
        As torch names it.
    name : str
        What decides the last bits of the numbers: the GPU, or the CPU's instruction set.
    threads : int
        CPU threads, each with a window of its own.
    """

    kind: str
    name: str
    threads: int

    def in_words(self) -> str:
        """For the status line."""
        if self.kind == "cuda":
            return f"cuda: {self.name}"
        return f"cpu ({self.threads} thread{'s' if self.threads != 1 else ''})"

    @property
    def identity(self) -> str:
        """For provenance: the same on every run that gives the same bytes."""
        return f"{self.kind}: {self.name}"


def cores() -> int:
    """CPU cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def choose_device(wanted: str, *, beside_window: bool) -> Device:
    """Choose a device and set torch up so that equal inputs give equal numbers.

    Parameters
    ----------
    wanted : {"auto", "cpu", "cuda"}
        "auto" is CUDA where there is one.
    beside_window : bool
        Leave one core to the window.

    Raises
    ------
    WorkerError
        CUDA was asked for and there is none, or the name is unknown.
    """
    if wanted not in DEVICES:
        raise WorkerError(
            "There is no device called {wanted}.",
            "Choose one of {devices}.",
            wanted=wanted,
            devices=", ".join(DEVICES),
        )
    # cuBLAS sums in a fixed order only with a workspace of its own; read when CUDA starts
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    threads = max(1, cores() - 1) if beside_window else cores()
    torch.set_num_threads(1)  # windows are spread over threads instead, see engine.batches
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    if wanted == "cpu" or (wanted == "auto" and not torch.cuda.is_available()):
        return Device("cpu", torch.backends.cpu.get_cpu_capability(), threads)
    if not torch.cuda.is_available():
        raise WorkerError(
            "CUDA was asked for, but torch finds no CUDA device.", "Choose the device auto or cpu."
        )
    kernel = kernel_for(torch.device("cuda", torch.cuda.current_device())).name
    return Device("cuda", f"{torch.cuda.get_device_name()}, {kernel} recurrence", threads)
