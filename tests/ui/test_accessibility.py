"""Without a mouse: every control is reached by Tab and named; the focus is seen; colours differ enough."""

from __future__ import annotations

import numpy as np
import pytest
from contrasts import contrast
from PySide6.QtCore import QRect, Qt
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

from samba_gui.ui.pictures import rgb_of
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
    assert window.timeline in seen
    assert any(window.channels.isAncestorOf(widget) for widget in seen)
    # a painted panel shows that the keyboard has come to it, and does not where it was a click
    accent = QColor(window.theme.accent)
    for reason, marked in ((Qt.FocusReason.TabFocusReason, True), (Qt.FocusReason.MouseFocusReason, False)):
        for panel in (window.traces, window.timeline):
            window.channels._search.setFocus()
            panel.setFocus(reason)
            assert (panel.grab().toImage().pixelColor(1, 100) == accent) is marked


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_focus_is_seen_wherever_tab_comes(qtbot, window, example_recording, theme):
    """WCAG 2.2, 2.4.7 and 1.4.11: pixels change by 3:1 or more, and nothing out of sight is stopped at."""
    window.context.settings.set("theme", theme)
    window.apply_theme()
    window.open_files([str(example_recording)])
    qtbot.waitUntil(lambda: not window.under_way, timeout=120_000)
    window.activateWindow()
    unseen = []
    for name in ("head", "map", "channels", "annotations", "contract"):
        window.show_panel(name)
        qtbot.waitUntil(lambda: not window.under_way, timeout=120_000)
        window.traces.setFocus()
        stops = []
        while len(stops) < 60:
            qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            widget = window.focusWidget()
            if widget is window.traces:
                break
            stops.append(widget)
            area = QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())
            focused = pixels(window, area)
            widget.clearFocus()
            bare = pixels(window, area)
            widget.setFocus()
            changed = (focused != bare).any(axis=-1)
            best = max((contrast_rgb(a, b) for a, b in pairs_of(focused, bare, changed)), default=1.0)
            if best < 3:
                unseen.append(f"{name}: {words_for(widget)} {name_of(widget)!r}: {best:.2f}")
        assert 3 < len(stops) < 60
        assert all(not widget.visibleRegion().isEmpty() for widget in stops)
        assert any(getattr(window, name).isAncestorOf(widget) for widget in stops)
        assert window.timeline in stops
    assert not unseen, "\n".join(unseen)


def test_the_timeline_is_walked_by_keys_and_says_what_is_there(qtbot, window, example_recording):
    window.open_files([str(example_recording)])
    qtbot.waitUntil(lambda: not window.under_way, timeout=120_000)
    session, timeline = window.context.session, window.timeline
    onsets_s = session.analysis.store.start.plan.onsets_s()
    session.seek(float(onsets_s[3]) + 0.5)
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    for key, expected_s in (
        (Qt.Key.Key_Left, onsets_s[3]),
        (Qt.Key.Key_Left, onsets_s[2]),
        (Qt.Key.Key_Right, onsets_s[3]),
    ):
        qtbot.waitUntil(lambda: not window.under_way)
        qtbot.keyClick(timeline, key)
        assert session.selection.cursor_s == pytest.approx(expected_s)
    qtbot.waitUntil(lambda: not window.under_way)
    said = timeline.accessibleDescription()
    assert f"{onsets_s[3]:.1f} s" in said
    assert "Error (NRMSE), median of 19 channels" in said
    assert "eyes open (30 s)" in said
    # at the end it stays
    session.seek(float(onsets_s[-1]))
    qtbot.waitUntil(lambda: not window.under_way)
    qtbot.keyClick(timeline, Qt.Key.Key_Right)
    assert session.selection.cursor_s == pytest.approx(onsets_s[-1])


def pixels(window, area):
    """What an area of the window looks like, uint8 (height, width, 3)."""
    return rgb_of(window.grab(area).toImage())


def pairs_of(focused, bare, changed):
    """Each pair of colours that one pixel had, without and with the focus, once."""
    both = np.concatenate([focused[changed], bare[changed]], axis=1)
    return [(tuple(row[:3]), tuple(row[3:])) for row in np.unique(both, axis=0).tolist()]


def contrast_rgb(one, other):
    return contrast(QColor(*one), QColor(*other))


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
