"""The overview and the pages read ahead, in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from edf_files import decode
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def opened(qtbot, window, path):
    window.open_files([str(path)])
    qtbot.settle(window)
    return window.context.session


def heights_uv(path, left_out=()):
    """Peak to peak of every second, (seconds, channels), decoded without the program."""
    signals = [values for label, values in decode(path).items() if label.startswith("EEG")]
    seconds = np.array(signals).reshape(len(signals), 22, 160)
    kept = [i for i in range(len(signals)) if i not in left_out]
    return np.ptp(seconds, axis=2).T[:, kept]


def band_pixels(window):
    plot = window.timeline._plot
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    rgb = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    band = window.timeline._bands.overview
    return rgb[int(band.top) : int(band.bottom), image.width() // 2 : image.width() - 20].astype(int)


def test_the_overview_is_read_shown_and_kept(qtbot, window, short_edf, example_recording):
    session = opened(qtbot, window, short_edf)
    found = session.overview.amplitudes
    assert session.overview.complete
    expected = heights_uv(short_edf)
    np.testing.assert_allclose(found.typical_uv, np.median(expected, axis=1), rtol=1e-5)
    np.testing.assert_allclose(found.largest_uv, expected.max(axis=1), rtol=1e-5)
    tip = window.timeline.tip_at(7.5, window.timeline._bands.overview.top + 1)
    assert f"{np.median(expected[7]):.0f} µV (median of 19 channels)" in tip
    ink = band_pixels(window)
    ground = ink[0, 0]
    middle = ink[len(ink) // 2]
    assert (np.abs(middle - ground).max(axis=1) > 20).all()  # the band's middle is covered all along

    session.mark_bad(session.document.info.labels[3], True)
    qtbot.settle(window)
    without = session.overview.amplitudes
    np.testing.assert_allclose(without.typical_uv, np.median(heights_uv(short_edf, [3]), axis=1), rtol=1e-5)
    assert without.n_channels == 18

    (kept,) = window.context.places.results_dir.glob("*.envelope.npz")
    written = kept.stat().st_ino
    opened(qtbot, window, example_recording)
    again = opened(qtbot, window, short_edf).overview.amplitudes
    np.testing.assert_array_equal(again.typical_uv, without.typical_uv)  # the channel is bad as it was left
    assert kept.stat().st_ino == written  # read, not written anew


def test_neighbouring_pages_are_read_ahead(qtbot, window, short_edf):
    session = opened(qtbot, window, short_edf)
    qtbot.settle(window)
    before = session.pages.page
    qtbot.keyClick(window.traces, Qt.Key.Key_PageDown)
    page = session.pages.page  # nothing was waited for
    assert page is not before
    assert page.start_s == 10.0
    qtbot.settle(window)
    qtbot.keyClick(window.traces, Qt.Key.Key_PageUp)
    assert session.pages.page is before
    session.mark_bad(session.document.info.labels[0], True)  # what was read ahead is read otherwise now
    qtbot.settle(window)
    assert session.pages.page is not before
