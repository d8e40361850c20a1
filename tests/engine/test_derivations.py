"""Rows of a page by hand: which channels they are made of, in which order, and what is missing."""

from __future__ import annotations

import numpy as np
import pytest
from array_recording import ArrayRecording, sine

from samba_gui.core.arrangement import Arrangement, Order
from samba_gui.core.derivations import (
    AS_RECORDED,
    AVERAGE,
    LAPLACIAN,
    LONGITUDINAL,
    TRANSVERSE,
    Basis,
    Derivation,
    DerivedRow,
)
from samba_gui.core.recording import ChannelKind
from samba_gui.engine.display import DisplayFilter
from samba_gui.engine.pages import read_page

OFF = DisplayFilter(None, None, None)
EEG, ECG, TRIGGER = ChannelKind.EEG, ChannelKind.ECG, ChannelKind.TRIGGER


def page_of(data, names, derivation=AS_RECORDED, arrangement=None, kinds=(), **more):
    recording = ArrayRecording(np.asarray(data, float), tuple(names), kinds=kinds)
    return read_page(
        recording,
        0,
        5,
        more.pop("display_filter", OFF),
        derivation,
        arrangement or Arrangement(),
        level=False,
        max_points=9999,
        **more,
    )


def constant(values):
    return np.repeat(np.array(values, float)[:, None], 512, axis=1)


def test_other_channels_come_last_and_triggers_are_not_filtered():
    data = np.stack([np.repeat([0.0, 5.0], 640), sine(10, 5), sine(10, 5)])
    page = page_of(data, ("Status", "Cz", "ECG"), kinds=(TRIGGER, EEG, ECG), display_filter=DisplayFilter())
    assert [(row.label, row.group) for row in page.rows] == [
        ("Cz", "EEG"),
        ("ECG", "ECG"),
        ("Status", "trigger"),
    ]
    assert page.rows[0].channel == "EEG Cz"
    np.testing.assert_array_equal(page.data[2], data[0])
    assert np.ptp(page.data[0]) == pytest.approx(2.0, abs=0.3)


def test_average_reference_leaves_out_bad_missing_and_hidden_only_from_sight():
    data = constant([1.0, 2.0, 900.0, 6.0])
    data[1, 5:] = np.nan
    arrangement = Arrangement(hidden=frozenset({"EEG Oz"}))
    page = page_of(data, ("Fz", "Cz", "Pz", "Oz"), AVERAGE, arrangement, bads=frozenset({"EEG Pz"}))
    assert [row.label for row in page.rows] == ["Fz", "Cz", "Pz"]
    np.testing.assert_allclose(page.data[:, 0], [-2.0, -1.0, 897.0])
    np.testing.assert_allclose(page.data[:, 9], [-2.5, np.nan, 896.5])


def test_double_banana():
    names = sorted({name for row in LONGITUDINAL.rows for name, _ in row.terms})
    page = page_of(constant(np.arange(len(names)) ** 2), names, LONGITUDINAL)
    labels = [row.label for row in page.rows]
    assert labels[:5] == ["Fp1-F7", "F7-T7", "T7-P7", "P7-O1", "Fp1-F3"]
    assert labels[-1] == "P8-O2"
    assert len(labels) == 18
    assert page.rows[0].channels == ("EEG Fp1", "EEG F7")
    assert page.rows[0].channel == ""
    groups = [row.group for row in page.rows]
    assert [groups.count(group) for group in dict.fromkeys(groups)] == [4, 4, 2, 4, 4]
    for value, label in zip(page.data[:, 0], labels, strict=True):
        plus, minus = label.split("-")
        assert value == names.index(plus) ** 2 - names.index(minus) ** 2
    hidden = Arrangement(Order.REGION, (), frozenset({"EEG Fp1"}))  # a table keeps its order
    assert [row.label for row in page_of(constant(np.arange(len(names))), names, LONGITUDINAL, hidden).rows][
        :3
    ] == ["F7-T7", "T7-P7", "P7-O1"]


def test_missing_electrodes_cost_their_rows_and_are_said():
    page = page_of(constant(range(4)), ("Fz", "Cz", "Pz", "X1"), LONGITUDINAL)
    assert [row.label for row in page.rows] == ["Fz-Cz", "Cz-Pz"]
    assert page.notes == ("longitudinal bipolar: 2 of 18 rows, the other electrodes are missing",)
    assert page_of(constant([1.0]), ("X",), TRANSVERSE).data.shape[0] == 0


