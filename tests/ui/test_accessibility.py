"""Without a mouse: every control is reached by Tab and named; the focus is seen; colours differ enough."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QRadioButton,
    QScrollBar,
    QTabBar,
    QTextEdit,
)
from window_walk import visit_dialogs, widgets_of

from samba_gui.ui.theme import DARK, LIGHT

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

CONTROLS = (
    *(QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit),
    QAbstractItemView,
)
OF_QT = (QScrollBar, QHeaderView, QMenuBar)


def is_inside_of_qt(widget):
    """Parts that Qt makes for itself: they are named and reached through what they belong to."""
    if isinstance(widget, OF_QT) or widget.objectName().startswith(("qt_", "ScrollLeft", "ScrollRight")):
        return True
    if "Private" in type(widget.window()).__name__ or type(widget).__name__ == "QDockWidgetTitleButton":
        return True
    parent = widget.parentWidget()
    made_of = (QComboBox, QAbstractSpinBox, QAbstractItemView, QLineEdit, QDialogButtonBox, QTabBar)
    while parent is not None and not parent.isWindow():
        if isinstance(parent, made_of):
            return True
        parent = parent.parentWidget()
    return parent is not None and parent.windowType() == Qt.WindowType.Popup  # the list of a combo box


def controls_of(root):
    return [w for w in widgets_of(root) if isinstance(w, CONTROLS) and not is_inside_of_qt(w)]


def name_of(widget):
    """What a screen reader says: the name, else what stands on it, else its label."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton) and any(letter.isalpha() for letter in widget.text()):
        return widget.text()
    labels = [label for label in widget.window().findChildren(QLabel) if label.buddy() is widget]
    return labels[0].text() if labels else ""


def words_for(widget):
    return f"{type(widget).__name__} {getattr(widget, 'text', str)() or widget.toolTip()!r}"


def test_every_control_has_a_name_and_is_reached_by_tab(qtbot, window, example_recording):
    window.open_files([str(example_recording)])
    qtbot.waitUntil(lambda: not window.under_way, timeout=120_000)
    nameless, unreached = [], []

    def look(place, root):
        if isinstance(root, QFileDialog):
            return
        for widget in controls_of(root):
            if not name_of(widget):
                nameless.append(f"{place}: {words_for(widget)}")
            if isinstance(widget, QRadioButton) and not widget.isChecked():
                continue  # Tab comes to the chosen one, arrows to the others
            reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if widget.isEnabled() and not reachable:
                unreached.append(f"{place}: {words_for(widget)}")

    look("window", window)
    visit_dialogs(window, look)
    assert not nameless, "\n".join(nameless)
    assert not unreached, "\n".join(unreached)
    painted = [window.traces, window.timeline, window.head._canvas, window.head._flat]
    assert all(widget.accessibleName() for widget in painted)


def test_tab_goes_through_the_window_and_is_seen(qtbot, window, example_recording):
    window.open_files([str(example_recording)])
    qtbot.waitUntil(lambda: not window.under_way, timeout=120_000)
    window.activateWindow()
    window.show_panel("channels")
    window.channels._search.setFocus()
    seen = []
    for _ in range(80):
        widget = QApplication.focusWidget()
        if widget in seen:
            break
        seen.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert len(seen) > 6
    assert all(widget.isVisible() for widget in seen)
    assert window.traces in seen
    assert any(window.channels.isAncestorOf(widget) for widget in seen)
    # a painted panel shows that the keyboard has come to it, and does not where it was a click
    accent = QColor(window.theme.accent)
    for reason, marked in ((Qt.FocusReason.TabFocusReason, True), (Qt.FocusReason.MouseFocusReason, False)):
        window.channels._search.setFocus()
        window.traces.setFocus(reason)
        assert (window.traces.grab().toImage().pixelColor(1, 200) == accent) is marked


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    values = [value / 255 for value in (QColor(colour).red(), QColor(colour).green(), QColor(colour).blue())]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """1 … 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_contrast(theme):
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    grounds = [theme.window, theme.base]
    poor = []
    for ground in grounds:
        for name in ("text", "dim", "good", "careful", "bad", "accent"):
            if contrast(getattr(theme, name), ground) < 4.5:
                poor.append((name, ground, round(contrast(getattr(theme, name), ground), 2)))
    for name in ("info", "warning", "error"):
        if contrast(theme.text, getattr(theme, name)) < 4.5:
            poor.append(("text", name))
    if contrast(theme.accent_text, theme.accent) < 4.5:
        poor.append(("accent_text", "accent"))
    assert not poor
