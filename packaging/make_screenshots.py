"""Make the pictures of the documentation again: the real window, off screen.

    python packaging/make_screenshots.py [--physionet FOLDER] [--out docs/images] [NAME …]

``FOLDER`` holds runs of the PhysioNet EEG Motor Movement/Imagery Dataset (``S001R02.edf`` is used; ODC-By,
doi 10.13026/C28G6P): give that source wherever its pictures are shown. Without it, only the pictures of the
simulated example are made. With names, only those.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from samba_gui.core.places import default_bundle_dir, example_recording_path
from samba_gui.ui.app import application
from samba_gui.ui.context import Context
from samba_gui.ui.main_window import MainWindow
from samba_gui.ui.pictures import rgb_of
from samba_gui.ui.places import UserPlaces

DOCS = Path(__file__).resolve().parent.parent / "docs" / "images"
TIMEOUT_S = 300.0
LARGE = (2560, 1440)
INSIDE = (1180, 760)
"""A window of its own, over the small one."""


def settle(window: MainWindow, extra: Callable[[], bool] = lambda: True) -> None:
    """Run events until all that was asked for is drawn."""
    until, quiet = time.monotonic() + TIMEOUT_S, 0
    while quiet < 10 and time.monotonic() < until:
        QApplication.processEvents()
        quiet = quiet + 1 if window.settled and extra() else 0
        time.sleep(0.02)


def with_dialog(action: str, settled: str = "") -> Callable[[MainWindow], QPixmap]:
    """A picture of the window with what an action opens in its middle."""

    def take(window: MainWindow) -> QPixmap:
        pictures: list[QPixmap] = []
        before = set(QApplication.topLevelWidgets())

        def look() -> None:
            opened = [w for w in set(QApplication.topLevelWidgets()) - before if w.isVisible()]
            for dialog in opened:
                if settled:
                    dialog.resize(*INSIDE)
                    settle(window, partial(getattr, dialog, settled))
                pictures.append(_over(window, dialog))
            for dialog in opened:
                dialog.close()

        if not settled:  # a dialog that waits is looked at meanwhile
            QTimer.singleShot(1500, window, look)
        window.menus.actions[action].trigger()
        if not pictures:  # a window of its own
            settle(window)
            look()
        return pictures[0]

    return take


def panel(name: str, prepare: Callable[[MainWindow], object] = lambda window: None) -> Callable:
    """A picture of the window with a panel in front."""

    def take(window: MainWindow) -> QPixmap:
        window.show_panel(name)
        prepare(window)
        settle(window)
        return window.grab()

    return take


def few_electrodes(window: MainWindow) -> None:
    """So few that the heads abstain."""
    document = window.context.session.document
    assert document is not None
    for label in document.info.labels[: len(document.info.labels) - 6]:
        window.context.session.mark_bad(label, True)


def damaged_file(window: MainWindow) -> None:
    """A file that cannot be read beside the one that is open."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.edf"
        path.write_bytes(example_recording_path().read_bytes()[:200])
        window.open_files([str(path)])
        settle(window)


def residual(window: MainWindow) -> None:
    """What the reconstruction missed, on a short page."""
    session = window.context.session
    session.select(session.selection.with_page_length(5.0, session.duration_s))
    settle(window)
    window.menus.actions["view.residual"].trigger()


def what_if(window: MainWindow) -> None:
    """Two electrodes left out on the head."""
    for electrode in ("T7", "P7"):
        window.context.session.toggle_electrode(electrode)


def target(window: MainWindow) -> None:
    """The inputs' weights for one target."""
    window.wiring.head_view = window.wiring.head_view.of_target("Cz")
    window.refresh_soon()


HEAD = panel("head")


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the recording (empty for none), the cursor, and what is done first."""

    name: str
    recording: str = "example"
    at_s: float = 62.0
    take: Callable[[MainWindow], QPixmap] = HEAD
    size: tuple[int, int] = (1280, 800)
    theme: str = "light"


SHOTS = (
    Shot("window-welcome", recording=""),
    Shot("window-example"),
    Shot("window-example-dark", theme="dark"),
    Shot("residual", take=panel("head", residual)),
    Shot("abstention", take=panel("contract", few_electrodes)),
    Shot("damaged-file", take=panel("head", damaged_file)),
    Shot("model-fit", take=panel("contract"), theme="dark"),
    Shot("annotations", take=panel("annotations")),
    Shot("map", take=panel("map")),
    Shot("what-if", take=panel("head", what_if)),
    Shot("target", take=panel("head", target)),
    Shot("commands", take=with_dialog("help.commands")),
    Shot("keys", take=with_dialog("help.keys"), theme="dark"),
    Shot("montage-bench", take=with_dialog("analysis.compare_montages", "settled")),
    Shot("learn", take=with_dialog("analysis.learn_head")),
    Shot("window-physionet", "S001R02.edf", 12.0, size=LARGE),
    Shot("window-physionet-dark", "S001R02.edf", 12.0, theme="dark"),
    Shot("model-fit-physionet", "S001R02.edf", 12.0, take=panel("contract")),
)


def take(shot: Shot, physionet: Path | None, out: Path) -> None:
    """Take one picture."""
    application()
    with tempfile.TemporaryDirectory(prefix="samba-gui-") as folder:
        context = Context.make(UserPlaces.under(Path(folder)))
        context.settings.set("theme", shot.theme)
        window = MainWindow(context)
        window.resize(*shot.size)
        window.reset_layout()
        window.show()
        context.prober.start()
        context.worker.start()
        context.session.load_bundle(default_bundle_dir())
        if shot.recording:
            is_example = shot.recording == "example" or physionet is None
            path = example_recording_path() if is_example else physionet / shot.recording
            context.session.open(str(path))
            settle(window, lambda: context.session.analysis.store is not None)
            context.session.seek(shot.at_s)
        settle(window)
        write_small(out / f"{shot.name}.png", shot.take(window))
        window.close()
        window.deleteLater()


def write_small(path: Path, picture: QPixmap) -> None:
    """256 colours are enough for a window, at a third of the bytes."""
    rgb = np.ascontiguousarray(rgb_of(picture.toImage()))
    image = Image.fromarray(rgb).quantize(
        256, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
    )
    image.save(path, optimize=True)


def _over(window: QWidget, dialog: QWidget) -> QPixmap:
    picture, front = window.grab(), dialog.grab()
    painter = QPainter(picture)
    painter.fillRect(picture.rect(), QColor(0, 0, 0, 90))
    painter.drawPixmap(
        (picture.width() - front.width()) // 2, max((picture.height() - front.height()) // 2, 0), front
    )
    painter.end()
    return picture


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--physionet", type=Path)
    parser.add_argument("--out", type=Path, default=DOCS)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in SHOTS if not options.names or shot.name in options.names]
    wanted = [shot for shot in wanted if options.physionet or not shot.recording.endswith(".edf")]
    if len(wanted) == 1:
        take(wanted[0], options.physionet, options.out)
        return
    for shot in wanted:
        # one process each: a window of its own, as a user starts it
        more = ["--physionet", str(options.physionet)] if options.physionet else []
        program = [sys.executable, __file__, *more, "--out", str(options.out), shot.name]
        subprocess.run(program, check=True)
        print(options.out / f"{shot.name}.png", flush=True)
    if not options.names:
        gif = ["gif", "--out", str(options.out / "saie-weights.gif"), "--montage", "10-10_64"]
        subprocess.run([sys.executable, "-m", "samba_gui", *gif], check=True)


if __name__ == "__main__":
    main()
