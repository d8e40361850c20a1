"""What a picture, film, table or page was made from: provenance, checked before it is believed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from samba_gui.core.errors import ExportError, MontageError
from samba_gui.core.montage import Montage
from samba_gui.core.recipe import Recipe
from samba_gui.core.words import Text
from samba_gui.io.montage_files import with_pairs

MOST_CHANNELS = 4096
_MOST_LETTERS = 200
_FARTHEST_M = 1.0
_MOST_PAIRS = 16
_MOST_COMPARED = 4


@dataclass(frozen=True, eq=False)
class PictureState:
    """What can be restored; empty, None or -1 where the file does not say.

    Parameters
    ----------
    bundle, bundle_key : str
    montage : Montage or None
        The electrodes that are shown.
    montage_name : str
    recipe : Recipe or None
        Of the analysis that is shown.
    recording_sha256 : str
    simulated : bool
    quantity, target : str
        What the head shows.
    epoch : int
    view : {"2d", "3d", ""}
    camera : str
    names : bool or None
    cortex : str
        The template under the scalp, or empty.
    cursor_s, page_start_s, page_s : float
        -1 where not known.
    of_many : int
        How many recordings the file is of; the first is described here.
    compared : tuple of Montage
        Montages that the picture compares.
    """

    bundle: str = ""
    bundle_key: str = ""
    montage: Montage | None = None
    montage_name: str = ""
    recipe: Recipe | None = None
    recording_sha256: str = ""
    simulated: bool = False
    quantity: str = ""
    target: str = ""
    epoch: int = -1
    view: str = ""
    camera: str = ""
    names: bool | None = None
    cortex: str = ""
    cursor_s: float = -1.0
    page_start_s: float = -1.0
    page_s: float = -1.0
    of_many: int = 1
    compared: tuple[Montage, ...] = ()


def picture_state(provenance: dict[str, Any]) -> PictureState:
    """Take provenance apart.

    Parameters
    ----------
    provenance : dict
        As :func:`samba_gui.io.provenance.read_provenance` found it.

    Returns
    -------
    PictureState

    Raises
    ------
    ExportError
        Something in it is not what this program writes.
    """
    recordings = provenance.get("recordings")
    many = 1
    if isinstance(recordings, list) and recordings:
        many = len(recordings)
        if not isinstance(recordings[0], dict):
            raise _refused("recordings")
        provenance = recordings[0]
    facts = _Facts(provenance)
    recipe = _recipe(facts)
    montage = recipe.montage() if recipe is not None else _electrodes(facts, "montage")
    if recipe is not None and recipe.bipolar:
        montage = _montage(recipe.montage_name, recipe.names, recipe.positions_m)
    _check_key(montage, facts)
    page = facts.text("page_s").partition(" … ")
    start_s, stop_s = (_seconds(text, "page_s") for text in (page[0], page[2]))
    return PictureState(
        bundle=facts.text("bundle"),
        bundle_key=facts.text("bundle_key"),
        montage=montage,
        montage_name=facts.text("montage"),
        recipe=recipe,
        recording_sha256=facts.text("recording_sha256"),
        simulated=facts.text("recording_simulated") == "yes",
        quantity=facts.text("quantity"),
        target=facts.text("target"),
        epoch=facts.last_epoch(),
        view=facts.text("view"),
        camera=facts.text("camera"),
        names=facts.switch("names"),
        cortex=facts.text("cortex"),
        cursor_s=_seconds(facts.text("cursor_s"), "cursor_s"),
        page_start_s=start_s,
        page_s=stop_s - start_s if stop_s > start_s >= 0 else -1.0,
        of_many=many,
        compared=tuple(map(_compared, facts.entries("montages"))),
    )


class _Facts:
    """Typed access to plain data that may be anything."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    def text(self, name: str) -> str:
        """A short line, empty where there is none."""
        value = self._data.get(name, "")
        if not isinstance(value, str) or len(value) > _MOST_LETTERS or not value.isprintable():
            raise _refused(name)
        return value

    def long_text(self, name: str) -> str:
        value = self._data.get(name, "")
        if not isinstance(value, str):
            raise _refused(name)
        return value

    def switch(self, name: str) -> bool | None:
        value = self._data.get(name)
        if value is not None and not isinstance(value, bool):
            raise _refused(name)
        return value

    def last_epoch(self) -> int:
        epochs = self._data.get("epochs", [])
        if not isinstance(epochs, list) or not all(_is_count(epoch) for epoch in epochs):
            raise _refused("epochs")
        return epochs[-1] if epochs else -1

    def entries(self, name: str) -> list[_Facts]:
        """A short list of plain data of its own; those without electrodes, of earlier versions, are none."""
        entries = self._data.get(name, [])
        if not isinstance(entries, list) or len(entries) > _MOST_COMPARED:
            raise _refused(name)
        if not all(isinstance(entry, dict) for entry in entries):
            raise _refused(name)
        return [_Facts(entry) for entry in entries if "electrodes" in entry]

    def rows(self, name: str) -> list[list[Any]]:
        """Rows of a name and three numbers; the numbers are still to be checked."""
        rows = self._data.get(name, [])
        if not isinstance(rows, list) or len(rows) > MOST_CHANNELS:
            raise _refused(name)
        if not all(isinstance(row, list) and len(row) == 4 for row in rows):
            raise _refused(name)
        return rows


