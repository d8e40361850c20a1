"""Everything of one window but its widgets: the session, its helpers, this user's things."""

from __future__ import annotations

from dataclasses import dataclass

from samba_gui.engine.worker import WorkerClient
from samba_gui.io.probe import Prober
from samba_gui.session.analysis import AnalysisOptions
from samba_gui.session.background import Background
from samba_gui.session.derivations import OwnDerivations
from samba_gui.session.display import Display
from samba_gui.session.profiles import PROFILES, profile_of
from samba_gui.session.selection import Selection
from samba_gui.session.session import Session
from samba_gui.ui.errors import ErrorDesk
from samba_gui.ui.mailbox import Mailbox
from samba_gui.ui.places import UserPlaces
from samba_gui.ui.recent import RecentFiles
from samba_gui.ui.settings import Settings

KEPT_DISPLAY = ("low_cut_hz", "high_cut_hz", "notch_hz", "positive_up")
"""Display settings that are remembered, besides the profile; the rest begins anew."""


@dataclass(frozen=True, eq=False)
class Context:
    """What actions and panels' wiring work on."""

    session: Session
    worker: WorkerClient
    prober: Prober
    exports: Background
    settings: Settings
    recent: RecentFiles
    derivations: OwnDerivations
    errors: ErrorDesk
    places: UserPlaces
    mailbox: Mailbox

    @classmethod
    def make(cls, places: UserPlaces) -> Context:
        """Everything at rest: no process is started yet."""
        places.make()
        mailbox = Mailbox()
        settings = Settings(places.settings_file)
        # the worker tells from its thread that answers wait; they are taken on the window's
        worker = WorkerClient(lambda: mailbox.post(collect))
        prober = Prober()
        session = Session(
            worker, prober, places.results_dir, places.drafts_dir, places.states_dir, mailbox.post
        )
        recent = RecentFiles(settings, session.states)
        collect = session.collect
        session.display = Display(**{name: settings.get(f"display/{name}") for name in KEPT_DISPLAY})
        session.selection = Selection(page_s=settings.get("display/page_s"))
        for profile in PROFILES:
            if profile.id == settings.get("display/profile"):
                session.use_profile(profile)
        session.options = AnalysisOptions(
            **{name: settings.get(f"analysis/{name}") for name in ("seed", "pairs", "device")}
        )
        session.analysis.pace = settings.get("analysis/pace")
        return cls(
            session,
            worker,
            prober,
            Background(mailbox.post, "export"),
            settings,
            recent,
            OwnDerivations(places.derivations_dir),
            ErrorDesk(places.log_file),
            places,
            mailbox,
        )

    def close(self) -> None:
        """Remember settings; end processes and threads; nothing is left behind."""
        for name in KEPT_DISPLAY:
            self.settings.set(f"display/{name}", getattr(self.session.display, name))
        page_s = self.session.selection.page_s
        self.settings.set("display/page_s", page_s)
        self.settings.set("display/profile", profile_of(self.session.display, page_s))
        self.settings.set("analysis/pace", self.session.analysis.pace)
        self.settings.save()
        self.prober.close()  # first: a probe under way ends with it
        self.worker.close()
        self.session.close()
        self.exports.close()
        self.errors.close()
