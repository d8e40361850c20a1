"""File ▸ Export: every kind through its dialog, its child process and back; cancelled, failed, killed."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace

import pytest
from PIL import Image

from samba_gui.io.provenance import read_provenance
from samba_gui.session.notices import Level
from samba_gui.ui.dialogs.export import ExportDialog
from samba_gui.ui.exports.kinds import KINDS, OPTIONS
from samba_gui.ui.exports.queue import Export

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def told(qtbot, window, message):
    """Wait for a message on top."""

    def on_top():
        assert [notice.message for notice in window.banner.notices()][:1] == [message]

    qtbot.waitUntil(on_top, timeout=120_000)
    return window.banner.notices()[0]


def export(window, name, path, **options):
    """What a user does in the dialog."""
    verbs = window.menus._groups["export"]
    dialog = verbs.dialog(name)
    assert isinstance(dialog, ExportDialog)
    for option, text in options.items():
        dialog.choose(option, text)
    dialog.path.setText(str(path))
    assert dialog.accept_button.isEnabled()
    verbs.start(name, dialog)
    shown = dialog.command_text.toPlainText()
    dialog.deleteLater()
    return shown


def test_every_kind_is_written_one_after_the_other(qtbot, window, short_edf, tmp_path):
    """One recording, one window: exports in a row."""
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session = window.context.session
    small = {"size": "648 × 540", "view": "from above (2-D)"}
    shown = export(window, "weights_film", tmp_path / "weights.gif", **small, theme="dark", names="yes")
    assert shown.startswith("samba-gui gif --montage")
    assert " --size 648x540 " in shown
    assert "weights.gif" in window._export_strip.label.text()
    assert window._export_strip.isVisible()
    for name in ("quality_film", "figure", "weights_table", "report"):
        ending = KINDS[name].endings[0]
        export(window, name, tmp_path / f"{name}{ending}", **(small if "film" in name else {}))
    export(window, "bids", tmp_path / "bids")
    assert "waiting" in window._export_strip.label.text()
    qtbot.settle(window)
    assert not window._export_strip.isVisible()
    told(qtbot, window, "Saved bids")
    assert not [notice for notice in window.banner.notices() if notice.level == Level.ERROR]
    left = sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("."))
    assert left == []

    key, recipe = session.bundle.config.key, session.analysis.job.recipe
    with Image.open(tmp_path / "weights.gif") as picture:
        assert picture.size == (648, 540)
    film = read_provenance(tmp_path / "weights.gif")
    assert (film["bundle_key"], film["montage_key"]) == (key, session.document.model_montage.key)
    for name in ("quality_film.gif", "weights_table.csv"):
        facts = read_provenance(tmp_path / name)
        assert facts["recipe"] == recipe.to_json(), name
        assert facts["recording_sha256"] == session.recording_sha256
    assert read_provenance(tmp_path / "figure.pdf")["bundle_key"] == key
    (reported,) = read_provenance(tmp_path / "report.html")["recordings"]
    assert reported["recipe_key"] == recipe.key
    # no name of the recording's file anywhere
    assert short_edf.name not in (tmp_path / "report.html").read_text("utf-8")
    subject = f"sub-{session.recording_sha256[:12]}"
    tables = sorted((tmp_path / "bids" / subject / "eeg").glob("*.tsv"))
    assert tables[-1].name == f"{subject}_desc-quality_timeseries.tsv"
    described = json.loads((tmp_path / "bids" / "dataset_description.json").read_text())
    assert described["DatasetType"] == "derivative"


def test_a_cancelled_export_leaves_the_old_file_and_nothing_else(qtbot, window, tmp_path):
    qtbot.waitUntil(lambda: window.settled and window.context.session.bundle is not None, timeout=60_000)
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "w.gif").write_bytes(b"old")
    export(window, "weights_film", folder / "w.gif", view="from above (2-D)")
    export(window, "figure", folder / "f.png", dpi="300 dpi")
    window._export_strip.cancel.click()
    qtbot.settle(window)
    assert sorted(path.name for path in folder.iterdir()) == ["f.png", "w.gif"]
    assert (folder / "w.gif").read_bytes() == b"old"
    told(qtbot, window, "Saved f.png")
    assert len(window.banner.notices()) == 1
    # closing the window ends what is under way
    export(window, "weights_film", folder / "w.gif", view="from above (2-D)")
    window.close()
    assert (folder / "w.gif").read_bytes() == b"old"
    assert len(list(folder.iterdir())) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_failed_and_killed_exports_are_said(qtbot, window, tmp_path):
    qtbot.waitUntil(lambda: window.settled and window.context.session.bundle is not None, timeout=60_000)
    bundle = str(window.context.session.bundle.directory)
    out = tmp_path / "nowhere" / "w.gif"
    window.exports.add(Export(("gif", "--bundle", bundle, "--size", "64x64", "--out", str(out)), out))
    notice = told(qtbot, window, "w.gif could not be written: no such file or directory.")
    assert notice.level == Level.ERROR
    assert notice.hint == "Choose another folder or file name."

    out = tmp_path / "w.gif"
    export(window, "weights_film", out, view="from above (2-D)")
    pid = window.exports._pid
    left = tmp_path / f".w.gif.{pid}.part"
    left.write_bytes(b"half of it")
    os.kill(pid, signal.SIGKILL)
    told(qtbot, window, "Writing w.gif crashed; nothing was written.")
    assert not out.exists()
    assert not left.exists()


def test_the_dialog_says_what_will_happen(qtbot, window, tmp_path):
    qtbot.waitUntil(lambda: window.settled and window.context.session.bundle is not None, timeout=60_000)
    window.wiring.head_view = replace(window.wiring.head_view, flat=True, names=True)
    dialog = window.menus._groups["export"].dialog("weights_film")
    assert "--view" not in dialog.command()
    assert "--names" in dialog.command()
    assert not dialog._options["camera"].isEnabled()
    dialog.choose("view", "head (3-D)")
    assert dialog._options["camera"].isEnabled()
    dialog.deleteLater()
    dialog = window.menus._groups["export"].dialog("figure")
    dialog.path.setText(str(tmp_path / "a"))
    assert dialog.out.name == "a.pdf"
    dialog.format.setCurrentIndex(dialog.format.findData(".svg"))
    assert dialog.out.name == "a.svg"
    (tmp_path / "a.svg").touch()
    dialog.path.setText(str(tmp_path / "a.svg"))
    assert "will be replaced" in dialog.note.text()
    dialog.path.setText(str(tmp_path / "none" / "a.svg"))
    assert "no folder" in dialog.note.text()
    assert not dialog.accept_button.isEnabled()
    dialog.deleteLater()
    dialog = window.menus._groups["export"].dialog("folder_report")
    assert not dialog.accept_button.isEnabled()
    dialog.from_folder.setText(str(tmp_path))
    assert dialog.accept_button.isEnabled()
    assert dialog.command()[:2] == ("report", str(tmp_path))
    dialog.deleteLater()


def test_every_option_is_one_of_its_verb():
    """What a dialog can say, the command line understands."""
    from samba_gui.cli.entry import VERBS, parser_for

    verbs = {verb.name: verb for verb in VERBS}
    for kind in KINDS.values():
        parser = parser_for(verbs[kind.verb[0]])
        source = () if kind.verb[0] in ("gif", "figure") else ("x.samba.h5",)
        for key in kind.options:
            for _, arguments in OPTIONS[key].values if key != "epochs" else ():
                parser.parse_args([*source, *kind.verb[1:], *arguments, "--out", "x"])


def test_pictures_of_the_window_are_written_in_the_background(qtbot, window, tmp_path):
    qtbot.waitUntil(lambda: window.settled and window.context.session.bundle is not None, timeout=60_000)
    verbs = window.menus._groups["export"]
    verbs.write_picture(str(tmp_path / "window.png"), window.grab().toImage())
    qtbot.settle(window)
    assert read_provenance(tmp_path / "window.png")["program"].startswith("samba-gui")
    verbs.write_picture(str(tmp_path / "nowhere" / "window.png"), window.grab().toImage())
    told(qtbot, window, "window.png could not be written: no such file or directory.")
