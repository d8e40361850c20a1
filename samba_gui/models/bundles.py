"""Networks from bundles and back; only safetensors and JSON are ever opened."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.errors import BundleError
from samba_gui.models.heads import READINGS, LinearHead
from samba_gui.models.samba import SAMBA, load_strictly


class BundleNetwork(nn.Module):
    """A network with the heads that belong to it.

    Parameters
    ----------
    config : BundleConfig
    """

    def __init__(self, config: BundleConfig, seed: int = 0) -> None:
        super().__init__()
        if config.family != "samba":
            raise BundleError(
                "The bundle's family is {family}; this program knows samba.",
                "Update samba-gui.",
                family=config.family,
            )
        self.config = config
        targets = len(config.target)
        self.net = SAMBA(
            targets,
            targets if config.any_montage else len(config.output_labels),
            any_montage=config.any_montage,
            saie_initialisation=config.saie_initialisation,
            seed=seed,
        )
        for head in config.heads:
            if head.reading not in READINGS:
                raise BundleError(
                    "The head {head} reads {reading!r}, which this program does not know.",
                    "Update samba-gui.",
                    head=head.name,
                    reading=head.reading,
                )
        self.heads = nn.ModuleDict(
            {head.name: LinearHead(len(head.classes), head.reading) for head in config.heads}
        )

    def tensors(self) -> dict[str, Tensor]:
        """What is written to ``model.safetensors``."""
        return {name: tensor.contiguous() for name, tensor in self.state_dict().items()}

    def model_bytes(self) -> bytes:
        """``model.safetensors`` as bytes, the same for the same weights."""
        return save(self.tensors())


def load_network(
    config: BundleConfig, folder: str | Path, device: str | torch.device = "cpu"
) -> BundleNetwork:
    """Build the network a bundle declares, give it the bundle's weights, and put it on ``device``.

    Parameters
    ----------
    config : BundleConfig
        Read (and checked against the hashes) by ``io.bundles.read_bundle``.
    folder : path
    device : torch device

    Raises
    ------
    BundleError
        Unreadable tensors, or not all of them match ("N of M").
    """
    with torch.random.fork_rng(devices=[]):  # what is drawn here is thrown away; "meta" imports for a second
        network = BundleNetwork(config)
    try:
        tensors = load_file(Path(folder) / "model.safetensors")
    except (OSError, SafetensorError) as error:
        raise BundleError(
            "model.safetensors cannot be read: {why}.", "Fetch the bundle again.", why=error
        ) from None
    load_strictly(network, tensors)
    return network.to(device).eval()
