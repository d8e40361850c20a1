"""From the session to what the status line and the channel list show; nothing is drawn here."""

from __future__ import annotations

from samba_gui.core.arrangement import KIND_WORDS, Arrangement
from samba_gui.core.montage import MontageMatch
from samba_gui.core.recording import ChannelKind
from samba_gui.engine.display import DisplayFilter
from samba_gui.session.analysis import Phase
from samba_gui.session.contract import ContractRow, Verdict, compare
from samba_gui.session.contract_heads import head_rows
from samba_gui.session.contract_training import training_rows
from samba_gui.session.document import Document
from samba_gui.session.session import Session
from samba_gui.ui.language import said, tr
from samba_gui.ui.panels.annotations import AnnotationsState
from samba_gui.ui.panels.channels import ChannelLine, ChannelsState
from samba_gui.ui.panels.contract import ContractState
from samba_gui.ui.screens import ScreenScale
from samba_gui.ui.status_line import StatusState, in_clock
from samba_gui.ui.theme import Theme

MAX_NAMED = 8


def contract_of(session: Session) -> tuple[ContractRow, ...]:
    """The recording against the bundle, once both are there."""
    if session.document is None or session.bundle is None:
        return ()
    store = session.analysis.store
    config = session.bundle.config
    return (
        *training_rows(config, session.recording_sha256),
        *compare(session.document, config, store.start if store else None),
        *head_rows(config, store),
    )


def contract_state(session: Session, contract: tuple[ContractRow, ...]) -> ContractState:
    """The comparison with what it is compared to."""
    if session.bundle is None or not contract:
        return ContractState()
    config = session.bundle.config
    return ContractState(
        contract,
        f"{config.name} {config.version} ({config.key[:8]})",
        config.training_data,
        tuple((head.title, head.trained_on) for head in config.heads),
    )


def channels_state(session: Session) -> ChannelsState:
    """Montages and channels."""
    document = session.document
    if document is None:
        return ChannelsState()
    return ChannelsState(
        tuple(_montage_words(match) for match in document.proposals),
        document.proposals.index(document.match) if document.match else -1,
        _coverage_words(document),
        tuple(_channel_lines(document, session.display.arrangement)),
        session.selection.electrode,
    )


def annotations_state(session: Session, theme: Theme) -> AnnotationsState:
    """The list of annotations."""
    document = session.document
    if document is None:
        return AnnotationsState(theme=theme)
    return AnnotationsState(
        document.annotations,
        document.description_places,
        session.selection.annotation,
        document.info.clock_start_s,
        True,
        theme,
    )


def _montage_words(match: MontageMatch) -> str:
    total = len(match.channel_indices) + len(match.unmatched)
    return tr("{} — {} of {}").format(match.montage.name, len(match.channel_indices), total)


def _coverage_words(document: Document) -> str:
    if document.match is None:
        return tr("No montage fits: load a file with this recording's electrode positions.")
    match = document.match
    n, names = len(match.channel_indices), match.unmatched
    text = tr("{}: {} of {} EEG channels have a position.").format(match.montage.name, n, n + len(names))
    without = ", ".join(names[:MAX_NAMED]) + (" …" if len(names) > MAX_NAMED else "")
    return f"{text} {tr('Without: {}.').format(without)}" if names else text


def _channel_lines(document: Document, arrangement: Arrangement) -> list[ChannelLine]:
    """Channels in the order of the traces."""
    lines = []
    channels = document.info.channels
    for channel in (channels[i] for i in arrangement.arranged(channels)):
        electrode = document.electrode_of(channel.label)
        is_eeg = channel.kind == ChannelKind.EEG
        note = said(channel.reason)
        if is_eeg and not electrode:
            note = tr("no position in this montage") if document.match else tr("no known position")
        if channel.label in document.bads:
            note = tr("bad: not given to the model")
        elif channel.label in document.left_out:
            note = tr("what if: left out")
        lines.append(
            ChannelLine(
                channel.label,
                electrode,
                KIND_WORDS[channel.kind],
                note,
                channel.label in document.bads,
                is_eeg,
                channel.label not in arrangement.hidden,
            )
        )
    return lines


