"""The diagram of a cell at one time step: wires and gates in the colour of their value, which is written on them."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair
import numpy as np

from rnnviz.cells import wiring as wiring_of
from rnnviz.cells.diagram import BOX, BOX_HIGH, HEIGHT, PORT, PORT_HIGH, RADIUS, Part, Point, Wire, Wiring
from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns, Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit.png import data_url
from rnnviz.charts.scales import COLOURS, GATE, Scale, palette
from rnnviz.core.arithmetic import enough, total
from rnnviz.core.names import number

SIGNED = Scale("blueorange", -1.0, 1.0, "≤ −1", "≥ 1")
_TABLES = ("wires", "heads", "dots", "parts", "labels", "legends")
_HALF = {"port": (PORT, PORT_HIGH), "gate": (BOX, BOX_HIGH), "box": (BOX, BOX_HIGH)}
_LEGENDS = 22  # pixels below the diagram for its legends
_GROWTH = "clamp(width / 650, 0.52, 1.5)"
_NEUTRAL = "#b4bdc6"  # of parts that stand for no single number
_DARK, _PALE = "#1c2733", "#f4f6f8"  # writing on a part, whichever can be read there
_NAME, _VALUE, _LABEL = 14, 15, 14  # pixels, letters
_DIGITS, _MOST_DIGITS = 2, 4  # after the point
_LONGEST = 7  # characters of a token that fit into its port
_PLAIN: dict[str, Any] = {"tooltip": None, "aria": False}


def diagram(
    kind: str, cell: str, values: Mapping[str, float], words: Mapping[str, str], names: Mapping[str, str] | None = None
) -> Drawing:
    """The diagram of one cell.

    kind:     as `Cell.kind` gives it, such as "gru-after".
    cell:     its name for those who cannot see it.
    values:   the value of every wire and part by its name.
    words:    what stands in a part instead of a number, such as the token that is read.
    names:    other symbols than the usual, such as "hₜ₊₁" for "hₜ₋₁".
    """
    wiring = wiring_of(kind)
    shown = {name: number(value, _digits(wiring, values, name)) for name, value in values.items()}
    shown |= {name: _shortened(word) for name, word in words.items()}
    tables = {
        "wires": _wires(wiring, values),
        "heads": _heads(wiring),
        "dots": {"across": [x for x, _ in wiring.dots], "down": [y for _, y in wiring.dots]},
        "parts": _parts(wiring.parts, values, shown, names or {}),
        "labels": _labels(wiring, shown),
        "legends": _legends([SIGNED, GATE] if any(wire.gate for wire in wiring.wires) else [SIGNED]),
    }
    about = f"Diagram: one time step of the {cell}, every wire and gate in the colour of its value."
    return Drawing(_structure(wiring.frame), tables, about)


def _wires(wiring: Wiring, values: Mapping[str, float]) -> Columns:
    rows = [
        (*point, wire, place, *_ink_of(one, values))
        for wire, one in enumerate(wiring.wires)
        for place, point in enumerate(one.path)
    ]  # fmt: skip
    names = ("across", "pixels", "growing", "down", "wire", "place", "colour", "opacity")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def _ink_of(one: Wire, values: Mapping[str, float]) -> tuple[str, float]:
    """Colour and opacity of a wire."""
    return (_colour(values[one.value], one.gate), 1.0) if one.value else (theme.INK, 0.45)


def _heads(wiring: Wiring) -> Columns:
    """An arrow's head at the end of a wire, pointing where it goes."""
    ends = [(one.path[-2], one.path[-1]) for one in wiring.wires if one.arrow]
    return {**_columns([end for _, end in ends]), "angle": [_angle(start, end) for start, end in ends]}


def _angle(start: Point, end: Point) -> int:
    """Degrees from upwards, clockwise."""
    if start[0] != end[0]:
        return 90 if start[0] < end[0] else 270
    return 180 if start[3] < end[3] else 0


def _columns(points: Sequence[Point]) -> dict[str, list[float]]:
    return {name: [point[i] for point in points] for i, name in enumerate(("across", "pixels", "growing", "down"))}


def _digits(wiring: Wiring, values: Mapping[str, float], name: str) -> int:
    """The digits of a value: two, of the terms of the sum as many as it takes for the shown ones to add up."""
    result, terms = wiring.sum
    if name not in terms:
        return _DIGITS
    return min(_MOST_DIGITS, enough([values[term] for term in terms], values[result], _DIGITS, total))


