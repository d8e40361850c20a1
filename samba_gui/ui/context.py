"""What actions and panels' wiring work on: everything of one window but its widgets."""

from __future__ import annotations

from dataclasses import dataclass

from samba_gui.session.background import Background
from samba_gui.session.session import Session
from samba_gui.ui.errors import ErrorDesk
from samba_gui.ui.places import UserPlaces
from samba_gui.ui.recent import RecentFiles
from samba_gui.ui.settings import Settings


@dataclass(frozen=True)
class Context:
    """The session and this user's things."""

    session: Session
    settings: Settings
    recent: RecentFiles
    errors: ErrorDesk
    places: UserPlaces
    exports: Background
