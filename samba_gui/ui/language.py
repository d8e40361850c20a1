"""The user's language: every text that a reader sees passes through here or through ``self.tr``."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from samba_gui.core.places import resources_dir
from samba_gui.core.words import Text

CONTEXT = "samba-gui"
"""Under which texts that belong to no widget stand in the translation files."""


def tr(text: str) -> str:
    """A text in the user's language, itself where there is no translation.

    For tables of actions, states and messages, and for every :class:`~samba_gui.core.words.Text`; widgets
    say ``self.tr``. Values are put in afterwards, ``tr("{n} channels").format(n=n)``: a translation may need
    them in another order.
    """
    return text.said(_looked_up) if isinstance(text, Text) else _looked_up(text)


def said(text: str) -> str:
    """A :class:`~samba_gui.core.words.Text` in the user's language; any other string is data and stays."""
    return tr(text) if isinstance(text, Text) else text


def _looked_up(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text) if text else text


def path_of(menu: str, *text: str) -> str:
    """``"View ▸ Go to ▸ Next page"``: where something stands in the menus, in the user's language."""
    top, *others = menu.split("/")
    return " ▸ ".join([tr(f"&{top}"), *map(tr, others), *text]).replace("&", "")


def install_language(
    app: QCoreApplication, locale: QLocale | None = None, folder: Path | None = None
) -> list[QTranslator]:
    """Use ``samba-gui_<language>.qm`` if there is one, and with it Qt's own texts in that language.

    Parameters
    ----------
    app : QCoreApplication
    locale : QLocale, optional
        The system's by default.
    folder : Path, optional
        Of the translations; the one that ships by default.

    Returns
    -------
    list of QTranslator
        Those that are in use now; none where there is no translation.
    """
    locale = QLocale() if locale is None else locale
    folder = resources_dir() / "translations" if folder is None else folder
    ours, qts = QTranslator(app), QTranslator(app)
    if ours.load(locale, CONTEXT, "_", str(folder)):
        app.installTranslator(ours)
        qts.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        app.installTranslator(qts)
        return [ours, qts]
    return []