def _parts(
    parts: Sequence[Part], values: Mapping[str, float], shown: Mapping[str, str], names: Mapping[str, str]
) -> Columns:
    halves = [_HALF.get(part.kind, (0, 0)) for part in parts]
    fills = [_fill(part, values) for part in parts]
    return {
        "across": [part.across for part in parts],
        "down": [part.down for part in parts],
        "half": [half for half, _ in halves],
        "top": [part.down - high for part, (_, high) in zip(parts, halves, strict=True)],
        "bottom": [part.down + high for part, (_, high) in zip(parts, halves, strict=True)],
        "fill": fills,
        "ink": [_ink(fill) for fill in fills],
        "round": [0.0 if part.kind == "sign" else 1.0 for part in parts],
        "name": [names.get(part.name, part.name) for part in parts],
        "long": [names.get(part.name, part.long or part.name) for part in parts],
        "value": [shown.get(part.value, "") for part in parts],
        "raised": [part.down - (0 if part.kind == "sign" else 9) for part in parts],
        "lowered": [part.down + 11 for part in parts],
    }


def _shortened(word: str) -> str:
    return word if len(word) <= _LONGEST else word[: _LONGEST - 1] + "…"


def _colour(value: float, gate: bool) -> str:
    scale = GATE if gate else SIGNED
    red, green, blue = palette(scale.scheme)[min(int(scale.indices(np.array(value))), COLOURS - 1)]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _fill(part: Part, values: Mapping[str, float]) -> str:
    return _colour(values[part.value], part.kind == "gate") if part.value in values else _NEUTRAL


def _ink(fill: str) -> str:
    """Writing that can be read on a colour, by its luminance."""
    red, green, blue = bytes.fromhex(fill[1:])
    return _DARK if 0.299 * red + 0.587 * green + 0.114 * blue > 125 else _PALE


def _labels(wiring: Wiring, shown: Mapping[str, str]) -> Columns:
    placed = [(one.label, shown[one.value]) for one in wiring.wires if one.label is not None]
    return {**_columns([place for place, _ in placed]), "value": [text for _, text in placed]}


def _legends(scales: Sequence[Scale]) -> Columns:
    """A bar of colours for each scale, with what its ends stand for."""
    middle = HEIGHT + _LEGENDS / 2 + 2
    return {
        "across": [28, 72] if len(scales) == 2 else [50],
        "top": [middle - 5] * len(scales),
        "bottom": [middle + 5] * len(scales),
        "middle": [middle] * len(scales),
        "low": [one.low_name for one in scales],
        "high": [one.high_name for one in scales],
        "url": [data_url(np.linspace(one.low, one.high, COLOURS)[None, :], one) for one in scales],
    }


@kept_structure
def _structure(frame: tuple[float, float, float, float]) -> Structure:
    layers = [_frame(frame), *_paths(), _arrows(), _points(), *_shapes(), *_writing(), *_legend()]
    return structure(layers, _TABLES, HEIGHT + _LEGENDS)


def _across(growing: str = "datum.growing") -> Any:
    """Pixels from the left, of a row of a table."""
    return altair.value(altair.ExprRef(f"datum.across * width / 100 + datum.pixels + {growing} * {_GROWTH}"))


def _beside(side: str) -> Any:
    """The left (−) or right (+) edge of a part."""
    return altair.value(altair.ExprRef(f"datum.across * width / 100 {side} datum.half * {_GROWTH}"))


def _down(field: str) -> altair.Y:
    scale = altair.Scale(domain=[HEIGHT + _LEGENDS, 0], nice=False, zero=False)
    return altair.Y(field, type="quantitative", scale=scale, axis=None)


def _size(letters: int) -> altair.ExprRef:
    return altair.ExprRef(f"{letters} * clamp(width / 600, 0.8, 1.25)")


def _frame(frame: tuple[float, float, float, float]) -> altair.Chart:
    left, right, upper, lower = frame
    chart = altair.Chart(altair.NamedData("legends")).transform_aggregate(rows="count()")
    box = chart.mark_rect(
        cornerRadius=18, fill=theme.INK, fillOpacity=0.05, stroke=theme.INK, strokeOpacity=theme.FAINT, **_PLAIN
    )
    edges = {"y": altair.value(upper), "y2": altair.value(lower)}
    edges |= {
        "x": altair.value(altair.ExprRef(f"{left} * width / 100")),
        "x2": altair.value(altair.ExprRef(f"{right} * width / 100")),
    }
    return box.encode(**edges)


