"""Heatmaps as pictures: rasters one below the other in a single view.

A single view follows the width of its container down to a phone, which facets do not. Its y axis counts pixels, so each
raster has a range of its own; a picture updates about ten times as fast as one mark for each cell.
"""

import dataclasses
import functools
import zlib
from collections.abc import Sequence
from typing import Any

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns, Drawing, Pictures, Structure, kept_structure, structure
from rnnviz.charts.kit import halves, marks
from rnnviz.charts.kit.png import data_url
from rnnviz.charts.kit.tokens import ROW_HEIGHT, Tokens, place, token_table
from rnnviz.charts.scales import COLOURS, Scale

NO_TOKENS = place(())
_HEADING = 24  # pixels above a raster, for its name and legend
_GAP = 6  # pixels below a raster
_TARGET, _TALLEST = 96, 128  # pixels, height of a raster
_MOST_COLUMNS = 256  # a phone has no pixel for each of more
_SWATCH = 17  # pixels from a coloured square to the name behind it
_BAR_WIDTH, _BAR_HEIGHT = 52, 9  # pixels, colour bar of a legend
_LETTER, _SPACE = 6.4, 5  # pixels, a letter of a legend and the space beside the bar
_PLAIN: dict[str, Any] = {
    "tooltip": None,
    "aria": False,
    "clip": True,
}  # a picture has no value to point at or to read out
_TABLES = ("pictures", "headings", "legends", "tokens")
_BETWEEN = "between"  # the table of the rules across rasters


@dataclasses.dataclass(frozen=True)
class Band:
    """One raster's place in the stack.

    legend: whether a colour bar stands above its right end.
    roomy:  whether that and the remark have a row of their own below the name, as in a narrow column.
    """

    scale: Scale
    height: int
    colour: str = theme.INK
    legend: bool = True
    roomy: bool = False

    @property
    def heading(self) -> int:
        """Pixels above the raster."""
        return _HEADING + (theme.ROW if self.roomy else 0)


