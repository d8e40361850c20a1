"""In how many windows each class head abstains, and why."""

from __future__ import annotations

import numpy as np

from samba_gui.core.bundle import BundleConfig, HeadConfig
from samba_gui.core.results import ABSTENTIONS
from samba_gui.core.words import Text, joined
from samba_gui.session.contract_row import ContractRow, Verdict
from samba_gui.session.results import ResultsStore

MANY = 0.1
"""A head that abstains in a larger share of the windows does not speak for the recording."""


def head_rows(config: BundleConfig, store: ResultsStore | None) -> tuple[ContractRow, ...]:
    """One row per head of the bundle, once windows are analysed."""
    return tuple(_row(head, store) for head in config.heads)


def _row(head: HeadConfig, store: ResultsStore | None) -> ContractRow:
    topic = Text("Class head “{title}”", title=head.title)
    model = Text(
        "windows of {window_s:g} s or more, {n} or more electrodes",
        window_s=head.min_window_s,
        n=head.min_electrodes,
    )
    analysed = store.filled if store is not None else np.zeros(0, bool)
    n = int(analysed.sum())
    if store is None or n == 0 or head.name not in store.abstained:
        return ContractRow(topic, Verdict.UNKNOWN, model, Text("known once windows are analysed"))
    counts = np.bincount(store.abstained[head.name][analysed], minlength=len(ABSTENTIONS))
    silent = n - int(counts[0])
    file = Text(
        "abstains in {silent} of {n} windows" if silent else "speaks in all {n} windows", silent=silent, n=n
    )
    why = (
        Text("{n}: {reason}", n=count, reason=ABSTENTIONS[i])
        for i, count in enumerate(counts.tolist())
        if i and count
    )
    verdict = Verdict.CAREFUL if silent > MANY * n else Verdict.FITS
    return ContractRow(topic, verdict, model, file, joined(why, "; "))
