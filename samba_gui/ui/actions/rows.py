"""What an action and a choice are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from samba_gui.session.session import Session
from samba_gui.ui.actions.conditions import always
from samba_gui.ui.context import Context


@dataclass(frozen=True)
class ActionRow:
    """One action.

    Parameters
    ----------
    id : str
        ``"file.open"``.
    text : str
        With ``&`` before the mnemonic and … where a dialog follows.
    menu : str
        ``"File"``, or with a submenu ``"View/Traces"``.
    tip : str
        One sentence for the status tip and the list of keys.
    keys : tuple of str
    enabled : callable
        Asked whenever the session changes.
    checked : callable, optional
        For actions that are on or off.
    line : bool
        Whether a line stands before it.
    repeats : bool
        Whether holding the key down repeats it.
    """

    id: str
    text: str
    menu: str
    tip: str
    keys: tuple[str, ...] = ()
    enabled: Callable[[Session], bool] = always
    checked: Callable[[Context], bool] | None = None
    line: bool = False
    repeats: bool = False


@dataclass(frozen=True)
class ChoiceRow:
    """A submenu of values; the verb is called with the chosen one.

    Parameters
    ----------
    id, menu, tip : str
        ``menu`` is the submenu's path: ``"View/Low-frequency filter"``.
    values : tuple
    label : callable
        A value in words.
    current : callable, optional
        The value now; without it the entries do something instead of being on or off.
    keys : tuple of str
        One per value, or none at all.
    enabled : callable
        Asked whenever the session changes.
    more : callable
        Values that come and go, after the others.
    """

    id: str
    menu: str
    tip: str
    values: tuple
    label: Callable[[Context, Any], str]
    current: Callable[[Context], object] | None
    keys: tuple[str, ...] = ()
    enabled: Callable[[Session], bool] = always
    more: Callable[[Context], tuple] = lambda _: ()
