"""How far two colours are apart, after the standards, without a line of the program's own."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB
COLOUR_BLIND = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour):
    """Linear RGB (3,), 0 ... 1."""
    found = QColor(*colour) if isinstance(colour, tuple) else QColor(colour)
    values = np.array([found.red(), found.green(), found.blue()]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    """1 ... 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def apart(one, other, eyes):
    """Distance in OKLab (Ottosson 2020) as colour-blind eyes see them; white and black are 1 apart."""
    seen = [np.clip(np.array(COLOUR_BLIND[eyes]) @ linear(c), 0, 1) for c in (one, other)]
    first, second = (_OKLAB @ np.cbrt(_LMS @ rgb) for rgb in seen)
    return float(np.linalg.norm(first - second))
