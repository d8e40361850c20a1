"""Models from a hub: a small one that runs here and speaks Hugging Face's language."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from safetensors.torch import save

from samba_gui.cli import main
from samba_gui.core.errors import BundleError
from samba_gui.io.bundles import read_bundle
from samba_gui.io.hub import fetch_model
from samba_gui.io.montages import montage_by_id
from samba_gui.models.samba import SAMBA
from samba_gui.training.untrained import write_untrained_bundle

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "config.json": b'{"model_type": "samba"}',
    "model.safetensors": b"\x02\0\0\0\0\0\0\0{}",
    "README.md": b"# model\n",
    "pytorch_model.bin": b"a pickle",
    "modeling.py": b"raise SystemExit",
}
MODELS = {
    "somebody/samba": FILES,
    "somebody/pickles": {"pytorch_model.bin": b"a pickle"},
    "somebody/huge": {"model.safetensors": b"x"},
}


class Hub(BaseHTTPRequestHandler):
    """The part of the hub's interface that fetching uses."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path.strip("/")
        self.server.asked.append(path)  # type: ignore[attr-defined]
        if path.startswith("api/models/"):
            name, _, rest = path.removeprefix("api/models/").partition("/revision")
            self._repository(*name.split("/tree/")[:1], tree="/tree/" in name or "tree" in rest)
        else:
            owner, name, _, _, file = path.split("/", 4)
            self._file(MODELS[f"{owner}/{name}"][file])

    do_HEAD = do_GET

    def _repository(self, name: str, tree: bool) -> None:
        if name not in MODELS:
            self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"})
            return
        size = 10**10 if name.endswith("huge") else None
        files = MODELS[name].items()
        if tree:
            listed: object = [{"type": "file", "path": n, "size": len(d), "oid": "0"} for n, d in files]
        else:
            siblings = [{"rfilename": n, "size": size or len(d), "blobId": "0"} for n, d in files]
            listed = {"id": name, "modelId": name, "sha": COMMIT, "siblings": siblings, "tags": []}
        self._send(200, json.dumps(listed).encode(), {"Content-Type": "application/json"})

    def _file(self, data: bytes) -> None:
        etag = hashlib.sha256(data).hexdigest()
        self._send(200, data, {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT})

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(data)), "Connection": "close"}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def log_message(self, *told: object) -> None:
        """Be quiet."""


@pytest.fixture
def hub(private_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    pytest.importorskip("huggingface_hub")
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)  # progress bars, hidden or not, start a thread
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def address(hub: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{hub.server_address[1]}"


def test_only_what_cannot_run_is_fetched(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    folder = fetch_model("somebody/samba", tmp_path / "model", address(hub))
    names = {path.name for path in folder.iterdir() if path.is_file()}
    assert names == {"config.json", "model.safetensors", "README.md"}
    for name in names:
        assert (folder / name).read_bytes() == FILES[name]
    assert not any("modeling.py" in path or "pytorch_model" in path for path in hub.asked)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("somebody/absent", "no public model somebody/absent"),
        ("somebody/pickles", "has no safetensors file"),
        ("somebody/huge", "9537 MB"),
    ],
)
def test_refusals(name: str, message: str, hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=message):
        fetch_model(name, tmp_path / "model", address(hub))
    assert not (tmp_path / "model").exists()


def test_a_bundle_arrives_whole_and_a_public_network_is_converted(
    hub: ThreadingHTTPServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("samba_gui.io.hub.fetch_model", partial(fetch_model, endpoint=address(hub)))
    whole = write_untrained_bundle(tmp_path / "whole")
    files = {path.name: path.read_bytes() for path in (tmp_path / "whole").iterdir()}
    monkeypatch.setitem(MODELS, "somebody/bundle", files)
    assert main(["bundle", "fetch", "somebody/bundle", "--out", str(tmp_path / "one")]) == 0
    assert read_bundle(tmp_path / "one").key == whole.key
    public = {"model.safetensors": save(SAMBA(94, 14).state_dict()), "config.json": b"{}"}
    monkeypatch.setitem(MODELS, "somebody/public", public)
    assert main(["bundle", "fetch", "somebody/public", "--out", str(tmp_path / "two")]) == 0
    assert read_bundle(tmp_path / "two").output_labels == montage_by_id("emotiv_14").labels
    assert "204 of 204 tensors" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["samba", "a/b/c", "../etc/passwd", "a/..", "https://example.org/a/b", ""])
def test_names_that_are_none(name: str, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="is no model's name"):
        fetch_model(name, tmp_path)


def test_without_a_connection(tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub")
    with pytest.raises(BundleError, match=r"could not be fetched.*Check the connection"):
        fetch_model("somebody/samba", tmp_path / "model", "http://127.0.0.1:9")


def test_without_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    assert main(["bundle", "fetch", "somebody/samba", "--out", str(tmp_path / "B")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("somebody/samba: Fetching needs the package huggingface_hub")
    assert "samba-gui[hub]" in line
