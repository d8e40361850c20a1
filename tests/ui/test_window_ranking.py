"""Analysis ▸ Rank electrodes: the verb of the command line in the background, its table on screen."""

from __future__ import annotations

import csv

import pytest

from samba_gui.io.montages import montage_by_id
from samba_gui.ui.dialogs.ranking import RankingDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

KEPT = ("C3", "C4", "Pz", "O1", "O2")


def test_the_ranking_is_made_and_shown(qtbot, window, short_edf, tmp_path):
    window.open_files([str(short_edf)])
    qtbot.waitUntil(lambda: not window.under_way, timeout=120_000)
    session = window.context.session
    whole = montage_by_id("10-20_19")
    session.use_montage(whole.take([whole.labels.index(name) for name in KEPT]))
    qtbot.waitUntil(lambda: not window.under_way, timeout=120_000)
    assert window.menus.actions["analysis.rank_electrodes"].isEnabled()
    window.analysis_verbs.rank_electrodes_into(tmp_path)
    qtbot.waitUntil(lambda: not window.exports.busy, timeout=120_000)
    with (tmp_path / "short.leave-one-out.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    (dialog,) = window.findChildren(RankingDialog)
    table = dialog.table
    shown = [[table.item(r, c).text() for c in range(3)] for r in range(table.rowCount())]
    assert {row[1] for row in shown} == set(KEPT)
    for cells, row in zip(shown, rows, strict=True):
        assert cells[:2] == row[:2]
        assert cells[2] == "{:.4f} [{:.4f}, {:.4f}]".format(*map(float, row[2:5]))
    dialog.close()
    assert sorted(path.name for path in tmp_path.glob("short.*")) == [
        "short.leave-one-out.csv",
        "short.leave-one-out.json",
    ]
