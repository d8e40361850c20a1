"""The window: assembles panels, menus and messages around one session."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QScreen, QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow, QVBoxLayout, QWidget

from samba_gui import RESEARCH_USE_ONLY
from samba_gui.core.words import Text
from samba_gui.session.notices import notice_of
from samba_gui.ui.banner import Banner
from samba_gui.ui.context import Context
from samba_gui.ui.exports.queue import ExportQueue
from samba_gui.ui.exports.strip import ExportStrip
from samba_gui.ui.focus_mark import FocusMark
from samba_gui.ui.head.panel import HeadPanel
from samba_gui.ui.head.what_if_bar import WhatIfBar
from samba_gui.ui.language import tr
from samba_gui.ui.menus import Menus
from samba_gui.ui.opening import Opening
from samba_gui.ui.panels.annotations import AnnotationsPanel
from samba_gui.ui.panels.channels import ChannelsPanel
from samba_gui.ui.panels.contract import ContractPanel
from samba_gui.ui.reopen import Reopening
from samba_gui.ui.screens import ScreenScale, scale_of
from samba_gui.ui.settings import LAYOUT_VERSION, sealed
from samba_gui.ui.status_line import StatusLine
from samba_gui.ui.theme import Theme, apply_theme, chosen_theme
from samba_gui.ui.timeline.panel import TimelinePanel
from samba_gui.ui.traces.panel import TracesPanel
from samba_gui.ui.verbs.analysis import AnalysisVerbs
from samba_gui.ui.verbs.annotations import AnnotationVerbs
from samba_gui.ui.verbs.edit import EditVerbs
from samba_gui.ui.verbs.export import ExportVerbs
from samba_gui.ui.verbs.file import FileVerbs
from samba_gui.ui.verbs.go import GoVerbs
from samba_gui.ui.verbs.help import HelpVerbs
from samba_gui.ui.verbs.map import MapVerbs
from samba_gui.ui.verbs.traces import TraceVerbs
from samba_gui.ui.verbs.view import ViewVerbs
from samba_gui.ui.window_map.panel import MapPanel
from samba_gui.ui.wiring import Wiring

REFRESH_MS = 30
"""Panels are brought up to date this often at most, however fast answers come."""

LATER_MS = 150
"""… and this often where only results come in: the time in between is the reader's."""


