"""Every action is found by typing and by its key; the lists come from the tables."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QTableWidget

from samba_gui.engine.display import DisplayFilter
from samba_gui.ui.actions import ACTIONS, CHOICES
from samba_gui.ui.dialogs.command_palette import CommandPalette
from samba_gui.ui.dialogs.filter_response import FilterResponseDialog
from samba_gui.ui.dialogs.keys import KeysDialog, key_rows
from samba_gui.ui.theme import DARK

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def with_dialog(kind, act):
    """Act on the next dialog of a kind."""

    def when_there():
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind):
            act(dialog)
        else:
            QTimer.singleShot(20, when_there)

    QTimer.singleShot(20, when_there)


def test_a_command_is_found_by_typing_and_done(qtbot, make_window):
    window = make_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    seen = []

    def type_and_choose(palette):
        seen.extend([len(palette.found())])
        qtbot.keyClicks(palette._search, "theme dark")
        seen.append(palette.found()[0])
        qtbot.keyClick(palette._search, Qt.Key.Key_Return)

    with_dialog(CommandPalette, type_and_choose)
    qtbot.keyClick(
        window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert seen[0] == len(ACTIONS) + sum(len(choice.values) for choice in CHOICES)
    assert seen[1] == "View ▸ Theme ▸ Dark"
    assert window.theme.name == "dark"


def test_every_row_is_found_by_its_own_words(qtbot, make_window):
    window = make_window()
    palette = CommandPalette(window.menus.entries())
    qtbot.addWidget(palette)
    for row in ACTIONS:
        name = row.text.replace("&", "").rstrip("…")
        palette._search.setText(name)
        assert any(name in text for text in palette.found()), row.id


def test_what_cannot_be_done_is_shown_and_not_done(qtbot, make_window):
    window = make_window()
    palette = CommandPalette(window.menus.entries())
    qtbot.addWidget(palette)
    palette._search.setText("next page")
    qtbot.keyClick(palette._search, Qt.Key.Key_Return)
    assert palette.chosen is None
    assert "not possible now" in palette._tip.text()
    palette._search.setText("no such thing at all")
    assert palette.found() == []
    qtbot.keyClick(palette._search, Qt.Key.Key_Return)
    assert palette.chosen is None
    palette._search.setText("find")
    first = palette._list.currentRow()
    qtbot.keyClick(palette._search, Qt.Key.Key_Down)
    assert palette._list.currentRow() == first + 1


def test_question_mark_shows_every_key(qtbot, make_window):
    window = make_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    counts = []

    def look(dialog):
        counts.append(dialog.findChild(QTableWidget).rowCount())
        dialog.reject()

    with_dialog(KeysDialog, look)
    qtbot.keyClick(window, Qt.Key.Key_Question)
    assert counts
    assert len(key_rows()) == sum(bool(row.keys) for row in (*ACTIONS, *CHOICES))
    assert counts[0] > len(key_rows())


def test_the_filters_response_is_drawn(qtbot):
    dialog = FilterResponseDialog(DisplayFilter(1.0, 100.0, 50.0), 160.0, DARK)
    qtbot.addWidget(dialog)
    dialog.show()
    curve = dialog.curve
    assert curve.freqs_hz[-1] == pytest.approx(80.0)
    assert abs(curve.gain_db[np.argmin(abs(curve.freqs_hz - 10.0))]) < 0.1
    assert curve.gain_db[np.argmin(abs(curve.freqs_hz - 50.0))] < -20
    assert "not applied" in " ".join(label.text() for label in dialog.findChildren(QLabel))
    colours = curve.grab().toImage()
    accent = QColor(DARK.accent)
    pixels = [colours.pixelColor(x, y) for x in range(60, 500, 4) for y in range(colours.height())]
    assert sum(pixel == accent for pixel in pixels) > 20
