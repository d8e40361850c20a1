"""What a results file holds, as tables: quality per window and channel, class probabilities per window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from samba_gui.core.results import ABSTENTIONS
from samba_gui.io.results import StoredResults

Table = tuple[list[str], Iterator[list[Any]]]


def quality_table(results: StoredResults) -> Table:
    """One row per window and channel; figures are those of all masked samples of all mask pairs."""
    recipe, plan = results.start.recipe, results.start.plan
    sums = results.batch.sums.over(1, 3)  # (windows, channels)
    rmse_uv = sums.rmse() * results.start.scale_uv
    nrmse, skill, correlation = sums.nrmse(), sums.skill(), sums.correlation()
    columns = ["window", "onset_s", "duration_s", "channel", "electrode", "nrmse", "skill", "correlation"]
    columns += ["rmse_uv", "masked_samples"]

    def rows() -> Iterator[list[Any]]:
        for w, window in enumerate(plan.windows[: results.batch.count]):
            start = [window.index, window.onset_s, window.n / plan.rate_hz]
            for c, (label, name) in enumerate(zip(recipe.labels, recipe.names, strict=True)):
                figures = [nrmse[w, c], skill[w, c], correlation[w, c], rmse_uv[w, c], int(sums.n[w, c])]
                yield [*start, label, name, *figures]

    return columns, rows()


def probabilities_table(results: StoredResults) -> Table:
    """One row per window and head: the probability of each class, or why the head abstains."""
    plan, heads = results.start.plan, results.start.heads
    classes = list(dict.fromkeys(name for names in heads.values() for name in names))
    columns = ["window", "onset_s", "duration_s", "head", *classes, "likeliest", "abstains"]

    def rows() -> Iterator[list[Any]]:
        for w, window in enumerate(plan.windows[: results.batch.count]):
            for head, names in heads.items():
                p = results.batch.probabilities[head][w]
                speaks = bool(np.isfinite(p).all())
                of = dict(zip(names, map(float, p), strict=True)) if speaks else {}
                why = ABSTENTIONS[int(results.batch.abstained[head][w])]
                likeliest = names[int(np.argmax(p))] if speaks else None
                start = [window.index, window.onset_s, window.n / plan.rate_hz, head]
                yield [*start, *(of.get(name) for name in classes), likeliest, why or None]

    return columns, rows()
