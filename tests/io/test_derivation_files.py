"""Files of derivations: what they may hold, and what each mistake is called."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from samba_gui.core.errors import DerivationError
from samba_gui.io.derivation_files import read_derivations

GOOD = """# made by hand
derivation,group,row,plus,minus

Circumferential,left,,Fp1,F7
Circumferential,right,,Fp2,F8
Linked ears,,Cz to ears,Cz,A1 + A2
Weighted,,,0.3*F3 + 0.7*P3,
"""


@pytest.fixture
def written(tmp_path):
    def write(content, name="mine.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize(
    "text",
    [GOOD, GOOD.replace(",", ";"), GOOD.replace(",", "\t"), "\ufeff" + GOOD, GOOD.replace("\n", "\r\n")],
    ids=["commas", "semicolons", "tabs", "mark", "crlf"],
)
def test_a_file_as_it_should_be(written, text):
    circumferential, ears, weighted = read_derivations(written(text))
    assert circumferential.name == "Circumferential"
    assert [(row.label, row.group) for row in circumferential.rows] == [
        ("Fp1-F7", "left"),
        ("Fp2-F8", "right"),
    ]
    assert circumferential.rows[0].terms == (("Fp1", 1.0), ("F7", -1.0))
    assert ears.rows[0].label == "Cz to ears"
    assert ears.rows[0].terms == (("Cz", 1.0), ("A1", -0.5), ("A2", -0.5))
    assert weighted.rows[0].terms == (("F3", 0.3), ("P3", 0.7))


HEAD = "derivation,group,row,plus,minus\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "mine.csv holds no derivation."),
        (HEAD, "mine.csv holds no derivation."),
        ("name,channels\nx,Fp1", "line 1: these columns are missing: derivation, plus."),
        ("derivation,plus,plus\nx,Fp1,F7", "line 1: the column plus is there twice."),
        (HEAD + "Mine,,,Fp1,F7\n,,,Fp1,F7\n", "line 3: the derivation has no name."),
        (HEAD + "Mine,,,,F7\n", "line 2: there is nothing under plus."),
        (HEAD + "Mine\n", "line 2: there is nothing under plus."),
        (HEAD + "Mine,,,Fp1,Fp1\n", "line 2: a channel is named twice."),
        (HEAD + "Mine,,,Fp1,F7 + \n", "line 2: a channel has no name."),
        (HEAD + "Mine,,,2*Fp1 + F7,\n", "line 2: some channels have a weight and some have none."),
        (HEAD + "Mine,,,nan*Fp1,F7\n", "line 2: nan is no weight."),
        (HEAD + "Mine,,,1e400*Fp1,F7\n", "line 2: 1e400 is no weight."),
        (HEAD + "Mine,,,0*Fp1,F7\n", "line 2: 0 is no weight."),
        (HEAD + "Average Reference,,,Fp1,F7\n", "line 2: Average Reference is a derivation of the program."),
        (HEAD + "Mine,,\x07bell,Fp1,F7\n", "line 2: there is a character that cannot be shown."),
        (HEAD + f"{'x' * 61},,,Fp1,F7\n", "line 2: a name is longer than 60 characters."),
        (HEAD + f"Mine,,,Fp1,{' + '.join(f'A{i}' for i in range(65))}\n", "line 2: more than 64 channels"),
        (HEAD + 'Mine,,,"Fp1,F7\n', "line 2: unexpected end of data."),
    ],
)
def test_a_mistake_is_told_with_its_line(written, text, message):
    with pytest.raises(DerivationError) as caught:
        read_derivations(written(text))
    assert message in caught.value.message
    assert caught.value.hint


def test_what_is_no_table_at_all(written, tmp_path):
    with pytest.raises(DerivationError, match=r"larger than 500 kB"):
        read_derivations(written(b"a" * 600_000))
    with pytest.raises(DerivationError, match="cannot be read"):
        read_derivations(tmp_path / "nowhere.csv")
    with pytest.raises(DerivationError, match="cannot be read"):
        read_derivations(tmp_path)


def test_no_bytes_make_it_fail_otherwise(written):
    rng = random.Random(4)
    good = GOOD.encode()
    for trial in range(400):
        content = bytearray(good)
        for _ in range(rng.randint(1, 12)):
            at = rng.randrange(len(content))
            content[at : at + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 4))
        if trial % 8 == 0:
            content = bytearray(rng.randbytes(300))
        with suppress(DerivationError):
            found = read_derivations(written(bytes(content)))
            assert all(row.terms for derivation in found for row in derivation.rows)
