"""Annotations change, come back, and outlive a crash; nothing is analysed again for them."""

from __future__ import annotations

import json
import threading

import pytest

from samba_gui.core.recording import Annotation, Channel, RecordingInfo, Segment
from samba_gui.session.annotating import (
    AddAnnotation,
    ChangeAnnotation,
    DeleteAnnotation,
    SetAnnotations,
    fitted,
)
from samba_gui.session.background import Background
from samba_gui.session.document import Document
from samba_gui.session.drafts import Drafts
from samba_gui.session.history import History

A, B = Annotation(1.0, 2.0, "a"), Annotation(5.0, 0.0, "b")
SHA = "0" * 64


def history_of(*annotations):
    info = RecordingInfo("/x.edf", "EDF", (Channel("Cz", "Cz"),), 100.0, 6000, (Segment(0.0, 0, 6000),))
    history = History()
    history.begin(Document(info, annotations=annotations))
    return history


def test_every_change_can_be_undone_and_redone():
    history = history_of(B)
    moved = Annotation(7.0, 2.0, "a")
    renamed = Annotation(7.0, 2.0, "c")
    steps = [
        (AddAnnotation(A), "Add a", (A, B)),
        (ChangeAnnotation(A, moved), "Move a", (B, moved)),
        (ChangeAnnotation(moved, renamed), "Rename a", (B, renamed)),
        (DeleteAnnotation(B), "Delete b", (renamed,)),
        (SetAnnotations("Load x.csv", (A,)), "Load x.csv", (A,)),
    ]
    seen = [history.document.annotations]
    for command, title, after in steps:
        history.do(command)
        assert history.document.annotations == after
        assert history.undo_title == title
        seen.append(after)
    for before in reversed(seen[:-1]):
        history.undo()
        assert history.document.annotations == before
    for after in seen[1:]:
        history.redo()
        assert history.document.annotations == after


def test_what_is_gone_cannot_be_changed():
    history = history_of(B)
    for command in (ChangeAnnotation(A, B), DeleteAnnotation(A)):
        history.do(command)
    assert history.document.annotations == (B,)
    assert history.undo_title == ""


def test_of_two_equal_ones_one_is_deleted():
    history = history_of(A, A)
    history.do(DeleteAnnotation(A))
    assert history.document.annotations == (A,)


@pytest.mark.parametrize(
    ("onset_s", "duration_s", "found"),
    [(-1.0, 2.0, (0.0, 2.0)), (59.0, 2.0, (58.0, 2.0)), (0.0, 99.0, (0.0, 60.0)), (1.0, -1.0, (1.0, 0.0))],
)
def test_annotations_stay_within_the_recording(onset_s, duration_s, found):
    note = fitted(Annotation(onset_s, duration_s, "x"), 60.0)
    assert (note.onset_s, note.duration_s) == found


@pytest.fixture
def background():
    background = Background(lambda answer: answer(), "test")
    yield background
    background.close()


def test_drafts_are_kept_taken_back_and_never_lost(tmp_path, background):
    failures = []
    first = Drafts(tmp_path, background, failures.append)
    first.keep(SHA, (A,))
    first.keep(SHA, (A, B))
    first.flush()
    # another run: nobody takes them back, and something new is marked
    second = Drafts(tmp_path, background, failures.append)
    assert second.read(SHA) == (A, B)
    second.keep(SHA, None)
    second.flush()
    assert second.read(SHA) == (A, B)  # nothing was changed, nothing is forgotten
    second.keep(SHA, (B,))
    second.flush()
    assert second.read(SHA) == (B,)
    kept = json.loads((tmp_path / f"{SHA}.previous.json").read_text())
    assert kept["annotations"] == [[1.0, 2.0, "a"], [5.0, 0.0, "b"]]
    # a third takes them back and undoes everything
    third = Drafts(tmp_path, background, failures.append)
    third.adopt(SHA)
    third.keep(SHA, None)
    third.flush()
    assert third.read(SHA) is None
    assert not failures


@pytest.mark.parametrize(
    "text", ["", "[]", '{"annotations": [[1]]}', '{"annotations": [["x", 0, "y"]]}', "\x00"]
)
def test_a_damaged_draft_is_no_draft(tmp_path, background, text):
    (tmp_path / f"{SHA}.json").write_text(text)
    assert Drafts(tmp_path, background, lambda _: None).read(SHA) is None


def test_a_draft_that_cannot_be_written_is_said(tmp_path, background):
    told = threading.Event()
    (tmp_path / "file").write_text("in the way")
    drafts = Drafts(tmp_path / "file", background, lambda notice: told.set())
    drafts.keep(SHA, (A,))
    assert told.wait(5)


def opened(session, loop, path, bundle):
    session.load_bundle(bundle)
    session.open(str(path))
    loop.until(lambda: not session.busy and session.document is not None)


def test_nothing_is_computed_for_an_annotation(session, loop, example_recording, untrained_bundle):
    opened(session, loop, example_recording, untrained_bundle)
    job, page = session.analysis.job, session.pages.page
    session.do(AddAnnotation(A))
    session.pick_annotation(A)
    assert not session.analysis.busy
    assert session.selection.cursor_s == A.onset_s
    loop.until(lambda: not session.busy)
    assert session.analysis.job is job
    assert session.pages.page is page
    session.history.undo()
    assert session.selection.annotation is None
    assert session.document.annotations == session.document.info.annotations
