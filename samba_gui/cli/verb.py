"""What a verb of the command line is, and the arguments several of them share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from samba_gui.core.errors import RecipeError, ResultsError
from samba_gui.core.places import default_bundle_dir

if TYPE_CHECKING:
    from samba_gui.core.recipe import Recipe


@dataclass(frozen=True)
class Verb:
    """A row of the table of verbs.

    Parameters
    ----------
    name, help : str
    arguments : callable
        Adds the verb's arguments to a parser.
    run : callable
        Does it and returns the exit status.
    subject : callable
        What stands before the message of an error: a file, or the command.
    """

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    subject: Callable[[argparse.Namespace], str]


def bundle_argument(parser: argparse.ArgumentParser) -> None:
    """``--bundle B``; by default the one that ships."""
    parser.add_argument(
        "--bundle", type=Path, default=default_bundle_dir(), metavar="B", help="bundle folder"
    )


def montage_argument(parser: argparse.ArgumentParser) -> None:
    """``--montage M``; by default the verb chooses."""
    parser.add_argument("--montage", metavar="M", help="id, name or file (see samba-gui montages)")


def recipe_from(path: Path) -> Recipe:
    """Read the file behind ``--recipe``.

    Raises
    ------
    RecipeError
        It cannot be read, or is none.
    """
    from samba_gui.core.recipe import Recipe

    try:
        return Recipe.from_json(path.read_text("utf-8"))
    except OSError as error:
        raise RecipeError(
            "cannot be read: {why}.", "Give the file of a recipe.", why=error.strerror
        ) from None
    except (ValueError, KeyError, TypeError):
        raise RecipeError("is not a recipe.", "Help ▸ Copy as command writes one.") from None


def results_files(paths: list[Path]) -> list[Path]:
    """Results files, and those in folders.

    Raises
    ------
    ResultsError
        There are none.
    """
    from samba_gui.core.results import RESULTS_SUFFIX

    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob(f"*{RESULTS_SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise ResultsError(
            "There is no *{suffix} in the folder.", "Run samba-gui run first.", suffix=RESULTS_SUFFIX
        )
    return files
