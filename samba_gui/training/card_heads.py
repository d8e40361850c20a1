"""The part of the default bundle's card that tells of its heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from samba_gui.training.calibration import EDGES
from samba_gui.training.default_heads import PROBE, HeadReport, Row, TunedRow
from samba_gui.training.people import Judgement

READ = {
    "pooled": "all 1152 pooled features",
    "log spreads": "logarithms of four spreads of each of 128 features (512)",
}


def head_sections(heads: Sequence[HeadReport]) -> list[str]:
    """Lines of Markdown."""
    shipped = [report.head.title for report in heads if report.shipped] or ["none"]
    lines = [
        "## Heads",
        "",
        f"Shipped: {', '.join(shipped)}.",
        "",
        "Linear probes on frozen features of single windows. What a probe reads and its penalty are chosen "
        "by leaving out groups of subjects of `train` and `val` in turn; it is fitted on `train`, its "
        "temperature on `val`. `test` chose nothing; an earlier version of these heads was judged on it. "
        "Figures are balanced accuracies, the mean over subjects, with 95 % intervals from a bootstrap of "
        "subjects and, within each, of blocks of five neighbouring windows. **With two or three subjects "
        "such an interval is too narrow**: look at the single subjects. Chance is 0.50.",
        "",
        "- *left out*: subjects of `train` in turn, everything chosen and fitted anew on the others. "
        "(Pretraining, which knows no labels, has seen all of `train`.)",
        "- *val + test*: fitted on `train`; `val` had a part in reading, penalty and temperature. "
        "**A head is shipped if this interval lies above chance**, and above what is told without the brain.",
        "- *untrained network*: random weights, everything else the same.",
        "- *trained further*: fine-tuning from the probe, few epochs of few batches, the best chosen on "
        "`val`; `test` is not touched. Gain: by how much the log loss is smaller than the probe's on the "
        "same windows of `val`; skill: of the reconstruction on `val` afterwards. A bundle has one network "
        "for its heads and for the reconstruction: a fine-tuned one would take its place only if the "
        "interval of the gain lay above 0 and it told more than what is told without the brain.",
        "- Classical methods see the same windows under the whole cap. CSP has 6 components, of recordings "
        "filtered to 8–30 Hz, covariances shrunk by 0.1.",
        "",
    ]
    for report in heads:
        lines += _section(report)
    return lines


def _section(report: HeadReport) -> list[str]:
    lines = [
        f"### {report.head.title}",
        "",
        f"{report.head.trained_on}. **{_verdict(report)}** In the same people an untrained network reaches "
        f"{report.head.metrics['untrained_network']:.2f}, the best classical method "
        f"{report.head.metrics['best_classical']:.2f}.",
        "",
        "| method | left out | val | test | val + test |",
        "|---|---|---|---|---|",
        *(_row(name, row) for name, row in {**report.rows, **report.artefacts}.items()),
        "",
        f"The probe reads {READ[report.head.reading]}. Subject by subject: {_people(report)}.",
        "",
    ]
    lines += _artefacts(report) + _tuning(report)
    return lines + (_calibration(report) if report.shipped else [])


def _verdict(report: HeadReport) -> str:
    found, chance = report.rows[PROBE].held_out, report.head.metrics["chance"]
    if report.shipped:
        return "Shipped."
    if found.low <= chance:
        return "Not shipped: its interval does not lie above chance."
    return "Not shipped: it tells no more than what is told without the brain."


def _row(name: str, row: Row) -> str:
    cells = (row.left_out, row.val, row.test, row.held_out)
    return f"| {name} | {' | '.join(_interval(cell) for cell in cells)} |"


def _people(report: HeadReport) -> str:
    row = report.rows[PROBE]
    parts = (("left out", row.left_out), ("val", row.val), ("test", row.test))
    return "; ".join(f"{name} {_each(judgement.people)}" for name, judgement in parts)


def _each(people: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in people.items())


def _artefacts(report: HeadReport) -> list[str]:
    if not report.artefacts:
        return []
    row = next(iter(report.artefacts.values()))
    return [
        "**Eyes that follow the cue.** The last row sees only slow potentials of eight electrodes around the "
        f"eyes, and tells the classes apart at {_interval(row.left_out)} in subjects left out. In this "
        "corpus the cue stands on the left or on the right of the screen, and windows begin with it: what "
        "uses frequencies below 4 Hz can read the direction of gaze and seem to read imagery.",
        "",
    ]


def _tuning(report: HeadReport) -> list[str]:
    lines = [
        "| trained further | best epoch | val | gain | skill |",
        "|---|---|---|---|---|",
        f"| nothing (the probe) | | {_interval(report.rows[PROBE].val)} | | |",
    ]
    lines += [_tuned_row(name, tuned) for name, tuned in report.tuned.items()]
    return [*lines, ""]


def _tuned_row(name: str, tuned: TunedRow) -> str:
    if tuned.epoch == 0:
        return f"| {name} | none beats the probe | | | |"
    skill = ", ".join(f"{montage} {value:.2f}" for montage, value in tuned.skill.items())
    return f"| {name} | {tuned.epoch} | {_interval(tuned.accuracy)} | {_interval(tuned.gain)} | {skill} |"


def _calibration(report: HeadReport) -> list[str]:
    lines = [
        "Calibration. Windows by the probability of the likelier class: how many, mean probability → share "
        "that is right. The expected calibration error (ECE) is the mean distance of the two.",
        "",
        "| split | log loss without temperature → with | ECE | "
        + " | ".join(f"{low:g}–{high:g}" for low, high in pairwise(EDGES))
        + " |",
        "|---|---|---|" + "---|" * (len(EDGES) - 1),
    ]
    for split, found in report.calibration.items():
        bins = " | ".join(
            f"{one.windows}: {one.said:.2f} → {one.right:.2f}" if one else "–" for one in found.bins
        )
        lines.append(f"| {split} | {found.raw_loss:.3f} → {found.loss:.3f} | {found.error:.2f} | {bins} |")
    temperature = next(iter(report.calibration.values())).temperature
    return [*lines, "", f"Temperature {temperature:.2f}, fitted on `val`.", ""]


def _interval(judgement: Judgement) -> str:
    return f"{judgement.mean:.2f} [{judgement.low:.2f}, {judgement.high:.2f}]"