@dataclasses.dataclass(frozen=True)
class Layout:
    """Everything about a stack of rasters that stays the same while a run goes on.

    low, high: what the left and the right edge stand for on the x axis.
    ends:      what stands left of the top and the bottom row of every raster; empty for nothing.
    margin:    pixels left of the rasters.
    crisp:     whether the browser may show each cell as a sharp rectangle; otherwise it averages neighbours.
    read:      time steps across that are read, before those that are written; 0 where there is no such boundary.
    written:   the share of every raster, from the top, that is written, above what is read; 0 for no such boundary.
    marked:    what is said of the one time step that is marked across all rasters; "" where none is.
    """

    bands: tuple[Band, ...]
    low: float
    high: float
    x_title: str
    tokens: Tokens = NO_TOKENS
    ends: tuple[str, str] | tuple[()] = ()
    crisp: bool = True
    margin: int = theme.MARGIN
    read: int = 0
    written: float = 0.0
    marked: str = ""

    @functools.cached_property
    def places(self) -> list[tuple[float, int, int]]:
        """For each band the pixels from the top of the chart: middle of its heading, its top, its bottom."""
        places, y = [], 0
        for band in self.bands:
            top = y + band.heading
            places.append((y + _HEADING / 2, top, top + band.height))
            y = top + band.height + _GAP
        return places

    @property
    def remarks(self) -> list[float]:
        """For each band the pixels from the top of the chart to the middle of its legend and its remark."""
        pairs = zip(self.bands, self.places, strict=True)
        return [top - theme.ROW / 2 - 1 if band.roomy else middle for band, (middle, top, _) in pairs]

    @property
    def height(self) -> int:
        """Pixels of all bands and of the tokens below them."""
        return self.words + (ROW_HEIGHT if self.read or self.marked else 0) + 2

    @property
    def words(self) -> int:
        """Pixels from the top of the chart to the end of the tokens, below which the names of the halves stand."""
        return self.places[-1][2] + self.tokens.rows * ROW_HEIGHT

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that a stack of this layout has."""
        further = {halves.TABLE: self.read, _BETWEEN: self.written, marks.TABLE: self.marked}
        return (*_TABLES, *(name for name, there in further.items() if there))


def band_height(rows: int) -> int:
    """Pixels for a raster of so many rows: whole pixels per row where they fit."""
    return min(_TALLEST, rows * max(1, round(_TARGET / rows)))


def is_crisp(rows: int, columns: int) -> bool:
    """Whether a raster has few enough cells for each to get its own pixels."""
    return rows <= _TALLEST and columns <= _MOST_COLUMNS


def stack(
    layout: Layout,
    titles: Sequence[str],
    values: Sequence[np.ndarray],
    alt: str,
    notes: Sequence[str] = (),
    mark: int = 1,
) -> Drawing:
    """One raster for each of `values` (row, column), first row on top, under its title.

    notes: a remark for each, shown where the band is roomy; none if empty.
    mark:  the time step, from 1, that is marked.
    """
    tables: dict[str, Columns] = {
        "pictures": _picture_table(layout, values),
        "headings": {
            "middle": [middle for middle, _, _ in layout.places],
            "title": list(titles),
            "colour": [band.colour for band in layout.bands],
            "swatch": ["■ " if band.colour != theme.INK else "" for band in layout.bands],
            "start": [_SWATCH if band.colour != theme.INK else 0 for band in layout.bands],
            "below": layout.remarks,
            "note": [*notes] or [""] * len(layout.bands),
        },
        "legends": _legend_table(layout),
        "tokens": token_table(layout.tokens, layout.places[-1][2]),
    }
    spans = [(top, bottom) for _, top, bottom in layout.places]
    if layout.read:
        tables[halves.TABLE] = halves.table(layout.read, [*spans, (layout.words, layout.words + ROW_HEIGHT)])
    if layout.written:
        tables[_BETWEEN] = {"middle": [top + layout.written * (bottom - top) for _, top, bottom in layout.places]}
    if layout.marked:
        tables[marks.TABLE] = marks.table(mark, layout.high, spans, layout.marked)
    filled = sum(int(np.count_nonzero(~np.isnan(array))) for array in values)
    return Drawing(_structure(layout), tables, alt, Pictures("pictures", filled))


def _picture_table(layout: Layout, values: Sequence[np.ndarray]) -> Columns:
    upscale = 1 if layout.crisp else 4  # by whole pixels, so that smoothing keeps the cells apart
    pairs = zip(layout.bands, values, strict=True)
    urls = [data_url(array, band.scale, upscale) for band, array in pairs]
    return {
        "top": [top for _, top, _ in layout.places],
        "bottom": [bottom for _, _, bottom in layout.places],
        "url": urls,
        "key": [f"{place} {zlib.crc32(url.encode())}" for place, url in enumerate(urls)],
        "order": [1] * len(urls),
    }


def _legend_table(layout: Layout) -> Columns:
    pairs = zip(layout.remarks, layout.bands, strict=True)
    shown = [(middle, band.scale) for middle, band in pairs if band.legend]
    ends = [_LETTER * len(scale.high_name) + _SPACE for _, scale in shown]
    return {
        "middle": [middle for middle, _ in shown],
        "top": [middle - _BAR_HEIGHT / 2 for middle, _ in shown],
        "bottom": [middle + _BAR_HEIGHT / 2 for middle, _ in shown],
        "end": ends,  # pixels from the right edge of the chart, as is `start`
        "start": [end + _BAR_WIDTH for end in ends],
        "low": [scale.low_name for _, scale in shown],
        "high": [scale.high_name for _, scale in shown],
        "url": [_bar(scale) for _, scale in shown],
    }


@functools.cache
def _bar(scale: Scale) -> str:
    return data_url(np.linspace(scale.low, scale.high, COLOURS)[None, :], scale)


@kept_structure
def _structure(layout: Layout) -> Structure:
    layers = [_pictures(layout), *_headings(layout), *_legends(layout), _tokens(layout)]
    if layout.read:
        words = altair.value(layout.words + ROW_HEIGHT / 2)
        layers += halves.layers(altair.X("at", **_x(layout)), words, _y("top", layout))
    if layout.written:
        layers += halves.across(altair.Chart(altair.NamedData(_BETWEEN)), y=_y("middle", layout))
    if layout.marked:
        layers += marks.layers(altair.X("at", **_x(layout)), _y("top", layout), layout.words + ROW_HEIGHT / 2)
    return structure(layers, layout.tables, layout.height)


def _pictures(layout: Layout) -> altair.Chart:
    chart = altair.Chart(altair.NamedData("pictures")).mark_image(aspect=False, smooth=not layout.crisp, **_PLAIN)
    left, right = altair.XDatum(layout.low, **_x(layout)), altair.X2Datum(layout.high)
    place = chart.encode(x=left, x2=right, y=_y("top", layout), y2="bottom", url="url:N")
    return place.encode(key="key:N", order="order:Q")  # see `Pictures`


def _headings(layout: Layout) -> list[altair.Chart]:
    chart = altair.Chart(altair.NamedData("headings"))
    style = {"align": "left", "baseline": "middle", "limit": altair.ExprRef("width"), **_PLAIN}
    name = {"fontSize": theme.HEADING, "fontWeight": 600, **style}
    y, colour = _y("middle", layout), altair.Color("colour:N", scale=None)
    start = altair.value(altair.ExprRef("datum.start"))
    # The name itself is not coloured: blue on a dark page could not be read.
    layers = [
        chart.mark_text(**name).encode(x=altair.value(0), y=y, text="swatch:N", color=colour),
        chart.mark_text(color=theme.INK, **name).encode(x=start, y=y, text="title:N"),
    ]
    if any(band.roomy for band in layout.bands):
        beside = {**style, "limit": altair.ExprRef(f"max(1, width - {_BAR_WIDTH + 40})")}
        note = chart.mark_text(fontSize=theme.NOTE, color=theme.INK, opacity=theme.SOFT, **beside)
        layers.append(note.encode(x=altair.value(0), y=_y("below", layout), text="note:N"))
    return layers


def _legends(layout: Layout) -> list[altair.Chart]:
    chart = altair.Chart(altair.NamedData("legends"))
    bar = chart.mark_image(aspect=False, **_PLAIN)
    left, right = _from_right("datum.start"), _from_right("datum.end")
    return [
        bar.encode(x=left, x2=right, y=_y("top", layout), y2="bottom", url="url:N", key="top:Q"),
        _name(chart, "right", layout).encode(x=_from_right(f"datum.start + {_SPACE}"), text="low:N"),
        _name(chart, "left", layout).encode(x=_from_right(f"datum.end - {_SPACE}"), text="high:N"),
    ]


def _name(chart: altair.Chart, align: Any, layout: Layout) -> altair.Chart:
    ink = {"color": theme.INK, "opacity": theme.SOFT, **_PLAIN}
    text = chart.mark_text(align=align, baseline="middle", fontSize=theme.NOTE, **ink)
    return text.encode(y=_y("middle", layout))


def _tokens(layout: Layout) -> altair.Chart:
    chart = altair.Chart(altair.NamedData("tokens"))
    size = altair.ExprRef(layout.tokens.font_size)
    font = "monospace" if layout.tokens.letters else altair.Undefined
    plain = {**_PLAIN, "clip": False}  # the first and the last may stand out a little
    text = chart.mark_text(baseline="middle", fontSize=size, font=font, color=theme.INK, **plain)
    return text.encode(x=altair.X("time:Q", **_x(layout)), y=_y("middle", layout), text="token:N")


def _from_right(pixels: str) -> Any:
    return altair.value(altair.ExprRef(f"width - ({pixels})"))


def _x(layout: Layout) -> dict[str, Any]:
    scale = altair.Scale(domain=[layout.low, layout.high], nice=False, zero=False)
    axis = altair.Axis(title=layout.x_title, grid=False, format="d", tickMinStep=1, **theme.AXIS)
    return {"scale": scale, "axis": axis, "type": "quantitative"}


def _y(field: str, layout: Layout) -> altair.Y:
    """Pixels from the top, the same for every layer."""
    scale = altair.Scale(domain=[layout.height, 0], nice=False, zero=False)
    return altair.Y(field, type="quantitative", scale=scale, axis=_ends_axis(layout), title=None)


def _ends_axis(layout: Layout) -> altair.Axis | None:
    if not layout.ends:
        return None
    tops = [top + 6 for _, top, _ in layout.places]
    bottoms = [bottom - 6 for _, _, bottom in layout.places]
    label = f"indexof({tops}, datum.value) < 0 ? '{layout.ends[1]}' : '{layout.ends[0]}'"
    extent = {"minExtent": layout.margin, "maxExtent": layout.margin}
    return altair.Axis(values=tops + bottoms, labelExpr=label, labelOverlap=False, grid=False, **extent, **theme.AXIS)
