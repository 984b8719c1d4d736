"""Where everything stands in the picture of an unrolled network, and the layers that draw it."""

import dataclasses

import altair

from rnnviz.charts import theme
from rnnviz.charts.drawing import Structure, kept_structure, structure

HALF = 0.3  # of a time step, half the width of a box
_ROW, _BOX, _WIRE, _SHORT, _TOKEN = 24, 26, 52, 22, 30  # pixels
_TABLES = ("chosen", "wires", "heads", "boxes", "texts", "names", "shares")
Ends = tuple[float, float, float, float]  # x, y, x2, y2 of a wire: time steps across, pixels down


@dataclasses.dataclass(frozen=True)
class Layout:
    """Rows from the top: loss, right letter, prediction, V probabilities, H states, letter read.

    Time step t stands at t across; at 0 are the first state and the names of the rows.
    """

    times: int
    units: int
    letters: int
    box: int = _BOX

    @property
    def answers(self) -> list[float]:
        """The tops of the V boxes of probabilities."""
        return [3.0 * _ROW + _SHORT + self.box * i for i in range(self.letters)]

    @property
    def states(self) -> list[float]:
        """The tops of the H boxes of a state."""
        return [3.0 * _ROW + _SHORT + self.box * (self.letters + i) + _WIRE for i in range(self.units)]

    @property
    def below(self) -> float:
        """Just below the states."""
        return self.states[-1] + self.box + 10

    @property
    def upper(self) -> float:
        """Halfway between states and probabilities."""
        return self.states[0] - _WIRE / 2

    @property
    def lower(self) -> float:
        """Halfway between the letter read and the state."""
        return self.states[-1] + self.box + _WIRE / 2

    @property
    def height(self) -> int:
        """Pixels of the whole."""
        return int(self.states[-1] + self.box + _WIRE + _TOKEN)

    @property
    def rows(self) -> list[tuple[float, str]]:
        """Middle and name of the rows of text."""
        names = ("loss", "right", "predicts")
        return [*((_ROW * (i + 0.5), name) for i, name in enumerate(names)), (self.height - _TOKEN / 2, "reads")]

    @property
    def forward(self) -> list[Ends]:
        """All wires of the forward pass."""
        return [ends for t in range(1, self.times + 1) for ends in self.into(t)]

    def into(self, t: int) -> list[Ends]:
        """The wires of one time step, forward: W_hh, W_xh, W_hy, and from the probabilities to the prediction."""
        low, high = self.states[-1] + self.box, self.states[0]
        middle = (low + high) / 2
        across = (t - 1 + HALF, middle, t - HALF - 0.02, middle)
        return [
            across,
            (t, self.height - _TOKEN, t, low + 5),
            (t, high, t, self._foot + 5),
            (t, self.answers[0], t, 3.0 * _ROW + 4),
        ]

    def backward(self, t: int) -> list[Ends]:
        """The wires of one time step on the way back: from the loss, to the state, the letter, the state before."""
        low, high = self.states[-1] + self.box, self.states[0]
        middle = (low + high) / 2
        return [
            (t, 3.0 * _ROW, t, self.answers[0] - 6),
            (t, self._foot, t, high - 6),
            (t, low, t, self.height - _TOKEN - 4),
            (t - HALF, middle, t - 1 + HALF + 0.03, middle),
        ]

    @property
    def _foot(self) -> float:
        return self.answers[-1] + self.box


@kept_structure
def structure_of(layout: Layout) -> Structure:
    """The picture without its numbers."""
    return structure(
        [_chosen(layout), *_wires(layout), *_boxes(layout), _texts(layout), *_remarks(layout)], _TABLES, layout.height
    )


def _chosen(layout: Layout) -> altair.Chart:
    mark = _from("chosen").mark_rect(color=theme.INK, opacity=0.07, cornerRadius=6, **_PLAIN)
    return mark.encode(x=_x("left", layout), x2="right", y=_y("top", layout), y2="bottom")


