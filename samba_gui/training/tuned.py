"""Fine-tuning after the probe: what is asked, and what comes back beside the probe; without torch."""

from __future__ import annotations

from dataclasses import dataclass

PARTS = {"last": "the blocks behind the encoder", "all": "the whole network"}
"""What learns, in words."""


@dataclass(frozen=True)
class Finetune:
    """Go on from the head: let the network learn with it.

    Parameters
    ----------
    what : {"last", "all"}
        The blocks behind the encoder, or all of the network.
    epochs, steps, batch : int
        Epochs at most, batches per epoch, and windows per batch.
    seed : int
    work_dir : str
        Where every epoch is kept, so that a rerun goes on; empty: with the bundle, and gone with it.
    """

    what: str = "last"
    epochs: int = 4
    steps: int = 10
    batch: int = 16
    seed: int = 3407
    work_dir: str = ""


@dataclass(frozen=True)
class Accuracy:
    """Balanced accuracy and its 95 % interval over blocks drawn again."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True)
class Tuned:
    """What fine-tuning came to beside the probe, on the same held-out pieces.

    Parameters
    ----------
    what : {"last", "all"}
    probe, tuned : Accuracy
    gain, low, high : float
        By how much balanced accuracy is larger, and its interval.
    blocks : int
        That the interval rests on.
    epochs : tuple of int
        The best one of each piece, chosen on another; 0: the probe.
    epoch : int
        The best one once all pieces are learned from; 0 if none was better than the probe, or none was tried.
    skill : tuple of (before, after)
        Of the reconstruction of these windows then.
    dropped : tuple of str
        Heads whose features are no more if it is kept.
    """

    what: str
    probe: Accuracy
    tuned: Accuracy
    gain: float
    low: float
    high: float
    blocks: int
    epochs: tuple[int, ...]
    epoch: int = 0
    skill: tuple[float, float] | None = None
    dropped: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether the whole interval of the gain lies above zero, and an epoch could be chosen."""
        return self.low > 0 and self.epoch > 0

    def difference(self) -> str:
        """The gain with its interval."""
        return f"{self.gain:+.2f} [{self.low:+.2f}, {self.high:+.2f}]"

    def verdict(self) -> str:
        """Which of the two is kept, and why, in one sentence."""
        said = f"Fine-tuning {PARTS[self.what]} changed balanced accuracy by {self.difference()}"
        if self.kept:
            return f"{said}: better, so the fine-tuned network is kept."
        if self.low > 0:
            return f"{said}, but trained on all pieces no epoch was better than the probe, which is kept."
        if self.high < 0:
            return f"{said}: worse, so the probe is kept."
        return f"{said}: the interval includes no gain at all, so the probe is kept."

    def consequences(self) -> list[str]:
        """What else changes in the bundle, in sentences."""
        said = []
        if self.skill is not None:
            before, after = self.skill
            said.append(f"Skill of reconstruction on these windows: {before:.2f} before, {after:.2f} after.")
        if self.kept and self.dropped:
            said.append(f"Dropped, since their features are no more: {', '.join(self.dropped)}.")
        return said
