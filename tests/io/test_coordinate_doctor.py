"""The coordinate doctor: every fault made from a shipped montage is found, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from samba_gui.core.montage import Montage
from samba_gui.io.coordinate_doctor import examine
from samba_gui.io.coordinate_findings import Finding, Severity
from samba_gui.io.montage_csv import own_csv
from samba_gui.io.montages import SHIPPED, check_montage, load_montage, montage_by_id, write_mended

NAMED = (
    "10-20_19",
    "tuh_19",
    "10-10_64",
    "emotiv_14",
    "bnci_22",
    "biosemi_32",
    "biosemi_64",
    "tuab_16_bipolar",
)


def with_positions(montage: Montage, positions_m: np.ndarray) -> Montage:
    return Montage(montage.name, montage.labels, positions_m)


def warnings_of(montage: Montage) -> list[Finding]:
    return [finding for finding in examine(montage) if finding.severity == Severity.WARNING]


@pytest.mark.parametrize("stem", SHIPPED)
def test_shipped_montages_are_clean(stem: str) -> None:
    montage = montage_by_id(stem)
    before = montage.positions_m.copy()
    found = examine(montage)
    assert [finding.kind for finding in found] == (["names"] if stem in ("biosemi_128", "egi_128") else [])
    np.testing.assert_array_equal(montage.positions_m, before)


def test_the_authors_target_is_examined_and_left_as_it_is() -> None:
    montage = montage_by_id("authors_1020_94")
    key = montage.key
    found = examine(montage)
    # T3 and T7, T4 and T8, T5 and P7, T6 and P8 are one electrode each under an old and a new name
    assert [(finding.kind, finding.severity) for finding in found] == [("duplicate", Severity.NOTE)] * 4
    assert all(finding.fixed is None for finding in found)
    assert montage_by_id("authors_1020_94").key == key


@pytest.mark.parametrize("stem", ["10-20_19", "emotiv_14", "egi_128", "biosemi_128", "tuab_16_bipolar"])
@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (1000.0, "millimetres taken as metres"),
        (100.0, "centimetres taken as metres"),
        (1 / 0.095, "head radii taken as metres"),
        (0.001, "metres taken as millimetres"),
    ],
)
def test_units(stem: str, factor: float, words: str) -> None:
    montage = montage_by_id(stem)
    (finding,) = warnings_of(with_positions(montage, montage.positions_m * factor))
    assert finding.kind == "unit"
    assert words in finding.what
    assert finding.fixed is not None
    np.testing.assert_allclose(finding.fixed.positions_m, montage.positions_m, atol=1e-6)


def native(montage: Montage) -> np.ndarray:
    """Positions in the frame of fsaverage's MRI instead of the head frame: MNE's own transform."""
    from pathlib import Path

    import mne

    trans = Path(mne.__file__).parent / "data" / "fsaverage" / "fsaverage-trans.fif"
    to_mri = mne.read_trans(trans)["trans"]
    return montage.positions_m @ to_mri[:3, :3].T + to_mri[:3, 3]


@pytest.mark.parametrize("stem", [*NAMED, "biosemi_128", "egi_128"])
def test_head_frame_and_mri_frame_mixed_up(stem: str) -> None:
    montage = montage_by_id(stem)
    (finding,) = warnings_of(with_positions(montage, native(montage)))
    assert finding.kind == "frame"
    assert finding.fixed is not None
    left_m = np.linalg.norm(finding.fixed.positions_m - montage.positions_m, axis=1)
    assert np.median(left_m) < (0.02 if "biosemi" in stem or "egi" in stem else 0.002)
    assert warnings_of(finding.fixed) == []


def mirrored(axis: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda positions: positions * np.where(np.arange(3) == axis, -1.0, 1.0)


@pytest.mark.parametrize("stem", NAMED)
@pytest.mark.parametrize(("axis", "words"), [(0, "left and right"), (1, "front and back")])
def test_mirrored_caps(stem: str, axis: int, words: str) -> None:
    montage = montage_by_id(stem)
    found = warnings_of(with_positions(montage, mirrored(axis)(montage.positions_m)))
    # The head frame's origin is 14 mm behind the head's middle: front and back exchanged also shifts it.
    assert [finding.kind for finding in found] in (["mirror"], ["mirror", "frame"])
    assert words in found[0].what
    fixed = found[0].fixed
    assert fixed is not None
    np.testing.assert_allclose(fixed.positions_m, montage.positions_m, atol=1e-9)


def test_axes_as_eeglab_writes_them() -> None:
    montage = montage_by_id("10-10_64")
    x, y, z = montage.positions_m.T
    (finding,) = warnings_of(with_positions(montage, np.column_stack([y, -x, z])))
    assert finding.kind == "axes"
    assert "x points to the front, y points left, z points up" in finding.what
    assert finding.fixed is not None
    np.testing.assert_allclose(finding.fixed.positions_m, montage.positions_m, atol=1e-9)


@pytest.mark.parametrize("stem", NAMED)
def test_exchanged_pairs(stem: str) -> None:
    montage = montage_by_id(stem)
    order = np.arange(len(montage))
    order[[2, 9]] = order[[9, 2]]
    (finding,) = warnings_of(with_positions(montage, montage.positions_m[order]))
    assert finding.kind == "swap"
    assert finding.what.startswith(f"{montage.labels[2]} and {montage.labels[9]} are exchanged")
    assert finding.fixed is not None
    np.testing.assert_allclose(finding.fixed.positions_m, montage.positions_m)


@pytest.mark.parametrize("stem", ["10-20_19", "10-10_64", "emotiv_14", "biosemi_64"])
def test_neighbours_exchanged(stem: str) -> None:
    montage = montage_by_id(stem)
    positions = montage.positions_m.copy()
    apart = np.linalg.norm(positions - positions[4], axis=1)
    near = int(np.argsort(apart)[1])
    positions[[4, near]] = positions[[near, 4]]
    (finding,) = warnings_of(with_positions(montage, positions))
    assert finding.kind == "swap"


@pytest.mark.parametrize("stem", ["10-20_19", "10-10_64", "emotiv_14", "biosemi_64", "egi_128"])
def test_outliers(stem: str) -> None:
    montage = montage_by_id(stem)
    positions = montage.positions_m.copy()
    positions[3] += 0.04 * (positions[3] - [0, 0.014, 0.041]) / 0.095
    (finding,) = warnings_of(with_positions(montage, positions))
    assert finding.kind == "outlier"
    assert f"{montage.labels[3]} (" in finding.what
    assert finding.fixed is not None
    assert montage.labels[3] not in finding.fixed.labels
    assert len(finding.fixed) == len(montage) - 1


@pytest.mark.parametrize("stem", ["10-20_19", "10-10_64", "biosemi_128"])
def test_duplicates(stem: str) -> None:
    montage = montage_by_id(stem)
    positions = montage.positions_m.copy()
    positions[5] = positions[8] + [0.001, 0, 0]
    (finding,) = warnings_of(with_positions(montage, positions))
    assert finding.kind == "duplicate"
    assert f"{montage.labels[5]} and {montage.labels[8]} have the same position" in finding.what


def test_one_electrode_under_two_names_is_a_note() -> None:
    montage = montage_by_id("10-20_19")
    t7 = montage.labels.index("T7")
    twice = Montage("x", (*montage.labels, "T3"), np.vstack([montage.positions_m, montage.positions_m[t7]]))
    (finding,) = examine(twice)
    assert (finding.severity, finding.kind) == (Severity.NOTE, "duplicate")


def test_several_faults_at_once_are_mended_in_turn() -> None:
    montage = montage_by_id("10-10_64")
    wrong = with_positions(montage, 1000 * native(montage) * [-1, 1, 1])
    found = warnings_of(wrong)
    assert [finding.kind for finding in found] == ["unit", "mirror", "frame"]
    fixed = found[-1].fixed
    assert fixed is not None
    assert np.median(np.linalg.norm(fixed.positions_m - montage.positions_m, axis=1)) < 0.002


def test_a_small_head_is_no_other_unit() -> None:
    montage = montage_by_id("10-20_19")
    assert warnings_of(with_positions(montage, 0.85 * montage.positions_m)) == []


def test_a_cap_on_its_side() -> None:
    montage = montage_by_id("egi_128")
    x, y, z = montage.positions_m.T
    found = warnings_of(with_positions(montage, np.column_stack([x, z, -y])))
    assert [finding.kind for finding in found] == ["axes"]


def test_bipolar_channels_keep_their_ends() -> None:
    montage = montage_by_id("tuab_16_bipolar")
    assert montage.endpoints_m is not None
    far = replace(montage, positions_m=1000 * montage.positions_m, endpoints_m=1000 * montage.endpoints_m)
    (finding,) = warnings_of(far)
    assert finding.fixed is not None
    np.testing.assert_allclose(finding.fixed.endpoints_m, montage.endpoints_m, atol=1e-9)


@pytest.mark.parametrize("stem", SHIPPED)
def test_own_form_round_trips(stem: str, tmp_path: Path) -> None:
    montage = montage_by_id(stem)
    file = tmp_path / "copy.csv"
    file.write_text(own_csv(montage), encoding="utf-8")
    copy = load_montage(file)
    assert copy == montage
    assert (copy.anodes, copy.cathodes, copy.source) == (montage.anodes, montage.cathodes, montage.source)
    np.testing.assert_allclose(copy.endpoints_m, montage.endpoints_m, atol=1e-6)


def test_a_mended_copy_is_written_only_if_asked(tmp_path: Path) -> None:
    montage = montage_by_id("10-20_19")
    file = tmp_path / "mm.csv"
    file.write_text(own_csv(with_positions(montage, montage.positions_m * 1000)), encoding="utf-8")
    before = file.read_bytes()
    assert any(line.startswith("warning: The head is 1000 times as large") for line in check_montage(file))
    assert write_mended(file, tmp_path / "mended.csv").startswith("mended (unit)")
    assert file.read_bytes() == before
    np.testing.assert_allclose(
        load_montage(tmp_path / "mended.csv").positions_m, montage.positions_m, atol=1e-6
    )
    assert write_mended(tmp_path / "mended.csv", tmp_path / "again.csv").startswith("nothing to mend")
    assert not (tmp_path / "again.csv").exists()
