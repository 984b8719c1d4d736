"""What the two pictures of attention share: inputs across, outputs down, their symbols, marks and frames."""

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns
from rnnviz.charts.kit.legends import CROSS, WRONG
from rnnviz.charts.kit.png import data_url
from rnnviz.charts.kit.symbols import LETTER, NARROW, SIZE, Across, longest, symbol_label
from rnnviz.charts.scales import COLOURS, Scale

WEIGHT = Scale("viridis", 0.0, 1.0, "0", "1 weight")
TITLE = "output (down) by input (across)"
TABLES = ("inputs", "outputs", "frames", "legend")
_HEADING = 26  # pixels above the symbols, for the title and the legend
_SIGNS = 22  # pixels left of the picture, for a cross
_TIGHT = 0.86  # so many times as wide are output symbols where the chart is narrow
_ARROW = 16  # pixels at the very left
_TALLEST = 620  # pixels, of all rows
_SQUARE = 2.2  # so many times as wide as high is a cell at most
_BAR_WIDTH, _BAR_HEIGHT = 52, 9  # pixels, colour bar
_NARROW = 330  # pixels that title and legend take beside each other
_BRIGHT = "#f4f6f8"
_PLAIN: dict[str, Any] = {"tooltip": None, "aria": False}


@dataclasses.dataclass(frozen=True)
class Layout:
    """Everything about a picture of attention that stays the same while a run goes on.

    rows, columns: output and input symbols there is room for.
    letters:       of the longest symbol.
    """

    rows: int
    columns: int
    letters: int

    @property
    def row(self) -> int:
        """Pixels, height of a row: less where there are many."""
        return 24 if self.rows <= 16 else max(10, min(22, _TALLEST // self.rows))

    @property
    def across(self) -> Across:
        """Where the columns stand."""
        left = _ARROW + _SIGNS + 8 + round(LETTER * self.letters)
        tight = _ARROW + _SIGNS + 4 + round(_TIGHT * LETTER * self.letters)
        return Across(self.columns, self.letters, left, tight, True, round(_SQUARE * self.row))

    @property
    def top(self) -> int:
        """Pixels above the picture."""
        return _HEADING + self.across.height

    @property
    def height(self) -> int:
        """Pixels of the whole."""
        return self.top + self.row * self.rows + 4

    @property
    def size(self) -> str:
        """Pixels, letters of the output symbols."""
        full = min(SIZE, self.row)
        return f"{NARROW} ? {min(full, round(SIZE * _TIGHT))} : {full}" if self.across.words else str(full)


def layout_of(
    weights: np.ndarray, inputs: Sequence[str], outputs: Sequence[str], rows: int, columns: int, letters: int
) -> Layout:
    """The layout for so many rows, columns and letters, or for as many as there are if that is more.

    Raises:
        ValueError: the shape of `weights` is not that of the symbols.
    """
    if weights.shape != (len(outputs), len(inputs)):
        raise ValueError(f"weights must be {len(outputs)} outputs × {len(inputs)} inputs; got {weights.shape}")
    most = min(14, max(letters, longest(inputs, outputs)))
    return Layout(max(1, rows, len(outputs)), max(1, columns, len(inputs)), most)


def tables(
    layout: Layout, inputs: Sequence[str], outputs: Sequence[str], marks: Sequence[bool], chosen: int | None
) -> dict[str, Columns]:
    """The symbols, the crosses beside those that are `marks`, the frame of the row that is `chosen`, the legend."""
    wrong = [*marks] + [False] * (len(outputs) - len(marks))
    framed = [] if chosen is None else [chosen]
    return {
        "inputs": {"column": list(range(len(inputs))), "symbol": [symbol_label(symbol) for symbol in inputs]},
        "outputs": {
            "row": list(range(len(outputs))),
            "middle": [_top(layout, row + 0.5) for row in range(len(outputs))],
            "symbol": [symbol_label(symbol) for symbol in outputs],
            "cross": [CROSS if one else "" for one in wrong],
            "weight": [700 if row == chosen else 400 for row in range(len(outputs))],
        },
        "frames": {
            "top": [_top(layout, row) for row in framed],
            "middle": [_top(layout, row + 0.5) for row in framed],
            "bottom": [_top(layout, row + 1) for row in framed],
            "end": [len(inputs)] * len(framed),
        },
        "legend": {
            "columns": [len(inputs)],
            "url": [_bar()],
            "low": [WEIGHT.low_name],
            "high": [WEIGHT.high_name],
            "title": [TITLE],
        },
    }


def layers(layout: Layout) -> list[altair.Chart]:
    """Everything but the cells."""
    return [*_inputs(layout), *_outputs(layout), *_frames(layout), *_legend(layout)]


def along(layout: Layout, place: str) -> Any:
    """Across at a place counted in columns, whatever the chart's width."""
    return pixels(layout.across.at(place))


def down(field: str, layout: Layout) -> altair.Y:
    """Pixels from the top."""
    scale = altair.Scale(domain=[layout.height, 0], nice=False, zero=False)
    return altair.Y(field, type="quantitative", scale=scale, axis=None)


def pixels(expression: str) -> Any:
    """A place in pixels."""
    return altair.value(altair.ExprRef(expression))


def _top(layout: Layout, row: float) -> float:
    return layout.top + row * layout.row


def _inputs(layout: Layout) -> list[altair.Chart]:
    across = layout.across
    text = altair.Chart(altair.NamedData("inputs")).mark_text(
        fontSize=altair.ExprRef(across.size),
        angle=altair.ExprRef(across.angle),
        align=altair.ExprRef(f"{across.upright} ? 'center' : 'left'"),
        baseline="middle",
        color=theme.INK,
        **_PLAIN,
    )
    return [text.encode(x=along(layout, "datum.column + 0.5"), y=altair.value(layout.top - 10), text="symbol:N")]


def _outputs(layout: Layout) -> list[altair.Chart]:
    chart, left = altair.Chart(altair.NamedData("outputs")), layout.across.start
    style = {"baseline": "middle", **_PLAIN}
    name = chart.mark_text(
        align="right",
        fontSize=altair.ExprRef(layout.size),
        fontWeight=altair.ExprRef("datum.weight"),
        color=theme.INK,
        limit=altair.ExprRef(f"{left} - {_ARROW + _SIGNS}"),
        **style,
    )
    cross = chart.mark_text(fontSize=min(SIZE + 6, layout.row + 4), fontWeight=700, color=WRONG, **style)
    y = down("middle", layout)
    return [
        name.encode(x=pixels(f"{left} - {_SIGNS}"), y=y, text="symbol:N"),
        cross.encode(x=pixels(f"{left} - {_SIGNS / 2}"), y=y, text="cross:N"),
    ]


def _frames(layout: Layout) -> list[altair.Chart]:
    chart = altair.Chart(altair.NamedData("frames"))
    # Bright within dark: one of them is seen on any colour of the picture and of the page.
    outer = chart.mark_rect(filled=False, stroke=theme.INK, strokeWidth=5, **_PLAIN)
    inner = chart.mark_rect(filled=False, stroke=_BRIGHT, strokeWidth=2.5, **_PLAIN)
    arrow = chart.mark_point(shape="triangle-right", filled=True, size=90, opacity=1, color=theme.INK, **_PLAIN)
    sides = {"x": along(layout, "0"), "x2": along(layout, "datum.end"), "y": down("top", layout), "y2": "bottom"}
    return [
        outer.encode(**sides),
        inner.encode(**sides),
        arrow.encode(x=altair.value(_ARROW / 2 - 1), y=down("middle", layout)),
    ]


def _legend(layout: Layout) -> list[altair.Chart]:
    """The title and the colours above the picture, no further to the right than the picture or than both need."""
    chart = altair.Chart(altair.NamedData("legend"))
    end = f"min(width, max({_NARROW + _BAR_WIDTH}, {layout.across.at('datum.columns')}))"
    name = 7 * len(WEIGHT.high_name)
    middle = altair.value(_HEADING / 2 - 2)
    soft = {"baseline": "middle", "fontSize": theme.NOTE, "color": theme.INK, "opacity": theme.SOFT, **_PLAIN}
    heading = {"baseline": "middle", "fontSize": theme.HEADING, "fontWeight": 600, "color": theme.INK, **_PLAIN}
    top, bottom = _HEADING / 2 - 2 - _BAR_HEIGHT / 2, _HEADING / 2 - 2 + _BAR_HEIGHT / 2
    bar = chart.mark_image(aspect=False, **_PLAIN).encode(
        x=pixels(f"{end} - {name + _BAR_WIDTH}"),
        x2=pixels(f"{end} - {name}"),
        y=altair.value(top),
        y2=altair.value(bottom),
        url="url:N",
    )
    room = altair.ExprRef(f"max(1, width - {name + _BAR_WIDTH + 20})")
    return [
        bar,
        chart.mark_text(align="left", limit=room, **heading).encode(x=altair.value(0), y=middle, text="title:N"),
        chart.mark_text(align="right", **soft).encode(
            x=pixels(f"{end} - {name + _BAR_WIDTH + 5}"), y=middle, text="low:N"
        ),
        chart.mark_text(align="left", **soft).encode(x=pixels(f"{end} - {name - 5}"), y=middle, text="high:N"),
    ]


@functools.cache
def _bar() -> str:
    return data_url(np.linspace(WEIGHT.low, WEIGHT.high, COLOURS)[None, :], WEIGHT)
