"""Labelled windows of a corpus: what heads are trained and judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samba_gui.training.corpus import CorpusRecording


@dataclass(frozen=True)
class Task:
    """A question with an answer per window.

    Parameters
    ----------
    name, title : str
        As in :class:`core.bundle.HeadConfig`.
    folder : str
        Corpus folder.
    classes : tuple of str
        For the screen.
    labels : tuple of str
        The corpus' words for the classes: recording labels or annotation descriptions.
    by_annotation : bool
        False: all windows of a recording carry its label. True: one window from the onset of every
        annotation.
    trained_on : str
        One sentence for the card and the screen.
    """

    name: str
    title: str
    folder: str
    classes: tuple[str, ...]
    labels: tuple[str, ...]
    by_annotation: bool
    trained_on: str


TASKS = (
    Task(
        "eyes",
        "Eyes open / closed",
        "eegmmidb",
        ("eyes open", "eyes closed"),
        ("eyes open", "eyes closed"),
        False,
        "PhysioNet EEGMMIDB, baseline runs R01 and R02 (each class a recording of its own)",
    ),
    Task(
        "arithmetic",
        "Rest / mental arithmetic",
        "eegmat",
        ("rest", "mental arithmetic"),
        ("rest", "mental arithmetic"),
        False,
        "PhysioNet EEGMAT, rest and serial subtraction (each class a recording of its own)",
    ),
    Task(
        "imagery",
        "Left / right fist imagery",
        "eegmmidb",
        ("left fist", "right fist"),
        ("T1", "T2"),
        True,
        "PhysioNet EEGMMIDB, imagery runs R04 R08 R12",
    ),
)


@dataclass(frozen=True)
class Trials:
    """Windows of one recording: ``starts`` (n,) samples, ``labels`` (n,) class indices."""

    recording: CorpusRecording
    starts: np.ndarray
    labels: np.ndarray


def find_trials(task: Task, recordings: Sequence[CorpusRecording], n: int, rate_hz: float) -> list[Trials]:
    """Labelled windows of ``n`` samples in every recording that has any."""
    found = []
    for recording in recordings:
        total = recording.samples.shape[1]
        if task.by_annotation:
            marks = [
                (round(a.onset_s * rate_hz), task.labels.index(a.description))
                for a in recording.annotations
                if a.description in task.labels
            ]
            marks = [(start, label) for start, label in marks if start + n <= total]
        elif recording.entry.label in task.labels:
            label = task.labels.index(recording.entry.label)
            marks = [(start, label) for start in range(0, total - n + 1, n)]
        else:
            continue
        if marks and (not task.by_annotation or recording.entry.label.startswith("annotations")):
            starts, labels = np.array(marks).T
            found.append(Trials(recording, starts, labels))
    return found
