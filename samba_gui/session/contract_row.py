"""One property of a recording beside what the bundle was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How well one property fits."""

    FITS = "fits"
    CAREFUL = "careful"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ContractRow:
    """One property.

    Parameters
    ----------
    topic : str
        ``"Rate"``.
    verdict : Verdict
    model : str
        What the bundle was trained on.
    file : str
        What this recording is.
    done : str
        What is done about the difference, or what it means.
    """

    topic: str
    verdict: Verdict
    model: str
    file: str
    done: str

    @property
    def words(self) -> str:
        """In one line."""
        return f"{self.file}; {self.done}" if self.done else self.file
