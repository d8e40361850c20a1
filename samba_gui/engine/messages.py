"""What travels between the window's process and the worker's, besides jobs' events."""

from __future__ import annotations

from dataclasses import dataclass

from samba_gui.core.jobs import Job


@dataclass(frozen=True)
class Submit:
    """To the worker: do this job."""

    number: int
    job: Job


@dataclass(frozen=True)
class Stop:
    """To the worker: forget this job, or end it if it has begun."""

    number: int


@dataclass(frozen=True)
class Ready:
    """From the worker: torch is loaded."""


@dataclass(frozen=True)
class Begun:
    """From the worker: this job is being worked on."""

    number: int
