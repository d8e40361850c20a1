"""Settings that outlive the window; each is read on its own, so that a broken one costs only itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from samba_gui.session.profiles import PROFILES

LAYOUT_VERSION = 4
"""Of the dock layout: raised when docks are added or renamed, so that an old layout is not forced on them."""

SEAL_BYTES = 32


@dataclass(frozen=True)
class Setting:
    """One setting: its key in the file, what it is without a value, and how text becomes it."""

    key: str
    default: Any
    parse: Callable[[Any], Any]


def one_of(*allowed: str) -> Callable[[Any], str]:
    """A parser that takes only some words."""

    def parse(value: Any) -> str:
        if value not in allowed:
            raise ValueError(value)
        return str(value)

    return parse


def between(low: float, high: float) -> Callable[[Any], float]:
    """A parser for a number in a range, ends included."""

    def parse(value: Any) -> float:
        number = float(value)
        if not low <= number <= high:
            raise ValueError(value)
        return number

    return parse


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return one_of("true", "false")(str(value).lower()) == "true"


def _paths(value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else list(value or ())
    return tuple(str(path) for path in values if path)


def _nine_texts(value: Any) -> tuple[str, ...]:
    texts = tuple(str(text) for text in value)
    if len(texts) != 9:
        raise ValueError(value)
    return texts


def sealed(state: QByteArray) -> QByteArray:
    """A layout with its checksum before it: Qt crashes on one that has been damaged."""
    return QByteArray(hashlib.sha256(state.data()).digest() + state.data())


def _unsealed(value: Any) -> QByteArray:
    if not isinstance(value, QByteArray):
        raise TypeError(value)
    content = bytes(value.data())
    if hashlib.sha256(content[SEAL_BYTES:]).digest() != content[:SEAL_BYTES]:
        raise ValueError("damaged")
    return QByteArray(content[SEAL_BYTES:])


def _screens(value: Any) -> tuple[str, ...]:
    """Calibrated screens, each ``"name=pixels per mm"``."""
    texts = _paths(value)
    for text in texts:
        between(1.0, 50.0)(text.rpartition("=")[2])
    return texts


def _whole(low: int, high: int) -> Callable[[Any], int]:
    return lambda value: int(between(low, high)(value))


DESCRIPTIONS = (
    *("artifact", "blink", "eye movement", "muscle", "electrode"),
    *("eyes open", "eyes closed", "drowsy", "to discuss"),
)
"""Of annotations made with the keys 1 to 9, until the user chooses others."""

SETTINGS = (
    Setting("theme", "system", one_of("system", "light", "dark")),
    Setting("keys", "usual", one_of("usual", "mne")),
    Setting("window/geometry", QByteArray(), _unsealed),
    Setting("window/layout", QByteArray(), _unsealed),
    Setting("recent/remember", True, _flag),
    Setting("recent/files", (), _paths),
    Setting("display/low_cut_hz", 1.0, between(0, 1000)),
    Setting("display/high_cut_hz", 70.0, between(0, 10000)),
    Setting("display/notch_hz", 0.0, between(0, 1000)),
    Setting("display/positive_up", True, _flag),
    Setting("display/page_s", 10.0, between(1, 3600)),
    Setting("display/profile", "", one_of("", *(profile.id for profile in PROFILES))),
    Setting("display/screens", (), _screens),
    Setting("analysis/device", "auto", one_of("auto", "cpu", "cuda")),
    Setting("analysis/pairs", 2, _whole(1, 16)),
    Setting("analysis/seed", 3407, _whole(0, 2**31 - 1)),
    Setting("analysis/bundle", "", str),
    Setting("analysis/pace", 0.0, between(0, 1e6)),
    Setting("annotations/descriptions", DESCRIPTIONS, _nine_texts),
)


class Settings:
    """Typed access to one settings file.

    Parameters
    ----------
    file : Path
    """

    def __init__(self, file: Path) -> None:
        self._store = QSettings(str(file), QSettings.Format.IniFormat)
        self._rows = {row.key: row for row in SETTINGS}
        self.broken: list[str] = []

    def get(self, key: str) -> Any:
        """The value, or the default where it is absent or broken (its key is then in ``broken``)."""
        row = self._rows[key]
        if not self._store.contains(key):
            return row.default
        try:
            return row.parse(self._store.value(key))
        except (TypeError, ValueError):
            self._store.remove(key)
            self.broken.append(key)
            return row.default

    def set(self, key: str, value: Any) -> None:
        """Keep a value."""
        row = self._rows[key]
        self._store.setValue(row.key, list(value) if isinstance(value, tuple) else value)

    def save(self) -> None:
        """Write the file now."""
        self._store.sync()
