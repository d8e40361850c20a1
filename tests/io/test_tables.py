"""Tables as files: numbers, gaps, formulas, provenance beside them, and nothing left by a failure."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from samba_gui.core.errors import ExportError
from samba_gui.io.tables import write_table
from samba_gui.io.whole_files import make_folder

ROWS = [["Fp1", 0.5, None, True, 3], ["=cmd()", float("nan"), "a,b", False, np.float32(2.5)]]


@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.tsv", "\t")])
def test_a_table_reads_back(tmp_path: Path, name: str, delimiter: str) -> None:
    path = tmp_path / name
    write_table(path, ["label", "x", "y", "z", "n"], ROWS, {"bundle": "b"}, extra=[float("nan")])
    with path.open(newline="", encoding="utf-8") as file:
        found = list(csv.reader(file, delimiter=delimiter))
    assert found == [
        ["label", "x", "y", "z", "n"],
        ["Fp1", "0.5", "n/a", "yes", "3"],
        ["'=cmd()", "n/a", "a,b", "no", "2.5"],
    ]
    beside = json.loads((tmp_path / "a.json").read_text())
    assert beside == {
        "columns": ["label", "x", "y", "z", "n"],
        "provenance": {"bundle": "b"},
        "extra": [None],
    }


def test_other_extensions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"tables end in \.csv or \.tsv"):
        write_table(tmp_path / "a.xlsx", ["a"], [], {})


def test_a_missing_folder_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"a\.csv could not be written"):
        write_table(tmp_path / "absent" / "a.csv", ["a"], [], {})
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(ExportError, match="out cannot be made a folder"):
        make_folder(tmp_path / "out")
