"""What the head shows of the recording itself: potential and band power under the cursor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox

from samba_gui.core.derivations import LONGITUDINAL
from samba_gui.engine.display import DisplayFilter, filter_page
from samba_gui.io.recordings import open_recording
from samba_gui.scene.head_field import Quantity

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def show(qtbot, window, quantity):
    """Choose a quantity in the list, as a reader does; what the head then says."""
    combo = window.head.findChildren(QComboBox)[0]
    combo.activated.emit(combo.findData(quantity))
    qtbot.settle(window)
    return window.head._state.describe()


def test_potential_and_band_power_are_those_of_the_samples(qtbot, window, short_edf):
    combo = window.head.findChildren(QComboBox)[0]
    assert combo.findData(Quantity.ALPHA) < 0  # nothing is open
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session = window.context.session
    window.timeline.cursor_moved.emit(5.0)
    qtbot.settle(window)

    info = session.document.info
    order = [info.labels.index(session.document.label_of(name)) for name in window.head._state.montage.labels]
    with open_recording(short_edf) as recording:
        recorded = recording.read(0, info.n_samples, order)
    filtered = filter_page(recorded, info.rate_hz, DisplayFilter(1.0, 70.0))

    shown = show(qtbot, window, Quantity.POTENTIAL)
    np.testing.assert_allclose(shown.values, filtered[:, round(5 * info.rate_hz)], atol=0.05)
    assert shown.limits[0] == -shown.limits[1]
    assert shown.colour_map == "diverging"
    assert shown.range_text.endswith("µV")
    assert "Depends on this recording" in shown.caption
    assert "as recorded, 1–70 Hz" in shown.caption

    shown = show(qtbot, window, Quantity.ALPHA)
    stretch = filtered[:, round(4 * info.rate_hz) : round(8 * info.rate_hz)]
    taper = np.hanning(stretch.shape[1])
    spectrum = np.fft.rfft((stretch - stretch.mean(axis=1, keepdims=True)) * taper)
    power = 2 * np.abs(spectrum) ** 2 / info.rate_hz / taper.dot(taper)
    expected_db = 10 * np.log10(power[:, 32:52].mean(axis=1))  # 4 s: a quarter of a Hz each
    np.testing.assert_allclose(shown.values, expected_db, atol=0.1)
    assert "4–8 s" in shown.title
    assert "dB re 1 µV²/Hz" in shown.bar_label
    assert not window.head._controls._switches["untrained"].isEnabled()


def test_without_values_it_says_why(qtbot, window, short_edf):
    window.open_files([str(short_edf)])
    qtbot.settle(window)
    session = window.context.session
    window.timeline.cursor_moved.emit(9.5)  # in the window 8–12 s, half of it on the next page
    qtbot.settle(window)
    shown = show(qtbot, window, Quantity.ALPHA)
    assert shown.range_text == "no values"
    assert "not wholly on the page" in shown.caption
    window.timeline.cursor_moved.emit(5.0)
    session.show_as(replace(session.display, high_cut_hz=15.0))
    qtbot.settle(window)
    assert window.head._state.describe().range_text.endswith("µV²/Hz")
    assert "the display filters (1–15 Hz)" in show(qtbot, window, Quantity.BETA).caption
    session.show_as(replace(session.display, derivation=LONGITUDINAL))
    qtbot.settle(window)
    assert "choose another derivation" in show(qtbot, window, Quantity.POTENTIAL).caption
