"""Whether the bundle learned from the very recording that it is used on."""

from __future__ import annotations

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.words import Text, joined
from samba_gui.session.contract_row import ContractRow, Verdict


def training_rows(config: BundleConfig, recording_sha256: str) -> tuple[ContractRow, ...]:
    """One row if it did, none otherwise."""
    taught = config.taught_by(recording_sha256)
    if not taught:
        return ()
    titles = [
        Text("class head “{title}”", title=head.title)
        for head in config.heads
        if f"head {head.name}" in taught
    ]
    network = (Text("network"),) if "network" in taught else ()
    what = joined((*network, *titles))
    if network and titles:
        flattered = Text("quality and classes")
    else:
        flattered = Text("quality") if network else Text("classes")
    return (
        ContractRow(
            Text("Training data"),
            Verdict.CAREFUL,
            Text("to be used on recordings it has not seen"),
            Text("{what}: trained on this recording", what=what),
            Text(
                "{flattered} shown here flatter the model; its figures on held-out time are in its card",
                flattered=flattered,
            ),
        ),
    )
