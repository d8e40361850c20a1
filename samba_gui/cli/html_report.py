"""``samba-gui report``: results files as one HTML file."""

from __future__ import annotations

import argparse
from pathlib import Path

from samba_gui.cli.verb import bundle_argument, results_files


def arguments(parser: argparse.ArgumentParser) -> None:
    """Results, and where to."""
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULTS", help="files, or folders of them")
    parser.add_argument("--out", type=Path, required=True, metavar="F.html")
    parser.add_argument(
        "--file-names",
        action="store_true",
        help="name recordings by their files, which can hold names of people",
    )
    bundle_argument(parser)


def subject(options: argparse.Namespace) -> str:
    """The report."""
    return str(options.out)


def run(options: argparse.Namespace) -> int:
    """Write the report."""
    from samba_gui.core.results import RESULTS_SUFFIX
    from samba_gui.io.bundles import read_bundle, read_saie_history
    from samba_gui.io.results import read_results
    from samba_gui.scene.report import Reported, write_report

    reported = []
    for number, file in enumerate(results_files(options.results), start=1):
        results = read_results(file)
        digest = results.provenance.get("recording_sha256", "")[:8]
        name = (
            file.name.removesuffix(RESULTS_SUFFIX) if options.file_names else f"Recording {number} ({digest})"
        )
        reported.append(Reported(name, results))
    config, history = read_bundle(options.bundle), read_saie_history(options.bundle)
    write_report(options.out, reported, config, history)
    print(options.out)
    return 0
