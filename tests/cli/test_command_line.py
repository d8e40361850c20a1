"""The command line as a contract: exit status, one line per error, nothing heavy before it is needed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from samba_gui import __version__
from samba_gui.cli import main
from samba_gui.cli.entry import VERBS, WINDOW, parser_for


def one_line(text: str) -> str:
    (line,) = text.splitlines()
    return line


def test_help_lists_every_verb_and_is_quick() -> None:
    before = os.times()
    found = subprocess.run(
        [sys.executable, "-m", "samba_gui", "--help"], capture_output=True, text=True, check=True
    )
    after = os.times()
    names = [verb.name for verb in VERBS]
    assert len(set(names)) == len(names)
    assert {"run", "compare", "gif", "screenshot", "montages", "bundle", "convert", "train"} <= set(names)
    for verb in VERBS:
        assert f"samba-gui {verb.name}" in found.stdout
    assert "Research use only, not a medical device" in found.stdout
    # processor time, which a crowded machine does not stretch; torch alone would take more
    assert after.children_user + after.children_system - before.children_user - before.children_system < 1.0


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, samba_gui.cli\n"
        "heavy = ('numpy', 'torch', 'mne', 'scipy', 'h5py', 'PySide6', 'pyvista', 'vtkmodules')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"samba-gui {__version__}\n"


@pytest.mark.parametrize("verb", [WINDOW, *VERBS], ids=lambda verb: verb.name or "window")
def test_each_verb_has_help(verb: object) -> None:
    assert "usage: samba-gui" in parser_for(verb).format_help()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["run"],
        ["run", "a.edf"],
        ["run", "--out", "x"],
        ["run", "a.edf", "--out", "x", "--device", "tpu"],
        ["run", "a.edf", "--out", "x", "--seed", "-1"],
        ["run", "a.edf", "--out", "x", "--seed", "one"],
        ["gif"],
        ["gif", "--out", "x", "--view", "4d"],
        ["screenshot", "a.edf"],
        ["screenshot", "a.edf", "--out", "x.png", "--at", "noon"],
        ["montages", "mend"],
        ["montages", "check"],
        ["bundle"],
        ["bundle", "info"],
        ["convert"],
        ["convert", "a.ckpt"],
        ["convert", "a.ckpt", "--out", "x", "--frame", "mri"],
        ["convert", "a.ckpt", "--out", "x", "--window", "0"],
        ["train"],
        ["train", "pretrain", "a.csv"],
        ["train", "pretrain", "a.csv", "--out", "x", "--masking", "none"],
        ["train", "pretrain", "a.csv", "--out", "x", "--epochs", "0"],
        ["train", "probe", "B", "a.csv", "--out", "x"],
        ["train", "finetune", "B", "--out", "x", "--task", "eyes"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert one_line(streams.err).startswith("samba-gui")
    assert "--help" in streams.err


def test_what_is_neither_file_nor_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rnu"]) == 1
    assert one_line(capsys.readouterr().err).startswith("rnu: there is no such file, nor such a verb.")


def test_montages_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["montages"]) == 0
    out = capsys.readouterr().out
    for montage in ("10-20_19", "10-10_64", "tuab_16_bipolar", "biosemi_128"):
        assert montage in out


def test_montage_files_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "good.csv"
    rows = ["Fp1,-0.027,0.083,0.04", "Fp2,0.027,0.083,0.04", "O1,-0.027,-0.083,0.04", "Cz,0,0.01,0.12"]
    good.write_text("\n".join(["name,x_m,y_m,z_m", *rows]))
    assert main(["montages", "check", str(good)]) == 0
    assert "4 channels" in capsys.readouterr().out
    bad = tmp_path / "bad.csv"
    bad.write_text("\n".join(["name,x_m,y_m,z_m", *rows, rows[0]]))
    assert main(["montages", "check", str(bad)]) == 1
    assert one_line(capsys.readouterr().err).startswith(f"{bad}: ")


def test_bundle_info(lively_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "info", str(lively_bundle)]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^key +[0-9a-f]{64}$", out, re.M)
    assert re.search(r"^head +Untrained: class A, class B \(uncalibrated", out, re.M)
    assert main(["bundle", "info", str(tmp_path)]) == 1
    assert one_line(capsys.readouterr().err).startswith(f"{tmp_path}: ")


def test_unexpected_errors_are_one_line(
    lively_bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(folder: Path) -> None:
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr("samba_gui.io.bundles.read_saie_history", broken)
    assert main(["bundle", "info", str(lively_bundle)]) == 1
    line = one_line(capsys.readouterr().err)
    assert "unexpected RuntimeError: first line second line. Set SAMBA_GUI_DEBUG=1" in line
    monkeypatch.setenv("SAMBA_GUI_DEBUG", "1")
    assert main(["bundle", "info", str(lively_bundle)]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_reader_of_the_output_may_leave() -> None:
    found = subprocess.run(
        f"{sys.executable} -m samba_gui montages | true", shell=True, capture_output=True, text=True
    )
    assert found.stderr == ""
