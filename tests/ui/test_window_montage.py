"""A montage file in the window: used as it is, and what the coordinate doctor sees is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from samba_gui.io.montage_csv import own_csv
from samba_gui.io.montages import montage_by_id
from samba_gui.session.notices import Level
from samba_gui.ui.verbs.analysis import AnalysisVerbs

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def settle(qtbot, window):
    def nothing_is_under_way():
        assert window.under_way == ()

    qtbot.waitUntil(nothing_is_under_way, timeout=120_000)


def test_a_mirrored_montage_file_is_used_and_warned_of(qtbot, window, short_edf, tmp_path):
    window.open_files([str(short_edf)])
    settle(qtbot, window)
    notices = []
    window.context.errors.posted.connect(notices.append)
    montage = montage_by_id("10-20_19")
    mirrored = replace(montage, positions_m=montage.positions_m * [-1, 1, 1])
    file = tmp_path / "mirrored.csv"
    file.write_text(own_csv(mirrored), encoding="utf-8")
    AnalysisVerbs(window.context, window).use_montage_file(str(file))
    settle(qtbot, window)
    (notice,) = [notice for notice in notices if notice.level == Level.WARNING]
    assert notice.message.startswith("mirrored.csv: By the electrodes' names left and right are exchanged")
    used = window.context.session.document.match.montage
    assert used.positions_m[0] == pytest.approx(mirrored.positions_m[0], abs=1e-6)
