"""Which rows a page shows, in which order, made of which channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from samba_gui.core.arrangement import KIND_WORDS, Arrangement, Order
from samba_gui.core.derivations import Basis, Derivation
from samba_gui.core.recording import ChannelKind, RecordingInfo
from samba_gui.engine.derivations import Terms, derived_rows

ELECTRIC = (ChannelKind.EEG, ChannelKind.REFERENCE, ChannelKind.EOG, ChannelKind.ECG, ChannelKind.EMG)
"""Kinds that are filtered; the others are shown as recorded."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """What one row of the page shows.

    Parameters
    ----------
    label : str
        For the screen: ``"Fp1"``, ``"Fp1-F7"``.
    kind : ChannelKind
    unit : str
    group : str
        A gap is drawn where it changes.
    channels : tuple of str
        Labels in the file of what was added up.
    weights : tuple of float
        One per channel.
    """

    label: str
    kind: ChannelKind
    unit: str
    group: str
    channels: tuple[str, ...]
    weights: tuple[float, ...] = (1.0,)

    @property
    def channel(self) -> str:
        """Label of the channel that the row is named after, empty for a difference."""
        return self.channels[0] if len(self.shown) == 1 else ""

    @property
    def shown(self) -> tuple[str, ...]:
        """Channels that the row shows in full; a neighbour or a linked ear is only a part of it."""
        whole = tuple(
            label for label, weight in zip(self.channels, self.weights, strict=True) if abs(weight) == 1.0
        )
        return whole or self.channels[:1]


@dataclass(frozen=True, slots=True)
class RowPlan:
    """Rows of a page and what they are made of.

    Parameters
    ----------
    rows : tuple of PageRow
    terms : tuple of Terms
        Indices of the recording's channels, and weights, for each row.
    averaged : tuple of bool
        Rows from which the average of the EEG is taken.
    missing : int
        Rows of the derivation's table that cannot be made.
    """

    rows: tuple[PageRow, ...]
    terms: tuple[Terms, ...]
    averaged: tuple[bool, ...]
    missing: int


def plan_rows(
    info: RecordingInfo,
    derivation: Derivation,
    arrangement: Arrangement,
    bads: frozenset[str] = frozenset(),
    positions_m: Mapping[str, np.ndarray] | None = None,
) -> RowPlan:
    """Choose and order the rows of a page.

    Parameters
    ----------
    info : RecordingInfo
    derivation : Derivation
    arrangement : Arrangement
        A table of rows keeps its own order; the other channels follow it.
    bads : frozenset of str
    positions_m : mapping, optional
        Positions (3,) by label, for the local Laplacian.
    """
    channels, is_table = info.channels, derivation.basis is Basis.TABLE
    order = arrangement if not is_table else Arrangement(Order.KIND, (), arrangement.hidden)
    derived = derived_rows(derivation, channels, bads, positions_m)
    eeg = {i for i, channel in enumerate(channels) if channel.kind is ChannelKind.EEG}
    found: list[tuple[tuple, PageRow, Terms, bool]] = []
    for place, (row, terms) in enumerate(derived):
        first = channels[terms[0][0]]
        rank, group = order.place(first.label, first.name, first.kind, terms[0][0])
        page_row = PageRow(
            row.label,
            first.kind,
            first.unit,
            row.group or KIND_WORDS[first.kind] if is_table else group,
            tuple(channels[i].label for i, _ in terms),
            tuple(weight for _, weight in terms),
        )
        found.append(((-2, place) if is_table else rank, page_row, terms, derivation.basis is Basis.AVERAGE))
    for i, channel in enumerate(channels):
        if i not in eeg:
            rank, group = order.place(channel.label, channel.name, channel.kind, i)
            plain = PageRow(channel.name, channel.kind, channel.unit, group, (channel.label,))
            found.append((rank, plain, ((i, 1.0),), False))
    shown = sorted(
        (entry for entry in found if not arrangement.hidden.intersection(entry[1].shown)),
        key=lambda entry: entry[0],
    )
    wanted = len(derivation.rows) if is_table else len(eeg)
    return RowPlan(
        tuple(entry[1] for entry in shown),
        tuple(entry[2] for entry in shown),
        tuple(entry[3] for entry in shown),
        wanted - len(derived),
    )
