"""Electrode names as files write them, and as everybody means them: ``EEG FP1-REF`` is ``Fp1``, T3 is T7."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

OLD_NAMES = {"T3": "T7", "T4": "T8", "T5": "P7", "T6": "P8"}
"""Names of the 10-20 system that the 10-10 system renamed."""

REFERENCE_SITES = ("A1", "A2", "M1", "M2")
"""Ear lobes and mastoids."""

# Letters of the 10-05 system with their own spelling; the longest come first, so that AFp is not read as AF.
_LETTERS = (
    *("AFp", "AFF", "FFT", "FFC", "FTT", "FCC", "TTP", "CCP", "TPP", "CPP", "PPO", "POO"),
    *("Fp", "AF", "FT", "FC", "TP", "CP", "PO", "OI", "F", "T", "C", "P", "O", "I"),
)
_SPELLING = {letters.upper(): letters for letters in _LETTERS}
_ELECTRODE = re.compile(rf"({'|'.join(_LETTERS)})(Z|10|[1-9])(H?)", re.IGNORECASE)
_SITE = re.compile(r"([AM])([12])", re.IGNORECASE)
_PREFIX = re.compile(r"(EEG|POL|CHANNEL|CHAN|CH)[\s:_\-.]+(?=\S)", re.IGNORECASE)
# What follows the dash when it is only the reference: REF, LE (linked ears), AVG, A1, (A1+A2)/2, M1M2 …
_REFERENCE = re.compile(
    r"\(?(REF\w*|LE|LER|AR|AV|AVE|AVG|AVR|CAR|LINKED\w*|G\d?|GND|RE|OFF|COM|"
    r"[AM][12]([+/,]?[AM][12])?)\)?(/2)?",
    re.IGNORECASE,
)


def electrode_name(text: str) -> str | None:
    """Spell one electrode of the 10-05 system, or an ear or mastoid.

    Parameters
    ----------
    text : str
        A bare name in any case: ``"FP1"``, ``"fcz"``, ``"T3"``.

    Returns
    -------
    str or None
        ``"Fp1"``, ``"FCz"``, ``"T7"``; None if the system has no such electrode.
    """
    if _SITE.fullmatch(text):
        return text.upper()
    match = _ELECTRODE.fullmatch(text)
    if match is None:
        return None
    letters, number, half = match.groups()
    name = _SPELLING[letters.upper()] + number.lower() + half.lower()
    return OLD_NAMES.get(name, name)


def split_label(label: str) -> tuple[str, str]:
    """Take a channel label apart.

    Parameters
    ----------
    label : str
        As the file has it: ``"EEG Fp1-REF"``, ``"Fc5."``, ``"T3-T5"``.

    Returns
    -------
    plus, minus : str
        Names of the electrodes as written, without prefix, dots and blanks; ``minus`` is empty if nothing
        follows a dash.
    """
    bare = _PREFIX.sub("", label.strip(), count=1).strip(" .")
    plus, _, minus = re.sub(r"[–—−]", "-", bare).partition("-")
    return plus.strip(" ."), minus.strip(" .")


def standard_name(label: str) -> str:
    """Standard name of one channel.

    Parameters
    ----------
    label : str

    Returns
    -------
    str
        The electrode (``"Fp1"``), the difference of two electrodes (``"Fp1-F7"``), or the label without
        blanks and trailing dots if it names neither.
    """
    plus, minus = split_label(label)
    first = electrode_name(plus)
    if first is None:
        return label.strip(" .")
    if not minus:
        return first
    if is_reference_word(minus):
        # A2-A1 is how one ear differs from the other, not an electrode on the head.
        return f"{first}-{minus.upper()}" if first in REFERENCE_SITES and _SITE.fullmatch(minus) else first
    second = electrode_name(minus)
    return f"{first}-{second}" if second else label.strip(" .")


def standard_names(labels: Sequence[str]) -> list[str]:
    """Standard names of a recording's channels.

    A cathode that all of four or more differences share is the common reference, so that ``Fp1-Cz, F3-Cz,
    …`` are Fp1, F3, …; single derivations such as ``Fpz-Cz`` stay what they are.

    Parameters
    ----------
    labels : sequence of str

    Returns
    -------
    list of str
    """
    names = [standard_name(label) for label in labels]
    cathodes = Counter(name.partition("-")[2] for name in names if is_difference(name))
    if len(cathodes) == 1 and cathodes.total() >= 4:
        return [name.partition("-")[0] if is_difference(name) else name for name in names]
    return names


def is_difference(name: str) -> bool:
    """Whether a standard name is a difference of two electrodes."""
    first, dash, second = name.partition("-")
    return bool(dash) and electrode_name(first) is not None and electrode_name(second) is not None


def is_reference_word(text: str) -> bool:
    """Whether what follows the dash in a label says only what the channel was measured against."""
    return bool(_REFERENCE.fullmatch(text.replace(" ", "")))


def name_key(name: str) -> str:
    """The form in which names are compared: standard name, case ignored."""
    return standard_name(name).casefold()
