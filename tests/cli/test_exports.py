"""``samba-gui export``, ``report``, ``figure`` and films of results: read back against the results file."""

from __future__ import annotations

import csv
import json
import re
import signal
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from analysis_fixtures import Setting
from PIL import Image

from samba_gui.cli import main
from samba_gui.engine.analysis import analyse
from samba_gui.io.bundles import read_bundle, read_saie_history
from samba_gui.io.provenance import read_provenance
from samba_gui.io.results import StoredResults, read_results
from samba_gui.scene.saie_field import weights_of


@pytest.fixture(scope="module")
def results_file(short_setting: Setting, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("results") / "Jane_Doe.samba.h5"
    analyse(short_setting.analyse_job(path), lambda event: None, lambda: False)
    return path


@pytest.fixture(scope="module")
def results(results_file: Path) -> StoredResults:
    return read_results(results_file)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


def test_quality(results_file: Path, results: StoredResults, tmp_path: Path) -> None:
    out = tmp_path / "q.csv"
    assert main(["export", str(results_file), "--what", "quality", "--out", str(out)]) == 0
    rows = table(out)
    assert len(rows) == 6 * 19
    row = rows[2 * 19 + 4]
    sums = results.batch.sums
    error, n = (float(getattr(sums, name)[2, :, 4].astype(float).sum()) for name in ("error", "n"))
    assert float(row["rmse_uv"]) == pytest.approx(np.sqrt(error / n) * results.start.scale_uv[4], rel=1e-4)
    assert (row["window"], row["onset_s"], row["channel"]) == ("2", "8", results.start.recipe.labels[4])
    beside = json.loads((tmp_path / "q.json").read_text())
    assert beside["provenance"]["recipe_key"] == results.start.recipe.key


def test_probabilities(results_file: Path, results: StoredResults, tmp_path: Path) -> None:
    out = tmp_path / "p.tsv"
    assert main(["export", str(results_file), "--what", "probabilities", "--out", str(out)]) == 0
    rows = table(out)
    p = results.batch.probabilities["random"]
    assert [float(row["class A"]) for row in rows[:5]] == pytest.approx(p[:5, 0].tolist(), rel=1e-4)
    assert rows[5]["class A"] == rows[5]["likeliest"] == "n/a"
    assert rows[5]["abstains"] == "window shorter than the head was trained on"


def test_map(results_file: Path, results: StoredResults, tmp_path: Path) -> None:
    out = tmp_path / "m.csv"
    assert main(["export", str(results_file), "--what", "map", "--out", str(out)]) == 0
    rows = table(out)
    x = results.batch.features.astype(np.float64)
    whole = x[:5]  # the sixth window is shorter: it is placed, but the axes are not its own
    spread = whole.std(axis=0)
    z = (x - whole.mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    _, s, axes = np.linalg.svd(z[:5], full_matrices=False)
    for i in range(2):
        found = np.array([float(row[f"pc{i + 1}"]) for row in rows])
        wanted = z @ axes[i]
        np.testing.assert_allclose(found, wanted * np.sign(wanted @ found), rtol=1e-3, atol=1e-3)
    assert [row["mark"] for row in rows] == ["n/a"] * 5 + ["short"]
    facts = read_provenance(out)
    assert facts["variance_shares"][0] == pytest.approx(s[0] ** 2 / (s**2).sum(), rel=1e-4)
    assert (facts["projection"], facts["windows_fitted"]) == ("pca", 5)


@pytest.mark.parametrize("colour", ["class", "skill"])
def test_map_figure(results_file: Path, tmp_path: Path, colour: str) -> None:
    asked = ["figure", "--results", str(results_file), "--colour", colour, "--dpi", "100"]
    for name in ("a.png", "b.png"):
        assert main([*asked, "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    facts = read_provenance(tmp_path / "a.png")
    assert "Jane" not in json.dumps(facts)
    assert (facts["what"], facts["recipe_key"] != "") == ("map of the windows", True)
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width == pytest.approx(85 / 25.4 * 100, abs=1)
        assert len(picture.convert("RGB").getcolors(1_000_000)) > 20


def test_maps_that_cannot_be_drawn(
    results_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["figure", "--results", str(results_file), "--out", str(tmp_path / "m.png")]
    assert main([*asked, "--colour", "mood"]) == 1
    assert "Choose one of time, nrmse" in capsys.readouterr().err
    assert main([*asked, "--projection", "tsne"]) == 1
    assert "needs 10 windows, there are 6" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_weights(results_file: Path, results: StoredResults, lively_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "w.csv"
    asked = ["export", str(results_file), "--what", "weights", "--out", str(out)]
    assert main([*asked, "--bundle", str(lively_bundle)]) == 0
    rows = table(out)
    config, trained = read_bundle(lively_bundle), read_saie_history(lively_bundle).trained
    w = weights_of(config, trained, results.start.recipe.montage())
    assert [float(row["mean_weight"]) for row in rows] == pytest.approx(w.mean(axis=0).tolist(), rel=1e-4)
    assert [row["electrode"] for row in rows] == list(results.start.recipe.names)
    assert {row["outside_untrained_band"] for row in rows} <= {"yes", "no"}


def test_weights_of_another_bundle_are_refused(
    results_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from samba_gui.training.untrained import write_untrained_bundle

    write_untrained_bundle(tmp_path / "other", seed=7)
    asked = ["export", str(results_file), "--what", "weights", "--out", str(tmp_path / "w.csv")]
    assert main([*asked, "--bundle", str(tmp_path / "other")]) == 1
    assert "made with another bundle" in capsys.readouterr().err
    assert not (tmp_path / "w.csv").exists()


class Page(HTMLParser):
    """Collects tags, attributes that fetch something, and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.scripts: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in ("meta", "img", "path", "br"):
            self.open.append(tag)
        if tag == "script":
            self.scripts.append(str(found.get("type")))
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "data")]

    def handle_endtag(self, tag: str) -> None:
        if tag != "path":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read_page(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    assert page.open == []
    return page


def test_report_of_a_folder(results_file: Path, lively_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    (tmp_path / "second.samba.h5").write_bytes(results_file.read_bytes())
    asked = ["report", str(results_file.parent), str(tmp_path), "--out", str(out)]
    assert main([*asked, "--bundle", str(lively_bundle)]) == 0
    page = read_page(out)
    # nothing from elsewhere, no code, no names of files
    assert all(source.startswith("data:image/png;base64,") for source in page.fetched)
    assert page.scripts == ["application/json"]
    assert "Jane" not in out.read_text(encoding="utf-8")
    assert "Research use only" in page.text
    assert page.text.count("Reconstruction quality") == 2
    data = re.search(r'id="provenance">(.*?)</script>', out.read_text(encoding="utf-8"), re.S)
    assert data is not None
    assert len(json.loads(data[1])["recordings"]) == 2


def test_report_with_file_names_is_escaped(results_file: Path, lively_bundle: Path, tmp_path: Path) -> None:
    odd = tmp_path / "a&b<i>.samba.h5"
    odd.write_bytes(results_file.read_bytes())
    asked = ["report", str(odd), "--out", str(tmp_path / "r.html"), "--file-names"]
    assert main([*asked, "--bundle", str(lively_bundle)]) == 0
    assert "a&b<i>" in read_page(tmp_path / "r.html").text


def test_film_of_quality_over_time(results_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "q.gif"
    asked = ["gif", "--of", "nrmse", "--results", str(results_file), "--out", str(out), "--size", "320x280"]
    assert main(asked) == 0
    with Image.open(out) as picture:
        assert (picture.n_frames, picture.size) == (6, (320, 280))
    assert read_provenance(out)["limits"] == [0.0, 1.5]


def test_figure(lively_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.pdf"
    asked = [
        "figure",
        "--out",
        str(out),
        "--bundle",
        str(lively_bundle),
        "--montage",
        "emotiv_14",
        "--dpi",
        "150",
    ]
    assert main(asked) == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_bids_derivatives(results_file: Path, results: StoredResults, tmp_path: Path) -> None:
    named = tmp_path / "sub-07_ses-b_task-rest_eeg.samba.h5"
    named.write_bytes(results_file.read_bytes())
    out = tmp_path / "derivatives"
    assert main(["bids", str(named), "--out", str(out)]) == 0
    stem = out / "sub-07" / "ses-b" / "eeg" / "sub-07_ses-b_task-rest_desc-quality_timeseries"
    rows = table(stem.with_suffix(".tsv"))
    assert list(rows[0])[:4] == ["onset", "duration", "channel", "electrode"]
    assert len(rows) == 6 * 19
    explained = json.loads(stem.with_suffix(".json").read_text())
    assert set(rows[0]) <= set(explained)
    assert (explained["rmse"]["Units"], explained["onset"]["Units"]) == ("uV", "s")
    assert read_provenance(stem.with_suffix(".tsv"))["recipe"] == results.start.recipe.to_json()
    # a name that is no BIDS name can be a person's: the hash stands for it; what is there stays
    assert main(["bids", str(results_file), "--out", str(out)]) == 0
    digest = results.provenance["recording_sha256"][:12]
    written = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    assert len(written) == 2 + 4 + 4
    assert sum(f"sub-{digest}" in path for path in written) == 4
    assert not any("Jane" in path or "Jane" in (out / path).read_text() for path in written)
    assert main(["bids", str(named), str(named), "--out", str(out)]) == 1


def test_annotations(example_recording: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.tsv"
    asked = ["export", str(example_recording), "--what", "annotations", "--out", str(out)]
    assert main(asked) == 0
    rows = table(out)
    assert "eyes" in rows[0]["trial_type"]
    assert read_provenance(out)["recording_simulated"] == "yes"
    assert main([*asked, "--numbered"]) == 0
    assert table(out)[0]["trial_type"] == "annotation 1"


FULL = {
    "a.csv": ("export", "RESULTS", "--what", "quality"),
    "bids": ("bids", "RESULTS"),
    "a.html": ("report", "RESULTS", "--bundle", "BUNDLE"),
    "a.gif": ("gif", "--bundle", "BUNDLE", "--size", "320x280"),
    "a.pdf": ("figure", "--bundle", "BUNDLE", "--dpi", "72"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes stands in for a full disk")
def test_a_full_disk_leaves_the_old_files_and_nothing_else(
    results_file: Path, lively_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import resource  # not on Windows

    import matplotlib.font_manager  # noqa: F401  it writes a cache of its own, while it can

    for name in ("a.csv", "a.json", "a.html", "a.gif", "a.pdf"):
        (tmp_path / name).write_text("old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (900, before[1]))
    try:
        for name, asked in FULL.items():
            real = {"RESULTS": str(results_file), "BUNDLE": str(lively_bundle)}
            assert main([*(real.get(word, word) for word in asked), "--out", str(tmp_path / name)]) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(FULL)
    assert all("could not be written: file too large." in line for line in lines)
    left = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert left == dict.fromkeys(("a.csv", "a.json", "a.html", "a.gif", "a.pdf"), "old")


def test_results_and_pages_tell_what_made_them(
    results_file: Path, results: StoredResults, lively_bundle: Path, tmp_path: Path
) -> None:
    recipe = results.start.recipe.to_json()
    assert read_provenance(results_file)["recipe"] == recipe
    out = tmp_path / "r.html"
    assert main(["report", str(results_file), "--out", str(out), "--bundle", str(lively_bundle)]) == 0
    assert read_provenance(out)["recordings"][0]["recipe"] == recipe
