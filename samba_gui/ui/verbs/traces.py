"""Traces: how they are scaled and drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from samba_gui.core.arrangement import Order
from samba_gui.core.derivations import Derivation
from samba_gui.core.recording import ChannelKind
from samba_gui.core.words import Text
from samba_gui.session.notices import Level, Notice
from samba_gui.session.profiles import PROFILES
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.calibrate_screen import FORGET, CalibrateScreenDialog
from samba_gui.ui.language import tr
from samba_gui.ui.screens import keep_scale

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow


class TraceVerbs:
    """Verbs of the View menu that concern the traces."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._session = context.session
        self._context = context
        self._window = window

    def profile(self, profile_id: str) -> None:
        """Read as a profession is used to."""
        self._session.use_profile(next(row for row in PROFILES if row.id == profile_id))

    def paper_speed(self, mm_per_s: float) -> None:
        """As many seconds a page as make a speed on paper."""
        session = self._session
        page_s = self._window.traces.width_mm / mm_per_s
        session.select(session.selection.with_page_length(page_s, session.duration_s))

    def calibrate(self) -> None:
        """Measure a mm on this screen."""
        window, settings = self._window, self._context.settings
        dialog = CalibrateScreenDialog(window.screen_scale, window.theme, window)
        answer = dialog.exec()
        if answer:
            keep_scale(window.screen(), settings, None if answer == FORGET else dialog.px_per_mm)
            window.refresh_soon()
        dialog.deleteLater()

    def others_larger(self) -> None:
        """Channels that are not EEG larger."""
        self._step_others(1)

    def others_smaller(self) -> None:
        """Channels that are not EEG smaller."""
        self._step_others(-1)

    def eog_sensitivity(self, uv_per_mm: float) -> None:
        """Sensitivity of the EOG."""
        self._own(ChannelKind.EOG, uv_per_mm)

    def ecg_sensitivity(self, uv_per_mm: float) -> None:
        """Sensitivity of the ECG."""
        self._own(ChannelKind.ECG, uv_per_mm)

    def emg_sensitivity(self, uv_per_mm: float) -> None:
        """Sensitivity of the EMG."""
        self._own(ChannelKind.EMG, uv_per_mm)

    def load_derivations(self) -> None:
        """Ask for a file of derivations."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, tr("Load derivations"), str(Path.home()), tr("Tables (*.csv *.tsv *.txt)")
        )
        if path:
            self.load_derivation_file(path)

    def load_derivation_file(self, path: str) -> None:
        """Offer the derivations of a file, keep it for the next time, and show the first."""
        shelf, errors = self._context.derivations, self._context.errors

        def use(found: tuple[Derivation, ...]) -> None:
            shelf.add(found)
            self._show(derivation=found[0])
            names = ", ".join(derivation.name for derivation in found)
            errors.post(Notice(Level.INFO, Text("Loaded and kept: {names}", names=names)))

        self._context.exports.run(
            Text("Reading derivations"), lambda: shelf.keep(Path(path)), use, errors.post
        )

    def butterfly(self) -> None:
        """All traces of a group on one baseline, or each on its own."""
        self._show(butterfly=not self._session.display.butterfly)

    def order(self, order: Order) -> None:
        """Sort the channels."""
        session = self._session
        if session.document is not None:
            channels = session.document.info.channels
            session.arrange(session.display.arrangement.ordered(order, channels))

    def hide_channel(self) -> None:
        """Do not show the selected channel."""
        document = self._session.document
        label = document.label_of(self._session.selection.electrode) if document else ""
        if label:
            self._session.arrange(self._session.display.arrangement.showing(label, False))

    def show_all(self) -> None:
        """Show hidden channels again."""
        self._session.arrange(replace(self._session.display.arrangement, hidden=frozenset()))

    def rows(self, at_a_time: int) -> None:
        """How many rows are seen at once."""
        self._show(rows=at_a_time)

    def more_rows(self) -> None:
        """See more rows at once."""
        self._session.show_as(self._session.display.with_more_rows())

    def fewer_rows(self) -> None:
        """See fewer rows at once."""
        self._session.show_as(self._session.display.with_fewer_rows())

    def longer_page(self) -> None:
        """More seconds on a page."""
        self._session.step_page_length(1)

    def shorter_page(self) -> None:
        """Fewer seconds on a page."""
        self._session.step_page_length(-1)

    def keys(self, key_set: str) -> None:
        """Use other keys."""
        self._context.settings.set("keys", key_set)
        self._window.menus.use_keys(key_set)

    def rows_down(self) -> None:
        """Show rows further down."""
        self._window.traces.scroll_rows(1)

    def rows_up(self) -> None:
        """Show rows further up."""
        self._window.traces.scroll_rows(-1)

    def clip(self) -> None:
        """Keep traces to their rows, or let them reach out."""
        self._show(clipped=not self._session.display.clipped)

    def level(self) -> None:
        """Take offsets away, or show them."""
        self._show(level=not self._session.display.level)

    def _step_others(self, step: int) -> None:
        page = self._session.pages.page
        kinds = [row.kind for row in page.rows] if page else []
        self._session.show_as(self._session.display.others_stepped(kinds, step))

    def _own(self, kind: ChannelKind, uv_per_mm: float) -> None:
        self._session.show_as(self._session.display.with_own(kind, uv_per_mm))

    def _show(self, **changes: Any) -> None:
        self._session.show_as(replace(self._session.display, **changes))
