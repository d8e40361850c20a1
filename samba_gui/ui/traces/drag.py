"""Annotations under the mouse: drawn, moved and stretched; plain numbers, no drawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from samba_gui.core.recording import Annotation


class Part(StrEnum):
    """What of an annotation was grabbed."""

    NEW = "new"
    WHOLE = "whole"
    START = "start"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Drag:
    """A drag that has begun.

    Parameters
    ----------
    part : Part
    pressed_s : float
        Where it began.
    annotation : Annotation or None
        None for a new one.
    """

    part: Part
    pressed_s: float
    annotation: Annotation | None = None

    def span(self, time_s: float) -> tuple[float, float]:
        """Onset and duration with the mouse at a time."""
        note = self.annotation
        if note is None:
            return min(self.pressed_s, time_s), abs(time_s - self.pressed_s)
        stop_s = note.onset_s + note.duration_s
        if self.part is Part.START:
            return min(time_s, stop_s), abs(stop_s - time_s)
        if self.part is Part.STOP:
            return min(time_s, note.onset_s), abs(time_s - note.onset_s)
        return note.onset_s + time_s - self.pressed_s, note.duration_s


def grab(annotations: Iterable[Annotation], time_s: float, reach_s: float) -> Drag:
    """What a press at a time begins; of several annotations the shortest is meant.

    Parameters
    ----------
    annotations : iterable of Annotation
    time_s : float
    reach_s : float
        How near to an end is near enough.
    """
    hit = [
        note
        for note in annotations
        if note.onset_s - reach_s <= time_s <= note.onset_s + note.duration_s + reach_s
    ]
    if not hit:
        return Drag(Part.NEW, time_s)
    note = min(hit, key=lambda note: note.duration_s)
    part = Part.WHOLE
    if note.duration_s > 4 * reach_s:
        if abs(time_s - note.onset_s) <= reach_s:
            part = Part.START
        elif abs(time_s - note.onset_s - note.duration_s) <= reach_s:
            part = Part.STOP
    return Drag(part, time_s, note)
