"""What the timelines show: one frozen value over arrays that fill batch by batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from samba_gui.core.quality import QualitySums
from samba_gui.core.recording import Annotation
from samba_gui.session.overview import Amplitudes
from samba_gui.ui.language import tr
from samba_gui.ui.theme import LIGHT, Theme


@dataclass(frozen=True, eq=False)
class AnalysisTrack:
    """Windows of an analysis and how far it is.

    Parameters
    ----------
    onsets_s, durations_s : ndarray (windows,)
    filled : ndarray (windows,) bool
        Which windows are analysed; may be changed in place.
    revision : int
        Grows whenever the arrays change.
    """

    onsets_s: np.ndarray
    durations_s: np.ndarray
    filled: np.ndarray
    revision: int


@dataclass(frozen=True, eq=False)
class QualityTrack:
    """Reconstruction quality.

    Parameters
    ----------
    sums : QualitySums
        Arrays (windows, pairs, channels, bins); may be changed in place.
    bin_s : float
    names : tuple of str
        Of the channels.
    scale_uv : ndarray (channels,)
    """

    sums: QualitySums
    bin_s: float
    names: tuple[str, ...]
    scale_uv: np.ndarray


@dataclass(frozen=True, eq=False)
class HeadTrack:
    """Class probabilities of one head.

    Parameters
    ----------
    title : str
    classes : tuple of str
    probabilities : ndarray (windows, classes)
        NaN where it abstains; may be changed in place.
    abstained : ndarray (windows,) uint8
        Index into :data:`samba_gui.core.results.ABSTENTIONS`.
    calibrated : bool
    held_out_subjects : int or None
        How many it was calibrated on.
    one_recording : bool
        Trained and calibrated on held-out time of one recording.
    not_above_chance : bool
        It was kept although it tells no more than chance.
    trained_here : bool
        It learned from this very recording: what it says is no test of it.
    """

    title: str
    classes: tuple[str, ...]
    probabilities: np.ndarray
    abstained: np.ndarray
    calibrated: bool
    held_out_subjects: int | None = None
    one_recording: bool = False
    not_above_chance: bool = False
    trained_here: bool = False

    def calibration(self) -> str:
        """In words."""
        if self.not_above_chance:
            return tr("not above chance")
        if self.one_recording:
            return tr("calibrated within one recording")
        if not self.calibrated:
            return tr("uncalibrated")
        n = self.held_out_subjects
        if n:
            return tr("calibrated on {} held-out subjects").format(n)
        return tr("calibrated on held-out subjects")


@dataclass(frozen=True, eq=False)
class TimelineState:
    """Everything the timelines show.

    Parameters
    ----------
    duration_s : float
        Of the recording, gaps included.
    page_start_s, page_s, cursor_s : float
    marked : tuple of (start_s, stop_s)
        Stretches that were picked out.
    clock_start_s : float or None
    gaps : tuple of (start_s, stop_s)
    annotations : tuple of Annotation
    places : mapping of description to int
        Of its colour.
    amplitudes : Amplitudes or None
        Of the EEG; its arrays are filled in place.
    gathered : int
        How far they are: panels compare it instead of the arrays.
    analysis : AnalysisTrack or None
        None before an analysis is planned.
    quality : QualityTrack or None
    heads : tuple of HeadTrack
    offer : str
        Why the recording is not analysed unasked and what it would take; empty where nothing is offered.
    metric : str
        Key into :data:`samba_gui.ui.timeline.metrics.METRICS`.
    theme : Theme
    """

    duration_s: float = 0.0
    page_start_s: float = 0.0
    page_s: float = 10.0
    cursor_s: float = 0.0
    marked: tuple[tuple[float, float], ...] = ()
    clock_start_s: float | None = None
    gaps: tuple[tuple[float, float], ...] = ()
    annotations: tuple[Annotation, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    amplitudes: Amplitudes | None = None
    gathered: int = 0
    analysis: AnalysisTrack | None = None
    quality: QualityTrack | None = None
    heads: tuple[HeadTrack, ...] = ()
    offer: str = ""
    metric: str = "nrmse"
    theme: Theme = LIGHT
