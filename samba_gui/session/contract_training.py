"""Whether the bundle learned from the very recording that it is used on."""

from __future__ import annotations

from samba_gui.core.bundle import BundleConfig
from samba_gui.session.contract_row import ContractRow, Verdict


def training_rows(config: BundleConfig, recording_sha256: str) -> tuple[ContractRow, ...]:
    """One row if it did, none otherwise."""
    taught = config.taught_by(recording_sha256)
    if not taught:
        return ()
    titles = [f"“{head.title}”" for head in config.heads if f"head {head.name}" in taught]
    heads = f"class head{'s' * (len(titles) > 1)} {', '.join(titles)}" if titles else ""
    network = "network" if "network" in taught else ""
    what = " and ".join(part for part in (network, heads) if part)
    flattered = "quality and classes" if network and heads else "quality" if network else "classes"
    return (
        ContractRow(
            "Training data",
            Verdict.CAREFUL,
            "to be used on recordings it has not seen",
            f"{what}: trained on this recording",
            f"{flattered} shown here flatter the model; its figures on held-out time are in its card",
        ),
    )
