"""Montages that ship, and which one is proposed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from samba_gui.core.errors import MontageError
from samba_gui.core.places import montages_dir
from samba_gui.core.recording import Channel, ChannelKind, RecordingInfo, Segment
from samba_gui.io.channel_kinds import kind_by_name
from samba_gui.io.montages import (
    SHIPPED,
    TARGETS,
    match,
    montage_by_id,
    montages_table,
    propose,
    shipped_montages,
    ten_five_positions,
)
from samba_gui.io.recordings import open_recording


def info_of(
    labels: Sequence[str], positions: Sequence[tuple[float, float, float]] | None = None
) -> RecordingInfo:
    from samba_gui.core.electrode_names import standard_names

    names = standard_names(labels)
    channels = tuple(
        Channel(
            label,
            names[i],
            kind_by_name(label, labels) or ChannelKind.EEG,
            position_m=positions[i] if positions is not None else None,
        )
        for i, label in enumerate(labels)
    )
    return RecordingInfo("/a/rec.edf", "EDF", channels, 256.0, 2560, (Segment(0.0, 0, 2560),))


def template_in_head(name: str) -> dict[str, np.ndarray]:
    """Positions in the head frame by MNE's own route: through ``set_montage`` and ``ch["loc"]``."""
    import mne

    montage = mne.channels.make_standard_montage(name)
    info = mne.create_info(montage.ch_names, 100.0, "eeg")
    info.set_montage(montage)
    return {ch["ch_name"]: ch["loc"][:3] for ch in info["chs"]}


def test_the_list_and_the_folder_agree() -> None:
    assert sorted((*SHIPPED, *TARGETS)) == sorted(path.stem for path in montages_dir().glob("*.csv"))
    names = [montage.name for montage in shipped_montages()]
    assert len(set(names)) == len(names)


SIZES = {
    "10-20_19": 19, "tuh_19": 19, "tuab_16_bipolar": 16, "10-10_64": 64, "10-05": 339, "emotiv_14": 14,
    "bnci_22": 22, "biosemi_32": 32, "biosemi_64": 64, "biosemi_128": 128, "egi_128": 128,
}  # fmt: skip


@pytest.mark.parametrize("stem", SHIPPED)
def test_every_montage(stem: str) -> None:
    montage = montage_by_id(stem)
    assert len(montage) == SIZES[stem]
    assert montage.source.startswith("MNE-Python template")
    assert montage_by_id(montage.name) is montage
    # On a head in the head frame: the ears' level is zero, the nose in front, metres.
    distance = np.linalg.norm(montage.positions_m - [0, 0.014, 0.041], axis=1)
    assert 0.05 < distance.min() < distance.max() < 0.13
    assert montage.positions_m[:, 2].min() > -0.06
    text = (montages_dir() / f"{stem}.csv").read_text()
    assert text.startswith("# montage: ")
    assert "# frame: MNE head frame" in text
    assert "# unit: metre" in text


@pytest.mark.parametrize("stem", ["10-20_19", "tuh_19", "10-10_64", "10-05", "emotiv_14", "bnci_22"])
def test_ten_five_positions_are_those_of_the_template(stem: str) -> None:
    template = template_in_head("fsaverage_1005")
    old = {"T3": "T7", "T4": "T8", "T5": "P7", "T6": "P8"}
    montage = montage_by_id(stem)
    for label, position in zip(montage.labels, montage.positions_m, strict=True):
        if label not in ("A1", "A2", "M1", "M2"):
            np.testing.assert_allclose(position, template[old.get(label, label)], atol=2e-6)


def test_the_target_of_the_public_networks() -> None:
    template, montage = template_in_head("colin27_1020"), montage_by_id("authors_1020_94")
    assert list(montage.labels) == list(template)
    np.testing.assert_allclose(montage.positions_m, list(template.values()), atol=2e-6)
    assert montage_by_id("standard_1020") is montage
    assert montage not in shipped_montages()  # it fits nearly every recording, but is for networks


