"""What the bundle was trained on against what this recording is, and what is done about the difference."""

from __future__ import annotations

import numpy as np

from samba_gui.core.bundle import BundleConfig, PinnedMontage
from samba_gui.core.electrode_names import name_key
from samba_gui.core.montage import MIN_ELECTRODES, Montage
from samba_gui.core.results import AnalysisStart
from samba_gui.core.words import NOTHING, Text, joined, wording
from samba_gui.io.montages import shipped_montages
from samba_gui.io.source import shown
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
    topic, model, file = Text("Rate"), Text("{hz:g} Hz", hz=wanted_hz), Text("{hz:g} Hz", hz=have_hz)
    if have_hz == wanted_hz:
        return ContractRow(topic, Verdict.FITS, model, file, Text("read as it is"))
    if have_hz > wanted_hz:
        return ContractRow(topic, Verdict.FITS, model, file, Text("resampled to {hz:g} Hz", hz=wanted_hz))
    done = Text(
        "resampled to {hz:g} Hz; above {half_hz:g} Hz there is nothing to read",
        hz=wanted_hz,
        half_hz=have_hz / 2,
    )
    return ContractRow(topic, Verdict.CAREFUL, model, file, done)


def _reference(document: Document, config: BundleConfig) -> ContractRow:
    have = document.info.reference
    topic = Text("Reference")
    average, recorded = Text("average of the electrodes"), Text("as recorded")
    file = Text("not known") if have == "unknown" else Text("{reference}", reference=have)
    read = Text("read as it is")
    if document.match is not None and document.match.montage.is_bipolar:
        model = average if config.preprocessing.reference == "average" else recorded
        file, read = Text("bipolar channels"), Text("read as they are")
        return ContractRow(topic, Verdict.CAREFUL, model, file, read)
    if config.preprocessing.reference == "average":
        done = Text("re-referenced to the average of the electrodes that are read")
        return ContractRow(topic, Verdict.FITS, average, file, done)
    verdict = Verdict.UNKNOWN if have == "unknown" else Verdict.CAREFUL
    return ContractRow(topic, verdict, recorded, file, read)


def _montage(document: Document, config: BundleConfig) -> ContractRow:
    match = document.match
    heads = max((head.min_electrodes for head in config.heads), default=0)
    topic, model = Text("Montage"), _electrodes(len(config.target), config.target.name)
    if config.any_montage:
        any_montage = Text("any {n} or more", n=MIN_ELECTRODES)
        if heads:
            any_montage = Text(
                "any {n} or more, class heads {n_heads} or more", n=MIN_ELECTRODES, n_heads=heads
            )
        model = joined((model, any_montage), "; ")
    if match is None:
        nowhere = Text("no channel has a known position")
        return ContractRow(topic, Verdict.OUTSIDE, model, nowhere, Text("not analysed"))
    labels = [document.info.channels[i].label for i in match.channel_indices]
    bad = sum(label in document.bads for label in labels)
    left_out = sum(label in document.left_out - document.bads for label in labels)
    n = len(match.channel_indices) - bad - left_out
    file = joined(
        (
            _electrodes(n, match.montage.name),
            Text("{n} marked bad", n=bad) if bad else NOTHING,
            Text("{n} left out", n=left_out) if left_out else NOTHING,
            Text("{n} without position", n=len(match.unmatched)) if match.unmatched else NOTHING,
        )
    )
    if n < MIN_ELECTRODES:
        needed = Text("not analysed: {n} are needed", n=MIN_ELECTRODES)
        return ContractRow(topic, Verdict.OUTSIDE, model, file, needed)
    if not config.any_montage and (different := _differences(document, config)):
        return ContractRow(topic, Verdict.OUTSIDE, model, file, Text("not analysed: {why}", why=different))
    if n < heads:
        return ContractRow(
            topic, Verdict.CAREFUL, model, file, Text("class heads abstain below {n}", n=heads)
        )
    if match.coverage <= 0.8:
        return ContractRow(
            topic, Verdict.CAREFUL, model, file, Text("channels without position are not read")
        )
    spread = Text("spread over the model's electrodes by its SAIE")
    return ContractRow(topic, Verdict.FITS, model, file, spread)


