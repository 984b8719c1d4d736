"""A beam search as a tree: every output step across, the hypotheses by rank down, and the paths that matter."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns, Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import legends
from rnnviz.charts.kit.legends import ACCENT, PLAIN_MARK, SECOND, Sign
from rnnviz.charts.kit.symbols import SIZE, longest, symbol_label
from rnnviz.core.names import number, percent

_TABLES = ("edges", "nodes", "steps", "key")
_KEYS, _ROW, _BOX, _FOOT = 42, 52, 36, 40  # pixels: two rows of signs, a rank, a box, the numbers of the steps
_HALVES = (0.3, 0.41)  # of a step, half the width of a box: of a character, of a word
_FEW = 3  # letters of what counts as a character
_LEAST = 9  # pixels, letters of a symbol
_EM = 0.58  # of the size of letters, the width of one
_WIDEST = 120  # pixels, a step
_NUMBERS, _MOST_NUMBERED = 42, 14  # pixels of a box that holds a number; steps beyond which none is written
_GONE = 0.5  # opacity of what was pruned
_SIGNS = (
    Sign("━━", ACCENT, "best in the end"),
    Sign("╍╍", SECOND, "greedy"),
    Sign("◎", ACCENT, "differs from greedy"),
    Sign("□", legends.PLAIN, "faint: pruned"),
)


@dataclasses.dataclass(frozen=True)
class BeamNode:
    """One hypothesis of a beam search after one more symbol.

    id, parent:  parent is that of the hypothesis one symbol shorter; -1 for none.
    step, rank:  output step and place among the hypotheses of that step, both from 0.
    symbol:      the symbol written last.
    logp:        total log-probability.
    kept:        whether it stayed in the beam.
    winner:      whether it lies on the path that is best in the end.
    greedy:      whether it lies on the path of always writing the likeliest symbol.
    ended:       whether the output is over.
    probability: of the symbol after its parent; NaN if not known.
    """

    id: int
    parent: int
    step: int
    rank: int
    symbol: str
    logp: float
    kept: bool
    winner: bool = False
    greedy: bool = False
    ended: bool = False
    probability: float = float("nan")

    @property
    def differs(self) -> bool:
        """Whether the best path is not the greedy one here."""
        return self.winner and not self.greedy


@dataclasses.dataclass(frozen=True)
class Layout:
    """Output steps and ranks there is room for, letters of a symbol, and whether scores are written."""

    steps: int
    ranks: int
    letters: int

    @property
    def height(self) -> int:
        """Pixels of the whole."""
        return _KEYS + self.ranks * _ROW + _FOOT

    @property
    def half(self) -> float:
        """Half the width of a box, in steps."""
        return _HALVES[self.letters > _FEW]

    @property
    def step(self) -> str:
        """Pixels of a step, as an expression of the width."""
        return f"min({_WIDEST}, width / {self.steps})"

    @property
    def numbered(self) -> str:
        """Whether a box has room for its score."""
        return f"{2 * self.half} * {self.step} >= {_NUMBERS}" if self.steps <= _MOST_NUMBERED else "false"


def beam_tree(nodes: Sequence[BeamNode], steps: int = 0, ranks: int = 0, letters: int = 0) -> Drawing:
    """A beam search: boxes with the symbol and the total log-probability, joined to the hypotheses they go on from.

    The best path is thick, the greedy one dashed, what was pruned faint; where the best path is not the greedy one, a
    box has a second frame. The logarithms stand in the boxes where these are wide enough, and under the pointer.

    nodes: all hypotheses, in any order.
    steps, ranks, letters: what to keep room for; more if there is more.
    """
    layout = Layout(
        max([1, steps, *(node.step + 1 for node in nodes)]),
        max([1, ranks, *(node.rank + 1 for node in nodes)]),
        min(14, max(letters, longest([node.symbol for node in nodes]))),
    )
    tables = {
        "edges": _edges(nodes, layout.half),
        "nodes": _boxes(nodes, layout.half),
        "steps": {
            "step": list(range(layout.steps)),
            "name": [str(step + 1) for step in range(layout.steps)],
            "title": ["output position"] + [""] * (layout.steps - 1),
        },
        "key": legends.key_table(_SIGNS),
    }
    about = (
        "Diagram: the hypotheses of a beam search as a tree, output positions across, ranks down, with the best path."
    )
    return Drawing(_structure(layout), tables, about)


def _edges(nodes: Sequence[BeamNode], half: float) -> Columns:
    """An edge from each hypothesis to those that go on from it, the important ones last, so that they lie on top."""
    known = {node.id: node for node in nodes}
    rows = []
    for child in nodes:
        if (parent := known.get(child.parent)) is None:
            continue
        ends = (parent.step + half, _middle(parent.rank), child.step - half, _middle(child.rank))
        if child.winner and parent.winner:
            rows.append((1, *ends, ACCENT, 5.0, 1.0, False))
        if child.greedy and parent.greedy:
            rows.append((2, *ends, SECOND, 2.5, 1.0, True))
        if not (child.winner or child.greedy):
            rows.append((0, *ends, theme.INK, 1.25, 0.6 if child.kept else _GONE * 0.6, False))
    names = ("order", "x", "y", "x2", "y2", "colour", "width", "opacity", "dashed")
    return {name: [row[at] for row in sorted(rows, key=lambda row: row[0])] for at, name in enumerate(names)}


def _boxes(nodes: Sequence[BeamNode], half: float) -> Columns:
    middles = [_middle(node.rank) for node in nodes]
    kept = [node.kept or node.winner for node in nodes]
    return {
        "step": [node.step for node in nodes],
        "left": [node.step - half for node in nodes],
        "right": [node.step + half for node in nodes],
        "top": [middle - _BOX / 2 for middle in middles],
        "middle": middles,
        "bottom": [middle + _BOX / 2 for middle in middles],
        "symbol": [symbol_label(node.symbol) for node in nodes],
        "number": [_score(node.logp) for node in nodes],
        "probability": [percent(100 * node.probability) if np.isfinite(node.probability) else "–" for node in nodes],
        "fate": [_fate(node) for node in nodes],
        "colour": [ACCENT if node.winner else SECOND if node.greedy else theme.INK for node in nodes],
        "frame": [3.0 if node.winner else 2.25 if node.greedy else 1.0 for node in nodes],
        "fill": [0.16 if node.winner else 0.06 if node.kept else 0.0 for node in nodes],
        "opacity": [1.0 if one or node.greedy else _GONE for one, node in zip(kept, nodes, strict=True)],
        "ring": [1.0 if node.differs else 0.0 for node in nodes],
        "weight": [700 if node.winner else 500 for node in nodes],
    }


def _fate(node: BeamNode) -> str:
    if node.ended:
        return "ended"
    return "kept" if node.kept or node.winner else "pruned"


def _middle(rank: int) -> float:
    return _KEYS + (rank + 0.5) * _ROW


def _score(logp: float) -> str:
    return number(logp) if np.isfinite(logp) else "–"


@kept_structure
def _structure(layout: Layout) -> Structure:
    return structure([*_wires(layout), *_nodes(layout), *_steps(layout), *legends.key("key")], _TABLES, layout.height)


def _wires(layout: Layout) -> list[altair.Chart]:
    """Whole and dashed lines: a dash is no channel that a rule takes from its data."""
    ends = {"x": _at(layout, "datum.x"), "x2": _at(layout, "datum.x2"), "y": _y("y", layout), "y2": "y2"}
    seen = {
        "color": altair.Color("colour:N", scale=None, legend=None),
        "opacity": altair.Opacity("opacity:Q", scale=None, legend=None),
        "strokeWidth": altair.StrokeWidth("width:Q", scale=None, legend=None),
    }
    chart = altair.Chart(altair.NamedData("edges"))
    whole = chart.transform_filter("!datum.dashed").mark_rule(strokeCap="round", **PLAIN_MARK)
    dashed = chart.transform_filter("datum.dashed").mark_rule(strokeDash=[7, 5], **PLAIN_MARK)
    return [whole.encode(**ends, **seen), dashed.encode(**ends, **seen)]


def _nodes(layout: Layout) -> list[altair.Chart]:
    chart = altair.Chart(altair.NamedData("nodes"))
    sides = {"x": _at(layout, "datum.left"), "x2": _at(layout, "datum.right"), "y": _y("top", layout), "y2": "bottom"}
    opacity = altair.Opacity("opacity:Q", scale=None, legend=None)
    colour = altair.Stroke("colour:N", scale=None, legend=None)
    shown = [
        altair.Tooltip("symbol:N", title="symbol"),
        altair.Tooltip("probability:N", title="probability"),
        altair.Tooltip("number:N", title="log-probability of the whole"),
        altair.Tooltip("fate:N", title="and then"),
    ]
    box = chart.mark_rect(cornerRadius=5, aria=False).encode(
        **sides,
        stroke=colour,
        fill=altair.Fill("colour:N", scale=None, legend=None),
        fillOpacity=altair.FillOpacity("fill:Q", scale=None, legend=None),
        strokeWidth=altair.StrokeWidth("frame:Q", scale=None, legend=None),
        strokeOpacity=altair.StrokeOpacity("opacity:Q", scale=None, legend=None),
        tooltip=shown,
    )
    apart = {
        "x": _at(layout, "datum.left", " - 5"),
        "x2": _at(layout, "datum.right", " + 5"),
        "y": altair.value(altair.ExprRef("datum.top - 5")),
        "y2": altair.value(altair.ExprRef("datum.bottom + 5")),
    }
    ring = chart.mark_rect(filled=False, cornerRadius=9, strokeWidth=2, **PLAIN_MARK).encode(
        **apart, stroke=colour, strokeOpacity=altair.StrokeOpacity("ring:Q", scale=None, legend=None)
    )
    style = {"baseline": "middle", "color": theme.INK, **PLAIN_MARK}
    fits = f"{2 * layout.half} * {layout.step} / {max(1.2, layout.letters * _EM):.2f}"
    name = chart.mark_text(
        fontSize=altair.ExprRef(f"max({_LEAST}, min({SIZE + 3}, {fits}))"),
        fontWeight=altair.ExprRef("datum.weight"),
        dy=altair.ExprRef(f"{layout.numbered} ? -7 : 0"),
        limit=altair.ExprRef(f"{2 * layout.half} * {layout.step}"),
        **style,
    )
    score = chart.mark_text(fontSize=altair.ExprRef(f"{layout.numbered} ? {theme.NOTE} : 0"), dy=9, **style)
    at = {"x": _at(layout, "datum.step"), "y": _y("middle", layout), "opacity": opacity}
    return [box, ring, name.encode(**at, text="symbol:N"), score.encode(**at, text="number:N")]


def _steps(layout: Layout) -> list[altair.Chart]:
    """The numbers of the steps below, and what they are."""
    style = {"baseline": "middle", "color": theme.INK, **PLAIN_MARK}
    chart = altair.Chart(altair.NamedData("steps"))
    numbers = chart.mark_text(fontSize=altair.ExprRef(f"min({theme.TEXT}, 0.7 * {layout.step})"), **style).encode(
        x=_at(layout, "datum.step"), y=altair.value(layout.height - _FOOT + 10), text="name:N"
    )
    words = chart.mark_text(align="left", fontSize=theme.HEADING, fontWeight=600, **style).encode(
        x=altair.value(0), y=altair.value(layout.height - 10), text=altair.Text("title:N")
    )
    return [numbers, words]


def _at(layout: Layout, place: str, further: str = "") -> Any:
    return altair.value(altair.ExprRef(f"({place} + 0.5) * {layout.step}{further}"))


def _y(field: str, layout: Layout) -> altair.Y:
    scale = altair.Scale(domain=[layout.height, 0], nice=False, zero=False)
    return altair.Y(field, type="quantitative", scale=scale, axis=None)
