"""Where the user was with a recording: what it takes to open it again as it was."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

import numpy as np

from samba_gui.core.errors import MontageError, StateError
from samba_gui.core.montage import Montage, MontageMatch
from samba_gui.core.plain import from_plain, to_plain
from samba_gui.core.words import Text, joined
from samba_gui.io.montages import match
from samba_gui.session.display import LARGEST_ZOOM, QUALITIES, Display
from samba_gui.session.document import Document
from samba_gui.session.selection import Selection

FORMAT = "samba-gui session 1"
MAX_CHARACTERS = 4_000_000
MAX_PAGE_S = 86_400.0
MAX_NAMED = 6
DISPLAY_LIMITS = (
    ("low_cut_hz", 0.0, 1e3),
    ("high_cut_hz", 0.0, 1e5),
    ("notch_hz", 0.0, 1e3),
    ("sensitivity_uv", 1e-2, 1e6),
    ("zoom", 1 / LARGEST_ZOOM, LARGEST_ZOOM),
    ("rows", 0, 1000),
    ("mask_pass", 0, 1),
)
"""What can be drawn: a file from elsewhere may hold any number."""

Position = tuple[float, float, float]


@dataclass(frozen=True)
class KeptMontage:
    """A montage whole: the file that it came from may be gone.

    Parameters
    ----------
    name : str
    labels : tuple of str
    positions_m : tuple of 3-tuples
        MNE's head frame.
    anodes, cathodes : tuple of str
    endpoints_m : tuple of pairs of 3-tuples
    """

    name: str
    labels: tuple[str, ...]
    positions_m: tuple[Position, ...]
    anodes: tuple[str, ...]
    cathodes: tuple[str, ...]
    endpoints_m: tuple[tuple[Position, Position], ...]

    @classmethod
    def of(cls, montage: Montage) -> KeptMontage:
        """What to keep of a montage."""
        assert montage.endpoints_m is not None
        return cls(
            montage.name,
            montage.labels,
            tuple((x, y, z) for x, y, z in montage.positions_m.tolist()),
            montage.anodes,
            montage.cathodes,
            tuple((tuple(anode), tuple(cathode)) for anode, cathode in montage.endpoints_m.tolist()),
        )

    def montage(self) -> Montage:
        """The montage again.

        Raises
        ------
        MontageError
            It is inconsistent.
        """
        n = len(self.labels)
        if not len(self.anodes) == len(self.cathodes) == len(self.endpoints_m) == n:
            raise MontageError(
                "Montage {name}: its channels and their electrodes do not belong together.", name=self.name
            )
        return Montage(
            self.name,
            self.labels,
            np.array(self.positions_m, dtype=np.float64).reshape(-1, 3),
            "as kept with the session",
            self.anodes,
            self.cathodes,
            np.array(self.endpoints_m, dtype=np.float64).reshape(-1, 2, 3),
        )


@dataclass(frozen=True)
class Place:
    """Where the user looks; as :class:`~samba_gui.session.selection.Selection`."""

    cursor_s: float = 0.0
    page_start_s: float = 0.0
    page_s: float = 10.0
    electrode: str = ""

    def __post_init__(self) -> None:
        if not 0.0 < self.page_s <= MAX_PAGE_S:
            raise ValueError(f"a page of {self.page_s:g} s")

    def selection(self, duration_s: float) -> Selection:
        """The place within a recording of some length."""
        page = Selection(page_s=self.page_s, electrode=self.electrode).scrolled(self.page_start_s, duration_s)
        return page.at(self.cursor_s, duration_s)


@dataclass(frozen=True)
class SessionState:
    """A session without its recording and annotations; nothing in it tells who was recorded.

    Parameters
    ----------
    recording_sha256 : str
        Which recording it belongs to.
    montage : KeptMontage or None
    bads : frozenset of str
        Channels left out of the model's input.
    place : Place
    display : Display
    bundle_dir, bundle_key : str
        The model bundle, empty for none.
    view : dict of str to str
        What the window adds, by name: the head's view, the open panels.
    recording : str
        Where the recording lies, only in a session that the user saves.
    """

    recording_sha256: str
    montage: KeptMontage | None = None
    bads: frozenset[str] = frozenset()
    place: Place = Place()
    display: Display = field(default_factory=Display)
    bundle_dir: str = ""
    bundle_key: str = ""
    view: dict[str, str] = field(default_factory=dict)
    recording: str = ""

    def __post_init__(self) -> None:
        display = self.display
        for name, low, high in DISPLAY_LIMITS:
            if not low <= getattr(display, name) <= high:
                raise ValueError(f"{name} is {getattr(display, name):g}")
        if not all(row.terms for row in display.derivation.rows):
            raise ValueError("a derived row without channels")
        if not all(1e-2 <= uv <= 1e6 for _, uv in display.own_uv):
            raise ValueError("a sensitivity that cannot be drawn")
        if display.quality not in QUALITIES:
            raise ValueError(f"there is no quality {display.quality!r:.40}")

    def to_json(self) -> str:
        """One JSON object."""
        return json.dumps({"format": FORMAT, **to_plain(self)}, indent=1, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> SessionState:
        """Read it back, from anyone's file.

        Raises
        ------
        StateError
            Not a session of this format, or a value in it is not what it should be.
        """
        try:
            data = json.loads(text) if len(text) <= MAX_CHARACTERS else None
            if not isinstance(data, dict) or data.get("format") != FORMAT:
                raise StateError("This is not a session of samba-gui.", "Choose a file that it saved.")
            return from_plain(cls, data)
        except (ValueError, RecursionError) as error:
            raise StateError(
                "The session file is damaged: {why!s:.120}.", "Open the recording instead.", why=error
            ) from None

    def match(self, document: Document) -> MontageMatch | None:
        """The kept montage on a recording: a proposal if it is one; None where it does not fit any more."""
        if self.montage is None:
            return None
        try:
            montage = self.montage.montage()
            same = (
                proposal
                for proposal in document.proposals
                if proposal.montage.name == montage.name and proposal.montage.key == montage.key
            )
            return next(same, None) or match(document.info, montage)
        except MontageError:
            return None

    def in_words(self) -> Text:
        """Montage and bad channels, for the user."""
        words = [Text("montage {name}", name=self.montage.name)] if self.montage else []
        if self.bads:
            shown = ", ".join(sorted(self.bads)[:MAX_NAMED]) + (" …" if len(self.bads) > MAX_NAMED else "")
            words.append(Text("left out {names}", names=shown))
        return joined(words)

    def applied_to(self, document: Document) -> Document:
        """The document as it was left, as far as that still fits the recording."""
        found = self.match(document)
        after = replace(document, bads=self.bads & frozenset(document.info.labels), left_out=frozenset())
        return after.with_montage(found) if found is not None else after


@dataclass(frozen=True, eq=False)
class RestoreState:
    """Take montage and bad channels as they were left."""

    state: SessionState
    title: Text

    def apply(self, document: Document) -> Document:
        """The document after the change."""
        return self.state.applied_to(document)


def state_of(
    document: Document,
    recording_sha256: str,
    selection: Selection,
    display: Display,
    bundle: tuple[str, str],
    view: dict[str, str],
) -> SessionState:
    """What to keep of a session; ``bundle`` is its folder and its key."""
    return SessionState(
        recording_sha256,
        KeptMontage.of(document.match.montage) if document.match else None,
        document.bads,
        Place(selection.cursor_s, selection.page_start_s, selection.page_s, selection.electrode),
        display,
        *bundle,
        view,
    )