@pytest.mark.parametrize(
    ("stem", "name"),
    [("biosemi_32", "biosemi32"), ("biosemi_64", "biosemi64"), ("biosemi_128", "biosemi128"),
     ("egi_128", "GSN-HydroCel-128")],
)  # fmt: skip
def test_own_templates(stem: str, name: str) -> None:
    template, montage = template_in_head(name), montage_by_id(stem)
    assert list(montage.labels) == list(template)
    np.testing.assert_allclose(montage.positions_m, list(template.values()), atol=2e-6)


def test_ears_lie_near_those_of_the_other_template() -> None:
    """A1, A2, M1, M2 come from Colin27: beside the neighbours that both templates have."""
    colin, ours = template_in_head("colin27_1005"), ten_five_positions()
    for ear, near in (("A1", "T9"), ("A2", "T10"), ("M1", "TP9"), ("M2", "TP10")):
        there = np.linalg.norm(colin[ear] - colin[near])
        assert np.linalg.norm(ours[ear] - ours[near]) == pytest.approx(there, abs=0.01)
    np.testing.assert_allclose(ours["A1"] * [-1, 1, 1], ours["A2"], atol=0.004)


def test_left_is_left_and_front_is_front() -> None:
    where = ten_five_positions()
    assert where["C3"][0] < -0.04 < 0.04 < where["C4"][0]
    assert where["Fpz"][1] > 0.09
    assert where["Oz"][1] < -0.06
    assert max(where, key=lambda name: where[name][2]) in ("Cz", "CCPz", "FCCz", "CPz")
    assert np.allclose(where["T3"], where["T7"])
    assert np.allclose(where["T6"], where["P8"])


def test_bipolar_channels_lie_between_their_electrodes() -> None:
    montage, where = montage_by_id("tuab_16_bipolar"), ten_five_positions()
    assert montage.is_bipolar
    for i, label in enumerate(montage.labels):
        anode, cathode = label.split("-")
        assert (montage.anodes[i], montage.cathodes[i]) == (anode, cathode)
        np.testing.assert_allclose(montage.endpoints_m[i], [where[anode], where[cathode]])
        np.testing.assert_allclose(montage.positions_m[i], (where[anode] + where[cathode]) / 2, atol=2e-6)


def test_the_order_of_physionet(shared_dir: Path) -> None:
    with open_recording(shared_dir / "recordings/eegmmidb/S001R04.edf") as recording:
        info = recording.info
    assert tuple(channel.name for channel in info.channels) == montage_by_id("10-10_64").labels
    best = propose(info)[0]
    assert best.montage.name == "10-10 (64)"
    assert best.coverage == 1
    assert best.mapped[0] == ("Fc5.", "FC5")
    assert best.in_words() == "10-10 (64): 64 of 64 EEG channels have a position"


@pytest.mark.parametrize(
    ("name", "best", "n", "total"),
    [
        ("eegmat/Subject00_1.edf", "10-20 (19)", 19, 19),
        ("formats/emotiv/eeg_eye_state.arff", "Emotiv EPOC (14)", 14, 14),
        ("formats/eeglab/eeglab_data.set", "10-10 (64)", 30, 30),
        ("formats/brainvision/test.vhdr", "10-10 (64)", 26, 26),
        ("formats/fif/25ffc8_sample-eeg-ant-raw.fif", "10-05 (339)", 61, 61),
        ("formats/bdf/Newtest17-256.bdf", None, 0, 16),
        ("formats/edf/sleep_mixed_rates.edf", None, 0, 2),
    ],
)
def test_proposals_for_real_recordings(
    shared_dir: Path, name: str, best: str | None, n: int, total: int
) -> None:
    with open_recording(shared_dir / "recordings" / name) as recording:
        found = propose(recording.info)
    if best is None:
        assert found == []
    else:
        assert found[0].montage.name == best
        assert len(found[0].channel_indices) == n
        assert n + len(found[0].unmatched) == total
        coverages = [one.coverage for one in found]
        assert coverages == sorted(coverages, reverse=True)


