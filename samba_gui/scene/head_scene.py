"""The head in 3-D, off screen: VTK draws surface and discs, Pillow writes on the picture."""

from __future__ import annotations

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  gives the render window its drawing code
from PIL import Image, ImageDraw
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer, vtkRenderWindow

from samba_gui.core.montage import Montage
from samba_gui.scene.cameras import CAMERAS, DISTANCE_M, FOCUS_M, HALF_SIZE_M, Camera
from samba_gui.scene.colours import THEMES, colours_of, edges_of
from samba_gui.scene.cortex import Cortex
from samba_gui.scene.glyphs import Shapes, crosses, join, rings
from samba_gui.scene.head_field import HeadField
from samba_gui.scene.head_geometry import HeadGeometry
from samba_gui.scene.head_surface import Landing, project_to_scalp
from samba_gui.scene.lettering import (
    caption_height,
    colour_bar_width,
    draw_caption,
    draw_colour_bar,
    draw_crosshair,
    draw_names,
    draw_range,
    font,
)
from samba_gui.scene.look import Look
from samba_gui.scene.meshes import mesh_of, set_colours, set_triangles
from samba_gui.scene.opengl import prefer_off_screen_drivers
from samba_gui.scene.shaded import ShadedSurface, actor_of

_OVER_CORTEX = 0.5  # opacity of the scalp
_SIDES_M = {"L": (-0.1, 0.012, 0.018), "R": (0.1, 0.012, 0.018)}


