"""``samba-gui train annotations``: what the window's Analysis ▸ Learn does, the same numbers."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from samba_gui.cli.verb import bundle_argument, montage_argument

if TYPE_CHECKING:
    from samba_gui.engine.labelling import Labelling
    from samba_gui.training.learning import HeadReport, MaskedReport

CLASS_HELP = (
    "a class: the description of its annotations, or NAME=description, or NAME=one|other; two or more times"
)


def add_own_actions(actions: argparse._SubParsersAction) -> None:
    """Actions on one's own recordings."""
    head = actions.add_parser("annotations", help="teach a head with the annotations of one recording")
    head.add_argument("recording", type=Path, metavar="REC")
    head.add_argument(
        "--annotations",
        type=Path,
        metavar="TABLE",
        help="CSV or BIDS events.tsv; else the recording's own",
    )
    head.add_argument("--class", dest="classes", action="append", default=[], metavar="C", help=CLASS_HELP)
    head.add_argument("--name", default="", help="of the head; else its classes")
    head.add_argument(
        "--before",
        type=float,
        default=0.0,
        metavar="S",
        help="annotations without duration: the window begins S seconds before them",
    )
    bundle_argument(head)
    montage_argument(head)
    head.add_argument("--bad", action="append", default=[], metavar="CH", help="leave a channel out")
    head.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    head.add_argument("--out", type=Path, required=True, metavar="BUNDLE", help="folder to write")
    head.add_argument(
        "--even-if-chance", action="store_true", help="write a head that is not above chance, marked as such"
    )
    head.add_argument("--json", action="store_true", help="everything measured as JSON on stdout")
    head.set_defaults(do=_learn_head)

    tune = actions.add_parser("adapt", help="fine-tune by masked reconstruction on one's own recordings")
    tune.add_argument("recording", type=Path, metavar="REC", help="recordings, each judged on its last fifth")
    tune.add_argument("others", type=Path, nargs="*", metavar="REC")
    tune.add_argument("--whole", action="store_true", help="the whole network, not the SAIE alone")
    tune.add_argument("--epochs", type=count, default=5, metavar="N")
    tune.add_argument("--steps", type=count, default=20, metavar="N", help="batches per epoch")
    tune.add_argument("--batch", type=count, default=8, metavar="N")
    tune.add_argument("--seed", type=int, default=3407, metavar="N")
    bundle_argument(tune)
    tune.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    tune.add_argument("--out", type=Path, required=True, metavar="BUNDLE", help="folder to write")
    tune.add_argument("--json", action="store_true", help="everything measured as JSON on stdout")
    tune.set_defaults(do=_finetune_masked)


def _learn_head(options: argparse.Namespace) -> int:
    """Status 1 if the head is not above chance and nothing was written."""
    from samba_gui.core.plain_text import plain_name
    from samba_gui.core.recipe import make_recipe
    from samba_gui.io.annotations import read_annotations
    from samba_gui.io.bundles import publish_bundle, read_bundle
    from samba_gui.io.montages import best_match, match, montage_by_id
    from samba_gui.io.probe import probe
    from samba_gui.training.learning import HeadJob
    from samba_gui.training.own_head import learn_head

    labelling = _labelling(options)
    info = probe(options.recording)
    found = match(info, montage_by_id(options.montage)) if options.montage else best_match(info)
    recipe = make_recipe(info, found, read_bundle(options.bundle).key, bads=frozenset(options.bad))
    notes = read_annotations(options.annotations) if options.annotations else info.annotations
    title = plain_name(options.name or " / ".join(one.name for one in labelling.classes), "own classes")
    job = HeadJob(info, recipe, str(options.bundle), notes, labelling, title, options.device)
    with TemporaryDirectory(prefix="samba-gui-") as folder:
        report = learn_head(job, Path(folder) / "bundle", _Meter())
        written = report.above_chance or options.even_if_chance
        if written:
            publish_bundle(Path(folder) / "bundle", options.out)
    _tell(options, report, written)
    return 0 if written else 1


def _finetune_masked(options: argparse.Namespace) -> int:
    from samba_gui.io.bundles import publish_bundle
    from samba_gui.training.learning import MaskedJob, OwnRecording
    from samba_gui.training.own_masked import finetune_masked

    recordings = tuple(OwnRecording(str(path)) for path in (options.recording, *options.others))
    what = "all" if options.whole else "saie"
    numbers = (options.epochs, options.steps, options.batch)
    job = MaskedJob(recordings, str(options.bundle), what, *numbers, options.device, options.seed)
    with TemporaryDirectory(prefix="samba-gui-") as folder:
        report = finetune_masked(job, Path(folder) / "bundle", _Meter())
        publish_bundle(Path(folder) / "bundle", options.out)
    _tell(options, report, True)
    return 0


def count(text: str) -> int:
    """A whole number, 1 or more."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _labelling(options: argparse.Namespace) -> Labelling:
    from samba_gui.core.plain_text import plain_name
    from samba_gui.engine.labelling import Labelling, LearnClass

    classes = []
    for number, text in enumerate(options.classes, 1):
        name, _, descriptions = text.partition("=")
        meant = tuple(descriptions.split("|")) if descriptions else (text,)
        classes.append(LearnClass(plain_name(name, f"class {number}"), meant))
    return Labelling(tuple(classes), options.before)


def _tell(options: argparse.Namespace, report: HeadReport | MaskedReport, written: bool) -> None:
    if options.json:
        facts = report.to_json() | {"bundle": str(options.out) if written else None}
        print(json.dumps(facts, ensure_ascii=False))
        return
    for line in report.lines():
        print(line)
    print(options.out if written else "No bundle is written; --even-if-chance writes it all the same.")


class _Meter:
    """Says on stderr what is being done, and on a terminal how far it is."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, doing: str, share: float) -> None:
        if sys.stderr.isatty():
            print(
                f"\r\033[K{doing} … {share:.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True
            )
        elif doing != self._said:
            print(doing, file=sys.stderr, flush=True)
        self._said = doing
