"""Gather the program's texts for a translator, and compile what was translated.

    python packaging/make_translations.py LANGUAGE [--out resources/translations]

Writes ``samba-gui_LANGUAGE.ts`` (Qt Linguist opens it; translations that are there are kept) and, with the
tool that comes with PySide6, ``samba-gui_LANGUAGE.qm``, which the program takes when the system speaks that.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import PySide6

from samba_gui import RESEARCH_USE_ONLY
from samba_gui.core import errors
from samba_gui.core.arrangement import Order
from samba_gui.core.derivations import DERIVATIONS
from samba_gui.core.electrode_regions import LOBES, SIDES
from samba_gui.io.sample_data import RUNS
from samba_gui.session.profiles import PROFILES
from samba_gui.ui import banner, status_line
from samba_gui.ui.actions import ACTIONS, CHOICES
from samba_gui.ui.dialogs import analysis_options, keys
from samba_gui.ui.exports.kinds import KINDS, OPTIONS
from samba_gui.ui.language import CONTEXT
from samba_gui.ui.panels import annotations, channels
from samba_gui.ui.timeline.metrics import HONEST, METRICS
from samba_gui.ui.verbs import analysis
from samba_gui.ui.verbs.annotations import READS, WRITES

ROOT = Path(__file__).resolve().parent.parent
UI = ROOT / "samba_gui" / "ui"
TEXT = re.compile(r"^&?[A-Z][a-z&]+|[a-z]{2,} [a-z]{2,}")
"""How a text differs from a key in a table."""

WORD, PLACE = re.compile(r"[A-Za-z]"), re.compile(r"{[^}]*}")

BORN = {
    "Text": 1,
    "wording": 1,
    **{name: 2 for name, one in vars(errors).items() if isinstance(one, type)},
}
"""Calls in which templates are born, and how many of their first arguments are."""

DOCKS = ("Head", "Map", "Channels", "Annotations", "Model fit", "Timeline")

Text = tuple[str, str]
"""Context and text."""


def texts_of_tables() -> Iterator[str]:
    """Texts that stand in tables and go through ``tr`` where they are used."""
    for row in (*ACTIONS, *CHOICES):
        top, *others = row.menu.split("/")
        yield from (f"&{top}", *others, row.tip)
    yield from (row.text for row in ACTIONS)
    yield from (f"{d.name[0].upper()}{d.name[1:]}" for d in DERIVATIONS)
    yield from (d.name for d in DERIVATIONS)
    for metric in METRICS.values():
        yield from (metric.title, metric.meaning)
    for profile in PROFILES:
        yield from (profile.title, profile.words)
    yield from (run.title for run in RUNS)
    yield from (f"{order[0].upper()}{order[1:]}" for order in Order)
    for option in OPTIONS.values():
        yield from (option.label, option.label.replace("&", ""), *(text for text, _ in option.values))
    yield from (kind.title for kind in KINDS.values())
    yield from (*LOBES, *SIDES)
    yield from (text for _, text in (*status_line.PARTS, *analysis_options.DEVICES))
    yield from (text for row in keys.MOUSE for text in row)
    yield from (*annotations.COLUMNS, *channels.COLUMNS, *banner.LEVELS.values())
    yield from (*DOCKS, HONEST, RESEARCH_USE_ONLY, "As the system", "Light", "Dark")
    yield from (READS, WRITES, analysis.MONTAGE_FILES)


def texts_of_file(path: Path) -> Iterator[Text]:
    """Every literal text within ``self.tr``, ``tr``, ``Text``, ``wording`` and our errors; of the window's
    files also what reads as a text in their tables.

    Raises
    ------
    ValueError
        A template is put together where it stands: nobody could translate it.
    """

    def walk(node: ast.AST, owner: str) -> Iterator[Text]:
        if isinstance(node, ast.ClassDef):
            owner = node.name
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name) and function.id in BORN:
                for argument in node.args[: BORN[function.id]]:
                    if isinstance(argument, ast.JoinedStr | ast.BinOp):
                        raise ValueError(f"{path}, line {argument.lineno}: a template is one literal")
                    yield from ((CONTEXT, text) for text in literals(argument))
            elif "tr" in (getattr(function, "id", ""), getattr(function, "attr", "")):
                context = CONTEXT if isinstance(function, ast.Name) else owner
                yield from ((context, text) for text in literals(node.args[0]))
        for child in ast.iter_child_nodes(node):
            yield from walk(child, owner)

    def literals(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.IfExp):
            yield from (*literals(node.body), *literals(node.orelse))
        elif isinstance(node, ast.Constant) and WORD.search(PLACE.sub("", node.value)):
            yield node.value

    tree = ast.parse(path.read_text("utf-8"))
    yield from walk(tree, "")
    if UI not in path.parents:
        return
    for table in (node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)):
        for node in ast.walk(table):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and TEXT.search(node.value):
                yield CONTEXT, node.value


def gather() -> list[Text]:
    """All texts, each once, by context."""
    found = [(CONTEXT, text) for text in texts_of_tables() if text]
    for path in sorted((ROOT / "samba_gui").rglob("*.py")):
        found += texts_of_file(path)
    return sorted(dict.fromkeys(found))


def write_ts(path: Path, language: str, texts: list[Text]) -> None:
    """Write the translator's file; what was translated before is kept."""
    known = {}
    if path.exists():
        for context in ElementTree.parse(path).getroot().iter("context"):
            for message in context.iter("message"):
                translation = message.find("translation")
                if translation is not None and translation.text:
                    known[context.findtext("name"), message.findtext("source")] = translation.text
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    for name in dict.fromkeys(context for context, _ in texts):
        context = ElementTree.SubElement(root, "context")
        ElementTree.SubElement(context, "name").text = name
        for text in (text for owner, text in texts if owner == name):
            message = ElementTree.SubElement(context, "message")
            ElementTree.SubElement(message, "source").text = text
            translated = known.get((name, text))
            more = {} if translated else {"type": "unfinished"}
            ElementTree.SubElement(message, "translation", more).text = translated
    ElementTree.indent(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(root).write(path, "utf-8", xml_declaration=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language", help="de, fr, pt_BR …")
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "translations")
    options = parser.parse_args()
    path = options.out / f"{CONTEXT}_{options.language}.ts"
    texts = gather()
    write_ts(path, options.language, texts)
    tool = Path(PySide6.__file__).parent / ("lrelease.exe" if sys.platform == "win32" else "lrelease")
    subprocess.run([tool, "-silent", path, "-qm", path.with_suffix(".qm")], check=True)
    print(f"{path}: {len(texts)} texts")


if __name__ == "__main__":
    main()
