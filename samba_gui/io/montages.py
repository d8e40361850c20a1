"""Montages: those that ship, those a user brings, and which one fits a recording."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from samba_gui.core.electrode_names import OLD_NAMES, name_key
from samba_gui.core.errors import MontageError
from samba_gui.core.montage import Montage, MontageMatch
from samba_gui.core.places import montages_dir
from samba_gui.core.recording import ChannelKind, RecordingInfo
from samba_gui.io.montage_csv import read_own_csv

# The explicit list: one CSV each. Where two fit a recording equally well, the earlier is proposed.
SHIPPED = (
    *("10-20_19", "tuh_19", "tuab_16_bipolar", "10-10_64", "10-05", "emotiv_14", "bnci_22"),
    *("biosemi_32", "biosemi_64", "biosemi_128", "egi_128"),
)


@cache
def ten_five_positions() -> dict[str, np.ndarray]:
    """Positions (3,) of all 10-05 electrodes, ears and mastoids, old names included; head frame, metres."""
    montage = read_own_csv(montages_dir() / "10-05.csv", {})
    positions = dict(zip(montage.labels, montage.positions_m, strict=True))
    return positions | {old: positions[new] for old, new in OLD_NAMES.items()}


@cache
def _shipped_by_id() -> dict[str, Montage]:
    return {stem: read_own_csv(montages_dir() / f"{stem}.csv", ten_five_positions()) for stem in SHIPPED}


def shipped_montages() -> tuple[Montage, ...]:
    """All montages that come with the program."""
    return tuple(_shipped_by_id().values())


def montage_by_id(text: str | Path) -> Montage:
    """Find a montage by id (``"10-10_64"``), by name (``"10-10 (64)"``), or read it from a file.

    Raises
    ------
    MontageError
        There is neither such a montage nor such a file, or the file is no montage.
    """
    shipped = _shipped_by_id()
    if (found := shipped.get(str(text))) is not None:
        return found
    for montage in shipped.values():
        if montage.name.casefold() == str(text).casefold():
            return montage
    raise MontageError(f"There is no montage {Path(text).name}.", f"Known are: {', '.join(SHIPPED)}.")


def match(info: RecordingInfo, montage: Montage) -> MontageMatch:
    """Find the recording's EEG channels in a montage, by standard names.

    Parameters
    ----------
    info : RecordingInfo
    montage : Montage

    Returns
    -------
    MontageMatch
        Channels in the recording's order; a position is given to one channel only.
    """
    where = {name_key(label): i for i, label in reversed(list(enumerate(montage.labels)))}
    # A montage's own spelling comes first: A1 is the vertex on a BioSemi cap and an ear elsewhere.
    where |= {label.casefold(): i for i, label in enumerate(montage.labels)}
    rows: list[int] = []
    indices: list[int] = []
    unmatched: list[str] = []
    for index in info.indices(ChannelKind.EEG):
        channel = info.channels[index]
        row = where.get(channel.label.strip(" .").casefold(), where.get(name_key(channel.name)))
        if row is None or row in rows:
            unmatched.append(channel.label)
        else:
            rows.append(row)
            indices.append(index)
    if not rows:
        raise MontageError(
            f"None of the recording's EEG channels is in the montage {montage.name}.",
            "Choose another montage, or load one that names the recording's channels.",
        )
    found = montage.take(rows)
    labels = [info.channels[index].label for index in indices]
    mapped = tuple((a, b) for a, b in zip(labels, found.labels, strict=True) if a != b)
    return MontageMatch(found, tuple(indices), tuple(unmatched), mapped)
