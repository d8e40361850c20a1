"""Processes that train one network together, as torchrun starts them; a process by itself is a team of one.

torchrun --nproc-per-node 2 -m samba_gui train pretrain TABLE --out BUNDLE
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed, nn


@dataclass(frozen=True)
class Team:
    """This process among ``size``; the one of rank 0 leads: it alone reports and writes."""

    rank: int = 0
    size: int = 1
    device: torch.device = torch.device("cpu")  # noqa: RUF009 (immutable)

    @property
    def leads(self) -> bool:
        """Whether this process reports and writes."""
        return self.rank == 0

    def sharing_gradients(self, net: nn.Module) -> nn.Module:
        """The network whose gradients are averaged over the team; begins as the leader's."""
        if self.size == 1:
            return net
        return nn.parallel.DistributedDataParallel(net, find_unused_parameters=True)

    def wait(self) -> None:
        """Until all have come here."""
        if self.size > 1:
            distributed.barrier()

    @contextmanager
    def leader_first(self) -> Iterator[None]:
        """What the leader leaves on disk, the others find there."""
        if not self.leads:
            self.wait()
        yield
        if self.leads:
            self.wait()


ALONE = Team()


@contextmanager
def join_team() -> Iterator[Team]:
    """Join the others if torchrun started this process: each on a GPU of its own, or all on the CPU."""
    if not distributed.is_torchelastic_launched():
        yield ALONE
        return
    device = torch.device("cpu")
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Team(distributed.get_rank(), distributed.get_world_size(), device)
    finally:
        distributed.destroy_process_group()
