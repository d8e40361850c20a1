"""What came of a training, as rich text for a dialog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from samba_gui.training.learning import ONE_RECORDING, HeadReport, MaskedReport
from samba_gui.ui.language import tr
from samba_gui.ui.palette import blend
from samba_gui.ui.theme import Theme


def report_html(report: HeadReport, theme: Theme) -> str:
    """A head's verdict, what it is compared with, its classes and its calibration."""
    windows = sum(n for n, _, _ in report.counts)
    blocks = sum(n for _, n, _ in report.counts)
    judged = tr("{windows} windows in {blocks} blocks, held out in {pieces} contiguous pieces of time")
    parts = [
        f'<p style="font-size: large; color: {theme.good if report.above_chance else theme.bad}">'
        f"<b>{escape(tr(report.verdict()))}</b></p>",
        *_tuned(report, theme),
        _line(judged.format(windows=windows, blocks=blocks, pieces=report.folds), theme.dim),
        _line(tr(ONE_RECORDING), theme.dim),
        *(_line(tr(text), theme.careful) for text in report.doubts()),
        _heading(tr("On the same windows and held-out pieces")),
        table([("", tr("balanced accuracy")), *report.compared()], theme),
        _heading(tr("Classes: what was annotated, and what was said")),
        _confusions(report, theme),
        _heading(tr("Calibrated on held-out pieces of this recording")),
        _line(_calibrated(report), theme.dim),
        table(
            [
                (tr("probability said"), *(f"{said:.2f}" for _, said, _ in report.reliability)),
                (tr("share right"), *(f"{right:.2f}" for _, _, right in report.reliability)),
                (tr("windows"), *(str(n) for n, _, _ in report.reliability)),
            ],
            theme,
            header=False,
        ),
    ]
    return "".join(parts)


def _tuned(report: HeadReport, theme: Theme) -> list[str]:
    if report.tuned is None:
        return []
    colour = theme.good if report.tuned.kept else theme.text
    said = [_line(tr(text), theme.text) for text in report.tuned.consequences()]
    return [_line(tr(report.tuned.verdict()), colour), *said]


def _calibrated(report: HeadReport) -> str:
    said = tr("Temperature {t:.2f}; expected calibration error {error:.2f}.")
    words = said.format(t=report.temperature, error=report.calibration_error)
    if report.abstained:
        left_out = tr("{n} windows without a usable signal were left out.")
        words += " " + left_out.format(n=report.abstained)
    return words


def _confusions(report: HeadReport, theme: Theme) -> str:
    """Counts, the ground as dark as their share of the class; how much of it is recognised, and its size."""
    sizes = (tr("recognised"), tr("windows"), tr("blocks"), tr("stretches"))
    rows = [_row(("", *report.classes, *sizes), "th", theme)]
    for k, (name, counts) in enumerate(zip(report.classes, report.confusion, strict=True)):
        whole = max(sum(counts), 1)
        grounds = ["", *(blend(theme.accent, theme.base, 0.5 * n / whole).name() for n in counts)]
        texts = (name, *map(str, counts), f"{100 * counts[k] / whole:.0f} %", *map(str, report.counts[k]))
        rows.append(_row(texts, "td", theme, grounds))
    return f'<table cellspacing="0" cellpadding="3">{"".join(rows)}</table>'


def _heading(text: str) -> str:
    return f'<p style="margin-top: 16px; margin-bottom: 4px"><b>{escape(text)}</b></p>'


def _line(text: str, colour: str) -> str:
    return f'<p style="color: {colour}; margin-top: 2px; margin-bottom: 2px">{escape(text)}</p>'


def table(rows: Iterable[Sequence[str]], theme: Theme, *, header: bool = True) -> str:
    """The first column names, and perhaps the first row; figures stand to the right."""
    lines = [_row(row, "th" if header and not k else "td", theme) for k, row in enumerate(rows)]
    return f'<table cellspacing="0" cellpadding="3">{"".join(lines)}</table>'


def _row(texts: Sequence[str], tag: str, theme: Theme, grounds: Sequence[str] = ()) -> str:
    cells = []
    for column, text in enumerate(texts):
        side = "left" if column == 0 else "right"
        ground = grounds[column] if column < len(grounds) else ""
        filled = f' bgcolor="{ground}"' if ground else ""
        style = f"padding-left: 10px; padding-right: 10px; color: {theme.dim if tag == 'th' else theme.text}"
        weight = "font-weight: normal; " if tag == "th" else ""
        cells.append(f'<{tag} align="{side}"{filled} style="{weight}{style}">{escape(text)}</{tag}>')
    return f"<tr>{''.join(cells)}</tr>"


def masked_html(report: MaskedReport, theme: Theme) -> str:
    """The verdict on a fine-tuning, and its epochs."""
    colour = theme.good if report.is_better else theme.bad if report.high < 0 else theme.careful
    said, *more = report.lines()
    epochs = [
        (str(one.epoch), f"{one.loss:.4f}", f"{one.skill:.4f}")
        if one.epoch
        else (tr("before"), "", f"{one.skill:.4f}")
        for one in report.curve
    ]
    return "".join(
        [
            f'<p style="font-size: large; color: {colour}"><b>{escape(tr(said))}</b></p>',
            *(f"<p>{escape(tr(text))}</p>" for text in more),
            table([(tr("epoch"), tr("loss"), tr("skill on held-out time")), *epochs], theme),
        ]
    )
