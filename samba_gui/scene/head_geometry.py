"""All that a head in 3-D needs of one montage; numpy only, so that it can be prepared in any thread."""

from __future__ import annotations

from dataclasses import dataclass, replace

from samba_gui.core.montage import Montage
from samba_gui.scene.glyphs import Shapes, bands, disc_radius_m, discs, join, rings
from samba_gui.scene.head_surface import HeadSurface, Landing, load_head_surface, project_to_scalp
from samba_gui.scene.interpolation import Interpolator, Surface


@dataclass(frozen=True, eq=False)
class HeadGeometry:
    """A montage on the scalp.

    Parameters
    ----------
    montage : Montage
    surface : HeadSurface
    electrodes : Landing
        Channels on the scalp.
    interpolate : Surface
        From channels to the scalp's vertices.
    values : Shapes
        Discs (and bands of bipolar channels) that take the values' colours.
    outlines : Shapes
        Thin rims that set the discs off.
    rings : Shapes
        Rings around discs, shown for some.
    marks : Shapes
        Wide rings, shown for the selected channel.
    dots : Shapes
        Small dots, for the paper's look.
    disc_radius_m : float
    """

    montage: Montage
    surface: HeadSurface
    electrodes: Landing
    interpolate: Surface
    values: Shapes
    outlines: Shapes
    rings: Shapes
    marks: Shapes
    dots: Shapes
    disc_radius_m: float


def prepare_head(montage: Montage) -> HeadGeometry:
    """Lay a montage on the scalp; takes 0.1 to 0.5 s, and once 0.7 s for the scalp itself."""
    surface = load_head_surface()
    electrodes = project_to_scalp(surface, montage.positions_m)
    radius_m = disc_radius_m(electrodes.points_m)
    values = [discs(electrodes, radius_m, 0.0022)]
    outlines = [discs(electrodes, 1.18 * radius_m, 0.0018)]
    if montage.is_bipolar:
        assert montage.endpoints_m is not None
        ends = project_to_scalp(surface, montage.endpoints_m.reshape(-1, 3))
        values.append(bands(surface, montage.endpoints_m, 0.0034, 0.0014))
        outlines.append(bands(surface, montage.endpoints_m, 0.0046, 0.0011))
        joints = discs(ends, 0.0028, 0.0016)
        outlines.append(replace(joints, owners=joints.owners // 2))
    return HeadGeometry(
        montage,
        surface,
        electrodes,
        Interpolator(electrodes.points_m, surface.vertices_m),
        join(*values),
        join(*outlines),
        rings(electrodes, 1.4 * radius_m, 1.75 * radius_m, 0.0018),
        rings(electrodes, 2.0 * radius_m, 2.45 * radius_m, 0.0020),
        discs(electrodes, 0.0013, 0.0012),
        radius_m,
    )
