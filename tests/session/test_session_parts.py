"""Selection, history, contract: numbers and words without files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from samba_gui.core.bundle import BundleConfig, HeadConfig, Preprocessing
from samba_gui.core.montage import Montage, MontageMatch
from samba_gui.core.recipe import Recipe
from samba_gui.core.recording import Channel, RecordingInfo, Segment
from samba_gui.core.results import AnalysisStart
from samba_gui.core.windows import WindowPlan
from samba_gui.session.contract import Verdict, compare
from samba_gui.session.display import SENSITIVITIES_UV, Display
from samba_gui.session.document import Document
from samba_gui.session.history import ChooseMontage, History, MarkBad
from samba_gui.session.notices import notice_of
from samba_gui.session.selection import Selection

NAMES = ("Fp1", "Fp2", "C3", "C4", "O1", "O2")
POSITIONS_M = np.random.default_rng(0).normal(0, 0.05, (6, 3))


def document_of(rate_hz=250.0, seconds=60.0, unmatched=()):
    channels = tuple(Channel(f"EEG {name}", name) for name in (*NAMES, *unmatched))
    n = int(rate_hz * seconds)
    info = RecordingInfo("/data/x.edf", "EDF", channels, rate_hz, n, (Segment(0.0, 0, n),))
    match = MontageMatch(
        Montage("six", NAMES, POSITIONS_M), tuple(range(6)), tuple(f"EEG {name}" for name in unmatched)
    )
    return Document(info, (match,), match)


def config_of(**changes):
    config = BundleConfig(
        "b",
        "samba",
        "1",
        "CC0",
        "none",
        Montage("six", NAMES, POSITIONS_M),
        np.eye(4),
        Preprocessing(128.0, 0.5, 45.0),
        8.0,
        True,
        "local",
        heads=(HeadConfig("eyes", "Eyes", ("open", "closed"), True, "x", min_electrodes=6),),
    )
    return replace(config, **changes)


def verdicts(document, config=None):
    return {row.topic: row.verdict for row in compare(document, config or config_of(), None)}


def test_contract_in_verdicts():
    assert set(verdicts(document_of()).values()) == {Verdict.FITS, Verdict.UNKNOWN}
    assert verdicts(document_of(rate_hz=80.0))["Rate"] == Verdict.CAREFUL
    assert verdicts(document_of(rate_hz=80.0))["Band"] == Verdict.CAREFUL
    assert verdicts(document_of(rate_hz=40.0))["Band"] == Verdict.OUTSIDE
    assert verdicts(document_of(seconds=3.0))["Length"] == Verdict.CAREFUL
    assert verdicts(document_of(unmatched=("X1", "X2")))["Montage"] == Verdict.CAREFUL
    bad = document_of().with_bad("EEG C3", True)
    assert verdicts(bad)["Montage"] == Verdict.CAREFUL  # five electrodes, the head needs six
    assert verdicts(replace(document_of(), match=None))["Montage"] == Verdict.OUTSIDE
    only = config_of(any_montage=False, output_labels=(*NAMES, "Cz"))
    assert verdicts(document_of(), only)["Montage"] == Verdict.OUTSIDE
    assert (
        verdicts(document_of(), config_of(any_montage=False, output_labels=NAMES))["Montage"] == Verdict.FITS
    )


def test_contract_says_what_is_far_and_what_is_done():
    far = replace(
        config_of(), target=Montage("far", ("F1", "F2"), np.array([POSITIONS_M[0], [0.0, 0.0, 0.5]]))
    )
    rows = {row.topic: row for row in compare(document_of(), far, None)}
    apart_m = np.linalg.norm(POSITIONS_M - [0.0, 0.0, 0.5], axis=1).min()
    assert rows["Coverage"].verdict == Verdict.CAREFUL
    assert f"F2, {100 * apart_m:.1f} cm" in rows["Coverage"].file
    assert rows["Rate"].words == "250 Hz; resampled to 128 Hz"
    gapped = document_of()
    info = replace(gapped.info, segments=(Segment(0.0, 0, 5000), Segment(30.0, 5000, 10_000)))
    rows = {row.topic: row for row in compare(replace(gapped, info=info), config_of(), None)}
    assert rows["Gaps"].file == "1 gap"
    assert rows["Length"].file == "40.0 s at a stretch"


@pytest.mark.parametrize(
    ("scale_uv", "verdict", "word"),
    [(10.0, Verdict.FITS, "typical"), (200.0, Verdict.OUTSIDE, "abstain"), (1e6, Verdict.OUTSIDE, "unit")],
)
def test_contract_on_amplitudes(scale_uv, verdict, word):
    recipe = Recipe("b", "six", NAMES, NAMES, tuple(map(tuple, POSITIONS_M)))
    start = AnalysisStart(recipe, WindowPlan((), 128.0, 1024, 128), np.full(6, scale_uv), "cpu", {})
    rows = compare(document_of(), config_of(amplitude_range_uv=(2.0, 60.0)), start)
    amplitude = next(row for row in rows if row.topic == "Amplitude")
    assert amplitude.verdict == verdict
    assert word in amplitude.done


def test_history_goes_back_and_forth():
    history = History()
    seen = []
    history.changed.connect(seen.append)
    history.begin(document_of())
    history.do(MarkBad("EEG C3"))
    history.do(MarkBad("EEG C3"))  # changes nothing
    other = MontageMatch(Montage("other", NAMES[:5], POSITIONS_M[:5]), tuple(range(5)))
    history.do(ChooseMontage(other))
    assert history.undo_title == "Use montage other"
    assert history.document.match == other
    assert history.document.bads == {"EEG C3"}
    history.undo()
    history.undo()
    assert history.document.bads == frozenset()
    assert history.undo_title == ""
    history.redo()
    assert history.document.bads == {"EEG C3"}
    history.do(MarkBad("EEG C3", bad=False))
    assert history.redo_title == ""
    assert len(seen) == 6


def test_document_maps_channels_and_electrodes():
    document = document_of(unmatched=("X1",)).with_bad("EEG C3", True)
    assert document.electrode_of("EEG O1") == "O1"
    assert document.electrode_of("EEG X1") == ""
    assert document.label_of("C4") == "EEG C4"
    assert document.label_of("Pz") == ""
    assert document.model_montage.labels == ("Fp1", "Fp2", "C4", "O1", "O2")


@pytest.mark.parametrize("duration_s", [3.0, 25.0, 3600.0])
def test_selection_stays_on_the_recording(duration_s):
    rng = np.random.default_rng(1)
    selection = Selection()
    for _ in range(300):
        step = rng.integers(4)
        value = float(rng.uniform(-100, 4000))
        if step == 0:
            selection = selection.at(value, duration_s)
            assert selection.page_start_s <= selection.cursor_s <= selection.page_stop_s
        elif step == 1:
            selection = selection.scrolled(value, duration_s)
        elif step == 2:
            selection = selection.page_at(value, duration_s)
        else:
            selection = selection.with_page_length(float(rng.choice([5, 10, 30])), duration_s)
        assert 0 <= selection.page_start_s <= max(duration_s - selection.page_s, 0)
        assert 0 <= selection.cursor_s <= duration_s


def test_seeking_turns_whole_pages():
    selection = Selection().at(47.0, 100.0)
    assert (selection.cursor_s, selection.page_start_s) == (47.0, 40.0)
    assert selection.at(44.0, 100.0).page_start_s == 40.0
    assert selection.at(99.0, 100.0).page_start_s == 90.0


def test_sensitivity_steps_end():
    display = Display(sensitivity_uv=SENSITIVITIES_UV[0])
    assert display.more_sensitive() is display
    assert display.less_sensitive().sensitivity_uv == SENSITIVITIES_UV[1]
    assert Display(sensitivity_uv=60.0).less_sensitive().sensitivity_uv == 70.0


def test_sensitivity_fits_a_typical_row():
    rows_uv = np.random.default_rng(2).normal(0, [[26.0], [20.0], [26.0], [5000.0]], (4, 4000))
    rows_uv[1, :500] = np.nan
    assert Display().fitted_to(rows_uv).sensitivity_uv == 70.0  # 3.92 standard deviations on 1.5 divisions
    assert Display().fitted_to(np.full((2, 5), np.nan)) == Display()


def test_unexpected_errors_are_said_in_words():
    notice = notice_of(KeyError("x"), "Reading the page")
    assert notice.message == "Reading the page failed: KeyError."
    assert notice.hint
