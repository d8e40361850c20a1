"""A training as a command and as Python lines that come to the same figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from samba_gui.core.places import default_bundle_dir
from samba_gui.core.recipe import DEFAULT_PAIRS, DEFAULT_SEED, Recipe
from samba_gui.io.annotations import annotations_csv
from samba_gui.session.document import Document
from samba_gui.session.script import Script, montage_option
from samba_gui.training.learning import HeadJob, MaskedJob

OUT = "my-bundle"


def head_script(document: Document, job: HeadJob, files_stem: str) -> Script:
    """Say the training of a head.

    Parameters
    ----------
    document : Document
        What the job was made from.
    job : HeadJob
    files_stem : str
        Path, without ending, of files for what no option says.
    """
    arguments = ["samba-gui", "train", "annotations", job.info.path]
    files: dict[Path, str] = {}
    notes = "info.annotations"
    if job.annotations != document.info.annotations:
        table = Path(f"{files_stem}.annotations.csv")
        files[table] = annotations_csv(job.annotations)
        arguments += ["--annotations", str(table)]
        notes = f"read_annotations({str(table)!r})"
    arguments += [f"--class={one.in_words()}" for one in job.labelling.classes]
    arguments += ["--name", job.title]
    if job.labelling.before_s:
        arguments += ["--before", f"{job.labelling.before_s:g}"]
    channels, order = _channels(document, job.recipe, files_stem, files)
    arguments += [*channels, *_bundle_and_device(job.bundle_dir, job.device)]
    if job.finetune is not None:
        wanted = job.finetune
        arguments += ["--finetune", wanted.what, "--epochs", str(wanted.epochs), "--steps", str(wanted.steps)]
        arguments += ["--batch", str(wanted.batch), "--seed", str(wanted.seed)]
    arguments += ["--out", OUT]
    imports = {
        "from samba_gui.engine.headless import Order, recipe_of",
        "from samba_gui.engine.labelling import Labelling, LearnClass",
        "from samba_gui.io.bundles import read_bundle",
        "from samba_gui.io.recordings import open_recording",
        "from samba_gui.training.learning import HeadJob",
        "from samba_gui.training.own_head import learn_head",
        *_imports(order),
    }
    if "read_annotations" in notes:
        imports.add("from samba_gui.io.annotations import read_annotations")
    if job.finetune is not None:
        imports.add("from samba_gui.training.tuned import Finetune")
    python = (
        f"{_block(imports)}"
        f"bundle = Path({job.bundle_dir!r})\n"
        f"with open_recording({job.info.path!r}) as recording:\n"
        "    info = recording.info\n"
        f"order = Order({', '.join(['bundle', 'read_bundle(bundle).key', *order])})\n"
        f"labelling = {job.labelling!r}\n"
        f"given = (info, recipe_of(info, order), str(bundle), {notes}, labelling)\n"
        f"job = HeadJob(*given, {job.title!r}, {job.device!r}, {job.finetune!r})\n"
        f"report = learn_head(job, Path({OUT!r}), lambda doing, share: None)\n"
        'print("\\n".join(report.lines()))\n'
    )
    return Script(tuple(arguments), python, files)


def masked_script(document: Document | None, job: MaskedJob, files_stem: str) -> Script:
    """Say a fine-tuning by masked reconstruction; as :func:`head_script`, the first recording is open."""
    files: dict[Path, str] = {}
    arguments = ["samba-gui", "train", "adapt", *(one.path for one in job.recordings)]
    first, recipe = job.recordings[0], "None"
    if first.recipe is not None and document is not None:
        plain = replace(document, bads=frozenset(), left_out=frozenset())
        if montage_option(plain, first.recipe) != ("", True):
            file = _recipe_file(first.recipe, files_stem, files)
            arguments += ["--recipe", str(file)]
            recipe = f"Recipe.from_json(Path({str(file)!r}).read_text('utf-8'))"
    arguments += _bundle_and_device(job.bundle_dir, job.device)
    arguments += ["--whole"] if job.what == "all" else []
    arguments += ["--epochs", str(job.epochs), "--steps", str(job.steps), "--batch", str(job.batch)]
    arguments += ["--seed", str(job.seed), "--out", OUT]
    imports = {
        "from samba_gui.training.learning import MaskedJob, OwnRecording",
        "from samba_gui.training.own_masked import finetune_masked",
        *_imports([recipe]),
    }
    others = "".join(f"OwnRecording({one.path!r}), " for one in job.recordings[1:])
    numbers = f"{job.epochs}, {job.steps}, {job.batch}, {job.device!r}, {job.seed}"
    python = (
        f"{_block(imports)}"
        f"recipe = {recipe}\n"
        f"recordings = (OwnRecording({first.path!r}, recipe), {others})\n"
        f"job = MaskedJob(recordings, {job.bundle_dir!r}, {job.what!r}, {numbers})\n"
        f"report = finetune_masked(job, Path({OUT!r}), lambda doing, share: None)\n"
        'print("\\n".join(report.lines()))\n'
    )
    return Script(tuple(arguments), python, files)


def _channels(
    document: Document, recipe: Recipe, files_stem: str, files: dict[Path, str]
) -> tuple[list[str], list[str]]:
    """Arguments of the command, and of ``Order``; masks play no part in training."""
    montage, is_found = montage_option(document, recipe)
    if not is_found:
        file = _recipe_file(recipe, files_stem, files)
        return ["--recipe", str(file)], [f"recipe=Recipe.from_json(Path({str(file)!r}).read_text('utf-8'))"]
    bads = sorted(document.unread)
    arguments = [*(["--montage", montage] if montage else []), *(f"--bad={label}" for label in bads)]
    order = [f"montage=montage_by_id({montage!r})"] if montage else []
    return arguments, order + ([f"bads=frozenset({bads!r})"] if bads else [])


def _recipe_file(recipe: Recipe, files_stem: str, files: dict[Path, str]) -> Path:
    file = Path(f"{files_stem}.recipe.json")
    files[file] = replace(recipe, seed=DEFAULT_SEED, pairs=DEFAULT_PAIRS).to_json()
    return file


def _bundle_and_device(bundle_dir: str, device: str) -> list[str]:
    bundle = ["--bundle", bundle_dir] if Path(bundle_dir) != default_bundle_dir() else []
    return bundle + (["--device", device] if device != "auto" else [])


def _imports(parts: list[str]) -> list[str]:
    text = " ".join(parts)
    found = ["from samba_gui.io.montages import montage_by_id"] if "montage_by_id" in text else []
    return found + (["from samba_gui.core.recipe import Recipe"] if "Recipe." in text else [])


def _block(imports: set[str]) -> str:
    return "from pathlib import Path\n\n" + "\n".join(sorted(imports)) + "\n\n"
