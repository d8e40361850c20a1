"""Where the files that ship with the program lie, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def _shipped(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def resources_dir() -> Path:
    """Folder of icons, the example recording and the default bundle."""
    return _shipped("resources")


def montages_dir() -> Path:
    """Folder of the shipped montages, one CSV each."""
    return _shipped("montages")


def default_bundle_dir() -> Path:
    """Folder of the bundle that is used unless another is chosen."""
    return resources_dir() / "bundles" / "samba-any-montage"


def example_recording_path() -> Path:
    """The simulated recording that ships with the program."""
    return resources_dir() / "example" / "simulated_eyes_10-20.edf"
