"""The card of the default bundle: only measured figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samba_gui.core.bundle import BundleConfig
from samba_gui.training.bands import ALL, BANDS_HZ, BandFigures
from samba_gui.training.card_heads import head_sections
from samba_gui.training.default_heads import HeadReport
from samba_gui.training.pretrain import Schedule

Figures = Mapping[str, Mapping[str, Mapping[str, BandFigures]]]
"""By split, montage and band."""


def write_card(
    config: BundleConfig,
    schedule: Schedule,
    figures: Figures,
    heads: Sequence[HeadReport],
    subjects: Mapping[str, Mapping[str, int]],
) -> str:
    """``README.md`` of the bundle.

    Parameters
    ----------
    config : BundleConfig
    schedule : Schedule
    figures : mapping
        Of the reconstruction, by split, montage and band.
    heads : sequence of HeadReport
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
        *_reconstruction(figures),
        *head_sections(heads),
        "## What it cannot do",
        "",
        "- Two corpora, healthy adults, two amplifiers: nothing is known of patients, children or other "
        "recording systems.",
        "- Eyes and arithmetic: each class is a recording of its own, so whatever else differs between two "
        "recordings of a person (order, drift, cleaning) may have been learned as well.",
        "- Heads know windows that hold one class from end to end, and say one of their classes of anything; "
        "probabilities are calibrated on few people.",
        "- SAMBA masks all channels at the same instants: its error tells how unpredictable a signal is in "
        "time, not whether a channel disagrees with its neighbours.",
        "- SAIE weights are convex: they average, they cannot re-reference.",
        "",
    ]
    return "\n".join(lines)


def _reconstruction(figures: Figures) -> list[str]:
    bands = [ALL, *BANDS_HZ]
    heading = [ALL, *(f"{name} {low:g}–{high:g} Hz" for name, (low, high) in BANDS_HZ.items())]
    rule = "|---|---|" + "---|" * len(bands)
    rows = [(split, montage, found) for split, own in figures.items() for montage, found in own.items()]
    return [
        "## Reconstruction",
        "",
        "Of held-out subjects. Every window passes twice, under a TSR mask and under its complement, so that "
        "each sample is predicted once while it is masked. What is put together so, the same of straight lines, "
        "and the original go through the same zero-phase filter (Butterworth, order 4; `all`: none), and squared "
        "errors are added up over windows and channels. `emotiv_14` is cut out of the 64-electrode recordings "
        "and was never a training montage by name; random subsets were.",
        "",
        "Skill, 1 − error / error of straight-line interpolation (0 = no better than the line, 1 = perfect):",
        "",
        f"| split | montage | {' | '.join(heading)} |",
        rule,
        *(
            f"| {split} | {montage} | {' | '.join(_rounded(found[band].skill) for band in bands)} |"
            for split, montage, found in rows
        ),
        "",
        "NRMSE, error over the original's standard deviation in the window (1 = as good as its mean), and in "
        "brackets that of the line:",
        "",
        f"| split | montage | {' | '.join(heading)} |",
        rule,
        *(
            f"| {split} | {montage} | "
            + " | ".join(f"{found[band].nrmse:.2f} ({found[band].line_nrmse:.2f})" for band in bands)
            + " |"
            for split, montage, found in rows
        ),
        "",
        "Masked gaps last about a quarter of a second on average.",
        "",
        "![Validation skill over epochs](training.png)",
        "",
    ]


def _rounded(value: float) -> str:
    """Three decimals, without the sign of what is 0 then."""
    return f"{round(value, 3) + 0.0:.3f}"
