"""What a model bundle declares: the noun behind ``config.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samba_gui.core.errors import BundleError
from samba_gui.core.montage import Montage
from samba_gui.core.saie import SaieParameters

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How samples are prepared for the network; display filters never touch this.

    Parameters
    ----------
    rate_hz : float
        Rate of the network's input.
    highpass_hz, lowpass_hz : float
        Band edges (−6 dB) of the zero-phase FIR filters.
    reference : {"average", "as recorded"}
        Average over the model's channels; bipolar channels are left as they are.
    scale : {"recording"}
        Each channel is divided by the median over the recording of its windows' standard deviation.
    """

    rate_hz: float
    highpass_hz: float
    lowpass_hz: float
    reference: str = "average"
    scale: str = "recording"


@dataclass(frozen=True, slots=True)
class HeadConfig:
    """A classification head.

    Parameters
    ----------
    name : str
        e.g. ``"eyes"``; its tensors are ``heads.<name>.*``.
    title : str
        For the screen, e.g. ``"Eyes open / closed"``.
    classes : tuple of str
    calibrated : bool
        Whether a temperature was fitted on held-out subjects.
    trained_on : str
        One sentence.
    metrics : mapping
        Measured figures: ``balanced_accuracy``, ``interval`` [low, high], ``chance``, ``n_subjects``;
        ``calibration_subjects``, how many the temperature was fitted on …
    min_window_s : float
        Shorter windows abstain.
    min_electrodes : int
        Fewer electrodes abstain.
    reading : {"pooled", "log spreads"}
        What the head reads of the network's pooled features.
    recordings : tuple of str
        SHA-256 of single recordings that it learned from: what it says of them is no test of it.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    calibrated: bool
    trained_on: str
    metrics: dict[str, Any] = field(default_factory=dict)
    min_window_s: float = 4.0
    min_electrodes: int = 8
    reading: str = "pooled"
    recordings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PinnedMontage:
    """A montage of the training: its name, and its :attr:`Montage.key` then."""

    name: str
    key: str


@dataclass(frozen=True, eq=False)
class BundleConfig:
    """Everything in ``config.json``.

    Parameters
    ----------
    name, family, version, licence, training_data : str
        ``family`` is ``"samba"``.
    target : Montage
        Positions the SAIE maps to (head frame, metres).
    coordinates : ndarray (4, 4)
        Affine from MNE's head frame in metres to the network's coordinates.
    any_montage : bool
        True if the output is carried back to the recording's electrodes; False for networks
        whose output is tied to the montage in ``output_labels``.
    output_labels : tuple of str
        Electrodes of the output where ``any_montage`` is False.
    window_s : float
        Length of an analysis window.
    fill : {"zero", "line"}
        What stands in the network's input where samples are masked.
    saie_initialisation : {"default", "local"}
        For the null band.
    amplitude_range_uv : tuple of 2 floats
        Channel scales seen in training (1st and 99th percentile); outside, heads abstain.
    trained_montages : tuple of PinnedMontage
        Whose coordinates the network was trained on; none if the bundle does not say.
    recordings : tuple of str
        SHA-256 of single recordings that the network was fine-tuned on.
    hashes : mapping of str to str
        SHA-256 of ``model.safetensors`` and ``history.safetensors``.
    key : str
        SHA-256 over ``config.json`` and the two tensor files: the bundle's identity.
    """

    name: str
    family: str
    version: str
    licence: str
    training_data: str
    target: Montage
    coordinates: np.ndarray
    preprocessing: Preprocessing
    window_s: float
    any_montage: bool
    saie_initialisation: str
    fill: str = "line"
    output_labels: tuple[str, ...] = ()
    heads: tuple[HeadConfig, ...] = ()
    amplitude_range_uv: tuple[float, float] = (0.0, np.inf)
    trained_montages: tuple[PinnedMontage, ...] = ()
    recordings: tuple[str, ...] = ()
    hashes: dict[str, str] = field(default_factory=dict)
    key: str = ""

    @property
    def window_samples(self) -> int:
        """Length of a full window at the network's rate."""
        return round(self.window_s * self.preprocessing.rate_hz)

    def taught_by(self, recording_sha256: str) -> tuple[str, ...]:
        """What of it learned from a recording: ``"network"``, and ``"head <name>"`` of each head."""
        network = recording_sha256 in self.recordings
        heads = (h.name for h in self.heads if network or recording_sha256 in h.recordings)
        return (*(["network"] if network else []), *(f"head {name}" for name in heads))

    def to_network(self, positions_m: np.ndarray) -> np.ndarray:
        """Head-frame metres (n, 3) to the network's coordinates (n, 3)."""
        return np.asarray(positions_m) @ self.coordinates[:3, :3].T + self.coordinates[:3, 3]

    def to_json(self) -> dict[str, Any]:
        """Plain data for ``config.json``, without ``key``."""
        return {
            "format_version": FORMAT_VERSION,
            "name": self.name,
            "family": self.family,
            "version": self.version,
            "licence": self.licence,
            "training_data": self.training_data,
            "target": {
                "name": self.target.name,
                "labels": list(self.target.labels),
                "positions": self.target.positions_m.round(6).tolist(),
                "frame": "MNE head",
                "unit": "m",
                "source": self.target.source,
            },
            "coordinates": self.coordinates.tolist(),
            "preprocessing": {
                slot: getattr(self.preprocessing, slot) for slot in Preprocessing.__dataclass_fields__
            },
            "window_s": self.window_s,
            "any_montage": self.any_montage,
            "output_labels": list(self.output_labels),
            "fill": self.fill,
            "saie_initialisation": self.saie_initialisation,
            "amplitude_range_uv": list(self.amplitude_range_uv),
            "trained_montages": [{"name": pin.name, "key": pin.key} for pin in self.trained_montages],
            "recordings": list(self.recordings),
            "heads": [
                {slot: getattr(head, slot) for slot in HeadConfig.__dataclass_fields__} for head in self.heads
            ],
            "hashes": self.hashes,
        }

    @classmethod
    def from_json(cls, data: Any, key: str = "") -> BundleConfig:
        """Read ``config.json``.

        Raises
        ------
        BundleError
            Missing or ill-typed fields, or another format version.
        """
        if not isinstance(data, dict) or "family" not in data:
            raise BundleError("config.json is not a samba-gui bundle.", "Convert the checkpoint first.")
        if data.get("format_version") != FORMAT_VERSION:
            raise BundleError(
                "The bundle has format version {version}, this program reads {known}.",
                "Update samba-gui or convert the bundle again.",
                version=data.get("format_version"),
                known=FORMAT_VERSION,
            )
        try:
            target = data["target"]
            return cls(
                name=str(data["name"]),
                family=str(data["family"]),
                version=str(data["version"]),
                licence=str(data["licence"]),
                training_data=str(data["training_data"]),
                target=Montage(
                    str(target["name"]),
                    tuple(map(str, target["labels"])),
                    np.array(target["positions"], dtype=np.float64),
                    str(target.get("source", "")),
                ),
                coordinates=np.array(data["coordinates"], dtype=np.float64).reshape(4, 4),
                preprocessing=Preprocessing(**data["preprocessing"]),
                window_s=float(data["window_s"]),
                any_montage=bool(data["any_montage"]),
                output_labels=tuple(map(str, data["output_labels"])),
                fill=str(data["fill"]),
                saie_initialisation=str(data["saie_initialisation"]),
                amplitude_range_uv=tuple(map(float, data["amplitude_range_uv"])),  # type: ignore[arg-type]
                trained_montages=tuple(
                    PinnedMontage(str(pin["name"]), str(pin["key"]))
                    for pin in data.get("trained_montages", ())  # bundles before it pin nothing
                ),
                recordings=tuple(map(str, data.get("recordings", ()))),
                heads=tuple(_head(head) for head in data["heads"]),
                hashes={str(k): str(v) for k, v in data["hashes"].items()},
                key=key,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(
                "config.json is damaged: {why}.", "Fetch the bundle again.", why=error
            ) from None


def _head(data: dict[str, Any]) -> HeadConfig:
    recordings = tuple(map(str, data.get("recordings", ())))
    return HeadConfig(**{**data, "classes": tuple(data["classes"]), "recordings": recordings})


@dataclass(frozen=True, eq=False)
class SaieHistory:
    """SAIE parameters over training: ``epochs`` (n,), ascending, and one set of parameters each."""

    epochs: tuple[int, ...]
    parameters: tuple[SaieParameters, ...]

    @property
    def trained(self) -> SaieParameters:
        """The last epoch's: what the network uses."""
        return self.parameters[-1]

    def continued(self, parameters: Sequence[SaieParameters]) -> SaieHistory:
        """With one more epoch for each of some parameters."""
        epochs = range(self.epochs[-1] + 1, self.epochs[-1] + 1 + len(parameters))
        return SaieHistory((*self.epochs, *epochs), (*self.parameters, *parameters))
