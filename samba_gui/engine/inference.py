"""Run a network over windows: what was masked is reconstructed, what is seen is classified."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from samba_gui.core.bundle import BundleConfig, HeadConfig
from samba_gui.core.quality import QualitySums
from samba_gui.core.recipe import Recipe, output_rows
from samba_gui.core.results import AMPLITUDE, FEW, FLAT, SHORT, Reconstruction
from samba_gui.core.windows import Window, WindowPlan
from samba_gui.engine.masking import complementary_masks, straight_line
from samba_gui.engine.preprocess import FLAT_UV
from samba_gui.models.bundles import BundleNetwork
from samba_gui.models.folded import FoldedSamba
from samba_gui.models.heads import pooled_features


@dataclass(frozen=True)
class WindowResults:
    """Results of some windows, as in :class:`core.results.BatchResult`."""

    sums: QualitySums
    probabilities: dict[str, np.ndarray]
    abstained: dict[str, np.ndarray]
    features: np.ndarray


class Analyser:
    """A network applied to one recording.

    Parameters
    ----------
    network : BundleNetwork
        On its device, in evaluation mode.
    recipe : Recipe
    plan : WindowPlan
    scale_uv : ndarray (channels,)
        What each channel is divided by.
    """

    def __init__(
        self, network: BundleNetwork, recipe: Recipe, plan: WindowPlan, scale_uv: np.ndarray
    ) -> None:
        self._network = network
        self._config: BundleConfig = network.config
        self._recipe = recipe
        self._plan = plan
        self._scale_uv = np.asarray(scale_uv, dtype=np.float64)
        self._device = network.net.device
        to_network = self._config.to_network
        inputs = self._tensor(to_network(np.array(recipe.positions_m)))
        targets = self._tensor(to_network(self._config.target.positions_m))
        self._net = FoldedSamba(network.net, inputs, targets)
        self._scale = self._tensor(self._scale_uv)[:, None]
        self._rows = output_rows(recipe, self._config) or slice(None)

    def _tensor(self, array: np.ndarray) -> Tensor:
        return torch.as_tensor(array, dtype=torch.float32, device=self._device)

    @torch.inference_mode()
    def run(self, samples_uv: np.ndarray, windows: list[Window]) -> WindowResults:
        """Quality and class probabilities of windows of one length.

        Parameters
        ----------
        samples_uv : ndarray (windows, channels, times) float32
            Preprocessed.
        windows : list of Window
        """
        x = self._tensor(samples_uv) / self._scale
        lines, visible = self._masked(x, windows, tuple(range(self._recipe.pairs)))
        answer, decoder3 = self._net.answer_and_read(self._seen(lines, visible), x)
        predicted = self._woven(self._predicted(lines, answer), visible)
        features = pooled_features(decoder3)
        probabilities, abstained = self._classify(features, samples_uv)
        kept = features.to(torch.float16).cpu().numpy()
        sums = self._sums(x, predicted, self._woven(lines, visible))
        return WindowResults(sums, probabilities, abstained, kept)

    @torch.inference_mode()
    def reconstruct(self, samples_uv: np.ndarray, windows: list[Window], pair: int) -> list[Reconstruction]:
        """Original and reconstruction of windows of one length, in µV."""
        x = self._tensor(samples_uv) / self._scale
        lines, visible = self._masked(x, windows, (pair,))
        answer = self._net(self._seen(lines, visible)).reconstruction
        predicted = self._woven(self._predicted(lines, answer), visible)
        predicted_uv = (predicted[:, 0] * self._scale).cpu().numpy()
        masked_first = ~visible[:, 0, 0].cpu().numpy()
        rate_hz = self._plan.rate_hz
        return [
            Reconstruction(w.index, w.onset_s, rate_hz, samples_uv[i], predicted_uv[i], masked_first[i], pair)
            for i, w in enumerate(windows)
        ]

    def _masked(self, x: Tensor, windows: list[Window], pairs: tuple[int, ...]) -> tuple[Tensor, Tensor]:
        """Signals with straight lines across what each pass hides.

        Returns
        -------
        lines : Tensor (windows · pairs · 2, channels, times)
        visible : Tensor (windows, pairs, 2, times) bool
        """
        recipe = self._recipe
        masks = [complementary_masks(w.n, recipe.pairs, recipe.seed, w.index)[list(pairs)] for w in windows]
        visible = torch.as_tensor(np.stack(masks), device=self._device)
        passes = x[:, None, None].expand(*visible.shape[:3], *x.shape[1:]).flatten(0, 2)
        return straight_line(passes, visible.flatten(0, 2)), visible

    def _seen(self, lines: Tensor, visible: Tensor) -> Tensor:
        return masked_input(self._config.fill, lines, visible.flatten(0, 2))

    def _predicted(self, lines: Tensor, answer: Tensor) -> Tensor:
        return masked_output(self._config.fill, lines, answer[:, self._rows])

    @staticmethod
    def _woven(passes: Tensor, visible: Tensor) -> Tensor:
        """Take each sample from the pass in which it was masked: (windows, pairs, channels, times)."""
        passes = passes.unflatten(0, visible.shape[:3])
        return torch.where(visible[:, :, 0, None], passes[:, :, 1], passes[:, :, 0])

    def _sums(self, x: Tensor, y: Tensor, line: Tensor) -> QualitySums:
        """Sums per bin, (windows, pairs, channels, bins)."""
        bins, size = self._plan.bins, self._plan.bin_samples
        x = x[:, None].expand_as(y)
        ones = torch.ones_like(x)

        def per_bin(values: Tensor) -> np.ndarray:
            padded = F.pad(values, (0, bins * size - values.shape[-1]))
            return padded.unflatten(-1, (bins, size)).sum(-1).cpu().numpy()

        terms = (ones, (x - y) ** 2, (x - line) ** 2, x, y, x * x, y * y, x * y)
        return QualitySums(*map(per_bin, terms))

    def _classify(
        self, features: Tensor, samples_uv: np.ndarray
    ) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        probabilities, abstained = {}, {}
        spread_uv = samples_uv.std(axis=-1)
        for head in self._config.heads:
            why = self._abstentions(head, samples_uv.shape, spread_uv)
            values = self._network.heads[head.name](features).cpu().numpy()
            values[why > 0] = np.nan
            probabilities[head.name], abstained[head.name] = values, why
        return probabilities, abstained

    @torch.inference_mode()
    def features(self, samples_uv: np.ndarray) -> np.ndarray:
        """What heads read of windows of one length, float32 (windows, 1152)."""
        return pooled_features(self._net.decoder3(self._tensor(samples_uv) / self._scale)).cpu().numpy()

    def abstentions(self, head: HeadConfig, samples_uv: np.ndarray) -> np.ndarray:
        """Why the head says nothing of a window, uint8 (windows,); 0 where it speaks."""
        return self._abstentions(head, samples_uv.shape, samples_uv.std(axis=-1))

    def _abstentions(self, head: HeadConfig, shape: tuple[int, ...], spread: np.ndarray) -> np.ndarray:
        """The same from the samples' shape and their ``spread`` (windows, channels) in µV."""
        windows, channels, times = shape
        low, high = self._config.amplitude_range_uv
        why = np.zeros(windows, dtype=np.uint8)
        why[(np.median(spread, axis=1) > 3 * high) | ~np.isfinite(spread).all(axis=1)] = AMPLITUDE
        typical = np.median(self._scale_uv)
        if not low <= typical <= high:
            why[:] = AMPLITUDE
        why[(spread < FLAT_UV).mean(axis=1) > 0.1] = FLAT
        if channels < head.min_electrodes:
            why[:] = FEW
        if times < round(head.min_window_s * self._plan.rate_hz):
            why[:] = SHORT
        return why


def masked_input(fill: str, lines: Tensor, visible: Tensor) -> Tensor:
    """What the network sees of signals that are masked.

    Parameters
    ----------
    fill : {"line", "zero"}
        As the bundle declares it: ``"line"``, straight lines across masked spans, or ``"zero"``, nothing, as
        the public network has it.
    lines : Tensor (batch, channels, times)
        Signals with straight lines across masked spans.
    visible : Tensor (batch, times) bool

    Returns
    -------
    Tensor (batch, channels, times)
    """
    return lines if fill == "line" else lines * visible.unsqueeze(1)


def masked_output(fill: str, lines: Tensor, answer: Tensor) -> Tensor:
    """What the network's answer to :func:`masked_input` means: with ``"line"`` it is what the line misses."""
    return lines + answer if fill == "line" else answer
