"""What the traces panel shows: one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from samba_gui.core.recording import Annotation
from samba_gui.core.results import Reconstruction
from samba_gui.engine.pages import Page
from samba_gui.ui.theme import LIGHT, Theme

EMPTY = Page(0.0, 10.0, np.empty(0), np.empty((0, 0)), ())


@dataclass(frozen=True, eq=False)
class TracesState:
    """Everything the traces show.

    Parameters
    ----------
    page : Page
    duration_s : float
        Of the whole recording.
    sensitivity_uv : float
        µV per division (one row), or per mm where the screen is calibrated.
    px_per_mm : float or None
        Of a calibrated screen, in Qt's pixels.
    positive_up : bool
    bads : frozenset of str
        Labels (in the file) of bad channels.
    selected : frozenset of str
        Labels of highlighted channels.
    annotations : tuple of Annotation
        Of the whole recording.
    annotation : Annotation or None
        The highlighted one.
    cursor_s : float
    clock_start_s : float or None
        Time of day of the first sample.
    show_overlay : bool
    show_residual : bool
        The overlay's residual in place of its reconstruction.
    reconstructions : tuple of Reconstruction
    model_labels : tuple of str
        Labels of the reconstructions' channels.
    mask_pass : int
        0 or 1: whose masked spans are shaded and drawn.
    overlay_note : str
        What the overlay is: ``"model's band 0.5–40 Hz, 128 Hz, average reference"``.
    theme : Theme
    """

    page: Page = EMPTY
    duration_s: float = 0.0
    sensitivity_uv: float = 50.0
    px_per_mm: float | None = None
    positive_up: bool = True
    bads: frozenset[str] = frozenset()
    selected: frozenset[str] = frozenset()
    annotations: tuple[Annotation, ...] = ()
    annotation: Annotation | None = None
    cursor_s: float = 0.0
    clock_start_s: float | None = None
    show_overlay: bool = False
    show_residual: bool = False
    reconstructions: tuple[Reconstruction, ...] = ()
    model_labels: tuple[str, ...] = ()
    mask_pass: int = 0
    overlay_note: str = ""
    theme: Theme = field(default=LIGHT)

    def kind_of(self, index: int) -> str:
        """How a row of the page is drawn: ``"bad"``, ``"selected"`` or ``"trace"``."""
        row = self.page.rows[index]
        if row.plus in self.bads or row.minus in self.bads:
            return "bad"
        return "selected" if row.plus in self.selected or row.minus in self.selected else "trace"
