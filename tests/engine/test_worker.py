"""The worker process: one end per job, cancels at once, outlives kill -9, leaves nothing behind."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from analysis_fixtures import Setting

from samba_gui.core.errors import WorkerError
from samba_gui.core.jobs import (
    Batch,
    Cancelled,
    Done,
    Failed,
    Job,
    JobEvent,
    Progress,
    Reconstructed,
    Restarted,
    Started,
)
from samba_gui.engine import worker as worker_module
from samba_gui.engine.analysis import analyse
from samba_gui.engine.worker import WorkerClient
from samba_gui.io.results import part_path, read_results

ENDS = (Done, Failed, Cancelled)
PATIENCE_S = 120.0


class Desk:
    """A client whose events are collected as a window would."""

    def __init__(self) -> None:
        self.waiting = threading.Event()
        self.client = WorkerClient(self.waiting.set)
        self.events: list[JobEvent] = []

    def until(self, condition: Callable[[], bool]) -> None:
        """Collect events until the condition holds."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain; events: {self.events}"
            self.waiting.wait(0.2)
            self.waiting.clear()
            self.events += self.client.poll()

    def of(self, number: int, *kinds: type) -> list:
        return [event for event in self.events if event.job == number and isinstance(event, kinds)]

    def until_end(self, number: int) -> JobEvent:
        self.until(lambda: bool(self.of(number, *ENDS)))
        return self.of(number, *ENDS)[0]

    def until_batches(self, number: int, count: int) -> None:
        self.until(lambda: sum(event.result.count for event in self.of(number, Batch)) >= count)

    def submit(self, job: Job) -> int:
        return self.client.submit(job)


def opened() -> Iterator[Desk]:
    """A desk with its worker; in the end every job has had one end, which came last."""
    desk = Desk()
    desk.client.start()
    desk.until(lambda: desk.client.pid is not None)
    yield desk
    pid = desk.client.pid
    desk.client.close()
    assert pid is None or not psutil.pid_exists(pid)
    desk.events += desk.client.poll()
    for number in {event.job for event in desk.events}:
        assert len(desk.of(number, *ENDS)) == 1
        assert isinstance([event for event in desk.events if event.job == number][-1], ENDS)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """One worker for all tests that let it live."""
    yield from opened()


@pytest.fixture
def doomed() -> Iterator[Desk]:
    """A worker for one test, which will kill it."""
    yield from opened()


def uninterrupted(setting: Setting, path: Path) -> str:
    analyse(setting.analyse_job(path), lambda event: None, lambda: False)
    return sha256(path)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_worker_gives_what_this_process_gives(desk: Desk, short_setting: Setting, tmp_path: Path) -> None:
    number = desk.submit(short_setting.analyse_job(tmp_path / "worker.h5"))
    end = desk.until_end(number)
    assert isinstance(end, Done)
    assert end.summary is not None
    assert end.summary.windows == 6
    assert isinstance(next(event for event in desk.events if event.job == number), Started)
    assert desk.of(number, Progress)[-1].done == 6
    assert sha256(tmp_path / "worker.h5") == uninterrupted(short_setting, tmp_path / "here.h5")


def test_reconstructions_go_before_a_running_analysis(
    desk: Desk, long_setting: Setting, short_setting: Setting, tmp_path: Path
) -> None:
    analysis = desk.submit(long_setting.analyse_job(tmp_path / "r.h5"))
    desk.until_batches(analysis, 1)
    same = desk.submit(long_setting.reconstruct_job((3, 4), 1))
    other = desk.submit(short_setting.reconstruct_job((5,)))
    desk.until_end(other)
    assert not desk.of(analysis, *ENDS)
    found = [window for event in desk.of(same, Reconstructed) for window in event.windows]
    assert [(one.window, one.pair, one.original.shape) for one in found] == [
        (3, 1, (19, 512)),
        (4, 1, (19, 512)),
    ]
    assert desk.of(other, Reconstructed)[0].windows[0].original.shape == (19, 256)
    before = desk.of(analysis, Batch)[-1].result.first
    desk.until_batches(analysis, before + 3)  # it goes on
    desk.client.cancel(analysis)
    assert isinstance(desk.until_end(analysis), Cancelled)


def test_cancel_is_answered_at_once(
    desk: Desk, long_setting: Setting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "CANCEL_PATIENCE_S", PATIENCE_S)  # it answers by itself
    running = desk.submit(long_setting.analyse_job(tmp_path / "a.h5"))
    queued = desk.submit(long_setting.analyse_job(tmp_path / "b.h5"))
    desk.until_batches(running, 2)
    worker = desk.client.pid
    desk.client.cancel(running)
    desk.client.cancel(queued)
    assert isinstance(desk.until_end(running), Cancelled)
    assert isinstance(desk.until_end(queued), Cancelled)
    assert desk.client.pid == worker  # which answered, in the middle of its work
    assert not (tmp_path / "a.h5").exists()
    stored = read_results(part_path(tmp_path / "a.h5"))
    assert 2 <= stored.batch.count < len(stored.start.plan.windows)


