"""What the map's points are coloured by, against plain loops."""

from __future__ import annotations

import numpy as np

from samba_gui.core.recording import Annotation, description_places
from samba_gui.core.windows import Window, WindowPlan
from samba_gui.scene.colours import THEMES, UNKNOWN_RGB
from samba_gui.scene.window_colours import NAMED, Groups, by_annotation, by_class, by_time

COLOURS = THEMES["light"].names


def plan_with_a_gap() -> WindowPlan:
    onsets_s = [4.0 * i for i in range(10)] + [50.0 + 4 * i for i in range(5)]
    windows = [Window(i, int(t >= 50), 0, 512, t) for i, t in enumerate(onsets_s)]
    windows[-1] = Window(14, 1, 0, 256, 66.0)
    return WindowPlan(tuple(windows), 128.0, 512, 128)


def coloured(plan: WindowPlan, notes: list[Annotation]) -> Groups:
    return by_annotation(plan, notes, description_places(notes, ()), COLOURS)


def test_the_longest_annotation_names_a_window() -> None:
    plan = plan_with_a_gap()
    rng = np.random.default_rng(0)
    for _ in range(20):
        notes = [
            Annotation(float(rng.uniform(0, 70)), float(rng.choice([0.0, 0.5, 3.0, 20.0])), str(name))
            for name in rng.choice(list("abcd"), rng.integers(0, 12))
        ]
        found = coloured(plan, notes)
        for window, code in zip(plan.windows, found.codes.tolist(), strict=True):
            start_s, stop_s = window.onset_s, window.onset_s + window.n / 128
            shared = [
                min(n.onset_s + n.duration_s, stop_s) - max(n.onset_s, start_s)
                if n.duration_s
                else (0.0 if start_s <= n.onset_s < stop_s else -1.0)
                for n in notes
            ]
            if not shared or max(shared) < 0:
                assert code == -1
            else:
                best = {n.description for n, s in zip(notes, shared, strict=True) if s == max(shared)}
                assert found.names[code] in best


def test_frequent_descriptions_have_names_and_the_others_share_one() -> None:
    plan = plan_with_a_gap()
    notes = [Annotation(w.onset_s, 1.0, f"n{min(w.index, 8)}") for w in plan.windows]
    found = coloured(plan, notes)
    assert len(found.names) == NAMED
    assert found.names[0] == "n8"  # the most frequent
    assert found.names[-1] == "other annotations"
    assert len(set(found.own_colours)) == NAMED  # what is shared has a colour of its own
    assert sum(found.counts()) == 15
    assert found.colours().shape == (15, 3)
    assert by_annotation(plan, [], {}, COLOURS).counts() == (15,)
    assert (by_annotation(plan, [], {}, COLOURS).colours() == UNKNOWN_RGB).all()


def test_classes_and_time() -> None:
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [np.nan, np.nan]])
    found = by_class("Eyes", ("open", "closed"), probabilities, COLOURS)
    assert found.codes.tolist() == [0, 1, -1]
    assert found.counts() == (1, 1, 1)
    assert [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in found.colours().tolist()[:2]] == list(COLOURS[:2])
    many = by_class("Many", tuple("abcdefg"), np.eye(7), COLOURS)
    assert many.codes.tolist() == [0, 1, 2, 3, 4, 4, 4]
    assert many.names[-1] == "another class"
    time = by_time(plan_with_a_gap())
    assert (time.unit, time.limits, time.range) == ("s", (0.0, 68.0), (0.0, 66.0))
