"""Montages that a user brings."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from samba_gui.core.errors import MontageError
from samba_gui.core.places import montages_dir
from samba_gui.io.head_frame import fit_sphere
from samba_gui.io.montages import check_montage, load_montage, montage_by_id, ten_five_positions

NAMES = [
    "Fp1",
    "Fp2",
    "F7",
    "F3",
    "Fz",
    "F4",
    "F8",
    "T7",
    "C3",
    "Cz",
    "C4",
    "T8",
    "P7",
    "P3",
    "Pz",
    "P4",
    "P8",
    "O1",
    "O2",
]
WHERE = np.array([ten_five_positions()[name] for name in NAMES])


def table(positions: np.ndarray = WHERE, names: list[str] = NAMES, header: str = "name,x,y,z") -> str:
    rows = [
        f"{name},{x:.6f},{y:.6f},{z:.6f}" for name, (x, y, z) in zip(names, positions.tolist(), strict=True)
    ]
    return "\n".join([header, *rows] if header else rows) + "\n"


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("factor", "unit"), [(1.0, "metres"), (100.0, "centimetres"), (1000.0, "millimetres")]
)
@pytest.mark.parametrize("form", ["comma", "semicolon", "tab", "no header", "titles"])
def test_tables(tmp_path: Path, factor: float, unit: str, form: str) -> None:
    text = table(WHERE * factor, header="" if form == "no header" else "name,x,y,z")
    name = "a.csv"
    if form == "semicolon":
        text = text.replace(",", ";")
    if form == "tab":
        name, text = "a.tsv", text.replace(",", "\t")
    if form == "titles":
        text = text.replace("name,x,y,z", "Label,X,Y,Z")
    montage = load_montage(write(tmp_path, name, text))
    assert montage.labels == tuple(NAMES)
    np.testing.assert_allclose(montage.positions_m, WHERE, atol=1e-6)
    assert f"unit taken as {unit}" in montage.source
    assert "head frame" in montage.source


def test_units_in_the_header_win(tmp_path: Path) -> None:
    montage = load_montage(write(tmp_path, "a.csv", table(1000 * WHERE, header="name,x_mm,y_mm,z_mm")))
    np.testing.assert_allclose(montage.positions_m, WHERE, atol=1e-6)
    with pytest.raises(MontageError, match="stated unit"):
        load_montage(write(tmp_path, "b.csv", table(1000 * WHERE, header="name,x_m,y_m,z_m")))


def test_our_own_csv_is_taken_as_it_is() -> None:
    for path in montages_dir().glob("*.csv"):
        assert load_montage(path) == montage_by_id(path.stem)
    assert load_montage(montages_dir() / "tuab_16_bipolar.csv").is_bipolar


def test_fiducials_give_the_head_frame(tmp_path: Path) -> None:
    """Any frame at all, if nasion and ears are there."""
    fiducials = np.array([[0.0, 0.098, 0.0], [-0.078, 0.0, 0.0], [0.077, 0.0, 0.0]])
    rng = np.random.default_rng(0)
    rotation, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    rotation *= np.sign(np.linalg.det(rotation))
    moved = 1000 * (np.concatenate([WHERE, fiducials]) @ rotation.T + [0.03, -0.2, 0.1])
    for names in (["Nz", "LPA", "RPA"], ["FidNz", "FidT9", "FidT10"], ["nasion", "left", "right"]):
        lines = [
            f"{name}\t{x:.5f}\t{y:.5f}\t{z:.5f}"
            for name, (x, y, z) in zip([*NAMES, *names], moved.tolist(), strict=True)
        ]
        montage = load_montage(write(tmp_path, "a.sfp", "\n".join(lines)))
        assert montage.labels == tuple(NAMES)
        np.testing.assert_allclose(montage.positions_m, WHERE, atol=1e-5)
        assert "fiducials" in montage.source


def test_frames_without_fiducials_are_judged(tmp_path: Path) -> None:
    centred = WHERE - fit_sphere(WHERE)[0]
    montage = load_montage(write(tmp_path, "centred.csv", table(centred)))
    np.testing.assert_allclose(montage.positions_m, centred + np.array([0, 0, 0.04]), atol=1e-6)
    assert "moved up by 40 mm" in montage.source
    far = WHERE + np.array([0, 0.1, 0.05])
    montage = load_montage(write(tmp_path, "far.csv", table(far)))
    np.testing.assert_allclose(montage.positions_m, far, atol=1e-6)
    assert "another frame" in montage.source


MNE_FILES = [
    "GSN-HydroCel-128.sfp", "GSN-HydroCel-32.sfp", "biosemi64.txt", "easycap-M1.txt", "colin27_1005.elc",
    "colin27_1020.elc", "mgh70.elc", "fsaverage_1010.tsv", "brainproducts-RNP-BA-128.txt",
]  # fmt: skip


@pytest.mark.parametrize("name", MNE_FILES)
def test_files_of_other_programs_agree_with_mne(name: str) -> None:
    import mne

    path = Path(mne.__file__).parent / "channels/data/montages" / name
    ours = load_montage(path)
    if path.suffix == ".elc":  # for its template of this name MNE puts other fiducials in the file's place
        template = mne.channels.read_custom_montage(path, head_size=None)
    else:
        template = mne.channels.make_standard_montage(path.stem)
    info = mne.create_info(template.ch_names, 100.0, "eeg")
    info.set_montage(template)
    theirs = {ch["ch_name"]: ch["loc"][:3] for ch in info["chs"]}
    found = dict(zip(ours.labels, ours.positions_m, strict=True))
    assert found.keys() <= theirs.keys() | {"INI"}
    shared = [label for label in found if label in theirs]
    assert len(shared) >= 0.9 * len(theirs)
    a, b = np.array([found[label] for label in shared]), np.array([theirs[label] for label in shared])
    # MNE scales some templates to its own head size; directions from the origin must be the same.
    scale = (a * b).sum() / (b * b).sum()
    assert 0.8 < scale < 1.25
    np.testing.assert_allclose(a, scale * b, atol=2e-3)


def test_eeglab_polar_positions(shared_dir: Path) -> None:
    import mne

    path = shared_dir / "recordings/formats/eeglab/eeglab_chan32.locs"
    ours = load_montage(path)
    theirs = mne.channels.read_custom_montage(path).get_positions()["ch_pos"]
    assert set(ours.labels) == set(theirs)
    for label, position in zip(ours.labels, ours.positions_m, strict=True):
        np.testing.assert_allclose(position - [0, 0, 0.04], theirs[label], atol=1e-6)


def test_eeglab_table(tmp_path: Path) -> None:
    """EEGLAB's X points to the nose, its Y to the left."""
    lines = ["Number\tlabels\ttheta\tradius\tX\tY\tZ\tsph_theta\tsph_phi\tsph_radius\ttype"]
    for i, (name, (x, y, z)) in enumerate(zip(NAMES, (1000 * WHERE).tolist(), strict=True), start=1):
        lines.append(f"{i}\t{name}\t0\t0\t{y:.5f}\t{-x:.5f}\t{z:.5f}\t0\t0\t85\t")
    montage = load_montage(write(tmp_path, "a.ced", "\n".join(lines)))
    np.testing.assert_allclose(montage.positions_m, WHERE, atol=1e-6)


