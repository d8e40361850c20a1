"""``samba-gui bids``: results as a BIDS derivatives dataset."""

from __future__ import annotations

import argparse
from pathlib import Path

from samba_gui.cli.progress import progress
from samba_gui.cli.verb import results_files
from samba_gui.core.errors import ExportError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Results, and where to."""
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULTS", help="files, or folders of them")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--entities",
        metavar="sub-01_task-rest",
        help="of a single recording, where its results do not have its name",
    )


def subject(options: argparse.Namespace) -> str:
    """The dataset."""
    return str(options.out)


def run(options: argparse.Namespace) -> int:
    """Write the dataset."""
    from samba_gui.io.bids import source_name, write_bids
    from samba_gui.io.results import read_results

    files = results_files(options.results)
    named = []
    for file in files:
        results = read_results(file)
        told = f"{options.entities}_eeg" if options.entities and len(files) == 1 else file.name
        named.append((source_name(told, results), results))
    names = [name for name, _ in named]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ExportError(
            "Two of the results are of {twice}.",
            "Give only one of them, or write them to two folders.",
            twice=twice,
        )
    with progress(options.out.name) as tell:
        written = write_bids(options.out, named, tell)
    print(f"{options.out}: {len(written)} files")
    return 0