def _wires(layout: Layout) -> list[altair.Chart]:
    ends = {"x": _x("x", layout), "x2": "x2", "y": _y("y", layout), "y2": "y2"}
    under = _from("wires").mark_rule(color=theme.INK, opacity=0.25, strokeCap="round", **_PLAIN)
    over = _from("wires").mark_rule(strokeCap="round", **_PLAIN)
    heads = _from("heads").mark_point(filled=True, stroke=theme.INK, strokeWidth=0.5, **_PLAIN)
    seen = {"color": _as_is("colour"), "opacity": _as_is("opacity")}
    return [
        under.encode(**ends, strokeWidth=altair.StrokeWidth("casing:Q", scale=None)),
        over.encode(**ends, strokeWidth=altair.StrokeWidth("width:Q", scale=None), **seen),
        heads.encode(
            x=_x("x", layout),
            y=_y("y", layout),
            shape=altair.Shape("shape:N", scale=None),
            size=altair.Size("size:Q", scale=None),
            **seen,
        ),
    ]


def _boxes(layout: Layout) -> list[altair.Chart]:
    mark = _from("boxes").mark_rect(stroke=theme.INK, cornerRadius=2, **_PLAIN)
    sides = {"x": _x("left", layout), "x2": "right", "y": _y("top", layout), "y2": "bottom"}
    text = _from("boxes").mark_text(baseline="middle", fontSize=_size(layout, 2.9), **_PLAIN)
    return [
        mark.encode(**sides, color=_as_is("fill"), strokeWidth=altair.StrokeWidth("frame:Q", scale=None)),
        text.encode(x=_x("x", layout), y=_y("y", layout), text="number:N", color=_as_is("ink")),
    ]


def _texts(layout: Layout) -> altair.Chart:
    text = _from("texts").mark_text(baseline="middle", fontSize=_size(layout, 2.9), color=theme.INK, **_PLAIN)
    return text.encode(x=_x("x", layout), y=_y("y", layout), text="text:N", opacity=_as_is("opacity"))


def _remarks(layout: Layout) -> list[altair.Chart]:
    """The names of the matrices, right of their place, and the parts of a gradient, left of theirs."""
    style = {"baseline": "middle", "color": theme.INK, "fontSize": _size(layout, 3.4), **_PLAIN}
    found = []
    for table, field, weight in (("names", "name", 400), ("shares", "share", 600)):
        align = altair.ExprRef("datum.shift < 0 ? 'right' : datum.shift > 0 ? 'left' : 'center'")
        text = _from(table).mark_text(align=align, fontWeight=weight, **style)
        found.append(text.encode(x=_x("x", layout), y=_y("y", layout), text=f"{field}:N"))
    return found


_PLAIN = {"tooltip": None, "aria": False}  # every number stands in a table on the page, too


def _from(table: str) -> altair.Chart:
    return altair.Chart(altair.NamedData(table))


def _as_is(field: str) -> altair.Color | altair.Opacity:
    """A colour or an opacity that stands in the data."""
    if field == "opacity":
        return altair.Opacity("opacity:Q", scale=None, legend=None)
    return altair.Color(f"{field}:N", scale=None, legend=None)


def _size(layout: Layout, letters: float) -> altair.ExprRef:
    """Letters that fit into a box, on a phone too: so many of their size are as wide as a box."""
    return altair.ExprRef(f"min({theme.TEXT}, {2 * HALF} * width / {(layout.times + 1.1) * letters:.2f})")


def _x(field: str, layout: Layout) -> altair.X:
    scale = altair.Scale(domain=[-0.55, layout.times + 0.55], nice=False, zero=False)
    return altair.X(field, type="quantitative", scale=scale, axis=None)


def _y(field: str, layout: Layout) -> altair.Y:
    scale = altair.Scale(domain=[layout.height, 0], nice=False, zero=False)
    return altair.Y(field, type="quantitative", scale=scale, axis=None)
