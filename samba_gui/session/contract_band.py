"""The model's band against the recording's rate and the filters of its amplifier."""

from __future__ import annotations

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.recording import AmplifierFilters
from samba_gui.session.contract_row import ContractRow, Verdict
from samba_gui.session.document import Document


def band_row(document: Document, config: BundleConfig, half_hz: float) -> ContractRow:
    """What of the model's band the recording can hold.

    Parameters
    ----------
    document : Document
    config : BundleConfig
    half_hz : float
        Half the lowest rate of the channels that the model reads.
    """
    band, filters = config.preprocessing, _narrowest(document)
    model = f"{band.highpass_hz:g}–{band.lowpass_hz:g} Hz"
    file = f"{_in_words(filters)}; up to {half_hz:g} Hz by its rate"
    top_hz = min(half_hz, filters.lowpass_hz or half_hz)
    lost = []
    if half_hz < band.lowpass_hz:
        lost.append(f"what the model expects between {half_hz:g} and {band.lowpass_hz:g} Hz is missing")
    elif top_hz < band.lowpass_hz:
        lost.append(f"what the model expects above {top_hz:g} Hz is weakened")
    if filters.highpass_hz is not None and filters.highpass_hz > band.highpass_hz:
        lost.append(f"what it expects below {filters.highpass_hz:g} Hz is weakened")
    if filters.notch_hz is not None and band.highpass_hz < filters.notch_hz < band.lowpass_hz:
        lost.append(f"the notch at {filters.notch_hz:g} Hz lies within its band")
    if not lost:
        return ContractRow("Band", Verdict.FITS, model, file, f"filtered to {model} for the model")
    verdict = Verdict.OUTSIDE if top_hz < band.lowpass_hz / 2 else Verdict.CAREFUL
    return ContractRow("Band", verdict, model, file, f"filtered to {model} for the model; {'; '.join(lost)}")


def _narrowest(document: Document) -> AmplifierFilters:
    """What passes all channels that the model reads, as far as the file states it."""
    indices = document.match.channel_indices if document.match else ()
    stated = [document.info.channels[i].filters for i in indices]
    return AmplifierFilters(
        max((f.highpass_hz for f in stated if f.highpass_hz is not None), default=None),
        min((f.lowpass_hz for f in stated if f.lowpass_hz is not None), default=None),
        max((f.notch_hz for f in stated if f.notch_hz is not None), default=None),
    )


def _in_words(filters: AmplifierFilters) -> str:
    stated = (filters.highpass_hz, filters.lowpass_hz, filters.notch_hz)
    named = zip(("high-pass", "low-pass", "notch"), stated, strict=True)
    words = [f"{name} {value_hz:g} Hz" for name, value_hz in named if value_hz is not None]
    if not words:
        return "the file states no filters of the amplifier"
    return f"by the file the amplifier had {', '.join(words)}"
