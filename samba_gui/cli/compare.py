"""``samba-gui compare``: one recording under two to four montages, or without some electrodes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samba_gui.cli.progress import progress
from samba_gui.cli.run import Meter
from samba_gui.cli.verb import bundle_argument

if TYPE_CHECKING:
    from samba_gui.engine.headless import Order
    from samba_gui.engine.leave_one_out import Ranking
    from samba_gui.scene.comparison import Line

_MONTAGE_HELP = (
    "id, name or file of a montage; auto: what fits best; cut:M or cut:Fp1,Fp2,C3,C4: only those electrodes "
    "of the recording; up to four times"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """A recording, what to see it with, and where to."""
    parser.add_argument("recording", type=Path, metavar="REC")
    parser.add_argument("--montage", action="append", default=[], metavar="M", help=_MONTAGE_HELP)
    parser.add_argument(
        "--drop",
        action="append",
        default=[],
        metavar="Fp1,Fp2",
        help="the first montage without these electrodes, as one more to compare",
    )
    parser.add_argument(
        "--bad", action="append", default=[], metavar="LABEL", help="channel that none uses; can be repeated"
    )
    parser.add_argument("--leave-one-out", action="store_true", help="rank the first montage's electrodes")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for table and picture")
    bundle_argument(parser)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--view", choices=("3d", "2d"), default="3d")
    parser.add_argument("--json", action="store_true", help="the comparison as JSON on stdout")


def subject(options: argparse.Namespace) -> str:
    """The recording."""
    return str(options.recording)


def run(options: argparse.Namespace) -> int:
    """Analyse under each montage; write table, JSON and picture."""
    from samba_gui.engine.headless import Order
    from samba_gui.io.bundles import read_bundle
    from samba_gui.io.whole_files import make_folder

    make_folder(options.out)
    order = Order(options.bundle, read_bundle(options.bundle).key, device=options.device)
    wants_table = not options.leave_one_out or len(options.montage) + len(options.drop) > 1 or options.drop
    told: dict[str, Any] = {"recording": str(options.recording)}
    if wants_table:
        told |= _compare(options, order)
    if options.leave_one_out:
        told |= _leave_one_out(options, order)
    if options.json:
        from samba_gui.io.tables import plain

        print(json.dumps(plain(told), ensure_ascii=False))
    return 0


def _compare(options: argparse.Namespace, order: Order) -> dict[str, Any]:
    from samba_gui.engine.comparison import run_variants, variants_of
    from samba_gui.engine.headless import refuse_unknown
    from samba_gui.io.bundles import read_bundle, read_saie_history
    from samba_gui.io.probe import probe
    from samba_gui.scene.comparison import compare
    from samba_gui.scene.comparison_file import write_comparison
    from samba_gui.scene.opengl import opengl_works

    config, history = read_bundle(options.bundle), read_saie_history(options.bundle)
    info = probe(options.recording)
    refuse_unknown(options.bad, info)
    meter = Meter(options.recording.name)
    try:
        variants = variants_of(info, options.montage, options.drop, frozenset(options.bad))
        outcomes = run_variants(info, variants, options.out, order, meter.show)
    finally:
        meter.clear()
    found = compare(config, history.trained, info, variants, outcomes)
    stem = options.out / f"{options.recording.stem}.comparison"
    view = options.view if opengl_works() else "2d"
    provenance = write_comparison(stem, config, history.trained, found, outcomes, view)
    table, beside, picture = (str(stem) + ending for ending in (".csv", ".json", ".png"))
    if not options.json:
        _print_table(["", *found.names()], found.lines())
        print("\n".join([*found.answers(), table, beside, picture]))
        if view != options.view:
            print("The heads are drawn from above: this machine cannot draw in 3-D (no OpenGL).")
    montages = found.to_json()
    told = {"table": table, "picture": picture, "montages": montages}
    return {**told, "answers": found.answers(), "provenance": provenance}


def _leave_one_out(options: argparse.Namespace, order: Order) -> dict[str, Any]:
    from samba_gui.engine.comparison import AUTO, spared, variant_of
    from samba_gui.engine.headless import refuse_unknown
    from samba_gui.engine.leave_one_out import rank_electrodes, ranking_table
    from samba_gui.io.probe import probe
    from samba_gui.io.tables import write_table

    info = probe(options.recording)
    refuse_unknown(options.bad, info)
    variant = spared(info, variant_of(info, (options.montage or [AUTO])[0]), frozenset(options.bad))
    with progress("electrodes left out") as tell:
        ranking = rank_electrodes(info, variant, order, progress=tell)
    head, rows, provenance = ranking_table(ranking, info, variant, order)
    path = options.out / f"{options.recording.stem}.leave-one-out.csv"
    write_table(path, head, rows, provenance)
    if not options.json:
        _print_ranking(ranking, variant.name)
        print(path)
    return {"leave_one_out": [dict(zip(head, row, strict=True)) for row in rows], "ranking": str(path)}


def _print_table(head: list[str], lines: list[Line]) -> None:
    names = [f"{line.measure} ({line.unit})" if line.unit else line.measure for line in lines]
    rows = [head, *([name, *line.in_words()] for name, line in zip(names, lines, strict=True))]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_ranking(ranking: Ranking, name: str) -> None:
    print(f"{name}: electrodes by what leaving each out changes ({ranking.windows} windows)")
    for row in ranking.rows:
        changes = [("quality lost", row.quality_lost), *row.class_change.items()]
        cells = (f"{title} {c.mean:.4f} [{c.low:.4f} {c.high:.4f}]" for title, c in changes)
        print(f"  {row.electrode:<6}" + "  ".join(cells))
