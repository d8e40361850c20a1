"""``samba-gui train annotations``: what the window's Analysis ▸ Learn does, the same numbers."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from samba_gui.cli.verb import bundle_argument, montage_argument, recipe_from

if TYPE_CHECKING:
    from samba_gui.engine.labelling import Labelling
    from samba_gui.training.learning import HeadReport, MaskedReport

CLASS_HELP = (
    "a class: the description of its annotations, or NAME=description, or NAME=one|other "
    r"(\| and \\ stand for | and \); two or more times"
)
RECIPE_HELP = "how REC is read: the file that Help ▸ Copy as command writes where no option says it"


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
    head.add_argument("--recipe", type=Path, metavar="JSON", help=RECIPE_HELP)
    head.add_argument(
        "--finetune",
        nargs="?",
        const="last",
        choices=("last", "all"),
        help="go on and fine-tune the blocks behind the encoder, or the whole network; kept if it is better",
    )
    head.add_argument("--epochs", type=count, default=4, metavar="N", help="of fine-tuning, at most")
    head.add_argument("--steps", type=count, default=10, metavar="N", help="batches per epoch")
    head.add_argument("--batch", type=count, default=16, metavar="N")
    head.add_argument("--seed", type=int, default=3407, metavar="N", help="of the batches")
    head.add_argument("--work", type=Path, metavar="DIR", help="keeps every epoch: a rerun goes on from it")
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
    tune.add_argument("--recipe", type=Path, metavar="JSON", help=RECIPE_HELP)
    tune.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    tune.add_argument("--out", type=Path, required=True, metavar="BUNDLE", help="folder to write")
    tune.add_argument("--json", action="store_true", help="everything measured as JSON on stdout")
    tune.set_defaults(do=_finetune_masked)


def _learn_head(options: argparse.Namespace) -> int:
    """Status 1 if the head is not above chance and nothing was written."""
    from samba_gui.core.plain_text import plain_name
    from samba_gui.engine.headless import Order, recipe_of
    from samba_gui.io.annotations import read_annotations
    from samba_gui.io.bundles import publish_bundle, read_bundle
    from samba_gui.io.montages import montage_by_id
    from samba_gui.io.probe import probe
    from samba_gui.training.learning import HeadJob
    from samba_gui.training.own_head import learn_head
    from samba_gui.training.tuned import Finetune

    labelling = _labelling(options)
    info = probe(options.recording)
    order = Order(
        options.bundle,
        read_bundle(options.bundle).key,
        montage_by_id(options.montage) if options.montage else None,
        bads=frozenset(options.bad),
        recipe=recipe_from(options.recipe) if options.recipe else None,
    )
    work = str(options.work.absolute()) if options.work else ""
    numbers = (options.epochs, options.steps, options.batch, options.seed)
    finetune = Finetune(options.finetune, *numbers, work) if options.finetune else None
    notes = read_annotations(options.annotations) if options.annotations else info.annotations
    title = plain_name(options.name or " / ".join(one.name for one in labelling.classes), "own classes")
    recipe = recipe_of(info, order)
    job = HeadJob(info, recipe, str(options.bundle), notes, labelling, title, options.device, finetune)
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

    recipe = recipe_from(options.recipe) if options.recipe else None
    first = OwnRecording(str(options.recording), recipe)
    recordings = (first, *(OwnRecording(str(path)) for path in options.others))
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
    from samba_gui.engine.labelling import Labelling, LearnClass

    classes = (LearnClass.from_words(text, f"class {k}") for k, text in enumerate(options.classes, 1))
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
