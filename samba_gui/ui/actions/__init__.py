"""Everything the user can do, as tables, one for each menu; the window loops over them.

``id`` is ``<group>.<verb>``: the verb is a method of that group's class in :mod:`samba_gui.ui.verbs`.
A new action is one row in its menu's table and one method there.

Texts of rows are written in English and go through :func:`samba_gui.ui.language.tr` where they are used. The
same holds for every text that a reader sees: a widget says ``self.tr("…")``, all else ``tr("…")`` from
:mod:`samba_gui.ui.language`; values are put in afterwards, ``self.tr("{} channels").format(n)``, never by an
f-string within. Every widget that can have the focus has an ``accessibleName``. ``tests/ui/test_language.py``
and ``tests/ui/test_accessibility.py`` walk the window and name what was forgotten.
"""

from samba_gui.ui.actions import analysis, annotations, edit, file, go, help, map, traces, view
from samba_gui.ui.actions.rows import ActionRow, ChoiceRow

MENUS = ("File", "Edit", "View", "Analysis", "Help")

SUBMENUS = (
    *("View/Profile", "View/Derivation", "View/Channels", "View/Sensitivity", "View/Page length"),
    *("View/Low-frequency filter", "View/High-frequency filter", "View/Notch filter", "View/Go to"),
    "View/Map",
)
"""Those that stand before the actions of their menu, in this order."""

_TABLES = (file, edit, annotations, go, traces, view, map, analysis, help)

ACTIONS: tuple[ActionRow, ...] = tuple(row for table in _TABLES for row in table.ACTIONS)
CHOICES: tuple[ChoiceRow, ...] = (*annotations.CHOICES, *traces.CHOICES, *view.CHOICES)