def _electrodes(facts: _Facts, name: str) -> Montage | None:
    """The electrodes, as a montage of the name that stands under ``name``."""
    rows = facts.rows("electrodes")
    if not rows:
        return None
    return _montage(facts.text(name), tuple(row[0] for row in rows), tuple(row[1:] for row in rows))


def _check_key(montage: Montage | None, facts: _Facts) -> None:
    key = facts.text("montage_key")
    if montage is not None and key and key != montage.key:
        raise _refused(Text("electrodes (they do not have the hash beside them)"))


def _compared(facts: _Facts) -> Montage:
    montage = _electrodes(facts, "name")
    if montage is None:
        raise _refused("montages")
    _check_key(montage, facts)
    return montage


def _montage(name: str, labels: tuple[Any, ...], positions: tuple[Any, ...]) -> Montage:
    try:
        if not all(isinstance(label, str) and label.isprintable() and len(label) < 80 for label in labels):
            raise ValueError
        where = np.array(positions, dtype=np.float64)
        if where.shape != (len(labels), 3) or not (np.abs(where) < _FARTHEST_M).all():
            raise ValueError
        return with_pairs(name, labels, where, "from a picture")
    except (TypeError, ValueError, OverflowError, MontageError):
        raise _refused("electrodes") from None


def _recipe(facts: _Facts) -> Recipe | None:
    text = facts.long_text("recipe")
    if not text:
        return None
    try:
        recipe = Recipe.from_json(text)
        texts = (recipe.bundle_key, recipe.montage_name, *recipe.labels, *recipe.names)
        sound = (
            len(recipe.labels) == len(recipe.names) == len(recipe.positions_m) <= MOST_CHANNELS
            and all(isinstance(one, str) and len(one) <= _MOST_LETTERS and one.isprintable() for one in texts)
            and isinstance(recipe.bipolar, bool)
            and _is_count(recipe.seed)
            and _is_count(recipe.pairs)
            and 1 <= recipe.pairs <= _MOST_PAIRS
        )
        if not sound:
            raise ValueError
        _montage(recipe.montage_name, recipe.names, recipe.positions_m)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError, ExportError):
        raise _refused("recipe") from None
    if facts.text("recipe_key") not in ("", recipe.key):
        raise _refused(Text("recipe (it does not have the hash beside it)"))
    return recipe


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _seconds(text: str, name: str) -> float:
    if not text:
        return -1.0
    try:
        value = float(text)
    except ValueError:
        raise _refused(name) from None
    if not math.isfinite(value):
        raise _refused(name)
    return value


def _refused(name: str) -> ExportError:
    return ExportError(
        "The provenance is not what samba-gui writes: {name} cannot be believed.",
        "Choose the file as samba-gui wrote it.",
        name=name,
    )
