"""A head taught by the annotations of one recording, judged on held-out time, written as a bundle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from samba_gui.core.bundle import BundleConfig, HeadConfig
from samba_gui.core.errors import RecipeError
from samba_gui.core.jobs import AnalyseJob
from samba_gui.core.plain_text import identifier
from samba_gui.core.words import NOTHING, Text, joined
from samba_gui.engine.inference import Analyser
from samba_gui.engine.labelling import LabelledWindows, label_windows
from samba_gui.engine.workbench import Prepared, Workbench
from samba_gui.io.bundles import CARD_FILE, read_saie_history, write_bundle
from samba_gui.models.bundles import BundleNetwork, load_network
from samba_gui.models.heads import LinearHead
from samba_gui.training.blocked import (
    MOST_NULLS,
    OutOfFold,
    confusion,
    judged,
    lda_predicted,
    log_loss_of,
    null_of,
    out_of_fold,
    pieces_of,
    reliability,
    smoothed_temperature,
)
from samba_gui.training.classical import log_band_power
from samba_gui.training.design import new_network
from samba_gui.training.learning import Accuracy, HeadJob, HeadReport, Told
from samba_gui.training.own_card import head_section, without_pictures
from samba_gui.training.probe import Examples, Score, fit_linear

FEATURES_SHARE = 0.6
MANY_WINDOWS = 400  # beyond, labels are made meaningless less often: each time takes longer
USUAL_ELECTRODES = 8


@dataclass(frozen=True, eq=False)
class _Seen:
    """Three views of the same windows: the network's features, an untrained one's, and band power."""

    network: np.ndarray
    untrained: np.ndarray
    bands: np.ndarray


def learn_head(job: HeadJob, folder: Path, told: Told) -> HeadReport:
    """Train and judge a head, and write bundle and head to ``folder``.

    Parameters
    ----------
    job : HeadJob
    folder : Path
        Of the caller; whoever is content with the report publishes it from there.
    told : callable

    Raises
    ------
    SambaError
        The recording or the bundle cannot be used, or there is too little to learn from.
    """
    told("Opening the recording", 0.0)
    with closing(Workbench(beside_window=True)) as bench:
        analyse = AnalyseJob(job.info, job.recipe, job.bundle_dir, "", job.device)
        prepared = bench.prepare(analyse)
        config = prepared.config
        labelled = label_windows(job.info, config, job.annotations, job.labelling)
        _refuse(labelled)
        seen, usable = _look(prepared, job, labelled, told)
    labelled = labelled.kept(usable)
    _refuse(labelled, int((~usable).sum()))
    seen = _Seen(seen.network[usable], seen.untrained[usable], seen.bands[usable])
    with threadpool_limits(1):  # many small problems: threads would only wait for one another
        report, found = _judge(job, config, labelled, seen, int((~usable).sum()), told)
    told("Writing the bundle", 0.99)
    head = fit_linear(
        Examples(seen.network, labelled.labels, labelled.blocks), found.strength, len(labelled.classes)
    )
    head.temperature.fill_(report.temperature)
    _write(job, config, report, head, folder)
    told("Done", 1.0)
    return report


def _refuse(labelled: LabelledWindows, abstained: int = 0) -> None:
    if problem := labelled.problem():
        lost = Text("{n} windows have no usable signal.", n=abstained) if abstained else NOTHING
        raise RecipeError(joined([problem, lost], " "), "Annotate more, at several times of the recording.")


def _look(
    prepared: Prepared, job: HeadJob, labelled: LabelledWindows, told: Told
) -> tuple[_Seen, np.ndarray]:
    """See every window in three ways; which have a usable signal."""
    config = prepared.config
    control = new_network(replace(config, heads=()), seed=0).to(prepared.device.kind).eval()
    untrained = Analyser(control, job.recipe, prepared.plan, prepared.scale_uv)
    contract = HeadConfig("", "", labelled.classes, False, "", min_electrodes=_electrodes(job))
    analyser, scale_uv = prepared.analyser, np.asarray(prepared.scale_uv)[:, None]

    def see(samples_uv: np.ndarray) -> tuple[np.ndarray, ...]:
        one = samples_uv[None]
        return (
            analyser.features(one)[0],
            untrained.features(one)[0],
            log_band_power(samples_uv / scale_uv, config.preprocessing.rate_hz),
            analyser.abstentions(contract, one)[0],
        )

    found: list[tuple[np.ndarray, ...]] = []
    size = 4 * prepared.device.threads
    with ThreadPoolExecutor(prepared.device.threads, thread_name_prefix="network") as pool:
        for first in range(0, len(labelled.windows), size):
            windows = labelled.windows[first : first + size]
            samples = [prepared.preprocessor.block(w.segment, w.start, w.n) for w in windows]
            found += pool.map(see, samples)
            told("Looking at the windows", FEATURES_SHARE * len(found) / len(labelled.windows))
    network, control_features, bands, why = (np.stack(column) for column in zip(*found, strict=True))
    return _Seen(network, control_features, bands), why == 0


def _judge(
    job: HeadJob,
    config: BundleConfig,
    labelled: LabelledWindows,
    seen: _Seen,
    abstained: int,
    told: Told,
) -> tuple[HeadReport, OutOfFold]:
    told("Judging on held-out time", FEATURES_SHARE)
    splits, labels, classes = labelled.splits(), labelled.labels, len(labelled.classes)
    own_pieces, untrained_pieces, band_pieces = (
        pieces_of(features, splits) for features in (seen.network, seen.untrained, seen.bands)
    )
    found = out_of_fold(own_pieces, labels, classes)
    untrained = out_of_fold(untrained_pieces, labels, classes)
    classical = {
        "log band power + logistic regression": out_of_fold(band_pieces, labels, classes).predicted,
        "log band power + shrinkage LDA": lda_predicted(band_pieces, labels),
    }

    def told_null(done: int, total: int) -> None:
        share = FEATURES_SHARE + (0.98 - FEATURES_SHARE) * done / total
        told("Judging under meaningless labels", share)

    draws = MOST_NULLS if len(labels) <= MANY_WINDOWS else MOST_NULLS // 3
    null = null_of(own_pieces, labelled, draws, told_null)
    bins, error = reliability(found, labels)
    own = judged(found.predicted, labelled, log_loss_of(found, labels))
    names = frozenset(head.name for head in config.heads)
    report = HeadReport(
        job.title,
        identifier(job.title, names),
        labelled.classes,
        tuple(labelled.counts(label) for label in range(classes)),
        labelled.window_s,
        len(splits),
        abstained,
        _accuracy(own),
        _accuracy(judged(untrained.predicted, labelled)),
        tuple((name, _accuracy(judged(said, labelled))) for name, said in classical.items()),
        1 / classes,
        null.way,
        len(null.accuracies),
        null.high,
        null.p_value(own.balanced_accuracy),
        tuple(tuple(map(int, row)) for row in confusion(found.predicted, labels, classes)),
        tuple((one.windows, round(one.said, 4), round(one.right, 4)) for one in bins),
        error,
        smoothed_temperature(found.logits, labels)[0],
        1 / found.strength,
        own.log_loss,
        tuple(labelled.cautions()),
    )
    return report, found


def _accuracy(score: Score) -> Accuracy:
    return Accuracy(score.balanced_accuracy, score.low, score.high)


def _electrodes(job: HeadJob) -> int:
    """Below so many electrodes the head abstains."""
    return min(USUAL_ELECTRODES, len(job.recipe.labels))


def _write(job: HeadJob, config: BundleConfig, report: HeadReport, head: LinearHead, folder: Path) -> None:
    """The open bundle with one more head; what it can already tell stays as it is."""
    source = Path(job.bundle_dir)
    windows = sum(n for n, _, _ in report.counts)
    accuracy = report.accuracy
    new = HeadConfig(
        report.name,
        report.title,
        report.classes,
        calibrated=report.above_chance,
        trained_on=f"one recording, {windows} windows; says nothing about other people",
        metrics={
            "balanced_accuracy": round(accuracy.value, 3),
            "interval": [round(accuracy.low, 3), round(accuracy.high, 3)],
            "chance": round(report.chance, 3),
            "null_95": round(report.null_high, 3),
            "judged_on": "held-out time of the same recording",
            "above_chance": report.above_chance,
        },
        min_window_s=config.window_s,
        min_electrodes=_electrodes(job),
    )
    extended = replace(config, name=f"{config.name} + {report.title}", heads=(*config.heads, new))
    trained = load_network(config, source)
    complete = BundleNetwork(extended)
    complete.net.load_state_dict(trained.net.state_dict())
    for name, kept in trained.heads.items():
        complete.heads[name] = kept
    complete.heads[new.name] = head
    card = (source / CARD_FILE).read_text("utf-8") if (source / CARD_FILE).is_file() else f"# {config.name}\n"
    text = f"{without_pictures(card).rstrip()}\n\n{head_section(report)}"
    write_bundle(folder, extended, complete.model_bytes(), read_saie_history(source), text)
