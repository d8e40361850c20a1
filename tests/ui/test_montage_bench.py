"""The montage bench: real montages, heads and analyses; nothing is left when it closes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from samba_gui.ui.head.montage_bench import MontageBench
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
    table = bench._table
    return {
        table.item(row, 0).text().split(" (")[0]: [
            table.item(row, column).text() for column in range(1, table.columnCount())
        ]
        for row in range(table.rowCount())
    }


def test_maps_then_analyses(qtbot, bench):
    assert rows_of(bench)["electrodes"] == ["19", "10"]
    assert "nrmse" not in rows_of(bench)
    assert len(bench._canvases) == 2
    bench.analyse()
    assert not bench._analyse.isEnabled()
    settle(qtbot, bench)
    found = rows_of(bench)
    assert {"nrmse", "skill", "correlation"} <= set(found)
    assert all(column.quality for column in bench.comparison.columns)
    assert bench._analyse.isEnabled()


def test_other_montages_and_dropped_electrodes(qtbot, bench):
    bench.choose(["auto", "cut:emotiv_14", "cut:C3,C4,O1,O2,Pz"], drop="O1,O2")
    settle(qtbot, bench)
    assert rows_of(bench)["electrodes"] == ["19", "10", "5", "17"]
    assert len(bench._canvases) == 4
    bench.choose(["auto", "nothing such"])
    settle(qtbot, bench)
    assert "There is no montage nothing such" in bench._words.text()
    assert not bench._analyse.isEnabled()
    bench.choose(["auto", "10-10_64"], drop="Fp1")
    settle(qtbot, bench)
    assert rows_of(bench)["electrodes"] == ["19", "19", "18"]
    assert len(bench._canvases) == 3


def test_one_camera_and_ratio(qtbot, bench):
    first, second = bench._canvases
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
    bench._relative.setChecked(True)
    settle(qtbot, bench)
    assert second._field.bar_label == "ratio of weights per area"
    assert np.abs(second._pixels.astype(int) - turned).mean() > 0.5


def test_a_running_analysis_ends_with_the_bench(qtbot, bench):
    bench.analyse()
    qtbot.waitUntil(lambda: bench._process._call.pid is not None, timeout=10_000)
    bench._cancel.click()
    settle(qtbot, bench)
    assert bench._words.text() == "The analysis was cancelled."
    bench.analyse()
    qtbot.waitUntil(lambda: bench._process._call.pid is not None, timeout=10_000)
    bench.close()
    QApplication.processEvents()
    assert bench._process._call.pid is None


def test_torch_stays_out_of_the_window():
    import subprocess
    import sys

    code = "import sys, samba_gui.ui.head.montage_bench; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False", done.stderr
