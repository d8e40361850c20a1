"""View: where the user looks and how it is drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from samba_gui.core.derivations import Derivation
from samba_gui.engine.display import DisplayFilter
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.filter_response import FilterResponseDialog

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow


class ViewVerbs:
    """Verbs of the View menu."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._session = context.session
        self._context = context
        self._window = window

    def next_page(self) -> None:
        """A page on."""
        self._session.scroll(self._session.selection.page_s)

    def previous_page(self) -> None:
        """A page back."""
        self._session.scroll(-self._session.selection.page_s)

    def forward(self) -> None:
        """A tenth of a page on."""
        self._session.scroll(self._session.selection.page_s / 10)

    def back(self) -> None:
        """A tenth of a page back."""
        self._session.scroll(-self._session.selection.page_s / 10)

    def first(self) -> None:
        """The recording's start."""
        self._session.seek(0.0)
        self._session.scroll(-self._session.duration_s)

    def last(self) -> None:
        """The recording's end."""
        self._session.scroll(self._session.duration_s)

    def larger(self) -> None:
        """Fewer µV per mm."""
        self._session.show_as(self._session.display.more_sensitive())

    def smaller(self) -> None:
        """More µV per mm."""
        self._session.show_as(self._session.display.less_sensitive())

    def fit(self) -> None:
        """The sensitivity that suits this page."""
        self._window.wiring.fit_sensitivity()

    def flip_polarity(self) -> None:
        """Turn the traces over."""
        self._show(positive_up=not self._session.display.positive_up)

    def overlay(self) -> None:
        """Show or hide the reconstruction."""
        self._show(overlay=not self._session.display.overlay)

    def residual(self) -> None:
        """Show the residual in place of the reconstruction, or the reconstruction again."""
        self._show(residual=not self._session.display.residual)

    def mask_pass(self) -> None:
        """Shade the other pass."""
        self._show(mask_pass=1 - self._session.display.mask_pass)

    def filter_response(self) -> None:
        """Show what the display filters let through."""
        document, display = self._session.document, self._session.display
        if document is not None:
            dialog = FilterResponseDialog(
                DisplayFilter(
                    display.low_cut_hz or None, display.high_cut_hz or None, display.notch_hz or None
                ),
                document.info.rate_hz,
                self._window.theme,
                self._window,
            )
            dialog.exec()
            dialog.deleteLater()

    def reset_layout(self) -> None:
        """All panels back in their places."""
        self._window.reset_layout()

    def page_length(self, page_s: float) -> None:
        """Another time base."""
        session = self._session
        session.select(session.selection.with_page_length(page_s, session.duration_s))

    def sensitivity(self, sensitivity_uv: float) -> None:
        """Another sensitivity."""
        self._show(sensitivity_uv=sensitivity_uv)

    def low_cut(self, cutoff_hz: float) -> None:
        """Another low-frequency filter."""
        self._show(low_cut_hz=cutoff_hz)

    def high_cut(self, cutoff_hz: float) -> None:
        """Another high-frequency filter."""
        self._show(high_cut_hz=cutoff_hz)

    def notch(self, notch_hz: float) -> None:
        """Another notch filter."""
        self._show(notch_hz=notch_hz)

    def derivation(self, derivation: Derivation) -> None:
        """Combine channels otherwise."""
        self._show(derivation=derivation)

    def quality(self, metric: str) -> None:
        """Another figure in the quality strip."""
        self._show(quality=metric)

    def theme(self, choice: str) -> None:
        """Other colours."""
        self._context.settings.set("theme", choice)
        self._window.apply_theme()

    def _show(self, **changes: Any) -> None:
        self._session.show_as(replace(self._session.display, **changes))
