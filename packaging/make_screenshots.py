"""Make the pictures of the documentation again: the real window, off screen.

    python packaging/make_screenshots.py [--physionet FOLDER] [--out docs/images]

``FOLDER`` holds runs of the PhysioNet EEG Motor Movement/Imagery Database (``S001R02.edf`` is used); without
it, only the pictures of the simulated example are made.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from samba_gui.core.places import example_recording_path

DOCS = Path(__file__).resolve().parent.parent / "docs" / "images"


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the recording, where the cursor stands, window size and theme."""

    name: str
    recording: Path
    at_s: float
    size: tuple[int, int] = (1280, 800)
    theme: str = "light"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--physionet", type=Path)
    parser.add_argument("--out", type=Path, default=DOCS)
    options = parser.parse_args()
    example = example_recording_path()
    shots = [
        Shot("window-example.png", example, 62.0),
        Shot("window-example-dark.png", example, 62.0, theme="dark"),
    ]
    if options.physionet:
        eyes_closed = options.physionet / "S001R02.edf"
        shots.append(Shot("window-physionet.png", eyes_closed, 12.0, (2560, 1440)))
    options.out.mkdir(parents=True, exist_ok=True)
    for shot in shots:
        # one process each: a window of its own, as a user starts it
        size, out = f"({shot.size[0]}, {shot.size[1]})", str(options.out / shot.name)
        call = f"screenshot({str(shot.recording)!r}, {out!r}, {shot.at_s}, {size}, {shot.theme!r})"
        program = f"from samba_gui.ui.app import screenshot; {call}"
        subprocess.run([sys.executable, "-c", program], check=True)
        print(out)
    gif = ["gif", "--out", str(options.out / "saie-weights.gif"), "--montage", "10-10_64"]
    subprocess.run([sys.executable, "-m", "samba_gui", *gif], check=True)


if __name__ == "__main__":
    main()
