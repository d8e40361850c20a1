"""Montages: those that ship, those a user brings, and which one fits a recording."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from samba_gui.core.electrode_names import is_difference, name_key
from samba_gui.core.errors import MontageError, RecipeError
from samba_gui.core.montage import MIN_ELECTRODES, Montage, MontageMatch
from samba_gui.core.places import montages_dir
from samba_gui.core.recording import ChannelKind, RecordingInfo
from samba_gui.io.coordinate_doctor import examine
from samba_gui.io.head_frame import place_in_head
from samba_gui.io.montage_csv import own_csv, read_own_csv, ten_five_positions
from samba_gui.io.montage_files import load_montage, montage_of_names

__all__ = [  # this room's face, whatever file a name lives in
    "check_montage",
    "file_montage",
    "load_montage",
    "match",
    "montage_by_id",
    "montages_table",
    "propose",
    "shipped_montages",
    "ten_five_positions",
    "write_mended",
]

# The explicit list: one CSV each. Where two fit a recording equally well, the earlier is proposed.
SHIPPED = (
    *("10-20_19", "tuh_19", "tuab_16_bipolar", "10-10_64", "10-05", "emotiv_14", "bnci_22"),
    *("biosemi_32", "biosemi_64", "biosemi_128", "egi_128"),
)
# Montages that networks map to; found by id, never proposed for a recording.
TARGETS = ("authors_1020_94",)
# A cap whose electrodes are only numbered is recognised by this share of them.
WHOLE_CAP = 0.75


@cache
def _shipped_by_id() -> dict[str, Montage]:
    stems = (*SHIPPED, *TARGETS)
    return {stem: read_own_csv(montages_dir() / f"{stem}.csv", ten_five_positions()) for stem in stems}


def shipped_montages() -> tuple[Montage, ...]:
    """All montages of recordings that come with the program."""
    return tuple(_shipped_by_id()[stem] for stem in SHIPPED)


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
    if Path(text).is_file():
        return load_montage(text)
    raise MontageError(
        "There is no montage {name}.", "Known are: {known}.", name=Path(text).name, known=", ".join(SHIPPED)
    )


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
            "None of the recording's EEG channels is in the montage {montage}.",
            "Choose another montage, or load one that names the recording's channels.",
            montage=montage.name,
        )
    found = montage.take(rows)
    labels = [info.channels[index].label for index in indices]
    mapped = tuple((a, b) for a, b in zip(labels, found.labels, strict=True) if a != b)
    return MontageMatch(found, tuple(indices), tuple(unmatched), mapped)


def file_montage(info: RecordingInfo) -> Montage | None:
    """Positions that came with the recording, if at least four EEG channels have one."""
    placed = [
        channel
        for channel in info.channels
        if channel.kind == ChannelKind.EEG and channel.position_m is not None
    ]
    if len(placed) < MIN_ELECTRODES:
        return None
    positions, where = place_in_head(np.array([channel.position_m for channel in placed]))
    return Montage(
        "positions from the file",
        tuple(channel.label for channel in placed),
        positions,
        f"{Path(info.path).name}; {where}",
    )


def pairs_montage(info: RecordingInfo) -> Montage | None:
    """Midpoints of the recording's own differences of 10-05 electrodes, if it has any."""
    names = [channel.name for channel in info.channels if channel.kind == ChannelKind.EEG]
    if not any(map(is_difference, names)):
        return None
    return montage_of_names("10-05 pairs", names)


