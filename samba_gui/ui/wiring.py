"""Between the session and the panels: states one way, intents the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from samba_gui import RESEARCH_USE_ONLY
from samba_gui.core.places import default_bundle_dir
from samba_gui.scene.saie_field import Quantity, WindowQuantity
from samba_gui.session.notices import Level, Notice
from samba_gui.session.selection import PAGE_LENGTHS_S
from samba_gui.ui.head_state import HeadState, HeadView
from samba_gui.ui.resolve import (
    annotations_state,
    channels_state,
    contract_of,
    contract_state,
    filters_in_words,
    status_state,
)
from samba_gui.ui.resolve_views import (
    head_state,
    timeline_state,
    traces_state,
    window_key,
    window_quantity,
)

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow

REST_MS = 150
"""Reconstructions are asked for when the page has rested this long."""


class Wiring:
    """Connects one window; panels know neither the session nor each other.

    Parameters
    ----------
    window : MainWindow
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._session = session = window.context.session
        self._rest = QTimer(window)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(session.request_reconstructions)

        for signal in (
            session.opening_changed,
            session.document_changed,
            session.bundle_changed,
            session.selection_changed,
            session.display_changed,
            session.pages.changed,
            session.analysis.changed,
            session.analysis.results_changed,
            session.reconstructions.changed,
        ):
            signal.connect(self._on_session_changed)
        for signal in (session.selection_changed, session.display_changed, session.analysis.changed):
            signal.connect(self._on_page_moved)
        session.opening_changed.connect(self._on_opening_changed)
        session.recording_changed.connect(self._on_recording_changed)
        session.bundle_changed.connect(self._on_bundle_changed)
        session.noticed.connect(window.context.errors.post)
        self.head_view = HeadView()
        self._quantity_key: object = None
        self._quantity_kept: WindowQuantity | None = None
        self._connect_panels()

    def close(self) -> None:
        """Nothing is redrawn any more."""
        self._rest.stop()

    @property
    def resting(self) -> bool:
        """Whether all that was asked for has been asked of the worker."""
        return not self._rest.isActive()

    def bring_up_to_date(self) -> None:
        """Resolve every panel's state; the panels redraw what changed."""
        window, session = self._window, self._session
        contract = contract_of(session)
        window.traces.set_state(traces_state(session, window.theme))
        window.timeline.set_state(timeline_state(session, window.theme))
        window.head.set_state(head_state(session, window.theme, self.head_view, self._quantity()))
        window.channels.set_state(channels_state(session))
        window.contract.set_state(contract_state(session, contract))
        window.annotations.set_state(annotations_state(session))
        window.status.set_state(status_state(session, contract, window.exporting, filters_in_words(session)))
        window.menus.refresh()

    def _quantity(self) -> WindowQuantity | None:
        """The figures of the window at the cursor; the same object as long as they are the same."""
        key = (self._session.analysis.store, window_key(self._session))
        unseen = self.head_view.quantity != Quantity.WINDOW
        if unseen and self._quantity_kept is not None and key[1] is not None:
            return (
                self._quantity_kept
            )  # that there is one is known; another would redraw the head for nothing
        if key != self._quantity_key:
            self._quantity_key, self._quantity_kept = key, window_quantity(self._session)
        return self._quantity_kept

    # ---- session → window

    def _on_session_changed(self, *_: object) -> None:
        self._window.refresh_soon()

    def _on_page_moved(self, *_: object) -> None:
        self._rest.start()

    def _on_opening_changed(self) -> None:
        if self._session.opening:
            self._window.context.errors.hide_in_log(self._session.opening)

    def _on_bundle_changed(self) -> None:
        bundle = self._session.bundle
        if bundle is not None:
            is_default = bundle.directory == default_bundle_dir()
            remembered = "" if is_default else str(bundle.directory.absolute())
            self._window.context.settings.set("analysis/bundle", remembered)

    def _on_recording_changed(self) -> None:
        document = self._session.document
        assert document is not None
        path = document.info.path
        self._window.banner.clear()  # it spoke of the recording before
        self._window.setWindowTitle(f"{Path(path).name} — samba-gui")
        self._window.context.errors.hide_in_log(path)
        if not document.info.simulated:
            self._window.context.recent.add(path)
            return
        self._window.context.errors.post(
            Notice(
                Level.INFO,
                f"This recording is simulated, to look around. {RESEARCH_USE_ONLY}.",
                "Open your own by File ▸ Open, or drop it on the window.",
            )
        )

    # ---- window → session

    def _connect_panels(self) -> None:
        window, session = self._window, self._session
        traces, channels = window.traces, window.channels
        for panel in (traces, window.timeline):
            panel.seek_requested.connect(self._on_page_wanted)
            panel.cursor_moved.connect(session.seek)
        traces.channel_toggled_bad.connect(self._on_bad_clicked)
        traces.channel_selected.connect(self._on_channel_selected)
        traces.sensitivity_step.connect(self._on_sensitivity_step)
        traces.time_base_step.connect(self._on_time_base_step)
        window.head.electrode_picked.connect(session.pick_electrode)
        window.head.state_changed.connect(self._on_head_state_wanted)
        window.head.export_gif_requested.connect(window.menus.actions["file.export_gif"].trigger)
        channels.montage_chosen.connect(self._on_montage_chosen)
        channels.load_montage_clicked.connect(window.menus.actions["analysis.load_montage"].trigger)
        channels.bad_toggled.connect(session.mark_bad)
        channels.electrode_picked.connect(session.pick_electrode)
        self._connect_annotations()
        window.status.cancel_clicked.connect(session.analysis.cancel)

    def _connect_annotations(self) -> None:
        window, panel, actions = self._window, self._window.annotations, self._window.menus.actions
        verbs = window.annotation_verbs
        window.traces.annotation_picked.connect(
            lambda note: self._session.pick_annotation(note, go=False)  # the page must not turn under a drag
        )
        window.traces.annotation_changed.connect(verbs.change)
        window.traces.annotation_drawn.connect(verbs.add_span)
        window.traces.annotation_opened.connect(actions["annotations.rename"].trigger)
        panel.picked.connect(self._session.pick_annotation)
        panel.edited.connect(verbs.change)
        for signal, name in (
            (panel.add_clicked, "add"),
            (panel.delete_clicked, "delete"),
            (panel.load_clicked, "load"),
            (panel.save_clicked, "save"),
        ):
            signal.connect(actions[f"annotations.{name}"].trigger)

    def _on_head_state_wanted(self, state: HeadState) -> None:
        self.head_view = state.view
        self._window.refresh_soon()

    def _on_page_wanted(self, start_s: float) -> None:
        self._session.select(self._session.selection.page_at(start_s, self._session.duration_s))

    def _on_bad_clicked(self, label: str) -> None:
        document = self._session.document
        if document is not None:
            self._session.mark_bad(label, label not in document.bads)

    def _on_channel_selected(self, label: str) -> None:
        document = self._session.document
        if document is not None:
            self._session.pick_electrode(document.electrode_of(label))

    def _on_sensitivity_step(self, step: int) -> None:
        display = self._session.display
        self._session.show_as(display.more_sensitive() if step > 0 else display.less_sensitive())

    def _on_time_base_step(self, step: int) -> None:
        now_s = self._session.selection.page_s
        lengths = [s for s in PAGE_LENGTHS_S if (s > now_s if step > 0 else s < now_s)]
        if lengths:
            page_s = lengths[0] if step > 0 else lengths[-1]
            self._session.select(self._session.selection.with_page_length(page_s, self._session.duration_s))

    def _on_montage_chosen(self, index: int) -> None:
        document = self._session.document
        if document is not None and index < len(document.proposals):
            self._session.choose_montage(document.proposals[index])
