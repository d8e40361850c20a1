"""What the map of the windows shows, frozen, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from samba_gui.engine.projection import Components
from samba_gui.engine.tsne import perplexity
from samba_gui.scene.window_colours import Colouring
from samba_gui.ui.language import tr
from samba_gui.ui.theme import LIGHT, Theme

PROJECTIONS = {"pca": "Principal components", "tsne": "t-SNE"}


@dataclass(frozen=True)
class MapView:
    """What a reader chooses at the map; it outlives recordings.

    Parameters
    ----------
    projection : {"pca", "tsne"}
    colour : str
        ``"time"``, ``"quality"``, ``"annotation"``, or ``"head:"`` and the name of a head.
    path : bool
        Whether a line joins windows that follow each other.
    """

    projection: str = "pca"
    colour: str = "time"
    path: bool = False

    def __post_init__(self) -> None:
        if self.projection not in PROJECTIONS:
            raise ValueError(f"there is no projection {self.projection!r:.40}")


@dataclass(frozen=True, eq=False)
class MapState:
    """Everything the map panel needs; arrays over points belong to ``components.windows``.

    Parameters
    ----------
    components : Components or None
    places : ndarray (n, 2) or None
        Of the chosen projection; None while there is none.
    why_not : str
        Why there are no places, in words.
    choices : tuple of (key, title)
        What can be coloured by.
    colouring : Colouring or None
        Of all windows of the analysis; None while it is computed.
    marks : ndarray (n,) uint8
        :class:`samba_gui.engine.projection.Mark`.
    onsets_s, durations_s : ndarray (n,)
    marked, on_page : ndarray (n,) bool
    current : int or None
        The point at the cursor.
    iteration : int or None
        Of the t-SNE that is being computed.
    seed : int
    view : MapView
    theme : Theme
    """

    components: Components | None = None
    places: np.ndarray | None = None
    why_not: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    colouring: Colouring | None = None
    marks: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))
    onsets_s: np.ndarray = field(default_factory=lambda: np.zeros(0))
    durations_s: np.ndarray = field(default_factory=lambda: np.zeros(0))
    marked: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    on_page: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    current: int | None = None
    iteration: int | None = None
    seed: int = 0
    view: MapView = field(default_factory=MapView)
    theme: Theme = LIGHT


def axis_titles(state: MapState) -> tuple[str, str]:
    """What stands at the axes: along principal components the share of the variance."""
    if state.view.projection == "tsne" or state.components is None:
        return tr("t-SNE 1, no unit"), tr("t-SNE 2, no unit")
    shares = [100 * share for share in (*state.components.variance, 0.0)]
    return tr("PC 1 · {:.0f} % of variance").format(shares[0]), tr("PC 2 · {:.0f} %").format(shares[1])


def in_words(state: MapState) -> str:
    """What may be read from the map, and what not."""
    components = state.components
    if components is None:
        return ""
    low, high = components.order_by_chance
    if components.order < low:
        order = tr(
            "Neighbours in time: {:.2f} of the squared distance of any two (shuffled {:.2f}–{:.2f}), closer "
            "than by chance: drift, states or artefacts that last."
        )
    else:
        order = tr(
            "Neighbours in time: {:.2f} of the squared distance of any two (shuffled {:.2f}–{:.2f}), no "
            "closer than by chance, as in noise."
        )
    if state.view.projection == "tsne":
        axes = tr(
            "In t-SNE only who is near whom counts: distances, sizes and gaps have no unit, and noise forms "
            "clumps, too (perplexity {:.0f}, seed {})."
        ).format(perplexity(len(components.windows)), state.seed)
    else:
        axes = tr("The axes belong to this recording and have no physiological meaning.")
    return f"{order.format(components.order, low, high)} {axes}"


MORE_WORDS = (
    "Each point is one window of the recording: 1152 statistics of the network's decoder, standardised "
    "within this recording, of which the map keeps two dimensions. Windows lie close where these numbers are "
    "alike, for whatever reason: amplitude, muscle, a loose electrode, sleep. White noise gives one round "
    "cloud without order in time and a small share of variance on the first axis (15 % for 150 windows with "
    "the bundle that ships; recordings reach 40 to 70 %). Groups that matter are found again in another "
    "recording; a group seen once on a map is a question, not a finding."
)
