"""Figures with what they aim at, gathered and said row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    Parameters
    ----------
    name : str
        Key in JSON, with its unit: ``"page_p95_ms"``.
    words : str
        For the table.
    value : float
    aim : float or None
    at_least : bool
        Whether the aim is a lower limit.
    """

    name: str
    words: str
    value: float
    aim: float | None = None
    at_least: bool = False

    @property
    def reached(self) -> bool | None:
        """Whether the aim is met; None without one."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    def in_words(self) -> str:
        """A row of the table."""
        row = f"{self.words:<62}{self.value:>9.3g}"
        if self.aim is None:
            return row
        relation = "≥" if self.at_least else "≤"
        return f"{row}   {relation} {self.aim:<6g} {'reached' if self.reached else 'NOT reached'}"


class Rows:
    """All figures of a run, and what could not be measured.

    Parameters
    ----------
    say : callable
        Told every row as soon as it is known.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.figures: list[Figure] = []
        self.skipped: list[str] = []

    def add(
        self, name: str, words: str, value: float, aim: float | None = None, *, at_least: bool = False
    ) -> None:
        """One number."""
        self.figures.append(Figure(name, words, float(value), aim, at_least))
        self._say(self.figures[-1].in_words())

    def add_times(self, name: str, words: str, seconds: list[float], aim_ms: float | None = None) -> None:
        """Median and 95th percentile of some times; the aim is for the latter."""
        p50_ms, p95_ms = 1000 * np.quantile(seconds, [0.5, 0.95])
        self.add(f"{name}_p50_ms", f"{words}: median, ms", p50_ms)
        self.add(f"{name}_p95_ms", f"{words}: 95th percentile, ms", p95_ms, aim_ms)

    def add_cpu(self, name: str, words: str, seconds: list[float]) -> None:
        """Median of some processor times."""
        self.add(f"{name}_cpu_p50_ms", f"{words}: processor time, median, ms", 1000 * median(seconds))

    def add_waits(self, name: str, words: str, waits_ms: np.ndarray, aim_ms: float | None = None) -> None:
        """99th percentile and longest of the event loop's waits; the aim is for the former."""
        words = f"event loop waits {words}"
        self.add(f"{name}_wait_p99_ms", f"{words}: 99th percentile, ms", np.quantile(waits_ms, 0.99), aim_ms)
        self.add(f"{name}_wait_max_ms", f"{words}: longest, ms", waits_ms.max())

    def skip(self, why: str) -> None:
        """Something could not be measured."""
        self.skipped.append(why)
        self._say(f"skipped: {why}")

    def value(self, name: str) -> float:
        """A figure by its name."""
        return next(figure.value for figure in self.figures if figure.name == name)
