"""What the annotations of a document offer to learn from, and what was chosen of it; without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samba_gui.core.plain_text import plain_name
from samba_gui.core.recording import Annotation
from samba_gui.engine.labelling import BAD, Labelling, LearnClass


@dataclass(frozen=True)
class Described:
    """All annotations of one description.

    Parameters
    ----------
    description : str
        As it stands in the file.
    name : str
        The same as a plain name.
    count, moments : int
        How many, and how many of them without duration.
    seconds : float
        Their durations together.
    """

    description: str
    name: str
    count: int
    moments: int
    seconds: float


def described(annotations: Sequence[Annotation]) -> tuple[Described, ...]:
    """What occurs, in the order in which it first does; what begins with BAD is not for learning."""
    groups: dict[str, list[Annotation]] = {}
    for note in annotations:
        groups.setdefault(note.description, []).append(note)
    found: list[Described] = []
    names: set[str] = set()
    for description, notes in groups.items():
        if description.casefold().startswith(BAD):
            continue
        name = base = plain_name(description, "no description")
        number = 2
        while name in names:  # two long texts may begin alike
            name, number = f"{base[:34]} ({number})", number + 1
        names.add(name)
        moments = sum(note.duration_s <= 0 for note in notes)
        seconds = sum(max(note.duration_s, 0.0) for note in notes)
        found.append(Described(description, name, len(notes), moments, seconds))
    return tuple(found)


def labelling_of(chosen: Sequence[tuple[str, str]], before_s: float) -> Labelling:
    """Descriptions with the names of their classes as classes; equal names are one class.

    Parameters
    ----------
    chosen : sequence of (description, class name)
    before_s : float
        See :class:`Labelling`.

    Raises
    ------
    RecipeError
        Fewer than two classes.
    """
    classes: dict[str, list[str]] = {}
    for description, name in chosen:
        classes.setdefault(plain_name(name, plain_name(description, "class")), []).append(description)
    return Labelling(tuple(LearnClass(name, tuple(texts)) for name, texts in classes.items()), before_s)
