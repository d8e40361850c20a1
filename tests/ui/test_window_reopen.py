"""File ▸ Open from figure: the window is put back as it was, and what cannot be is said."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from analysis_fixtures import write_eeg
from PIL import Image

from samba_gui.core.places import default_bundle_dir
from samba_gui.io.bundles import read_bundle, read_saie_history
from samba_gui.io.montages import montage_by_id
from samba_gui.io.pictures import write_png
from samba_gui.io.template_cortex import cortex_available
from samba_gui.scene.figure import write_figure
from samba_gui.scene.gif import Shot, picture_provenance, saie_fields
from samba_gui.scene.head_field import Quantity
from samba_gui.session.analysis import AnalysisOptions
from samba_gui.session.notices import Level
from samba_gui.ui.pictures import provenance_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def reopened(qtbot, window, path):
    """Open from a figure, and what was said."""
    window.banner.clear()
    window.open_files([str(path)])  # as when it is dropped on the window
    qtbot.waitUntil(lambda: bool(window.banner.notices()), timeout=60_000)
    qtbot.settle(window)
    return window.banner.notices()[0]


def test_a_picture_of_the_window_brings_everything_back(
    qtbot, window, short_edf, example_recording, untrained_bundle, tmp_path
):
    session, wiring = window.context.session, window.wiring
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session.mark_bad("EEG O1", True)
    session.set_options(AnalysisOptions(seed=7, pairs=1))
    session.seek(15.0)
    wiring.head_view = replace(wiring.head_view, quantity=Quantity.PAPER, flat=True, names=True)
    window.refresh_soon()
    qtbot.settle(window)
    recipe, view = session.analysis.job.recipe, wiring.head_view
    window.menus._groups["export"].write_picture(str(tmp_path / "w.png"), window.grab().toImage())
    qtbot.settle(window)

    session.mark_bad("EEG O1", False)
    session.mark_bad("EEG Fz", True)
    session.set_options(AnalysisOptions(seed=8, pairs=1))
    session.seek(2.0)
    wiring.head_view = replace(view, quantity=Quantity.RELATIVE, flat=False, names=False, cortex=True)
    qtbot.settle(window)
    assert session.analysis.job.recipe != recipe
    notice = reopened(qtbot, window, tmp_path / "w.png")
    assert (notice.level, notice.hint, notice.offer) == (Level.INFO, "", "")
    assert session.analysis.job.recipe == recipe
    assert session.document.bads == {"EEG O1"}
    restored = wiring.head_view
    assert (restored.quantity, restored.flat, restored.names) == (Quantity.PAPER, True, True)
    assert not restored.cortex
    assert (session.selection.cursor_s, session.selection.page_start_s) == (15.0, 10.0)
    # one step takes it all back
    window.menus.actions["edit.undo"].trigger()
    assert session.document.bads == {"EEG Fz"}

    # another recording is open: the right one is found among the recent files by its hash
    window.open_files([str(example_recording)])
    qtbot.settle(window)
    session.set_options(AnalysisOptions(seed=9, pairs=1))
    notice = reopened(qtbot, window, tmp_path / "w.png")
    assert notice.offer == "Open it"
    assert "short.edf" in notice.message
    notice.accept()
    qtbot.settle(window)
    assert session.document.info.path == str(short_edf)
    assert session.analysis.job.recipe == recipe
    assert session.selection.cursor_s == 15.0


def test_what_cannot_be_restored_is_said(qtbot, window, short_edf, untrained_bundle, tmp_path):
    session = window.context.session
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    config, history = read_bundle(untrained_bundle), read_saie_history(untrained_bundle)

    def figure(name, montage, **changes):
        shot, epochs = Shot(quantity=Quantity.PAPER), [history.epochs[-1]]
        fields = saie_fields(config, history, montage, shot, epochs)
        facts = picture_provenance(config, montage, shot, fields[0], epochs) | changes
        write_figure(tmp_path / name, fields, montage, facts, dpi=72)
        return tmp_path / name

    nineteen = montage_by_id("10-20_19")
    montage = nineteen.take([i for i, label in enumerate(nineteen.labels) if label != "Cz"])
    notice = reopened(qtbot, window, figure("a.svg", montage))
    assert notice.hint == ""
    assert session.analysis.job.recipe.names == tuple(
        label for label in session.document.match.montage.labels if label != "Cz"
    )
    assert window.wiring.head_view.flat
    notice = reopened(qtbot, window, figure("b.pdf", montage_by_id("biosemi_32"), bundle_key="0" * 64))
    assert notice.level == Level.WARNING
    assert "the bundle" in notice.hint
    assert "is not here" in notice.hint
    assert "of its 32 electrodes" in notice.hint
    notice = reopened(qtbot, window, figure("c.svg", montage, recording_sha256="0" * 64, epochs=[77]))
    assert "not among the recent files" in notice.hint
    assert "epoch 77, which the bundle does not keep" in notice.hint
    notice = reopened(qtbot, window, figure("d.svg", montage, montage_key="0" * 64))
    assert (notice.level, "do not have the hash" in notice.message) == (Level.ERROR, True)
    Image.new("RGB", (9, 9)).save(tmp_path / "e.png")
    window.banner.clear()
    window.reopening.open(str(tmp_path / "e.png"))
    qtbot.waitUntil(lambda: bool(window.banner.notices()), timeout=60_000)
    assert "carries no provenance" in window.banner.notices()[0].message
    # a picture's bundle is for this recording: the next one gets what the user chose
    key = read_bundle(default_bundle_dir()).key
    reopened(qtbot, window, figure("f.svg", montage, bundle_key=key))
    assert session.bundle.directory == default_bundle_dir()
    assert window.context.settings.get("analysis/bundle") == str(untrained_bundle)
    window.open_files([str(write_eeg(tmp_path / "next.edf", 8))])
    qtbot.settle(window)
    assert session.bundle.directory == untrained_bundle
    assert window.exporting == ""


def test_a_picture_with_the_cortex_shows_it_again_or_says_what_is_missing(
    qtbot, window, tmp_path, monkeypatch
):
    qtbot.settle(window)
    wiring, paths = window.wiring, {}
    for template in ("fsaverage5", ""):
        facts = {**provenance_of(window.context.session, wiring.head_view), "cortex": template}
        paths[template] = tmp_path / f"with {template}.png"
        write_png(paths[template], np.zeros((4, 4, 3), np.uint8), facts)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "nilearn", None)
        notice = reopened(qtbot, window, paths["fsaverage5"])
    assert "the cortex, which needs nilearn" in notice.hint
    assert not wiring.head_view.cortex
    if cortex_available():
        assert reopened(qtbot, window, paths["fsaverage5"]).hint == ""
        assert wiring.head_view.cortex
    reopened(qtbot, window, paths[""])
    assert not wiring.head_view.cortex
