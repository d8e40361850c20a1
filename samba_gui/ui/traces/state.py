"""What the traces panel shows: one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from samba_gui.core.electrode_regions import place_of
from samba_gui.core.recording import Annotation, ChannelKind
from samba_gui.core.results import Reconstruction
from samba_gui.engine.pages import Page
from samba_gui.session.display import Display
from samba_gui.ui.palette import DEPTHS
from samba_gui.ui.screens import ScreenScale
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
    display : Display
        Sensitivities, polarity, clipping and what is laid over.
    screen : ScreenScale
        What a mm is worth.
    bads : frozenset of str
        Labels (in the file) of bad channels.
    selected : frozenset of str
        Labels of highlighted channels.
    annotations : tuple of Annotation
        Of the whole recording.
    places : mapping of description to int
        Of its colour.
    annotation : Annotation or None
        The highlighted one.
    cursor_s : float
    clock_start_s : float or None
        Time of day of the first sample.
    show_overlay : bool
    reconstructions : tuple of Reconstruction
    model_labels : tuple of str
        Labels of the reconstructions' channels.
    overlay_note : str
        What the overlay is: ``"model's band 0.5–40 Hz, 128 Hz, average reference"``.
    theme : Theme
    """

    page: Page = EMPTY
    duration_s: float = 0.0
    display: Display = field(default_factory=Display)
    screen: ScreenScale = field(default_factory=ScreenScale)
    bads: frozenset[str] = frozenset()
    selected: frozenset[str] = frozenset()
    annotations: tuple[Annotation, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    annotation: Annotation | None = None
    cursor_s: float = 0.0
    clock_start_s: float | None = None
    show_overlay: bool = False
    reconstructions: tuple[Reconstruction, ...] = ()
    model_labels: tuple[str, ...] = ()
    overlay_note: str = ""
    theme: Theme = field(default=LIGHT)

    def kind_of(self, index: int) -> str:
        """How a row is drawn: ``"bad"``, ``"selected"``, ``"trace"``, or in a butterfly ``"depth0"`` …"""
        row = self.page.rows[index]
        if self.bads and not self.bads.isdisjoint(row.shown):
            return "bad"
        if self.selected and not self.selected.isdisjoint(row.shown):
            return "selected"
        is_coloured = self.display.butterfly and row.kind is ChannelKind.EEG
        place = place_of(row.label.partition("-")[0]) if is_coloured else None
        return "trace" if place is None else f"depth{round(place[2] * (DEPTHS - 1))}"
