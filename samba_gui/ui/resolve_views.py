"""From the session to what traces, timeline and head show; nothing is drawn here."""

from __future__ import annotations

from typing import Any

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.recording import RecordingInfo
from samba_gui.scene.saie_field import WindowQuantity
from samba_gui.session.results import ResultsStore
from samba_gui.session.session import Session
from samba_gui.ui.head_state import HeadState, HeadView
from samba_gui.ui.theme import Theme
from samba_gui.ui.timeline_metrics import METRICS
from samba_gui.ui.timeline_state import AnalysisTrack, HeadTrack, QualityTrack, TimelineState
from samba_gui.ui.trace_state import TracesState


def traces_state(session: Session, theme: Theme) -> TracesState:
    """The page with its reconstructions."""
    document, page, display = session.document, session.pages.page, session.display
    if document is None or page is None:
        return TracesState(theme=theme)
    job, bundle = session.analysis.job, session.bundle
    selected = document.label_of(session.selection.electrode)
    return TracesState(
        page=page,
        duration_s=document.info.duration_s,
        sensitivity_uv=display.sensitivity_uv,
        positive_up=display.positive_up,
        bads=document.bads,
        selected=frozenset([selected] if selected else []),
        annotations=document.annotations,
        annotation=session.selection.annotation,
        cursor_s=session.selection.cursor_s,
        clock_start_s=document.info.clock_start_s,
        show_overlay=display.overlay and job is not None,
        show_residual=display.residual,
        reconstructions=(
            session.reconstructions.get(job.recipe.key, session.visible_windows()) if job else ()
        ),
        model_labels=job.recipe.labels if job else (),
        mask_pass=display.mask_pass,
        overlay_note=_model_band(bundle.config) if bundle else "",
        theme=theme,
    )


def _model_band(config: BundleConfig) -> str:
    prepared = config.preprocessing
    reference = "average reference" if prepared.reference == "average" else prepared.reference
    band = f"{prepared.highpass_hz:g}–{prepared.lowpass_hz:g} Hz at {prepared.rate_hz:g} Hz"
    return f"model's band {band}, {reference}"


def timeline_state(session: Session, theme: Theme) -> TimelineState:
    """Quality, probabilities and annotations over the whole recording."""
    document, store = session.document, session.analysis.store
    if document is None:
        return TimelineState(theme=theme)
    info, selection = document.info, session.selection
    tracks: dict[str, Any] = {}
    if store is not None:
        start = store.start
        plan = start.plan
        tracks["analysis"] = AnalysisTrack(plan.onsets_s(), plan.durations_s(), store.filled, store.revision)
        tracks["quality"] = QualityTrack(
            store.sums, plan.bin_samples / plan.rate_hz, start.recipe.names, np.asarray(start.scale_uv)
        )
        tracks["heads"] = _head_tracks(session, store)
    return TimelineState(
        duration_s=info.duration_s,
        page_start_s=selection.page_start_s,
        page_s=selection.page_s,
        cursor_s=selection.cursor_s,
        clock_start_s=info.clock_start_s,
        gaps=_gaps(info),
        annotations=document.annotations,
        metric=session.display.quality,
        theme=theme,
        **tracks,
    )


def _head_tracks(session: Session, store: ResultsStore) -> tuple[HeadTrack, ...]:
    configs = {head.name: head for head in session.bundle.config.heads} if session.bundle else {}
    tracks = []
    for name, classes in store.start.heads.items():
        config = configs.get(name)
        tracks.append(
            HeadTrack(
                config.title if config else name,
                classes,
                store.probabilities[name],
                store.abstained[name],
                bool(config and config.calibrated),
                config.metrics.get("n_subjects") if config else None,
            )
        )
    return tuple(tracks)


def _gaps(info: RecordingInfo) -> tuple[tuple[float, float], ...]:
    ends_s = [segment.onset_s + segment.n / info.rate_hz for segment in info.segments]
    return tuple((end_s, after.onset_s) for end_s, after in zip(ends_s, info.segments[1:], strict=False))


def head_state(session: Session, theme: Theme, view: HeadView, window: WindowQuantity | None) -> HeadState:
    """The learned weights for the channels that the model reads."""
    document, bundle = session.document, session.bundle
    montage = document.model_montage if document else None
    if document is None and bundle is not None and not session.opening:
        montage = bundle.config.target
    return HeadState(
        config=bundle.config if bundle else None,
        history=bundle.history if bundle else None,
        montage=montage,
        selected=session.selection.electrode,
        window=window,
        view=view,
        theme=theme,
    )


def window_key(session: Session) -> tuple[int, str] | None:
    """What :func:`window_quantity` depends on: the analysed window at the cursor, and the figure."""
    store = session.analysis.store
    if store is None or session.document is None or session.document.model_montage is None:
        return None
    index = store.start.plan.index_at(session.selection.cursor_s)
    if index is None or not store.filled[index]:
        return None
    if store.start.recipe.names != session.document.model_montage.labels:
        return None  # the analysis of another montage is still shown
    return index, session.display.quality


def window_quantity(session: Session) -> WindowQuantity | None:
    """Reconstruction quality of the window at the cursor, one value per channel."""
    key, store = window_key(session), session.analysis.store
    if key is None or store is None:
        return None
    index, name = key
    metric = METRICS[name]
    window = store.start.plan.windows[index]
    stop_s = window.onset_s + window.n / store.start.plan.rate_hz
    return WindowQuantity(
        f"{metric.title}, {window.onset_s:g}–{stop_s:g} s",
        metric.unit,
        metric.figure(store.sums[index].over(0, 2), np.asarray(store.start.scale_uv)),
        (metric.low, metric.high),
    )
