#!/usr/bin/env python3
"""Set up samba-gui from a checkout and run it, or run its tests. Standard library only.

    python3 packaging/bootstrap.py run  [arguments of samba-gui]
    python3 packaging/bootstrap.py test [arguments of pytest]

Everything goes into ``.venv`` beside this checkout; on Debian and Ubuntu the system libraries that are
missing are installed first. Without a display, ``run`` does the main job headless instead: it analyses
the example recording and writes a results file, a GIF and a picture of the window.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.txt"
RESULTS = ROOT / "samba-gui-results"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

DEBIAN_PACKAGES = (
    "python3-venv",  # Debian ships Python without it
    *("libgl1", "libegl1", "libglib2.0-0", "libdbus-1-3", "libfontconfig1", "libxkbcommon0", "libxcursor1"),
    *("libxrender1", "libgomp1", "fontconfig-config", "fonts-dejavu-core"),  # without fonts, text is boxes
)
DEBIAN_PACKAGES_X11 = (
    *("libxkbcommon-x11-0", "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0"),
)


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in ("run", "test"):
        print(__doc__.strip())
        return 2
    if sys.version_info < (3, 11):
        return fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
    command, arguments = sys.argv[1], sys.argv[2:]
    try:
        install_system_packages(has_display())
        make_environment("test" if command == "test" else "")
    except subprocess.CalledProcessError as error:
        return fail(f"This step failed: {' '.join(map(str, error.cmd))}")
    return test(arguments) if command == "test" else run(arguments)


def fail(message: str) -> int:
    print(f"bootstrap: {message}", file=sys.stderr)
    return 1


def say(message: str) -> None:
    print(f"bootstrap: {message}", flush=True)


def has_display() -> bool:
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def install_system_packages(display: bool) -> None:
    """Install missing libraries where apt is at hand; elsewhere say nothing, the wheels bring theirs."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-query")):
        return
    wanted = DEBIAN_PACKAGES + (DEBIAN_PACKAGES_X11 if display else ())
    missing = [name for name in wanted if not installed(name)]
    if not missing:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            say(f"These system packages are missing; ask an administrator to run: {' '.join(install)}")
            return
        install = ["sudo", *install]
    say(f"Installing system packages: {' '.join(missing)}")
    update = [*install[: install.index("apt-get")], "apt-get", "update"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(update, check=False, env=quiet, stdout=subprocess.DEVNULL)
    subprocess.run(install, check=True, env=quiet, stdout=subprocess.DEVNULL)


def installed(package: str) -> bool:
    """Whether a package, or its successor of the 64-bit time transition, is installed."""
    for name in (package, f"{package}t64"):
        query = ["dpkg-query", "-W", "-f", "${Status}", name]
        found = subprocess.run(query, capture_output=True, text=True, check=False)
        if "ok installed" in found.stdout:
            return True
    return False


def make_environment(extra: str) -> None:
    """Make the virtual environment and install the project, once per version of pyproject.toml."""
    project = (ROOT / "pyproject.toml").read_bytes()
    stamp = f"{hashlib.sha256(project).hexdigest()} {sys.version.split()[0]}"
    have = STAMP.read_text().splitlines() if STAMP.exists() else []
    if have[:1] == [stamp] and (not extra or extra in have[1:]):
        return
    if not PYTHON.exists():
        say("Making a virtual environment in .venv")
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    say("Installing samba-gui and what it needs; the first time this takes some minutes")
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--editable", target], check=True)
    STAMP.write_text("\n".join([stamp, *{extra, *have[1:]}]) + "\n")


def run(arguments: list[str]) -> int:
    samba_gui = [str(PYTHON), "-m", "samba_gui"]
    if has_display() or arguments:
        return subprocess.call([*samba_gui, *arguments])
    say("There is no display: doing the main job headless on the simulated example recording")
    found = subprocess.run(
        [str(PYTHON), "-c", "from samba_gui.core.places import *; print(example_recording_path())"],
        check=True,
        capture_output=True,
        text=True,
    )
    example = found.stdout.strip()
    gif, picture = RESULTS / "saie_weights.gif", RESULTS / "window.png"
    jobs = (
        ["run", example, "--out", str(RESULTS)],
        ["gif", "--out", str(gif)],
        ["screenshot", example, "--out", str(picture)],
    )
    for job in jobs:
        say(f"samba-gui {' '.join(Path(word).name if os.sep in word else word for word in job)}")
        if status := subprocess.call([*samba_gui, *job]):
            return status
    say("Done. The files:")
    for file in sorted(RESULTS.iterdir()):
        print(f"  {file}")
    return 0


def test(arguments: list[str]) -> int:
    """Style, types, architecture, then the tests; pytest comes last so that its count closes the output."""
    checks = (
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.argv[1:] = []; c()"],
        ["-m", "pytest", *arguments],
    )
    failed = 0
    for check in checks:
        print(f"── {' '.join(check[1:3]) if check[0] == '-m' else 'import-linter'}", flush=True)
        failed |= subprocess.call([str(PYTHON), *check], cwd=ROOT) != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
