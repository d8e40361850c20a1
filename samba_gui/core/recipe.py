"""What to compute: the whole request, frozen, with a key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.electrode_names import name_key
from samba_gui.core.errors import RecipeError
from samba_gui.core.montage import MIN_ELECTRODES, Montage, MontageMatch
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.words import Text, joined, wording

DEFAULT_SEED = 3407
DEFAULT_PAIRS = 2


@dataclass(frozen=True)
class Recipe:
    """An analysis, completely described; the same recipe and recording give the same numbers.

    Parameters
    ----------
    bundle_key : str
        Identity of the bundle.
    montage_name : str
    labels : tuple of str
        The recording's channel labels that are read, in order.
    names : tuple of str
        Their montage names.
    positions_m : tuple of 3-tuples
        Head frame, metres, rounded to 1 µm.
    bipolar : bool
        Differences of electrodes: no re-referencing.
    seed : int
        Seed of the masks.
    pairs : int
        Pairs of complementary masks: every sample is predicted ``pairs`` times.
    """

    bundle_key: str
    montage_name: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    positions_m: tuple[tuple[float, float, float], ...]
    bipolar: bool = False
    seed: int = DEFAULT_SEED
    pairs: int = DEFAULT_PAIRS

    @cached_property
    def key(self) -> str:
        """SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces."""
        given = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return json.dumps(given, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Inverse of :meth:`to_json`."""
        data = json.loads(text)
        for name in ("labels", "names"):
            data[name] = tuple(data[name])
        data["positions_m"] = tuple(tuple(position) for position in data["positions_m"])
        return cls(**data)

    def montage(self) -> Montage:
        """The positions as a montage."""
        return Montage(self.montage_name, self.names, np.array(self.positions_m))


def make_recipe(
    info: RecordingInfo,
    match: MontageMatch,
    bundle_key: str,
    *,
    bads: frozenset[str] = frozenset(),
    seed: int = DEFAULT_SEED,
    pairs: int = DEFAULT_PAIRS,
) -> Recipe:
    """Describe the analysis of one recording with one montage.

    Parameters
    ----------
    info : RecordingInfo
    match : MontageMatch
        Which channels have which position.
    bundle_key : str
    bads : frozenset of str
        Labels of channels that are left out.
    seed, pairs : int

    Raises
    ------
    RecipeError
        Fewer than 4 EEG channels with a position remain.
    """
    kept = [i for i, index in enumerate(match.channel_indices) if info.channels[index].label not in bads]
    if len(kept) < MIN_ELECTRODES:
        raise RecipeError(
            "{n_kept} EEG channels with a known position; the model needs at least {least}.",
            "Choose a montage that names this recording's channels, or load one with positions.",
            n_kept=len(kept),
            least=MIN_ELECTRODES,
        )
    montage = match.montage.take(kept)
    positions = (montage.positions_m.round(6) + 0.0).tolist()
    return Recipe(
        bundle_key,
        montage.name,
        tuple(info.channels[match.channel_indices[i]].label for i in kept),
        montage.labels,
        tuple((x, y, z) for x, y, z in positions),
        montage.is_bipolar,
        seed,
        pairs,
    )


def output_rows(recipe: Recipe, config: BundleConfig) -> list[int] | None:
    """Where a bundle that reconstructs one montage only writes the recipe's channels.

    Parameters
    ----------
    recipe : Recipe
    config : BundleConfig

    Returns
    -------
    list of int or None
        For every channel of the recipe its row in the network's output; None for a bundle that reconstructs
        whatever it is given.

    Raises
    ------
    RecipeError
        The recipe's channels are not exactly those of the bundle, in any order.
    """
    if config.any_montage:
        return None
    rows = {name_key(label): row for row, label in enumerate(config.output_labels)}
    keys = [name_key(name) for name in recipe.names]
    if sorted(keys) == sorted(rows):
        return [rows[key] for key in keys]
    missing = [label for label in config.output_labels if name_key(label) not in keys]
    extra = [name for name, key in zip(recipe.names, keys, strict=True) if key not in rows]
    differences = [
        Text(words, names=", ".join(names[:8]) + (" …" if len(names) > 8 else ""))
        for words, names in ((wording("missing: {names}"), missing), (wording("too many: {names}"), extra))
        if names
    ]
    raise RecipeError(
        "The bundle {bundle} reconstructs only its own {n_rows} channels; {differences}.",
        "Choose a montage with exactly those channels, keep all of them, or use a bundle for any montage.",
        bundle=config.name,
        n_rows=len(rows),
        differences=joined(differences, "; "),
    )
