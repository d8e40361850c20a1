"""A recording so long that the user is asked before it is analysed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from samba_gui.session.analysis import Phase
from samba_gui.ui.time_axis import in_hours
from samba_gui.ui.timeline.offer import AnalysisOffer

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_the_offer_stands_where_results_would_be_until_it_is_taken(
    qtbot, make_window, untrained_bundle, short_edf, monkeypatch
):
    monkeypatch.setattr("samba_gui.session.planning.LONG_S", 20.0)
    window = make_window()
    window.context.prober.start()
    window.context.worker.start()
    session, offer = window.context.session, window.timeline.findChild(AnalysisOffer)
    session.load_bundle(untrained_bundle)
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    assert session.analysis.phase == Phase.OFFERED
    assert offer.isVisible()
    assert window.timeline.rect().contains(offer.mapTo(window.timeline, offer.rect().center()))
    assert "pace" not in offer.words  # nothing was ever analysed here
    assert window.status.state.activity == "Not analysed yet"
    qtbot.mouseClick(offer.findChild(QPushButton), Qt.MouseButton.LeftButton)
    qtbot.settle(window)
    assert session.analysis.phase == Phase.DONE
    assert not offer.isVisible()
    session.mark_bad(session.document.info.labels[0], True)
    qtbot.settle(window)
    assert "pace of the last one" in offer.words
    window.close()

    assert make_window().context.session.analysis.pace == session.analysis.pace


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "under a minute"), (170, "3 min"), (3599, "1 h"), (3900, "1 h 5 min"), (86_400, "24 h")],
)
def test_lengths_in_words(seconds, words):
    assert in_hours(seconds) == words
