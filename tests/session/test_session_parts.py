"""Selection, history, contract: numbers and words without files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from samba_gui.core.bundle import BundleConfig, HeadConfig, PinnedMontage, Preprocessing
from samba_gui.core.errors import BundleError
from samba_gui.core.montage import Montage, MontageMatch
from samba_gui.core.recipe import Recipe
from samba_gui.core.recording import AmplifierFilters, Channel, ChannelKind, RecordingInfo, Segment
from samba_gui.core.results import ABSTENTIONS, AMPLITUDE, FLAT, SHORT, AnalysisStart
from samba_gui.core.windows import Window, WindowPlan
from samba_gui.io.montages import montage_by_id
from samba_gui.session.contract import Verdict, compare
from samba_gui.session.contract_heads import head_rows
from samba_gui.session.display import STEPS_UV, Display
from samba_gui.session.document import Document
from samba_gui.session.history import ChooseMontage, History, MarkBad
from samba_gui.session.notices import notice_of
from samba_gui.session.profiles import PROFILES, profile_of
from samba_gui.session.results import ResultsStore
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


def filtered(*filters):
    """The document with amplifier filters on its first channels."""
    document = document_of()
    channels = list(document.info.channels)
    for i, stated in enumerate(filters):
        channels[i] = replace(channels[i], filters=AmplifierFilters(*stated))
    return replace(document, info=replace(document.info, channels=tuple(channels)))


@pytest.mark.parametrize(
    ("filters", "verdict", "words"),
    [
        ([], Verdict.FITS, "states no filters"),
        ([(0.5, 70.0, 50.0)] * 6, Verdict.FITS, "low-pass 70 Hz, notch 50 Hz"),
        ([(0.1, 70.0), (0.1, 30.0)], Verdict.CAREFUL, "above 30 Hz is weakened"),
        ([(2.0, None)], Verdict.CAREFUL, "below 2 Hz is weakened"),
        ([(None, 100.0, 40.0)], Verdict.CAREFUL, "notch at 40 Hz lies within"),
        ([(None, 20.0)], Verdict.OUTSIDE, "above 20 Hz"),
    ],
)
def test_contract_on_amplifier_filters(filters, verdict, words):
    band = next(row for row in compare(filtered(*filters), config_of(), None) if row.topic == "Band")
    assert band.verdict == verdict
    assert words in band.words


def test_contract_counts_abstentions():
    windows = tuple(Window(i, 0, 0, 512, 4.0 * i) for i in range(20))
    recipe = Recipe("b", "six", NAMES, NAMES, tuple(map(tuple, POSITIONS_M)), pairs=1)
    plan = WindowPlan(windows, 128.0, 512, 128)
    store = ResultsStore(AnalysisStart(recipe, plan, np.ones(6), "cpu", {"eyes": ("open", "closed")}, 0))
    assert head_rows(config_of(), None)[0].verdict == Verdict.UNKNOWN
    assert head_rows(config_of(), store)[0].verdict == Verdict.UNKNOWN
    store.filled[:16] = True
    (row,) = head_rows(config_of(), store)
    assert (row.verdict, row.file, row.done) == (Verdict.FITS, "speaks in all 16 windows", "")
    store.abstained["eyes"][:3] = SHORT, AMPLITUDE, AMPLITUDE
    store.abstained["eyes"][18] = FLAT  # not analysed
    (row,) = head_rows(config_of(), store)
    assert row.verdict == Verdict.CAREFUL
    assert row.file == "abstains in 3 of 16 windows"
    assert row.done == f"1: {ABSTENTIONS[SHORT]}; 2: {ABSTENTIONS[AMPLITUDE]}"


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


def coordinates_row(montage, pins):
    document = document_of()
    match = replace(document.match, montage=montage)
    rows = compare(replace(document, match=match), config_of(trained_montages=pins), None)
    return next(row for row in rows if row.topic == "Coordinates")


def test_a_changed_montage_is_not_that_of_the_training():
    shipped = montage_by_id("10-20_19")
    pins = (PinnedMontage(shipped.name, shipped.key), PinnedMontage("cap", "0" * 64))
    six = shipped.take([shipped.labels.index(name) for name in NAMES])
    row = coordinates_row(six, pins)
    assert (row.verdict, row.done) == (Verdict.FITS, "those of the training")
    moved = six.positions_m.copy()
    moved[2, 0] += 0.012
    row = coordinates_row(replace(six, positions_m=moved), pins)
    assert (row.verdict, row.done.split(", ")[1]) == (
        Verdict.CAREFUL,
        "but C3 lies 12 mm from where it lay in the training",
    )
    # the file that ships is no longer the one that was trained on
    row = coordinates_row(six, (PinnedMontage(shipped.name, "f" * 64),))
    assert row.verdict == Verdict.CAREFUL
    assert "has changed since the training" in row.done
    assert coordinates_row(replace(six, name="cap"), pins).verdict == Verdict.CAREFUL
    assert coordinates_row(replace(six, name="another"), pins).verdict == Verdict.FITS
    assert coordinates_row(six, ()).verdict == Verdict.UNKNOWN


def test_pins_survive_the_file_and_old_bundles_have_none():
    pins = (PinnedMontage("10-20 (19)", "a" * 64),)
    data = config_of(trained_montages=pins).to_json()
    assert BundleConfig.from_json(data).trained_montages == pins
    del data["trained_montages"]
    assert BundleConfig.from_json(data).trained_montages == ()
    with pytest.raises(BundleError, match="damaged"):
        BundleConfig.from_json({**data, "trained_montages": ["10-20"]})


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
    start = AnalysisStart(recipe, WindowPlan((), 128.0, 1024, 128), np.full(6, scale_uv), "cpu", {}, 0)
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
    display = Display(sensitivity_uv=STEPS_UV[0])
    assert display.more_sensitive() == display
    assert display.less_sensitive().sensitivity_uv == STEPS_UV[1]
    assert Display(sensitivity_uv=60.0).less_sensitive().sensitivity_uv == 70.0


def test_sensitivity_fits_a_typical_row():
    rows_uv = np.random.default_rng(2).normal(0, [[26.0], [20.0], [26.0], [5000.0]], (4, 4000))
    rows_uv[1, :500] = np.nan
    assert Display().fitted_to(rows_uv, 1.0).sensitivity_uv == 70.0  # 3.92 standard deviations on 1.5 rows
    assert Display().fitted_to(rows_uv, 7.0).sensitivity_uv == 10.0  # on higher rows
    assert Display().fitted_to(np.full((2, 5), np.nan), 1.0) == Display()


def test_kinds_follow_the_eeg_until_they_have_a_sensitivity_of_their_own():
    display = Display(sensitivity_uv=7.0)
    assert display.uv_per_mm(ChannelKind.ECG) == 70.0
    larger = display.others_stepped([ChannelKind.EEG, ChannelKind.ECG], 1)
    assert larger.uv_per_mm(ChannelKind.ECG) == 50.0
    assert larger.sensitivity_uv == 7.0
    assert larger.zoom == 2.0
    eeg_changed = replace(larger, sensitivity_uv=20.0)
    assert eeg_changed.uv_per_mm(ChannelKind.ECG) == 50.0
    assert eeg_changed.uv_per_mm(ChannelKind.EOG) == 40.0  # not on the page then: it still follows
    assert eeg_changed.with_own(ChannelKind.ECG, 0.0).uv_per_mm(ChannelKind.ECG) == 200.0
    for _ in range(20):
        larger = larger.others_stepped([ChannelKind.ECG], 1)
    assert (larger.uv_per_mm(ChannelKind.ECG), larger.zoom) == (1.0, 16.0)


def test_a_profile_is_known_by_what_it_sets():
    clinical = next(row for row in PROFILES if row.id == "clinical")
    display = clinical.on(Display(overlay=False))
    assert (display.sensitivity_uv, display.positive_up, display.overlay) == (7.0, False, False)
    assert profile_of(display, 10.0) == "clinical"
    assert profile_of(display, 20.0) == ""
    assert profile_of(replace(display, notch_hz=50.0), 10.0) == ""
    assert profile_of(Display(sensitivity_uv=3.0), 10.0) == "research"  # whose sensitivity is fitted


def test_unexpected_errors_are_said_in_words():
    notice = notice_of(KeyError("x"), "Reading the page")
    assert notice.message == "Reading the page failed: KeyError."
    assert notice.hint
