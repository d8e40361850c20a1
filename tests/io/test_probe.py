"""The prober: facts from a child process, whatever happens to the child."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from edf_files import EdfFile

from samba_gui.core.errors import RecordingError
from samba_gui.io import probe as probe_module
from samba_gui.io.probe import Prober, probe
from samba_gui.io.recordings import open_recording

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes of POSIX")


def when_it_waits(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do something once a prober has sent its request and waits for the answer."""
    wait = probe_module.wait

    def act_and_wait(*given: Any) -> Any:
        monkeypatch.setattr(probe_module, "wait", wait)
        act()
        return wait(*given)

    monkeypatch.setattr(probe_module, "wait", act_and_wait)


@pytest.fixture
def prober() -> Iterator[Prober]:
    with Prober() as one:
        yield one


def test_facts_cross_the_process_whole(prober: Prober, tmp_path: Path) -> None:
    path = EdfFile(kind="EDF+D", onsets=[f"+{2 * t}" for t in range(8)]).write(tmp_path / "a.edf")
    with open_recording(path) as recording:
        assert prober.probe(path) == recording.info
    assert probe(path) == recording.info, "also without a prober of one's own"


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_a_warm_prober_is_fast(prober: Prober, example_recording: Path) -> None:
    prober.probe(example_recording)
    best_s = min(timed(lambda: prober.probe(example_recording)) for _ in range(5))
    assert best_s < 0.5  # a few milliseconds on an idle machine; a new process takes longer


def test_errors_cross_the_process_whole(prober: Prober, tmp_path: Path) -> None:
    path = tmp_path / "bad.edf"
    path.write_bytes(b"nothing")
    with pytest.raises(RecordingError) as ours:
        open_recording(path)
    with pytest.raises(RecordingError) as theirs:
        prober.probe(path)
    assert (theirs.value.message, theirs.value.hint) == (ours.value.message, ours.value.hint)
    with pytest.raises(RecordingError, match="no file"):
        prober.probe(tmp_path / "nothing.edf")


@posix
def test_a_reader_that_crashes_costs_a_message(
    prober: Prober, tmp_path: Path, example_recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child is killed as a native crash would kill it, in the middle of a file."""
    prober.probe(example_recording)
    pid = prober.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)  # so that it is surely in the middle

    def crash() -> None:
        os.kill(pid, signal.SIGSEGV)
        os.kill(pid, signal.SIGCONT)

    when_it_waits(monkeypatch, crash)
    with pytest.raises(RecordingError, match=r"a\.edf: the reader of this format crashed \(SIGSEGV\)"):
        prober.probe(EdfFile().write(tmp_path / "a.edf"))
    assert prober.pid != pid
    assert prober.probe(example_recording).simulated, "a fresh child goes on"


@posix
def test_a_child_that_died_idle_is_replaced(prober: Prober, example_recording: Path) -> None:
    prober.probe(example_recording)
    pid = prober.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert prober._process is not None
    prober._process.join(60)
    assert prober.probe(example_recording).simulated


@posix
def test_a_file_that_never_ends_is_given_up(prober: Prober, example_recording: Path, tmp_path: Path) -> None:
    prober.probe(example_recording)
    pid = prober.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(RecordingError, match=r"slow\.edf could not be read within 0\.4 s"):
        prober.probe(tmp_path / "slow.edf", timeout_s=0.4)
    assert prober.probe(example_recording).simulated


@posix
def test_closing_in_the_middle_of_a_file(example_recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prober = Prober()
    prober.start()
    prober.probe(example_recording)
    assert prober.pid is not None
    os.kill(prober.pid, signal.SIGSTOP)
    closer = threading.Thread(target=prober.close)
    when_it_waits(monkeypatch, closer.start)
    with pytest.raises(RecordingError, match="program is closing"):
        prober.probe(example_recording)
    closer.join()
    prober.close()
    with pytest.raises(RecordingError, match="program is closing"):
        prober.probe(example_recording)


def test_scripts_need_no_guard(tmp_path: Path, example_recording: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
        print("started")
        from samba_gui.io.probe import probe
        print(probe({str(example_recording)!r}).format)
        """)
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["started", "EDF+"]
    assert done.stderr == ""


@posix
def test_absurd_allocations_fail_in_the_child() -> None:
    code = (
        "from samba_gui.io.probe import _limit_memory; import numpy as np, os\n"
        "_limit_memory(); total = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')\n"
        "try:\n    np.ones(int(0.7 * total), np.uint8); print('allocated')\n"
        "except MemoryError:\n    print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    if sys.platform == "linux":
        assert done.stdout.strip() == "refused"
