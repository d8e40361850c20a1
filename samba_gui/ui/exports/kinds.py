"""What can be exported: one row for each kind, with the verb that writes it and its options."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from samba_gui.core.words import Text

Arguments = tuple[str, ...]


class Source(StrEnum):
    """What an export is made from."""

    WEIGHTS = "bundle and montage"
    RESULTS = "results of the analysis"
    FOLDER = "folder of results"


@dataclass(frozen=True)
class Option:
    """A choice between arguments of the verb.

    Parameters
    ----------
    label : str
        With ``&`` before the mnemonic.
    values : tuple of (text, arguments)
        The first is the default.
    """

    label: str
    values: tuple[tuple[str, Arguments], ...]


@dataclass(frozen=True)
class ExportKind:
    """One kind of export.

    Parameters
    ----------
    title : str
        Of the dialog.
    words : str
        What it shows and what it depends on.
    verb : tuple of str
        Of ``samba-gui``, with its fixed arguments.
    source : Source
    endings : tuple of str
        Of the file; none for a folder.
    stem : str
        Proposed name.
    options : tuple of str
        Keys of :data:`OPTIONS`.
    needs_bundle : bool
        Whether the verb is told the bundle.
    source_option : str
        Before the results, where the verb does not take them first.
    """

    title: str
    words: str
    verb: Arguments
    source: Source
    endings: tuple[str, ...]
    stem: str
    options: tuple[str, ...] = ()
    needs_bundle: bool = True
    source_option: str = ""


_WEIGHTS = Text("A property of bundle and montage, not of this recording.")
_MAP = Text("The axes belong to this recording and have no physiological meaning.")
_FILMS, _TABLES = (".gif", ".mp4"), (".csv", ".tsv")

OPTIONS = {
    "view": Option("&View", (("from above (2-D)", ()), ("head (3-D)", ("--view", "3d")))),
    "camera": Option(
        "&Camera of the 3-D head",
        (
            ("three-quarter", ()),
            *((name, ("--camera", name)) for name in ("left", "right", "top", "front", "back")),
        ),
    ),
    "quantity": Option(
        "&Quantity",
        (
            ("weight relative to uniform, fixed limits", ()),
            ("as in the paper: each epoch scaled to its own range", ("--quantity", "paper")),
        ),
    ),
    "figure": Option(
        "&Quantity", (("error (NRMSE)", ("--of", "nrmse")), ("skill against a line", ("--of", "skill")))
    ),
    "size": Option(
        "Size in &pixels",
        (
            ("1296 × 1080, as in the paper", ()),
            ("1920 × 1080", ("--size", "1920x1080")),
            ("960 × 800", ("--size", "960x800")),
            ("648 × 540", ("--size", "648x540")),
        ),
    ),
    "frame": Option(
        "Each fra&me stands",
        (
            ("as usual", ()),
            *((f"{ms / 1000:g} s", ("--frame-ms", str(ms))) for ms in (40, 100, 200, 500, 1000, 2000)),
        ),
    ),
    "theme": Option("C&olours", (("light", ()), ("dark", ("--theme", "dark")))),
    "names": Option("&Names of electrodes", (("no", ()), ("yes", ("--names",)))),
    "width": Option(
        "&Width",
        (
            ("85 mm, one column", ("--width-mm", "85")),
            ("114 mm, one and a half", ("--width-mm", "114")),
            ("180 mm, two columns", ("--width-mm", "180")),
        ),
    ),
    "projection": Option(
        "&Projection", (("principal components", ()), ("t-SNE, takes longer", ("--projection", "tsne")))
    ),
    "colour": Option(
        "C&olour by",
        (
            ("time", ()),
            ("class of the first head", ("--colour", "class")),
            ("error (NRMSE)", ("--colour", "nrmse")),
            ("skill against a line", ("--colour", "skill")),
            ("correlation", ("--colour", "correlation")),
        ),
    ),
    "dpi": Option(
        "&Resolution",
        tuple((f"{dpi} dpi", ("--dpi", str(dpi))) for dpi in (600, 300, 1200)),
    ),
    "file_names": Option(
        "&Names of recordings",
        (
            ("by number and hash", ()),
            ("by their files, which can hold names of people", ("--file-names",)),
        ),
    ),
}

KINDS = {
    "weights_film": ExportKind(
        "Film of the weights over training",
        Text("SAIE weights, one frame for each stored epoch, the same limits in all. {note}", note=_WEIGHTS),
        ("gif", "--of", "epochs"),
        Source.WEIGHTS,
        _FILMS,
        "saie-weights",
        ("view", "quantity", "camera", "size", "frame", "theme", "names"),
    ),
    "turning_film": ExportKind(
        "Film of the turning head",
        Text("SAIE weights after training on a head that turns once. {note}", note=_WEIGHTS),
        ("gif", "--of", "turn"),
        Source.WEIGHTS,
        _FILMS,
        "saie-head",
        ("quantity", "camera", "size", "frame", "theme", "names"),
    ),
    "quality_film": ExportKind(
        "Film of the quality over time",
        "Reconstruction quality of each window of this recording, the same limits in all frames.",
        ("gif",),
        Source.RESULTS,
        _FILMS,
        "quality",
        ("figure", "view", "camera", "size", "frame", "theme", "names"),
        needs_bundle=False,
        source_option="--results",
    ),
    "figure": ExportKind(
        "Figure for print",
        Text(
            "SAIE weights from above at a journal's width; outlines and letters are vectors. {note}",
            note=_WEIGHTS,
        ),
        ("figure",),
        Source.WEIGHTS,
        (".pdf", ".svg", ".png"),
        "saie-figure",
        ("quantity", "epochs", "width", "dpi", "names"),
    ),
    "weights_table": ExportKind(
        "Table of the weights",
        Text("One row per electrode, with the band of untrained networks. {note}", note=_WEIGHTS),
        ("export", "--what", "weights"),
        Source.RESULTS,
        _TABLES,
        "weights",
    ),
    "quality_table": ExportKind(
        "Table of the quality",
        "One row per window and channel: NRMSE, skill, correlation, RMSE in µV.",
        ("export", "--what", "quality"),
        Source.RESULTS,
        _TABLES,
        "quality",
        needs_bundle=False,
    ),
    "probabilities_table": ExportKind(
        "Table of the probabilities",
        "One row per window and class head; where a head abstains, why.",
        ("export", "--what", "probabilities"),
        Source.RESULTS,
        _TABLES,
        "probabilities",
        needs_bundle=False,
    ),
    "map_figure": ExportKind(
        "Figure of the map",
        Text("Every window of this recording in two dimensions of the network's features. {note}", note=_MAP),
        ("figure",),
        Source.RESULTS,
        (".pdf", ".svg", ".png"),
        "map",
        ("projection", "colour", "width", "dpi"),
        needs_bundle=False,
        source_option="--results",
    ),
    "map_table": ExportKind(
        "Table of the map",
        Text(
            "One row per window: the first ten principal components, and t-SNE if it is chosen. {note}",
            note=_MAP,
        ),
        ("export", "--what", "map"),
        Source.RESULTS,
        _TABLES,
        "map",
        ("projection",),
        needs_bundle=False,
    ),
    "report": ExportKind(
        "Report of this recording",
        "Quality, classes and weights on one page that loads nothing from elsewhere.",
        ("report",),
        Source.RESULTS,
        (".html",),
        "report",
    ),
    "folder_report": ExportKind(
        "Report of a folder",
        "All results files of a folder (*.samba.h5, from samba-gui run) on one page, with an overview.",
        ("report",),
        Source.FOLDER,
        (".html",),
        "report",
        ("file_names",),
    ),
    "bids": ExportKind(
        "BIDS derivatives",
        "A dataset of quality and probabilities with units explained; a recording whose name does not follow "
        "BIDS is called by its hash.",
        ("bids",),
        Source.RESULTS,
        (),
        "derivatives-samba-gui",
        needs_bundle=False,
    ),
}


def epochs_option(epochs: tuple[int, ...]) -> Option:
    """Which epochs a figure shows side by side."""
    first, middle, last = epochs[0], epochs[len(epochs) // 2], epochs[-1]
    values: list[tuple[str, Arguments]] = [(Text("after training ({last})", last=last), ())]
    if first != last:
        text = Text("first and last ({first}, {last})", first=first, last=last)
        values.append((text, ("--epochs", f"{first},{last}")))
    if len({first, middle, last}) == 3:
        text = Text("three ({first}, {middle}, {last})", first=first, middle=middle, last=last)
        values.append((text, ("--epochs", f"{first},{middle},{last}")))
    return Option(Text("Epo&chs"), tuple(values))


def command_of(
    kind: ExportKind, source: Arguments, bundle: str, chosen: Arguments, out: str
) -> tuple[str, ...]:
    """Arguments of ``samba-gui`` that write an export.

    Parameters
    ----------
    kind : ExportKind
    source : tuple of str
        The results or the folder; for weights ``("--montage", M)`` or nothing.
    bundle : str
        Its folder.
    chosen : tuple of str
        Arguments of the options.
    out : str
    """
    verb, *fixed = kind.verb
    if kind.source_option:
        source = (kind.source_option, *source)
    told = ("--bundle", bundle) if kind.needs_bundle else ()
    return (verb, *source, *fixed, *chosen, *told, "--out", out)
