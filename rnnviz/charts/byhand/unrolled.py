"""A small network unrolled over its time steps: what flows forward, and the errors that flow back."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from rnnviz.byhand import BackwardPass, Contribution, ForwardPass, Step
from rnnviz.charts import theme
from rnnviz.charts.byhand.unrolled_view import HALF, Layout, structure_of
from rnnviz.charts.drawing import Columns, Drawing
from rnnviz.charts.scales import BOUNDED, FLOW, GATE, Scale, palette
from rnnviz.core.names import number

_EMPTY = "rgba(128,128,128,0.12)"  # of a box without a value
_DARK, _LIGHT = "#1c2733", "#f4f6f8"  # numbers on a bright and on a dark box
_THIN, _BOLD = 1.5, 2.5  # pixels, wires
_THICKEST = 6.0  # pixels, the arrow of a large gradient
_APART = 0.09  # of a time step, between a wire and what is written beside it
_AT_ANSWERS, _AT_STATES = ("W_hy", "b_y"), ("W_hh",)  # beside which wires a weight acts; at the lower one otherwise


def unrolled(vocabulary: str, first: np.ndarray, read: ForwardPass, at: int) -> Drawing:
    """The forward pass: letters read, hidden states, probabilities, predictions and losses, from left to right.

    vocabulary: the V letters, in the order of the probabilities.
    first:      (H,) the state before the first letter.
    read:       the numbers (see `byhand.forward`).
    at:         the time step that is looked at, from 0.
    """
    layout = Layout(len(read.steps), len(first), len(vocabulary))
    boxes = [_boxes(layout, 0, layout.states, first, BOUNDED)]
    for t, step in enumerate(read.steps, 1):
        boxes.append(_boxes(layout, t, layout.states, step.h, BOUNDED))
        boxes.append(_boxes(layout, t, layout.answers, step.p, GATE, step.wanted))
    wires = [(*ends, theme.INK, _THIN, 0.45) for ends in layout.forward]
    wires += [(*ends, theme.INK, _BOLD, 1.0) for ends in layout.into(at + 1)]
    tables = _tables(layout, vocabulary, read, at, boxes, wires) | {"shares": _shares(layout, (), "")}
    shown = (
        f"the letters read, {layout.units} hidden units, the probabilities of {layout.letters} letters and the losses"
    )
    return Drawing(
        structure_of(layout), tables, f"Diagram: the network unrolled over {layout.times} time steps: {shown}."
    )


def unrolled_back(
    vocabulary: str, read: ForwardPass, back: BackwardPass, parts: Sequence[Contribution], part: str, at: int
) -> Drawing:
    """The way back: p − target and δ of every step, arrows by the size of the gradient, and one weight's gradient.

    back:  the errors (see `byhand.backward`).
    parts: what each time step adds to the gradient of the chosen weight; written where the weight acts.
    part:  the array that weight stands in.
    Other arguments as for `unrolled`.
    """
    units = len(back.steps[0].delta)
    layout = Layout(len(read.steps), units, len(vocabulary))
    boxes, wires = [_blank(layout, 0, layout.states)], []
    for t, (step, behind) in enumerate(zip(read.steps, back.steps, strict=True), 1):
        boxes.append(_boxes(layout, t, layout.states, behind.delta, BOUNDED))
        boxes.append(_boxes(layout, t, layout.answers, behind.dy, BOUNDED, step.wanted))
        flows = (behind.dy, behind.from_answer, behind.delta, behind.to_before)
        wires += [_flow(ends, flow) for ends, flow in zip(layout.backward(t), flows, strict=True)]
    shares = _shares(layout, [one.value for one in parts], part)
    tables = _tables(layout, vocabulary, read, at, boxes, wires) | {"shares": shares}
    shown = f"errors of {layout.units} hidden units and {layout.letters} letters, arrows by the size of the gradient"
    about = f"Diagram: the way back through {layout.times} time steps with {shown}."
    return Drawing(structure_of(layout), tables, about)


def _tables(
    layout: Layout,
    vocabulary: str,
    read: ForwardPass,
    at: int,
    boxes: list[dict[str, list[Any]]],
    wires: list[tuple[Any, ...]],
) -> dict[str, Columns]:
    """What both pictures have in common."""
    return {
        "chosen": _chosen(layout, at),
        "wires": _wires(wires),
        "heads": _heads(wires),
        "boxes": _joined(boxes),
        "texts": _texts(layout, vocabulary, read.steps),
        "names": _names(layout),
    }


def _flow(ends: tuple[float, float, float, float], gradient: np.ndarray) -> tuple[Any, ...]:
    """A wire as thick and bright as the gradient that flows along it."""
    size = np.log10(max(float(np.linalg.norm(gradient)), 1e-30))
    share = float(np.clip((size - FLOW.low) / (FLOW.high - FLOW.low), 0.0, 1.0))
    return (*ends, _colours(FLOW, np.array([size]))[0], _THIN + (_THICKEST - _THIN) * share, 1.0)


def _boxes(
    layout: Layout, t: int, tops: Sequence[float], values: np.ndarray, scale: Scale, marked: Iterable[float] = ()
) -> dict[str, list[Any]]:
    """A column of boxes, one for each value; those with a 1 in `marked` have a frame."""
    fills = _colours(scale, values)
    frames = list(marked) or [0.0] * len(values)
    return {
        **_sides(layout, t, tops),
        "fill": fills,
        "frame": [2.5 * frame for frame in frames],
        "number": [number(float(value)) for value in values],
        "ink": [_ink(fill) for fill in fills],
    }


def _blank(layout: Layout, t: int, tops: Sequence[float]) -> dict[str, list[Any]]:
    many = len(tops)
    empty: dict[str, list[Any]] = {
        "fill": [_EMPTY] * many,
        "frame": [0.0] * many,
        "number": [""] * many,
        "ink": [_DARK] * many,
    }
    return {**_sides(layout, t, tops), **empty}


def _sides(layout: Layout, t: int, tops: Sequence[float]) -> dict[str, list[Any]]:
    many = len(tops)
    return {
        "left": [t - HALF] * many,
        "right": [t + HALF] * many,
        "top": list(tops),
        "bottom": [top + layout.box for top in tops],
        "x": [float(t)] * many,
        "y": [top + layout.box / 2 for top in tops],
    }


def _texts(layout: Layout, vocabulary: str, steps: Sequence[Step]) -> Columns:
    """What is written in the rows of letters and losses, and on their left what they are."""
    found = [(0.0, y, name, 0) for y, name in layout.rows]
    found += [(0.0, top + layout.box / 2, letter, 1) for top, letter in zip(layout.answers, vocabulary, strict=True)]
    for t, step in enumerate(steps, 1):
        said = f"{step.said} {'✓' if step.right else '✗'}"
        texts = (number(step.loss), step.target, said, step.letter)
        found += [(float(t), y, text, 1) for (y, _), text in zip(layout.rows, texts, strict=True)]
    x, y, text, strong = zip(*found, strict=True)
    return {"x": x, "y": y, "text": text, "opacity": [1.0 if one else theme.SOFT for one in strong]}


def _names(layout: Layout) -> Columns:
    """The names of the three matrices, at the first wires that carry them, and of the first state."""
    return {
        "x": [1 - _APART, 0.5, 1 - _APART, 0.0],
        "y": [layout.upper, layout.states[0] - 10, layout.lower, layout.below],
        "name": ["W_hy", "W_hh", "W_xh", "h_0"],
        "shift": [-0.5, 0.0, -0.5, 0.0],
    }


def _shares(layout: Layout, values: Sequence[float], part: str) -> Columns:
    """What each time step adds to a gradient, written where the weight acts."""
    sideways = part in _AT_STATES
    row = layout.upper if part in _AT_ANSWERS else layout.below if sideways else layout.lower
    return {
        "x": [t + 1 - (0.5 if sideways else -_APART) for t in range(len(values))],
        "y": [row] * len(values),
        "share": [f"{value:+.3f}".replace("-", "−") for value in values],
        "shift": [0.0 if sideways else 0.5] * len(values),
    }


def _chosen(layout: Layout, at: int) -> Columns:
    return {"left": [at + 0.5], "right": [at + 1.5], "top": [0.0], "bottom": [float(layout.height)]}


def _wires(wires: Sequence[tuple[Any, ...]]) -> Columns:
    names = ("x", "y", "x2", "y2", "colour", "width", "opacity")
    columns = dict(zip(names, map(list, zip(*wires, strict=True)), strict=True))
    return {**columns, "casing": [width + 1.5 for width in columns["width"]]}


def _heads(wires: Sequence[tuple[Any, ...]]) -> Columns:
    """An arrow's head at the end of each wire."""
    shapes = [_head(wire) for wire in wires]
    return {
        "x": [wire[2] for wire in wires],
        "y": [wire[3] for wire in wires],
        "shape": shapes,
        "colour": [wire[4] for wire in wires],
        "size": [30 + 22 * wire[5] for wire in wires],
        "opacity": [wire[6] for wire in wires],
    }


def _head(wire: tuple[Any, ...]) -> str:
    x, y, x2, y2 = wire[:4]
    if y == y2:
        return "triangle-right" if x2 > x else "triangle-left"
    return "triangle-down" if y2 > y else "triangle-up"


def _joined(tables: Sequence[dict[str, list[Any]]]) -> Columns:
    return {name: [value for table in tables for value in table[name]] for name in tables[-1]}


def _colours(scale: Scale, values: np.ndarray) -> list[str]:
    shades = palette(scale.scheme)[scale.indices(values)]
    return ["#" + bytes(shade).hex() for shade in shades]


def _ink(fill: str) -> str:
    """What can be read on a colour."""
    red, green, blue = bytes.fromhex(fill[1:])
    return _DARK if 0.299 * red + 0.587 * green + 0.114 * blue > 120 else _LIGHT