def _electrodes(n: int, montage: str) -> Text:
    return Text("{n} electrodes ({montage})", n=n, montage=montage)


def _differences(document: Document, config: BundleConfig) -> Text:
    """What a bundle for one montage only misses or has too many."""
    montage = document.model_montage
    have = {name_key(label) for label in montage.labels} if montage else set()
    wanted = {name_key(label): label for label in config.output_labels}
    missing = [label for key, label in wanted.items() if key not in have]
    if missing:
        return Text("the bundle also needs {names}", names=shown(missing))
    if len(have) > len(wanted):
        return Text("the bundle takes only its own {n} channels", n=len(wanted))
    return NOTHING


def _coordinates(document: Document, config: BundleConfig) -> ContractRow:
    """Whether a montage of the training still has the coordinates that the network was trained on."""
    topic, pins = Text("Coordinates"), config.trained_montages
    if document.match is None:
        return ContractRow(topic, Verdict.UNKNOWN, _pinned(pins), Text("none"))
    montage = document.match.montage
    file = Text("{montage} ({key})", montage=montage.name, key=montage.key[:8])
    if not pins:
        done = Text("the bundle does not say which coordinates it was trained on")
        return ContractRow(topic, Verdict.UNKNOWN, _pinned(pins), file, done)
    keys = {pin.key for pin in pins if pin.name == montage.name}
    if not keys:
        done = Text("no montage of the training; read by its positions")
        return ContractRow(topic, Verdict.FITS, _pinned(pins), file, done)
    shipped = next((one for one in shipped_montages() if one.name == montage.name), montage)
    apart_m = _apart_m(montage, shipped)
    if montage.key in keys or (shipped.key in keys and apart_m.max() < SAME_PLACE_M):
        return ContractRow(topic, Verdict.FITS, _pinned(pins), file, Text("those of the training"))
    if apart_m.max() < SAME_PLACE_M:
        done = Text("{montage} has changed since the training: its hash is another", montage=montage.name)
    else:
        worst = int(apart_m.argmax())
        done = Text(
            "{montage} by name, but {name} lies {apart_mm:.0f} mm from where it lay in the training"
            if np.isfinite(apart_m[worst])
            else "{montage} by name, but {name} was not in it",
            montage=montage.name,
            name=montage.labels[worst],
            apart_mm=1000 * apart_m[worst],
        )
    return ContractRow(topic, Verdict.CAREFUL, _pinned(pins), file, done)


def _pinned(pins: tuple[PinnedMontage, ...]) -> Text:
    return joined(f"{pin.name} ({pin.key[:8]})" for pin in pins) or Text("not stated")


def _apart_m(montage: Montage, other: Montage) -> np.ndarray:
    """How far each electrode lies from that of the same name in another montage; infinite without one."""
    where = dict(zip(other.labels, other.positions_m, strict=True))
    nowhere = np.full(3, np.inf)
    there = np.array([where.get(label, nowhere) for label in montage.labels])
    return np.linalg.norm(montage.positions_m - there, axis=1)


def _coverage(document: Document, config: BundleConfig) -> ContractRow:
    montage = document.model_montage
    topic, model = Text("Coverage"), Text("the head under {n} electrodes", n=len(config.target))
    if montage is None:
        return ContractRow(topic, Verdict.OUTSIDE, model, Text("none"))
    apart_m = np.linalg.norm(config.target.positions_m[:, None] - montage.positions_m[None], axis=2).min(
        axis=1
    )
    far = apart_m > FAR_M
    file = Text(
        "farthest from any electrode: {name}, {apart_cm:.1f} cm",
        name=config.target.labels[apart_m.argmax()],
        apart_cm=100 * apart_m.max(),
    )
    if not far.any():
        return ContractRow(topic, Verdict.FITS, model, file)
    names = [label for label, is_far in zip(config.target.labels, far, strict=True) if is_far]
    done = Text("guessed from more than {far_cm:g} cm away: {names}", far_cm=100 * FAR_M, names=shown(names))
    verdict = Verdict.CAREFUL if far.mean() > 0.1 else Verdict.FITS
    return ContractRow(topic, verdict, model, file, done)