class HeadScene:
    """A head in an off-screen window; close it when it is no longer needed.

    Parameters
    ----------
    geometry : HeadGeometry
    size : tuple of 2 ints
        Width and height in pixels.
    """

    def __init__(self, geometry: HeadGeometry, size: tuple[int, int] = (1000, 800)) -> None:
        prefer_off_screen_drivers()
        self.geometry = geometry
        self.camera: Camera = CAMERAS["three-quarter"]
        self._field: HeadField | None = None
        self._look = Look()
        self._target: Landing | None = None
        self._cortex: ShadedSurface | None = None
        self._window = vtkRenderWindow()
        self._window.SetOffScreenRendering(True)
        self._window.SetMultiSamples(0)  # three to five times faster without a graphics card
        self._window.SetSize(*size)
        self._renderer = vtkRenderer()
        self._renderer.AutomaticLightCreationOff()
        self._renderer.GradientBackgroundOn()
        # Over a cortex the scalp is the one translucent thing, and of it only what faces the viewer is drawn:
        # plain blending shows the same as depth peeling in a third of the time.
        self._renderer.UseOITOff()
        self._window.AddRenderer(self._renderer)
        self._build()

    def _build(self) -> None:
        self._scalp = ShadedSurface(self.geometry.surface, self.vertex_colours())
        self._renderer.AddActor(self._scalp.actor)
        self._shown: dict[str, np.ndarray] = {}
        self._shapes: dict[str, tuple[vtkPolyData, vtkActor]] = {}
        for name in ("values", "outlines", "rings", "marks", "dots"):
            shapes: Shapes = getattr(self.geometry, name)
            mesh = mesh_of(shapes.vertices_m, shapes.triangles)
            actor = actor_of(mesh)
            self._renderer.AddActor(actor)
            self._shapes[name] = mesh, actor
        self._hollow: tuple[Montage, Landing, vtkActor] | None = None

    def set_geometry(self, geometry: HeadGeometry) -> None:
        """Show another montage; the field must be set again."""
        self.geometry = geometry
        self._field = None
        self._renderer.RemoveAllViewProps()
        self._build()
        self._show_cortex()

    def set_cortex(self, cortex: Cortex | None) -> None:
        """Show a cortex under a translucent scalp, or none under an opaque one."""
        if self._cortex is not None:
            self._renderer.RemoveActor(self._cortex.actor)
        self._cortex = ShadedSurface(cortex.surface, cortex.colours) if cortex else None
        self._show_cortex()

    def _show_cortex(self) -> None:
        if self._cortex is not None:
            self._renderer.AddActor(self._cortex.actor)
        self._scalp.actor.GetProperty().SetOpacity(1.0 if self._cortex is None else _OVER_CORTEX)

    def set_field(self, shown: HeadField, look: Look | None = None) -> None:
        """Show other values, or the same in another way.

        Parameters
        ----------
        shown : HeadField
            For the channels of the geometry's montage.
        look : Look, optional
            Stays as it is if not given.
        """
        self._field, self._look = shown, look or self._look
        theme = THEMES[self._look.theme]
        self._renderer.SetBackground(*(level / 255 for level in theme.background))
        self._renderer.SetBackground2(*(level / 255 for level in theme.background_top))
        self._scalp.set_colours(self.vertex_colours())
        n = len(shown.values)
        colours = colours_of(shown.values, shown.limits, shown.colour_map)
        edges = edges_of(colours)
        mark, dot = (np.full((n, 3), colour, np.uint8) for colour in (theme.mark, (20, 20, 20)))
        selected = np.array([label == self._look.selected for label in shown.labels])
        plain = np.full(n, shown.plain)
        self._paint("values", colours, ~plain)
        self._paint("outlines", edges, ~plain)
        self._paint("rings", edges, shown.outside)
        self._paint("marks", mark, selected)
        self._paint("dots", dot, plain)
        at_m = shown.target_m
        self._target = None if at_m is None else project_to_scalp(self.geometry.surface, at_m[None])
        self._mark_removed(shown.removed)

    def _mark_removed(self, removed: Montage | None) -> None:
        """Crossed circles where electrodes were."""
        if self._hollow is not None and self._hollow[0] != removed:
            self._renderer.RemoveActor(self._hollow[2])
            self._hollow = None
        if removed is None:
            return
        if self._hollow is None:
            landing = project_to_scalp(self.geometry.surface, removed.positions_m)
            radius_m = self.geometry.disc_radius_m
            circles = rings(landing, 0.9 * radius_m, 1.2 * radius_m, 0.0022)
            shapes = join(circles, crosses(landing, 1.1 * radius_m, 0.25 * radius_m, 0.0022))
            actor = actor_of(mesh_of(shapes.vertices_m, shapes.triangles))
            self._renderer.AddActor(actor)
            self._hollow = removed, landing, actor
            # dark in either theme: it lies on the skin and on the map's light middle
            actor.GetProperty().SetColor(*(level / 255 for level in THEMES["light"].line))

    def _paint(self, name: str, colours: np.ndarray, shown: np.ndarray) -> None:
        """Colour the shapes of some channels and hide the others."""
        shapes: Shapes = getattr(self.geometry, name)
        mesh, actor = self._shapes[name]
        if shown.any():
            set_colours(mesh, colours[shapes.owners])
        before = self._shown.get(name)
        if before is None or not np.array_equal(shown, before):  # most updates change colours alone
            self._shown[name] = shown.copy()
            set_triangles(mesh, shapes.triangles[shown[shapes.owners][shapes.triangles[:, 0]]])
            actor.SetVisibility(bool(shown.any()))

    def vertex_colours(self) -> np.ndarray:
        """Colours of the scalp's vertices, uint8 (n, 3): the field, fading to skin away from electrodes."""
        theme = THEMES[self._look.theme]
        skin = np.array(theme.skin, dtype=np.float32)
        shown, vertices = self._field, self.geometry.surface.vertices_m
        if shown is None or not self._look.surface or not np.isfinite(shown.values).any():
            return np.tile(skin.astype(np.uint8), (len(vertices), 1))
        values = self.geometry.interpolate(shown.values)
        colours = colours_of(values, shown.limits, shown.colour_map)
        share = self.geometry.interpolate.visibility[:, None]
        return np.rint(skin + share * (colours - skin)).astype(np.uint8)

    def resize(self, size: tuple[int, int]) -> None:
        """Change the picture's width and height in pixels."""
        self._window.SetSize(max(size[0], 16), max(size[1], 16))

    def image(self, smooth: bool = False) -> np.ndarray:
        """Draw and read the picture.

        Parameters
        ----------
        smooth : bool
            Draw at twice the size and average, for smooth edges.

        Returns
        -------
        ndarray (height, width, 3) uint8
        """
        size = self.size
        self._aim()  # for this size: at twice the size the margins are other shares of the picture
        if smooth:
            self._window.SetSize(2 * size[0], 2 * size[1])
        try:
            picture = Image.fromarray(self._render())
        finally:
            if smooth:
                self._window.SetSize(*size)
        if smooth:
            picture = picture.resize(size, Image.Resampling.BOX)
        self._write_on(picture)
        return np.asarray(picture)

    def draw(self, shown: HeadField, size: tuple[int, int], look: Look, smooth: bool = False) -> np.ndarray:
        """Set what is shown, as far as it differs, and draw it; see :meth:`image`."""
        if size != self.size:
            self.resize(size)
        if shown is not self._field or look != self._look:
            self.set_field(shown, look)
        return self.image(smooth)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = self._window.GetSize()
        return int(width), int(height)

    def _margins(self) -> tuple[int, int, int]:
        """Pixels kept free of the head: on the right for the colour bar, above for the title, below."""
        width, _ = self.size
        bar = colour_bar_width(self._letters_px) if self._field else 0
        if not (self._look.lettering and self._field):
            return bar, 0, 0
        foot = caption_height(self._field.caption, width, self._caption_px) + self._letters_px
        return bar, round(2.4 * self._letters_px), foot

    @property
    def _letters_px(self) -> int:
        width, height = self.size
        return round(np.clip(min(width, height) / 44, 11 * self._look.scale, 26 * self._look.scale))

    @property
    def _caption_px(self) -> int:
        return round(0.85 * self._letters_px)

    def _aim(self) -> None:
        """Place the camera so that the head fits into what the margins leave."""
        width, height = self.size
        right, top, bottom = self._margins()
        free_width, free_height = max(width - right, 16), max(height - top - bottom, 16)
        half_m = (1.12 if top else 1.0) * HALF_SIZE_M * height / min(free_width, free_height)
        position, up = self.camera.place()
        view = self._renderer.GetActiveCamera()
        view.SetPosition(*position)
        view.SetFocalPoint(*FOCUS_M)
        view.SetViewUp(*up)
        view.SetViewAngle(float(np.degrees(2 * np.arctan(half_m / DISTANCE_M / self.camera.zoom))))
        view.SetWindowCenter(right / width, (top - bottom) / height)
        self._renderer.ResetCameraClippingRange()

    def _render(self) -> np.ndarray:
        self._scalp.light(self.camera)
        if self._cortex is not None:
            self._cortex.light(self.camera)
        self._window.Render()  # pixels that are read without it may be those of the frame before
        width, height = self.size
        pixels = vtkUnsignedCharArray()
        self._window.GetPixelData(0, 0, width - 1, height - 1, 1, pixels, 0)
        return vtk_to_numpy(pixels).reshape(height, width, 3)[::-1].copy()

    def _on_screen(self, points_m: np.ndarray, normals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels (n, 2) of points and whether they face the viewer (n,)."""
        self._aim()
        width, height = self.size
        view = self._renderer.GetActiveCamera()
        composite = view.GetCompositeProjectionTransformMatrix(width / height, -1.0, 1.0)
        matrix = np.array(composite.GetData()).reshape(4, 4)
        clip = np.column_stack([points_m, np.ones(len(points_m))]) @ matrix.T
        flat = clip[:, :2] / clip[:, 3:]
        pixels = (flat * [0.5, -0.5] + 0.5) * [width, height]
        towards = np.array(view.GetPosition()) - points_m
        facing = np.einsum("ij,ij->i", towards, normals) / np.linalg.norm(towards, axis=1)
        return pixels, facing > 0.12

    def pixel_positions(self) -> tuple[np.ndarray, np.ndarray]:
        """Where channels are in the picture: pixels (n, 2) from its top left, and which are in view."""
        electrodes = self.geometry.electrodes
        return self._on_screen(electrodes.points_m, electrodes.normals)

    def pick(self, x: float, y: float) -> str | None:
        """The channel drawn at a pixel, one that is removed too, or None."""
        labels, (pixels, visible) = self.geometry.montage.labels, self.pixel_positions()
        if self._hollow is not None:
            removed, landing, _ = self._hollow
            more, seen = self._on_screen(landing.points_m, landing.normals)
            labels += removed.labels
            pixels, visible = np.concatenate([pixels, more]), np.concatenate([visible, seen])
        distance = np.where(visible, np.linalg.norm(pixels - [x, y], axis=1), np.inf)
        nearest = int(np.argmin(distance))
        reach_px = max(1.3 * self._px(self.geometry.disc_radius_m), 7 * self._look.scale)
        return labels[nearest] if distance[nearest] <= reach_px else None

    def _px(self, length_m: float) -> float:
        """Pixels that a length takes in the middle of the head."""
        half_m = np.tan(np.radians(self._renderer.GetActiveCamera().GetViewAngle() / 2)) * DISTANCE_M
        return float(length_m / half_m * self.size[1] / 2)

    def _write_on(self, picture: Image.Image) -> None:
        shown, look, size_px = self._field, self._look, self._letters_px
        theme = THEMES[look.theme]
        draw = ImageDraw.Draw(picture)
        sides = np.array(list(_SIDES_M.values()))
        pixels, _ = self._on_screen(sides, sides)
        if abs(pixels[1, 0] - pixels[0, 0]) > 0.75 * self._px(0.2):  # not where they would lie on the face
            for letter, at in zip(_SIDES_M, pixels, strict=True):
                draw.text(tuple(at), letter, theme.faint, font(size_px, bold=True), anchor="mm")
        if shown is None:
            return
        if look.names:
            pixels, visible = self.pixel_positions()
            names = draw_names(
                picture.size,
                shown.labels,
                pixels,
                1.9 * self._px(self.geometry.disc_radius_m),
                round(0.85 * size_px),
                visible,
            )
            picture.paste(names, (0, 0), names)
        if self._target is not None:
            at, visible = self._on_screen(self._target.points_m, self._target.normals)
            if visible[0]:
                draw_crosshair(draw, at[0], self._px(self.geometry.disc_radius_m), theme)
        right, top, bottom = self._margins()
        middle, half = (picture.height + top - bottom) // 2, round(0.3 * (picture.height - top - bottom))
        left = picture.width - right
        box = (left, middle - half, left + right, middle + half)
        draw_colour_bar(picture, box, shown, size_px, theme)
        draw_range(picture, box, shown, size_px, theme)
        if look.lettering:
            draw.text((size_px, 0.7 * size_px), shown.title, theme.ink, font(round(1.5 * size_px), bold=True))
            draw_caption(picture, shown.caption, self._caption_px, theme)

    def close(self) -> None:
        """Free everything that belongs to the graphics library; more than once is fine."""
        self._window.Finalize()