def test_match_follows_the_recording_and_names_what_is_left() -> None:
    info = info_of(
        ["EEG O2-REF", "ECG", "EEG T3-REF", "EEG XX-REF", "EEG A1-REF", "EEG FP1-REF", "EEG Cz-REF"]
    )
    found = match(info, montage_by_id("10-20_19"))
    assert found.montage.labels == ("O2", "T7", "Fp1", "Cz")
    assert found.channel_indices == (0, 2, 5, 6)
    assert found.unmatched == ("EEG XX-REF",)
    assert ("EEG T3-REF", "T7") in found.mapped
    assert found.coverage == 0.8
    where = ten_five_positions()
    np.testing.assert_allclose(found.montage.positions_m, [where[name] for name in ("O2", "T7", "Fp1", "Cz")])
    assert match(info, montage_by_id("tuh_19")).montage.labels == ("O2", "T3", "Fp1", "Cz")


def test_one_position_for_one_channel() -> None:
    found = match(info_of(["Cz", "EEG CZ-REF", "C3", "C4", "Pz"]), montage_by_id("10-20_19"))
    assert found.unmatched == ("EEG CZ-REF",)


def test_nothing_in_common_is_an_error() -> None:
    with pytest.raises(MontageError, match="None of the recording's EEG channels"):
        match(info_of(["Fp1", "Fp2"]), montage_by_id("egi_128"))


def test_bipolar_recordings_get_midpoints() -> None:
    tuab = ["FP1-F7", "F7-T3", "T3-T5", "T5-O1", "FP2-F8", "F8-T4", "T4-T6", "T6-O2"]
    best = propose(info_of(tuab))[0]
    assert best.montage.is_bipolar
    assert best.coverage == 1
    other = propose(info_of(["FP1-F7", "F7-T7", "T7-P7", "Fz-Cz", "Cz-Pz", "C3-Oz"]))[0]
    assert other.coverage == 1
    where = ten_five_positions()
    np.testing.assert_allclose(other.montage.positions_m[5], (where["C3"] + where["Oz"]) / 2, atol=2e-6)
    np.testing.assert_allclose(other.montage.endpoints_m[5], [where["C3"], where["Oz"]])


def test_numbered_caps_are_offered_only_as_a_whole() -> None:
    biosemi = [f"{letter}{i}" for letter in "ABCD" for i in range(1, 33)]
    assert propose(info_of(biosemi))[0].montage.name == "BioSemi (128)"
    assert propose(info_of([f"E{i}" for i in range(1, 129)]))[0].montage.name == "EGI HydroCel (128)"
    for few in (
        biosemi[:32],
        biosemi[:64],
        [f"E{i}" for i in range(1, 33)],
        [f"E{i}" for i in range(1, 257)],
    ):
        assert propose(info_of(few)) == [], "the same numbers mean other places on other caps"


def test_positions_from_the_file_are_offered() -> None:
    where = ten_five_positions()
    names = ["Fp1", "Fp2", "F7", "F8", "C3", "C4", "P7", "P8", "O1", "O2", "Cz", "Pz"]
    labels = [f"S{i}" for i in range(12)]
    info = info_of(labels, [tuple(where[name]) for name in names])
    (only,) = propose(info)
    assert only.montage.name == "positions from the file"
    assert only.montage.labels == tuple(labels)
    np.testing.assert_allclose(only.montage.positions_m, [where[name] for name in names])
    assert propose(info_of(labels[:3], [(0.0, 0.1, 0.0)] * 3)) == []


def test_unknown_ids_name_the_known_ones() -> None:
    with pytest.raises(MontageError, match=r"no montage nonsense.*10-20_19"):
        montage_by_id("nonsense")


def test_the_table_for_the_command_line() -> None:
    lines = montages_table()
    stems = (*SHIPPED, *TARGETS)
    assert all(stem in line for stem, line in zip(stems, lines, strict=True))
