"""When an action can be done."""

from __future__ import annotations

from samba_gui.session.analysis import Phase
from samba_gui.session.session import Session


def always(session: Session) -> bool:
    return True


def has_recording(session: Session) -> bool:
    return session.document is not None


def has_bundle(session: Session) -> bool:
    return session.bundle is not None


def can_analyse(session: Session) -> bool:
    document = session.document
    return document is not None and document.match is not None and session.bundle is not None


def has_analysis_job(session: Session) -> bool:
    return session.document is not None and session.analysis.job is not None


def has_annotation(session: Session) -> bool:
    return session.selection.annotation is not None


def has_annotations(session: Session) -> bool:
    return session.document is not None and bool(session.document.annotations)


def has_windows(session: Session) -> bool:
    return session.analysis.store is not None


def has_map(session: Session) -> bool:
    return session.window_map.components is not None


def has_marks(session: Session) -> bool:
    return bool(session.selection.marked)


def has_results(session: Session) -> bool:
    return session.analysis.phase == Phase.DONE
