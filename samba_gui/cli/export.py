"""``samba-gui export``: what a results file holds, as CSV or TSV."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from samba_gui.cli.verb import bundle_argument
from samba_gui.core.errors import BundleError

WHAT = ("weights", "quality", "probabilities")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which results, what of them, and where to."""
    parser.add_argument("results", type=Path, metavar="RESULTS.h5")
    parser.add_argument("--what", choices=WHAT, required=True)
    parser.add_argument("--out", type=Path, required=True, metavar="F", help="a .csv or .tsv file")
    bundle_argument(parser)


def subject(options: argparse.Namespace) -> str:
    """The results file."""
    return str(options.results)


def run(options: argparse.Namespace) -> int:
    """Write the table, and its provenance beside it."""
    from samba_gui.io.result_tables import probabilities_table, quality_table
    from samba_gui.io.results import StoredResults, read_results
    from samba_gui.io.tables import write_table

    results = read_results(options.results)

    def weights(results: StoredResults) -> Any:
        from samba_gui.io.bundles import read_bundle, read_saie_history
        from samba_gui.scene.saie_table import weights_table

        config = read_bundle(options.bundle)
        if config.key != results.start.recipe.bundle_key:
            raise BundleError(
                f"The results were made with another bundle than {config.name}.",
                "Give the one they were made with: --bundle B.",
            )
        trained = read_saie_history(options.bundle).trained
        return weights_table(config, trained, results.start.recipe.montage())

    tables = {"weights": weights, "quality": quality_table, "probabilities": probabilities_table}
    columns, rows = tables[options.what](results)
    provenance = results.provenance | {
        "what": options.what,
        "windows_stored": results.batch.count,
        "complete": "yes" if results.complete else "no",
    }
    write_table(options.out, columns, rows, provenance)
    print(options.out)
    return 0
