"""Opening what the user brings, each file for what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from samba_gui.core.errors import StateError
from samba_gui.core.words import NOTHING, Text
from samba_gui.io.recognise import FileKind, recognise, sorted_by_kind
from samba_gui.session.notices import Level, Notice, notice_of
from samba_gui.session.state import SessionState
from samba_gui.session.states import read_state, write_state
from samba_gui.ui.context import Context
from samba_gui.ui.saving import save_in_background

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow

SESSION_ENDING = ".samba-session.json"


class Opening:
    """Takes files; what belongs to a recording waits until it is there.

    Parameters
    ----------
    context : Context
    window : MainWindow
    """

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._session = context.session
        self._window = window
        self._when_open: Callable[[], None] | None = None
        self._session.recording_changed.connect(self._on_recording_changed)

    def open_files(self, paths: Sequence[str]) -> None:
        """Open some files together: one recording with its montage, annotations, bundle."""
        if len(paths) == 1 and Path(paths[0]).is_file() and recognise(paths[0]) == FileKind.RECORDING:
            self._session.open(paths[0])
        else:
            self._context.exports.run(
                Text("Looking at the files"),
                lambda: sorted_by_kind(paths),
                self._take,
                self._context.errors.post,
            )

    def open_session(self, path: str) -> None:
        """Open a saved session: its recording, as it was."""
        self._context.exports.run(
            Text("Opening the session"),
            lambda: (read_state(Path(path)), Path(path).parent),
            lambda found: self._take_session(*found),
            self._context.errors.post,
        )

    def save_session(self, path: str) -> None:
        """Write where the user is to a file; annotations are not in it."""
        document, state = self._session.document, self._session.state()
        if document is None or state is None:
            return
        state = replace(state, recording=_place_of(document.info.path, Path(path).parent))
        save_in_background(self._context, path, lambda: write_state(Path(path), state))

    # ---- what was found

    def _take(self, found: dict[FileKind, Sequence[str]]) -> None:
        for path in found[FileKind.BUNDLE][:1]:
            self._session.load_bundle(Path(path))
        extras = [*found[FileKind.MONTAGE][:1], *found[FileKind.ANNOTATIONS]]
        recordings = found[FileKind.RECORDING]
        if recordings:

            def when_open() -> None:
                self._add(extras)
                self._tell_what_is_left(found)

            self._when_open = when_open  # messages before would be cleared with those of the recording before
            self._session.open(recordings[0])
            return
        if found[FileKind.SESSION]:
            self.open_session(found[FileKind.SESSION][0])
        elif found[FileKind.FIGURE]:
            self._window.reopening.open(found[FileKind.FIGURE][0])
        elif self._session.document is not None:
            self._add(extras)
        elif extras:
            words = Text("{name} belongs to a recording.", name=Path(extras[0]).name)
            self._say(words, Text("Open the recording first, or drop both together."))
        self._tell_what_is_left(found)

    def _tell_what_is_left(self, found: dict[FileKind, Sequence[str]]) -> None:
        recordings, unknown = found[FileKind.RECORDING], found[FileKind.UNKNOWN]
        for path in reversed(recordings[1:]):
            self._context.recent.add(path)
        if len(recordings) > 1:
            self._say(
                Text(
                    "One recording at a time: {name} is opened, {n} not.",
                    name=Path(recordings[0]).name,
                    n=len(recordings) - 1,
                ),
                Text(
                    "The others are in File ▸ Open recent. To analyse many at once: {command}",
                    command="samba-gui run FILES --out FOLDER",
                ),
            )
        if len(found[FileKind.MONTAGE]) > 1 or len(found[FileKind.BUNDLE]) > 1:
            self._say(Text("Of several montages or bundles the first is used."))
        if unknown and sum(map(len, found.values())) == 1:
            self._session.open(unknown[0])  # says what is wrong with it
            return
        for path in unknown:
            words = Text(
                "{name} was left out: no recording, montage, annotations, bundle or session.",
                name=Path(path).name,
            )
            self._say(words, level=Level.WARNING)

    def _take_session(self, state: SessionState, folder: Path) -> None:
        if state.recording_sha256 == self._session.recording_sha256:
            self._session.resume(state)
        elif state.recording and (recording := folder / state.recording).exists():
            self._session.open(str(recording), state=state)
        else:
            name = Path(state.recording).name or "?"
            error = StateError(
                "The recording of this session, {name}, is not where it was.",
                "Open the recording, then the session again.",
                name=name,
            )
            self._context.errors.post(notice_of(error, Text("Opening the session")))
            return
        if panels := state.view.get("panels", ""):
            self._window.show_panels(panels)

    def _on_recording_changed(self) -> None:
        when_open, self._when_open = self._when_open, None
        if when_open is not None:
            when_open()

    def _add(self, extras: Sequence[str]) -> None:
        for path in extras:
            if recognise(path) == FileKind.MONTAGE:
                self._window.analysis_verbs.use_montage_file(path)
            else:
                self._window.annotation_verbs.load_file(path)

    def _say(self, message: Text, hint: Text = NOTHING, level: Level = Level.INFO) -> None:
        self._context.errors.post(Notice(level, message, hint))


def _place_of(recording: str, folder: Path) -> str:
    """Where the recording lies from a folder's view, so that both can be moved together."""
    path = Path(recording).absolute()
    if path.is_relative_to(folder.absolute()):
        return path.relative_to(folder.absolute()).as_posix()
    return str(path)
