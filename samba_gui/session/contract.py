"""What the bundle was trained on against what this recording is, and what is done about the difference."""

from __future__ import annotations

import numpy as np

from samba_gui.core.bundle import BundleConfig, PinnedMontage
from samba_gui.core.electrode_names import name_key
from samba_gui.core.montage import MIN_ELECTRODES, Montage
from samba_gui.core.results import AnalysisStart
from samba_gui.io.montages import shipped_montages
from samba_gui.session.contract_band import band_row
from samba_gui.session.contract_row import ContractRow, Verdict
from samba_gui.session.document import Document

FAR_M = 0.06
"""A target electrode without a recorded one this near is guessed from afar; in the 10-20 system none is."""

SAME_PLACE_M = 0.001
"""Coordinates of one name nearer than this are taken for the same."""

UNIT_FACTOR = 100.0
"""Amplitudes this far beyond the training data are more likely a wrong unit than a brain."""


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
        Rate, band, reference, montage, coordinates, coverage, length, gaps, units, amplitude.
    """
    return (
        _rate(document, config),
        band_row(document, config, _recorded_rate_hz(document) / 2),
        _reference(document, config),
        _montage(document, config),
        _coordinates(document, config),
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
    labels = [document.info.channels[i].label for i in match.channel_indices]
    bad = sum(label in document.bads for label in labels)
    left_out = sum(label in document.left_out - document.bads for label in labels)
    n = len(match.channel_indices) - bad - left_out
    file = f"{n} electrodes ({match.montage.name})"
    if bad:
        file += f", {bad} marked bad"
    if left_out:
        file += f", {left_out} left out"
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


def _coordinates(document: Document, config: BundleConfig) -> ContractRow:
    """Whether a montage of the training still has the coordinates that the network was trained on."""
    pins = config.trained_montages
    if document.match is None:
        return ContractRow("Coordinates", Verdict.UNKNOWN, _pinned(pins), "none", "")
    montage = document.match.montage
    file = f"{montage.name} ({montage.key[:8]})"
    if not pins:
        done = "the bundle does not say which coordinates it was trained on"
        return ContractRow("Coordinates", Verdict.UNKNOWN, _pinned(pins), file, done)
    keys = {pin.key for pin in pins if pin.name == montage.name}
    if not keys:
        done = "no montage of the training; read by its positions"
        return ContractRow("Coordinates", Verdict.FITS, _pinned(pins), file, done)
    shipped = next((one for one in shipped_montages() if one.name == montage.name), montage)
    apart_m = _apart_m(montage, shipped)
    if montage.key in keys or (shipped.key in keys and apart_m.max() < SAME_PLACE_M):
        return ContractRow("Coordinates", Verdict.FITS, _pinned(pins), file, "those of the training")
    if apart_m.max() < SAME_PLACE_M:
        done = f"{montage.name} has changed since the training: its hash is another"
    else:
        worst = int(apart_m.argmax())
        done = f"{montage.name} by name, but {montage.labels[worst]} "
        if np.isfinite(apart_m[worst]):
            done += f"lies {1000 * apart_m[worst]:.0f} mm from where it lay in the training"
        else:
            done += "was not in it"
    return ContractRow("Coordinates", Verdict.CAREFUL, _pinned(pins), file, done)


def _pinned(pins: tuple[PinnedMontage, ...]) -> str:
    return ", ".join(f"{pin.name} ({pin.key[:8]})" for pin in pins) or "not stated"


def _apart_m(montage: Montage, other: Montage) -> np.ndarray:
    """How far each electrode lies from that of the same name in another montage; infinite without one."""
    where = dict(zip(other.labels, other.positions_m, strict=True))
    nowhere = np.full(3, np.inf)
    there = np.array([where.get(label, nowhere) for label in montage.labels])
    return np.linalg.norm(montage.positions_m - there, axis=1)


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
