"""Annotations as labelled windows: what a head can be taught with one recording, and how it is judged.

Windows are cut from the start of each annotated span. They are judged in contiguous stretches of time, never
shuffled: neighbouring windows are alike, and a filter's margins reach from one into the next.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.errors import RecipeError
from samba_gui.core.plain_text import plain_name
from samba_gui.core.recording import Annotation, RecordingInfo
from samba_gui.core.windows import Window
from samba_gui.core.words import NOTHING, Text
from samba_gui.engine.windows import samples_at

FOLDS = 5
BLOCK = 5  # windows at most; intervals come from blocks drawn again
LEAST_WINDOWS, LEAST_BLOCKS = 6, 3
FEW_WINDOWS, FEW_STRETCHES = 20, 3
BAD = "bad"  # annotations that begin so mark what is not to be used, as in MNE


@dataclass(frozen=True)
class LearnClass:
    """A class: its name, and the descriptions of the annotations that mean it."""

    name: str
    descriptions: tuple[str, ...]

    def in_words(self) -> str:
        r"""``NAME=one|other``; ``\|`` and ``\\`` stand for themselves."""
        escaped = (text.replace("\\", r"\\").replace("|", r"\|") for text in self.descriptions)
        return f"{self.name}={'|'.join(escaped)}"

    @classmethod
    def from_words(cls, text: str, instead: str) -> LearnClass:
        """Inverse of :meth:`in_words`; a description alone is the name as well, or ``instead`` is."""
        name, equals, descriptions = text.partition("=")
        if not equals:
            return cls(plain_name(text, instead), (text,))
        parts = re.findall(r"(?:\\.|[^|\\])+", descriptions, re.DOTALL) or [""]
        meant = tuple(re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in parts)
        return cls(plain_name(name, instead), meant)


@dataclass(frozen=True)
class Labelling:
    """How annotations become labelled windows.

    Parameters
    ----------
    classes : tuple of LearnClass
    before_s : float
        Annotations without duration: the window begins this long before them.
    inside : float
        Share of a window that must lie inside its class's spans; no more than the rest may lie in another's.
    """

    classes: tuple[LearnClass, ...]
    before_s: float = 0.0
    inside: float = 0.75

    def __post_init__(self) -> None:
        names = [one.name for one in self.classes]
        used = [text for one in self.classes for text in one.descriptions]
        if len(self.classes) < 2 or len(set(names)) < len(names):
            raise RecipeError("A head tells two or more different classes apart.", "Choose two or more.")
        if len(set(used)) < len(used):
            twice = plain_name(Counter(used).most_common(1)[0][0], "an empty description")
            raise RecipeError(
                "{twice} belongs to two classes.", "Give each description to one class.", twice=twice
            )


@dataclass(frozen=True, eq=False)
class LabelledWindows:
    """Windows in time order, all of full length.

    Parameters
    ----------
    classes : tuple of str
    window_s : float
    windows : tuple of Window
    labels : ndarray (windows,) int
    stretches : ndarray (windows,) int
        Windows of one class without another window or a pause between them.
    blocks : ndarray (windows,) int
        Stretches cut into five windows at most.
    folds : ndarray (windows,) int
        Contiguous pieces of the recording that hold about equally much of the classes.
    in_two, in_bad : int
        Windows left out because spans of two classes meet in them, or because they touch ``BAD…``.
    """

    classes: tuple[str, ...]
    window_s: float
    windows: tuple[Window, ...]
    labels: np.ndarray
    stretches: np.ndarray
    blocks: np.ndarray
    folds: np.ndarray
    in_two: int = 0
    in_bad: int = 0

    def counts(self, label: int) -> tuple[int, int, int]:
        """Windows, blocks and separate stretches of a class."""
        own = self.labels == label
        return int(own.sum()), len(np.unique(self.blocks[own])), len(np.unique(self.stretches[own]))

    def kept(self, which: np.ndarray) -> LabelledWindows:
        """Only some of the windows; ``which`` is (windows,) bool."""
        windows = tuple(window for window, keep in zip(self.windows, which, strict=True) if keep)
        arrays = {name: getattr(self, name)[which] for name in ("labels", "stretches", "blocks", "folds")}
        return replace(self, windows=windows, **arrays)

    def splits(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Indices to train on and to judge on; a window's length lies between the two."""
        pieces = (np.flatnonzero(self.folds == fold) for fold in np.unique(self.folds))
        return [(self._apart_from(piece), piece) for piece in pieces]

    def nested_splits(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Indices to train on, to choose the epoch on, and to judge on, each a window's length apart.

        Of the other pieces one or two choose, as few as hold every class and leave enough to train on. Last
        comes a split with nothing to judge on. Empty if a piece cannot be held out so.
        """
        pieces = [test for _, test in self.splits()]
        found = []
        for test in (*pieces, np.zeros(0, dtype=int)):
            others = [piece for piece in pieces if piece is not test]
            choices = (some for size in (1, 2) for some in combinations(others, size))
            tried = (self._nested(np.concatenate(choice), test) for choice in choices)
            fit = next((one for one in tried if self._has_all(one[0], 2) and self._has_all(one[1], 1)), None)
            if fit is None:
                return []
            found.append(fit)
        return found

    def _nested(self, choose: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        train = self._apart_from(np.concatenate([choose, test]))
        return train, np.intersect1d(choose, self._apart_from(test)), test

    def _apart_from(self, held_out: np.ndarray) -> np.ndarray:
        """Windows with a window's length between them and all that are held out."""
        onsets_s = np.array([window.onset_s for window in self.windows])
        # infinitely far on both sides there is one, so that each has neighbours
        others_s = np.concatenate([[-np.inf], np.sort(onsets_s[held_out]), [np.inf]])
        after = np.searchsorted(others_s, onsets_s)
        apart_s = np.minimum(onsets_s - others_s[after - 1], others_s[after] - onsets_s)
        return np.flatnonzero(apart_s >= 2 * self.window_s - 1e-6)

    def _has_all(self, which: np.ndarray, least: int) -> bool:
        counts = np.bincount(self.labels[which], minlength=len(self.classes))
        return bool(counts.min() >= least)

    def problem(self) -> Text:
        """Why no head can be judged on this; empty if one can."""
        for label, name in enumerate(self.classes):
            windows, blocks, _ = self.counts(label)
            if windows < LEAST_WINDOWS or blocks < LEAST_BLOCKS:
                return Text(
                    "Not enough of {name}: {n} windows in {n_blocks} blocks; at least {least} windows in "
                    "{least_blocks} blocks are needed.",
                    name=name,
                    n=windows,
                    n_blocks=blocks,
                    least=LEAST_WINDOWS,
                    least_blocks=LEAST_BLOCKS,
                )
        for train, _ in self.splits():
            for label, name in enumerate(self.classes):
                if (self.labels[train] == label).sum() < 2:
                    return Text("{name} lies in one place only: annotate it at other times too.", name=name)
        return NOTHING

    def tuning_problem(self) -> Text:
        """Why the network cannot be fine-tuned with this; empty if it can."""
        if self.problem() or self.nested_splits():
            return NOTHING
        return Text(
            "Too little to fine-tune with: of the pieces of time one is held out to judge and another to "
            "choose the epoch, and each class must lie in both and in the rest."
        )

    def cautions(self) -> list[Text]:
        """What weakens a result, in sentences."""
        said = []
        counts = [self.counts(label) for label in range(len(self.classes))]
        few = [name for name, (n, _, _) in zip(self.classes, counts, strict=True) if n < FEW_WINDOWS]
        if few:
            said.append(Text("Few windows of {names}: the interval will be wide.", names=", ".join(few)))
        if min(stretches for _, _, stretches in counts) < FEW_STRETCHES:
            said.append(
                Text(
                    "A class lies in one or two stretches of time: drift or drowsiness can tell the classes "
                    "apart as well as what they mean. Let them alternate."
                )
            )
        if self.in_two:
            said.append(Text("{n} windows lie in spans of two classes and are left out.", n=self.in_two))
        if self.in_bad:
            said.append(
                Text("{n} windows touch annotations that begin with BAD and are left out.", n=self.in_bad)
            )
        return said


def label_windows(
    info: RecordingInfo, config: BundleConfig, annotations: Sequence[Annotation], labelling: Labelling
) -> LabelledWindows:
    """Cut labelled windows from the annotated spans.

    Parameters
    ----------
    info : RecordingInfo
    config : BundleConfig
        Its window and rate.
    annotations : sequence of Annotation
        The recording's or the user's; what lies outside the recording counts for nothing.
    labelling : Labelling
    """
    rate_hz, n = config.preprocessing.rate_hz, config.window_samples
    before = {one.name: labelling.before_s for one in labelling.classes}
    spans = [
        _united(
            (note.onset_s, note.onset_s + note.duration_s)
            if note.duration_s > 0
            else (note.onset_s - before[one.name], note.onset_s - before[one.name] + n / rate_hz)
            for note in annotations
            if note.description in one.descriptions
        )
        for one in labelling.classes
    ]
    bad = _united(
        (note.onset_s, note.onset_s + max(note.duration_s, 1 / rate_hz))
        for note in annotations
        if note.description.casefold().startswith(BAD)
    )
    found, in_two, in_bad = [], 0, 0
    for label, own in enumerate(spans):
        others = _united(span for other, some in enumerate(spans) if other != label for span in some)
        for window in _cut(info, own, n, rate_hz, labelling.inside):
            begin_s, end_s = window.onset_s, window.onset_s + n / rate_hz
            if _overlap_s(bad, begin_s, end_s) > 0:
                in_bad += 1
            elif _overlap_s(others, begin_s, end_s) > (1 - labelling.inside) * n / rate_hz + 1e-9:
                in_two += 1
            else:
                found.append((window, label))
    found.sort(key=lambda one: (one[0].onset_s, one[1]))
    windows = tuple(window for window, _ in found)
    labels = np.array([label for _, label in found], dtype=int)
    stretches, blocks = _grouped(windows, labels, n)
    folds = _folds(labels, blocks, len(spans))
    names = tuple(one.name for one in labelling.classes)
    return LabelledWindows(names, n / rate_hz, windows, labels, stretches, blocks, folds, in_two, in_bad)


def _united(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans in order, those that touch as one."""
    united: list[tuple[float, float]] = []
    for begin_s, end_s in sorted(spans):
        if united and begin_s <= united[-1][1] + 1e-3:
            united[-1] = (united[-1][0], max(united[-1][1], end_s))
        else:
            united.append((begin_s, end_s))
    return united


def _overlap_s(spans: list[tuple[float, float]], begin_s: float, end_s: float) -> float:
    return sum(max(0.0, min(end_s, b) - max(begin_s, a)) for a, b in spans)


def _cut(
    info: RecordingInfo, spans: list[tuple[float, float]], n: int, rate_hz: float, inside: float
) -> list[Window]:
    """Windows one after the other from the start of each span, never across a gap."""
    found: list[Window] = []
    least = int(np.ceil(inside * n - 1e-6))
    for place, segment in enumerate(info.segments):
        total = samples_at(segment.n, info.rate_hz, rate_hz)
        free = 0  # windows of one class do not overlap
        for begin_s, end_s in spans:
            begin, end = (round((t - segment.onset_s) * rate_hz) for t in (begin_s, end_s))
            begin, end = max(begin, free, 0), min(end, total)
            while end - begin >= least and total >= n:
                start = min(begin, total - n)  # the last one may begin earlier to fit
                if start < free:
                    break
                if min(end, start + n) - max(begin, start) < least:
                    break
                onset_s = segment.onset_s + start / rate_hz
                found.append(Window(len(found), place, start, n, onset_s))
                begin = free = start + n
    return found


def _grouped(windows: Sequence[Window], labels: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Stretch and block of every window."""
    stretches: list[int] = []
    blocks: list[int] = []
    length = 0
    for i, window in enumerate(windows):
        before = windows[i - 1] if i else None
        breaks = (
            before is None
            or labels[i] != labels[i - 1]
            or window.segment != before.segment
            or window.start - before.start > 2 * n
        )
        length = 0 if breaks else length + 1
        stretches.append((stretches[-1] + breaks) if stretches else 0)
        blocks.append((blocks[-1] + (length % BLOCK == 0)) if blocks else 0)
    return np.array(stretches, dtype=int), np.array(blocks, dtype=int)


def _folds(labels: np.ndarray, blocks: np.ndarray, classes: int) -> np.ndarray:
    """Contiguous folds of whole blocks; each class weighs the same."""
    if not len(labels):
        return np.zeros(0, dtype=int)
    weights = 1.0 / np.bincount(labels, minlength=classes).clip(1)[labels]
    weights /= weights.sum()
    middles = np.cumsum(weights) - weights / 2
    folds = np.zeros(len(labels), dtype=int)
    for block in np.unique(blocks):
        own = blocks == block
        folds[own] = min(int(np.average(middles[own], weights=weights[own]) * FOLDS), FOLDS - 1)
    return folds
