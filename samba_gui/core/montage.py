"""Electrode layouts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from samba_gui.core.errors import MontageError

HEAD_FRAME = "MNE head frame (RAS, origin between the ears), metres"
MIN_ELECTRODES = 4


@dataclass(frozen=True, eq=False)
class Montage:
    """Named positions in MNE's head frame, in metres.

    Parameters
    ----------
    name : str
        Short name (``"10-20 (19)"``), shown and written everywhere.
    labels : tuple of str
        Channel names, unique, in order.
    positions_m : ndarray (n, 3) float64
        A bipolar channel lies at the midpoint of its two electrodes.
    source : str
        Where the coordinates come from.
    anodes, cathodes : tuple of str, optional
        Electrode names; the cathode is empty for referential channels.
    endpoints_m : ndarray (n, 2, 3), optional
        Anode and cathode positions; for referential channels both are the position.

    Raises
    ------
    MontageError
        Empty, wrong shape, not finite, or duplicate labels.
    """

    name: str
    labels: tuple[str, ...]
    positions_m: np.ndarray
    source: str = ""
    anodes: tuple[str, ...] = ()
    cathodes: tuple[str, ...] = ()
    endpoints_m: np.ndarray | None = None

    def __post_init__(self) -> None:
        positions = np.array(self.positions_m, dtype=np.float64)
        if positions.shape != (len(self.labels), 3) or not len(self.labels):
            raise MontageError(
                "Montage {name}: {n} names but positions of shape {shape}.",
                name=self.name,
                n=len(self.labels),
                shape=positions.shape,
            )
        if not np.isfinite(positions).all():
            bad = self.labels[int(np.argmin(np.isfinite(positions).all(axis=1)))]
            raise MontageError(
                "Montage {name}: the position of {bad} is not a number.", name=self.name, bad=bad
            )
        if len(set(self.labels)) != len(self.labels):
            twice = next(label for label in self.labels if self.labels.count(label) > 1)
            raise MontageError(
                "Montage {name}: {twice} is listed twice.",
                "Give each channel one row.",
                name=self.name,
                twice=twice,
            )
        positions.setflags(write=False)
        object.__setattr__(self, "positions_m", positions)
        object.__setattr__(self, "anodes", self.anodes or self.labels)
        object.__setattr__(self, "cathodes", self.cathodes or ("",) * len(self.labels))
        ends = self.endpoints_m
        ends = np.repeat(positions[:, None], 2, axis=1) if ends is None else np.array(ends, dtype=np.float64)
        ends.setflags(write=False)
        object.__setattr__(self, "endpoints_m", ends)

    def __len__(self) -> int:
        return len(self.labels)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Montage) and self.name == other.name and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def is_bipolar(self) -> bool:
        """Whether any channel is a difference of two electrodes."""
        return any(self.cathodes)

    @cached_property
    def key(self) -> str:
        """SHA-256 of labels and positions (rounded to 1 µm): the montage's identity in results."""
        text = ";".join(
            f"{label},{x:.6f},{y:.6f},{z:.6f}"
            for label, (x, y, z) in zip(self.labels, self.positions_m + 0.0, strict=True)
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def rows(self) -> list[list[object]]:
        """Name and position (µm exact) of each channel, as plain data for what is written."""
        positions = (self.positions_m.round(6) + 0.0).tolist()
        return [[label, *position] for label, position in zip(self.labels, positions, strict=True)]

    def take(self, indices: list[int], name: str | None = None) -> Montage:
        """The same montage reduced to some channels, in the given order."""
        ends = self.endpoints_m
        assert ends is not None
        return Montage(
            name or self.name,
            tuple(self.labels[i] for i in indices),
            self.positions_m[indices],
            self.source,
            tuple(self.anodes[i] for i in indices),
            tuple(self.cathodes[i] for i in indices),
            ends[indices],
        )


@dataclass(frozen=True)
class MontageMatch:
    """How a montage covers a recording.

    Parameters
    ----------
    montage : Montage
        The part that was found, in the recording's channel order.
    channel_indices : tuple of int
        Indices into the recording's channels, one per montage label.
    unmatched : tuple of str
        EEG channels of the recording (labels) without a position: not given to the model.
    mapped : tuple of (label, name)
        Where the recording's label and the montage's name differ.
    """

    montage: Montage
    channel_indices: tuple[int, ...]
    unmatched: tuple[str, ...] = ()
    mapped: tuple[tuple[str, str], ...] = ()

    @property
    def coverage(self) -> float:
        """Share of the recording's EEG channels that have a position (0 … 1)."""
        total = len(self.channel_indices) + len(self.unmatched)
        return len(self.channel_indices) / total if total else 0.0

    def in_words(self) -> str:
        """One sentence for the user."""
        n, total = len(self.channel_indices), len(self.channel_indices) + len(self.unmatched)
        text = f"{self.montage.name}: {n} of {total} EEG channels have a position"
        if self.unmatched:
            shown = ", ".join(self.unmatched[:8]) + (" …" if len(self.unmatched) > 8 else "")
            text += f"; without: {shown}"
        return text