def test_brainvision_electrodes(tmp_path: Path) -> None:
    rows = [("Cz", 0, 0), ("C4", 46, 0), ("C3", -46, 0), ("Fz", 46, 90), ("Pz", 46, -90), ("Fp1", -90, -72)]
    body = "".join(
        f"<Electrode><Name>{name}</Name><Theta>{theta}</Theta><Phi>{phi}</Phi><Radius>1</Radius></Electrode>"
        for name, theta, phi in rows
    )
    montage = load_montage(write(tmp_path, "a.bvef", f"<Electrodes>{body}</Electrodes>"))
    where = dict(zip(montage.labels, montage.positions_m - [0, 0, 0.04], strict=True))
    np.testing.assert_allclose(where["Cz"], [0, 0, 0.095], atol=1e-9)
    assert where["C4"][0] > 0.06 > -0.06 > where["C3"][0]
    assert where["Fz"][1] > 0.06 > -0.06 > where["Pz"][1]
    assert where["Fp1"][0] < 0 < where["Fp1"][1]
    bomb = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaa">]><b>&a;</b>'
    with pytest.raises(MontageError, match="no BrainVision"):
        load_montage(write(tmp_path, "b.bvef", bomb))


def workbook(path: Path, rows: list[list]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    book.close()
    return path


def test_spreadsheets(tmp_path: Path) -> None:
    rows: list[list] = [
        ["name", "x", "y", "z"],
        *([n, *p] for n, p in zip(NAMES, (WHERE * 1000).tolist(), strict=True)),
    ]
    montage = load_montage(workbook(tmp_path / "a.xlsx", rows + [[None] * 4] * 20))
    np.testing.assert_allclose(montage.positions_m, WHERE, atol=1e-6)
    rows[3][2] = "=SUM(B1:B3)"
    with pytest.raises(MontageError, match="row 4 holds a formula"):
        load_montage(workbook(tmp_path / "b.xlsx", rows))
    (tmp_path / "c.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(MontageError, match="no Excel workbook"):
        load_montage(tmp_path / "c.xlsx")


def test_damaged_workbooks_are_refused_in_words(tmp_path: Path) -> None:
    rows = [["name", "x", "y", "z"], *([n, *p] for n, p in zip(NAMES, WHERE.tolist(), strict=True))]
    whole = workbook(tmp_path / "a.xlsx", rows)
    with zipfile.ZipFile(whole) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    rng = np.random.default_rng(0)
    refused = 0
    for number in range(60):
        damaged = tmp_path / f"b{number}.xlsx"
        if number % 2:  # in the archive
            content = bytearray(whole.read_bytes())
            for at in rng.integers(0, len(content), 5):
                content[at] = rng.integers(0, 256)
            damaged.write_bytes(content)
        else:  # in what it holds
            victim = list(parts)[number // 2 % len(parts)]
            with zipfile.ZipFile(damaged, "w") as archive:
                for name, content in parts.items():
                    archive.writestr(
                        name, content[: rng.integers(len(content))] if name == victim else content
                    )
        try:
            load_montage(damaged)
        except MontageError:
            refused += 1
    assert refused > 30


def changed(row: int, line: str) -> str:
    lines = table().splitlines()
    lines[row] = line
    return "\n".join(lines)


BAD = [
    ("twice.csv", changed(5, "Fp1,0.01,0.02,0.03"), "Fp1 is listed twice"),
    ("case.csv", changed(5, "FP1,0.01,0.02,0.03"), "FP1 is listed twice"),
    ("noname.csv", changed(5, ",0.01,0.02,0.03"), "row 6 has no name"),
    ("word.csv", changed(5, "Fz,left,0.02,0.03"), "“left” is not a coordinate"),
    ("blank.csv", changed(5, "Fz,,0.02,0.03"), "a coordinate is missing"),
    ("short.csv", changed(5, "Fz,0.01"), "a coordinate is missing"),
    ("nan.csv", changed(5, "Fz,nan,0.02,0.03"), "Fz is not a number"),
    ("inf.csv", changed(5, "Fz,inf,0.02,0.03"), "Fz is not a number"),
    ("few.csv", "\n".join(table().splitlines()[:4]), "at least 4"),
    ("empty.csv", "", "no electrodes"),
    (
        "same_place.csv",
        changed(5, f"Fz,{WHERE[0][0]:.6f},{WHERE[0][1]:.6f},{WHERE[0][2]:.6f}"),
        "same position",
    ),
    ("all_same.csv", table(np.zeros_like(WHERE) + 0.05), "the same position"),
    ("line.csv", table(np.outer(np.linspace(-0.09, 0.09, 19), [0, 0, 1])), "one line"),
    ("plane.csv", table(WHERE * [1, 1, 0]), "one plane"),
    ("huge.csv", table(WHERE * 1e6), "no head"),
    ("many.csv", "name,x,y,z\n" + "".join(f"E{i},{i},0,0\n" for i in range(5000)), "more than 4096"),
    ("binary.csv", "name,x,y,z\0\0", "no text file"),
    ("positions.doc", "Fp1 0 0 0", "electrode files end in"),
    ("labels.elc", "UnitPosition mm\nPositions\n1 2 3\n4 5 6\nLabels\nFp1\n", "2 positions but 1 labels"),
    ("short.locs", "1 2 3\n", "fewer than 4 cells"),
    ("other.ced", "a\tb\n1\t2\n", "no columns"),
    ("text.bvef", "hello", "no BrainVision"),
]


@pytest.mark.parametrize(("name", "text", "says"), BAD, ids=[row[0] for row in BAD])
def test_bad_files_are_refused_in_words(tmp_path: Path, name: str, text: str, says: str) -> None:
    with pytest.raises(MontageError) as caught:
        load_montage(write(tmp_path, name, text))
    assert says in str(caught.value)
    assert name in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(MontageError, match=r"no file a\.elc"):
        load_montage(tmp_path / "a.elc")


def test_own_csv_with_mistakes(tmp_path: Path) -> None:
    text = (montages_dir() / "10-20_19.csv").read_text()
    twice = text + text.splitlines()[-1] + "\n"
    with pytest.raises(MontageError, match="listed twice"):
        load_montage(write(tmp_path, "a.csv", twice))
    with pytest.raises(MontageError, match="not a number"):
        load_montage(write(tmp_path, "b.csv", text.replace("-0.0", "minus", 1)))


def test_check_in_words(tmp_path: Path) -> None:
    lines = check_montage(write(tmp_path, "flipped.csv", table(WHERE * [-1, 1, 1])))
    assert any("left and right are exchanged" in line for line in lines)
    exchanged = WHERE.copy()
    exchanged[[0, 17]] = exchanged[[17, 0]]
    lines = check_montage(write(tmp_path, "exchanged.csv", table(exchanged)))
    assert any("warning: Fp1 and O1 are exchanged" in line for line in lines)
    lines = check_montage(montages_dir() / "10-20_19.csv")
    assert lines[0] == "10-20_19.csv: 19 channels"
    assert "names of the 10-05 system: 19 of 19" in lines


def test_openpyxl_is_only_imported_for_spreadsheets() -> None:
    import subprocess

    code = (
        "import sys; from samba_gui.io.montages import propose, shipped_montages; shipped_montages();"
        "from samba_gui.io.recordings import open_recording;"
        "print(sorted({'mne', 'openpyxl', 'scipy', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"
