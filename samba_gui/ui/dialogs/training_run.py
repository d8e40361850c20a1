"""A training under way: how far it is, what came of it, and where its bundle goes."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from samba_gui.core.words import Text
from samba_gui.io.bundles import publish_bundle
from samba_gui.session.background import Background
from samba_gui.session.notices import Level, Notice
from samba_gui.session.script import Script
from samba_gui.ui.child_call import ChildCall
from samba_gui.ui.context import Context
from samba_gui.ui.language import tr
from samba_gui.ui.status_line import in_clock

STEPS = 1000
RESULT_PX = 720  # high
SURE_SHARE = 0.05
"""What is left is guessed once so much is done."""


class TrainingRun(QWidget):
    """Trains in a process of its own into a folder that is gone with this widget unless it is saved.

    Signals
    -------
    changed()
        It began, ended, or was saved.

    Parameters
    ----------
    context : Context
    """

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._call = ChildCall(
            Text("The training crashed; nothing was written."), Text("Close other programs, then try again.")
        )
        self._background = Background(context.mailbox.post, "training")
        self._folder: TemporaryDirectory | None = None
        self._began = 0.0
        self._closed = False
        self.under_way = False
        self.report: Any = None
        self.saved: Path | None = None
        self._result_wanted = True
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, STEPS)
        self._bar.setAccessibleName(tr("Progress"))
        self._words = QLabel(wordWrap=True)
        self._cancel = QPushButton(tr("&Cancel"))
        self._cancel.clicked.connect(self.cancel)
        self.result = QTextBrowser()
        self.result.setAccessibleName(tr("Result"))
        self.result.setOpenLinks(False)
        self.save_button = QPushButton()
        self.save_button.clicked.connect(lambda: self._ask_where(use=False))
        self.use_button = QPushButton()
        self.use_button.setToolTip(tr("Analyse the open recording with it, and those that follow"))
        self.use_button.clicked.connect(self._on_use_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        column.addLayout(row)
        column.addWidget(self._words)
        column.addWidget(self.result, 1)
        self._show()

    @property
    def busy(self) -> bool:
        """Whether it trains or saves."""
        return self._background.busy

    @property
    def pid(self) -> int | None:
        """Of the process that trains."""
        return self._call.pid

    def start(self, function: str, job: object) -> None:
        """Train: ``function(job, folder, told)`` writes a bundle to the folder and returns a report,
        which knows whether it ``is_better``."""
        if self.under_way:
            return
        self._forget()
        self.under_way = True
        self.report, self.saved, self._began = None, None, time.monotonic()
        self._result_wanted = True
        self._folder = TemporaryDirectory(prefix="samba-gui-")
        bundle = Path(self._folder.name) / "bundle"
        self._background.run(
            Text("Training"),
            lambda: self._call.run(function, job, bundle, told=self._hear),
            self._on_ended,
            self._on_failed,
        )
        self._say(tr("Starting …"))

    @property
    def shows_result(self) -> bool:
        """Whether a result is there and is looked at."""
        return self.report is not None and self._result_wanted

    def show_result(self, shown: bool) -> None:
        """Look at the result, or at something else while it stays."""
        self._result_wanted = shown
        self._show()
        self.changed.emit()

    def cancel(self) -> None:
        """End the training; nothing of it stays."""
        self._call.cancel()

    def save_to(self, folder: Path, *, use: bool = False) -> None:
        """Put the bundle where the user wants it, whole or not at all; perhaps use it then."""
        if self._folder is None or self.report is None:
            return
        source = Path(self._folder.name) / "bundle"
        self._background.run(
            Text("Saving the bundle"),
            lambda: publish_bundle(source, folder),
            lambda _: self._on_saved(folder, use),
            self._on_not_saved,
        )

    def use(self) -> None:
        """Open the saved bundle; the open recording is analysed with it."""
        if self.saved is not None:
            self._context.session.load_bundle(self.saved)

    def close_down(self) -> None:
        """End process and thread; an unsaved bundle is gone."""
        if not self._closed:
            self._closed = True
            self._call.cancel()
            self._background.close()
            self._forget()

    # ---- answers

    def _hear(self, doing: str, share: float) -> None:
        """In the training's thread."""
        self._context.mailbox.post(lambda: self._on_told(doing, share))

    def _on_told(self, doing: str, share: float) -> None:
        if self._closed or not self.under_way:
            return
        self._bar.setValue(round(share * STEPS))
        words = f"{tr(doing)} …"
        if share > SURE_SHARE:
            left_s = (time.monotonic() - self._began) * (1 - share) / share
            words = tr("{doing}, about {time} left").format(doing=tr(doing), time=in_clock(left_s))
        self._words.setText(words)

    def _on_ended(self, report: Any) -> None:
        self.under_way, self.report = False, report
        if report is None:
            self._forget()
            self._say(tr("Cancelled; nothing was written."))
        else:
            self._say("")

    def _on_failed(self, notice: Notice) -> None:
        self.under_way = False
        self._forget()
        self._context.errors.post(notice)
        self._say(f"{tr(notice.message)} {tr(notice.hint)}")

    def _on_use_wanted(self) -> None:
        if self.saved is None:
            self._ask_where(use=True)
        else:
            self.use()

    def _on_saved(self, folder: Path, use: bool) -> None:
        self.saved = folder
        self._say(tr("Saved as {name}.").format(name=folder.name))
        if use:
            self.use()
            return
        self._context.errors.post(
            Notice(
                Level.INFO,
                Text("Saved the bundle {name}", name=folder.name),
                Text("in {folder}", folder=folder.parent),
                offer=Text("Use it now"),
                accept=lambda: self._context.session.load_bundle(folder),
            )
        )

    def _on_not_saved(self, notice: Notice) -> None:
        self._context.errors.post(notice)
        self._say(f"{tr(notice.message)} {tr(notice.hint)}")

    # ---- showing

    def _ask_where(self, *, use: bool) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Save model bundle (a folder)"), str(Path.home() / "my-bundle")
        )
        if path:
            self.save_to(Path(path), use=use)

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        done = self.shows_result
        for widget in (self._bar, self._cancel):
            widget.setVisible(self.under_way)
        if not self.under_way:
            self._bar.setValue(0)
        self._words.setVisible(bool(self._words.text()) and (done or self.report is None))
        self.result.setVisible(done)
        self.save_button.setVisible(done)
        self.save_button.setEnabled(self.saved is None)
        better = done and self.report.is_better
        self.save_button.setText(tr("&Save bundle…") if better else tr("&Save all the same…"))
        self.use_button.setVisible(done and (self.saved is not None or better))
        self.use_button.setText(tr("&Use this bundle") if self.saved is not None else tr("Save and &use…"))
        self.use_button.setDefault(done)

    def _forget(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


class TrainingDialog(QDialog):
    """What shall be learned, then a training, then what came of it; it goes with the window.

    Parameters
    ----------
    context : Context
    parent : QWidget, optional

    Attributes
    ----------
    chooser : QWidget
        What is asked; it makes room for the result.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.run = TrainingRun(context, self)
        self.chooser = QWidget()
        self.copy_button = QPushButton(tr("Copy as co&mmand…"))
        self.copy_button.clicked.connect(self.show_script)
        self.page_button = QPushButton()
        self.page_button.clicked.connect(lambda: self.run.show_result(not self.run.shows_result))
        self.train_button = QPushButton(tr("&Train"))
        self.train_button.clicked.connect(self.train)
        self.train_button.setDefault(True)
        close = QPushButton(tr("C&lose"))
        close.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.chooser, 1)
        column.addWidget(self.run)
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addStretch(1)
        for button in (self.page_button, self.run.save_button, self.run.use_button, self.train_button, close):
            row.addWidget(button)
        column.addLayout(row)
        self.run.changed.connect(self._on_run_changed)
        self._column = column
        self._show_page()
        if parent is not None:
            parent.installEventFilter(self)

    # ---- what each of them says for itself

    def train(self) -> None:
        """Begin."""
        raise NotImplementedError

    def script(self) -> Script | None:
        """What is chosen as a command; None while that cannot be trained."""
        raise NotImplementedError

    def result_html(self, report: Any) -> str:
        """What came of it."""
        raise NotImplementedError

    def enable(self) -> None:
        """Let the user do what can be done now."""
        raise NotImplementedError

    # ---- pages

    def show_script(self) -> None:
        """The command and the Python lines that come to the same figures."""
        from samba_gui.ui.dialogs.script import ScriptDialog

        script = self.script()
        if script is not None:
            script.write_files()
            dialog = ScriptDialog([(self.windowTitle(), script)], self)
            dialog.exec()
            dialog.deleteLater()

    def _on_run_changed(self) -> None:
        report = self.run.report
        if report is not None and self.run.saved is None:
            self.run.result.setHtml(self.result_html(report))
        self._show_page()
        if self.run.shows_result:
            self.resize(self.width(), max(self.height(), RESULT_PX))
        self.enable()

    def _show_page(self) -> None:
        is_result = self.run.shows_result
        self.chooser.setVisible(not is_result)
        self._column.setStretchFactor(self.run, int(is_result))
        self.train_button.setVisible(not is_result)
        self.page_button.setVisible(self.run.report is not None)
        self.page_button.setText(tr("&Back") if is_result else tr("&Result"))

    # ---- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close with the window."""
        if watched is self.parent() and event.type() == QEvent.Type.Close:
            self.close()
        return super().eventFilter(watched, event)

    def reject(self) -> None:
        """Escape ends the training under way, or closes."""
        if self.run.under_way:
            self.run.cancel()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End what is under way."""
        self.run.close_down()
        super().closeEvent(event)
