"""Menus made from the tables of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from samba_gui.ui.actions import ACTIONS, CHOICES, MENUS, ActionRow, ChoiceRow
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.command_palette import Entry


class Menus:
    """The menu bar.

    Parameters
    ----------
    window : QMainWindow
    context : Context
    groups : mapping of str to object
        Verbs by the first half of an action's id.
    """

    def __init__(self, window: QMainWindow, context: Context, groups: Mapping[str, object]) -> None:
        self._window = window
        self._context = context
        self._groups = groups
        self._menus: dict[str, QMenu] = {}
        self.actions: dict[str, QAction] = {}
        self._choices: list[tuple[ChoiceRow, list[QAction]]] = []
        for name in MENUS:
            self._menus[name] = window.menuBar().addMenu(f"&{name}")
        for row in ACTIONS:
            self._add_action(row)
        for choice in CHOICES:
            self._add_choice(choice)
        self._recent = QMenu("Open &recent", self._menus["File"])
        self._menus["File"].insertMenu(self.actions["file.save_results"], self._recent)
        self._recent.aboutToShow.connect(self._fill_recent)
        self._panels = self._menu("View/Panels")
        self.refresh()

    def add_panel(self, action: QAction) -> None:
        """A dock's own action, to show and hide it."""
        self._panels.addAction(action)

    def refresh(self) -> None:
        """What can be done, and what is on."""
        session = self._context.session
        for row in ACTIONS:
            action = self.actions[row.id]
            action.setEnabled(row.enabled(session))
            if row.checked is not None:
                action.setChecked(row.checked(self._context))
        for choice, actions in self._choices:
            now = choice.current(self._context) if choice.current is not None else None
            for value, action in zip(choice.values, actions, strict=True):
                action.setText(choice.label(self._context, value))
                action.setEnabled(choice.enabled(session))
                action.setChecked(action.isCheckable() and value == now)
        history = session.history
        for name, title in (("undo", history.undo_title), ("redo", history.redo_title)):
            action = self.actions[f"edit.{name}"]
            action.setEnabled(bool(title))
            action.setText(f"&{name.capitalize()}: {title}" if title else f"&{name.capitalize()}")

    def entries(self) -> list[Entry]:
        """Everything in the tables, for the list that is found by typing."""
        self.refresh()
        entries = []
        for row in ACTIONS:
            action = self.actions[row.id]
            entries.append(Entry(_path(row.menu, action.text()), row.tip, action))
        for choice, actions in self._choices:
            entries += [Entry(_path(choice.menu, action.text()), choice.tip, action) for action in actions]
        return entries

    def _verb(self, action_id: str) -> Callable:
        group, verb = action_id.split(".")
        return getattr(self._groups[group], verb)

    def _menu(self, path: str) -> QMenu:
        if path not in self._menus:
            parent, _, title = path.rpartition("/")
            self._menus[path] = self._menu(parent).addMenu(title)
        return self._menus[path]

    def _add_action(self, row: ActionRow) -> None:
        menu = self._menu(row.menu)
        if row.line:
            menu.addSeparator()
        action = QAction(row.text, self._window)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.setStatusTip(row.tip)
        action.setToolTip(row.tip)
        action.setCheckable(row.checked is not None)
        action.setAutoRepeat(row.repeats)
        if row.id == "file.quit":
            action.setMenuRole(QAction.MenuRole.QuitRole)
        verb = self._verb(row.id)
        action.triggered.connect(lambda _checked=False: verb())
        menu.addAction(action)
        self.actions[row.id] = action

    def _add_choice(self, row: ChoiceRow) -> None:
        menu = self._menu(row.menu)
        menu.setToolTip(row.tip)
        if menu.actions():
            menu.addSeparator()
        group = QActionGroup(self._window)
        verb = self._verb(row.id)
        actions = []
        for value, key in zip(row.values, row.keys or ("",) * len(row.values), strict=True):
            action = QAction(row.label(self._context, value), group)
            action.setCheckable(row.current is not None)
            action.setShortcut(QKeySequence(key))
            action.setStatusTip(row.tip)
            action.triggered.connect(partial(lambda v, _checked=False: verb(v), value))
            menu.addAction(action)
            actions.append(action)
        self._choices.append((row, actions))

    def _fill_recent(self) -> None:
        self._recent.clear()
        recent = self._context.recent
        for path in recent.paths():
            action = self._recent.addAction(Path(path).name)
            action.setToolTip(path)
            action.triggered.connect(partial(lambda p, _checked=False: self._context.session.open(p), path))
        self._recent.addSeparator()
        self._recent.addAction("&Clear list", recent.clear)
        remember = self._recent.addAction("Re&member files")
        remember.setCheckable(True)
        remember.setChecked(recent.remember)
        remember.toggled.connect(lambda on: setattr(recent, "remember", on))


def _path(menu: str, text: str) -> str:
    return f"{menu}/{text}".replace("/", " ▸ ").replace("&", "")
