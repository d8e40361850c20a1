"""The card of a trained bundle: only measured figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from samba_gui.core.bundle import BundleConfig, HeadConfig
from samba_gui.training.pretrain import Schedule
from samba_gui.training.probe import Score


@dataclass(frozen=True)
class HeadReport:
    """Everything measured of one head: ``scores`` by split, ``control`` with an untrained network."""

    head: HeadConfig
    scores: Mapping[str, Score]
    control: Score
    classical: Mapping[str, Score]
    shipped: bool


def write_card(
    config: BundleConfig,
    schedule: Schedule,
    skill: Mapping[str, Mapping[str, float]],
    heads: list[HeadReport],
    subjects: Mapping[str, Mapping[str, int]],
) -> str:
    """``README.md`` of the bundle.

    Parameters
    ----------
    config : BundleConfig
    schedule : Schedule
    skill : mapping of split to mapping of montage to skill
    heads : list of HeadReport
    subjects : mapping of corpus to mapping of split to number of subjects
    """
    spec = config.preprocessing
    lines = [
        f"# {config.name}",
        "",
        "Research use only, not a medical device.",
        "",
        "A SAMBA network with one set of weights for every montage of 4 or more positioned electrodes. "
        "It reads the recording's electrodes through a spatial-adaptive input embedding (SAIE) onto "
        f"{len(config.target)} target electrodes, and a second one, roles swapped, carries its output back.",
        "",
        f"- Input: {spec.rate_hz:g} Hz, {spec.highpass_hz:g}–{spec.lowpass_hz:g} Hz, {spec.reference} "
        f"reference, each channel divided by its scale in the recording; windows of {config.window_s:g} s.",
        "- Masked spans enter as straight lines, and the network writes what the line misses: an untrained "
        "network reconstructs the line exactly, so skill above 0 was learned.",
        f"- Training data: {config.training_data}.",
        f"- Training: {schedule.epochs} epochs of {schedule.steps_per_epoch} batches, AdamW, OneCycle up to "
        f"{schedule.max_lr:g}, seed {schedule.seed}; whole caps, a 10-20 cut, and random subsets of 4 or more "
        "electrodes. Subjects are never shared between splits.",
        f"- Licence: {config.licence} (weights); the recordings are ODC-By 1.0 (Schalk et al. 2004, Zyma et "
        "al. 2019, Goldberger et al. 2000) and are not part of the bundle.",
        "",
        "## Subjects",
        "",
        "| corpus | train | val | test |",
        "|---|---|---|---|",
        *(f"| {corpus} | {n['train']} | {n['val']} | {n['test']} |" for corpus, n in subjects.items()),
        "",
        "## Reconstruction",
        "",
        "Skill against straight-line interpolation at masked samples of held-out subjects (0 = no better, "
        "1 = perfect). `emotiv_14` is cut out of the 64-electrode recordings and was never a training montage "
        "by name; random subsets were.",
        "",
        "| montage | val | test |",
        "|---|---|---|",
        *(
            f"| {montage} | {skill['val'][montage]:.3f} | {skill['test'][montage]:.3f} |"
            for montage in skill["val"]
        ),
        "",
        "![Validation skill over epochs](training.png)",
        "",
        "## Heads",
        "",
        "Linear probes on frozen features; penalty and temperature chosen on `val`, judged once on `test`. "
        "Balanced accuracy with a 95 % interval from resampled blocks of five neighbouring windows; with so few "
        "subjects the interval says little of other subjects. Chance is 0.5. The control is the same probe on "
        "an untrained network. A head is shipped only if its interval on `test` lies above chance.",
        "",
        "| head | val | test | untrained control, test | classical, test | shipped |",
        "|---|---|---|---|---|---|",
        *(_head_row(report) for report in heads),
        "",
        "## What it cannot do",
        "",
        "- Two corpora, healthy adults, two amplifiers: nothing is known of patients, children or other "
        "recording systems.",
        "- SAMBA masks all channels at the same instants: its error tells how unpredictable a signal is in "
        "time, not whether a channel disagrees with its neighbours.",
        "- SAIE weights are convex: they average, they cannot re-reference.",
        "",
    ]
    return "\n".join(lines)


def _head_row(report: HeadReport) -> str:
    classical = "; ".join(f"{name} {_interval(score)}" for name, score in report.classical.items())
    return (
        f"| {report.head.title} | {_interval(report.scores['val'])} | {_interval(report.scores['test'])} | "
        f"{_interval(report.control)} | {classical} | {'yes' if report.shipped else 'no'} |"
    )


def _interval(score: Score) -> str:
    return f"{score.balanced_accuracy:.2f} [{score.low:.2f}, {score.high:.2f}]"
