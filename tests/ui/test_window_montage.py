"""A montage file: used as it is; what the coordinate doctor sees is said, and mended on a click."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton

from samba_gui.io.montages import montage_by_id
from samba_gui.session.notices import Level

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

NINETEEN = montage_by_id("10-20_19")


def swapped(positions_m):
    changed = positions_m.copy()
    one, other = NINETEEN.labels.index("F3"), NINETEEN.labels.index("O2")
    changed[[one, other]] = changed[[other, one]]
    return changed


def with_outlier(positions_m):
    changed = positions_m.copy()
    changed[NINETEEN.labels.index("Pz")] += [0.06, 0.0, 0.05]
    return changed


def with_touching(positions_m):
    changed = positions_m.copy()
    changed[NINETEEN.labels.index("C3")] = changed[NINETEEN.labels.index("C4")] + 0.001
    return changed


def write(path, positions_m):
    """A montage file in our own form, which is taken as it stands: no unit and no frame is guessed."""
    rows = [f"{name},{x},{y},{z},," for name, (x, y, z) in zip(NINETEEN.labels, positions_m, strict=True)]
    path.write_text("\n".join(["name,x_m,y_m,z_m,anode,cathode", *rows]), encoding="utf-8")
    return str(path)


def test_every_fault_is_found_and_mended_by_one_click_and_undone(qtbot, window, short_edf, tmp_path):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session, proper_m = window.context.session, NINETEEN.positions_m
    faults = {
        "mm": (proper_m * 1000, "millimetres taken as metres", "Take as millimetres", "in millimetres"),
        "mirrored": (proper_m * [-1, 1, 1], "left and right", "Exchange left and right", "mirrored back"),
        "native": (
            proper_m + np.array([0.0, 0.01, -0.051]),
            "52 mm",
            "Move to the head frame",
            "in the head frame",
        ),
        "swapped": (swapped(proper_m), "F3 and O2 are exchanged", "Exchange F3 and O2", "exchanged"),
        "outlier": (with_outlier(proper_m), "Far from where", "Leave it out", "without Pz"),
        "touching": (with_touching(proper_m), "C3 and C4 have", "Leave C3 and C4 out", "without C3, C4"),
    }
    for name, (positions_m, what, button, done) in faults.items():
        window.banner.clear()
        window.open_files([write(tmp_path / f"{name}.csv", positions_m)])  # as when it is dropped
        qtbot.settle(window)
        (notice,) = window.banner.notices()
        assert notice.level == Level.WARNING
        assert notice.message.startswith(f"{name}.csv: ")
        assert what in notice.message
        used = session.document.match.montage
        np.testing.assert_allclose(used.positions_m, positions_m, atol=1e-6)  # nothing is altered unasked
        (mend,) = (one for one in window.banner.findChildren(QPushButton) if one.text() == button)
        mend.click()
        qtbot.settle(window)
        assert session.document.match.montage.name == f"{name}, {done}".replace(
            "swapped, exchanged", "swapped, F3 and O2 exchanged"
        )
        assert "nothing else looks wrong" in window.banner.notices()[0].message
        mended = session.document.match.montage
        rows = [NINETEEN.labels.index(label) for label in mended.labels]
        np.testing.assert_allclose(mended.positions_m, proper_m[rows], atol=0.004)
        assert session.document.match.montage.name in window.channels._montages.currentText()
        window.menus.actions["edit.undo"].trigger()
        assert session.document.match.montage == used


def test_two_faults_are_mended_one_after_the_other(qtbot, window, short_edf, tmp_path):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    window.banner.clear()
    window.open_files([write(tmp_path / "both.csv", NINETEEN.positions_m * [-1000, 1000, 1000])])
    qtbot.settle(window)
    for button in ("Take as millimetres", "Exchange left and right"):
        (mend,) = (one for one in window.banner.findChildren(QPushButton) if one.text() == button)
        mend.click()
        qtbot.settle(window)
    mended = window.context.session.document.match.montage
    assert mended.name == "both, in millimetres, mirrored back"
    np.testing.assert_allclose(mended.positions_m, NINETEEN.positions_m, atol=0.001)


def test_what_a_file_leaves_open_is_said(qtbot, window, short_edf, tmp_path):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    window.banner.clear()
    rows = [
        f"{n},{x},{y},{z}" for n, (x, y, z) in zip(NINETEEN.labels, NINETEEN.positions_m * 1000, strict=True)
    ]
    (tmp_path / "cap.csv").write_text("\n".join(["name,x,y,z", *rows]), encoding="utf-8")
    window.open_files([str(tmp_path / "cap.csv")])
    qtbot.settle(window)
    (notice,) = window.banner.notices()
    assert (notice.level, notice.message) == (Level.INFO, "cap.csv is used: 19 electrodes.")
    assert "unit taken as millimetres by the size of the head" in notice.hint


def test_files_that_are_no_montage_cost_one_line_and_change_nothing(qtbot, window, short_edf, tmp_path):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    before = window.context.session.document
    rows = [f"{n},{x},{y},{z}" for n, (x, y, z) in zip(NINETEEN.labels, NINETEEN.positions_m, strict=True)]
    files = {
        "nan": ([*rows[1:], "Fp1,nan,0.1,0.1"], "the position of Fp1 is not a number"),
        "word": ([*rows[1:], "Fp1,here,0.1,0.1"], "here"),
        "twice": ([*rows, rows[0]], "is listed twice"),
        "touching": ([*rows, "X1" + rows[0][rows[0].index(",") :]], "have the same position"),
        "three": (rows[:3], "a montage needs at least 4"),
        "many": ([f"E{i},{i % 97},{i % 89},{i % 83}" for i in range(10_000)], "more than 4096"),
        "equal": ([f"{name},0,0,0.1" for name in NINETEEN.labels], "all electrodes have the same position"),
    }
    for name, (lines, why) in files.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(["name,x,y,z", *lines]), encoding="utf-8")
        window.banner.clear()
        window.open_files([str(tmp_path / f"{name}.csv")])
        qtbot.settle(window)
        (notice,) = window.banner.notices()
        assert notice.level == Level.ERROR
        assert why in notice.message
        assert "\n" not in notice.message
        assert window.context.session.document is before
