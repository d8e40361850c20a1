"""Walking everything that is on screen: texts, names, colours; and every dialog behind a menu's “…”."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QTextBrowser,
    QWidget,
)

from samba_gui.ui.main_window import MainWindow

HORIZONTAL = Qt.Orientation.Horizontal


def widgets_of(root: QWidget) -> list[QWidget]:
    """A widget and all within it, but not the insides of Qt's own composed ones."""
    return [root, *root.findChildren(QWidget)]


def texts_of(root: QWidget) -> Iterator[tuple[QWidget, str]]:
    """All that can be read on, over or from a widget."""
    for widget in widgets_of(root):
        found = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        if widget.isWindow():
            found.append(widget.windowTitle())
        if isinstance(widget, QLabel | QAbstractButton):
            found.append(widget.text())
        if isinstance(widget, QTextBrowser):
            found.append(widget.toPlainText())
        if isinstance(widget, QGroupBox):
            found.append(widget.title())
        if isinstance(widget, QLineEdit):
            found.append(widget.placeholderText())
        if isinstance(widget, QTabBar):
            found += [widget.tabText(i) for i in range(widget.count())]
        if isinstance(widget, QComboBox):
            found += [widget.itemText(i) for i in range(widget.count())]
        if isinstance(widget, QHeaderView) and widget.orientation() == HORIZONTAL and not widget.isHidden():
            model = widget.model()
            found += [str(model.headerData(i, HORIZONTAL) or "") for i in range(widget.count()) if model]
        yield from ((widget, text) for text in found if text)


def visit_dialogs(window: MainWindow, visit: Callable[[str, QWidget], None]) -> list[str]:
    """Open everything that the menus open, look at it, and close it again.

    Parameters
    ----------
    window : MainWindow
    visit : callable
        Given the action's id and what was opened.

    Returns
    -------
    list of str
        Ids of the actions that opened something.
    """
    opened = []
    app = QApplication.instance()
    assert app is not None
    window.menus.refresh()
    for name, action in window.menus.actions.items():
        if not action.text().rstrip("⟧").endswith("…") or not action.isEnabled():
            continue
        before = set(QApplication.topLevelWidgets())

        def look(name: str = name, before: set[QWidget] = before) -> None:
            for widget in set(QApplication.topLevelWidgets()) - before:
                if widget.isVisible() and widget.isWindow():
                    opened.append(name)
                    visit(name, widget)
                    widget.close()

        QTimer.singleShot(80, window, look)
        action.trigger()
        if not opened or opened[-1] != name:  # it is no dialog that waits, but a window of its own
            app.processEvents()
            look()
    return opened
