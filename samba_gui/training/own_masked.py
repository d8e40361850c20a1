"""Masked-reconstruction fine-tuning on one's own recordings: the SAIE alone, or the whole network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.errors import RecipeError
from samba_gui.core.recipe import make_recipe
from samba_gui.engine.device import choose_device
from samba_gui.engine.preprocess import Preprocessor
from samba_gui.engine.windows import plan_windows
from samba_gui.io.bundles import CARD_FILE, read_bundle, read_saie_history, write_bundle
from samba_gui.io.hashing import recording_sha256
from samba_gui.io.montages import best_match
from samba_gui.io.recordings import open_recording
from samba_gui.models.bundles import BundleNetwork, load_network
from samba_gui.training.batches import Batch, BatchSource
from samba_gui.training.corpus import CorpusRecording, Entry
from samba_gui.training.learning import MaskedEpoch, MaskedJob, MaskedReport, OwnRecording, Told
from samba_gui.training.own_card import masked_section, without_pictures
from samba_gui.training.pretrain import CLIP_NORM, masked_loss, masked_pass, parameter_groups
from samba_gui.training.tables import fixed_batches

LEAST_WINDOWS = 20
MOST_WINDOWS = 3600
HELD_OUT = 0.2  # the last part of every recording
JUDGED_WINDOWS = 40  # of every recording
RATES = {"saie": 2e-3, "all": 3e-4}
BLOCK, LEAST_BLOCKS, DRAWS = 5, 8, 2000
READ_SHARE = 0.1


def finetune_masked(job: MaskedJob, folder: Path, told: Told) -> MaskedReport:
    """Fine-tune, judge on held-out time before and after, and write the bundle to ``folder``.

    Parameters
    ----------
    job : MaskedJob
    folder : Path
        Of the caller; whoever is content with the report publishes it from there.
    told : callable

    Raises
    ------
    SambaError
        A recording or the bundle cannot be used, or there is too little to learn from.
    """
    config = read_bundle(job.bundle_dir)
    if not config.any_montage:
        raise RecipeError(
            "{bundle} reconstructs one montage only.",
            "Fine-tune a bundle that takes any montage.",
            bundle=config.name,
        )
    device = choose_device(job.device, beside_window=True)
    torch.set_num_threads(device.threads)
    train, held_out = [], []
    for k, one in enumerate(job.recordings):
        told("Reading the recordings", READ_SHARE * k / len(job.recordings))
        begin, end = _split(one, k, config)
        train.append(begin)
        held_out.append(end)
    network = load_network(config, job.bundle_dir, device.kind)
    judged = _judged_batches(held_out, config)
    before = _errors(network, judged)
    curve, history = _train(job, network, train, judged, before, told)
    after = _errors(network, judged)
    report = _report(job, config, train, before, after, curve)
    told("Writing the bundle", 0.99)
    _write(job, config, network, history, report, folder)
    told("Done", 1.0)
    return report


def _split(one: OwnRecording, number: int, config: BundleConfig) -> tuple[CorpusRecording, CorpusRecording]:
    """A recording's begin, which is trained on, and its end; a window's length lies between."""
    n, spec = config.window_samples, config.preprocessing
    with open_recording(one.path) as recording:
        recipe = one.recipe or make_recipe(recording.info, best_match(recording.info), config.key)
        # referenced window by window, since the reference depends on the electrodes in use
        preprocessor = Preprocessor(recording, recipe, replace(spec, reference="as recorded"))
        plan = plan_windows(recording.info, config)
        whole = [window for window in plan.windows if window.n == n][:MOST_WINDOWS]
        if len(whole) < LEAST_WINDOWS:
            raise RecipeError(
                "{name} has {n} windows of {window_s:g} s; {least} are the least.",
                "Leave it out, or take a longer recording.",
                name=Path(one.path).name,
                n=len(whole),
                window_s=config.window_s,
                least=LEAST_WINDOWS,
            )
        samples = np.concatenate([preprocessor.window(window, n) for window in whole], axis=1)
    cut = round(len(whole) * (1 - HELD_OUT)) * n
    # nothing that identifies the file enters the entry
    entry = Entry(Path(f"recording-{number}"), str(number), "", "")
    average = spec.reference == "average" and not recipe.bipolar
    begin, end = (
        CorpusRecording(entry, part, recipe.montage(), (), n, average)
        for part in (samples[:, : cut - n], samples[:, cut:])
    )
    return begin, end


def _groups(recordings: Sequence[CorpusRecording]) -> list[list[CorpusRecording]]:
    groups: dict[str, list[CorpusRecording]] = {}
    for one in recordings:
        groups.setdefault(one.montage.key, []).append(one)
    return list(groups.values())


def _judged_batches(held_out: Sequence[CorpusRecording], config: BundleConfig) -> list[Batch]:
    """The same windows under the same masks before and after, all electrodes."""
    batches = []
    for group in _groups(held_out):
        for found in fixed_batches([group], config.window_samples, JUDGED_WINDOWS).values():
            batches += found
    return batches


@torch.inference_mode()
def _errors(network: BundleNetwork, batches: Sequence[Batch]) -> np.ndarray:
    """Squared errors of network and straight line at masked samples, (windows, 2)."""
    network.eval()
    found = []
    for batch in batches:
        x, predicted, lines, visible = masked_pass(network, batch)
        masked = ~visible.unsqueeze(1)
        sums = [((x - y).square() * masked).sum((1, 2)).cpu().numpy() for y in (predicted, lines)]
        found.append(np.stack(sums, axis=1))
    return np.concatenate(found).astype(np.float64)


def _skill(errors: np.ndarray) -> float:
    return float(1 - errors[:, 0].sum() / errors[:, 1].sum())


def _train(
    job: MaskedJob,
    network: BundleNetwork,
    train: Sequence[CorpusRecording],
    judged: Sequence[Batch],
    before: np.ndarray,
    told: Told,
) -> tuple[list[MaskedEpoch], SaieHistory]:
    net, config = network.net, network.config
    groups = _groups(train)
    shares = [float(sum(one.samples.shape[1] for one in group)) for group in groups]
    source = BatchSource(groups, shares, [], job.batch, config.window_samples, job.seed)
    saies = [part for part in (net.saie, net.output_saie) if part is not None]
    if job.what == "saie":
        net.requires_grad_(False)
        for part in saies:
            part.requires_grad_(True)
    groups_of_parameters = [
        {**group, "params": [p for p in group["params"] if p.requires_grad]}  # type: ignore[attr-defined]
        for group in parameter_groups(net, 1e-2)
    ]
    optimiser = torch.optim.AdamW(groups_of_parameters, lr=RATES[job.what])
    total = job.epochs * job.steps
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATES[job.what], total_steps=total, pct_start=0.2, div_factor=10, final_div_factor=100
    )
    saie = []
    curve = [MaskedEpoch(0, float("nan"), _skill(before))]
    for epoch in range(1, job.epochs + 1):
        network.train()
        losses = []
        for step in range((epoch - 1) * job.steps, epoch * job.steps):
            told(f"Epoch {epoch} of {job.epochs}", READ_SHARE + (0.98 - READ_SHARE) * step / total)
            cost = masked_loss(*masked_pass(network, source.batch(step)))
            optimiser.zero_grad(set_to_none=True)
            cost.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP_NORM)
            optimiser.step()
            cycle.step()
            losses.append(cost.item())
        saie.append(net.saie.parameters_numpy())
        curve.append(MaskedEpoch(epoch, float(np.mean(losses)), _skill(_errors(network, judged))))
    return curve, read_saie_history(job.bundle_dir).continued(saie)


def _report(
    job: MaskedJob,
    config: BundleConfig,
    train: Sequence[CorpusRecording],
    before: np.ndarray,
    after: np.ndarray,
    curve: Sequence[MaskedEpoch],
) -> MaskedReport:
    rng = np.random.default_rng(0)
    size = max(1, min(BLOCK, len(before) // LEAST_BLOCKS))  # two blocks would say nothing
    blocks = np.array_split(np.arange(len(before)), len(before) // size)
    gains = []
    for _ in range(DRAWS):
        drawn = np.concatenate([blocks[i] for i in rng.integers(len(blocks), size=len(blocks))])
        gains.append(_skill(after[drawn]) - _skill(before[drawn]))
    low, high = np.quantile(gains, [0.025, 0.975])
    n = config.window_samples
    return MaskedReport(
        job.what,
        len(train),
        sum(one.samples.shape[1] // n for one in train),
        len(before),
        _skill(before),
        _skill(after),
        float(low),
        float(high),
        tuple(curve),
        tuple(head.title for head in config.heads),
    )


def _write(
    job: MaskedJob,
    config: BundleConfig,
    network: BundleNetwork,
    history: SaieHistory,
    report: MaskedReport,
    folder: Path,
) -> None:
    """Heads are dropped: they read features that are no more."""
    words = f"{report.recordings} own recording{'s' if report.recordings > 1 else ''}"
    tuned = replace(
        config,
        name=f"{config.name}, fine-tuned on {words}",
        training_data=f"{config.training_data}; then {words} (masked reconstruction)",
        recordings=(*config.recordings, *(recording_sha256(one.path) for one in job.recordings)),
        heads=(),
    )
    complete = BundleNetwork(tuned)
    complete.net.load_state_dict(network.net.state_dict())
    card = Path(job.bundle_dir) / CARD_FILE
    text = without_pictures(card.read_text("utf-8")) if card.is_file() else f"# {config.name}\n"
    write_bundle(
        folder, tuned, complete.model_bytes(), history, f"{text.rstrip()}\n\n{masked_section(report)}"
    )
