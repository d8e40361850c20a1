"""Light and dark: Fusion with our palettes, following the system unless told otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from samba_gui.core.places import resources_dir


@dataclass(frozen=True)
class Theme:
    """Colours of one theme, ``#rrggbb``.

    ``info``, ``warning`` and ``error`` are grounds of messages; ``good``, ``careful`` and ``bad`` of text.
    """

    name: str
    window: str
    base: str
    text: str
    dim: str
    edge: str
    accent: str
    accent_text: str
    info: str
    warning: str
    error: str
    good: str
    careful: str
    bad: str

    @property
    def dark(self) -> bool:
        """Whether it is the dark one."""
        return self.name == "dark"


# blue, amber and vermilion stay apart for colour-blind eyes; "good" is a bluish green for the same reason
LIGHT = Theme(
    "light",
    window="#f3f4f6",
    base="#fcfcfd",
    text="#16181d",
    dim="#5f6672",
    edge="#d3d7de",
    accent="#0b62b8",
    accent_text="#ffffff",
    info="#e3eefa",
    warning="#fdf0d2",
    error="#fbe0d9",
    good="#00795a",
    careful="#9c5d00",
    bad="#b3361b",
)
DARK = Theme(
    "dark",
    window="#1d1f24",
    base="#15171b",
    text="#e7e9ed",
    dim="#9aa2af",
    edge="#393d46",
    accent="#5aa9f0",
    accent_text="#0d1117",
    info="#1f3247",
    warning="#46391a",
    error="#4d2a22",
    good="#3fc49a",
    careful="#f0b44c",
    bad="#ff8a6b",
)


def chosen_theme(app: QApplication, choice: str) -> Theme:
    """The theme for a setting: ``"light"``, ``"dark"``, or the system's."""
    if choice == "system":
        return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if choice == "dark" else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole application."""
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    app.setStyleSheet(
        f"QToolTip {{ color: {theme.text}; background: {theme.window}; border: 1px solid {theme.edge}; }}"
        f"QMainWindow::separator {{ background: {theme.edge}; width: 3px; height: 3px; }}"
        f"QDockWidget::title {{ background: {theme.window}; padding: 4px 6px; }}" + _marks(theme)
    )


def _marks(theme: Theme) -> str:
    """What Fusion draws darker than the window and so hides on a dark one: boxes to tick, and the focus."""
    box = "QCheckBox::indicator", "QRadioButton::indicator", "QAbstractItemView::indicator"
    ticked, focused = (", ".join(f"{name}:{state}" for name in box) for state in ("checked", "focus"))
    tick = (resources_dir() / "icons" / f"tick-{theme.name}.svg").as_posix()
    return (
        f"{', '.join(box)} {{ width: 10px; height: 10px; border: 1px solid {theme.dim};"
        f" border-radius: 3px; background: {theme.base}; }}"
        "QRadioButton::indicator { border-radius: 6px; }"
        f"{ticked} {{ background: {theme.accent}; border-color: {theme.accent}; image: url('{tick}'); }}"
        "QRadioButton::indicator:checked { image: none; }"
        f"{focused} {{ border-color: {theme.text}; }}"
        f"QAbstractItemView:focus {{ border: 2px solid {theme.accent}; }}"
        f"QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {theme.dim}; }}"
        f"QSlider::sub-page:horizontal {{ border-radius: 2px; background: {theme.accent}; }}"
        f"QSlider::handle:horizontal {{ width: 10px; margin: -4px 0; border-radius: 5px;"
        f" background: {theme.accent}; border: 1px solid {theme.base}; }}"
        f"QSlider::handle:horizontal:focus {{ border: 2px solid {theme.text}; }}"
    )


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for name, colour in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.base,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.Button: theme.window,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.window,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.dim,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_text,
        role.Link: theme.accent,
        role.BrightText: theme.text,
        role.Mid: theme.edge,
        role.Midlight: theme.edge,
        role.Dark: theme.edge,
    }.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.dim))
    return palette
