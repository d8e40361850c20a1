"""How things are drawn; nothing here touches the model's input."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

SENSITIVITIES_UV = (
    1.0,
    2.0,
    3.0,
    5.0,
    7.0,
    10.0,
    15.0,
    20.0,
    30.0,
    50.0,
    70.0,
    100.0,
    150.0,
    200.0,
    300.0,
    500.0,
)
SPREAD_DIVISIONS = 1.5
LOW_CUTS_HZ = (0.0, 0.1, 0.3, 0.5, 1.0, 2.0, 5.0)
HIGH_CUTS_HZ = (0.0, 15.0, 30.0, 40.0, 70.0, 100.0)
NOTCHES_HZ = (0.0, 50.0, 60.0)


@dataclass(frozen=True, slots=True)
class Display:
    """Display settings of the traces and the timelines.

    Parameters
    ----------
    low_cut_hz, high_cut_hz, notch_hz : float
        Display filters; 0 = off.
    sensitivity_uv : float
        µV per division.
    positive_up : bool
        Polarity; clinical readers have negative up.
    derivation : str
        One of :class:`~samba_gui.engine.derivations.Derivation`.
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
    sensitivity_uv: float = 50.0
    positive_up: bool = True
    derivation: str = "as recorded"
    overlay: bool = True
    residual: bool = False
    mask_pass: int = 0
    quality: str = "nrmse"

    def fitted_to(self, data_uv: np.ndarray) -> Display:
        """The step at which the middle 95 % of a typical row's values spread over one and a half divisions.

        Neighbours then touch now and then and hardly ever cross, with 19 rows as with 64.

        Parameters
        ----------
        data_uv : ndarray (rows, times)
            May hold NaN; without any number nothing changes.
        """
        rows = data_uv[np.isfinite(data_uv).any(axis=1)]
        if not rows.size:
            return self
        low_uv, high_uv = np.nanquantile(rows[:, :: max(rows.shape[1] // 2000, 1)], [0.025, 0.975], axis=1)
        wanted_uv = float(np.nanmedian(high_uv - low_uv)) / SPREAD_DIVISIONS
        steps = np.array(SENSITIVITIES_UV)
        return replace(
            self, sensitivity_uv=float(steps[np.argmin(np.abs(np.log(steps / max(wanted_uv, 1e-3))))])
        )

    @property
    def read_as(self) -> tuple[float, float, float, str]:
        """The part for which the page must be read anew."""
        return self.low_cut_hz, self.high_cut_hz, self.notch_hz, self.derivation

    def more_sensitive(self) -> Display:
        """Larger traces: the next smaller step of µV."""
        smaller = [step for step in SENSITIVITIES_UV if step < self.sensitivity_uv]
        return replace(self, sensitivity_uv=smaller[-1]) if smaller else self

    def less_sensitive(self) -> Display:
        """Smaller traces: the next larger step of µV."""
        larger = [step for step in SENSITIVITIES_UV if step > self.sensitivity_uv]
        return replace(self, sensitivity_uv=larger[0]) if larger else self
