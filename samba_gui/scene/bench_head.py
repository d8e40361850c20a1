"""``samba-gui bench head``: how fast heads are drawn on this machine, and against MNE with matplotlib."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.montage import Montage
from samba_gui.core.saie import NULL_NETWORKS
from samba_gui.io.montages import montage_by_id
from samba_gui.io.pictures import write_gif
from samba_gui.scene.head_field import HeadField, Quantity
from samba_gui.scene.look import Look
from samba_gui.scene.opengl import opengl_works
from samba_gui.scene.saie_field import epoch_field, null_of, weights_of
from samba_gui.scene.topography import PAPER_SIZE, Topography

WINDOW_PX = (1000, 800)
LINKED_PX = (500, 400)
LINKED = ("10-10_64", "10-20_19", "emotiv_14", "bnci_22")
FRAMES, ROUNDS, REPEATS = 10, 3, 15


def bench_head(config: BundleConfig, history: SaieHistory, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure; times are medians.

    Returns
    -------
    dict
        ``scene_up_s`` (first head of this process, imports not counted), ``update_ms`` and
        ``update_with_names_ms`` at 1000 × 800, ``linked_fps`` of four heads at 500 × 400 (all None without
        OpenGL), ``gif_s`` and ``mne_frames_s`` for ten frames at the paper's size and their ratio
        ``gif_speedup``, ``weights_and_null_ms``, ``load_average`` and ``cores``.
    """
    montage = montage_by_id("10-10_64")
    fields = _fields(config, history, montage, Quantity.RELATIVE)
    found: dict[str, Any] = {"cores": os.cpu_count(), "load_average": _load()}
    names = ("scene_up_s", "update_ms", "update_with_names_ms", "linked_fps")
    found |= _scene(montage, fields, config, history) if opengl_works() else dict.fromkeys(names)
    for name in names:
        say(f"{name}: {found[name]}")
    found |= _gif(montage, _fields(config, history, montage, Quantity.PAPER))
    say(f"ten frames: {found['gif_s']:.2f} s, MNE {found['mne_frames_s']:.2f} s")

    def weigh() -> None:
        weights_of(config, history.trained, montage)
        null_of(config, montage)

    found["weights_and_null_ms"] = 1000 * _median_s(weigh, 7)
    say(f"W and {NULL_NETWORKS} untrained networks: {found['weights_and_null_ms']:.0f} ms")
    return found


def _load() -> float | None:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _fields(
    config: BundleConfig, history: SaieHistory, montage: Montage, quantity: Quantity
) -> list[HeadField]:
    rows = np.linspace(0, len(history.epochs) - 1, FRAMES).round().astype(int)
    return [
        epoch_field(config, history.parameters[row], montage, quantity, epoch=history.epochs[row])
        for row in rows
    ]


def _median_s(work: Callable[[], object], rounds: int) -> float:
    return median(_seconds(work) for _ in range(rounds))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _scene(
    montage: Montage, fields: Sequence[HeadField], config: BundleConfig, history: SaieHistory
) -> dict[str, float]:
    from samba_gui.scene.head_geometry import prepare_head
    from samba_gui.scene.head_scene import HeadScene
    from samba_gui.scene.head_surface import load_head_surface

    load_head_surface.cache_clear()
    begun = time.perf_counter()
    with closing(HeadScene(prepare_head(montage), WINDOW_PX)) as scene:
        scene.draw(fields[0], WINDOW_PX, Look())
        up_s = time.perf_counter() - begun
        times: dict[bool, list[float]] = {}
        for names in (False, True):
            look = Look(names=names)
            scene.draw(fields[0], WINDOW_PX, look)
            times[names] = [
                _seconds(lambda i=i, look=look: scene.draw(fields[i % FRAMES], WINDOW_PX, look))  # type: ignore[misc]
                for i in range(1, REPEATS + 1)
            ]
    return {
        "scene_up_s": up_s,
        "update_ms": 1000 * median(times[False]),
        "update_with_names_ms": 1000 * median(times[True]),
        "linked_fps": _linked_fps(config, history),
    }


def _linked_fps(config: BundleConfig, history: SaieHistory) -> float:
    from samba_gui.scene.head_geometry import prepare_head
    from samba_gui.scene.head_scene import HeadScene

    with ExitStack() as stack:
        scenes = []
        for stem in LINKED:
            montage = montage_by_id(stem)
            scene = stack.enter_context(closing(HeadScene(prepare_head(montage), LINKED_PX)))
            scene.set_field(_fields(config, history, montage, Quantity.RELATIVE)[-1], Look())
            scene.image()
            scenes.append(scene)

        def turn() -> None:
            for scene in scenes:
                scene.camera = scene.camera.turned(3.0, 0.0)
                scene.image()

        return 1.0 / _median_s(turn, REPEATS)


def _gif(montage: Montage, fields: Sequence[HeadField]) -> dict[str, float]:
    """Ours with the file, MNE's frames without one, in turns."""
    ours, theirs = [], []
    with TemporaryDirectory() as folder:
        for _ in range(ROUNDS):

            def film() -> None:
                topography = Topography(montage)
                look = Look(lettering=True)
                frames = [topography.draw(shown, PAPER_SIZE, look) for shown in fields]
                write_gif(Path(folder) / "bench.gif", frames, 1000, {})

            ours.append(_seconds(film))
            theirs.append(_seconds(lambda: [mne_frame(montage, shown) for shown in fields]))
    gif_s, mne_s = median(ours), median(theirs)
    return {"gif_s": gif_s, "mne_frames_s": mne_s, "gif_speedup": mne_s / gif_s}


def mne_frame(montage: Montage, shown: HeadField) -> np.ndarray:
    """The same frame by ``mne.viz.plot_topomap`` and matplotlib, uint8 (height, width, 3)."""
    import mne
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    info = mne.create_info(list(montage.labels), 128.0, "eeg")
    positions = dict(zip(montage.labels, montage.positions_m, strict=True))
    info.set_montage(mne.channels.make_dig_montage(positions, coord_frame="head"), verbose="ERROR")
    figure = Figure(figsize=(PAPER_SIZE[0] / 100, PAPER_SIZE[1] / 100), dpi=100)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    image, _ = mne.viz.plot_topomap(
        shown.values, info, axes=axes, cmap="RdBu_r", vlim=shown.limits, show=False
    )
    figure.colorbar(image, ax=axes, label=shown.bar_label)
    axes.set_title(shown.title)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]
