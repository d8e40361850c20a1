"""Train the default bundle from a corpus table; a rerun goes on where the last one ended.

    python packaging/train_default_bundle.py CORPUS/labels.csv [--work DIR] [--out DIR]

The table has the columns file, subject, split (train, val, test) and label; the corpora and their montages
are those of ``samba_gui.training.default_bundle``.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from samba_gui.core.places import default_bundle_dir
from samba_gui.training.default_bundle import train_default_bundle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("--work", type=Path, default=Path("build/training"))
    parser.add_argument("--out", type=Path, default=default_bundle_dir())
    options = parser.parse_args()
    train_default_bundle(options.table, options.work, options.out, partial(print, flush=True))


if __name__ == "__main__":
    main()
