"""The model's band against the recording's rate and the filters of its amplifier."""

from __future__ import annotations

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.recording import AmplifierFilters
from samba_gui.core.words import Text, joined, wording
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
    model = Text("{low_hz:g}–{high_hz:g} Hz", low_hz=band.highpass_hz, high_hz=band.lowpass_hz)
    file = Text("{filters}; up to {half_hz:g} Hz by its rate", filters=_in_words(filters), half_hz=half_hz)
    top_hz = min(half_hz, filters.lowpass_hz or half_hz)
    lost = []
    if half_hz < band.lowpass_hz:
        lost.append(
            Text(
                "what the model expects between {half_hz:g} and {high_hz:g} Hz is missing",
                half_hz=half_hz,
                high_hz=band.lowpass_hz,
            )
        )
    elif top_hz < band.lowpass_hz:
        lost.append(Text("what the model expects above {top_hz:g} Hz is weakened", top_hz=top_hz))
    if filters.highpass_hz is not None and filters.highpass_hz > band.highpass_hz:
        low_hz = filters.highpass_hz
        lost.append(Text("what it expects below {low_hz:g} Hz is weakened", low_hz=low_hz))
    if filters.notch_hz is not None and band.highpass_hz < filters.notch_hz < band.lowpass_hz:
        lost.append(Text("the notch at {notch_hz:g} Hz lies within its band", notch_hz=filters.notch_hz))
    filtered = Text("filtered to {band} for the model", band=model)
    if not lost:
        return ContractRow(Text("Band"), Verdict.FITS, model, file, filtered)
    verdict = Verdict.OUTSIDE if top_hz < band.lowpass_hz / 2 else Verdict.CAREFUL
    return ContractRow(Text("Band"), verdict, model, file, joined((filtered, *lost), "; "))


def _narrowest(document: Document) -> AmplifierFilters:
    """What passes all channels that the model reads, as far as the file states it."""
    indices = document.match.channel_indices if document.match else ()
    stated = [document.info.channels[i].filters for i in indices]
    return AmplifierFilters(
        max((f.highpass_hz for f in stated if f.highpass_hz is not None), default=None),
        min((f.lowpass_hz for f in stated if f.lowpass_hz is not None), default=None),
        max((f.notch_hz for f in stated if f.notch_hz is not None), default=None),
    )


def _in_words(filters: AmplifierFilters) -> Text:
    stated = (
        (wording("high-pass {hz:g} Hz"), filters.highpass_hz),
        (wording("low-pass {hz:g} Hz"), filters.lowpass_hz),
        (wording("notch {hz:g} Hz"), filters.notch_hz),
    )
    words = [Text(name, hz=value_hz) for name, value_hz in stated if value_hz is not None]
    if not words:
        return Text("the file states no filters of the amplifier")
    return Text("by the file the amplifier had {filters}", filters=joined(words))
