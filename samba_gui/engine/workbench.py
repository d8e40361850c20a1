"""Everything open that a job works with, kept for the next job on the same recording."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.errors import RecipeError, RecordingError
from samba_gui.core.jobs import Job
from samba_gui.core.recipe import output_rows
from samba_gui.core.windows import Window, WindowPlan
from samba_gui.engine.device import Device, choose_device
from samba_gui.engine.inference import Analyser
from samba_gui.engine.preprocess import Preprocessor
from samba_gui.engine.windows import plan_windows
from samba_gui.io.bundles import read_bundle
from samba_gui.io.recordings import Recording, open_recording
from samba_gui.models.bundles import BundleNetwork, load_network
from samba_gui.models.folded import fetch_recurrence


@dataclass(frozen=True, eq=False)
class Prepared:
    """A recording, cut and scaled for a network that is loaded."""

    config: BundleConfig
    recording: Recording
    plan: WindowPlan
    preprocessor: Preprocessor
    scale_uv: np.ndarray
    analyser: Analyser
    device: Device

    def samples(self, windows: list[Window]) -> np.ndarray:
        """Preprocessed samples of windows of equal length, float32 (windows, channels, times), µV."""
        return np.stack([self.preprocessor.window(w, self.plan.window_samples) for w in windows])


class JobStopped(Exception):
    """A job ended because it is no longer wanted."""


class _Reader:
    """Reads a recording for the preprocessor; while a job is being prepared, a stop is noticed here."""

    def __init__(self, recording: Recording, stopped: Callable[[], bool]) -> None:
        self.info = recording.info
        self.stopped = stopped
        self._recording = recording

    def read(self, start: int, stop: int, channels: list[int] | None = None) -> np.ndarray:
        if self.stopped():
            raise JobStopped
        return self._recording.read(start, stop, channels)


def _never() -> bool:
    return False


class Workbench:
    """Prepares recordings and keeps the last one open.

    Parameters
    ----------
    beside_window : bool
        Leave one CPU core to the window.
    """

    def __init__(self, *, beside_window: bool) -> None:
        self._beside_window = beside_window
        self._key: tuple | None = None
        self._prepared: Prepared | None = None
        self._loaded: tuple[tuple[str, str], BundleNetwork] | None = None

    def prepare(self, job: Job, stopped: Callable[[], bool] = _never) -> Prepared:
        """Open what a job asks for, or hand out what is open already.

        Raises
        ------
        SambaError
            The recording, the bundle or the device cannot be used, or they do not belong to the recipe.
        JobStopped
            ``stopped`` has answered True.
        """
        key = _key(job)
        if self._prepared is None or key != self._key:
            self.close()
            self._prepared, self._key = self._opened(job, stopped), key
        return self._prepared

    def _opened(self, job: Job, stopped: Callable[[], bool]) -> Prepared:
        config = read_bundle(job.bundle_dir)
        if config.key != job.recipe.bundle_key:
            raise RecipeError(
                "The bundle {bundle} is not the one the analysis was planned for.",
                "Start the analysis again.",
                bundle=config.name,
            )
        output_rows(job.recipe, config)  # refuses channels that the bundle cannot reconstruct
        device = choose_device(job.device, beside_window=self._beside_window)
        with ThreadPoolExecutor(1, thread_name_prefix="loading") as beside:
            network = beside.submit(self._network, config, job.bundle_dir, device.kind)
            recording = open_recording(job.info.path)
            try:
                if (recording.info.labels, recording.info.n_samples) != (job.info.labels, job.info.n_samples):
                    name = os.path.basename(job.info.path)
                    raise RecordingError(
                        "{name} has changed since it was opened.", "Open it again.", name=name
                    )
                plan = plan_windows(recording.info, config)
                reader = _Reader(recording, stopped)
                preprocessor = Preprocessor(reader, job.recipe, config.preprocessing)
                scale_uv = preprocessor.scales_uv(plan, device.threads)
                reader.stopped = _never  # from here on jobs stop between windows
                analyser = Analyser(network.result(), job.recipe, plan, scale_uv)
            except BaseException:
                recording.close()
                raise
        return Prepared(config, recording, plan, preprocessor, scale_uv, analyser, device)

    def _network(self, config: BundleConfig, folder: str, device: str) -> BundleNetwork:
        """The bundle's network; the last one is kept, since a user tries many recipes with one bundle."""
        key = (config.key, device)
        if self._loaded is None or self._loaded[0] != key:
            self._loaded = key, load_network(config, folder, device)
            if device == "cpu":
                fetch_recurrence(self._loaded[1].net)
        return self._loaded[1]

    def holds(self, job: Job) -> bool:
        """Whether what the job asks for is open."""
        return self._prepared is not None and self._key == _key(job)

    def close(self) -> None:
        """Close the recording that is kept open."""
        if self._prepared is not None:
            self._prepared.recording.close()
            self._prepared = self._key = None


def _key(job: Job) -> tuple:
    try:
        stat = os.stat(job.info.path)
    except OSError:
        raise RecordingError(
            "{name} is not there any more.", "Open the recording again.", name=os.path.basename(job.info.path)
        ) from None
    return (job.info.path, stat.st_mtime_ns, stat.st_size, job.recipe.key, job.bundle_dir, job.device)
