"""Messages over the work area: what happened, what to do; they never stop the user."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from samba_gui.session.notices import Level, Notice
from samba_gui.ui.language import tr
from samba_gui.ui.theme import LIGHT, Theme

LIMIT = 3
SIGN_PX = 16
# drawn by the style: not every font has signs for these
SIGNS = {
    Level.INFO: QStyle.StandardPixmap.SP_MessageBoxInformation,
    Level.WARNING: QStyle.StandardPixmap.SP_MessageBoxWarning,
    Level.ERROR: QStyle.StandardPixmap.SP_MessageBoxCritical,
}

LEVELS = {Level.INFO: "Information", Level.WARNING: "Warning", Level.ERROR: "Error"}


class BannerRow(QFrame):
    """One message with its close button.

    Signals
    -------
    dismissed()
    """

    dismissed = Signal()

    def __init__(self, notice: Notice, theme: Theme) -> None:
        super().__init__()
        self.notice = notice
        self.setObjectName("bannerRow")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 4, 4)
        sign = QLabel()
        sign.setPixmap(self.style().standardIcon(SIGNS[notice.level]).pixmap(SIGN_PX, SIGN_PX))
        sign.setAccessibleName(tr(LEVELS[notice.level]))
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setText("\n".join(tr(words) for words in (notice.message, notice.hint) if words))
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip(self.tr("Dismiss"))
        close.setAccessibleName(self.tr("Dismiss message"))
        close.clicked.connect(self.dismissed)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        if notice.offer:
            accept = QPushButton(tr(notice.offer))
            accept.clicked.connect(self._on_accepted)
            row.addWidget(accept, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.set_theme(theme)

    def _on_accepted(self) -> None:
        if self.notice.accept is not None:
            self.notice.accept()
        self.dismissed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Colours by level."""
        ground = getattr(theme, self.notice.level.value)
        self.setStyleSheet(
            f"QFrame#bannerRow {{ background: {ground}; border-bottom: 1px solid {theme.edge}; }}"
            f"QFrame#bannerRow QLabel {{ color: {theme.text}; }}"
        )


class Banner(QWidget):
    """The last few messages, newest on top, each dismissible; the same message is not shown twice."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setAccessibleName(self.tr("Messages"))
        self.hide()

    def notices(self) -> list[Notice]:
        """What is shown, newest first."""
        return [row.notice for row in self._rows()]

    def post(self, notice: Notice) -> None:
        """Show a message."""
        for row in self._rows():
            if (row.notice.message, row.notice.hint) == (notice.message, notice.hint):
                return
        row = BannerRow(notice, self._theme)
        row.dismissed.connect(lambda: self._remove(row))
        self._column.insertWidget(0, row)
        for old in self._rows()[LIMIT:]:
            self._remove(old)
        self.show()

    def clear(self) -> None:
        """Dismiss all."""
        for row in self._rows():
            self._remove(row)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in a theme."""
        self._theme = theme
        for row in self._rows():
            row.set_theme(theme)

    def _rows(self) -> list[BannerRow]:
        items = (self._column.itemAt(i) for i in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, BannerRow)]

    def _remove(self, row: BannerRow) -> None:
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        if not self._rows():
            self.hide()
