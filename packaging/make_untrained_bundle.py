"""Write a bundle with an untrained network: for tests and for comparison, never for reading EEG.

python packaging/make_untrained_bundle.py FOLDER [--seed N]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from samba_gui.training.untrained import write_untrained_bundle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    write_untrained_bundle(options.folder, options.seed)


if __name__ == "__main__":
    main()
