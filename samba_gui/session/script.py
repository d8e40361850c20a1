"""What is on screen as a command and as Python lines that compute the same numbers."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from samba_gui.core.errors import MontageError, RecipeError
from samba_gui.core.jobs import AnalyseJob
from samba_gui.core.places import default_bundle_dir
from samba_gui.core.recipe import Recipe, make_recipe
from samba_gui.io.montages import match, montage_by_id, propose
from samba_gui.session.document import Document

OUT = "samba-results"


@dataclass(frozen=True)
class Script:
    """The same analysis twice, as text.

    Parameters
    ----------
    arguments : tuple of str
        Of the command, ``samba-gui`` first.
    python : str
        Lines that leave ``nrmse`` and ``probabilities``.
    files : mapping of Path to str
        What must stand in a file because no option of the command says it: its text.
    """

    arguments: tuple[str, ...]
    python: str
    files: Mapping[Path, str] = field(default_factory=dict)

    @property
    def command(self) -> str:
        """For this platform's shell."""
        return (
            subprocess.list2cmdline(self.arguments) if sys.platform == "win32" else shlex.join(self.arguments)
        )

    def write_files(self) -> None:
        """Put the files in place that both texts name."""
        for path, text in self.files.items():
            path.write_text(text, "utf-8", newline="")


def script_of(document: Document, job: AnalyseJob, cursor_s: float) -> Script:
    """Say an analysis as a command.

    Every option is tried before it is promised: where montage, bad channels, seed and pairs do not give the
    very recipe of the job (positions came with the file, or from a file whose place is not known), the
    recipe itself is to be written to a file.

    Parameters
    ----------
    document : Document
    job : AnalyseJob
        What is on screen.
    cursor_s : float
        The Python lines name the window there.
    """
    recipe, bads = job.recipe, sorted(document.unread)
    montage, is_found = montage_option(document, recipe)
    recipe_file = None if is_found else Path(job.results_path + ".recipe.json")
    arguments = ["samba-gui", "run", job.info.path, "--out", OUT]
    order = []
    if Path(job.bundle_dir) != default_bundle_dir():
        arguments += ["--bundle", job.bundle_dir]
    if recipe_file is not None:
        arguments += ["--recipe", str(recipe_file)]
        order.append(f"recipe=Recipe.from_json(Path({str(recipe_file)!r}).read_text('utf-8'))")
    else:
        if montage:
            arguments += ["--montage", montage]
            order.append(f"montage=montage_by_id({montage!r})")
        arguments += [f"--bad={label}" for label in bads]
        arguments += ["--seed", str(recipe.seed), "--pairs", str(recipe.pairs)]
        order += [f"bads=frozenset({bads!r})"] if bads else []
        order += [f"seed={recipe.seed}", f"pairs={recipe.pairs}"]
    if job.device != "auto":
        arguments += ["--device", job.device]
        order.append(f"device={job.device!r}")
    files = {recipe_file: recipe.to_json()} if recipe_file is not None else {}
    return Script(tuple(arguments), _python(job, order, cursor_s), files)


def montage_option(document: Document, recipe: Recipe) -> tuple[str, bool]:
    """Name to give, empty where the best proposal is meant; and whether the recipe comes out the same."""
    chosen = document.match
    for name in ("", chosen.montage.name if chosen else ""):
        try:
            found = match(document.info, montage_by_id(name)) if name else propose(document.info)[0]
            made = make_recipe(
                document.info,
                found,
                recipe.bundle_key,
                bads=document.unread,
                seed=recipe.seed,
                pairs=recipe.pairs,
            )
        except (MontageError, RecipeError, IndexError):
            continue
        if made == recipe:
            return name, True
    return "", False


def _python(job: AnalyseJob, order: list[str], cursor_s: float) -> str:
    text = ", ".join(order)
    more = ""
    if "montage_by_id" in text:
        more += "from samba_gui.io.montages import montage_by_id\n"
    if "Recipe." in text:
        more += "from samba_gui.core.recipe import Recipe\n"
    name = Path(job.info.path).stem
    return (
        "from pathlib import Path\n\n"
        "from samba_gui.engine.headless import Order, analyse_recording, results_path\n"
        "from samba_gui.io.bundles import read_bundle\n"
        f"{more}"
        "from samba_gui.io.results import read_results\n\n"
        f"recording = Path({job.info.path!r})\n"
        f"bundle = Path({job.bundle_dir!r})\n"
        f"results = results_path(recording, Path({OUT!r}))  # {OUT}/{name}.samba.h5\n"
        f"order = Order(bundle, read_bundle(bundle).key, {text})\n"
        "analyse_recording(recording, results, order)\n\n"
        "stored = read_results(results)\n"
        "nrmse = stored.batch.sums.over(1, 3).nrmse()  # (windows, channels)\n"
        "probabilities = stored.batch.probabilities  # by head: (windows, classes)\n"
        f"window = stored.start.plan.index_at({cursor_s!r})  # the one at the cursor\n"
    )
