"""Energy the processor has used, where the system tells (Linux RAPL)."""

from __future__ import annotations

from pathlib import Path

POWERCAP = Path("/sys/class/powercap")


def joules() -> float | None:
    """Joules of all processor packages since some moment, or None where the system does not say."""
    counters = sorted(POWERCAP.glob("intel-rapl:?/energy_uj"))
    try:
        return sum(int(counter.read_text()) for counter in counters) / 1e6 if counters else None
    except (OSError, ValueError):
        return None