def _paths() -> list[altair.Chart]:
    """Every wire in its colour, on a darker line: pale colours would not be seen."""
    chart = altair.Chart(altair.NamedData("wires"))
    place = {"x": _across(), "y": _down("down"), "detail": "wire:N", "order": "place:Q"}
    round_ = {"strokeJoin": "round", "strokeCap": "round", **_PLAIN}
    opacity = altair.Opacity("opacity:Q", scale=None, legend=None)
    return [
        chart.mark_line(strokeWidth=7, color=theme.INK, opacity=0.45, **round_).encode(**place),
        chart.mark_line(strokeWidth=5, **round_).encode(
            **place, color=altair.Color("colour:N", scale=None), opacity=opacity
        ),
    ]


def _arrows() -> altair.Chart:
    chart = altair.Chart(altair.NamedData("heads"))
    head = chart.mark_point(shape="triangle", size=90, filled=True, color=theme.INK, opacity=1, **_PLAIN)
    return head.encode(x=_across(), y=_down("down"), angle=altair.Angle("angle:Q", scale=None))


def _points() -> altair.Chart:
    chart = altair.Chart(altair.NamedData("dots"))
    dot = chart.mark_point(shape="circle", size=65, filled=True, color=theme.INK, opacity=1, **_PLAIN)
    return dot.encode(x=altair.value(altair.ExprRef("datum.across * width / 100")), y=_down("down"))


def _shapes() -> list[altair.Chart]:
    """Boxes, and circles for signs."""
    chart = altair.Chart(altair.NamedData("parts"))
    edge = {"stroke": theme.INK, "strokeWidth": 1.5, "strokeOpacity": 0.6, **_PLAIN}
    fill = altair.Fill("fill:N", scale=None)
    box = chart.mark_rect(cornerRadius=6, **edge)
    circle = chart.mark_point(shape="circle", filled=True, opacity=1, size=3.14 * RADIUS**2, **edge)
    middle = altair.value(altair.ExprRef("datum.across * width / 100"))
    only = altair.Opacity("round:Q", scale=altair.Scale(domain=[0, 1], range=[1, 0]), legend=None)
    return [
        box.encode(x=_beside("-"), x2=_beside("+"), y=_down("top"), y2="bottom", fill=fill),
        circle.encode(x=middle, y=_down("down"), fill=fill, opacity=only),
    ]


def _writing() -> list[altair.Chart]:
    """What stands in the parts and beside the wires."""
    chart = altair.Chart(altair.NamedData("parts"))
    middle = altair.value(altair.ExprRef("datum.across * width / 100"))
    ink = altair.Color("ink:N", scale=None)
    name = chart.mark_text(baseline="middle", fontSize=_size(_NAME), fontWeight=600, **_PLAIN)
    value = chart.mark_text(baseline="middle", fontSize=_size(_VALUE), **_PLAIN)
    named = altair.value(altair.ExprRef("width < 560 ? datum.name : datum.long"))
    beside = altair.Chart(altair.NamedData("labels")).mark_text(
        align="left", baseline="middle", fontSize=_size(_LABEL), color=theme.INK, **_PLAIN
    )
    return [
        name.encode(x=middle, y=_down("raised"), text=named, color=ink),
        value.encode(x=middle, y=_down("lowered"), text="value:N", color=ink),
        beside.encode(x=_across(), y=_down("down"), text="value:N"),
    ]


def _legend() -> list[altair.Chart]:
    chart = altair.Chart(altair.NamedData("legends"))
    left = altair.value(altair.ExprRef("datum.across * width / 100 - 25"))
    right = altair.value(altair.ExprRef("datum.across * width / 100 + 25"))
    bar = chart.mark_image(aspect=False, **_PLAIN).encode(x=left, x2=right, y=_down("top"), y2="bottom", url="url:N")
    style = {"baseline": "middle", "fontSize": theme.NOTE, "color": theme.INK, "opacity": theme.SOFT, **_PLAIN}
    low = chart.mark_text(align="right", dx=-5, **style).encode(x=left, y=_down("middle"), text="low:N")
    high = chart.mark_text(align="left", dx=5, **style).encode(x=right, y=_down("middle"), text="high:N")
    return [bar, low, high]
