"""Names as files write them."""

from __future__ import annotations

import pytest

from samba_gui.core.electrode_names import electrode_name, is_difference, standard_name, standard_names
from samba_gui.core.recording import ChannelKind
from samba_gui.io.channel_kinds import common_reference, decide_kind, kind_by_name

TABLE = [
    ("Fc5.", "FC5"),
    ("Iz..", "Iz"),
    ("Fcz.", "FCz"),
    ("Af7.", "AF7"),
    ("EEG Fp1-REF", "Fp1"),
    ("EEG FP1-LE", "Fp1"),
    ("EEG FP1-A2", "Fp1"),
    ("EEG C3-M2", "C3"),
    ("EEG F7-(A1+A2)/2", "F7"),
    ("EEG Pz-M1M2", "Pz"),
    ("EEG Fp1", "Fp1"),
    ("POL Fp2", "Fp2"),
    ("eeg:cz", "Cz"),
    ("FP1", "Fp1"),
    ("T3", "T7"),
    ("T4", "T8"),
    ("EEG T5-Ref", "P7"),
    ("T6", "P8"),
    ("A1", "A1"),
    ("m2", "M2"),
    ("EEG A1-REF", "A1"),
    ("EEG A2-A1", "A2-A1"),
    ("EEG Fp1-F7", "Fp1-F7"),
    ("FP1-F7", "Fp1-F7"),
    ("T7-P7", "T7-P7"),
    ("T3-T5", "T7-P7"),
    ("EEG Fpz-Cz", "Fpz-Cz"),
    ("F4–C4", "F4-C4"),
    ("AFF5H", "AFF5h"),
    ("afp3h", "AFp3h"),
    ("FTT10h", "FTT10h"),
    ("PO10", "PO10"),
    ("E12", "E12"),
    ("EEG 001", "EEG 001"),
    ("Status", "Status"),
    ("ECG ECG", "ECG ECG"),
    ("Resp oro-nasal", "Resp oro-nasal"),
    ("  Oz  ", "Oz"),
    ("", ""),
]


@pytest.mark.parametrize(("label", "name"), TABLE)
def test_standard_names(label: str, name: str) -> None:
    assert standard_name(label) == name
    if not is_difference(name) and electrode_name(name):
        assert standard_name(name) == name, "a standard name stays as it is"


def test_every_name_of_the_template_is_its_own_standard() -> None:
    import mne

    for template in ("colin27_1005", "fsaverage_1005"):
        for name in mne.channels.make_standard_montage(template).ch_names:
            expected = {"T3": "T7", "T4": "T8", "T5": "P7", "T6": "P8"}.get(name, name)
            assert standard_name(name) == expected
            assert standard_name(f"EEG {name.upper()}-REF") == expected


def test_a_cathode_shared_by_all_is_the_reference() -> None:
    assert standard_names(["Fp1-Cz", "F3-Cz", "C3-Cz", "O1-Cz", "ECG"]) == ["Fp1", "F3", "C3", "O1", "ECG"]
    assert standard_names(["Fp1-F7", "F7-T3", "T3-T5", "T5-O1"]) == ["Fp1-F7", "F7-T7", "T7-P7", "P7-O1"]
    assert standard_names(["Fpz-Cz", "Pz-Oz"]) == ["Fpz-Cz", "Pz-Oz"]


