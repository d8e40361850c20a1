"""From the session to what traces, timeline and head show; nothing is drawn here."""

from __future__ import annotations

from samba_gui.core.bundle import BundleConfig
from samba_gui.session.session import Session
from samba_gui.ui.theme import Theme
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
        annotations=document.info.annotations,
        cursor_s=session.selection.cursor_s,
        clock_start_s=document.info.clock_start_s,
        show_overlay=display.overlay and job is not None,
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
    return f"model's band {prepared.highpass_hz:g}–{prepared.lowpass_hz:g} Hz at {prepared.rate_hz:g} Hz, {reference}"
