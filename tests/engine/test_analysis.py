"""The analysis of a whole recording: its numbers, its bytes, its end."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from analysis_fixtures import Setting

from samba_gui.core.errors import RecipeError, RecordingError, WorkerError
from samba_gui.core.jobs import Batch, Cancelled, Done, JobEvent, Progress, Started
from samba_gui.core.quality import QualitySums
from samba_gui.engine import batches as batches_module
from samba_gui.engine.analysis import analyse, analysis_steps, reconstruction_steps
from samba_gui.engine.batches import batches
from samba_gui.engine.device import Device, choose_device
from samba_gui.engine.masking import complementary_masks
from samba_gui.engine.workbench import JobStopped, Workbench
from samba_gui.io.results import part_path, read_results
from samba_gui.models.bundles import load_network


def run(setting: Setting, path: Path) -> list[JobEvent]:
    events: list[JobEvent] = []
    analyse(setting.analyse_job(path), events.append, lambda: False)
    return events


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def finished(short_setting: Setting, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[JobEvent]]:
    path = tmp_path_factory.mktemp("results") / "short.samba.h5"
    return path, run(short_setting, path)


def test_events_come_in_order_and_end_once(finished: tuple[Path, list[JobEvent]]) -> None:
    _, events = finished
    assert isinstance(events[0], Started)
    assert next(event.result.first for event in events if isinstance(event, Batch)) == 0
    assert sum(event.result.count for event in events if isinstance(event, Batch)) == 6
    progress = [event for event in events if isinstance(event, Progress)]
    assert (progress[-1].done, progress[-1].total, progress[-1].left_s) == (6, 6, 0.0)
    assert sum(isinstance(event, Done) for event in events) == 1
    assert isinstance(events[-1], Done)


def test_summary_agrees_with_the_file(finished: tuple[Path, list[JobEvent]], short_setting: Setting) -> None:
    path, events = finished
    stored = read_results(path)
    end = events[-1]
    assert isinstance(end, Done)
    assert end.summary is not None
    facts = end.summary.facts
    json.dumps(facts)
    per_channel = stored.batch.sums.over(1, 3)
    for name in ("nrmse", "skill", "correlation"):
        assert facts["median_quality"][name] == pytest.approx(np.nanmedian(getattr(per_channel, name)()))
    shares = facts["class_fractions"]["random"]
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["abstained"] == pytest.approx(1 / 6)  # the 2-s window
    assert (facts["duration_s"], facts["channels"], facts["coverage"]) == (22.0, 19, 1.0)
    assert end.summary.realtime_factor == pytest.approx(22 / end.summary.seconds)
    assert stored.provenance["recipe_key"] == short_setting.recipe.key
    assert stored.provenance["recording_sha256"] == sha256(Path(short_setting.info.path))
    assert not any(str(path.parent) in value or "short" in value for value in stored.provenance.values())


def test_quality_agrees_with_the_reconstruction(
    finished: tuple[Path, list[JobEvent]], short_setting: Setting
) -> None:
    """Sums in the file against plain numpy on the reconstructions of both pairs."""
    stored = read_results(finished[0])
    scale = stored.start.scale_uv[:, None]
    bench = Workbench(beside_window=True)
    for pair in range(2):
        job = short_setting.reconstruct_job((1, 5), pair)
        *answers, end = reconstruction_steps(job, bench)
        assert isinstance(end, Done)
        for answer in answers:
            (found,) = answer.windows  # type: ignore[union-attr]
            x, y = found.original / scale, found.predicted / scale
            n = x.shape[1]
            assert n == (512 if found.window == 1 else 256)
            masks = complementary_masks(n, 2, short_setting.recipe.seed, found.window)
            np.testing.assert_array_equal(found.masked_first, ~masks[pair, 0])
            line = np.empty_like(x)
            at = np.arange(n)
            for mask in masks[pair]:
                for row, values in zip(line, x, strict=True):
                    row[~mask] = np.interp(at[~mask], at[mask], values[mask])
            bins = stored.start.plan.bins
            for b in range(bins):
                here = slice(b * 128, (b + 1) * 128)
                sums = stored.batch.sums[found.window, pair, :, b]
                xb, yb, lb = x[:, here], y[:, here], line[:, here]
                wanted = QualitySums(
                    *(
                        np.broadcast_to(np.sum(term, axis=1), (19,))
                        for term in (
                            np.ones_like(xb), (xb - yb) ** 2, (xb - lb) ** 2, xb, yb, xb**2, yb**2, xb * yb
                        )
                    )
                )  # fmt: skip
                for name in QualitySums.FIELDS:
                    np.testing.assert_allclose(
                        getattr(sums, name), getattr(wanted, name), rtol=2e-4, atol=2e-3, err_msg=name
                    )
    bench.close()
    assert np.nanmedian(np.abs(stored.batch.sums.over(1, 3).skill())) > 1e-3  # not the line itself


def test_features_are_statistics_of_the_decoder(
    finished: tuple[Path, list[JobEvent]], short_setting: Setting
) -> None:
    """Features in the file against numpy on what the network, not prepared for a montage, decodes."""
    stored, config = read_results(finished[0]), short_setting.config
    net = load_network(config, short_setting.bundle_dir).net
    inputs, targets = (
        torch.as_tensor(config.to_network(np.array(positions_m)), dtype=torch.float32)
        for positions_m in (short_setting.recipe.positions_m, config.target.positions_m)
    )
    with closing(Workbench(beside_window=True)) as bench:
        *answers, _ = reconstruction_steps(short_setting.reconstruct_job((1, 5)), bench)
    for answer in answers:
        (found,) = answer.windows  # type: ignore[union-attr]
        x = torch.as_tensor(found.original / stored.start.scale_uv[:, None], dtype=torch.float32)
        with torch.inference_mode():
            decoded = net(x[None], inputs, targets).decoder3[0].numpy()
        quantiles = np.quantile(decoded, (0.05, 0.25, 0.5, 0.75, 0.95), axis=1).T.ravel()
        statistics = (decoded.min(1), decoded.max(1), decoded.mean(1), decoded.std(1, ddof=1), quantiles)
        wanted = np.concatenate(statistics)
        np.testing.assert_allclose(stored.batch.features[found.window], wanted, rtol=2e-3, atol=2e-3)
        assert wanted.std() > 0.05


def test_same_input_gives_the_same_bytes(
    finished: tuple[Path, list[JobEvent]], short_setting: Setting, tmp_path: Path
) -> None:
    run(short_setting, tmp_path / "again.h5")
    assert sha256(tmp_path / "again.h5") == sha256(finished[0])
    run(replace(short_setting, recipe=replace(short_setting.recipe, seed=4)), tmp_path / "seed.h5")
    assert sha256(tmp_path / "seed.h5") != sha256(finished[0])


@pytest.mark.parametrize("threads", [1, 3])
def test_bytes_do_not_depend_on_cores(
    finished: tuple[Path, list[JobEvent]],
    short_setting: Setting,
    tmp_path: Path,
    threads: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("samba_gui.engine.device.cores", lambda: threads)
    run(short_setting, tmp_path / "other.h5")
    assert sha256(tmp_path / "other.h5") == sha256(finished[0])


def test_continued_gives_the_same_bytes(
    finished: tuple[Path, list[JobEvent]],
    short_setting: Setting,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("samba_gui.engine.batches.BATCH_S", 0.0)  # window by window
    path = tmp_path / "cut.h5"
    events: list[JobEvent] = []
    analyse(
        short_setting.analyse_job(path),
        events.append,
        lambda: any(isinstance(event, Progress) and event.done >= 2 for event in events),
    )
    assert isinstance(events[-1], Cancelled)
    assert not path.exists()
    stored = read_results(part_path(path)).batch.count
    assert 2 <= stored < 6

    events = run(short_setting, path)
    assert isinstance(events[0], Started)
    assert events[0].start.resumed == stored
    assert sum(event.result.count for event in events if isinstance(event, Batch)) == 6
    assert sha256(path) == sha256(finished[0])
    assert isinstance(events[-1], Done)
    assert isinstance(finished[1][-1], Done)
    assert events[-1].summary is not None
    assert finished[1][-1].summary is not None
    assert events[-1].summary.facts == finished[1][-1].summary.facts


def test_stop_is_noticed_while_preparing(short_setting: Setting, tmp_path: Path) -> None:
    bench = Workbench(beside_window=True)
    with pytest.raises(JobStopped):
        next(analysis_steps(short_setting.analyse_job(tmp_path / "r.h5"), bench, 0, lambda: True))
    assert list(tmp_path.iterdir()) == []


def test_batches_on_cuda_halve_when_memory_runs_out(
    finished: tuple[Path, list[JobEvent]], short_setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop of the CUDA path on the CPU, with an analyser that takes two windows at most."""
    bench = Workbench(beside_window=True)
    prepared = bench.prepare(short_setting.reconstruct_job((0,)))
    run_real = prepared.analyser.run
    sizes = []

    def run_two(samples: np.ndarray, windows: list) -> object:
        if len(windows) > 2:
            raise torch.cuda.OutOfMemoryError
        sizes.append(len(windows))
        return run_real(samples, windows)

    monkeypatch.setattr(prepared.analyser, "run", run_two)
    monkeypatch.setattr(batches_module, "CUDA_BATCH", 4)
    on_cuda = replace(prepared, device=Device("cuda", "none", 1))
    found = list(batches(on_cuda, 0))
    assert sizes == [2, 2, 1, 1]  # the last window is shorter
    stored = read_results(finished[0]).batch
    np.testing.assert_allclose(
        np.concatenate([one.sums.error for one in found]), stored.sums.error, rtol=1e-4, atol=1e-4
    )
    bench.close()


