"""The map of the analysis' windows: principal components when it has ended, t-SNE when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from psygnal import Signal

from samba_gui.core.memory import give_back
from samba_gui.core.words import Text
from samba_gui.engine.projection import LEAST_WINDOWS, Components, Mark, marks, principal_components
from samba_gui.engine.tsne import TsneProcess
from samba_gui.session.analysis import Analysis
from samba_gui.session.background import Background
from samba_gui.session.notices import Notice
from samba_gui.session.results import ResultsStore


class WindowMap:
    """Follows an analysis; slow work runs in threads, t-SNE in a process.

    Parameters
    ----------
    analysis : Analysis
    deliver : callable
        See :class:`Background`.

    Attributes
    ----------
    components : Components or None
    tsne : ndarray (n, 2) or None
        Of the same windows as the components.
    iteration : int or None
        Of the t-SNE that is being computed.
    why_not : Text
        Why there is no map, in words.
    """

    changed = Signal()
    noticed = Signal(Notice)

    def __init__(self, analysis: Analysis, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._analysis = analysis
        self._deliver = deliver
        self._thread = Background(deliver, "map")
        self._slow = Background(deliver, "t-SNE")
        self._process: TsneProcess | None = None
        self._of: tuple[ResultsStore | None, int] = (None, 0)
        self._kept: dict[str, np.ndarray | None] = {}
        self.components: Components | None = None
        self.tsne: np.ndarray | None = None
        self.iteration: int | None = None
        self._forget(Text("Open a recording to see a map of its windows."))
        analysis.changed.connect(self._follow)

    @property
    def busy(self) -> bool:
        """Whether something is being computed."""
        return self._thread.busy or self._slow.busy

    def per_window(self, name: str, figure: Callable[[ResultsStore], np.ndarray]) -> np.ndarray | None:
        """One value per window of the analysis that the map shows; None until it is computed.

        Parameters
        ----------
        name : str
            The figure is computed once for each name and analysis.
        figure : callable
            Runs in a thread.
        """
        store = self._of[0]
        if store is None or name in self._kept:
            return self._kept.get(name)
        of, self._kept[name] = self._of, None

        def keep(values: np.ndarray) -> None:
            if of == self._of:
                self._kept[name] = values
                self.changed.emit()

        self._thread.run(Text("Colouring the map"), lambda: figure(store), keep, self.noticed.emit)
        return None

    def compute_tsne(self) -> None:
        """Place the windows by t-SNE, unless that is done or under way."""
        components, of = self.components, self._of
        if components is None or self._process is not None or self.tsne is not None:
            return
        self._process = process = TsneProcess()
        self.iteration = 0
        seed = self._seed()

        def told(iteration: int) -> None:
            if process is self._process:
                self.iteration = iteration
                self.changed.emit()

        def done(places: np.ndarray | None) -> None:
            if process is self._process:
                self._process, self.iteration = None, None
                if of == self._of:
                    self.tsne = places
                self.changed.emit()

        def failed(notice: Notice) -> None:
            done(None)
            self.noticed.emit(notice)

        self._slow.run(
            Text("t-SNE"),
            lambda: process.run(components.scores, seed, lambda i: self._deliver(lambda: told(i))),
            done,
            failed,
        )
        self.changed.emit()

    def cancel_tsne(self) -> None:
        """End the t-SNE that is being computed."""
        if self._process is not None:
            self._process.cancel()

    def close(self) -> None:
        """End everything."""
        self.cancel_tsne()
        self._slow.close()
        self._thread.close()

    def _seed(self) -> int:
        store = self._of[0]
        return store.start.recipe.seed if store is not None else 0

    def _forget(self, why_not: Text) -> None:
        self.cancel_tsne()
        self._process = self.components = self.tsne = self.iteration = None
        self.why_not = why_not
        self._kept.clear()

    def _follow(self) -> None:
        """Compute the components of an analysis that has come to rest."""
        store = self._analysis.store
        of = (store, store.revision if store is not None and not self._analysis.busy else 0)
        if of == self._of:
            return
        self._of = of
        if store is None:
            self._forget(Text("The map is drawn when the recording is analysed."))
        elif self._analysis.busy:
            self._forget(Text("The map is drawn when all windows are analysed."))
        elif not store.start.features:
            self._forget(
                Text(
                    "These results come from a version that did not keep what the map is drawn from. "
                    "Analysis ▸ Analyse computes it."
                )
            )
        else:
            self._forget(Text("Computing principal components …"))
            self._thread.run(
                Text("The map of the windows"),
                lambda: _components(store),
                lambda found: self._take(of, found),
                self.noticed.emit,
            )
        self.changed.emit()

    def _take(self, of: tuple[ResultsStore | None, int], components: Components | None) -> None:
        if of == self._of:
            self.components = components
            self.why_not = Text("A map needs {least} or more windows that differ.", least=LEAST_WINDOWS)
            self.changed.emit()


def _components(store: ResultsStore) -> Components | None:
    start = store.start
    ordinary = marks(start.plan, store.abstained) == Mark.NONE
    components = principal_components(store.features, store.filled, ordinary, start.recipe.seed)
    give_back()
    return components
