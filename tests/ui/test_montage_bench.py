"""The montage bench: real montages, heads and analyses; nothing is left when it closes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from samba_gui.io.montages import montage_by_id
from samba_gui.io.tables import plain
from samba_gui.ui.bench.window import MontageBench
from samba_gui.ui.head.painted_head import PaintedHead
from samba_gui.ui.head.scene_canvas import SceneCanvas
from samba_gui.ui.verbs.analysis import AnalysisVerbs

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def settle(qtbot, bench):
    qtbot.waitUntil(lambda: bench.settled, timeout=120_000)


@pytest.fixture
def bench(qtbot, window, short_edf):
    window.open_files([str(short_edf)])
    qtbot.waitUntil(lambda: window.under_way == (), timeout=120_000)
    AnalysisVerbs(window.context, window).compare_montages()
    (found,) = window.findChildren(MontageBench)
    settle(qtbot, found)
    yield found
    if isValid(found):
        found.close()


def rows_of(bench):
    return bench._table.rows()


def test_maps_then_analyses(qtbot, bench):
    assert rows_of(bench)["electrodes"] == ["19", "10"]
    assert "nrmse" not in rows_of(bench)
    assert len(bench._heads.canvases) == 2
    bench.analyse()
    assert not bench._tools.analyse.isEnabled()
    settle(qtbot, bench)
    found = rows_of(bench)
    assert {"nrmse", "skill", "correlation"} <= set(found)
    assert all(column.quality for column in bench.comparison.columns)
    assert bench._tools.analyse.isEnabled()


def test_other_montages_and_dropped_electrodes(qtbot, bench):
    bench.choose(["auto", "cut:emotiv_14", "cut:C3,C4,O1,O2,Pz"], drop="O1,O2")
    settle(qtbot, bench)
    assert rows_of(bench)["electrodes"] == ["19", "10", "5", "17"]
    assert len(bench._heads.canvases) == 4
    bench.choose(["auto", "nothing such"])
    settle(qtbot, bench)
    assert "There is no montage nothing such" in bench._words.text()
    assert not bench._tools.analyse.isEnabled()
    bench.choose(["auto", "10-10_64"], drop="Fp1")
    settle(qtbot, bench)
    assert rows_of(bench)["electrodes"] == ["19", "19", "18"]
    assert len(bench._heads.canvases) == 3


def test_one_camera_and_ratio(qtbot, bench):
    first, second = bench._heads.canvases
    if not isinstance(first, SceneCanvas):
        pytest.skip("this machine cannot draw in 3-D (no OpenGL)")
    before = second._pixels.copy()
    qtbot.mousePress(first, Qt.MouseButton.LeftButton, pos=QPointF(100, 100).toPoint())
    qtbot.mouseMove(first, QPointF(160, 110).toPoint())
    first._move(first._camera.turned(40.0, 0.0))
    qtbot.mouseRelease(first, Qt.MouseButton.LeftButton)
    settle(qtbot, bench)
    assert second._camera == first._camera
    turned = second._pixels.copy()
    assert np.abs(turned.astype(int) - before).mean() > 1
    bench._tools.relative.setChecked(True)
    settle(qtbot, bench)
    assert second._field.bar_label == "ratio of weights per area"
    assert np.abs(second._pixels.astype(int) - turned).mean() > 0.5


def test_the_command_line_gives_the_same_numbers_and_the_picture_opens_again(
    qtbot, window, bench, short_edf, untrained_bundle, tmp_path
):
    montages = ["auto", "cut:emotiv_14", "10-10_64"]
    bench.choose(montages, drop="O1,O2")
    settle(qtbot, bench)
    assert not bench._tools.save.isEnabled()
    bench.analyse()
    settle(qtbot, bench)
    chosen = [word for montage in montages for word in ("--montage", montage)]
    arguments = ["compare", short_edf, *chosen, "--drop", "O1,O2", "--bundle", untrained_bundle]
    found = subprocess.run(
        [sys.executable, "-m", "samba_gui", *map(str, arguments), "--out", str(tmp_path), "--json"],
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stderr) == (0, "")
    told = json.loads(found.stdout)
    shown = json.loads(json.dumps(plain(bench.comparison.to_json())))
    assert told["montages"] == shown
    assert told["answers"] == bench.comparison.answers()

    bench.save(str(tmp_path / "own.png"))
    settle(qtbot, bench)
    assert bench._words.text() == "Saved own.png, .csv and .json."
    assert json.loads((tmp_path / "own.json").read_text())["montages"] == told["montages"]
    bench.close()
    QApplication.processEvents()
    for picture in (tmp_path / "own.png", told["picture"]):
        window.banner.clear()
        window.open_files([str(picture)])
        qtbot.waitUntil(lambda: bool(window.banner.notices()), timeout=60_000)
        (again,) = (one for one in window.findChildren(MontageBench) if one.isVisible())
        settle(qtbot, again)
        assert "4 montages on the bench" in window.banner.notices()[0].message
        columns = again.comparison.columns
        assert [column.seen.name for column in columns] == [one["montage"] for one in told["montages"]]
        assert [column.seen.montage.key for column in columns] == [
            one["montage_key"] for one in told["montages"]
        ]
        again.close()
        QApplication.processEvents()


def test_a_file_that_looks_wrong_is_said_and_mended_on_a_click(qtbot, bench, tmp_path):
    nineteen = montage_by_id("10-20_19")
    rows = [f"{n},{-x},{y},{z}" for n, (x, y, z) in zip(nineteen.labels, nineteen.positions_m, strict=True)]
    (tmp_path / "cap.csv").write_text("\n".join(["name,x,y,z", *rows]), encoding="utf-8")
    bench.choose(["auto", str(tmp_path / "cap.csv")])
    settle(qtbot, bench)
    assert bench._findings.isVisible()
    assert "left and right are exchanged" in bench._findings.text()
    mirrored = bench.comparison.columns[1].seen.montage.positions_m
    np.testing.assert_allclose(mirrored, nineteen.positions_m * [-1, 1, 1], atol=1e-6)
    bench._findings.linkActivated.emit("1")
    settle(qtbot, bench)
    assert not bench._findings.isVisible()
    column = bench.comparison.columns[1]
    assert column.seen.name == "cap, mirrored back"
    np.testing.assert_allclose(column.seen.montage.positions_m, nineteen.positions_m, atol=1e-6)


def test_heads_from_above(qtbot, bench):
    bench._tools.flat.setChecked(True)
    settle(qtbot, bench)
    assert [type(canvas) for canvas in bench._heads.canvases] == [PaintedHead] * 2


def test_heads_follow_the_theme(qtbot, bench, window):
    bench._tools.flat.setChecked(True)
    for theme, lightest in (("light", True), ("dark", False)):
        window.context.settings.set("theme", theme)
        window.apply_theme()
        settle(qtbot, bench)
        for canvas in bench._heads.canvases:
            corner = canvas.grab().toImage().pixelColor(3, canvas.height() // 2)
            assert (corner.lightness() > 128) is lightest


def test_a_running_analysis_ends_with_the_bench_and_leaves_nothing(qtbot, bench, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    bench.analyse()
    qtbot.waitUntil(lambda: bench._process.pid is not None)
    bench._tools.cancel.click()
    settle(qtbot, bench)
    assert bench._words.text() == "The analysis was cancelled."
    assert list(scratch.iterdir()) == []
    bench.analyse()
    qtbot.waitUntil(lambda: bench._process.pid is not None)
    bench.close()
    QApplication.processEvents()
    assert bench._process.pid is None


def test_writing_that_is_killed_or_cannot_be_done_leaves_what_was_there(qtbot, bench, tmp_path):
    bench.choose(["auto", "cut:C3,C4,O1,O2,Pz"])
    settle(qtbot, bench)
    bench.analyse()
    settle(qtbot, bench)
    for ending in (".png", ".csv", ".json"):
        (tmp_path / f"own{ending}").write_text("old")
    bench.save(str(tmp_path / "own.png"))
    qtbot.waitUntil(lambda: bench._process.pid is not None, timeout=10_000)
    # as if it had been ended in the middle of a file
    (tmp_path / f".own.csv.{bench._process.pid}.part").write_text("half")
    bench._tools.cancel.click()
    settle(qtbot, bench)
    assert bench._words.text() == "Nothing was written."
    assert {path.name: path.read_text() for path in tmp_path.glob("*own*")} == {
        f"own{ending}": "old" for ending in (".png", ".csv", ".json")
    }
    bench.save(str(tmp_path / "no such folder" / "own.png"))
    settle(qtbot, bench)
    assert "could not be written: no such file or directory" in bench._words.text()
    assert bench._tools.save.isEnabled()


def test_torch_stays_out_of_the_window():
    code = "import sys, samba_gui.ui.bench.window; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False", done.stderr
