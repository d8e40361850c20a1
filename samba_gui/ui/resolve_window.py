"""From the session to what the head shows of the window under the cursor."""

from __future__ import annotations

import numpy as np

from samba_gui.core.windows import Window
from samba_gui.engine.display import DisplayFilter, response_db
from samba_gui.engine.page_figures import (
    BANDS_HZ,
    band_density,
    potential,
    potential_limit,
    stretch,
)
from samba_gui.engine.pages import Page
from samba_gui.scene.head_field import Quantity, WindowQuantity
from samba_gui.session.document import Document
from samba_gui.session.session import Session
from samba_gui.ui.language import tr
from samba_gui.ui.resolve import filters_in_words
from samba_gui.ui.timeline.metrics import METRICS

BAND_LIMITS_DB = (-10.0, 30.0)
"""The same for every band, window and recording: what is weak looks weak."""

LARGEST_LOSS_DB = -6.1
"""A band of which the display filters take more is not shown; they take 6 dB at their own cutoffs."""


class WindowFigures:
    """Keeps what was shown last: the head is drawn anew only when another figure is made.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._quality_key: object = None
        self._quality: WindowQuantity | None = None
        self._signal_key: object = None
        self._signal: WindowQuantity | None = None

    def quality(self, seen: bool) -> WindowQuantity | None:
        """Reconstruction quality of the window at the cursor, one value per channel.

        Parameters
        ----------
        seen : bool
            Whether the head shows it; else it is enough to know that there is one.
        """
        key = (self._session.analysis.store, quality_key(self._session))
        if not seen and self._quality is not None and key[1] is not None:
            return self._quality  # another would redraw the head for nothing
        if key != self._quality_key:
            self._quality_key, self._quality = key, _quality(self._session)
        return self._quality

    def signal(self, quantity: Quantity) -> WindowQuantity | None:
        """Band power or potential; None where no recording with positions is open, or none was asked for."""
        session = self._session
        document, page = session.document, session.pages.page
        if not quantity.of_signal or document is None or document.model_montage is None:
            return None
        at = session.selection.cursor_s if quantity is Quantity.POTENTIAL else window_at(session)
        key = (quantity, document.model_montage, document.info.path, page, at, session.display.read_as)
        if key != self._signal_key:
            shown = _Signal(session, document, page)
            self._signal_key = key
            self._signal = shown.potential() if quantity is Quantity.POTENTIAL else shown.band(quantity)
        return self._signal


def window_at(session: Session) -> Window | None:
    """The window of the analysis at the cursor; None in gaps and without an analysis."""
    store = session.analysis.store
    index = store.start.plan.index_at(session.selection.cursor_s) if store else None
    return None if store is None or index is None else store.start.plan.windows[index]


def quality_key(session: Session) -> tuple[int, str] | None:
    """What the quality depends on: the analysed window at the cursor, and the figure."""
    store, window = session.analysis.store, window_at(session)
    if store is None or session.document is None or session.document.model_montage is None:
        return None
    if window is None or not store.filled[window.index]:
        return None
    if store.start.recipe.names != session.document.model_montage.labels:
        return None  # the analysis of another montage is still shown
    return window.index, session.display.quality


def _quality(session: Session) -> WindowQuantity | None:
    key, store = quality_key(session), session.analysis.store
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


class _Signal:
    """Figures of the page on screen; where there is none, the note says why."""

    def __init__(self, session: Session, document: Document, page: Page | None) -> None:
        montage = document.model_montage
        assert montage is not None
        self._session, self._page = session, page
        self._labels = [document.label_of(electrode) for electrode in montage.labels]
        self._rate_hz = document.info.rate_hz
        self._none = np.full(len(montage), np.nan)

    def potential(self) -> WindowQuantity:
        """At the cursor's instant."""
        page, time_s = self._page, self._session.selection.cursor_s
        values = potential(page, self._labels, self._rate_hz, time_s) if page else None
        limit_uv = potential_limit(page, self._labels) if page else 1.0
        return WindowQuantity(
            tr("Potential at {:.2f} s").format(time_s),
            "µV",
            self._none if values is None else values,
            (-limit_uv, limit_uv),
            self._note(values) or tr("One instant: {}.").format(self._as_shown()),
        )

    def band(self, quantity: Quantity) -> WindowQuantity:
        """Mean spectral density of the window at the cursor."""
        band_hz = BANDS_HZ[quantity.value]
        title = tr("{band} {low:g}–{high:g} Hz").format(
            band=tr(quantity.value.capitalize()), low=band_hz[0], high=band_hz[1]
        )
        values, note, window = None, "", window_at(self._session)
        if window is None:
            note = tr("No values: no window of an analysis is under the cursor.")
        elif self._is_cut(band_hz):
            words = tr("No values: the display filters ({}) take a part of this band.")
            note = words.format(filters_in_words(self._session))
        else:
            store = self._session.analysis.store
            assert store is not None
            stop_s = window.onset_s + window.n / store.start.plan.rate_hz
            title = f"{title}, {window.onset_s:g}–{stop_s:g} s"
            page = self._page
            span_s = window.onset_s, stop_s
            data_uv = stretch(page, self._labels, self._rate_hz, *span_s) if page else None
            if data_uv is not None:
                density = band_density(data_uv, self._rate_hz, band_hz)
                values = 10 * np.log10(np.maximum(density, 1e-12))
            words = tr("Mean spectral density, Hann taper: {}. Muscle and eyes have power in it too.")
            note = self._note(values) or words.format(self._as_shown())
        return WindowQuantity(
            title, tr("dB re 1 µV²/Hz"), self._none if values is None else values, BAND_LIMITS_DB, note
        )

    def _note(self, values: np.ndarray | None) -> str:
        """Why there are no values; empty where there are some."""
        if values is None and self._page is not None and self._page.thinned > 1:
            return tr("No values: this page is drawn from minima and maxima; choose a shorter one.")
        if values is None:
            return tr("No values: it is not wholly on the page; turn or lengthen the page.")
        if not np.isfinite(values).any():
            return tr("No values: no trace on the page is of one electrode; choose another derivation.")
        return ""

    def _as_shown(self) -> str:
        display = self._session.display
        words = f"{tr(display.derivation.name)}, {filters_in_words(self._session)}"
        if display.level and not display.low_cut_hz:
            return tr("{}, the page's median taken off").format(words)
        return words

    def _is_cut(self, band_hz: tuple[float, float]) -> bool:
        display = self._session.display
        applied = DisplayFilter(display.low_cut_hz or None, display.high_cut_hz or None)
        loss_db = response_db(applied, self._rate_hz, np.array(band_hz))
        return band_hz[1] > self._rate_hz / 2 or bool((loss_db < LARGEST_LOSS_DB).any())
