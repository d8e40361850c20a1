"""Sessions as files: what goes in comes out, whoever wrote the file, and a recording opens as it was left."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np
import pytest
from analysis_fixtures import write_eeg

from samba_gui.core.derivations import LAPLACIAN
from samba_gui.core.errors import StateError
from samba_gui.core.montage import Montage
from samba_gui.core.plain import from_plain, to_plain
from samba_gui.io.bundles import read_bundle
from samba_gui.session.bundle import load_bundle
from samba_gui.session.display import Display
from samba_gui.session.notices import Level
from samba_gui.session.state import KeptMontage, Place, SessionState
from samba_gui.session.states import LIMIT, States
from samba_gui.training.untrained import write_untrained_bundle

RNG = np.random.default_rng(7)
OWN = Montage("own cap", ("A", "B", "C", "D", "E"), RNG.normal(0, 0.05, (5, 3)).round(6))
FULL = SessionState(
    "0" * 64,
    KeptMontage.of(OWN),
    frozenset({"Fp1", "µ"}),
    Place(12.5, 10.0, 5.0, "Cz"),
    Display(low_cut_hz=0.3, derivation=LAPLACIAN, quality="skill", mask_pass=1),
    "/bundles/one",
    "f" * 64,
    {"head": "{}"},
)


def test_a_session_comes_back_whole():
    again = SessionState.from_json(FULL.to_json())
    assert again == FULL
    assert again.montage.montage() == OWN
    # older and newer files: what is missing has its default, what is not known is left out
    data = json.loads(FULL.to_json())
    del data["display"]["low_cut_hz"], data["bads"]
    data["display"]["of the future"] = [1]
    older = SessionState.from_json(json.dumps(data))
    assert older.display == replace(FULL.display, low_cut_hz=1.0)
    assert older.bads == frozenset()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("recording_sha256", None),
        ("bads", "Fp1"),
        ("bads", [1]),
        ("place.page_s", 0),
        ("place.page_s", -1.0),
        ("place.page_s", True),
        ("place.cursor_s", "NaN"),
        ("display.sensitivity_uv", 0),
        ("display.sensitivity_uv", 10**400),
        ("display.low_cut_hz", -1),
        ("display.derivation", "__import__('os')"),
        ("display.derivation.rows", [{"label": "x", "terms": []}]),
        ("display.own_uv", [["eog", 0]]),
        ("display.zoom", 1e9),
        ("display.quality", "magic"),
        ("display.mask_pass", 7),
        ("display.positive_up", 1),
        ("montage.positions_m", [[0, 0]]),
        ("montage", []),
        ("view", {"head": 3}),
        ("format", "samba-gui session 99"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_else_happens(path, value):
    data = json.loads(FULL.to_json())
    *parents, last = path.split(".")
    inner = data
    for name in parents:
        inner = inner[name]
    inner[last] = value
    with pytest.raises(StateError) as caught:
        SessionState.from_json(json.dumps(data))
    assert caught.value.hint


def test_hostile_text_is_refused():
    whole = FULL.to_json()
    damaged = ["", "null", "[" * 100_000, "{" * 3000, '{"format":', whole[: len(whole) // 2], "NaN", "\x00"]
    damaged += [whole.replace("12.5", word) for word in ("NaN", "Infinity", "1e999", "-Infinity")]
    damaged.append(whole + " " * 5_000_000)
    for text in damaged:
        with pytest.raises(StateError):
            SessionState.from_json(text)
    rng = random.Random(11)
    for _ in range(300):
        letters = list(whole)
        for _ in range(rng.randint(1, 8)):
            letters[rng.randrange(len(letters))] = chr(rng.randrange(32, 126))
        try:
            state = SessionState.from_json("".join(letters))
        except StateError:
            continue
        assert from_plain(SessionState, to_plain(state)) == state


def test_a_recording_opens_as_it_was_left(session, loop, example_recording, untrained_bundle, tmp_path):
    session.load_bundle(untrained_bundle, chosen=False)

    def settle():
        loop.until(lambda: not session.busy and session.document is not None)

    session.open(str(example_recording))
    settle()
    label = session.document.info.labels[2]
    session.mark_bad(label, True)
    session.choose_montage(session.document.proposals[1])
    session.show_as(replace(session.display, low_cut_hz=0.3, sensitivity_uv=30.0))
    session.select(session.selection.with_page_length(5.0, session.duration_s))
    session.seek(33.0)
    session.view = {"head": "anything"}
    settle()
    left = session.state()
    session.open(str(example_recording))  # the same again; what was is kept on the way
    settle()
    assert session.state() == replace(left, recording_sha256=session.recording_sha256)
    assert session.history.undo_title == "Restore what was left"
    assert [n.level for n in loop.notices] == [Level.INFO]
    assert label in loop.notices[0].message
    assert label not in session.analysis.job.recipe.labels  # analysed at once as it was left
    session.history.undo()
    assert session.document.bads == frozenset()
    session.mark_bad(label, True)
    settle()

    # no file names what was recorded or where it lies
    (kept,) = (tmp_path / "sessions").iterdir()
    assert kept.stem == session.recording_sha256
    assert example_recording.stem not in kept.read_text("utf-8")

    # a damaged file costs only itself
    session.keep()
    settle()
    kept.write_text(kept.read_text("utf-8")[:-40], "utf-8")
    loop.notices.clear()
    session.open(str(example_recording))
    settle()
    assert session.document.bads == frozenset()
    assert not loop.notices


def test_a_bundle_that_was_restored_belongs_to_its_recording(
    session, loop, example_recording, untrained_bundle, tmp_path
):
    mine, other = tmp_path / "mine", write_eeg(tmp_path / "other.edf", 10)
    write_untrained_bundle(mine, seed=1)
    session.load_bundle(untrained_bundle, chosen=False)  # as the program begins

    def settle():
        loop.until(lambda: not session.busy and session.document is not None)

    def open_and_settle(path):
        session.open(str(path))
        settle()
        assert session.analysis.job.bundle_dir == str(session.bundle.directory)
        return session.bundle.directory

    # a session of the example names another bundle than the program began with
    assert open_and_settle(example_recording) == untrained_bundle
    saved = replace(session.state(), bundle_dir=str(mine), bundle_key=read_bundle(mine).key)
    session.resume(saved)
    settle()
    assert session.analysis.job.bundle_dir == str(mine)
    assert session.chosen_bundle.directory == untrained_bundle
    assert open_and_settle(other) == untrained_bundle
    assert open_and_settle(example_recording) == mine  # as it was left
    assert open_and_settle(other) == untrained_bundle
    # what a picture brings is that recording's alone, too
    session.use_bundle(load_bundle(mine))
    settle()
    assert session.analysis.job.bundle_dir == str(mine)
    assert open_and_settle(write_eeg(tmp_path / "third.edf", 10, seed=3)) == untrained_bundle
    # a recording that is opened while the bundle of the one before is being read does not get it
    session.resume(replace(session.state(), bundle_dir=str(mine), bundle_key=saved.bundle_key))
    assert open_and_settle(write_eeg(tmp_path / "fourth.edf", 10, seed=4)) == untrained_bundle
    # what the user asks for stays, whatever a recording was left with
    session.load_bundle(mine)
    settle()
    assert open_and_settle(example_recording) == mine
    assert session.chosen_bundle.directory == mine


def test_a_session_of_another_recording_is_refused(session, loop, example_recording):
    session.open(str(example_recording), state=FULL)
    loop.until(lambda: not session.busy and session.document is not None)
    assert [n.level for n in loop.notices] == [Level.ERROR]
    assert "not the one of the session" in loop.notices[0].message
    assert session.document.bads == frozenset()


def test_the_folder_does_not_grow_for_ever(session, tmp_path):
    states: States = session.states
    folder = tmp_path / "sessions"
    folder.mkdir()
    for i in range(LIMIT + 20):
        (folder / f"{i}.json").write_text("{}")
    states.keep(FULL)
    states.flush()
    assert len(list(folder.iterdir())) == LIMIT
    assert states.read(FULL.recording_sha256) == FULL
    states.forget()
    assert not list(folder.iterdir())
