"""Fixtures of all tests: private folders, real recordings, and a check that nothing is left behind."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported anywhere

import pytest
from leaks import LeakCheck, LogRecords, remember_origins

from samba_gui.core.places import example_recording_path

remember_origins()


def pytest_configure(config: pytest.Config) -> None:
    """Let pass what the platform without a screen says of every window."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether the test itself failed: its traceback then keeps objects alive that are no leaks."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture
def expected_logs() -> LogRecords:
    """``expected_logs.expect(pattern)`` lets log records of level WARNING and above pass in this test."""
    return LogRecords()


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest, expected_logs: LogRecords) -> Iterator[None]:
    """Fail a test that leaves threads, timers, windows, VTK objects, child processes or log records."""
    check = LeakCheck()
    logging.getLogger().addHandler(expected_logs)
    yield
    logging.getLogger().removeHandler(expected_logs)
    if request.node.stash.get(_FAILED, False):
        check.kill_children()
        return
    request.node.funcargs.clear()  # pytest would keep what the fixtures gave until after this check
    left = check.leaks() + expected_logs.stray()
    check.kill_children()
    if left:
        pytest.fail("left behind:\n  " + "\n  ".join(left), pytrace=False)


@pytest.fixture(scope="session")
def _shader_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shaders")  # one for all tests: compiling shaders takes seconds


@pytest.fixture(scope="session")
def _font_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Matplotlib's list of fonts: a process without one makes it, and warns when that takes five seconds."""
    folder = tmp_path_factory.mktemp("fonts")
    listing = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(listing, env=os.environ | {"MPLCONFIGDIR": str(folder)}, check=True, capture_output=True)
    return folder


@pytest.fixture(autouse=True)
def private_folders(
    nothing_is_left: None,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    _shader_cache: Path,
    _font_list: Path,
) -> Path:
    """Settings, caches and data folders of this test alone, under the folder that is returned."""
    from PySide6.QtCore import QSettings, QStandardPaths

    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.split("_")[1].lower()))
    for name in ("APPDATA", "LOCALAPPDATA", "_MNE_FAKE_HOME_DIR"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("MESA_SHADER_CACHE_DIR", str(_shader_cache))
    monkeypatch.setenv("MPLCONFIGDIR", str(_font_list))
    if sys.platform != "linux":  # where Qt does not read the variables above
        QStandardPaths.setTestModeEnabled(True)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(home / "settings"))
    return home


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Folder of the real recordings beside the checkout; tests that need it skip where it is absent."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("SAMBA_GUI_SHARED", beside))
    if not (folder / "recordings").is_dir():
        pytest.skip("the shared recordings are not here (set SAMBA_GUI_SHARED)")
    return folder


@pytest.fixture(scope="session")
def example_recording() -> Path:
    """The simulated recording that ships with the program."""
    return example_recording_path()
