"""Annotations and record onsets of EDF+ and BDF+ files (time-stamped annotation lists, TALs)."""

from __future__ import annotations

import re

from samba_gui.core.recording import Annotation, Segment

_ONLY_TIME = re.compile(rb"([+-]\d+(?:\.\d*)?)\x14\x14\x00+")
_TAL = re.compile(rb"([+-]\d+(?:\.\d*)?)(?:\x15(\d+(?:\.\d*)?))?\x14([^\x00]*)\x14\x00")


def parse_tals(raw: bytes) -> tuple[list[tuple[float, float, str]], float | None]:
    """Read the lists of one record.

    Parameters
    ----------
    raw : bytes
        All annotation signals of the record, one after the other.

    Returns
    -------
    annotations : list of (onset_s, duration_s, text)
        Without the empty ones that only keep time.
    record_onset_s : float or None
        When the record begins, or None if the first list does not say.
    """
    if only := _ONLY_TIME.fullmatch(raw):  # most records of most files
        return [], float(only[1])
    found: list[tuple[float, float, str]] = []
    record_onset: float | None = None
    for i, match in enumerate(_TAL.finditer(raw)):
        onset, duration = float(match[1]), float(match[2] or 0)
        texts = match[3].split(b"\x14")
        if i == 0 and match.start() == 0 and not texts[0]:
            record_onset = onset
        found += [(onset, duration, _decode(text)) for text in texts if text]
    return found, record_onset


def _decode(text: bytes) -> str:
    try:
        return text.decode("utf-8").strip()
    except UnicodeDecodeError:
        return text.decode("latin-1").strip()


def shift(annotations: list[tuple[float, float, str]], first_onset_s: float) -> tuple[Annotation, ...]:
    """Annotations in time order, counted from the first sample, without repetitions."""
    unique = sorted(set(annotations))
    return tuple(Annotation(onset - first_onset_s, duration, text) for onset, duration, text in unique)


def segments_of_records(
    onsets_s: list[float], record_s: float, record_n: int, tolerance_s: float
) -> tuple[Segment, ...]:
    """Join records that follow each other without a gap.

    Parameters
    ----------
    onsets_s : list of float
        Ascending, one per record.
    record_s : float
    record_n : int
        Samples per record.
    tolerance_s : float
        Deviation that is no gap.

    Returns
    -------
    tuple of Segment
        The first begins at 0.
    """
    firsts = [0]
    for i in range(1, len(onsets_s)):
        expected = onsets_s[firsts[-1]] + (i - firsts[-1]) * record_s
        if abs(onsets_s[i] - expected) > tolerance_s:
            firsts.append(i)
    ends = [*firsts[1:], len(onsets_s)]
    return tuple(
        Segment(onsets_s[first] - onsets_s[0], first * record_n, (end - first) * record_n)
        for first, end in zip(firsts, ends, strict=True)
    )
