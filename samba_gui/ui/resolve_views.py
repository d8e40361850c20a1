"""From the session to what traces, timeline and head show; nothing is drawn here."""

from __future__ import annotations

from typing import Any

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.recording import RecordingInfo
from samba_gui.scene.head_field import Quantity
from samba_gui.session.analysis import Phase
from samba_gui.session.results import ResultsStore
from samba_gui.session.session import Session
from samba_gui.ui.head.state import HeadState, HeadView
from samba_gui.ui.head.what_if_bar import WhatIfState
from samba_gui.ui.language import tr
from samba_gui.ui.resolve_window import WindowFigures
from samba_gui.ui.screens import ScreenScale
from samba_gui.ui.theme import Theme
from samba_gui.ui.time_axis import in_hours
from samba_gui.ui.timeline.state import AnalysisTrack, HeadTrack, QualityTrack, TimelineState
from samba_gui.ui.traces.state import TracesState


def traces_state(session: Session, screen: ScreenScale, theme: Theme) -> TracesState:
    """The page with its reconstructions."""
    document, page, display = session.document, session.pages.page, session.display
    if document is None or page is None:
        return TracesState(screen=screen, theme=theme)
    job, bundle = session.analysis.job, session.bundle
    selected = document.label_of(session.selection.electrode)
    return TracesState(
        page=page,
        duration_s=document.info.duration_s,
        display=display,
        screen=screen,
        bads=document.unread,
        selected=frozenset([selected] if selected else []),
        annotations=document.annotations,
        places=document.description_places,
        annotation=session.selection.annotation,
        cursor_s=session.selection.cursor_s,
        clock_start_s=document.info.clock_start_s,
        show_overlay=display.overlay and not display.butterfly and job is not None,
        reconstructions=(
            session.reconstructions.get(job.recipe.key, session.visible_windows()) if job else ()
        ),
        model_labels=job.recipe.labels if job else (),
        overlay_note=_model_band(bundle.config) if bundle else "",
        theme=theme,
    )


def _model_band(config: BundleConfig) -> str:
    prepared = config.preprocessing
    average = prepared.reference == "average"
    return tr("model's band {low_hz:g}–{high_hz:g} Hz at {rate_hz:g} Hz, {reference}").format(
        low_hz=prepared.highpass_hz,
        high_hz=prepared.lowpass_hz,
        rate_hz=prepared.rate_hz,
        reference=tr("average reference") if average else prepared.reference,
    )


def timeline_state(session: Session, theme: Theme) -> TimelineState:
    """Quality, probabilities and annotations over the whole recording."""
    document, store = session.document, session.analysis.store
    if document is None:
        return TimelineState(theme=theme)
    info, selection, amplitudes = document.info, session.selection, session.overview.amplitudes
    tracks: dict[str, Any] = {}
    if store is not None:
        start = store.start
        plan = start.plan
        tracks["analysis"] = AnalysisTrack(plan.onsets_s(), plan.durations_s(), store.filled, store.revision)
        tracks["quality"] = QualityTrack(
            store.sums, store.bin_s, start.recipe.names, np.asarray(start.scale_uv)
        )
        tracks["heads"] = _head_tracks(session, store)
    return TimelineState(
        duration_s=info.duration_s,
        page_start_s=selection.page_start_s,
        page_s=selection.page_s,
        cursor_s=selection.cursor_s,
        marked=selection.marked,
        clock_start_s=info.clock_start_s,
        gaps=_gaps(info),
        annotations=document.annotations,
        places=document.description_places,
        amplitudes=amplitudes,
        gathered=amplitudes.gathered if amplitudes else 0,
        offer=_offer(session),
        metric=session.display.quality,
        theme=theme,
        **tracks,
    )


def _offer(session: Session) -> str:
    """Why a long recording is not analysed unasked, and how long that takes at the last analysis' pace."""
    analysis = session.analysis
    if analysis.phase != Phase.OFFERED:
        return ""
    words = [tr("{} long: the analysis waits for your word.").format(in_hours(session.duration_s))]
    if analysis.pace:
        length = in_hours(session.duration_s / analysis.pace)
        words.append(tr("It takes about {} at the pace of the last one.").format(length))
    return "\n".join(words)


def _head_tracks(session: Session, store: ResultsStore) -> tuple[HeadTrack, ...]:
    configs = {head.name: head for head in session.bundle.config.heads} if session.bundle else {}
    taught = session.bundle.config.taught_by(session.recording_sha256) if session.bundle else ()
    tracks = []
    for name, classes in store.start.heads.items():
        config = configs.get(name)
        tracks.append(
            HeadTrack(
                _marked(config.title if config else name, session),
                classes,
                store.probabilities[name],
                store.abstained[name],
                bool(config and config.calibrated),
                config.metrics.get("calibration_subjects") if config else None,
                bool(config and "judged_on" in config.metrics),
                bool(config and config.metrics.get("above_chance") is False),
                f"head {name}" in taught,
            )
        )
    return tuple(tracks)


def _marked(title: str, session: Session) -> str:
    """Classes without some electrodes are never taken for those with all."""
    document = session.document
    return tr("what if: {}").format(title) if document is not None and document.left_out else title


def what_if_state(session: Session, theme: Theme) -> WhatIfState:
    """What is left out, and what that changes."""
    document, store = session.document, session.analysis.store
    if document is None or not document.left_out:
        return WhatIfState(theme=theme)
    window = store.start.plan.index_at(session.selection.cursor_s) if store else None
    effects = session.what_if.effects(store, window)
    configs = {head.name: head.title for head in session.bundle.config.heads} if session.bundle else {}
    return WhatIfState(
        tuple((label, document.electrode_of(label)) for label in sorted(document.left_out)),
        effects,
        tuple(configs.get(found.head, found.head) for found in effects.classes) if effects else (),
        theme,
    )


def _gaps(info: RecordingInfo) -> tuple[tuple[float, float], ...]:
    ends_s = [segment.onset_s + segment.n / info.rate_hz for segment in info.segments]
    return tuple((end_s, after.onset_s) for end_s, after in zip(ends_s, info.segments[1:], strict=False))


def head_state(session: Session, theme: Theme, view: HeadView, figures: WindowFigures) -> HeadState:
    """The learned weights for the channels that the model reads, or a figure of the window at the cursor."""
    document, bundle = session.document, session.bundle
    montage = document.model_montage if document else None
    if document is None and bundle is not None and not session.opening:
        montage = bundle.config.target
    return HeadState(
        config=bundle.config if bundle else None,
        history=bundle.history if bundle else None,
        montage=montage,
        left_out=document.removed_montage if document else None,
        selected=session.selection.electrode,
        window=figures.quality(seen=view.quantity is Quantity.WINDOW),
        signal=figures.signal(view.quantity),
        recorded=document is not None,
        view=view,
        theme=theme,
    )
