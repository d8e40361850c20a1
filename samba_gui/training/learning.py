"""What is asked of learning from one's own recordings, and what comes back: plain data, without torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from samba_gui.core.recipe import Recipe
from samba_gui.core.recording import Annotation, RecordingInfo
from samba_gui.engine.labelling import Labelling
from samba_gui.training.tuned import PARTS, Accuracy, Finetune, Tuned

ONE_RECORDING = "It was trained and judged on ONE recording: it says nothing about other people."

NOTICEABLE = 0.005
"""Gains of skill below this make no picture look different."""

Told = Callable[[str, float], None]
"""Is told what is being done, and which share of everything is done."""


def part_of(told: Told, begin: float, end: float) -> Told:
    """Tells of what fills a part of everything."""
    return lambda doing, share: told(doing, begin + (end - begin) * share)


@dataclass(frozen=True)
class HeadJob:
    """Teach a bundle a head with the annotations of one recording.

    Parameters
    ----------
    info : RecordingInfo
    recipe : Recipe
        Channels and montage, and the bundle that is meant.
    bundle_dir : str
    annotations : tuple of Annotation
    labelling : Labelling
    title : str
        Of the head; a plain name.
    device : {"auto", "cpu", "cuda"}
        Fine-tuning runs on the CPU.
    finetune : Finetune or None
        None: the head alone learns.
    """

    info: RecordingInfo
    recipe: Recipe
    bundle_dir: str
    annotations: tuple[Annotation, ...]
    labelling: Labelling
    title: str
    device: str = "auto"
    finetune: Finetune | None = None


@dataclass(frozen=True)
class HeadReport:
    """Everything measured of a head on held-out time of the recording it was trained on.

    Parameters
    ----------
    title, name : str
        For the screen, and in the bundle's files.
    classes : tuple of str
    counts : tuple of (windows, blocks, stretches)
        By class.
    window_s : float
    folds : int
    abstained : int
        Windows without a usable signal, left out.
    accuracy, untrained : Accuracy
        Of the head, and of one on a network that was never trained.
    classical : tuple of (name, Accuracy)
        On log band power of the same windows.
    chance : float
    null_way : str
        How labels were made meaningless.
    null_draws : int
    null_high, p_value : float
        What 95 % of meaningless labellings do not exceed; the share that does as well as the true one.
    confusion : tuple of tuples of int
        Rows: annotated; columns: said.
    reliability : tuple of (windows, said, right)
        By bins of the likeliest class's probability.
    calibration_error, temperature, log_loss : float
    cautions : tuple of str
    tuned : Tuned or None
        If fine-tuning was asked for; where it is kept, all figures but those of ``untrained`` and ``null_*``
        are of the fine-tuned network.
    """

    title: str
    name: str
    classes: tuple[str, ...]
    counts: tuple[tuple[int, int, int], ...]
    window_s: float
    folds: int
    abstained: int
    accuracy: Accuracy
    untrained: Accuracy
    classical: tuple[tuple[str, Accuracy], ...]
    chance: float
    null_way: str
    null_draws: int
    null_high: float
    p_value: float
    confusion: tuple[tuple[int, ...], ...]
    reliability: tuple[tuple[int, float, float], ...]
    calibration_error: float
    temperature: float
    log_loss: float
    cautions: tuple[str, ...]
    tuned: Tuned | None = None

    @property
    def above_chance(self) -> bool:
        """Whether interval and accuracy lie above chance and above meaningless labels."""
        above_null = self.null_draws == 0 or self.accuracy.value > self.null_high
        return self.accuracy.low > self.chance and above_null

    @property
    def is_better(self) -> bool:
        """Whether it was worth it."""
        return self.above_chance

    def verdict(self) -> str:
        """The result in one or two sentences."""
        said = f"Balanced accuracy {self.accuracy} on held-out time; chance {self.chance:.2f}"
        if self.null_draws:
            said += f", meaningless labels up to {self.null_high:.2f}"
        if self.above_chance:
            return f"{said}. Above chance in this recording."
        if self.accuracy.low <= self.chance:
            return f"{said}. Not above chance: the interval includes it."
        return f"{said}. Not above chance: labels without meaning are told as well."

    def compared(self) -> list[tuple[str, str]]:
        """This head beside everything it has to be better than: name and figure."""
        rows = [("this head", str(self.accuracy))]
        if self.tuned is not None:
            tuned = f"fine-tuned: {PARTS[self.tuned.what]} and the head"
            probe = "the probe: a head on the frozen network"
            rows = [(probe, str(self.tuned.probe)), (tuned, str(self.tuned.tuned))]
            rows.append(("difference on the same blocks", self.tuned.difference()))
        rows.append(("chance", f"{self.chance:.2f}"))
        if self.null_draws:
            way = f"{self.null_way}, {self.null_draws} times"
            rows.append((f"meaningless labels ({way}): 95 % stay below", f"{self.null_high:.2f}"))
        rows.append(("the same head on an untrained network", str(self.untrained)))
        return rows + [(name, str(accuracy)) for name, accuracy in self.classical]

    def doubts(self) -> list[str]:
        """What does as well with less, and what weakens the result, in sentences."""
        said = []
        name, best = max(self.classical, key=lambda one: one[1].value)
        if best.value >= self.accuracy.value:
            said.append(f"{name.capitalize()} does as well without the network ({best.value:.2f}).")
        if self.untrained.value >= self.accuracy.low:
            said.append(
                f"The interval also holds what an untrained network gives ({self.untrained.value:.2f})."
            )
        return said + list(self.cautions)

    def lines(self) -> list[str]:
        """Everything that matters, in lines of text."""
        counts = [
            f"{name}: {n} windows in {blocks} blocks, {stretches} separate stretches"
            for name, (n, blocks, stretches) in zip(self.classes, self.counts, strict=True)
        ]
        figures = [f"{name}: {figure}" for name, figure in self.compared()]
        told = [
            f"{name}: said to be " + ", ".join(f"{to} {n}" for to, n in zip(self.classes, row, strict=True))
            for name, row in zip(self.classes, self.confusion, strict=True)
        ]
        tuned = [self.tuned.verdict(), *self.tuned.consequences()] if self.tuned is not None else []
        return [self.verdict(), *tuned, ONE_RECORDING, *counts, *figures, *told, *self.doubts()]

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "above_chance": self.above_chance, "verdict": self.verdict()}


@dataclass(frozen=True)
class OwnRecording:
    """A recording to fine-tune on; without a recipe it is read with what fits it best."""

    path: str
    recipe: Recipe | None = None


@dataclass(frozen=True)
class MaskedJob:
    """Fine-tune a bundle by masked reconstruction.

    Parameters
    ----------
    recordings : tuple of OwnRecording
    bundle_dir : str
    what : {"saie", "all"}
        The embedding of electrodes alone, or the whole network.
    epochs, steps, batch : int
        Batches per epoch, and windows per batch.
    device : {"auto", "cpu", "cuda"}
    seed : int
    """

    recordings: tuple[OwnRecording, ...]
    bundle_dir: str
    what: str = "saie"
    epochs: int = 5
    steps: int = 20
    batch: int = 8
    device: str = "auto"
    seed: int = 3407


@dataclass(frozen=True)
class MaskedEpoch:
    """``epoch`` (0: before) · mean ``loss`` of its batches · ``skill`` on held-out time."""

    epoch: int
    loss: float
    skill: float


@dataclass(frozen=True)
class MaskedReport:
    """What fine-tuning changed, on held-out time of the same recordings.

    Parameters
    ----------
    what : {"saie", "all"}
    recordings, windows, judged : int
        Windows that were trained on, and those that it was judged on.
    before, after : float
        Skill against straight-line interpolation.
    low, high : float
        95 % interval of the gain over blocks of windows drawn again.
    curve : tuple of MaskedEpoch
    dropped : tuple of str
        Heads whose features are no more.
    """

    what: str
    recordings: int
    windows: int
    judged: int
    before: float
    after: float
    low: float
    high: float
    curve: tuple[MaskedEpoch, ...]
    dropped: tuple[str, ...]

    @property
    def is_better(self) -> bool:
        """Whether the whole interval of the gain lies above zero."""
        return self.low > 0

    def part(self) -> str:
        """What was trained, in words."""
        return "the embedding of electrodes (SAIE) alone" if self.what == "saie" else "the whole network"

    def verdict(self) -> str:
        """The result in two sentences."""
        gain = self.after - self.before
        said = (
            f"Skill on held-out time of the same recordings: {self.before:.3f} before, {self.after:.3f} "
            f"after; gain {gain:+.4f} [{self.low:+.4f}, {self.high:+.4f}]."
        )
        if self.is_better:
            return f"{said} Better{'.' if gain >= NOTICEABLE else ', but hardly.'}"
        return f"{said} {'Worse.' if self.high < 0 else 'Not better: the interval includes no gain at all.'}"

    def lines(self) -> list[str]:
        """Everything that matters, in lines of text."""
        trained = f"Trained {self.part()} on {self.windows} windows of {_some(self.recordings)}."
        dropped = [f"Dropped, since their features are no more: {', '.join(self.dropped)}."]
        return [self.verdict(), trained, *(dropped if self.dropped else [])]

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "is_better": self.is_better, "verdict": self.verdict()}


def _some(recordings: int) -> str:
    return "one recording" if recordings == 1 else f"{recordings} recordings"
