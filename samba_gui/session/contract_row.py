"""One property of a recording beside what the bundle was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from samba_gui.core.words import NOTHING, Text, joined


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
    topic : Text
        ``"Rate"``.
    verdict : Verdict
    model : Text
        What the bundle was trained on.
    file : Text
        What this recording is.
    done : Text
        What is done about the difference, or what it means.
    """

    topic: Text
    verdict: Verdict
    model: Text
    file: Text
    done: Text = NOTHING

    @property
    def words(self) -> Text:
        """In one line."""
        return joined((self.file, self.done), "; ")
