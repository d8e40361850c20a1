"""Annotations as tables: what is written comes back, what others write is read, rubbish is refused."""

from __future__ import annotations

import pytest

from samba_gui.core.errors import ExportError, RecordingError
from samba_gui.core.recording import Annotation
from samba_gui.io.annotations import numbered, read_annotations, write_annotations

NOTES = (
    Annotation(0.0, 0.0, "start"),
    Annotation(1.234567, 0.5, 'blink, "left" eye; µ'),
    Annotation(3600.1, 12.25, "eyes closed"),
    Annotation(3600.1, 12.25, "eyes closed"),
)


@pytest.mark.parametrize("name", ["notes.csv", "sub-1_events.tsv"])
def test_what_is_written_comes_back(tmp_path, name):
    path = tmp_path / name
    write_annotations(path, NOTES)
    assert read_annotations(path) == NOTES
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_tsv_is_what_bids_readers_expect(tmp_path):
    path = tmp_path / "sub-1_events.tsv"
    write_annotations(
        path, [*NOTES, Annotation(9.0, 1.0, "two\nlines\tand a tab"), Annotation(10.0, 0.0, "")]
    )
    text = path.read_text("utf-8")
    assert text.splitlines()[0] == "onset\tduration\ttrial_type"
    assert {line.count("\t") for line in text.splitlines()} == {2}
    assert "two lines and a tab" in text
    assert [note.description for note in read_annotations(path) if note.onset_s == 10] == [""]  # n/a


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "onset\tduration\ttrial_type\tvalue\n2\tn/a\tT1\t7\n1.5\t4.1\tT0\t1\n",
            [(1.5, 4.1, "T0"), (2, 0, "T1")],
        ),
        ("\ufeffOnset,Duration,Annotation\n1,2,abc\n\n", [(1, 2, "abc")]),
        ("onset_s;duration_s;description\n1,5;2,25;a,b\n", [(1.5, 2.25, "a,b")]),
        ('onset,description\n1e1,"x ""y"""\n', [(10, 0, 'x "y"')]),
        ("onset,duration,description\n-1,0,before\n", [(-1, 0, "before")]),
    ],
)
def test_tables_of_others(tmp_path, text, found):
    path = tmp_path / "notes.csv"
    path.write_text(text, "utf-8")
    assert [(n.onset_s, n.duration_s, n.description) for n in read_annotations(path)] == found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02\xff" * 100,
        b"a,b,c\n1,2,3\n",
        b"onset,duration\n1,2\n",
        b"onset,duration,description\n1,2\n",
        b"onset,duration,description\nnan,0,x\n",
        b"onset,duration,description\n1,-2,x\n",
        b"onset,duration,description\n2026-01-01 10:00,0,x\n",
        b'onset,description\n1,"' + b"x" * 200_000 + b'"\n',
    ],
)
def test_rubbish_is_refused_in_words(tmp_path, content):
    path = tmp_path / "notes.csv"
    path.write_bytes(content)
    with pytest.raises(RecordingError) as caught:
        read_annotations(path)
    assert "notes.csv" in caught.value.message
    assert caught.value.hint


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(RecordingError):
        read_annotations(tmp_path / "none.csv")
    with pytest.raises(ExportError):
        write_annotations(tmp_path / "nowhere" / "notes.csv", NOTES)


def test_numbers_stand_in_for_descriptions():
    replaced = numbered(NOTES)
    assert [n.description for n in replaced] == [
        "annotation 1",
        "annotation 2",
        "annotation 3",
        "annotation 3",
    ]
    assert [(n.onset_s, n.duration_s) for n in replaced] == [(n.onset_s, n.duration_s) for n in NOTES]
