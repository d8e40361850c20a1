"""``samba-gui compare`` in a process of its own."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

from samba_gui.io.provenance import read_provenance


def compare(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "samba_gui", "compare", *map(str, arguments)], capture_output=True, text=True
    )


def test_table_json_and_picture(short_edf: Path, lively_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = compare(
        short_edf, "--montage", "auto", "--montage", "cut:emotiv_14", "--drop", "Fp1,Fp2",
        "--out", out, "--bundle", lively_bundle, "--device", "cpu", "--json",
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, "")
    told = json.loads(found.stdout)
    assert [len(one["electrodes"]) for one in told["montages"]] == [19, 10, 17]
    assert told["montages"][0]["map_distance"] is None
    assert told["montages"][1]["map_distance"]["log2"] > 0
    assert told["montages"][2]["agreement"]["random"]["windows"] == 5
    skill = told["montages"][1]["quality_shared"]["skill"]
    assert told["answers"][0].startswith("B, 10 of the cap's 14 electrodes: on the 10 that all have, skill ")
    assert f"skill {skill['median']:.2f} [{skill['low']:.2f} {skill['high']:.2f}]" in told["answers"][0]
    with Path(told["table"]).open(newline="", encoding="utf-8") as file:
        rows = {row["measure"]: row for row in csv.DictReader(file)}
    assert rows["electrodes"]["B cut to Emotiv EPOC (14)"] == "10"
    assert rows["map distance to A"]["A 10-20 (19)"] == "n/a"
    assert {"nrmse", "skill (shared)", "random: same class as A", "weight frontal left"} <= set(rows)
    beside = json.loads((out / "short.comparison.json").read_text())
    provenance = read_provenance(out / "short.comparison.png")
    assert provenance["montages"] == beside["provenance"]["montages"]
    assert [row[0] for row in provenance["montages"][1]["electrodes"]] == told["montages"][1]["electrodes"]
    assert str(short_edf.parent) not in json.dumps(beside)
    assert len(list(out.glob("*.samba.h5"))) == 3


def test_ranking(short_edf: Path, lively_bundle: Path, tmp_path: Path) -> None:
    found = compare(
        short_edf, "--montage", "cut:C3,C4,Pz,O1,O2", "--leave-one-out", "--out", tmp_path,
        "--bundle", lively_bundle, "--device", "cpu",
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, "")
    lines = (tmp_path / "short.leave-one-out.csv").read_text().splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("rank,electrode,quality_lost,quality_lost_low,quality_lost_high")


def test_what_cannot_be_compared_is_one_line(short_edf: Path, lively_bundle: Path, tmp_path: Path) -> None:
    found = compare(short_edf, "--montage", "auto", "--out", tmp_path, "--bundle", lively_bundle)
    assert found.returncode == 1
    (line,) = found.stderr.splitlines()
    assert line.startswith(f"{short_edf}: 1 montages to compare")
    found = compare(
        short_edf, "--montage", "auto", "--drop", "Cz", "--bad", "C99", "--out", tmp_path,
        "--bundle", lively_bundle,
    )  # fmt: skip
    assert (found.returncode, len(found.stderr.splitlines())) == (1, 1)
    assert "no channel C99" in found.stderr
