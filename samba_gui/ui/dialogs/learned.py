"""What came of a training, as rich text for a dialog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from samba_gui.training.learning import ONE_RECORDING, HeadReport, MaskedReport
from samba_gui.ui.language import tr
from samba_gui.ui.theme import Theme


def report_html(report: HeadReport, theme: Theme) -> str:
    """A head's verdict, what it is compared with, its confusions and its calibration."""
    colour = theme.good if report.above_chance else theme.bad
    parts = [
        f'<p style="color: {colour}"><b>{escape(tr(report.verdict()))}</b></p>',
        f"<p>{escape(tr(ONE_RECORDING))}</p>",
        table([(tr("On the same windows and held-out pieces"), tr("Balanced accuracy")), *report.compared()]),
        "<br>",
        table(
            [
                (tr("Annotated, and said to be"), *report.classes),
                *(
                    (name, *(str(n) for n in row))
                    for name, row in zip(report.classes, report.confusion, strict=True)
                ),
            ]
        ),
        "<br>",
        table(
            [
                (
                    tr("Calibration on held-out pieces: said"),
                    *(f"{said:.2f}" for _, said, _ in report.reliability),
                ),
                (tr("right"), *(f"{right:.2f}" for _, _, right in report.reliability)),
                (tr("windows"), *(str(n) for n, _, _ in report.reliability)),
            ]
        ),
    ]
    if report.abstained:
        said = tr("{n} windows without a usable signal were left out.").format(n=report.abstained)
        parts.append(f"<p>{escape(said)}</p>")
    parts += [f'<p style="color: {theme.careful}">{escape(tr(text))}</p>' for text in report.doubts()]
    return "".join(parts)


def table(rows: Iterable[Sequence[str]]) -> str:
    """The first row and column are heads; figures stand to the right."""
    lines = []
    for number, row in enumerate(rows):
        cells = []
        for column, text in enumerate(row):
            tag = "th" if number == 0 else "td"
            side = "left" if column == 0 else "right"
            cells.append(f'<{tag} align="{side}" style="padding-right: 18px">{escape(text)}</{tag}>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


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
            f'<p style="color: {colour}"><b>{escape(tr(said))}</b></p>',
            *(f"<p>{escape(tr(text))}</p>" for text in more),
            table([(tr("Epoch"), tr("Loss"), tr("Skill on held-out time")), *epochs]),
        ]
    )
