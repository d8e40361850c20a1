"""The menu Edit ▸ Annotations."""

from __future__ import annotations

from samba_gui.ui.actions.conditions import (
    always,
    has_annotation,
    has_annotations,
    has_marks,
    has_recording,
)
from samba_gui.ui.actions.rows import ActionRow, ChoiceRow

ACTIONS = (
    ActionRow(
        "annotations.add",
        "&Add…",
        "Edit/Annotations",
        "Mark the moment at the cursor, or the span that is being measured",
        ("A",),
        has_recording,
    ),
    ActionRow(
        "annotations.add_marked",
        "Annotate &marked stretches…",
        "Edit/Annotations",
        "One annotation for each stretch that is marked on the map or in the timeline",
        ("Shift+A",),
        has_marks,
    ),
    ActionRow(
        "annotations.rename",
        "&Rename…",
        "Edit/Annotations",
        "Give the selected annotation another description",
        ("F2",),
        has_annotation,
    ),
    ActionRow(
        "annotations.delete",
        "&Delete",
        "Edit/Annotations",
        "Delete the selected annotation",
        ("Del",),
        has_annotation,
    ),
    ActionRow(
        "annotations.load",
        "&Load…",
        "Edit/Annotations",
        "Add annotations from CSV or BIDS events.tsv",
        (),
        has_recording,
        line=True,
    ),
    ActionRow(
        "annotations.save",
        "&Save…",
        "Edit/Annotations",
        "Write the annotations as CSV or BIDS events.tsv; asks what may leave",
        (),
        has_annotations,
    ),
    ActionRow(
        "annotations.keys",
        "Choose &keys…",
        "Edit/Annotations",
        "The descriptions behind the keys 1 to 9",
        (),
        always,
        line=True,
    ),
)

CHOICES = (
    ChoiceRow(
        "annotations.with_key",
        "Edit/Annotations/Add with a key",
        "Mark the moment at the cursor, or the span that is being measured, with this description",
        tuple(range(1, 10)),
        lambda c, number: c.settings.get("annotations/descriptions")[number - 1] or "—",
        None,
        tuple("123456789"),
        has_recording,
    ),
)
