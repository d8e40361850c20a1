"""What the head panel shows, frozen: who asks for another view sends back a changed copy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.montage import Montage
from samba_gui.scene.head_field import HeadField, Quantity, WindowQuantity, window_field
from samba_gui.scene.saie_field import epoch_field, untrained_parameters
from samba_gui.ui.theme import LIGHT, Theme


@dataclass(frozen=True)
class HeadView:
    """What a reader chooses at the head; it outlives recordings.

    Parameters
    ----------
    quantity : Quantity
    target : str
        Target electrode for ``Quantity.TARGET``; empty for the first.
    epoch_index : int
        Index into the history's epochs; negative counts from the end.
    untrained : bool
        Show a network before training instead: the control.
    surface, names : bool
        Interpolated colours; electrode names.
    flat : bool
        From above in 2-D instead of 3-D.
    """

    quantity: Quantity = Quantity.RELATIVE
    target: str = ""
    epoch_index: int = -1
    untrained: bool = False
    surface: bool = True
    names: bool = False
    flat: bool = False


@dataclass(frozen=True)
class HeadState:
    """Everything the head panel needs.

    Parameters
    ----------
    config : BundleConfig, optional
    history : SaieHistory, optional
    montage : Montage, optional
        The channels given to the model, in their order.
    left_out : Montage, optional
        Electrodes that are left out to see what that does.
    selected : str
        Montage name of the selected channel, or empty.
    window : WindowQuantity, optional
        Reconstruction quality of the window under the cursor, offered beside the SAIE weights.
    signal : WindowQuantity, optional
        Band power or potential, while the view asks for one.
    recorded : bool
        Whether there is a recording of which band power and potential can be shown.
    view : HeadView
    theme : Theme
    """

    config: BundleConfig | None = None
    history: SaieHistory | None = None
    montage: Montage | None = None
    left_out: Montage | None = None
    selected: str = ""
    window: WindowQuantity | None = None
    signal: WindowQuantity | None = None
    recorded: bool = False
    view: HeadView = field(default_factory=HeadView)
    theme: Theme = LIGHT

    @property
    def epochs(self) -> tuple[int, ...]:
        """Epochs of the history; none without a bundle."""
        return self.history.epochs if self.history else ()

    @property
    def epoch_index(self) -> int:
        """The view's epoch, within the history and counted from its beginning."""
        n = len(self.epochs)
        index = self.view.epoch_index + n if self.view.epoch_index < 0 else self.view.epoch_index
        return min(max(index, 0), max(n - 1, 0))

    def describe(self, null: np.ndarray | None = None) -> HeadField | None:
        """The field to show, or None as long as bundle or montage are missing.

        Parameters
        ----------
        null : ndarray (networks, n), optional
            Relative weights under untrained networks, once they are known.
        """
        shown = self._describe(null)
        if shown is None or self.left_out is None:
            return shown
        without = f"What if: without {', '.join(sorted(self.left_out.labels))} (crossed circles)."
        return replace(shown, caption=f"{without} {shown.caption}", removed=self.left_out)

    def _describe(self, null: np.ndarray | None = None) -> HeadField | None:
        view = self.view
        if self.montage is None:
            return None
        slot = self.signal if view.quantity.of_signal else self.window
        if view.quantity.of_recording and slot is not None:
            return window_field(slot, self.montage)
        if self.config is None or self.history is None:
            return None
        quantity = Quantity.RELATIVE if view.quantity.of_recording else view.quantity
        index = self.epoch_index
        return epoch_field(
            self.config,
            untrained_parameters(self.config) if view.untrained else self.history.parameters[index],
            self.montage,
            quantity,
            epoch=None if view.untrained else self.epochs[index],
            target=view.target if view.target in self.config.target.labels else "",
            null=null,
        )
