"""A report of one or several analyses as one HTML file: no scripts, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.results import ABSTENTIONS, TRAINED_HERE
from samba_gui.engine.comparison import FIGURES, quality_figures
from samba_gui.io.provenance import provenance_text
from samba_gui.io.results import StoredResults, exported_facts
from samba_gui.io.whole_files import write_whole
from samba_gui.scene.colours import colours_of, lookup_table
from samba_gui.scene.gif import Shot, draw_fields, saie_fields

_CLASS_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")  # safe for all eyes
_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;color:#191c21;max-width:1000px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem} h2{font-size:1.2rem;border-top:1px solid #c8ccd2;padding-top:1rem;margin-top:2rem}
table{border-collapse:collapse;margin:.5rem 0} td,th{padding:.15rem .8rem .15rem 0;text-align:left;
vertical-align:top} td.n,th.n{text-align:right;font-variant-numeric:tabular-nums} .notice{font-weight:600}
figure{margin:1rem 0} figcaption,.faint{color:#5c626b;font-size:.86rem} img,svg{max-width:100%}
code{overflow-wrap:anywhere;font-size:.82rem}
.strip{width:100%;image-rendering:pixelated;border:1px solid #c8ccd2}
@media print{h2{break-before:page}}
"""
# nothing is loaded and nothing runs: pictures and style stand in the file
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_LIMITS = {"nrmse": (0.0, 1.5), "skill": (-1.0, 1.0)}


@dataclass(frozen=True, eq=False)
class Reported:
    """An analysis to report, and what it is called; a file's name can hold a patient's."""

    name: str
    results: StoredResults


def write_report(
    path: str | Path, reported: Sequence[Reported], config: BundleConfig, history: SaieHistory
) -> None:
    """Write the report.

    Parameters
    ----------
    path : path-like
        ``.html``; an existing file is replaced only once the new one is complete.
    reported : sequence of Reported
    config : BundleConfig
        SAIE weights are shown for analyses that were made with it.
    history : SaieHistory

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    title = reported[0].name if len(reported) == 1 else f"{len(reported)} recordings"
    provenance = {
        "program": f"samba-gui {__version__}",
        "recordings": [exported_facts(r.results) for r in reported],
    }
    overview = _overview(reported) if len(reported) > 1 else ""
    sections = "".join(_section(one, config, history) for one in reported)
    data = provenance_text(provenance).replace("<", "\\u003c")
    page = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>samba-gui: {escape(title)}</title><style>{_STYLE}</style>
<script type="application/json" id="provenance">{data}</script></head>
<body><h1>Analysis with samba-gui: {escape(title)}</h1>
<p class="notice">{escape(RESEARCH_USE_ONLY)}.</p>{overview}{sections}
<p class="faint">samba-gui {escape(__version__)}. Everything needed to make this report again stands in it
as JSON (element “provenance”).</p></body></html>
"""
    write_whole(path, lambda file: file.write(page.encode()))


def _overview(reported: Sequence[Reported]) -> str:
    heads = list(dict.fromkeys(head for one in reported for head in one.results.start.heads))
    columns = ["recording", "channels", "windows", *(f"median {name}" for name in FIGURES), *heads]
    rows = []
    for one in reported:
        figures = quality_figures(one.results)
        cells = [str(len(one.results.start.recipe.labels)), str(one.results.batch.count)]
        cells += [_number(figures[name].median) for name in FIGURES]
        cells += [_commonest(one.results, head) for head in heads]
        rows.append([one.name, *cells])
    return _table(columns, rows)


def _section(one: Reported, config: BundleConfig, history: SaieHistory) -> str:
    results = one.results
    start, facts = results.start, results.provenance
    simulated = " (a simulated recording)" if facts.get("recording_simulated") == "yes" else ""
    unfinished = "" if results.complete else "<p class=notice>The analysis is not finished.</p>"
    seconds = float(start.plan.durations_s()[: results.batch.count].sum())
    recipe = start.recipe
    summary = [
        ["analysed", f"{seconds:.0f} s in {results.batch.count} windows"],
        ["montage", f"{recipe.montage_name}, {len(recipe.labels)} channels"],
        ["bundle", facts.get("bundle", "")],
        ["made by", f"{facts.get('program', '')} on {start.device}, seed {recipe.seed}"],
    ]
    return (
        f"<section><h2>{escape(one.name)}{simulated}</h2>{unfinished}{_table(None, summary)}"
        f"{_quality(results)}{_probabilities(results)}{_weights(results, config, history)}"
        f"<details><summary>Provenance</summary><code>{escape(json.dumps(facts, sort_keys=True))}</code>"
        "</details></section>"
    )


