"""The window's pictures as arrays, and where they come from."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtGui import QImage

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.results import TRAINED_HERE
from samba_gui.io.template_cortex import TEMPLATE, cortex_available
from samba_gui.session.session import Session
from samba_gui.ui.head.state import HeadState, HeadView


def rgb_of(image: QImage) -> np.ndarray:
    """A Qt picture as an array (height, width, 3) uint8."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def provenance_of(session: Session, view: HeadView) -> dict[str, Any]:
    """What a picture of the window shows: versions and hashes, no names of files or people."""
    document, job, bundle = session.document, session.analysis.job, session.bundle
    facts: dict[str, Any] = {"program": f"samba-gui {__version__}", "notice": RESEARCH_USE_ONLY}
    if document is not None:
        facts["recording_sha256"] = session.recording_sha256
        facts["recording_simulated"] = "yes" if document.info.simulated else "no"
        facts["page_s"] = f"{session.selection.page_start_s:g} … {session.selection.page_stop_s:g}"
        facts["cursor_s"] = f"{session.selection.cursor_s:g}"
    if bundle is not None:
        facts["bundle"] = f"{bundle.config.name} {bundle.config.version}"
        facts["bundle_key"] = bundle.config.key
        if taught := bundle.config.taught_by(session.recording_sha256):
            facts[TRAINED_HERE] = ", ".join(taught)
        facts["epochs"] = [bundle.history.epochs[HeadState(history=bundle.history, view=view).epoch_index]]
    if job is not None:
        facts["montage"] = job.recipe.montage_name
        facts["montage_key"] = job.recipe.montage().key
        facts["recipe_key"] = job.recipe.key
        facts["recipe"] = job.recipe.to_json()
    facts |= {"quantity": str(view.quantity), "target": view.target, "view": "2d" if view.flat else "3d"}
    with_cortex = view.cortex and not view.flat and cortex_available()
    facts["cortex"] = TEMPLATE if with_cortex else ""
    return facts | {"names": view.names, "untrained": view.untrained}
