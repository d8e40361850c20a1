"""Menus made from the tables of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import zip_longest
from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from samba_gui.ui.actions import ACTIONS, CHOICES, MENUS, SUBMENUS, ActionRow, ChoiceRow
from samba_gui.ui.actions.key_sets import keys_of
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.command_palette import Entry
from samba_gui.ui.language import path_of, tr


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
        self._offered: dict[str, tuple] = {}
        self._choices: list[tuple[ChoiceRow, list[QAction]]] = []
        for name in MENUS:
            self._menus[name] = window.menuBar().addMenu(tr(f"&{name}"))
        for path in SUBMENUS:
            self._menu(path)
        for row in ACTIONS:
            self._add_action(row)
        for choice in CHOICES:
            self._add_choice(choice)
        self._recent = QMenu(tr("Open re&cent"), self._menus["File"])
        self._menus["File"].insertMenu(self.actions["file.reopen_last"], self._recent)
        self._recent.aboutToShow.connect(self._fill_recent)
        self._panels = self._menu("View/Panels")
        self.use_keys(context.settings.get("keys"))
        self.refresh()

    def add_panel(self, action: QAction) -> None:
        """A dock's own action, to show and hide it."""
        self._panels.addAction(action)

    def use_keys(self, key_set: str) -> None:
        """Give the actions the keys of a set."""
        for row in ACTIONS:
            self.actions[row.id].setShortcuts([QKeySequence(key) for key in keys_of(row, key_set)])

    def refresh(self) -> None:
        """What can be done, and what is on."""
        session = self._context.session
        for row in ACTIONS:
            action = self.actions[row.id]
            action.setEnabled(row.enabled(session))
            if row.checked is not None:
                action.setChecked(row.checked(self._context))
        for choice, actions in self._choices:
            values = self._values(choice)
            if values != self._offered[choice.id]:
                self._fill_choice(choice, values, actions)
            now = choice.current(self._context) if choice.current is not None else None
            for value, action in zip(values, actions, strict=True):
                action.setText(choice.label(self._context, value))
                action.setEnabled(choice.enabled(session))
                action.setChecked(action.isCheckable() and value == now)
        history = session.history
        for name, title, bare, named in (
            ("undo", history.undo_title, tr("&Undo"), tr("&Undo: {change}")),
            ("redo", history.redo_title, tr("&Redo"), tr("&Redo: {change}")),
        ):
            action = self.actions[f"edit.{name}"]
            action.setEnabled(bool(title))
            action.setText(named.format(change=tr(title).replace("&", "&&")) if title else bare)

    def entries(self) -> list[Entry]:
        """Everything in the tables, for the list that is found by typing."""
        self.refresh()
        entries = []
        for row in ACTIONS:
            action = self.actions[row.id]
            entries.append(Entry(path_of(row.menu, action.text()), tr(row.tip), action))
        for choice, actions in self._choices:
            tip = tr(choice.tip)
            entries += [Entry(path_of(choice.menu, action.text()), tip, action) for action in actions]
        return entries

    def _verb(self, action_id: str) -> Callable:
        group, verb = action_id.split(".")
        return getattr(self._groups[group], verb)

    def _menu(self, path: str) -> QMenu:
        if path not in self._menus:
            parent, _, title = path.rpartition("/")
            self._menus[path] = self._menu(parent).addMenu(tr(title))
        return self._menus[path]

    def _add_action(self, row: ActionRow) -> None:
        menu = self._menu(row.menu)
        if row.line:
            menu.addSeparator()
        action = QAction(tr(row.text), self._window)
        action.setStatusTip(tr(row.tip))
        action.setToolTip(tr(row.tip))
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
        menu.setToolTip(tr(row.tip))
        if menu.actions():
            menu.addSeparator()
        actions: list[QAction] = []
        self._fill_choice(row, self._values(row), actions)
        self._choices.append((row, actions))

    def _values(self, row: ChoiceRow) -> tuple:
        return (*row.values, *row.more(self._context))

    def _fill_choice(self, row: ChoiceRow, values: tuple, actions: list[QAction]) -> None:
        """Make an action for each value; those of values that are gone go with them."""
        menu, group, verb = self._menu(row.menu), QActionGroup(self._window), self._verb(row.id)
        for action in actions:
            action.deleteLater()
        actions.clear()
        self._offered[row.id] = values
        for value, key in zip_longest(values, row.keys, fillvalue=""):
            action = QAction(row.label(self._context, value), group)
            action.setCheckable(row.current is not None)
            action.setShortcut(QKeySequence(key))
            action.setStatusTip(tr(row.tip))
            action.triggered.connect(partial(lambda v, _checked=False: verb(v), value))
            menu.addAction(action)
            actions.append(action)

    def _fill_recent(self) -> None:
        self._recent.clear()
        recent = self._context.recent
        for path in recent.paths():
            action = self._recent.addAction(Path(path).name)
            action.setToolTip(path)
            action.triggered.connect(partial(lambda p, _checked=False: self._context.session.open(p), path))
        self._recent.addSeparator()
        self._recent.addAction(tr("&Clear list"), recent.clear)
        remember = self._recent.addAction(tr("Re&member files"))
        remember.setCheckable(True)
        remember.setChecked(recent.remember)
        remember.toggled.connect(lambda on: setattr(recent, "remember", on))
