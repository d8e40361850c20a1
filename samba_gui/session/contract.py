"""What the bundle was trained on against what this recording is, and what is done about the difference."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.electrode_names import name_key
from samba_gui.core.montage import MIN_ELECTRODES
from samba_gui.core.results import AnalysisStart
from samba_gui.session.document import Document

FAR_M = 0.06
"""A target electrode without a recorded one this near is guessed from afar; in the 10-20 system none is."""

UNIT_FACTOR = 100.0
"""Amplitudes this far beyond the training data are more likely a wrong unit than a brain."""


class Verdict(StrEnum):
    """How well one property fits."""

    FITS = "fits"
    CAREFUL = "careful"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ContractRow:
    """One property.

    Parameters
    ----------
    topic : str
        ``"Rate"``.
    verdict : Verdict
    model : str
        What the bundle was trained on.
    file : str
        What this recording is.
    done : str
        What is done about the difference, or what it means.
    """

    topic: str
    verdict: Verdict
    model: str
    file: str
    done: str

    @property
    def words(self) -> str:
        """In one line."""
        return f"{self.file}; {self.done}" if self.done else self.file


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
        Rate, band, reference, montage, coverage, length, gaps, units, amplitude.
    """
    return (
        _rate(document, config),
        _band(document, config),
        _reference(document, config),
        _montage(document, config),
        _coverage(document, config),
        _length(document, config),
        _gaps(document, start),
        _units(document),
        _amplitude(config, start),
    )


def _recorded_rate_hz(document: Document) -> float:
    """The lowest rate of the channels that the model reads, before the reader brought them to one rate."""
    info = document.info
    indices = document.match.channel_indices if document.match else ()
    return min((info.channels[i].rate_hz or info.rate_hz for i in indices), default=info.rate_hz)


def _rate(document: Document, config: BundleConfig) -> ContractRow:
    wanted_hz, have_hz = config.preprocessing.rate_hz, _recorded_rate_hz(document)
    model, file = f"{wanted_hz:g} Hz", f"{have_hz:g} Hz"
    if have_hz == wanted_hz:
        return ContractRow("Rate", Verdict.FITS, model, file, "read as it is")
    if have_hz > wanted_hz:
        return ContractRow("Rate", Verdict.FITS, model, file, f"resampled to {wanted_hz:g} Hz")
    done = f"resampled to {wanted_hz:g} Hz; above {have_hz / 2:g} Hz there is nothing to read"
    return ContractRow("Rate", Verdict.CAREFUL, model, file, done)


def _band(document: Document, config: BundleConfig) -> ContractRow:
    band, half_hz = config.preprocessing, _recorded_rate_hz(document) / 2
    model = f"{band.highpass_hz:g}–{band.lowpass_hz:g} Hz"
    file = f"up to {half_hz:g} Hz by its rate; filters of the amplifier are not known"
    if half_hz >= band.lowpass_hz:
        return ContractRow("Band", Verdict.FITS, model, file, f"filtered to {model} for the model")
    verdict = Verdict.OUTSIDE if half_hz < band.lowpass_hz / 2 else Verdict.CAREFUL
    done = f"what the model expects between {half_hz:g} and {band.lowpass_hz:g} Hz is missing"
    return ContractRow("Band", verdict, model, file, done)


def _reference(document: Document, config: BundleConfig) -> ContractRow:
    have = document.info.reference
    file = "not known" if have == "unknown" else have
    if document.match is not None and document.match.montage.is_bipolar:
        model = "average of the electrodes" if config.preprocessing.reference == "average" else "as recorded"
        return ContractRow("Reference", Verdict.CAREFUL, model, "bipolar channels", "read as they are")
    if config.preprocessing.reference == "average":
        done = "re-referenced to the average of the electrodes that are read"
        return ContractRow("Reference", Verdict.FITS, "average of the electrodes", file, done)
    verdict = Verdict.UNKNOWN if have == "unknown" else Verdict.CAREFUL
    return ContractRow("Reference", verdict, "as recorded", file, "read as it is")


def _montage(document: Document, config: BundleConfig) -> ContractRow:
    match = document.match
    heads = max((head.min_electrodes for head in config.heads), default=0)
    model = f"{len(config.target)} electrodes ({config.target.name})"
    if config.any_montage:
        model += f"; any {MIN_ELECTRODES} or more" + (f", class heads {heads} or more" if heads else "")
    if match is None:
        return ContractRow(
            "Montage", Verdict.OUTSIDE, model, "no channel has a known position", "not analysed"
        )
    left_out = sum(document.info.channels[i].label in document.bads for i in match.channel_indices)
    n = len(match.channel_indices) - left_out
    file = f"{n} electrodes ({match.montage.name})"
    if left_out:
        file += f", {left_out} marked bad"
    if match.unmatched:
        file += f", {len(match.unmatched)} without position"
    if n < MIN_ELECTRODES:
        return ContractRow(
            "Montage", Verdict.OUTSIDE, model, file, f"not analysed: {MIN_ELECTRODES} are needed"
        )
    if not config.any_montage and (different := _differences(document, config)):
        return ContractRow("Montage", Verdict.OUTSIDE, model, file, f"not analysed: {different}")
    if n < heads:
        return ContractRow("Montage", Verdict.CAREFUL, model, file, f"class heads abstain below {heads}")
    if match.coverage <= 0.8:
        return ContractRow("Montage", Verdict.CAREFUL, model, file, "channels without position are not read")
    return ContractRow("Montage", Verdict.FITS, model, file, "spread over the model's electrodes by its SAIE")


