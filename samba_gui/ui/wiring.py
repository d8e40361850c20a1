"""Between the session and the panels: states one way, intents the other."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from samba_gui import RESEARCH_USE_ONLY
from samba_gui.core.places import default_bundle_dir
from samba_gui.core.plain import from_plain, to_plain
from samba_gui.core.words import Text
from samba_gui.engine.tsne import available as tsne_available
from samba_gui.session.notices import Level, Notice
from samba_gui.session.state import SessionState
from samba_gui.ui.head.state import HeadState, HeadView
from samba_gui.ui.resolve import (
    annotations_state,
    channels_state,
    contract_of,
    contract_state,
    filters_in_words,
    status_state,
)
from samba_gui.ui.resolve_map import MapResolver
from samba_gui.ui.resolve_views import (
    head_state,
    timeline_state,
    traces_state,
    what_if_state,
)
from samba_gui.ui.resolve_window import WindowFigures
from samba_gui.ui.window_map.state import MapView

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow

REST_MS = 150
"""Reconstructions are asked for when the page has rested this long."""

KEEP_MS = 2000
"""What is on screen is kept for the next time this long after a change: a crash costs no more."""


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
        self._rest.timeout.connect(session.read_ahead)
        self._keep = QTimer(window)
        self._keep.setSingleShot(True)
        self._keep.setInterval(KEEP_MS)
        self._keep.timeout.connect(self.keep)

        for signal in (
            session.opening_changed,
            session.document_changed,
            session.bundle_changed,
            session.selection_changed,
            session.display_changed,
            session.analysis.changed,
            session.window_map.changed,
        ):
            signal.connect(self._on_session_changed)
        session.pages.changed.connect(self._on_page_changed)
        for signal in (
            session.overview.changed,
            session.analysis.results_changed,
            session.reconstructions.changed,  # window by window: a page is drawn anew once or twice for them
        ):
            signal.connect(self._on_results_changed)
        for signal in (session.selection_changed, session.display_changed, session.analysis.changed):
            signal.connect(self._on_page_moved)
        session.fit_wanted.connect(self.fit_sensitivity)
        window.context.derivations.changed.connect(self._on_session_changed)
        session.opening_changed.connect(self._on_opening_changed)
        session.recording_changed.connect(self._on_recording_changed)
        session.bundle_changed.connect(self._on_bundle_changed)
        session.resumed.connect(self._on_resumed)
        session.noticed.connect(window.context.errors.post)
        self.head_view = HeadView()
        self.map_view = MapView()
        self.map_resolver = MapResolver(session)
        self._figures = WindowFigures(session)
        self._connect_panels()

    def close(self) -> None:
        """Nothing is redrawn any more."""
        self._rest.stop()
        self._keep.stop()
        self.keep()

    def keep(self) -> None:
        """Keep what is on screen, so that the recording opens again as it was left."""
        self._window.keep_layout()
        self._session.view = {
            "head": json.dumps(to_plain(self.head_view)),
            "map": json.dumps(to_plain(self.map_view)),
            "panels": self._window.open_panels,
        }
        self._session.keep()

    @property
    def resting(self) -> bool:
        """Whether all that was asked for has been asked of the worker."""
        return not self._rest.isActive()

    def bring_up_to_date(self) -> None:
        """Resolve every panel's state; the panels redraw what changed."""
        window, session = self._window, self._session
        contract = contract_of(session)
        self.show_traces()
        window.timeline.set_state(timeline_state(session, window.theme))
        window.what_if.set_state(what_if_state(session, window.theme))
        window.head.set_state(head_state(session, window.theme, self.head_view, self._figures))
        window.channels.set_state(channels_state(session))
        window.contract.set_state(contract_state(session, contract))
        window.annotations.set_state(annotations_state(session, window.theme))
        if window.map.isVisible():
            window.map.set_state(self.map_resolver.state(window.theme, self.map_view))
        filters, width_mm = filters_in_words(session), window.traces.width_mm
        screen = window.screen_scale
        window.status.set_state(status_state(session, contract, window.exporting, filters, screen, width_mm))
        window.menus.refresh()

    def show_traces(self) -> None:
        """Resolve the traces' state alone."""
        window = self._window
        window.traces.set_state(traces_state(self._session, window.screen_scale, window.theme))

    def fit_sensitivity(self) -> None:
        """Draw the EEG of the page at a height that suits its rows."""
        page = self._session.pages.page
        if page is not None:
            self._session.fit_sensitivity(self._window.traces.trace_mm(page))

    # ---- session → window

    def _on_session_changed(self, *_: object) -> None:
        self._window.refresh_soon()
        if not self._keep.isActive():
            self._keep.start()

    def _on_resumed(self, state: SessionState) -> None:
        with contextlib.suppress(ValueError):  # of another version: head and map are shown as they are
            self.head_view = from_plain(HeadView, json.loads(state.view.get("head", "{}")))
            self.map_view = from_plain(MapView, json.loads(state.view.get("map", "{}")))
        self._window.refresh_soon()

    def _on_results_changed(self) -> None:
        self._window.refresh_later()

    def _on_page_changed(self) -> None:
        """A reader who turns the page waits for the traces: nothing else is drawn before them."""
        if self._session.pages.page is None:
            self._window.refresh_soon()
        else:
            self._window.refresh_traces_now()

    def _on_page_moved(self, *_: object) -> None:
        self._rest.start()

    def _on_opening_changed(self) -> None:
        if self._session.opening:
            self._window.context.errors.hide_in_log(self._session.opening)

    def _on_bundle_changed(self) -> None:
        bundle = self._session.chosen_bundle
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
        self._window.analysis_verbs.examine_montage()
        if not document.info.simulated:
            self._window.context.recent.add(path)
            return
        self._window.context.errors.post(
            Notice(
                Level.INFO,
                Text(
                    "This recording is simulated, to look around. {notice}.", notice=Text(RESEARCH_USE_ONLY)
                ),
                Text("Open your own by File ▸ Open, or drop it on the window."),
            )
        )

    # ---- window → session

    def _connect_panels(self) -> None:
        window, session = self._window, self._session
        traces, channels = window.traces, window.channels
        for panel in (traces, window.timeline):
            panel.seek_requested.connect(self._on_page_wanted)
            panel.cursor_moved.connect(session.seek)
        window.timeline.analysis_wanted.connect(window.menus.actions["analysis.run"].trigger)
        traces.channel_toggled_bad.connect(self._on_bad_clicked)
        traces.channel_selected.connect(self._on_channel_selected)
        traces.sensitivity_step.connect(self._on_sensitivity_step)
        traces.time_base_step.connect(session.step_page_length)
        traces.rescaled.connect(window.refresh_soon)
        window.head.electrode_picked.connect(session.pick_electrode)
        window.head.electrode_left_out.connect(session.toggle_electrode)
        window.what_if.put_back.connect(lambda label: session.leave_out(label, False))
        window.what_if.all_put_back.connect(session.put_all_back)
        window.what_if.ranking_wanted.connect(window.menus.actions["analysis.rank_electrodes"].trigger)
        window.head.state_changed.connect(self._on_head_state_wanted)
        window.head.export_gif_requested.connect(window.menus.actions["export.weights_film"].trigger)
        channels.montage_chosen.connect(self._on_montage_chosen)
        channels.load_montage_clicked.connect(window.menus.actions["analysis.load_montage"].trigger)
        channels.bad_toggled.connect(session.mark_bad)
        channels.shown_toggled.connect(self._on_shown_toggled)
        channels.moved.connect(self._on_channel_moved)
        channels.electrode_picked.connect(session.pick_electrode)
        self._connect_annotations()
        self._connect_map()
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

    def _connect_map(self) -> None:
        window, session = self._window, self._session
        window.map.view_wanted.connect(self._on_map_view_wanted)
        window.map.window_picked.connect(session.seek)
        window.map.tsne_wanted.connect(self._on_tsne_wanted)
        window.map.annotate_clicked.connect(window.menus.actions["annotations.add_marked"].trigger)
        for panel in (window.map, window.timeline):
            panel.marks_wanted.connect(self._on_marks_wanted)

    def _on_map_view_wanted(self, view: MapView) -> None:
        self.map_view = view
        self._window.refresh_soon()

    def _on_tsne_wanted(self, wanted: bool) -> None:
        if not wanted:
            self._session.window_map.cancel_tsne()
        elif tsne_available():
            self._session.window_map.compute_tsne()

    def _on_marks_wanted(self, spans: tuple[tuple[float, float], ...], added: bool) -> None:
        selection = self._session.selection
        self._session.select(selection.with_marked((*selection.marked, *spans) if added else spans))

    def _on_head_state_wanted(self, state: HeadState) -> None:
        self.head_view = state.view
        self._on_session_changed()

    def _on_page_wanted(self, start_s: float) -> None:
        self._session.select(self._session.selection.page_at(start_s, self._session.duration_s))

    def _on_bad_clicked(self, label: str) -> None:
        document = self._session.document
        if document is None:
            return
        if label in document.left_out:
            self._session.leave_out(label, False)
        else:
            self._session.mark_bad(label, label not in document.bads)

    def _on_channel_selected(self, label: str) -> None:
        document = self._session.document
        if document is not None:
            self._session.pick_electrode(document.electrode_of(label))

    def _on_shown_toggled(self, label: str, shown: bool) -> None:
        self._session.arrange(self._session.display.arrangement.showing(label, shown))

    def _on_channel_moved(self, label: str, to: int) -> None:
        document = self._session.document
        if document is not None:
            channels = document.info.channels
            self._session.arrange(self._session.display.arrangement.moved(channels, label, to))

    def _on_sensitivity_step(self, step: int) -> None:
        display = self._session.display
        self._session.show_as(display.more_sensitive() if step > 0 else display.less_sensitive())

    def _on_montage_chosen(self, index: int) -> None:
        document = self._session.document
        if document is not None and index < len(document.proposals):
            self._session.choose_montage(document.proposals[index])
            self._window.analysis_verbs.examine_montage()