def _length(document: Document, config: BundleConfig) -> ContractRow:
    have_s = max(segment.n for segment in document.info.segments) / document.info.rate_hz
    wanted_s = max((head.min_window_s for head in config.heads), default=0.0)
    topic, model = Text("Length"), Text("windows of {window_s:g} s", window_s=config.window_s)
    file = Text(
        "{length_s:.1f} s at a stretch" if document.info.has_gaps else "{length_s:.1f} s", length_s=have_s
    )
    if have_s < wanted_s:
        abstain = Text("class heads abstain below {least_s:g} s", least_s=wanted_s)
        return ContractRow(topic, Verdict.CAREFUL, model, file, abstain)
    cut = Text("cut into windows of {window_s:g} s", window_s=min(config.window_s, have_s))
    return ContractRow(topic, Verdict.FITS, model, file, cut)


def _gaps(document: Document, start: AnalysisStart | None) -> ContractRow:
    gaps = len(document.info.segments) - 1
    file = Text("1 gap" if gaps == 1 else "{n} gaps", n=gaps) if gaps else Text("no gaps")
    skipped_s = start.plan.skipped_s if start else 0.0
    done = (
        Text("windows end before a gap and begin anew after it") if gaps else NOTHING,
        Text("{left_s:.1f} s at ends are too short for a window", left_s=skipped_s)
        if skipped_s > 0.05
        else NOTHING,
    )
    return ContractRow(Text("Gaps"), Verdict.FITS, Text("unbroken windows"), file, joined(done, "; "))


def _units(document: Document) -> ContractRow:
    indices = document.match.channel_indices if document.match else ()
    units = sorted({document.info.channels[i].unit for i in indices})
    topic, model = Text("Units"), Text("µV")
    if units in ([], ["µV"]):
        return ContractRow(topic, Verdict.FITS, model, Text("µV"))
    file = joined(unit or Text("no unit") for unit in units)
    return ContractRow(topic, Verdict.CAREFUL, model, file, Text("read as if it were µV"))


def _amplitude(config: BundleConfig, start: AnalysisStart | None) -> ContractRow:
    low_uv, high_uv = config.amplitude_range_uv
    topic, model = Text("Amplitude"), Text("not stated")
    if not np.isinf(high_uv):
        words = wording("{low_uv:.3g} … {high_uv:.3g} µV (standard deviation)")
        model = Text(words, low_uv=low_uv, high_uv=high_uv)
    if start is None:
        return ContractRow(topic, Verdict.UNKNOWN, model, Text("known once the analysis has begun"))
    scale_uv = np.asarray(start.scale_uv)
    outside = [
        name
        for name, value in zip(start.recipe.names, scale_uv, strict=True)
        if not low_uv <= value <= high_uv
    ]
    median_uv = float(np.nanmedian(scale_uv))
    file = Text("median {median_uv:.3g} µV", median_uv=median_uv)
    if not outside:
        done = Text("each channel is divided by its own typical amplitude")
        return ContractRow(topic, Verdict.FITS, model, file, done)
    if median_uv > UNIT_FACTOR * high_uv or median_uv < low_uv / UNIT_FACTOR:
        done = Text("far beyond any EEG: the file's unit is probably wrong")
    else:
        done = Text(
            "{n} of {total} channels outside, where class heads abstain: {names}",
            n=len(outside),
            total=scale_uv.size,
            names=shown(outside),
        )
    within = low_uv <= median_uv <= high_uv
    return ContractRow(topic, Verdict.CAREFUL if within else Verdict.OUTSIDE, model, file, done)
