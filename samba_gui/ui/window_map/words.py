"""What is said of a point of the map."""

from __future__ import annotations

from samba_gui.engine.projection import Mark
from samba_gui.scene.window_colours import Scale
from samba_gui.ui.language import said, tr
from samba_gui.ui.time_axis import in_seconds
from samba_gui.ui.window_map.geometry import far_out
from samba_gui.ui.window_map.state import MapState

MARK_WORDS = {
    Mark.SHORT: "shorter than a full window",
    Mark.ARTEFACT: "flat, or amplitude outside the range of the training data",
}


def point_in_words(state: MapState, point: int) -> str:
    """Its time, what it is coloured by, and what sets it apart."""
    assert state.components is not None
    onset_s, duration_s = float(state.onsets_s[point]), float(state.durations_s[point])
    lines = [f"{in_seconds(onset_s, 1)} – {in_seconds(onset_s + duration_s, 1)}"]
    colouring = state.colouring
    window = int(state.components.windows[point])
    if isinstance(colouring, Scale):
        unit = f" {colouring.unit}" if colouring.unit else ""
        lines.append(f"{tr(colouring.title)}: {colouring.values[window]:.3g}{unit}")
    elif colouring is not None:
        code = int(colouring.codes[window])
        name = said(colouring.names[code] if code >= 0 else colouring.no_name)
        lines.append(f"{tr(colouring.title)}: {name}")
    if state.marks[point]:
        lines.append(tr(MARK_WORDS[Mark(int(state.marks[point]))]))
    if state.places is not None and far_out(state.places)[point]:
        lines.append(tr("lies farther out; drawn at the edge"))
    if state.marked[point]:
        lines.append(tr("marked"))
    return "\n".join(lines)
