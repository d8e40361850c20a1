"""Montages that a user brings: used as they are; what looks wrong is said, and mending it is one step."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from samba_gui.core.montage import Montage
from samba_gui.core.words import Text, joined
from samba_gui.io.coordinate_doctor import examine
from samba_gui.io.coordinate_findings import Finding, Severity
from samba_gui.io.montage_files import load_montage
from samba_gui.io.montages import shipped_montages
from samba_gui.session.notices import Level, Notice
from samba_gui.ui.context import Context

MONTAGE_FILES = "Montages (*.csv *.tsv *.elc *.sfp *.loc *.locs *.ced *.bvef *.xlsx *.txt);;All files (*)"

Examined = tuple[Montage, list[Finding]]


class MontageDoctor:
    """Examines montages off the window's thread; nothing is mended unasked, and undo takes mending back.

    Parameters
    ----------
    context : Context
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._session = context.session

    def use_file(self, path: str) -> None:
        """Read a montage and use it as it is."""
        name = Path(path).name

        def read() -> Examined:
            montage = load_montage(path)
            return montage, examine(montage)

        def use(examined: Examined) -> None:
            if self._session.use_montage(examined[0]):
                self._context.errors.post(self._warning(*examined, name) or _used(examined[0], name))

        self._context.exports.run(Text("Reading {name}", name=name), read, use, self._context.errors.post)

    def examine_chosen(self) -> None:
        """Examine the montage in use, unless it is one that ships; silent where nothing looks wrong."""
        document = self._session.document
        montage = document.match.montage if document is not None and document.match is not None else None
        if montage is None or montage.name in {shipped.name for shipped in shipped_montages()}:
            return

        def say(findings: list[Finding]) -> None:
            warning = self._warning(montage, findings, montage.name)
            if warning is not None:
                self._context.errors.post(warning)

        self._context.exports.run(
            _examining(montage), lambda: examine(montage), say, self._context.errors.post
        )

    def _mend(self, fixed: Montage) -> None:
        """Use a mended copy, and say what is left to be mended."""

        def use(findings: list[Finding]) -> None:
            if self._session.use_montage(fixed):
                self._context.errors.post(self._warning(fixed, findings, fixed.name) or _mended(fixed))

        self._context.exports.run(_examining(fixed), lambda: examine(fixed), use, self._context.errors.post)

    def _warning(self, montage: Montage, findings: list[Finding], name: str) -> Notice | None:
        """The first thing to mend with its button, and what comes after; None where nothing looks wrong."""
        warnings = [finding for finding in findings if finding.severity == Severity.WARNING]
        if not warnings:
            return None
        first, *others = warnings
        hints = [first.suggestion, Text("It is used as it is.")]
        if others:
            hints.append(Text("And then: {others}", others=joined((one.what for one in others), " ")))
        return Notice(
            Level.WARNING,
            Text("{name}: {what}", name=name, what=first.what),
            joined(hints, " "),
            offer=first.remedy,
            accept=partial(self._mend, first.fixed) if first.fixed is not None else None,
        )


def _examining(montage: Montage) -> Text:
    return Text("Examining {name}", name=montage.name)


def _used(montage: Montage, name: str) -> Notice:
    words = Text("{name} is used: {n} electrodes.", name=name, n=len(montage))
    return Notice(Level.INFO, words, Text("{source}", source=montage.source))


def _mended(montage: Montage) -> Notice:
    words = Text("{name}: nothing else looks wrong.", name=montage.name)
    return Notice(Level.INFO, words, Text("The file is unchanged; Edit ▸ Undo takes the step back."))
