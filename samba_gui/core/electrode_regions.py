"""Where an electrode of the 10-05 system lies, by its name."""

from __future__ import annotations

from functools import cache

from samba_gui.core.electrode_names import electrode_name

LOBES = ("frontal", "central", "temporal", "parietal", "occipital")
SIDES = ("left", "middle", "right")

# The 10-05 system's letters; FC and CP flank the central sulcus, PO and I lie over the occipital lobe.
_LETTERS = {
    "frontal": ("Fp", "AFp", "AF", "AFF", "F", "FFC"),
    "central": ("FC", "FCC", "C", "CCP", "CP"),
    "temporal": ("FT", "FFT", "FTT", "T", "TTP", "TP", "TPP", "A", "M"),
    "parietal": ("CPP", "P", "PPO"),
    "occipital": ("PO", "POO", "O", "OI", "I", "N"),
}
_LOBE_OF = {letters: lobe for lobe, all_letters in _LETTERS.items() for letters in all_letters}

_FRONT_TO_BACK = (
    *(("Fp",), ("AFp",), ("AF",), ("AFF",), ("F",), ("FFC", "FFT"), ("FC", "FT"), ("FCC", "FTT")),
    *(("C", "T", "A", "M"), ("CCP", "TTP"), ("CP", "TP"), ("CPP", "TPP"), ("P",), ("PPO",), ("PO",)),
    *(("POO",), ("O",), ("OI",), ("I",), ("N",)),
)
"""Coronal rows of the 10-05 system."""
_DEPTH = {letters: depth for depth, row in enumerate(_FRONT_TO_BACK) for letters in row}


def region_of(name: str) -> tuple[str, str]:
    """Lobe and side of a 10-05 electrode by its name.

    Parameters
    ----------
    name : str
        In standard spelling: ``"CP3"``, ``"Fpz"``, ``"AFF1h"``, ``"M1"``.

    Returns
    -------
    lobe, side : str
    """
    letters, number = _parts(name)
    side = "middle" if number == "z" else SIDES[0] if int(number) % 2 else SIDES[2]
    return _LOBE_OF[letters], side


@cache
def place_of(name: str) -> tuple[str, str, float, float] | None:
    """Lobe, side, and how far back and how far right an electrode lies; None where the name tells nothing.

    Parameters
    ----------
    name : str
        Standard name of a channel.

    Returns
    -------
    lobe, side : str
    back : float
        0 at Fp, 1 at the row that lies furthest back.
    right : float
        Number of steps from the midline: ``C3`` −3, ``Cz`` 0, ``C4`` 4; half a step less in the 10-05 halves.
    """
    if electrode_name(name) != name:
        return None
    lobe, side = region_of(name)
    letters, number = _parts(name)
    steps = 0.0 if number == "z" else float(number) - 0.5 * name.endswith("h")
    return lobe, side, _DEPTH[letters] / (len(_FRONT_TO_BACK) - 1), -steps if side == "left" else steps


def _parts(name: str) -> tuple[str, str]:
    letters = name.rstrip("h").rstrip("0123456789").rstrip("z")
    return letters, name[len(letters) :].rstrip("h")
