"""From arguments to exit status: 0 done, 2 wrong usage, 1 anything else with one line on stderr.

Verbs are rows of an explicit table; what is heavy is imported when a verb runs, so that ``--help`` is quick.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import warnings
from typing import NoReturn

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.cli import (
    bench,
    bids,
    compare,
    convert,
    export,
    html_report,
    look_up,
    pictures,
    run,
    train,
    window,
)
from samba_gui.cli.errors import DEBUG_VARIABLE, report
from samba_gui.cli.verb import Verb

WINDOW = Verb("", "Open the window.", window.arguments, window.run, window.subject)
VERBS = (
    Verb("run", "analyse recordings", run.arguments, run.run, run.subject),
    Verb("compare", "one recording under several montages", compare.arguments, compare.run, compare.subject),
    Verb("gif", "film of the SAIE weights", pictures.gif_arguments, pictures.gif, pictures.picture_subject),
    Verb(
        "figure",
        "the SAIE weights, or the map of a recording's windows, for print",
        pictures.figure_arguments,
        pictures.figure,
        pictures.picture_subject,
    ),
    Verb("export", "results or annotations as CSV or TSV", export.arguments, export.run, export.subject),
    Verb("bids", "results as a BIDS derivatives dataset", bids.arguments, bids.run, bids.subject),
    Verb("report", "results as one HTML file", html_report.arguments, html_report.run, html_report.subject),
    Verb(
        "screenshot",
        "picture of the window",
        pictures.screenshot_arguments,
        pictures.screenshot,
        pictures.screenshot_subject,
    ),
    Verb(
        "montages",
        "list the montages, or check one",
        look_up.montages_arguments,
        look_up.montages,
        look_up.montages_subject,
    ),
    Verb(
        "bundle",
        "what a model bundle declares",
        look_up.bundle_arguments,
        look_up.bundle,
        look_up.bundle_subject,
    ),
    Verb(
        "convert",
        "turn a public SAMBA checkpoint into a bundle",
        convert.arguments,
        convert.run,
        convert.subject,
    ),
    Verb("train", "pretrain, probe or fine-tune on a corpus", train.arguments, train.run, train.subject),
    Verb("bench", "measure this machine", bench.arguments, bench.run, bench.subject),
)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with status 2."""
        self.exit(2, f"{self.prog}: {message}. See {self.prog} --help.\n")


def main(argv: list[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : list of str, optional
        Without the program's name; by default those of the process.

    Returns
    -------
    int
        Exit status.
    """
    multiprocessing.freeze_support()
    given = sys.argv[1:] if argv is None else argv
    verb = next((verb for verb in VERBS if given[:1] == [verb.name]), WINDOW)
    options = parser_for(verb).parse_args(given if verb is WINDOW else given[1:])
    if not os.environ.get(DEBUG_VARIABLE):
        warnings.simplefilter("ignore")  # what concerns the user is among a recording's own warnings
    try:
        status = verb.run(options)
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a reader who has left is noticed
        return status
    except BrokenPipeError:  # whoever read our output has left: say no more, also not while exiting
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (Exception, KeyboardInterrupt) as error:
        return report(verb.subject(options), error)


def parser_for(verb: Verb) -> argparse.ArgumentParser:
    """Build the parser of one verb."""
    if verb is not WINDOW:
        parser = Parser(prog=f"samba-gui {verb.name}", description=verb.help)
    else:
        width = max(len(row.name) for row in VERBS)
        rows = "\n".join(f"  samba-gui {row.name:<{width}}  {row.help}" for row in VERBS)
        parser = Parser(
            prog="samba-gui",
            description=verb.help,
            epilog=f"without a window (each with --help):\n{rows}\n\n{RESEARCH_USE_ONLY}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("--version", action="version", version=f"samba-gui {__version__}")
    verb.arguments(parser)
    return parser
