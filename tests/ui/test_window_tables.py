"""The tables of actions and settings are complete; broken settings cost only themselves."""

from __future__ import annotations

import ast
import inspect
from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence

from samba_gui.session.background import Background
from samba_gui.session.notices import Level, Notice
from samba_gui.session.state import SessionState
from samba_gui.session.states import States
from samba_gui.ui.actions import ACTIONS, CHOICES, MENUS
from samba_gui.ui.actions.key_sets import KEY_SETS, keys_of
from samba_gui.ui.banner import LIMIT, Banner
from samba_gui.ui.errors import ErrorDesk
from samba_gui.ui.recent import RecentFiles
from samba_gui.ui.settings import SETTINGS, Settings
from samba_gui.ui.status_line import StatusLine, StatusState, in_clock
from samba_gui.ui.theme import DARK, LIGHT
from samba_gui.ui.verbs import analysis, annotations, edit, export, file, go, help, map, traces, view

# Qt's off-screen platform says so of every window
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

GROUPS = {
    "file": file.FileVerbs,
    "export": export.ExportVerbs,
    "edit": edit.EditVerbs,
    "view": view.ViewVerbs,
    "traces": traces.TraceVerbs,
    "go": go.GoVerbs,
    "map": map.MapVerbs,
    "annotations": annotations.AnnotationVerbs,
    "analysis": analysis.AnalysisVerbs,
    "help": help.HelpVerbs,
}
HELPERS = {
    *(
        "export.dialog",
        "export.start",
        "export.write_picture",
        "analysis.use_montage_file",
        "analysis.examine_montage",
        "analysis.open_bench",
        "help.fetch",
    ),
    *("analysis.rank_electrodes_into", "help.script", "help.scripts", "traces.load_derivation_file"),
    *("annotations.add_span", "annotations.change", "annotations.load_file", "annotations.save_file"),
    "annotations.annotate_marked",
}
"""Public methods behind a dialog, for tests and scripts."""


def test_every_action_has_a_verb_and_every_verb_an_action():
    ids = [row.id for row in (*ACTIONS, *CHOICES)]
    # two rows may share a menu, never an id
    assert len(ids) == len(set(ids))
    verbs = {
        f"{group}.{name}"
        for group, kind in GROUPS.items()
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }
    assert verbs - HELPERS == set(ids)


@pytest.mark.parametrize("key_set", KEY_SETS)
def test_keys_are_unique_and_real(key_set):
    of_choices = [key for row in CHOICES for key in row.keys]
    of_actions = [key for row in ACTIONS for key in keys_of(row, key_set)]
    keys = [QKeySequence(key).toString() for key in (*of_choices, *of_actions)]
    assert set(KEY_SETS[key_set]) <= {row.id for row in ACTIONS}
    assert all(keys)
    assert not [key for key, n in Counter(keys).items() if n > 1]


@pytest.mark.parametrize("row", ACTIONS, ids=lambda row: row.id)
def test_rows_are_in_words(row):
    assert row.menu.split("/")[0] in MENUS
    assert row.tip
    assert row.text
    assert "&" in row.text or row.id == "help.sample_data"


def test_mnemonics_are_unique_within_a_menu():
    for menu in {row.menu for row in ACTIONS}:
        letters = [
            row.text[row.text.index("&") + 1].lower()
            for row in ACTIONS
            if row.menu == menu and "&" in row.text
        ]
        assert len(letters) == len(set(letters)), (menu, letters)


def test_a_broken_setting_costs_only_itself(tmp_path, qapp):
    path = tmp_path / "settings.ini"
    settings = Settings(path)
    settings.set("theme", "dark")
    settings.set("display/page_s", 20.0)
    settings.set("recent/files", ("/a b/c.edf", "/d,e.edf"))
    settings.save()
    text = path.read_text().replace("theme=dark", "theme=plaid").replace("page_s=20", "page_s=long")
    path.write_text(text)
    again = Settings(path)
    assert again.get("theme") == "system"
    assert again.get("display/page_s") == 10.0
    assert sorted(again.broken) == ["display/page_s", "theme"]
    assert again.get("recent/files") == ("/a b/c.edf", "/d,e.edf")


def test_an_unreadable_settings_file_means_defaults(tmp_path, qapp):
    path = tmp_path / "settings.ini"
    path.write_bytes(bytes(range(256)) * 20)
    settings = Settings(path)
    assert {row.key: settings.get(row.key) for row in SETTINGS} == {row.key: row.default for row in SETTINGS}


def test_recent_files_can_be_cleared_and_turned_off(tmp_path, qapp):
    states = States(tmp_path / "sessions", Background(lambda answer: answer(), "kept"), lambda notice: None)
    recent = RecentFiles(Settings(tmp_path / "settings.ini"), states)
    files = [tmp_path / f"{i}.edf" for i in range(12)]
    for path in files:
        path.touch()
        recent.add(str(path))
    assert recent.paths() == tuple(str(path) for path in reversed(files[2:]))
    files[11].unlink()
    assert str(files[11]) not in recent.paths()
    kept = SessionState(recording_sha256="a" * 64)
    states.keep(kept)
    states.flush()
    assert states.read(kept.recording_sha256) == kept
    recent.remember = False
    states.keep(kept)
    states.flush()
    assert not list((tmp_path / "sessions").iterdir())
    recent.add(str(files[0]))
    assert recent.paths() == ()


def test_banner_keeps_the_last_few_and_can_be_dismissed(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    assert banner.isHidden()
    for i in range(LIMIT + 1):
        banner.post(Notice(Level.WARNING, f"message {i}", "do this"))
    banner.post(Notice(Level.WARNING, f"message {LIMIT}", "do this"))  # said already
    assert [n.message for n in banner.notices()] == [f"message {i}" for i in range(LIMIT, 0, -1)]
    banner.set_theme(DARK)
    banner.clear()
    assert banner.isHidden()


def test_log_hides_the_recordings_name(tmp_path, qapp):
    desk = ErrorDesk(tmp_path / "log")
    desk.hide_in_log("/data/Doe_Jane_1970.edf")
    desk.post(
        Notice(Level.ERROR, "Doe_Jane_1970.edf is damaged.", "", "File /data/Doe_Jane_1970.edf, line 1")
    )
    desk.close()
    text = (tmp_path / "log").read_text()
    assert "Doe" not in text
    assert "<recording> is damaged." in text


def test_status_line_shows_only_what_is_known(qtbot):
    line = StatusLine()
    qtbot.addWidget(line)
    line.set_theme(LIGHT)
    line.resize(1200, 24)
    line.show()
    line.set_state(StatusState(montage="10-20 (19)", activity="Analysing", done=3, total=7, cancellable=True))
    shown = [label.text() for label in line.findChildren(type(line._activity)) if label.isVisible()]
    assert "10-20 (19)" in shown
    assert "SIMULATED" not in shown
    with qtbot.waitSignal(line.cancel_clicked):
        line._cancel.click()


def test_clock():
    assert in_clock(0.2) == "0:00"
    assert in_clock(125) == "2:05"
    assert in_clock(3723) == "1:02:03"


def test_ui_never_imports_torch_by_name():
    import samba_gui.ui as ui

    for path in sorted(__import__("pathlib").Path(ui.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [n for n in names if n.split(".")[0] == "torch"], path
