"""Pictures with provenance, whole or not at all."""

from __future__ import annotations

import signal
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from samba_gui.core.errors import ExportError
from samba_gui.io.gif_palette import oklab
from samba_gui.io.pictures import write_gif, write_png
from samba_gui.io.provenance import read_provenance

FACTS = {"bundle": "½ µV", "n": 3}


def frames(n: int = 4, size: int = 60) -> list[np.ndarray]:
    """Smooth colours that move, on a white ground."""
    y, x = np.mgrid[:size, :size] / size
    made = []
    for i in range(n):
        frame = np.stack([x, y, 0.5 + 0.5 * np.sin(6 * (x + i / n))], axis=-1)
        frame[: size // 2] = 1.0
        made.append((255 * frame).astype(np.uint8))
    return made


def blocks(data: bytes) -> tuple[int, int, list[tuple[int, ...]]]:
    """Size of the global palette, pictures with a palette of their own, and where each picture lies."""
    at, own, boxes = 13, 0, []
    common = 2 ** ((data[10] & 7) + 1) if data[10] & 0x80 else 0
    at += 3 * common
    while data[at] != 0x3B:
        if data[at] == 0x21:
            at += 2
        else:
            boxes.append(struct.unpack("<4H", data[at + 1 : at + 9]))
            flags = data[at + 9]
            own += bool(flags & 0x80)
            at += 11 + (3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0)
        while data[at]:
            at += data[at] + 1
        at += 1
    assert at == len(data) - 1
    return common, own, boxes


def test_png_round_trip(tmp_path: Path) -> None:
    out = tmp_path / "head.png"
    write_png(out, frames(1)[0], FACTS)
    with Image.open(out) as picture:
        assert np.array_equal(np.asarray(picture), frames(1)[0])
    assert read_provenance(out) == FACTS
    assert b"tEXtprovenance" in out.read_bytes()


def test_gif_has_one_palette_all_frames_and_their_times(tmp_path: Path) -> None:
    out, made = tmp_path / "film.gif", frames()
    made.append(made[-1])  # an equal neighbour stays a frame of its own
    write_gif(out, made, [100, 200, 300, 400, 1000], FACTS)
    common, own, boxes = blocks(out.read_bytes())
    assert (common, own, len(boxes)) == (256, 0, 5)
    with Image.open(out) as picture:
        assert picture.info["loop"] == 0
        for i, frame in enumerate(made):
            picture.seek(i)
            assert picture.info["duration"] == [100, 200, 300, 400, 1000][i]
            back = np.asarray(picture.convert("RGB")).astype(int)
            assert (back[:30] == 255).all()  # the ground is exact
            assert np.abs(back - frame).mean() < 6
    assert read_provenance(out) == FACTS


def test_gif_of_few_colours_is_exact(tmp_path: Path) -> None:
    frame = np.zeros((20, 30, 3), np.uint8)
    frame[5:, 7:] = (12, 200, 99)
    write_gif(tmp_path / "a.gif", [frame], 1000, {})
    with Image.open(tmp_path / "a.gif") as picture:
        assert np.array_equal(np.asarray(picture.convert("RGB")), frame)


def test_a_frame_holds_only_what_changed(tmp_path: Path) -> None:
    made = [np.zeros((20, 30, 3), np.uint8) for _ in range(4)]
    for k, frame in enumerate(made[:3]):
        frame[2:4, 20] = (12, 200, 99)  # goes away in the last
        frame[5:9, 4 + 6 * k : 10 + 6 * k] = (200, 30, 80)
    made[2] = made[1].copy()
    write_gif(tmp_path / "a.gif", made, 100, {})
    _, _, boxes = blocks((tmp_path / "a.gif").read_bytes())
    assert boxes == [(0, 0, 30, 20), (4, 5, 12, 4), (0, 0, 1, 1), (10, 2, 11, 7)]
    with Image.open(tmp_path / "a.gif") as picture:
        for k, frame in enumerate(made):
            picture.seek(k)
            assert np.array_equal(np.asarray(picture.convert("RGB")), frame)


def test_the_palette_follows_the_eye(tmp_path: Path) -> None:
    """A shaded head's worth of browns and a narrow bar of many colours: steps are small in both."""
    from samba_gui.scene.colours import lookup_table

    y, x = np.mgrid[:300, :300] / 300.0
    made = []
    for turn in range(3):
        frame = np.stack([200 - 90 * y, 150 - 60 * x * y, 120 - 50 * np.sin(3 * x + turn) * y], axis=-1)
        frame[22:278, 285:292] = lookup_table("diverging")[::-1, None]
        made.append(frame.round().astype(np.uint8))
    write_gif(tmp_path / "a.gif", made, 100, {})
    with Image.open(tmp_path / "a.gif") as picture:
        back = np.asarray(picture.convert("RGB"))
    apart = np.linalg.norm(oklab(made[0].reshape(-1, 3)) - oklab(back.reshape(-1, 3)), axis=1).reshape(
        300, 300
    )
    assert apart[:, :280].mean() < 0.01
    assert apart[22:278, 285:292].mean() < 0.02
    # nothing is dithered: equal colours stay equal
    pairs = {
        (*a, *b) for a, b in zip(made[0].reshape(-1, 3).tolist(), back.reshape(-1, 3).tolist(), strict=True)
    }
    assert len(pairs) == len(np.unique(made[0].reshape(-1, 3), axis=0))


def test_large_provenance_in_a_gif(tmp_path: Path) -> None:
    facts = {"epochs": list(range(2000))}
    write_gif(tmp_path / "a.gif", frames(1), 1000, facts)
    assert read_provenance(tmp_path / "a.gif") == facts


def test_no_frames_and_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no frames"):
        write_gif(tmp_path / "a.gif", [], 1000, {})
    with pytest.raises(ExportError, match=r"a\.png could not be written: no such file") as raised:
        write_png(tmp_path / "nowhere" / "a.png", frames(1)[0], {})
    assert "another folder" in raised.value.hint
    assert str(tmp_path) not in str(raised.value)


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes stands in for a full disk")
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    import resource  # not on Windows

    out = tmp_path / "head.png"
    write_png(out, frames(1)[0], FACTS)
    old = out.read_bytes()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(ExportError):
            write_png(out, np.random.default_rng(0).integers(0, 255, (99, 99, 3), np.uint8), {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert out.read_bytes() == old
    assert [path.name for path in tmp_path.iterdir()] == ["head.png"]


def test_foreign_files_carry_no_provenance(tmp_path: Path) -> None:
    Image.fromarray(frames(1)[0]).save(tmp_path / "a.png")
    Image.fromarray(frames(1)[0]).save(tmp_path / "b.gif", comment=b"hello")
    (tmp_path / "c.png").write_bytes(b"no picture")
    for name in ("a.png", "b.gif", "c.png", "missing.png"):
        with pytest.raises(ExportError, match="carries no provenance"):
            read_provenance(tmp_path / name)
