"""How things are drawn; nothing here touches the model's input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from samba_gui.core.arrangement import Arrangement
from samba_gui.core.derivations import AS_RECORDED, Derivation
from samba_gui.core.recording import ChannelKind

STEPS_UV = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0, 70.0, 100.0, 150.0, 200.0, 300.0, 500.0)
"""Sensitivities to choose from, µV per mm."""

SPREAD_ROWS = 1.5
LOW_CUTS_HZ = (0.0, 0.1, 0.3, 0.5, 1.0, 2.0, 5.0)
HIGH_CUTS_HZ = (0.0, 15.0, 30.0, 40.0, 70.0, 100.0)
NOTCHES_HZ = (0.0, 50.0, 60.0)
QUALITIES = ("nrmse", "skill", "correlation", "error_uv")

FOLLOWING = {ChannelKind.EOG: 2.0, ChannelKind.ECG: 10.0, ChannelKind.EMG: 2.0}
"""How many times the EEG's µV per mm a kind gets while it has no sensitivity of its own."""

LARGEST_ZOOM = 16.0

ROWS_AT_A_TIME = (0, 8, 12, 16, 20, 32, 64)
"""Rows to be seen at once; 0: as many as are legible."""


@dataclass(frozen=True, slots=True)
class Display:
    """Display settings of the traces and the timelines.

    Parameters
    ----------
    low_cut_hz, high_cut_hz, notch_hz : float
        Display filters; 0 = off.
    sensitivity_uv : float
        Of the EEG, µV per mm on the screen.
    own_uv : tuple of (ChannelKind, float)
        Sensitivities of other kinds, µV per mm; those that are not there follow the EEG.
    zoom : float
        How much larger channels without µV are drawn than fits their row.
    positive_up : bool
        Polarity; clinical readers have negative up.
    clipped : bool
        Whether each trace is cut off at the edges of its row.
    level : bool
        Whether the page's median is taken from each channel where no low-frequency filter does so.
    butterfly : bool
        Whether all traces of a group lie on one baseline.
    rows : int
        How many rows are shown at a time; 0: as many as fit.
    derivation : Derivation
        How channels are combined.
    arrangement : Arrangement
        Order of the channels, and those that are hidden.
    overlay : bool
        Whether the reconstruction is laid over the traces.
    residual : bool
        Whether the overlay shows original minus reconstruction instead of the reconstruction.
    mask_pass : int
        Which pass of the mask pair is shaded: 0 or 1.
    quality : str
        Figure in the quality strip.
    """

    low_cut_hz: float = 1.0
    high_cut_hz: float = 70.0
    notch_hz: float = 0.0
    sensitivity_uv: float = 10.0
    own_uv: tuple[tuple[ChannelKind, float], ...] = ()
    zoom: float = 1.0
    positive_up: bool = True
    clipped: bool = False
    level: bool = True
    butterfly: bool = False
    rows: int = 0
    derivation: Derivation = AS_RECORDED
    arrangement: Arrangement = Arrangement()  # noqa: RUF009 - it is frozen
    overlay: bool = True
    residual: bool = False
    mask_pass: int = 0
    quality: str = "nrmse"

    @property
    def read_as(self) -> tuple:
        """The part for which the page must be read anew."""
        filters = self.low_cut_hz, self.high_cut_hz, self.notch_hz, self.level
        return *filters, self.derivation, self.arrangement

    def with_more_rows(self) -> Display:
        """The next larger number of rows at a time; after the largest, all."""
        return replace(self, rows=next((n for n in ROWS_AT_A_TIME if n > self.rows > 0), 0))

    def with_fewer_rows(self) -> Display:
        """The next smaller number of rows at a time."""
        fewer = [n for n in ROWS_AT_A_TIME if n and (not self.rows or n < self.rows)]
        return replace(self, rows=fewer[-1]) if fewer else self

    # ---- sensitivity

    def uv_per_mm(self, kind: ChannelKind) -> float:
        """Sensitivity of one kind of channels in µV."""
        return dict(self.own_uv).get(kind, FOLLOWING.get(kind, 1.0) * self.sensitivity_uv)

    def fitted_to(self, data_uv: np.ndarray, row_mm: float) -> Display:
        """The step at which the middle 95 % of a typical row's values spread over one and a half rows.

        Neighbours then touch now and then and hardly ever cross, with 19 rows as with 64.

        Parameters
        ----------
        data_uv : ndarray (rows, times)
            May hold NaN; without any number nothing changes.
        row_mm : float
            Height of a row on the screen.
        """
        rows = data_uv[np.isfinite(data_uv).any(axis=1)]
        if not rows.size:
            return self
        low_uv, high_uv = np.nanquantile(rows[:, :: max(rows.shape[1] // 2000, 1)], [0.025, 0.975], axis=1)
        wanted_uv = float(np.nanmedian(high_uv - low_uv)) / SPREAD_ROWS / row_mm
        steps = np.array(STEPS_UV)
        return replace(
            self, sensitivity_uv=float(steps[np.argmin(np.abs(np.log(steps / max(wanted_uv, 1e-3))))])
        )

    def more_sensitive(self) -> Display:
        """Larger traces: the next smaller step of µV."""
        return replace(self, sensitivity_uv=_next_step(self.sensitivity_uv, -1))

    def less_sensitive(self) -> Display:
        """Smaller traces: the next larger step of µV."""
        return replace(self, sensitivity_uv=_next_step(self.sensitivity_uv, 1))

    def with_own(self, kind: ChannelKind, uv_per_mm: float) -> Display:
        """A sensitivity of its own for a kind; 0 lets it follow the EEG again."""
        others = tuple(pair for pair in self.own_uv if pair[0] is not kind)
        return replace(self, own_uv=(*others, (kind, uv_per_mm)) if uv_per_mm else others)

    def others_stepped(self, kinds: Sequence[ChannelKind], step: int) -> Display:
        """All that is not EEG one step larger or smaller.

        Parameters
        ----------
        kinds : sequence of ChannelKind
            Those that are shown; each keeps its own sensitivity.
        step : {1, -1}
            1: larger.
        """
        display = replace(self, zoom=min(max(self.zoom * 2.0**step, 1 / LARGEST_ZOOM), LARGEST_ZOOM))
        for kind in FOLLOWING:
            if kind in kinds:
                display = display.with_own(kind, _next_step(self.uv_per_mm(kind), -step))
        return display


def _next_step(now_uv: float, step: int) -> float:
    """The next standard sensitivity below (−1) or above (1); where there is none, the same."""
    found = [uv for uv in STEPS_UV if (uv > now_uv if step > 0 else uv < now_uv)]
    return (found[0] if step > 0 else found[-1]) if found else now_uv
