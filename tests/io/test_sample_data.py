"""Sample recordings: fetched on a click, checked, kept; here from a server on this computer."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from samba_gui.core.errors import RecordingError
from samba_gui.io.recordings import open_recording
from samba_gui.io.sample_data import RUNS, fetch_sample


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "site/files/eegmmidb/1.0.0/S001"
    folder.mkdir(parents=True)
    handler = partial(Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as one:
        thread = threading.Thread(target=one.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{one.server_address[1]}/files/eegmmidb/1.0.0/", folder
        one.shutdown()
        thread.join()


def test_a_run_is_fetched_once(server: tuple[str, Path], shared_dir: Path, tmp_path: Path) -> None:
    url, folder = server
    source = shared_dir / "recordings/eegmmidb/S001R02.edf"
    (folder / source.name).write_bytes(source.read_bytes())
    path = fetch_sample(1, 2, tmp_path / "kept", url)
    assert path.read_bytes() == source.read_bytes()
    with open_recording(path) as recording:
        assert recording.info.duration_s == RUNS[1].duration_s
    (folder / source.name).unlink()
    assert fetch_sample(1, 2, tmp_path / "kept", url) == path


def test_what_is_not_the_recording_is_refused(
    server: tuple[str, Path], tmp_path: Path, expected_logs
) -> None:
    url, folder = server
    (folder / "S001R01.edf").write_bytes(b"<html>log in to the hotel's network</html>")
    expected_logs.expect(".*")
    with pytest.raises(RecordingError, match=r"S001R01\.edf could not be fetched"):
        fetch_sample(1, 1, tmp_path / "kept", url)
    assert not list((tmp_path / "kept").rglob("*.edf"))


def test_no_connection(tmp_path: Path, expected_logs) -> None:
    expected_logs.expect(".*")
    with pytest.raises(RecordingError, match="could not be fetched"):
        fetch_sample(1, 1, tmp_path / "kept", "http://127.0.0.1:9/files/eegmmidb/1.0.0/")


def test_runs_that_do_not_exist(tmp_path: Path) -> None:
    for subject, run in ((0, 1), (110, 1), (1, 0), (1, 15)):
        with pytest.raises(RecordingError, match="has no run"):
            fetch_sample(subject, run, tmp_path)