def propose(info: RecordingInfo) -> list[MontageMatch]:
    """Montages that know at least four of the recording's EEG channels, the best first.

    Coverage decides; among equals positions on a real head come before those on a sphere, and smaller
    montages before larger. Positions that came with the file are offered last: they are mostly a template's
    as well, but nobody knows which. A cap whose electrodes are only numbered is offered only where it fits as
    a whole, because the same numbers mean other places on smaller and larger caps.

    Parameters
    ----------
    info : RecordingInfo

    Returns
    -------
    list of MontageMatch
    """
    own = file_montage(info)
    ranked = []
    for montage in (*shipped_montages(), pairs_montage(info), own):
        if montage is None:
            continue
        try:
            found = match(info, montage)
        except MontageError:
            continue
        least = MIN_ELECTRODES  # fewer are a coincidence of names
        if montage is not own and _is_numbered(montage):
            least = round(WHOLE_CAP * max(len(montage), len(found.channel_indices) + len(found.unmatched)))
        if len(found.channel_indices) >= least:
            rank = 2 if montage is own else int("spherical" in montage.source)
            ranked.append((-found.coverage, rank, len(montage), found))
    ranked.sort(key=lambda row: row[:3])
    return [found for *_, found in ranked]


def best_match(info: RecordingInfo) -> MontageMatch:
    """The montage that fits a recording best.

    Raises
    ------
    RecipeError
        None does.
    """
    proposals = propose(info)
    if not proposals:
        raise RecipeError(
            "No montage names this recording's channels, and the file has no positions.",
            "Give one with positions: --montage FILE.",
        )
    return proposals[0]


def _is_numbered(montage: Montage) -> bool:
    """Whether most names are plain numbers of a cap (A1 … D32, E1 … E128) instead of places."""
    places = _ten_five_keys()
    known = sum(all(name_key(end) in places for end in label.split("-")) for label in montage.labels)
    return 2 * known < len(montage)


def montages_table() -> list[str]:
    """One line per shipped montage: id, name, size, where it comes from."""
    width = max(map(len, _shipped_by_id()))
    return [
        f"{stem:<{width}}  {montage.name:<20}  {len(montage):>3} channels  {montage.source}"
        for stem, montage in _shipped_by_id().items()
    ]


def check_montage(path: str | Path) -> list[str]:
    """What a montage file, or a montage that ships, holds, in lines for a reader.

    Raises
    ------
    MontageError
        What is wrong with it.
    """
    montage = load_montage(path) if Path(path).is_file() else montage_by_id(path)
    known = [label for label in montage.labels if name_key(label) in _ten_five_keys()]
    extent = 1000 * np.ptp(montage.positions_m, axis=0)
    lines = [
        f"{Path(path).name}: {len(montage)} channels" + (", bipolar" if montage.is_bipolar else ""),
        f"source: {montage.source}",
        f"extent: {extent[0]:.0f} mm wide, {extent[1]:.0f} mm long, {extent[2]:.0f} mm high",
        f"names of the 10-05 system: {len(known)} of {len(montage)}",
    ]
    findings = examine(montage)
    lines += [finding.in_words() for finding in findings]
    if not findings:
        lines.append("every electrode lies where its name says, in MNE's head frame and in metres")
    return lines


def write_mended(path: str | Path, out: str | Path) -> str:
    """Write a copy of a montage file with everything mended that the coordinate doctor can mend.

    Returns
    -------
    str
        What was done, one line.

    Raises
    ------
    MontageError
        The file is no montage, or the copy cannot be written.
    """
    mended = [finding for finding in examine(load_montage(path)) if finding.fixed is not None]
    if not mended:
        return "nothing to mend: no copy was written"
    montage = mended[-1].fixed
    assert montage is not None
    kinds = ", ".join(dict.fromkeys(finding.kind for finding in mended))
    montage = replace(montage, source=f"{montage.source}; mended: {kinds}")
    try:
        Path(out).write_text(own_csv(montage), encoding="utf-8")
    except OSError as error:
        raise MontageError(
            "{name} could not be written: {why}.",
            "Choose another folder.",
            name=Path(out).name,
            why=error.strerror,
        ) from None
    return f"mended ({kinds}): {out}"


@cache
def _ten_five_keys() -> frozenset[str]:
    return frozenset(name_key(name) for name in ten_five_positions())