def _quality(results: StoredResults) -> str:
    if not results.batch.count:
        return ""
    figures = quality_figures(results)
    rows = [[n, _number(f.median), f"{_number(f.low)} to {_number(f.high)}"] for n, f in figures.items()]
    words = (
        "SAMBA masks all channels at the same instants: the error measures how unpredictable the signal is "
        "in time, not whether a channel disagrees with its neighbours. NRMSE 1 = no better than the mean; "
        "skill 0 = no better than a straight line across the gap."
    )
    sums = results.batch.sums.over(1, 3)
    nrmse = sums.nrmse()
    strip = _picture(colours_of(nrmse.T, _LIMITS["nrmse"], "sequential"))
    height = 4 * nrmse.shape[1] if nrmse.shape[1] < 80 else 3 * nrmse.shape[1]
    low, high = _LIMITS["nrmse"]
    labels = results.start.recipe.names
    worst = np.argsort(np.nan_to_num(np.nanmedian(nrmse, axis=0), nan=-1))[::-1][:5]
    listed = ", ".join(f"{labels[i]} {_number(float(np.nanmedian(nrmse[:, i])))}" for i in worst)
    window_s = float(results.start.plan.durations_s()[0])
    caption = (
        f"NRMSE of each channel (rows: {labels[0]} … {labels[-1]}) and window (columns, {window_s:g} s "
        f"each). {words} Highest: {listed}."
    )
    return (
        "<h3>Reconstruction quality</h3>"
        + _table(["figure", "median", "95 % of medians over windows drawn again"], rows)
        + f'<figure><img class="strip" style="height:{height}px" src="{strip}" '
        + f'alt="NRMSE per channel and window">{_bar("sequential", low, high)}'
        + f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _probabilities(results: StoredResults) -> str:
    text = ""
    onsets = results.start.plan.onsets_s()[: results.batch.count]
    for head, classes in results.start.heads.items():
        p = results.batch.probabilities[head]
        why = results.batch.abstained[head]
        silent = ", ".join(
            f"{escape(ABSTENTIONS[code])} ({int((why == code).sum())} windows)"
            for code in np.unique(why)
            if code
        )
        shares = [
            [name, f"{np.mean((p.argmax(axis=1) == i) & np.isfinite(p).all(axis=1)):.0%}"]
            for i, name in enumerate(classes)
        ]
        shares.append(["abstained", f"{np.mean(why > 0):.0%}"])
        taught = results.provenance.get(TRAINED_HERE, "").split(", ")
        caution = " It was trained on this recording: this is no test of it." * (f"head {head}" in taught)
        text += (
            f"<h3>Classes: {escape(head)}</h3>{_table(['class', 'share of windows'], shares)}<figure>"
            f"{_curves(onsets, p, classes)}<figcaption>Probability of each class over time."
            f"{f' Abstains: {silent}.' if silent else ''}{caution}</figcaption></figure>"
        )
    return text


def _curves(onsets_s: np.ndarray, p: np.ndarray, classes: Sequence[str]) -> str:
    """Probabilities (windows, classes) over time as SVG; gaps where the head abstains."""
    width, height, left, foot = 960.0, 170.0, 44.0, 24.0
    end = float(onsets_s[-1]) if len(onsets_s) > 1 and onsets_s[-1] > 0 else 1.0

    def x(at: float) -> float:
        return left + (width - left - 24) * at / end

    def y(level: float) -> float:
        return 8 + (height - foot - 8) * (1 - level)

    parts = [f'<svg viewBox="0 0 {width:g} {height + 18:g}" role="img" aria-label="class probabilities">']
    for level in (0.0, 0.5, 1.0):
        parts.append(f'<path d="M{left} {y(level):.1f}H{width - 24}" stroke="#c8ccd2"/>')
        parts.append(
            f'<text x="{left - 6}" y="{y(level) + 4:.1f}" font-size="11" text-anchor="end">{level:g}</text>'
        )
    for at in np.linspace(0, end, 7):
        parts.append(
            f'<text x="{x(at):.1f}" y="{height - 6}" font-size="11" text-anchor="middle">{at:.0f} s</text>'
        )
    for i, name in enumerate(classes):
        colour = _CLASS_COLOURS[i % len(_CLASS_COLOURS)]
        path, pen = "", "M"
        for at, level in zip(onsets_s, p[:, i], strict=True):
            if np.isfinite(level):
                path += f"{pen}{x(at):.1f} {y(float(level)):.1f}"
                pen = "L"
            else:
                pen = "M"
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        at = f'x="{left + 150 * i}" y="{height + 14}"'
        parts.append(f'<text {at} font-size="12" fill="{colour}">— {escape(name)}</text>')
    return "".join(parts) + "</svg>"


def _weights(results: StoredResults, config: BundleConfig, history: SaieHistory) -> str:
    recipe = results.start.recipe
    if recipe.bundle_key != config.key:
        return '<p class="faint">SAIE weights are not shown: the analysis was made with another bundle.</p>'
    montage, shot = recipe.montage(), Shot(size=(760, 640), names=len(recipe.labels) <= 70)
    fields = saie_fields(config, history, montage, shot, [history.epochs[-1]])
    (picture,) = draw_fields(fields, montage, shot)
    return (
        f'<h3>SAIE weights</h3><figure><img width="620" src="{_picture(picture)}" alt="SAIE weights">'
        f"<figcaption>{escape(fields[0].summary)}</figcaption></figure>"
    )


def _picture(rgb: np.ndarray) -> str:
    memory = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(memory, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(memory.getvalue()).decode()}"


def _bar(colours: str, low: float, high: float) -> str:
    bar = _picture(np.ascontiguousarray(lookup_table(colours)[None]))
    return (
        f'<div class="faint">{low:g} <img src="{bar}" style="width:180px;height:10px" alt=""> {high:g}</div>'
    )


def _table(columns: Sequence[str] | None, rows: Sequence[Sequence[Any]]) -> str:
    head = f"<tr>{''.join(f'<th>{escape(c)}</th>' for c in columns)}</tr>" if columns else ""
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{head}{body}</table>"


def _number(value: float) -> str:
    return f"{value:.3g}" if np.isfinite(value) else "none"


def _commonest(results: StoredResults, head: str) -> str:
    """The class that is likeliest in most windows, and its share."""
    if head not in results.start.heads:
        return ""
    p = results.batch.probabilities[head]
    speaks = np.isfinite(p).all(axis=1)
    if not speaks.any():
        return "abstains"
    counts = np.bincount(p[speaks].argmax(axis=1), minlength=p.shape[1])
    return f"{results.start.heads[head][int(counts.argmax())]} {counts.max() / len(p):.0%}"