def test_a_table_of_ones_own_takes_labels_old_names_and_weights():
    names = ("T7", "C3", "A1", "A2", "ECG")
    kinds = (EEG, EEG, ChannelKind.REFERENCE, ChannelKind.REFERENCE, ECG)
    table = Derivation(
        "mine",
        Basis.TABLE,
        (
            DerivedRow("T3-ears", (("t3", 1.0), ("A1", -0.5), ("A2", -0.5)), "a"),
            DerivedRow("C3", (("EEG C3", 2.0),), "b"),
            DerivedRow("heart", (("ECG", 1.0), ("C3", -1.0)), "b"),
            DerivedRow("none", (("T7", 1.0), ("O1", -1.0)), "b"),
        ),
    )
    page = page_of(constant([10.0, 3.0, 2.0, 4.0, 100.0]), names, table, kinds=kinds)
    assert [row.label for row in page.rows] == ["T3-ears", "C3", "heart", "ECG", "A1", "A2"]
    np.testing.assert_allclose(page.data[:3, 0], [7.0, 6.0, 97.0])
    assert [row.kind for row in page.rows[:3]] == [EEG, EEG, ECG]
    assert page.rows[0].channel == "EEG T7"  # the ears are only what it is measured against
    assert page.notes == ("mine: 3 of 4 rows, the other electrodes are missing",)


def test_local_laplacian_is_zero_for_a_slope_and_leaves_out_bad_neighbours():
    names = ("C3", "Cz", "C4", "Fz", "Pz", "far")
    at = {"C3": (-1, 0), "Cz": (0, 0), "C4": (1, 0), "Fz": (0, 1), "Pz": (0, -1), "far": (90, 0)}
    positions_m = {f"EEG {name}": np.array([*at[name], 0.0]) * 0.04 for name in names}
    slope = [3.0 * x + 5.0 * y + 1.0 for x, y in at.values()]
    page = page_of(constant(slope), names, LAPLACIAN, positions_m=positions_m)
    rows = {row.label: row for row in page.rows}
    cz = list(rows).index("Cz")
    assert page.data[cz, 0] == pytest.approx(0.0, abs=1e-9)
    assert rows["Cz"].channel == "EEG Cz"
    assert len(rows["Cz"].channels) == 5
    assert all(sum(row.weights) == pytest.approx(0.0) for row in page.rows)
    assert "far" not in rows
    assert page.notes == ("local Laplacian: 1 electrodes without a position or neighbours",)
    without = page_of(constant(slope), names, LAPLACIAN, positions_m=positions_m, bads=frozenset({"EEG C4"}))
    assert "EEG C4" not in {row.label: row for row in without.rows}["Cz"].channels


ORDERED = {
    Order.KIND: ["O1", "C4", "Fp1", "Cz", "C3", "X9", "ECG"],
    Order.FILE: ["O1", "ECG", "C4", "Fp1", "Cz", "C3", "X9"],
    Order.SIDE: ["Fp1", "C3", "O1", "Cz", "C4", "X9", "ECG"],
    Order.REGION: ["Fp1", "C3", "Cz", "C4", "O1", "X9", "ECG"],
    Order.OWN: ["Cz", "ECG", "O1", "C4", "Fp1", "C3", "X9"],
}


@pytest.mark.parametrize("order", Order)
def test_orders_and_their_groups(order):
    names = ("O1", "ECG", "C4", "Fp1", "Cz", "C3", "X9")
    kinds = (EEG, ECG, EEG, EEG, EEG, EEG, EEG)
    page = page_of(
        constant(range(7)), names, arrangement=Arrangement(order, ("EEG Cz", "EEG ECG")), kinds=kinds
    )
    labels = [row.label for row in page.rows]
    assert labels == ORDERED[order]
    np.testing.assert_array_equal(page.data[:, 0], [names.index(label) for label in labels])
    groups = dict(zip(labels, (row.group for row in page.rows), strict=True))
    if order is Order.SIDE:
        assert [groups[label] for label in ("C3", "Cz", "C4", "X9", "ECG")] == [
            *("left", "middle", "right"),
            *("EEG", "ECG"),
        ]
    if order is Order.REGION:
        assert [groups[label] for label in ("Fp1", "C3", "O1")] == ["frontal", "central", "occipital"]
