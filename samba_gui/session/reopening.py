"""From a picture back to what it shows: which bundle, which recording, which channels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from samba_gui.core.errors import BundleError, MontageError, RecipeError, RecordingError
from samba_gui.core.montage import MontageMatch
from samba_gui.core.recipe import Recipe, make_recipe
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.words import Text
from samba_gui.io.hashing import recording_files, recording_sha256
from samba_gui.io.montages import match, montage_by_id
from samba_gui.io.provenance import read_provenance
from samba_gui.session.bundle import Bundle, load_bundle
from samba_gui.session.document import Document
from samba_gui.session.picture_state import PictureState, picture_state

MOST_HASHED_BYTES = 4_000_000_000
"""Recent files are read from end to end to be recognised; after so much the search is given up."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a picture was made from, and where that lies here.

    Parameters
    ----------
    state : PictureState
    bundle : Bundle or None
        None: none here has that key.
    recording : str
        Path of a recent file with that hash; empty: none, or not looked for.
    unread : int
        Recent files that were too large to be looked at.
    """

    state: PictureState
    bundle: Bundle | None
    recording: str = ""
    unread: int = 0


def look_up(
    path: str | Path, bundle: Bundle | None, folders: Iterable[Path], open_sha256: str, recent: Iterable[str]
) -> Found:
    """Read a picture's provenance and look for its bundle and its recording; takes as long as hashing does.

    Parameters
    ----------
    path : path-like
    bundle : Bundle or None
        The one in use.
    folders : iterable of Path
        Where else bundles lie.
    open_sha256 : str
        Of the open recording: if that is the one, no file is read.
    recent : iterable of str
        Recordings to look among.

    Raises
    ------
    ExportError
        The file carries no provenance, or none that can be believed.
    """
    state = picture_state(read_provenance(path))
    found = bundle if bundle is not None and bundle.config.key == state.bundle_key else None
    for folder in folders if found is None and state.bundle_key else ():
        try:
            candidate = load_bundle(folder)
        except BundleError:
            continue
        if candidate.config.key == state.bundle_key:
            found = candidate
            break
    recording, unread = "", 0
    if state.recording_sha256 and state.recording_sha256 != open_sha256:
        recording, unread = _recording(state.recording_sha256, recent)
    return Found(state, found, recording, unread)


def _recording(sha256: str, paths: Iterable[str]) -> tuple[str, int]:
    left, unread = MOST_HASHED_BYTES, 0
    for path in paths:
        try:
            size = sum(file.stat().st_size for file in recording_files(Path(path)))
            if size > left:
                unread += 1
                continue
            left -= size
            if recording_sha256(path) == sha256:
                return path, unread
        except (OSError, RecordingError):
            continue
    return "", unread


@dataclass(frozen=True, eq=False)
class ReadAs:
    """Read the recording with the channels of a recipe."""

    found: MontageMatch
    bads: frozenset[str]

    @property
    def title(self) -> Text:
        """For the menu."""
        return Text("Read as in the figure")

    def apply(self, document: Document) -> Document:
        """The document after the change."""
        return Document(
            document.info,
            document.with_montage(self.found).proposals,
            self.found,
            self.bads,
            annotations=document.annotations,
        )


def read_as(info: RecordingInfo, recipe: Recipe) -> ReadAs:
    """How to read a recording so that its recipe comes out.

    A montage by name with channels marked bad is preferred to bare positions: that is what was seen.

    Raises
    ------
    MontageError
        The recording has not the recipe's channels.
    """
    try:
        found = match(info, montage_by_id(recipe.montage_name))
        labels = {info.labels[index] for index in found.channel_indices}
        bads = frozenset(labels - set(recipe.labels))
        made = make_recipe(info, found, recipe.bundle_key, bads=bads, seed=recipe.seed, pairs=recipe.pairs)
        if made == recipe:
            return ReadAs(found, bads)
    except (MontageError, RecipeError):
        pass
    found = match(info, recipe.montage())
    if {info.labels[index] for index in found.channel_indices} != set(recipe.labels):
        raise MontageError("The recording has not the channels of the figure.", "Choose another recording.")
    return ReadAs(found, frozenset())