class MainWindow(QMainWindow):
    """One window on one session; it owns the context and closes it.

    Parameters
    ----------
    context : Context
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.exporting = ""
        self._closed = False
        self.setWindowTitle("samba-gui")
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowTabbedDocks)

        self.banner = Banner()
        self.what_if = WhatIfBar()
        self.traces = TracesPanel()
        self.timeline = TimelinePanel()
        self.head = HeadPanel()
        self.channels = ChannelsPanel()
        self.annotations = AnnotationsPanel()
        self.contract = ContractPanel()
        self.map = MapPanel()
        self.status = StatusLine()
        # a long line of text in a panel must not push the others out of the window
        for panel in (
            *(self.traces, self.timeline, self.head, self.map),
            *(self.channels, self.annotations, self.contract),
        ):
            panel.setMinimumSize(240, 120)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.what_if)
        column.addWidget(self.traces, 1)
        self.setCentralWidget(centre)
        self.setStatusBar(self.status)
        self.exports = ExportQueue(self)
        self._export_strip = ExportStrip()
        self.status.addPermanentWidget(self._export_strip)
        self.exports.changed.connect(self._export_strip.set_state)
        self.exports.noticed.connect(context.errors.post)
        self._export_strip.cancel_clicked.connect(self.exports.cancel)
        self._docks = {
            "head": self._dock("Head", self.head, Qt.DockWidgetArea.RightDockWidgetArea),
            "map": self._dock("Map", self.map, Qt.DockWidgetArea.RightDockWidgetArea),
            "channels": self._dock("Channels", self.channels, Qt.DockWidgetArea.RightDockWidgetArea),
            "annotations": self._dock("Annotations", self.annotations, Qt.DockWidgetArea.RightDockWidgetArea),
            "contract": self._dock("Model fit", self.contract, Qt.DockWidgetArea.RightDockWidgetArea),
            "timeline": self._dock("Timeline", self.timeline, Qt.DockWidgetArea.BottomDockWidgetArea),
        }
        for name in ("map", "channels", "annotations", "contract"):
            self.tabifyDockWidget(self._docks["head"], self._docks[name])
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._first_layout = self.saveState(LAYOUT_VERSION)
        self.opening = Opening(context, self)
        self.reopening = Reopening(context, self)
        self.annotation_verbs = AnnotationVerbs(context, self)
        self.analysis_verbs = AnalysisVerbs(context, self)
        self.menus = Menus(
            self,
            context,
            {
                "file": FileVerbs(context, self),
                "export": ExportVerbs(context, self),
                "edit": EditVerbs(context, self),
                "view": ViewVerbs(context, self),
                "traces": TraceVerbs(context, self),
                "go": GoVerbs(context, self),
                "annotations": self.annotation_verbs,
                "map": MapVerbs(context, self),
                "analysis": self.analysis_verbs,
                "help": HelpVerbs(context, self),
            },
        )
        for dock in self._docks.values():
            self.menus.add_panel(dock.toggleViewAction())
        reached = (w for w in self.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus)
        self._focus_mark = FocusMark(reached)
        self._research = QLabel(tr(RESEARCH_USE_ONLY))
        if self.menuBar().isNativeMenuBar():  # macOS: the menus are not in the window
            self.status.addPermanentWidget(self._research)
        else:
            self.menuBar().setCornerWidget(self._research)
        self.theme: Theme = chosen_theme(_app(), context.settings.get("theme"))
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self.wiring = Wiring(self)
        self._refresh.timeout.connect(self.wiring.bring_up_to_date)
        self._docks["map"].visibilityChanged.connect(self.refresh_soon)  # while hidden it is not kept
        _app().styleHints().colorSchemeChanged.connect(self._on_system_colours)
        context.errors.posted.connect(self.banner.post, Qt.ConnectionType.QueuedConnection)
        self.apply_theme()
        self._restore()

    # ---- for verbs and wiring

    @property
    def screen_scale(self) -> ScreenScale:
        """What a mm is worth on the screen where the window is."""
        return scale_of(self.screen(), self.context.settings)

    @property
    def under_way(self) -> tuple[str, ...]:
        """What is not yet there or not yet drawn, in words."""
        states = {
            "an export": self.context.exports.busy or self.exports.busy,
            "redrawing": self._refresh.isActive() or not self.wiring.resting,
            "the head": self.head.isVisible() and not self.head.settled,
        }
        return self.context.session.under_way + tuple(name for name, busy in states.items() if busy)

    @property
    def settled(self) -> bool:
        """Whether nothing is on its way and everything has been drawn."""
        return not self.under_way

    def refresh_soon(self) -> None:
        """Something has changed; many changes make one redraw."""
        self._refresh_within(REFRESH_MS)

    def refresh_later(self) -> None:
        """Something nobody waits for has changed: results come in, a file is being read through."""
        self._refresh_within(LATER_MS)

    def _refresh_within(self, milliseconds: int) -> None:
        waits = self._refresh.isActive() and self._refresh.remainingTime() <= milliseconds
        if not waits and not self._closed:
            self._refresh.start(milliseconds)

    def refresh_traces_now(self) -> None:
        """Draw the traces without waiting for more, and soon the panels beside them."""
        if not self._closed:
            self.wiring.show_traces()
            self.refresh_soon()

    def set_exporting(self, text: str) -> None:
        """Say in the status line what is being written."""
        self.exporting = text
        self.refresh_soon()

    def apply_theme(self) -> None:
        """Dress everything in the chosen theme."""
        self.theme = chosen_theme(_app(), self.context.settings.get("theme"))
        apply_theme(_app(), self.theme)
        for part in (self.banner, self.channels, self.contract, self.status):
            part.set_theme(self.theme)
        self._research.setStyleSheet(f"color: {self.theme.dim}; padding: 0 10px;")
        self.refresh_soon()

    def show_panel(self, name: str) -> None:
        """Bring a dock to the front: ``"head"``, ``"map"``, ``"channels"``, ``"timeline"``."""
        self._docks[name].show()
        self._docks[name].raise_()

    def reset_layout(self) -> None:
        """All panels shown, in their first places and proportions."""
        self.restoreState(self._first_layout, LAYOUT_VERSION)
        self._docks["head"].raise_()
        self.resizeDocks([self._docks["head"]], [round(self.width() * 0.32)], Qt.Orientation.Horizontal)
        self.resizeDocks([self._docks["timeline"]], [round(self.height() * 0.3)], Qt.Orientation.Vertical)

    def keep_layout(self) -> None:
        """Remember the window's size and where its panels are."""
        settings = self.context.settings
        settings.set("window/geometry", sealed(self.saveGeometry()))
        settings.set("window/layout", sealed(self.saveState(LAYOUT_VERSION)))

    @property
    def open_panels(self) -> str:
        """Names of the panels that are open, for a session file (Qt crashes on hostile layouts)."""
        return " ".join(name for name, dock in self._docks.items() if not dock.isHidden())

    def show_panels(self, names: str) -> None:
        """Open these panels and close the others."""
        for name, dock in self._docks.items():
            dock.setVisible(name in names.split())

    def begin(self, files: list[str], bundle_dir: Path, bundle_is_chosen: bool = False) -> None:
        """Start the processes and open what was asked for; called when the window stands."""
        self.context.prober.start()
        self.context.worker.start()
        self.context.session.load_bundle(bundle_dir, chosen=bundle_is_chosen)
        for problem in self.context.derivations.problems:
            self.context.errors.post(notice_of(problem, Text("Reading derivations")))
        if files:
            self.open_files(files)
        else:
            self.menus.actions["file.open_example"].trigger()

    def open_files(self, files: list[str]) -> None:
        """Open what there is: a recording, and what belongs to it."""
        self.opening.open_files(files)

    # ---- Qt

    def focusNextPrevChild(self, onwards: bool) -> bool:
        """Pass over what lies behind the tab of another panel: Qt keeps it visible, though out of sight."""
        passed: list[QWidget] = []
        while super().focusNextPrevChild(onwards):
            reached = self.focusWidget()
            if reached is None or reached in passed:
                return False
            if not reached.visibleRegion().isEmpty():
                self._focus_mark.follow(reached)
                return True
            passed.append(reached)
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout, end everything."""
        if not self._closed:
            self._closed = True
            self._refresh.stop()
            _app().styleHints().colorSchemeChanged.disconnect(self._on_system_colours)
            self.wiring.close()
            self.exports.close()
            self.context.close()
            self.head.close()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """A mm is worth something else on another screen."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.screenChanged.connect(self._on_screen_changed, Qt.ConnectionType.UniqueConnection)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what is dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.open_files(files)

    def _on_screen_changed(self, _screen: QScreen) -> None:
        self.refresh_soon()

    def _on_system_colours(self) -> None:
        self.apply_theme()

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(tr(title), self)
        dock.setObjectName(title)  # the saved layout knows docks by it
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _restore(self) -> None:
        """Size and layout of last time, each only if it is sound."""
        settings = self.context.settings
        geometry: QByteArray = settings.get("window/geometry")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            self.resize(1280, 800)
        self.reset_layout()
        layout: QByteArray = settings.get("window/layout")
        if not layout.isEmpty() and not self.restoreState(layout, LAYOUT_VERSION):
            self.reset_layout()


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
