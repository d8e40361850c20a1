"""In which order the channels are shown, and which are hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from samba_gui.core.electrode_regions import LOBES, SIDES, place_of
from samba_gui.core.recording import Channel, ChannelKind


class Order(StrEnum):
    """What the rows are sorted by."""

    KIND = "by kind"
    FILE = "as in the file"
    SIDE = "left, middle, right"
    REGION = "by region"
    OWN = "own order"


KIND_RANKS = {kind: rank for rank, kind in enumerate(ChannelKind)}
KIND_WORDS = {kind: kind.value.upper() if len(kind.value) == 3 else kind.value for kind in ChannelKind}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Order and hidden channels.

    Parameters
    ----------
    order : Order
    own : tuple of str
        Labels of channels in the user's order; those that are not there follow by kind.
    hidden : frozenset of str
        Labels of channels that are not shown. They are still read by the model.
    """

    order: Order = Order.KIND
    own: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()

    def place(self, label: str, name: str, kind: ChannelKind, index: int) -> tuple[tuple, str]:
        """Where a channel belongs.

        Parameters
        ----------
        label, name : str
            In the file, and standard.
        kind : ChannelKind
        index : int
            In the file.

        Returns
        -------
        rank : tuple
            Channels are sorted by it.
        group : str
            A gap is drawn where it changes.
        """
        if self.order is Order.FILE:
            return (index,), ""
        if self.order is Order.OWN and label in self.own:
            return (-1, self.own.index(label)), ""
        kind_rank = KIND_RANKS[kind]
        found = place_of(name) if kind is ChannelKind.EEG else None
        if found is None or self.order in (Order.KIND, Order.OWN):
            return (kind_rank, len(LOBES), 0.0, index), KIND_WORDS[kind]
        lobe, side, back, right = found
        if self.order is Order.SIDE:
            return (kind_rank, SIDES.index(side), back, abs(right), index), side
        return (kind_rank, LOBES.index(lobe), back, right, index), lobe

    def arranged(self, channels: Sequence[Channel]) -> list[int]:
        """Indices of all channels in this order, hidden ones among them."""
        places = [self.place(c.label, c.name, c.kind, i)[0] for i, c in enumerate(channels)]
        return sorted(range(len(channels)), key=lambda i: places[i])

    def moved(self, channels: Sequence[Channel], label: str, to: int) -> Arrangement:
        """The user's own order: as it is now, but for one channel.

        Parameters
        ----------
        channels : sequence of Channel
        label : str
            Which is moved.
        to : int
            Its new place among all channels; kept within them.
        """
        labels = [channels[i].label for i in self.arranged(channels)]
        labels.remove(label)
        labels.insert(min(max(to, 0), len(labels)), label)
        return replace(self, order=Order.OWN, own=tuple(labels))

    def ordered(self, order: Order, channels: Sequence[Channel]) -> Arrangement:
        """Another order; one's own begins with what is seen now."""
        own = self.own or tuple(channels[i].label for i in self.arranged(channels))
        return replace(self, order=order, own=own if order is Order.OWN else self.own)

    def showing(self, label: str, shown: bool) -> Arrangement:
        """One channel shown or hidden."""
        return replace(self, hidden=self.hidden - {label} if shown else self.hidden | {label})

    def elsewhere(self) -> Arrangement:
        """For another recording: what was said of single channels is forgotten."""
        return Arrangement(Order.KIND if self.order is Order.OWN else self.order)
