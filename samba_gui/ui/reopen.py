"""File ▸ Open from figure: everything that a picture tells is put back, and what cannot be is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from samba_gui.core.errors import MontageError
from samba_gui.core.places import default_bundle_dir
from samba_gui.core.words import NOTHING, Text, joined
from samba_gui.io.template_cortex import cortex_available
from samba_gui.scene.cameras import CAMERAS
from samba_gui.scene.head_field import Quantity
from samba_gui.scene.opengl import opengl_works
from samba_gui.session.analysis import AnalysisOptions
from samba_gui.session.notices import Level, Notice
from samba_gui.session.picture_state import PictureState
from samba_gui.session.reopening import Found, look_up, read_as
from samba_gui.session.selection import PAGE_LENGTHS_S
from samba_gui.ui.context import Context
from samba_gui.ui.language import tr

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow

_QUALITY = ("nrmse", "skill", "correlation")


class Reopening:
    """Restores the window from a picture.

    Parameters
    ----------
    context : Context
    window : MainWindow
    """

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._session = context.session
        self._window = window
        self._expected: tuple[str, Found] | None = None
        self._session.recording_changed.connect(self._on_recording_changed)

    def open(self, path: str) -> None:
        """Read a picture off the window's thread, then restore what it tells."""
        bundle, sha256 = self._session.bundle, self._session.recording_sha256
        remembered = self._context.settings.get("analysis/bundle")
        folders = [default_bundle_dir(), *([Path(remembered)] if remembered else [])]
        recent = self._context.recent.paths()
        name = Path(path).name
        self._window.set_exporting(tr("Reading {name} …").format(name=name))

        def done(found: Found) -> None:
            self._window.set_exporting("")
            self._restore(name, found)

        def failed(notice: Notice) -> None:
            self._window.set_exporting("")
            self._context.errors.post(notice)

        self._context.exports.run(
            Text("Reading {name}", name=name),
            lambda: look_up(path, bundle, folders, sha256, recent),
            done,
            failed,
        )

    def _restore(self, name: str, found: Found) -> None:
        state = found.state
        restored: list[Text] = []
        missing: list[Text] = []
        self._restore_bundle(found, restored, missing)
        self._restore_view(found, restored, missing)
        if state.recipe is not None:
            self._session.set_options(
                AnalysisOptions(state.recipe.seed, state.recipe.pairs, self._session.options.device)
            )
            restored.append(Text("seed and mask pairs"))
        offer = self._restore_recording(found, restored, missing)
        if state.of_many > 1:
            missing.append(Text("the other {n} recordings of the page", n=state.of_many - 1))
        words = Text("{name}: restored {what}.", name=name, what=joined(restored) or Text("nothing"))
        hint = Text("Not restored: {what}.", what=joined(missing, "; ")) if missing else NOTHING
        level = Level.WARNING if missing else Level.INFO
        if offer:
            ask = Text("Its recording is {name}.", name=Path(offer).name)
            self._context.errors.post(
                Notice(
                    level,
                    joined([words, ask], " "),
                    hint,
                    offer=Text("Open it"),
                    accept=lambda: self._open(offer, found),
                )
            )
        else:
            self._context.errors.post(Notice(level, words, hint))
        self._window.refresh_soon()

    def _restore_bundle(self, found: Found, restored: list[Text], missing: list[Text]) -> None:
        state = found.state
        if found.bundle is not None:
            self._session.use_bundle(found.bundle)
            restored.append(Text("bundle {name}", name=found.bundle.config.name))
        elif state.bundle_key:
            missing.append(
                Text(
                    "the bundle {name} ({key}) is not here; open it and try again",
                    name=state.bundle,
                    key=state.bundle_key[:8],
                )
            )

    def _restore_view(self, found: Found, restored: list[Text], missing: list[Text]) -> None:
        state, wiring = found.state, self._window.wiring
        view = wiring.head_view
        if state.compared:
            return  # it is the bench's, not the head's
        if state.quantity in _QUALITY:
            view = replace(view, quantity=Quantity.WINDOW)
            self._session.show_as(replace(self._session.display, quality=state.quantity))
            restored.append(Text("quantity"))
        elif state.quantity in list(Quantity):
            view = replace(view, quantity=Quantity(state.quantity), target=state.target)
            restored.append(Text("quantity"))
        elif state.quantity:
            missing.append(Text("the quantity {name}", name=state.quantity))
        if state.epoch >= 0 and found.bundle is not None:
            if state.epoch in found.bundle.history.epochs:
                index = found.bundle.history.epochs.index(state.epoch)
                view = replace(view, epoch_index=index, untrained=False)
                restored.append(Text("epoch {n}", n=state.epoch))
            else:
                missing.append(Text("epoch {n}, which the bundle does not keep", n=state.epoch))
        if state.view == "3d" and not opengl_works():
            missing.append(Text("the 3-D view (no OpenGL)"))
        elif state.view in ("2d", "3d"):
            view = replace(view, flat=state.view == "2d")
            restored.append(Text("view"))
        if state.names is not None:
            view = replace(view, names=state.names)
        if state.cortex and not cortex_available():
            missing.append(Text("the cortex, which needs nilearn"))
        view = replace(view, cortex=bool(state.cortex) and cortex_available())
        if state.camera in CAMERAS and state.view == "3d":
            self._window.head.look_from(state.camera)
        wiring.head_view = view

    def _restore_recording(self, found: Found, restored: list[Text], missing: list[Text]) -> str:
        """Channels and place in the recording; the path of one that is to be opened first."""
        state, session = found.state, self._session
        if state.recording_sha256:
            if state.recording_sha256 == session.recording_sha256:
                self._read_as(state, restored, missing)
                return ""
            if not found.recording:
                missing.append(
                    Text(
                        "its recording ({key}) is not among the recent files; open it and try again",
                        key=state.recording_sha256[:8],
                    )
                )
                if found.unread:
                    missing.append(Text("{n} large recent files were not read", n=found.unread))
            return found.recording
        if state.montage is not None:
            if session.document is None:
                missing.append(Text("the montage {name}: open a recording", name=state.montage_name))
            elif state.montage == session.document.model_montage:
                restored.append(Text("montage"))
            else:
                self._use_montage(state, restored, missing)
        return ""

    def _use_montage(self, state: PictureState, restored: list[Text], missing: list[Text]) -> None:
        from samba_gui.io.montages import match

        document, montage = self._session.document, state.montage
        assert document is not None
        assert montage is not None
        try:
            found = match(document.info, montage)
        except MontageError:
            found = None
        if found is None or len(found.channel_indices) < len(montage):
            missing.append(
                Text(
                    "the montage {name}: this recording has {n} of its {total} electrodes",
                    name=montage.name,
                    n=0 if found is None else len(found.channel_indices),
                    total=len(montage),
                )
            )
            return
        self._session.choose_montage(found)
        restored.append(Text("montage {name}", name=montage.name))

    def _read_as(self, state: PictureState, restored: list[Text], missing: list[Text]) -> None:
        session, document = self._session, self._session.document
        assert document is not None
        if state.recipe is not None:
            try:
                session.do(read_as(document.info, state.recipe))
                restored.append(Text("montage {name} and channels", name=state.recipe.montage_name))
            except MontageError as error:
                missing.append(error.message)
        if state.compared:
            self._window.analysis_verbs.open_bench(state.compared, flat=state.view == "2d")
            restored.append(Text("{n} montages on the bench", n=len(state.compared)))
        if state.cursor_s >= 0:
            selection = session.selection
            if state.page_s in PAGE_LENGTHS_S:
                selection = selection.with_page_length(state.page_s, session.duration_s)
            if state.page_start_s >= 0:
                selection = selection.page_at(state.page_start_s, session.duration_s)
            session.select(selection.at(state.cursor_s, session.duration_s))
            restored.append(Text("place in the recording"))

    def _open(self, path: str, found: Found) -> None:
        self._expected = (path, found)
        self._session.open(path, found.state.montage)  # with a montage it is not opened as it was left

    def _on_recording_changed(self) -> None:
        expected, self._expected = self._expected, None
        document = self._session.document
        if expected is None or document is None or document.info.path != expected[0]:
            return
        found = expected[1]
        if found.bundle is not None:
            self._session.use_bundle(found.bundle)
        missing: list[Text] = []
        self._read_as(found.state, [], missing)
        if missing:
            words = Text("Not restored: {what}.", what=joined(missing, "; "))
            self._context.errors.post(Notice(Level.WARNING, words))
