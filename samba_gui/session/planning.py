"""Which analysis is wanted, and where it comes from: an earlier results file, or the worker."""

from __future__ import annotations

from pathlib import Path

from psygnal import Signal

from samba_gui.core.errors import RecipeError
from samba_gui.core.jobs import AnalyseJob
from samba_gui.core.montage import MontageMatch
from samba_gui.core.recipe import make_recipe
from samba_gui.core.words import Text
from samba_gui.io.results import StoredResults, read_results
from samba_gui.session.analysis import Analysis, AnalysisOptions
from samba_gui.session.background import Background
from samba_gui.session.bundle import Bundle
from samba_gui.session.cache import results_name
from samba_gui.session.document import Document
from samba_gui.session.notices import Notice, notice_of
from samba_gui.session.results import stored_in_memory
from samba_gui.session.what_if import WhatIf

LONG_S = 3600.0
"""A longer recording is analysed when the user asks for it: it may take hours."""


class Planning:
    """Has the document analysed as it now is, unless that is under way or done already.

    Parameters
    ----------
    analysis : Analysis
    what_if : WhatIf
        Gets the whole analysis to compare with, where an earlier one is kept.
    results_dir : Path
        Where results files go, one per recording and recipe.
    reads : Background
        Reads earlier results.
    """

    whole_found = Signal()
    noticed = Signal(Notice)

    def __init__(self, analysis: Analysis, what_if: WhatIf, results_dir: Path, reads: Background) -> None:
        self._analysis = analysis
        self._what_if = what_if
        self._results_dir = results_dir
        self._reads = reads
        self._document: Document | None = None
        self._again = 0

    def begin(self) -> None:
        """Another recording is open: nothing is wanted of it yet."""
        self._document = None
        self._again = 0
        self._analysis.clear()

    def anew(self) -> None:
        """The next analysis goes into a fresh results file, though it was done before."""
        self._again += 1

    def analyse(
        self,
        document: Document,
        sha256: str,
        bundle: Bundle,
        options: AnalysisOptions,
        seen_s: tuple[float, float],
        *,
        asked: bool,
    ) -> None:
        """Analyse a document, or offer to; without a montage there is nothing to do.

        Parameters
        ----------
        document : Document
        sha256 : str
            Of the recording; names the results file.
        bundle : Bundle
        options : AnalysisOptions
        seen_s : tuple of 2 floats
            The page on screen: its windows come first.
        asked : bool
            Whether the user wants it now, however long it takes.
        """
        self._document = document
        chosen = document.match
        if chosen is None:
            return
        try:
            job = self._job(document, chosen, sha256, bundle, options, document.unread, seen_s)
        except RecipeError as error:
            self._analysis.clear()
            self.noticed.emit(notice_of(error, Text("Planning the analysis")))
            return
        if job == self._analysis.job:
            return
        if Path(job.results_path).exists():
            self._take_from_cache(job, asked)
        else:
            self._begin_job(job, asked)
        if document.left_out and self._what_if.whole is None:
            self._find_whole(document, self._job(document, chosen, sha256, bundle, options, document.bads))

    def _job(
        self,
        document: Document,
        chosen: MontageMatch,
        sha256: str,
        bundle: Bundle,
        options: AnalysisOptions,
        unread: frozenset[str],
        seen_s: tuple[float, float] | None = None,
    ) -> AnalyseJob:
        recipe = make_recipe(
            document.info, chosen, bundle.config.key, bads=unread, seed=options.seed, pairs=options.pairs
        )
        path = str(self._results_dir / results_name(sha256, recipe, options.device, self._again))
        return AnalyseJob(document.info, recipe, str(bundle.directory), path, options.device, seen_s)

    def _begin_job(self, job: AnalyseJob, asked: bool) -> None:
        """Run a job that is short or asked for, else offer it."""
        if asked or job.info.duration_s <= LONG_S:
            self._analysis.run(job)
        else:
            self._analysis.offer(job)

    def _take_from_cache(self, job: AnalyseJob, asked: bool) -> None:
        """The same analysis has been done before: its results are read instead."""
        self._analysis.expect(job)

        def read(stored: StoredResults) -> None:
            if self._analysis.job is job:
                if stored.complete and stored.start.recipe == job.recipe:
                    self._analysis.adopt(job, stored)
                else:
                    self._begin_job(job, asked)

        def unreadable(_: Notice) -> None:
            if self._analysis.job is job:
                self._begin_job(job, asked)

        self._reads.run(Text("Reading results"), lambda: read_results(job.results_path), read, unreadable)

    def _find_whole(self, document: Document, job: AnalyseJob) -> None:
        """Compare a what-if with the results of an earlier analysis, where there are any."""
        if not Path(job.results_path).exists():
            return

        def read(stored: StoredResults) -> None:
            now = self._document
            same = now is not None and now.input == document.input
            if same and self._what_if.whole is None and stored.complete and stored.start.recipe == job.recipe:
                self._what_if.whole = stored_in_memory(stored)
                self.whole_found.emit()

        self._reads.run(Text("Reading results"), lambda: read_results(job.results_path), read, lambda _: None)
