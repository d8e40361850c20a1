"""Every text that a reader sees can be translated: under a language that wraps each text, none stays bare."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from window_walk import texts_of, visit_dialogs

from samba_gui.io.montages import SHIPPED
from samba_gui.ui.language import install_language, tr
from samba_gui.ui.settings import DESCRIPTIONS

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

WORD = re.compile(r"(?!min\b)[a-z]{3,}")  # minutes are a unit; formats are written in capitals

DATA = re.compile(
    "|".join(
        (
            *(
                "samba-gui",
                r"simulated_eyes_10-20\.edf",
                r"untrained .seed 0. \w+",
                "cpu.*",
                "Untrained,",
                "class [AB]:",
                r"eyes open \(",
                *DESCRIPTIONS,
            ),
            r"\(\*\..*\)",
            *("BNCI", "BioSemi", "EGI HydroCel", "Emotiv EPOC", "TUAB bipolar", "TUH/TUAB", *SHIPPED),
            *("AFz", "CPz", "FCz", "Fpz", "POz"),
            r"\w+\.(edf|csv)",
        )
    )
)
"""Names of files, bundles, heads, classes, montages, devices and electrodes; a user's words."""


def make_translations():
    """The script that gathers texts, as a module."""
    path = Path(__file__).resolve().parents[2] / "packaging" / "make_translations.py"
    spec = importlib.util.spec_from_file_location("make_translations", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class PseudoTranslator(QTranslator):
    """Puts every text that a translator is given, and Qt's own, into ⟦ ⟧; places and mnemonics stay."""

    def __init__(self) -> None:
        super().__init__()
        self._ours: dict[str, set[str]] = {}
        for context, text in make_translations().gather():
            self._ours.setdefault(context, set()).add(text)

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        known = text in self._ours[context] if context in self._ours else context.startswith("Q")
        return f"⟦{text}⟧" if known else text

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def pseudo_language(qapp: QApplication) -> Iterator[None]:
    """All texts of widgets made from now on are wrapped."""
    translator = PseudoTranslator()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def test_menus_are_translated(pseudo_language, make_window):
    window = make_window()
    bare = [action.text() for action in window.menus.actions.values() if "⟦" not in action.text()]
    bare += [menu.title() for menu in window.menus._menus.values() if "⟦" not in menu.title()]
    for entry in window.menus.entries():
        path = entry.path.partition("⟦Add with a key⟧")[0]  # descriptions are the user's own words
        bare += [text for text in (path, entry.tip) if WORD.search(re.sub("⟦.*?⟧", "", text))]
    assert not bare, "\n".join(bare)


def bare_texts(root):
    """What stands outside of ⟦ ⟧, line by line, but for what is data."""
    return sorted({found for widget, text in texts_of(root) for found in bare_lines(widget, text)})


def bare_lines(widget, text):
    """Lines with words that nobody translated."""
    if widget.objectName() == "lookInCombo":
        return
    rest = text
    while (inner := re.sub("⟦[^⟦⟧]*⟧", "", rest)) != rest:  # the inner ones first
        rest = inner
    rest = re.sub("⟦[^⟦⟧]*$|^[^⟦⟧]*⟧", "", rest)  # a name is cut from a text, Qt cuts lists of kinds of files
    for line in rest.splitlines():
        if WORD.search(DATA.sub("", line)):
            yield f"{type(widget).__name__} {widget.objectName()}: {line[:100]!r}"


def test_window_and_dialogs_are_translated(qtbot, pseudo_language, window, example_recording):
    window.open_files([str(example_recording)])
    qtbot.waitUntil(lambda: not window.under_way, timeout=120_000)
    bare = [f"window: {text}" for text in bare_texts(window)]
    opened = visit_dialogs(
        window, lambda name, dialog: bare.extend(f"{name}: {text}" for text in bare_texts(dialog))
    )
    assert len(opened) > 10
    assert not bare, "\n".join(bare)


def test_what_happens_is_translated(qtbot, pseudo_language, window, short_edf, tmp_path):
    """Texts that are born where nobody knows Qt: session, scene, engine, readers of files."""
    session, bare = window.context.session, []
    undo = window.menus.actions["edit.undo"]

    def look(*wanted):
        """Wait until these are read somewhere, then read everything."""

        def is_there():
            window.menus.refresh()
            said = "\n".join([undo.text(), *(text for _, text in texts_of(window))])
            return not window.under_way and all(words in said for words in wanted)

        qtbot.waitUntil(is_there, timeout=120_000)
        found = (*bare_texts(window), *bare_lines(undo, undo.text()))
        bare.extend(f"{wanted[0]}: {text}" for text in found)

    window.open_files([str(short_edf)])
    look("A property of bundle", "resampled to")
    label = session.document.label_of("Fz")
    session.mark_bad(label, True)
    look(f"Mark {label} bad")
    session.mark_bad(label, False)
    session.leave_out(label, True)
    look("What if: without", f"Leave {label} out")
    session.put_all_back()
    damaged = tmp_path / "damaged.edf"
    damaged.write_bytes(short_edf.read_bytes()[:2000])
    window.open_files([str(damaged)])
    look("damaged.edf: the header is cut off")
    assert not bare, "\n".join(bare)


def test_a_translation_is_made_and_used(qapp, tmp_path, monkeypatch):
    script = make_translations()
    monkeypatch.setattr("sys.argv", ["make_translations.py", "de", "--out", str(tmp_path)])
    script.main()
    path = tmp_path / "samba-gui_de.ts"
    empty = '<source>&amp;Undo</source>\n      <translation type="unfinished" />'
    text = path.read_text("utf-8")
    assert empty in text
    path.write_text(
        text.replace(empty, "<source>&amp;Undo</source><translation>&amp;Zurück</translation>"), "utf-8"
    )
    script.main()  # again, as after the program has changed: what was translated is kept
    translators = install_language(qapp, QLocale("de"), tmp_path)
    assert tr("&Undo") == "&Zurück"
    assert tr("&Redo") == "&Redo"
    for translator in translators:
        qapp.removeTranslator(translator)
    assert install_language(qapp, QLocale("fr"), tmp_path) == []
