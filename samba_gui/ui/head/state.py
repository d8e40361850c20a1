"""What the head panel shows, frozen: who asks for another view sends back a changed copy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from samba_gui.core.bundle import BundleConfig, SaieHistory
from samba_gui.core.montage import Montage
from samba_gui.core.saie import SaieParameters
from samba_gui.core.words import Text, joined
from samba_gui.scene.head_field import HeadField, Quantity, WindowQuantity, window_field
from samba_gui.scene.saie_field import epoch_field, shown_montage, untrained_parameters
from samba_gui.ui.theme import LIGHT, Theme


class NullKey(NamedTuple):
    """What a null band is of; the arguments of :func:`samba_gui.scene.saie_field.null_of`."""

    config: BundleConfig
    montage: Montage
    quantity: Quantity
    target: str


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
    cortex : bool
        In 3-D, a template's cortex under a translucent scalp.
    """

    quantity: Quantity = Quantity.RELATIVE
    target: str = ""
    epoch_index: int = -1
    untrained: bool = False
    surface: bool = True
    names: bool = False
    flat: bool = False
    cortex: bool = False

    @property
    def saie_quantity(self) -> Quantity:
        """The quantity of the weights: the default one while a figure of the recording is shown."""
        return Quantity.RELATIVE if self.quantity.of_recording else self.quantity

    def of_target(self, name: str) -> HeadView:
        """The same with the weights of one target electrode."""
        return replace(self, quantity=Quantity.TARGET, target=name)

    def of_all_targets(self) -> HeadView:
        """The same with the mean over target electrodes."""
        return replace(self, quantity=Quantity.RELATIVE)


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

    @property
    def null_key(self) -> NullKey | None:
        """Of which null band the quantity needs; None without bundle or montage."""
        if self.config is None or self.montage is None:
            return None
        quantity = self.view.saie_quantity
        if not quantity.of_one_target:
            return NullKey(self.config, self.montage, Quantity.RELATIVE, "")
        target = self.target if quantity == Quantity.TARGET else ""
        return NullKey(self.config, self.montage, quantity, target)

    @property
    def target(self) -> str:
        """The view's target electrode if the bundle has it, else the bundle's first."""
        labels = self.config.target.labels if self.config else ("",)
        return self.view.target if self.view.target in labels else labels[0]

    @property
    def parameters(self) -> SaieParameters:
        """The SAIE that is shown; there must be a bundle."""
        assert self.config is not None
        assert self.history is not None
        if self.view.untrained:
            return untrained_parameters(self.config)
        return self.history.parameters[self.epoch_index]

    @property
    def shown_montage(self) -> Montage | None:
        """Whose electrodes lie on the head: the bundle's targets where the quantity is theirs."""
        if self.config is None or self.montage is None:
            return self.montage
        return shown_montage(self.config, self.montage, self.view.quantity)

    def target_near(self, electrode: str) -> str:
        """The target electrode nearest to one that lies on the head."""
        assert self.config is not None
        assert self.shown_montage is not None
        at = self.shown_montage
        if electrode not in at.labels and self.left_out is not None:
            at = self.left_out
        here_m = at.positions_m[at.labels.index(electrode)]
        away_m = np.linalg.norm(self.config.target.positions_m - here_m, axis=1)
        return self.config.target.labels[int(np.argmin(away_m))]

    def describe(self, null: np.ndarray | None = None) -> HeadField | None:
        """The field to show, or None as long as bundle or montage are missing.

        Parameters
        ----------
        null : ndarray (networks, n), optional
            The same under untrained networks, once it is known.
        """
        shown = self._describe(null)
        if shown is None or self.left_out is None:
            return shown
        names = ", ".join(sorted(self.left_out.labels))
        if self.view.quantity == Quantity.EFFECTIVE:  # on the head lie the targets
            without = Text("What if: without {names}.", names=names)
            return replace(shown, caption=joined((without, shown.caption), " "))
        without = Text("What if: without {names} (crossed circles).", names=names)
        return replace(shown, caption=joined((without, shown.caption), " "), removed=self.left_out)

    def _describe(self, null: np.ndarray | None = None) -> HeadField | None:
        view = self.view
        if self.montage is None:
            return None
        slot = self.signal if view.quantity.of_signal else self.window
        if view.quantity.of_recording and slot is not None:
            return window_field(slot, self.montage)
        if self.config is None or self.history is None:
            return None
        return epoch_field(
            self.config,
            self.parameters,
            self.montage,
            view.saie_quantity,
            epoch=None if view.untrained else self.epochs[self.epoch_index],
            target=self.target,
            null=null,
        )