def test_cancel_kills_a_worker_that_does_not_answer(
    doomed: Desk, long_setting: Setting, short_setting: Setting, tmp_path: Path
) -> None:
    running = doomed.submit(long_setting.analyse_job(tmp_path / "a.h5"))
    doomed.until_batches(running, 2)
    deaf = doomed.client.pid
    assert deaf is not None
    os.kill(deaf, signal.SIGSTOP)
    doomed.client.cancel(running)
    assert isinstance(doomed.until_end(running), Cancelled)
    stored = read_results(part_path(tmp_path / "a.h5")).batch.count
    assert stored >= 2
    next_one = doomed.submit(short_setting.reconstruct_job((0,)))
    assert isinstance(doomed.until_end(next_one), Done)
    assert doomed.client.pid != deaf


def test_kill_9_costs_a_message_and_no_numbers(doomed: Desk, short_setting: Setting, tmp_path: Path) -> None:
    path = tmp_path / "r.h5"
    number = doomed.submit(short_setting.analyse_job(path))
    doomed.until_batches(number, 1)
    assert doomed.client.pid is not None
    os.kill(doomed.client.pid, signal.SIGKILL)
    assert isinstance(doomed.until_end(number), Done)
    (restarted,) = doomed.of(number, Restarted)
    assert "SIGKILL" in restarted.message
    first, second = doomed.of(number, Started)
    assert first.start.resumed == 0
    assert second.start.resumed >= 1
    assert sha256(path) == uninterrupted(short_setting, tmp_path / "whole.h5")

    idle = doomed.client.pid
    assert idle is not None
    os.kill(idle, signal.SIGKILL)  # nothing to tell of: it is started again
    doomed.until(lambda: doomed.client.pid not in (None, idle))
    assert isinstance(doomed.until_end(doomed.submit(short_setting.reconstruct_job((1,)))), Done)


def test_third_death_is_a_failure(doomed: Desk, long_setting: Setting, tmp_path: Path) -> None:
    number = doomed.submit(long_setting.analyse_job(tmp_path / "r.h5"))
    for starts in (1, 2, 3):
        doomed.until(lambda starts=starts: len(doomed.of(number, Started)) == starts)  # type: ignore[misc]
        assert doomed.client.pid is not None
        os.kill(doomed.client.pid, signal.SIGKILL)
    end = doomed.until_end(number)
    assert isinstance(end, Failed)
    assert "died 3 times (SIGKILL)" in end.message
    assert end.hint
    assert len(doomed.of(number, Restarted)) == 2


def test_errors_arrive_in_words(desk: Desk, short_setting: Setting, tmp_path: Path) -> None:
    gone = replace(short_setting, info=replace(short_setting.info, path=str(tmp_path / "gone.edf")))
    end = desk.until_end(desk.submit(gone.analyse_job(tmp_path / "r.h5")))
    assert isinstance(end, Failed)
    assert end.message == "gone.edf is not there any more."
    assert end.hint == "Open the recording again."
    assert "Traceback" in end.traceback

    end = desk.until_end(desk.submit(short_setting.reconstruct_job((99,))))
    assert isinstance(end, Failed)
    assert "IndexError" in end.message
    assert "report" in end.hint


def test_a_worker_that_cannot_start_is_given_up(
    short_setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_run_worker", os._exit)  # takes no connection: dies at once
    desk = Desk()
    desk.client.start()
    number = desk.submit(short_setting.reconstruct_job((0,)))
    end = desk.until_end(number)
    assert isinstance(end, Failed)
    assert "died 3 times" in end.message
    desk.client.close()


def test_close_cancels_what_runs(long_setting: Setting, tmp_path: Path) -> None:
    desk = Desk()
    desk.client.start()
    running = desk.submit(long_setting.analyse_job(tmp_path / "r.h5"))
    waiting = desk.submit(long_setting.analyse_job(tmp_path / "s.h5"))
    desk.until_batches(running, 1)
    desk.client.close()  # which waits for no analysis: neither has come to its end
    desk.events += desk.client.poll()
    assert isinstance(desk.of(running, *ENDS)[0], Cancelled)
    assert isinstance(desk.of(waiting, *ENDS)[0], Cancelled)
    with pytest.raises(WorkerError, match="closed"):
        desk.submit(long_setting.analyse_job(tmp_path / "t.h5"))
    desk.client.close()


def test_closed_without_a_start() -> None:
    WorkerClient().close()


def test_worker_leaves_when_its_parent_is_killed() -> None:
    code = (
        "import time\n"
        "from samba_gui.engine.worker import WorkerClient\n"
        "client = WorkerClient()\n"
        "client.start()\n"
        "while client.pid is None: time.sleep(0.01)\n"
        "print(client.pid, flush=True)\n"
        "time.sleep(100)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    psutil.wait_procs([worker], timeout=20)
    assert not worker.is_running()


def test_client_does_not_load_torch() -> None:
    code = (
        "import sys, samba_gui.engine.worker\n"
        "print([name for name in ('torch', 'mne', 'scipy', 'h5py') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
