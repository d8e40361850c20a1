"""From the session to what the map shows; nothing is drawn here."""

from __future__ import annotations

from functools import partial

import numpy as np

from samba_gui.core.words import Text
from samba_gui.engine.projection import marks
from samba_gui.engine.tsne import available
from samba_gui.scene.colours import THEMES
from samba_gui.scene.window_colours import Colouring, Scale, by_annotation, by_class, by_time
from samba_gui.session.results import ResultsStore
from samba_gui.session.session import Session
from samba_gui.ui.language import tr
from samba_gui.ui.theme import Theme
from samba_gui.ui.timeline.metrics import METRICS
from samba_gui.ui.window_map.state import MapState, MapView

NO_TSNE = Text("t-SNE needs scikit-learn, which is not installed: pip install 'samba-gui[train]'.")


class MapResolver:
    """Makes the map's states; what belongs to an analysis as a whole is made once.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._facts_of: object = None
        self._facts: tuple[np.ndarray, np.ndarray, np.ndarray] = (np.zeros(0),) * 3
        self._colouring_of: tuple[object, ...] = ()
        self._colouring: Colouring | None = None

    def state(self, theme: Theme, view: MapView) -> MapState:
        """The map as it is to be shown."""
        session = self._session
        window_map, store = session.window_map, session.analysis.store
        components = window_map.components
        choices = self._choices()
        if components is None or store is None:
            return MapState(why_not=tr(window_map.why_not), choices=choices, view=view, theme=theme)
        onsets_s, durations_s, marks = (values[components.windows] for values in self._of_windows(store))
        middles_s, selection = onsets_s + durations_s / 2, session.selection
        under = (onsets_s <= selection.cursor_s) & (selection.cursor_s < onsets_s + durations_s)
        places = components.scores[:, :2] if view.projection == "pca" else window_map.tsne
        why_not = ""
        if places is None:
            why_not = tr("t-SNE is computed when it is asked for.") if available() else tr(NO_TSNE)
        elif components.scores.shape[1] < 2:
            places, why_not = None, tr("The windows differ in one direction only.")
        return MapState(
            components=components,
            places=places,
            why_not=why_not,
            choices=choices,
            colouring=self._coloured(store, view.colour, theme),
            marks=marks,
            onsets_s=onsets_s,
            durations_s=durations_s,
            marked=selection.is_marked(middles_s),
            on_page=(onsets_s < selection.page_stop_s) & (onsets_s + durations_s > selection.page_start_s),
            current=int(np.flatnonzero(under)[0]) if under.any() else None,
            iteration=window_map.iteration,
            seed=store.start.recipe.seed,
            view=view,
            theme=theme,
        )

    def _choices(self) -> tuple[tuple[str, str], ...]:
        store, metric = self._session.analysis.store, METRICS[self._session.display.quality]
        heads = (
            tuple((f"head:{name}", tr("Class: {}").format(self._title(name))) for name in store.start.heads)
            if store
            else ()
        )
        return (
            ("time", tr("Time")),
            *heads,
            ("quality", tr(metric.title)),
            ("annotation", tr("Annotation")),
        )

    def _title(self, name: str) -> str:
        config = self._session.bundle.config if self._session.bundle else None
        title = next((head.title for head in config.heads if head.name == name), name) if config else name
        if config and f"head {name}" in config.taught_by(self._session.recording_sha256):
            return tr("{title}, trained on this recording").format(title=title)
        return title

    def _of_windows(self, store: ResultsStore) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        key = (store, store.revision)
        if key != self._facts_of:
            plan = store.start.plan
            self._facts_of = key
            self._facts = plan.onsets_s(), plan.durations_s(), marks(plan, store.abstained)
        return self._facts

    def _coloured(self, store: ResultsStore, colour: str, theme: Theme) -> Colouring | None:
        """By what was chosen; by time where this analysis does not have it."""
        session, plan = self._session, store.start.plan
        name = session.display.quality
        quality = (
            session.window_map.per_window(name, partial(_quality, name)) if colour == "quality" else None
        )
        document = session.document if colour == "annotation" else None
        annotations = document.annotations if document else ()
        key = (store, store.revision, colour, id(quality), annotations, session.bundle, name, theme)
        if key == self._colouring_of:
            return self._colouring
        head, names = colour.removeprefix("head:"), THEMES[theme.name].names
        made: Colouring | None
        if colour == "quality":
            made = None if quality is None else _quality_scale(name, quality)
        elif colour == "annotation":
            made = by_annotation(plan, annotations, document.description_places if document else {}, names)
        elif head in store.start.heads:
            made = by_class(self._title(head), store.start.heads[head], store.probabilities[head], names)
        else:
            made = by_time(plan)
        self._colouring_of, self._colouring = key, made
        return made


def _quality(name: str, store: ResultsStore) -> np.ndarray:
    """Median over channels of every window's figure."""
    figures = METRICS[name].figure(store.sums.over(1, 3), np.asarray(store.start.scale_uv))
    nothing = ~np.isfinite(figures).any(axis=1)
    figures[nothing] = 0.0
    return np.where(nothing, np.nan, np.nanmedian(figures, axis=1))


def _quality_scale(name: str, values: np.ndarray) -> Scale:
    metric = METRICS[name]
    title = tr("{}, median of channels").format(tr(metric.title))
    colours = "diverging" if metric.low < 0 else "sequential"
    return Scale(title, metric.unit, values, (metric.low, metric.high), colours)
