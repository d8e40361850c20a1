"""What a channel measures, by its name and by its signal: many files call everything EEG."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from samba_gui.core.electrode_names import (
    REFERENCE_SITES,
    electrode_name,
    is_reference_word,
    split_label,
    standard_name,
)
from samba_gui.core.recording import ChannelKind
from samba_gui.core.words import NOTHING, Text

# One row: kind and the words (whole, digits may follow) by which files name it.
_WORDS: tuple[tuple[ChannelKind, str], ...] = (
    (ChannelKind.ECG, "ECG|EKG|ECGL|ECGR|EKGL|EKGR|CARDIAC"),
    (
        ChannelKind.EOG,
        "EOG|[HV]EOG|EOG[HVLR]|EOG[LR]E|LOC|ROC|[EH]OGL|[EH]OGR|LEOG|REOG|LVEOG|RVEOG|LHEOG|RHEOG",
    ),
    (ChannelKind.EMG, "EMG|CHIN|CHIN[LR]|LEG|LLEG|RLEG|TIB|LAT|RAT|SUBMENTAL|MASSETER|DELTOID"),
    (ChannelKind.QUALITY, "CQ|EQ|QUALITY|CONTACT|IMPEDANCE"),
    (
        ChannelKind.MOTION,
        "GYRO|GYRO[XYZ]|ACC|ACC[XYZ]|ACCEL|ACCEL[XYZ]|ACCELEROMETER|MOT|MOTION|MAG[XYZ]|Q[XYZW]",
    ),
    (
        ChannelKind.TRIGGER,
        "STATUS|TRIG|TRIGGER|STI|STIM|STIMULUS|MARKER|MARKERS|EVENT|EVENTS|DIN|TTL|MKR|MK|BUTTON|COUNTER|"
        "INTERPOLATED|TIMESTAMP|TIMESTAMPS|PULSECODE|EYEDETECTION|SAMPLE|ANNOTATIONS",
    ),
    (ChannelKind.REFERENCE, "REF|REFERENCE|REREF|CMS|DRL|GND|GROUND"),
    (
        ChannelKind.OTHER,
        "RESP|RESPIRATION|SPO|SAO|OSAT|SAT|TEMP|TEMPERATURE|PULSE|PLETH|PPG|FLOW|AIRFLOW|NASAL|SNORE|MIC|THOR|"
        "THORAX|ABD|ABDO|ABDOMEN|EFFORT|CHEST|CO|ETCO|CAP|DC|GSR|EDA|EXG|ERG|AUX|PHOTIC|LIGHT|BP|ABP|IBI|BURSTS?|"
        "SUPPR|SUPPRESSION|POSITION|POS|BATTERY|PHASE|MISC|AUDIO|PUPIL|GAZE|HR|HEARTRATE",
    ),
)
_BY_WORD = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _WORDS)
_VOLTS = {"µV", "uV", "mV", "V", "nV"}
# An EEG channel slower than this cannot carry alpha waves.
SLOWEST_EEG_HZ = 30.0
# A trigger holds a handful of values; EEG of some microvolts, digitised, holds dozens within seconds.
FEWEST_EEG_VALUES = 8


def kind_by_name(label: str, labels: Sequence[str] = ()) -> ChannelKind | None:
    """What the name says.

    Parameters
    ----------
    label : str
    labels : sequence of str
        All labels of the recording: ``A1`` is an ear, but an electrode on the head beside ``A5``.

    Returns
    -------
    ChannelKind or None
        None if the name says nothing.
    """
    plus, minus = split_label(label)
    first = electrode_name(plus)
    if first in REFERENCE_SITES and not (first[0] == "A" and _numbered_by_letter(labels)):
        # M1 against another electrode is still the mastoid; A2-A1 is the difference of the ears.
        return ChannelKind.REFERENCE
    if first is not None:
        return ChannelKind.EEG
    # In "EEG SP1-REF" the last word is the reference, not what the channel measures.
    measured = plus if is_reference_word(minus) else label
    for word in filter(None, re.split(r"[\s_\-:./()\[\]\d]+", measured)):
        for kind, pattern in _BY_WORD:
            if pattern.fullmatch(word):
                return kind
    return None


def _numbered_by_letter(labels: Sequence[str]) -> bool:
    """Whether the labels are those of a BioSemi cap: A1 … A32, B1 …"""
    plain = {split_label(label)[0].upper() for label in labels}
    return {"A3", "A4", "A5"} <= plain


def decide_kind(
    label: str,
    labels: Sequence[str],
    unit: str,
    rate_hz: float,
    in_file: ChannelKind | None,
    stretches: np.ndarray | None,
) -> tuple[ChannelKind, str]:
    """Weigh name, unit, rate and signal.

    Parameters
    ----------
    label, labels : str, sequence of str
    unit : str
    rate_hz : float
        In the file.
    in_file : ChannelKind or None
        What the file says.
    stretches : ndarray (n,) or None
        Samples from a few places.

    Returns
    -------
    kind : ChannelKind
    reason : Text
        Why the kind is not what the file says (or not EEG where it says nothing), else empty.
    """
    named = kind_by_name(label, labels)
    claimed = in_file or ChannelKind.EEG
    if named is not None and named != claimed:
        # A file that types a channel as ECG or trigger knows better than a name such as C3.
        if named == ChannelKind.EEG and in_file is not None:
            return claimed, NOTHING
        return named, Text("named {label}", label=label)
    if claimed != ChannelKind.EEG:
        return claimed, NOTHING
    if unit not in _VOLTS and unit != "":
        return ChannelKind.OTHER, Text("measured in {unit}", unit=unit)
    if rate_hz and rate_hz < SLOWEST_EEG_HZ:
        return ChannelKind.OTHER, Text("only {rate_hz:g} samples a second", rate_hz=rate_hz)
    if named is None and stretches is not None and stretches.size > 256:
        values = np.unique(stretches[np.isfinite(stretches)])
        if values.size == 1:
            return ChannelKind.OTHER, Text("constant")
        if 1 < values.size <= FEWEST_EEG_VALUES:
            return ChannelKind.TRIGGER, Text("only {n} different values", n=values.size)
    return ChannelKind.EEG, NOTHING


def common_reference(labels: Sequence[str]) -> str:
    """What the labels of the EEG channels say of their reference, or ``"unknown"``."""
    words = set()
    for label in labels:
        minus = split_label(label)[1]
        if "-" in standard_name(label):
            return Text("bipolar")
        words.add(minus.upper() if minus else "")
    if len(words) == 1 and (word := words.pop()):
        meaning = {"LE": Text("linked ears"), **dict.fromkeys(("AR", "AVG", "AV", "AVE"), Text("average"))}
        return meaning.get(word, Text("{word} (as labelled)", word=word))
    return Text("unknown")
