"""``samba-gui train``: from a corpus table, or from one's own recordings, to a bundle."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from samba_gui.cli.convert import seconds
from samba_gui.cli.train_own import add_own_actions, count
from samba_gui.core.errors import RecordingError

if TYPE_CHECKING:
    from samba_gui.training.trials import Task

TABLE_HELP = "CSV: file,subject,split (train, val, test),label and perhaps montage"
MASKINGS = ("tsr", "ssp", "block", "random")
LOSSES = ("relative", "authors", "orthonormal")


def arguments(parser: argparse.ArgumentParser) -> None:
    """One of the actions."""
    actions = parser.add_subparsers(dest="action", required=True)

    begin = actions.add_parser("pretrain", help="masked pretraining from scratch")
    _shared(begin)
    begin.add_argument("--seed", type=int, default=3407, metavar="N")
    begin.add_argument("--epochs", type=count, default=30, metavar="N")
    begin.add_argument("--steps", type=count, default=60, metavar="N", help="batches per epoch")
    begin.add_argument("--batch", type=count, default=16, metavar="N")
    begin.add_argument("--window", type=seconds, default=4.0, metavar="S")
    begin.add_argument("--lr", type=float, default=2e-3)
    begin.add_argument("--masking", choices=MASKINGS, default="tsr")
    begin.add_argument("--loss", choices=LOSSES, default="relative")
    begin.set_defaults(do=_pretrain)

    probe = actions.add_parser("probe", help="add a linear head on frozen features")
    probe.add_argument("bundle", type=Path, metavar="BUNDLE")
    _shared(probe)
    _question(probe)
    probe.set_defaults(do=_probe)

    tune = actions.add_parser("finetune", help="train network and head from pretrained weights")
    tune.add_argument("bundle", type=Path, metavar="BUNDLE")
    _shared(tune)
    _question(tune)
    tune.add_argument("--seed", type=int, default=3407, metavar="N")
    tune.add_argument("--epochs", type=count, default=20, metavar="N")
    tune.add_argument("--steps", type=count, default=30, metavar="N", help="batches per epoch")
    tune.add_argument("--batch", type=count, default=16, metavar="N")
    tune.add_argument("--lr", type=float, default=3e-4)
    tune.add_argument(
        "--patience", type=count, default=5, metavar="N", help="epochs without gain before it stops"
    )
    tune.set_defaults(do=_finetune)
    add_own_actions(actions)


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", type=Path, metavar="TABLE", help=TABLE_HELP)
    parser.add_argument("--out", type=Path, required=True, metavar="BUNDLE", help="folder to write")
    parser.add_argument(
        "--work", type=Path, metavar="DIR", help="state, from which a rerun goes on (OUT.work)"
    )


def _question(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--task", required=True, metavar="T", help="eyes, arithmetic, imagery, or a new name")
    parser.add_argument("--labels", metavar="A,B", help="the table's words for the classes of a new task")
    parser.add_argument(
        "--by-annotation", action="store_true", help="labels are annotations, not of recordings"
    )


def run(options: argparse.Namespace) -> int:
    """Train, saying on stderr how far it is."""
    if "table" not in options:
        return options.do(options)
    work = options.work or options.out.with_name(f"{options.out.name}.work")
    return options.do(options, work)


def subject(options: argparse.Namespace) -> str:
    """The table, or the recording."""
    return str(options.table if "table" in options else options.recording)


def _pretrain(options: argparse.Namespace, work: Path) -> int:
    from samba_gui.training.from_table import pretrain_table
    from samba_gui.training.pretrain import Schedule
    from samba_gui.training.team import join_team

    schedule = Schedule(options.epochs, options.steps, options.lr, seed=options.seed)
    with join_team() as team:
        written = pretrain_table(
            options.table,
            options.out,
            work,
            say,
            schedule,
            batch=options.batch,
            window_s=options.window,
            masking=options.masking,
            loss=options.loss,
            team=team,
        )
    if written is not None:
        print(options.out)
    return 0


def _probe(options: argparse.Namespace, work: Path) -> int:
    from samba_gui.training.from_table import probe_table

    return _end(options, probe_table(options.bundle, options.table, _task(options), options.out, work, say))


def _finetune(options: argparse.Namespace, work: Path) -> int:
    from samba_gui.training.finetune import Tuning
    from samba_gui.training.from_table import finetune_table

    tuning = Tuning(
        options.epochs,
        options.steps,
        options.batch,
        options.lr,
        patience=options.patience,
        seed=options.seed,
    )
    task = _task(options)
    return _end(options, finetune_table(options.bundle, options.table, task, options.out, work, say, tuning))


def _end(options: argparse.Namespace, written: object) -> int:
    """Status 1 if the head is no better than chance, which has then been said."""
    if written is None:
        return 1
    print(options.out)
    return 0


def _task(options: argparse.Namespace) -> Task:
    from samba_gui.training.trials import TASKS, Task

    if options.labels is None:
        for task in TASKS:
            if task.name == options.task:
                return task
        raise RecordingError(
            "There is no task {task}.",
            "Known are {known}; or name the classes: --labels A,B.",
            task=options.task,
            known=", ".join(task.name for task in TASKS),
        )
    labels = tuple(label.strip() for label in options.labels.split(","))
    if len(labels) < 2 or "" in labels or len(set(labels)) < len(labels):
        raise RecordingError("A task has two or more different classes.", "Name them: --labels A,B.")
    if not options.task.isidentifier():
        raise RecordingError(
            "{task!r} is no name for a task.", "Use letters, digits and _.", task=options.task
        )
    title = " / ".join(labels)
    return Task(options.task, title, "", labels, labels, options.by_annotation, "")


def say(line: str) -> None:
    """One line of progress on stderr."""
    print(line, file=sys.stderr, flush=True)