def test_what_is_looked_at_comes_first_with_the_same_numbers_and_bytes(
    finished: tuple[Path, list[JobEvent]], short_setting: Setting, tmp_path: Path
) -> None:
    path, events = tmp_path / "seen.samba.h5", []
    job = replace(short_setting.analyse_job(path), seen_s=(14.0, 15.0))  # the fourth of six windows
    analyse(job, events.append, lambda: False)
    told = [event.result for event in events if isinstance(event, Batch)]
    assert (told[0].first, told[0].count) == (2, 2)  # with the window that shares its batch
    assert told[1].first == 0
    stored = read_results(finished[0]).batch
    for name in QualitySums.FIELDS:
        np.testing.assert_array_equal(getattr(told[0].sums, name), getattr(stored.sums, name)[2:4])
    np.testing.assert_array_equal(told[0].features, stored.features[2:4])
    end = events[-1]
    assert isinstance(end, Done)
    assert end.summary is not None
    assert end.summary.windows == 6
    assert sha256(path) == sha256(finished[0])
    # what is beyond the recording, or comes first anyway, is not computed twice
    for elsewhere in ((100.0, 110.0), (0.0, 3.0)):
        others: list[JobEvent] = []
        analyse(replace(job, seen_s=elsewhere), others.append, lambda: False)
        assert sum(event.result.count for event in others if isinstance(event, Batch)) == 6


def test_changed_inputs_are_refused(short_setting: Setting, tmp_path: Path) -> None:
    other_bundle = replace(short_setting, recipe=replace(short_setting.recipe, bundle_key="0" * 64))
    with pytest.raises(RecipeError, match="not the one the analysis was planned for"):
        run(other_bundle, tmp_path / "r.h5")
    other_file = replace(short_setting, info=replace(short_setting.info, n_samples=7))
    with pytest.raises(RecordingError, match=r"short\.edf has changed"):
        run(other_file, tmp_path / "r.h5")
    gone = replace(short_setting, info=replace(short_setting.info, path=str(tmp_path / "gone.edf")))
    with pytest.raises(RecordingError, match=r"gone\.edf is not there any more"):
        run(gone, tmp_path / "r.h5")


def test_devices() -> None:
    beside, alone = (choose_device("cpu", beside_window=flag) for flag in (True, False))
    assert beside.threads == max(1, alone.threads - 1)
    assert beside.identity == alone.identity  # the same numbers
    assert alone.in_words().startswith(f"cpu ({alone.threads} thread")
    with pytest.raises(WorkerError, match="no device called tpu"):
        choose_device("tpu", beside_window=False)