def status_state(
    session: Session,
    contract: tuple[ContractRow, ...],
    exporting: str,
    filters: str,
    screen: ScreenScale,
    width_mm: float,
) -> StatusState:
    """The status line; ``width_mm`` is how wide a page is on the screen."""
    document, bundle, display = session.document, session.bundle, session.display
    done, total = _progress(session)
    base = StatusState(
        activity=exporting or _activity(session),
        done=done,
        total=total,
        cancellable=session.analysis.busy,
        device=session.analysis.store.start.device if session.analysis.store else "",
        bundle=f"{bundle.config.name} {bundle.config.key[:8]}" if bundle else tr("no model bundle"),
    )
    if document is None:
        return base
    info = document.info
    clock = in_clock(session.selection.cursor_s)
    if info.clock_start_s is not None:
        clock = _time_of_day(info.clock_start_s + session.selection.cursor_s)
    return StatusState(
        simulated=info.simulated,
        montage=document.match.montage.name if document.match else tr("no montage"),
        reference=tr(display.derivation.name),
        reference_words=tr("Recorded against: {}").format(said(info.reference)),
        filters=filters,
        sensitivity=f"{display.sensitivity_uv:g} µV/mm {'' if screen.calibrated else tr('uncal.') + ' '}"
        f"{'↑+' if display.positive_up else '↑−'}",
        page=tr("{:.3g} s/page, {:.2g} mm/s").format(
            session.selection.page_s, width_mm / session.selection.page_s
        ),
        rate=f"{info.rate_hz:g} Hz",
        clock=clock,
        bundle=base.bundle,
        fit=_worst(contract),
        fit_words="\n".join(
            f"{tr(row.topic)}: {tr(row.words)}"
            for row in contract
            if row.verdict in (Verdict.CAREFUL, Verdict.OUTSIDE)
        ),
        device=base.device,
        activity=base.activity,
        done=done,
        total=total,
        cancellable=base.cancellable,
    )


def filters_in_words(session: Session) -> str:
    """Display filters as they are really applied at this rate."""
    document, display = session.document, session.display
    if document is None:
        return ""
    wanted = DisplayFilter(display.low_cut_hz or None, display.high_cut_hz or None, display.notch_hz or None)
    applied = wanted.at(document.info.rate_hz)
    low_hz, high_hz = applied.highpass_hz, applied.lowpass_hz
    if low_hz and high_hz:
        band = f"{low_hz:g}–{high_hz:g} Hz"
    elif low_hz or high_hz:
        band = tr("from {:g} Hz").format(low_hz) if low_hz else tr("up to {:g} Hz").format(high_hz)
    else:
        band = tr("unfiltered")
    return tr("{}, notch {:g} Hz").format(band, applied.notch_hz) if applied.notch_hz else band


def _worst(contract: tuple[ContractRow, ...]) -> str:
    verdicts = {row.verdict for row in contract}
    if Verdict.OUTSIDE in verdicts:
        return "bad"
    if Verdict.CAREFUL in verdicts:
        return "careful"
    return "good" if contract else ""


def _time_of_day(seconds: float) -> str:
    whole = int(seconds) % 86_400
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _activity(session: Session) -> str:
    if session.opening:
        return tr("Opening {} …").format(session.opening)
    analysis = session.analysis
    if analysis.phase == Phase.WAITING:
        return tr("Preparing the analysis …")
    if analysis.phase == Phase.RUNNING and analysis.progress is not None:
        progress = analysis.progress
        return tr("Analysing, {:.0f}× real time, {} left").format(
            progress.realtime_factor, in_clock(progress.left_s)
        )
    if analysis.phase == Phase.RUNNING:
        return tr("Analysing …")
    at_rest = {
        Phase.OFFERED: tr("Not analysed yet"),
        Phase.CANCELLED: tr("Analysis cancelled"),
        Phase.FAILED: tr("Analysis failed"),
    }
    return at_rest.get(analysis.phase, "")


def _progress(session: Session) -> tuple[int, int]:
    analysis = session.analysis
    if session.opening or analysis.phase == Phase.WAITING:
        return 0, -1
    if analysis.phase == Phase.RUNNING and analysis.progress is not None:
        return analysis.progress.done, analysis.progress.total
    return (0, -1) if analysis.phase == Phase.RUNNING else (0, 0)
