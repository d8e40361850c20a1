"""A head taught by the annotations of one recording, judged on held-out time, written as a bundle."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits

from samba_gui.core.bundle import BundleConfig, HeadConfig
from samba_gui.core.errors import RecipeError
from samba_gui.core.jobs import AnalyseJob
from samba_gui.core.plain_text import identifier
from samba_gui.core.words import NOTHING, Text, joined
from samba_gui.engine.labelling import LabelledWindows, label_windows
from samba_gui.engine.workbench import Workbench
from samba_gui.io.bundles import CARD_FILE, read_saie_history, write_bundle
from samba_gui.io.hashing import recording_sha256
from samba_gui.models.bundles import BundleNetwork, load_network
from samba_gui.models.heads import LinearHead
from samba_gui.training.blocked import (
    STRENGTHS,
    OutOfFold,
    confusion,
    gain_of,
    judged,
    lda_predicted,
    log_loss_of,
    out_of_fold,
    pieces_of,
    reliability,
    smoothed_temperature,
)
from samba_gui.training.finetune import TuningRun
from samba_gui.training.learning import HeadJob, HeadReport, Told, part_of
from samba_gui.training.meaningless import MOST_NULLS, Null, null_of
from samba_gui.training.own_card import head_section, without_pictures
from samba_gui.training.own_tuning import OwnTuning
from samba_gui.training.own_windows import Seen, least_electrodes, look
from samba_gui.training.probe import Examples, Score, fit_linear
from samba_gui.training.tuned import Accuracy, Finetune, Tuned

PROBE_SHARE = 0.1  # of everything, where fine-tuning follows
FEATURES_SHARE = 0.6  # of the probe
ONE_SHARE = 0.15  # of fine-tuning, for the network that is kept
MANY_WINDOWS = 400  # beyond, labels are made meaningless less often: each time takes longer


def learn_head(job: HeadJob, folder: Path, told: Told) -> HeadReport:
    """Train and judge a head, perhaps with the network, and write both to ``folder``.

    Parameters
    ----------
    job : HeadJob
    folder : Path
        Of the caller; whoever is content with the report publishes the bundle from there.
    told : callable

    Raises
    ------
    SambaError
        The recording or the bundle cannot be used, or there is too little to learn from.
    """
    told("Opening the recording", 0.0)
    probing = part_of(told, 0.0, 0.98 if job.finetune is None else PROBE_SHARE)
    with closing(Workbench(beside_window=True)) as bench:
        prepared = bench.prepare(AnalyseJob(job.info, job.recipe, job.bundle_dir, "", job.device))
        config, threads = prepared.config, prepared.device.threads
        labelled = label_windows(job.info, config, job.annotations, job.labelling)
        _refuse(job, labelled)
        seen, usable = look(prepared, job.recipe, labelled, folder, part_of(probing, 0.0, FEATURES_SHARE))
    labelled, abstained = labelled.kept(usable), int((~usable).sum())
    _refuse(job, labelled, abstained)
    with threadpool_limits(1):  # many small problems: threads would only wait for one another
        probe, beside = _probe(labelled, seen, part_of(probing, FEATURES_SHARE, 1.0))
    found, tuned, run = probe, None, None
    if job.finetune is not None:
        torch.set_num_threads(threads)
        tuning = _tuning(job, config, labelled, seen, folder, job.finetune)
        found, tuned, run = _tune(tuning, probe, config, part_of(told, PROBE_SHARE, 0.98))
    report = _report(job, config, labelled, abstained, found, beside, tuned)
    told("Writing the bundle", 0.99)
    head = _fitted(labelled, seen, STRENGTHS[probe.best]) if run is None else run.head
    head.temperature.fill_(report.temperature)
    _write(job, config, report, head, run, folder)
    told("Done", 1.0)
    return report


def _refuse(job: HeadJob, labelled: LabelledWindows, abstained: int = 0) -> None:
    problem = labelled.problem() or (labelled.tuning_problem() if job.finetune is not None else NOTHING)
    if problem:
        lost = Text("{n} windows have no usable signal.", n=abstained) if abstained else NOTHING
        raise RecipeError(joined([problem, lost], " "), "Annotate more, at several times of the recording.")


@dataclass(frozen=True, eq=False)
class _Beside:
    """What a head has to be better than."""

    untrained: Accuracy
    classical: tuple[tuple[str, Accuracy], ...]
    null: Null


def _probe(labelled: LabelledWindows, seen: Seen, told: Told) -> tuple[OutOfFold, _Beside]:
    """What a head on the frozen network says of held-out time, and what else does."""
    told("Judging on held-out time", 0.0)
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
    draws = MOST_NULLS if len(labels) <= MANY_WINDOWS else MOST_NULLS // 3
    null = null_of(
        own_pieces, labelled, draws, lambda done, of: told("Judging under meaningless labels", done / of)
    )
    beside = _Beside(
        _accuracy(judged(untrained.predicted, labelled)),
        tuple((name, _accuracy(judged(said, labelled))) for name, said in classical.items()),
        null,
    )
    return found, beside


def _fitted(labelled: LabelledWindows, seen: Seen, strength: float) -> LinearHead:
    examples = Examples(seen.network, labelled.labels, labelled.blocks)
    return fit_linear(examples, strength, len(labelled.classes))


def _tuning(
    job: HeadJob, config: BundleConfig, labelled: LabelledWindows, seen: Seen, folder: Path, wanted: Finetune
) -> OwnTuning:
    start = load_network(config, job.bundle_dir)
    return OwnTuning(start, seen, labelled, wanted, Path(wanted.work_dir or folder))


def _tune(
    tuning: OwnTuning, probe: OutOfFold, config: BundleConfig, told: Told
) -> tuple[OutOfFold, Tuned, TuningRun | None]:
    """Fine-tune; what is said of held-out time by what is kept, and the network if that is it."""
    labelled = tuning.labelled
    found, epochs = tuning.held_out(part_of(told, 0.0, 1 - ONE_SHARE))
    before, after = (_accuracy(judged(one.predicted, labelled)) for one in (probe, found))
    gain, low, high = gain_of(found.predicted, probe.predicted, labelled)
    blocks = len(set(labelled.blocks.tolist()))
    tuned = Tuned(tuning.wanted.what, before, after, gain, low, high, blocks, epochs)
    if tuned.low <= 0:
        return probe, tuned, None
    run = tuning.whole(part_of(told, 1 - ONE_SHARE, 1.0))
    if run.best == 0:
        return probe, tuned, None
    skill = (tuning.skill(tuning.start), tuning.skill(run.network))
    dropped = tuple(head.title for head in config.heads)
    return found, replace(tuned, epoch=run.best, skill=skill, dropped=dropped), run


def _report(
    job: HeadJob,
    config: BundleConfig,
    labelled: LabelledWindows,
    abstained: int,
    found: OutOfFold,
    beside: _Beside,
    tuned: Tuned | None,
) -> HeadReport:
    labels, classes, null = labelled.labels, len(labelled.classes), beside.null
    bins, error = reliability(found, labels)
    own = judged(found.predicted, labelled, log_loss_of(found, labels))
    return HeadReport(
        job.title,
        identifier(job.title, frozenset(head.name for head in config.heads)),
        labelled.classes,
        tuple(labelled.counts(label) for label in range(classes)),
        labelled.window_s,
        len(labelled.splits()),
        abstained,
        _accuracy(own),
        beside.untrained,
        beside.classical,
        1 / classes,
        null.way,
        len(null.accuracies),
        null.high,
        null.p_value(own.balanced_accuracy),
        tuple(tuple(map(int, row)) for row in confusion(found.predicted, labels, classes)),
        tuple((one.windows, round(one.said, 4), round(one.right, 4)) for one in bins),
        error,
        smoothed_temperature(found.logits, labels)[0],
        own.log_loss,
        tuple(labelled.cautions()),
        tuned,
    )


def _accuracy(score: Score) -> Accuracy:
    return Accuracy(score.balanced_accuracy, score.low, score.high)


def _write(
    job: HeadJob,
    config: BundleConfig,
    report: HeadReport,
    head: LinearHead,
    run: TuningRun | None,
    folder: Path,
) -> None:
    """The open bundle with one more head; what it can already tell stays, unless the network has changed."""
    source, sha256 = Path(job.bundle_dir), recording_sha256(job.info.path)
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
        min_electrodes=least_electrodes(job.recipe),
        recordings=(sha256,),
    )
    history, before = read_saie_history(source), load_network(config, source)
    name = f"{config.name} + {report.title}"
    if run is None:
        network, heads = before, config.heads
        extended = replace(config, name=name, heads=(*heads, new))
    else:
        network, heads = run.network, ()
        data = f"{config.training_data}; then one own recording (fine-tuned with the head {report.title})"
        extended = replace(
            config, name=name, training_data=data, heads=(new,), recordings=(*config.recordings, sha256)
        )
        if report.tuned is not None and report.tuned.what == "all":
            history = history.continued(run.saie[1:])
    complete = BundleNetwork(extended)
    complete.net.load_state_dict(network.net.state_dict())
    for kept in heads:
        complete.heads[kept.name] = before.heads[kept.name]
    complete.heads[new.name] = head
    card = (source / CARD_FILE).read_text("utf-8") if (source / CARD_FILE).is_file() else f"# {config.name}\n"
    text = f"{without_pictures(card).rstrip()}\n\n{head_section(report)}"
    write_bundle(folder, extended, complete.model_bytes(), history, text)