def _differences(document: Document, config: BundleConfig) -> str:
    """What a bundle for one montage only misses or has too many."""
    montage = document.model_montage
    have = {name_key(label) for label in montage.labels} if montage else set()
    wanted = {name_key(label): label for label in config.output_labels}
    missing = [label for key, label in wanted.items() if key not in have]
    if missing:
        return f"the bundle also needs {', '.join(missing[:6])}{' …' if len(missing) > 6 else ''}"
    return f"the bundle takes only its own {len(wanted)} channels" if len(have) > len(wanted) else ""


def _coverage(document: Document, config: BundleConfig) -> ContractRow:
    montage = document.model_montage
    model = f"the head under {len(config.target)} electrodes"
    if montage is None:
        return ContractRow("Coverage", Verdict.OUTSIDE, model, "none", "")
    apart_m = np.linalg.norm(config.target.positions_m[:, None] - montage.positions_m[None], axis=2).min(
        axis=1
    )
    far = apart_m > FAR_M
    file = (
        f"farthest from any electrode: {config.target.labels[apart_m.argmax()]}, {100 * apart_m.max():.1f} cm"
    )
    if not far.any():
        return ContractRow("Coverage", Verdict.FITS, model, file, "")
    names = [label for label, is_far in zip(config.target.labels, far, strict=True) if is_far]
    shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
    done = f"guessed from more than {100 * FAR_M:g} cm away: {shown}"
    verdict = Verdict.CAREFUL if far.mean() > 0.1 else Verdict.FITS
    return ContractRow("Coverage", verdict, model, file, done)


def _length(document: Document, config: BundleConfig) -> ContractRow:
    have_s = max(segment.n for segment in document.info.segments) / document.info.rate_hz
    wanted_s = max((head.min_window_s for head in config.heads), default=0.0)
    model = f"windows of {config.window_s:g} s"
    file = f"{have_s:.1f} s" + (" at a stretch" if document.info.has_gaps else "")
    if have_s < wanted_s:
        return ContractRow(
            "Length", Verdict.CAREFUL, model, file, f"class heads abstain below {wanted_s:g} s"
        )
    return ContractRow(
        "Length", Verdict.FITS, model, file, f"cut into windows of {min(config.window_s, have_s):g} s"
    )


def _gaps(document: Document, start: AnalysisStart | None) -> ContractRow:
    gaps = len(document.info.segments) - 1
    file = f"{gaps} gap{'' if gaps == 1 else 's'}" if gaps else "no gaps"
    skipped_s = start.plan.skipped_s if start else 0.0
    done = "windows end before a gap and begin anew after it" if gaps else ""
    if skipped_s > 0.05:
        done += f"{'; ' if done else ''}{skipped_s:.1f} s at ends are too short for a window"
    return ContractRow("Gaps", Verdict.FITS, "unbroken windows", file, done)


def _units(document: Document) -> ContractRow:
    indices = document.match.channel_indices if document.match else ()
    units = sorted({document.info.channels[i].unit or "no unit" for i in indices})
    if units in ([], ["µV"]):
        return ContractRow("Units", Verdict.FITS, "µV", "µV", "")
    return ContractRow("Units", Verdict.CAREFUL, "µV", ", ".join(units), "read as if it were µV")


def _amplitude(config: BundleConfig, start: AnalysisStart | None) -> ContractRow:
    low_uv, high_uv = config.amplitude_range_uv
    model = "not stated" if np.isinf(high_uv) else f"{low_uv:.3g} … {high_uv:.3g} µV (standard deviation)"
    if start is None:
        return ContractRow("Amplitude", Verdict.UNKNOWN, model, "known once the analysis has begun", "")
    scale_uv = np.asarray(start.scale_uv)
    outside = [
        name
        for name, value in zip(start.recipe.names, scale_uv, strict=True)
        if not low_uv <= value <= high_uv
    ]
    median_uv = float(np.nanmedian(scale_uv))
    file = f"median {median_uv:.3g} µV"
    if not outside:
        done = "each channel is divided by its own typical amplitude"
        return ContractRow("Amplitude", Verdict.FITS, model, file, done)
    shown = ", ".join(outside[:6]) + (" …" if len(outside) > 6 else "")
    if median_uv > UNIT_FACTOR * high_uv or median_uv < low_uv / UNIT_FACTOR:
        done = "far beyond any EEG: the file's unit is probably wrong"
    else:
        done = f"{len(outside)} of {scale_uv.size} channels outside, where class heads abstain: {shown}"
    within = low_uv <= median_uv <= high_uv
    return ContractRow("Amplitude", Verdict.CAREFUL if within else Verdict.OUTSIDE, model, file, done)
