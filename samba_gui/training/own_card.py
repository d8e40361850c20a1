"""What a bundle's card says of what it learned from one's own recordings."""

from __future__ import annotations

import re

from samba_gui.training.learning import ONE_RECORDING, HeadReport, MaskedReport
from samba_gui.training.tuned import Tuned


def without_pictures(card: str) -> str:
    """A card whose pictures stay with the bundle they were made for."""
    return re.sub(r"(?m)^!\[.*\n", "", card)


def head_section(report: HeadReport) -> str:
    """A section in Markdown; every name in it is plain (:mod:`core.plain_text`)."""
    marked = "" if report.above_chance else " (not above chance)"
    is_tuned = report.tuned is not None and report.tuned.kept
    features = "features, fine-tuned with it" if is_tuned else "frozen features"
    lines = [
        f"## Head: {report.title}{marked}",
        "",
        f"**{ONE_RECORDING}** Research use only, not a medical device.",
        "",
        report.verdict(),
        "",
        f"A linear head on the network's {features}, windows of {report.window_s:g} s cut from annotated "
        f"spans. The recording was judged in {report.folds} contiguous pieces, each held out in "
        "turn; windows within one window's length of the piece that is judged were not trained on. Penalty "
        "and temperature come from the other pieces. Brackets: 95 % over blocks of up to five neighbouring "
        "windows drawn again, and no better than so many faultless blocks would prove.",
        "",
        "| class | windows | blocks | separate stretches |",
        "|---|---|---|---|",
        *(
            f"| {name} | {n} | {blocks} | {stretches} |"
            for name, (n, blocks, stretches) in zip(report.classes, report.counts, strict=True)
        ),
        "",
        "| on the same windows and pieces | balanced accuracy |",
        "|---|---|",
        *(f"| {name} | {figure} |" for name, figure in report.compared()),
        "",
        f"Share of labellings told as well as the true one: {report.p_value:.3f}.",
        "",
        f"| annotated, said | {' | '.join(report.classes)} |",
        "|---" * (len(report.classes) + 1) + "|",
        *(
            f"| {name} | {' | '.join(map(str, row))} |"
            for name, row in zip(report.classes, report.confusion, strict=True)
        ),
        "",
        f"Calibration (temperature {report.temperature:.2f}, judged on held-out pieces): expected "
        f"calibration error {report.calibration_error:.2f}.",
        "",
        "| windows | said | right |",
        "|---|---|---|",
        *(f"| {n} | {said:.2f} | {right:.2f} |" for n, said, right in report.reliability),
        "",
    ]
    if report.tuned is not None:
        lines += [*_tuned_lines(report.tuned), ""]
    if report.abstained:
        lines += [f"{report.abstained} windows without a usable signal were left out.", ""]
    lines += [f"- {caution}" for caution in report.doubts()]
    return "\n".join(lines).rstrip() + "\n"


def _tuned_lines(tuned: Tuned) -> list[str]:
    said = [f"**{tuned.verdict()}**", *tuned.consequences()]
    epochs = ", ".join(map(str, tuned.epochs))
    return [
        " ".join(said),
        "",
        f"Fine-tuning began with the probe. While a piece was held out, another one chose the epoch "
        f"({epochs}; 0 is the probe) and was not trained on either. The difference is that of the two on the "
        f"same {tuned.blocks} blocks, drawn again; its interval holds 0 unless exchanging the two block by "
        "block at random gives as much in 2.5 % of cases or less. Labels without meaning were told by the "
        "probe alone.",
    ]


def masked_section(report: MaskedReport) -> str:
    """A section in Markdown."""
    lines = [
        f"## Fine-tuned on own recordings: {report.recordings}",
        "",
        "Research use only, not a medical device.",
        "",
        report.verdict(),
        "",
        f"Masked reconstruction, {report.part()}, on {report.windows} windows; judged on {report.judged} "
        "windows from the last fifth of each recording, which was not trained on. Skill against "
        "straight-line interpolation at masked samples (0 = no better, 1 = perfect); brackets: 95 % over "
        "blocks of neighbouring windows drawn again. It says nothing of recordings of other people.",
        "",
        "| epoch | loss | skill on held-out time |",
        "|---|---|---|",
        *(f"| {e.epoch} | {'' if e.epoch == 0 else f'{e.loss:.4f}'} | {e.skill:.4f} |" for e in report.curve),
        "",
    ]
    if report.dropped:
        lines += ["The heads were dropped, since the features they read have changed.", ""]
    return "\n".join(lines)