KINDS = [
    ("EEG Fp1-REF", ChannelKind.EEG),
    ("Cz", ChannelKind.EEG),
    ("EEG A2-A1", ChannelKind.REFERENCE),
    ("A1", ChannelKind.REFERENCE),
    ("M2", ChannelKind.REFERENCE),
    ("EEG A1-REF", ChannelKind.REFERENCE),
    ("ReRef", ChannelKind.REFERENCE),
    ("ECG ECG", ChannelKind.ECG),
    ("EEG EKG1-REF", ChannelKind.ECG),
    ("EKG", ChannelKind.ECG),
    ("EOG horizontal", ChannelKind.EOG),
    ("EOG1", ChannelKind.EOG),
    ("vEOG", ChannelKind.EOG),
    ("EEG LOC-REF", ChannelKind.EOG),
    ("ROC-A1", ChannelKind.EOG),
    ("EMG submental", ChannelKind.EMG),
    ("Chin1", ChannelKind.EMG),
    ("GYROX", ChannelKind.MOTION),
    ("MOT.GyroX", ChannelKind.MOTION),
    ("Acc Z", ChannelKind.MOTION),
    ("CQ_AF3", ChannelKind.QUALITY),
    ("CQ_Overall", ChannelKind.QUALITY),
    ("Status", ChannelKind.TRIGGER),
    ("STI 014", ChannelKind.TRIGGER),
    ("Event marker", ChannelKind.TRIGGER),
    ("DIN1", ChannelKind.TRIGGER),
    ("Resp oro-nasal", ChannelKind.OTHER),
    ("SpO2", ChannelKind.OTHER),
    ("SaO2", ChannelKind.OTHER),
    ("Temp rectal", ChannelKind.OTHER),
    ("DC1", ChannelKind.OTHER),
    ("PHOTIC-REF", ChannelKind.OTHER),
    ("REF", ChannelKind.REFERENCE),
    ("EEG SP1-REF", None),
    ("E12-Ref", None),
    ("E12", None),
    ("sine 8 Hz", None),
    ("EEG 1", None),
]


@pytest.mark.parametrize(("label", "kind"), KINDS)
def test_kinds_by_name(label: str, kind: ChannelKind | None) -> None:
    assert kind_by_name(label, [label]) == kind


def test_a1_is_an_electrode_on_a_numbered_cap() -> None:
    labels = [f"A{i}" for i in range(1, 33)]
    assert kind_by_name("A1", labels) is not ChannelKind.REFERENCE
    assert kind_by_name("A1", ["A1", "A2", "Cz"]) is ChannelKind.REFERENCE


def test_kinds_by_unit_rate_and_signal() -> None:
    import numpy as np

    rng = np.random.default_rng(0)
    eeg, codes = rng.normal(0, 20, 2000), rng.choice([0.0, 1.0, 4.0], 2000)
    assert decide_kind("E1", ["E1"], "µV", 250, None, eeg) == (ChannelKind.EEG, "")
    assert decide_kind("E1", ["E1"], "%", 250, None, eeg)[0] == ChannelKind.OTHER
    assert decide_kind("E1", ["E1"], "µV", 1, None, eeg)[0] == ChannelKind.OTHER
    assert decide_kind("E1", ["E1"], "µV", 250, None, codes) == (
        ChannelKind.TRIGGER,
        "only 3 different values",
    )
    assert decide_kind("E1", ["E1"], "µV", 250, None, np.zeros(2000)) == (ChannelKind.OTHER, "constant")
    # A known electrode stays one: it is flat, not a trigger.
    assert decide_kind("Cz", ["Cz"], "µV", 250, None, np.zeros(2000)) == (ChannelKind.EEG, "")
    # What the file types as ECG or trigger stays that, whatever it is called.
    assert decide_kind("C3", ["C3"], "µV", 250, ChannelKind.ECG, eeg) == (ChannelKind.ECG, "")
    assert decide_kind("ECG", ["ECG"], "µV", 250, ChannelKind.EEG, eeg) == (ChannelKind.ECG, "named ECG")


def test_what_the_labels_say_of_the_reference() -> None:
    assert common_reference(["EEG Fp1-LE", "EEG Fp2-LE"]) == "linked ears"
    assert common_reference(["EEG Fp1-REF", "EEG Fp2-REF"]) == "REF (as labelled)"
    assert common_reference(["Fp1-F7", "F7-T3"]) == "bipolar"
    assert common_reference(["Fp1", "Fp2"]) == "unknown"
    assert common_reference(["EEG Fp1-A2", "EEG Fp2-A1"]) == "unknown"
    assert common_reference([]) == "unknown"
