"""The leak check detects each kind of leak, and lets go what ends in time."""

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from leaks import LeakCheck, LogRecords
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget
from warm_workers import fork_when_started

from samba_gui.core.children import start_child
from samba_gui.engine.worker import WorkerClient

pytest_plugins = ("pytester",)


def test_nothing_left() -> None:
    check = LeakCheck()
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    assert check.leaks() == []


def test_thread_that_ends_in_time() -> None:
    check = LeakCheck()
    done = threading.Event()
    threading.Thread(target=lambda: done.wait(0.1)).start()
    assert check.leaks() == []


def test_thread() -> None:
    check = LeakCheck()
    done = threading.Event()
    thread = threading.Thread(target=done.wait, name="stays")
    thread.start()
    (left,) = check.leaks(grace_s=0.05)
    assert "thread 'stays'" in left
    assert "test_leaks.py" in left
    done.set()
    thread.join()


def test_timer(qapp) -> None:
    check = LeakCheck()
    timer = QTimer()
    timer.start(1000)
    (left,) = check.leaks(grace_s=0.05)
    assert "1000 ms, started in" in left
    assert "test_timer" in left
    timer.stop()
    assert check.leaks(grace_s=0) == []


def test_qthread(qapp) -> None:
    check = LeakCheck()
    thread = QThread()
    thread.start()
    (left,) = check.leaks(grace_s=0.05)
    assert "QThread" in left
    thread.quit()
    thread.wait()
    assert check.leaks(grace_s=0) == []


def test_window(qapp) -> None:
    check = LeakCheck()
    window = QWidget()
    window.setObjectName("forgotten")
    (left,) = check.leaks(grace_s=0.05)
    assert left == "window QWidget 'forgotten'"
    window.deleteLater()
    assert check.leaks() == []


def test_vtk_object() -> None:
    from vtkmodules.vtkCommonCore import vtkLookupTable
    from vtkmodules.vtkCommonDataModel import vtkPolyData

    older = vtkPolyData()
    check = LeakCheck()
    kept = {"table": vtkLookupTable()}
    (left,) = check.leaks(grace_s=0.05)
    assert left == "VTK object vtkLookupTable, held by dict"
    kept.clear()
    assert check.leaks() == []
    assert older is not None


def test_child_process() -> None:
    check = LeakCheck()
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (left,) = check.leaks(grace_s=0.05)
    assert "child process" in left
    assert "time.sleep(60)" in left
    check.kill_children()
    assert child.wait(5) is not None
    assert check.leaks() == []


def test_process_forked_as_a_windows_worker_is() -> None:
    worker = WorkerClient()
    fork_when_started(worker)
    check = LeakCheck()
    child = worker._context.Process(target=time.sleep, args=(60,))
    start_child(child)
    (left,) = check.leaks(grace_s=0.05)
    assert f"child process {child.pid}:" in left
    check.kill_children()
    child.join(5)
    assert child.exitcode is not None
    worker.close()
    assert check.leaks() == []


def test_log_record() -> None:
    logger = logging.getLogger("samba_gui.somewhere")
    logger.propagate = False
    records = LogRecords()
    logger.addHandler(records)
    logger.info("not looked at")
    logger.warning("a stray one")
    logger.warning("an expected one")
    records.expect("^an expected")
    (left,) = records.stray()
    assert "WARNING of samba_gui.somewhere: a stray one" in left
    logger.removeHandler(records)
    logger.propagate = True


def test_a_leaking_test_fails(pytester, monkeypatch) -> None:
    here = Path(__file__).parent
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(here), str(here.parent)]))
    conftest = (here / "conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(f"{conftest}\nimport leaks\nleaks.GRACE_S = 0.2\n")
    pytester.makepyfile(
        """
        import logging
        from PySide6.QtWidgets import QWidget

        kept = []

        def test_clean(qapp, private_folders):
            assert private_folders.is_dir()

        def test_leaks(qapp):
            kept.append(QWidget())

        def test_logs():
            logging.getLogger("samba_gui.x").error("boom")

        def test_expects(expected_logs):
            expected_logs.expect("boom")
            logging.getLogger("samba_gui.x").error("boom")
        """
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=4, errors=2)
    result.stdout.fnmatch_lines(["*window QWidget*", "*log record ERROR of samba_gui.x: boom*"])
