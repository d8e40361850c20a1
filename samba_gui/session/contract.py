"""What the bundle was trained on against what this recording is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.montage import MIN_ELECTRODES
from samba_gui.core.results import AnalysisStart
from samba_gui.session.document import Document


class Verdict(StrEnum):
    """How well one property fits."""

    FITS = "fits"
    CAREFUL = "careful"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ContractRow:
    """One property in words: ``topic`` ("Rate"), how it fits, and why."""

    topic: str
    verdict: Verdict
    words: str


def compare(document: Document, config: BundleConfig, start: AnalysisStart | None) -> tuple[ContractRow, ...]:
    """Compare a recording to a bundle.

    Parameters
    ----------
    document : Document
    config : BundleConfig
    start : AnalysisStart or None
        Of the analysis, once it has measured the amplitudes.

    Returns
    -------
    tuple of ContractRow
        Rate, band, reference, montage, length, amplitude.
    """
    return (
        _rate(document, config),
        _reference(document, config),
        _montage(document, config),
        _length(document, config),
        _amplitude(config, start),
    )


def _rate(document: Document, config: BundleConfig) -> ContractRow:
    wanted, band = config.preprocessing.rate_hz, config.preprocessing
    rates = [
        document.info.channels[i].rate_hz or document.info.rate_hz
        for i in (document.match.channel_indices if document.match else ())
    ]
    have = min(rates, default=document.info.rate_hz)
    if have < 2 * band.lowpass_hz:
        return ContractRow(
            "Rate",
            Verdict.OUTSIDE if have < band.lowpass_hz else Verdict.CAREFUL,
            f"{have:g} Hz has no signal above {have / 2:g} Hz; the model reads up to {band.lowpass_hz:g} Hz",
        )
    if have == wanted:
        return ContractRow("Rate", Verdict.FITS, f"{have:g} Hz, as the model's")
    return ContractRow("Rate", Verdict.FITS, f"resampled from {have:g} to {wanted:g} Hz")


def _reference(document: Document, config: BundleConfig) -> ContractRow:
    have = document.info.reference
    if document.match is not None and document.match.montage.is_bipolar:
        return ContractRow("Reference", Verdict.CAREFUL, "bipolar channels are read as they are")
    if config.preprocessing.reference == "average":
        said = "" if have == "unknown" else f" (recorded against {have})"
        return ContractRow("Reference", Verdict.FITS, f"re-referenced to the average{said}")
    verdict = Verdict.UNKNOWN if have == "unknown" else Verdict.CAREFUL
    return ContractRow("Reference", verdict, f"as recorded: {have}")


def _montage(document: Document, config: BundleConfig) -> ContractRow:
    match = document.match
    if match is None:
        return ContractRow("Montage", Verdict.OUTSIDE, "no channel has a known position")
    left_out = sum(document.info.channels[i].label in document.bads for i in match.channel_indices)
    n = len(match.channel_indices) - left_out
    wanted = max((head.min_electrodes for head in config.heads), default=MIN_ELECTRODES)
    words = f"{n} electrodes"
    if left_out:
        words += f", {left_out} marked bad"
    if match.unmatched:
        words += f", {len(match.unmatched)} without position"
    if n < MIN_ELECTRODES:
        return ContractRow("Montage", Verdict.OUTSIDE, f"{words}; the model needs {MIN_ELECTRODES}")
    if n < wanted:
        return ContractRow("Montage", Verdict.CAREFUL, f"{words}; class heads need {wanted}")
    return ContractRow("Montage", Verdict.FITS if match.coverage > 0.8 else Verdict.CAREFUL, words)


def _length(document: Document, config: BundleConfig) -> ContractRow:
    have_s = max(segment.n for segment in document.info.segments) / document.info.rate_hz
    wanted_s = max((head.min_window_s for head in config.heads), default=0.0)
    if have_s < wanted_s:
        return ContractRow(
            "Length", Verdict.CAREFUL, f"{have_s:.1f} s without a gap; class heads need {wanted_s:g} s"
        )
    return ContractRow("Length", Verdict.FITS, f"windows of {min(config.window_s, have_s):g} s")


def _amplitude(config: BundleConfig, start: AnalysisStart | None) -> ContractRow:
    low_uv, high_uv = config.amplitude_range_uv
    if start is None:
        return ContractRow("Amplitude", Verdict.UNKNOWN, "known once the analysis has begun")
    scale_uv = np.asarray(start.scale_uv)
    outside = [
        name
        for name, value in zip(start.recipe.names, scale_uv, strict=True)
        if not low_uv <= value <= high_uv
    ]
    median_uv = float(np.nanmedian(scale_uv))
    if not outside:
        return ContractRow("Amplitude", Verdict.FITS, f"median {median_uv:.3g} µV")
    shown = ", ".join(outside[:4]) + (" …" if len(outside) > 4 else "")
    return ContractRow(
        "Amplitude",
        Verdict.OUTSIDE if low_uv > median_uv or median_uv > high_uv else Verdict.CAREFUL,
        f"median {median_uv:.3g} µV; outside {low_uv:.3g} … {high_uv:.3g} µV: {shown}",
    )
