"""Provenance is taken apart, and refused in words where it is not what this program writes."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from samba_gui.core.errors import ExportError
from samba_gui.core.recipe import Recipe
from samba_gui.io.montages import montage_by_id
from samba_gui.session.picture_state import picture_state

MONTAGE = montage_by_id("emotiv_14")
RECIPE = Recipe(
    "b" * 64,
    MONTAGE.name,
    tuple(f"EEG {label}" for label in MONTAGE.labels),
    MONTAGE.labels,
    tuple(tuple(row) for row in MONTAGE.positions_m.round(6).tolist()),
    seed=5,
    pairs=3,
)
WINDOW = {
    "bundle_key": "b" * 64,
    "montage_key": MONTAGE.key,
    "recipe": RECIPE.to_json(),
    "recipe_key": RECIPE.key,
    "page_s": "60 … 70",
    "cursor_s": "65",
    "epochs": [0, 30],
    "quantity": "paper",
    "view": "2d",
    "names": True,
}


def test_a_windows_picture() -> None:
    state = picture_state(WINDOW)
    assert state.recipe == RECIPE
    assert state.montage == MONTAGE
    assert (state.page_start_s, state.page_s, state.cursor_s) == (60.0, 10.0, 65.0)
    assert (state.epoch, state.quantity, state.view, state.names) == (30, "paper", "2d", True)


def test_electrodes_without_a_recipe_and_pages_of_many() -> None:
    bipolar = montage_by_id("tuab_16_bipolar")
    positions = bipolar.positions_m.round(6).tolist()
    places = [[label, *at] for label, at in zip(bipolar.labels, positions, strict=True)]
    state = picture_state({"electrodes": places, "montage": bipolar.name, "montage_key": bipolar.key})
    assert state.montage is not None
    assert state.montage.is_bipolar
    np.testing.assert_allclose(state.montage.endpoints_m, bipolar.endpoints_m, atol=2e-6)
    many = picture_state({"recordings": [WINDOW, {}, {}]})
    assert (many.of_many, many.recipe) == (3, RECIPE)
    nothing = picture_state({})
    assert (nothing.montage, nothing.recipe, nothing.epoch, nothing.cursor_s) == (None, None, -1, -1.0)


def changed_recipe(**changes: object) -> str:
    return json.dumps({**asdict(RECIPE), **changes})


def compared(**changes: object) -> dict[str, object]:
    return {"name": "a cap", "electrodes": MONTAGE.rows(), "montage_key": MONTAGE.key} | changes


def test_montages_side_by_side() -> None:
    state = picture_state({"montages": [compared(), compared(name="another")], "view": "3d"})
    assert [one.name for one in state.compared] == ["a cap", "another"]
    assert {one.key for one in state.compared} == {MONTAGE.key}
    assert picture_state({"montages": [{"name": "of an earlier version"}]}).compared == ()


HOSTILE = [
    {"montages": "all"},
    {"montages": ["a cap"]},
    {"montages": [compared()] * 5},
    {"montages": [compared(montage_key="0" * 64)]},
    {"montages": [compared(name=7)]},
    {"montages": [compared(electrodes=[["Fp1", 0.0, 0.0, 9.0]])]},
    {"montages": [compared(electrodes=[])]},
    {"bundle_key": 7},
    {"bundle_key": "b" * 100_000},
    {"quantity": "relative\n<b>"},
    {"target": ["Fp1"]},
    {"names": "yes"},
    {"cursor_s": "nan"},
    {"cursor_s": "now"},
    {"page_s": "60 … many"},
    {"epochs": "all"},
    {"epochs": [-1]},
    {"epochs": [10**30]},
    {"recordings": ["x"]},
    {"electrodes": {"Fp1": [1]}},
    {"electrodes": ["Fp1"]},
    {"electrodes": [["Fp1", 1]]},
    {"electrodes": [["Fp1", 0, 0, 5.0]]},
    {"electrodes": [["Fp1", 0, 0, None]]},
    {"electrodes": [["Fp1", 0, [0], 0]]},
    {"electrodes": [[7, 0, 0, 0]]},
    {"electrodes": [["<b>\n", 0, 0, 0]]},
    {"electrodes": [["Fp1", 0, 0, 0], ["Fp1", 0, 0, 0]]},
    {"electrodes": [[str(i), 0, 0, 0] for i in range(5000)]},
    {"electrodes": [["Fp1", 0, 0, 0.1]], "montage_key": "0" * 64},
    {"recipe": 5},
    {"recipe": "[" * 50_000},
    {"recipe": "{}"},
    {"recipe": "[]"},
    {"recipe": changed_recipe(seed=-1)},
    {"recipe": changed_recipe(pairs=10**9)},
    {"recipe": changed_recipe(pairs=True)},
    {"recipe": changed_recipe(labels=["a"])},
    {"recipe": changed_recipe(labels=[{}] * 14)},
    {"recipe": changed_recipe(positions_m=[[0, 0, float("inf")]] * 14)},
    {"recipe": changed_recipe(names=["x" * 10_000] * 14)},
    {"recipe": changed_recipe(more=1)},
    {"recipe": RECIPE.to_json(), "recipe_key": "0" * 64},
]


@pytest.mark.parametrize("facts", HOSTILE, ids=lambda facts: str(facts)[:30])
def test_what_cannot_be_believed(facts: dict, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is not what samba-gui writes") as raised:
        picture_state(facts)
    assert len(str(raised.value)) < 300
    assert "\n" not in str(raised.value)
