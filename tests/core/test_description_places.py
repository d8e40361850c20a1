"""Colours of annotations: told apart within a recording, the same in every session."""

from __future__ import annotations

import pytest

from samba_gui.core.recording import TOLD_APART, Annotation, description_places


def notes(*texts: str) -> list[Annotation]:
    return [Annotation(float(i), 1.0, text) for i, text in enumerate(texts)]


@pytest.mark.parametrize("n", range(1, TOLD_APART + 1))
def test_no_two_share_a_place_before_all_are_taken(n: int) -> None:
    texts = ["eyes open", "eyes closed", "blink", "T0", "muscle"][:n]
    for own in range(n + 1):
        places = description_places(notes(*texts[:own]), notes(*texts[own:]))
        assert sorted(places) == sorted(texts)
        assert len(set(places.values())) == n


def test_all_have_one_when_there_are_more_than_places() -> None:
    texts = [f"stage {i}" for i in range(3 * TOLD_APART)]
    for own in (0, 4, len(texts)):
        places = description_places(notes(*texts[:own]), notes(*texts))
        assert set(places) == set(texts)
        assert set(places.values()) == set(range(TOLD_APART))


def test_only_the_texts_decide() -> None:
    one = description_places(notes("b", "a", "b"), notes("z", "y"))
    other = description_places(notes("a", "b"), notes("y", "a", "z", "z"))
    assert one == other
    assert (one["a"], one["b"]) == (0, 1)


def test_what_a_reader_adds_does_not_change_the_recordings_own() -> None:
    own = notes("T0", "T1", "T2")
    before = description_places(own, own)
    for added in ("A", "a blink", "zzz", "T10"):
        after = description_places(own, [*own, *notes(added)])
        assert {text: after[text] for text in before} == before
        assert after[added] not in before.values()
