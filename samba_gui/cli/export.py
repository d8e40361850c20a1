"""``samba-gui export``: what a results file holds, or a recording's annotations, as CSV or TSV."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from samba_gui.cli.verb import bundle_argument
from samba_gui.cli.window_map import places_of, projection_argument
from samba_gui.core.errors import BundleError

WHAT = ("weights", "quality", "probabilities", "map", "annotations")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which results, what of them, and where to."""
    parser.add_argument(
        "results", type=Path, metavar="RESULTS.h5", help="results file; for annotations the recording"
    )
    parser.add_argument("--what", choices=WHAT, required=True)
    parser.add_argument("--out", type=Path, required=True, metavar="F", help="a .csv or .tsv file")
    parser.add_argument(
        "--numbered",
        action="store_true",
        help="annotation 1, 2 … in place of their words, which can hold names of people",
    )
    bundle_argument(parser)
    projection_argument(parser)


def subject(options: argparse.Namespace) -> str:
    """The results file, or the recording."""
    return str(options.results)


def run(options: argparse.Namespace) -> int:
    """Write the table, and its provenance beside it."""
    if options.what == "annotations":
        _annotations(options)
        print(options.out)
        return 0
    from samba_gui.io.result_tables import probabilities_table, quality_table
    from samba_gui.io.results import StoredResults, exported_facts, read_results
    from samba_gui.io.tables import write_table

    results = read_results(options.results)

    def weights(results: StoredResults) -> Any:
        from samba_gui.io.bundles import read_bundle, read_saie_history
        from samba_gui.scene.saie_table import weights_table

        config = read_bundle(options.bundle)
        if config.key != results.start.recipe.bundle_key:
            raise BundleError(
                "The results were made with another bundle than {bundle}.",
                "Give the one they were made with: --bundle B.",
                bundle=config.name,
            )
        trained = read_saie_history(options.bundle).trained
        return weights_table(config, trained, results.start.recipe.montage())

    facts: dict[str, Any] = {}

    def window_map(results: StoredResults) -> Any:
        from samba_gui.scene.map_figure import map_provenance, map_table

        places = places_of(results, options.projection)
        facts.update(map_provenance(places))
        return map_table(places)

    tables = {
        "weights": weights,
        "quality": quality_table,
        "probabilities": probabilities_table,
        "map": window_map,
    }
    columns, rows = tables[options.what](results)
    provenance = exported_facts(results) | {
        "what": options.what,
        **facts,
        "windows_stored": results.batch.count,
        "complete": "yes" if results.complete else "no",
    }
    write_table(options.out, columns, rows, provenance)
    print(options.out)
    return 0


def _annotations(options: argparse.Namespace) -> None:
    from samba_gui.io.annotations import annotations_provenance, numbered, write_annotations
    from samba_gui.io.hashing import recording_sha256
    from samba_gui.io.probe import probe

    info = probe(options.results)
    annotations = numbered(info.annotations) if options.numbered else info.annotations
    provenance = annotations_provenance(recording_sha256(options.results), info.simulated)
    write_annotations(options.out, annotations, provenance)
