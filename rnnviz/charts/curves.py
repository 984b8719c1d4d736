"""What goes on over training: loss, score, the gradient's norm and clipping, W_hh, the memory horizon."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines
from rnnviz.charts.kit.lines import Series
from rnnviz.core.names import listed

if TYPE_CHECKING:
    import pandas as pd

_TABLES = ("lines", "rules", "now")
_SMALLEST = 1e-12  # where a logarithmic axis ends; 0 has no place on it
_ROOM = 1.2  # times the largest value, and the smallest by it: what a logarithmic axis reaches
_AROUND = 2.0  # the same of the mark, as long as there is no line
Mark = tuple[float, str] | None  # where a dashed line runs across the chart, and its name


@dataclasses.dataclass(frozen=True)
class Layout:
    """Everything about a chart over training that stays the same while a run goes on.

    steps: the last training step, which fixes the axis.
    log:   whether the vertical axis is logarithmic.
    point: what a point of a line stands for; "" for one training step.
    """

    series: tuple[Series, ...]
    steps: int
    title: str
    log: bool = False
    point: str = ""


def loss(
    table: "pd.DataFrame",
    labels: Sequence[str],
    steps: int,
    title: str,
    log: bool,
    guess: Mark = None,
    at: int = -1,
    each: int = 1,
) -> Drawing:
    """Training loss against training step.

    table:  columns step, label, value (see `analysis.loss_curve`).
    labels: all models of the experiment, also those that have no value yet.
    steps:  training steps of the whole training.
    title:  what the loss is, such as "mean squared error".
    log:    whether the loss spans powers of ten.
    guess:  the loss of guessing and how one guesses, where it is known.
    at:     the training step that the rest of the page shows; -1 for no mark.
    each:   how many training steps a point is the mean of (see `analysis.steps_per_point`).
    """
    layout = Layout(lines.of_models(labels), steps, f"training loss: {title}", log, _point("mean", each))
    about = f"Line chart: training loss of {_names(labels)} against training step.{_beside(guess)}"
    reach = () if log else (0.0,)
    return _draw(layout, labels, table, _guessing(guess), at, about, reach)


def score(
    table: "pd.DataFrame", labels: Sequence[str], steps: int, title: str, unit: str, guess: Mark = None, at: int = -1
) -> Drawing:
    """Score on held-out sequences against training step (see `analysis.score_curve`).

    unit: "%" for a share, on an axis from 0 to 100; "" for an error, on a logarithmic axis.
    Other arguments as for `loss`.
    """
    shown = f"held-out {title}" + (f" ({unit})" if unit else "")
    reach = (0.0, 100.0) if unit == "%" else ()
    layout = Layout(lines.of_models(labels), steps, shown, unit != "%")
    about = f"Line chart: score of {_names(labels)} on held-out sequences against training step.{_beside(guess)}"
    return _draw(layout, labels, table, _guessing(guess), at, about, reach)


def grad_norm(
    table: "pd.DataFrame", labels: Sequence[str], steps: int, clip: float | None = None, at: int = -1, each: int = 1
) -> Drawing:
    """Norm of the gradient by all weights before clipping against training step (see `analysis.grad_norm_curve`).

    clip: the threshold of clipping, drawn as a dashed line; None if nothing is clipped.
    each: how many training steps a point is the largest of (see `analysis.steps_per_point`).
    """
    mark = None if clip is None else (clip, f"clipped to {clip:g}")
    layout = Layout(lines.of_models(labels), steps, "gradient norm before clipping", True, _point("largest", each))
    about = f"Line chart: norm of the gradient of {_names(labels)} before clipping against training step."
    return _draw(layout, labels, table, mark, at, about)


def singular_values(
    table: "pd.DataFrame",
    label: str,
    gates: Sequence[str],
    steps: int,
    top: float,
    at: int = -1,
    steepest: float = 1.0,
) -> Drawing:
    """Largest singular value of each gate's block of W_hh against training step.

    Marked is 1, or what W_hh needs to make up for the largest slope of an activation that is never steeper than
    `steepest`.

    table: columns step, label, value, the label being one of `gates` (see `analysis.singular_curve`).
    gates: names of variables, in the order of the blocks; ("hidden",) for a plain cell.
    top:   what the axis reaches at least; give all models the same, so that their charts compare.
    """
    look = theme.style_of(label)
    series = lines.of_gates(gates) if len(gates) > 1 else (Series(look.name, look.colour, look.dash),)
    layout = Layout(series, steps, "largest singular value of W_hh")
    about = f"Line chart: largest singular value of W_hh of the {look.name} against training step."
    mark = 1 / steepest
    return _draw(layout, gates, table, (mark, f"{mark:g} (above: can enlarge)"), at, about, (0.0, top))


def clipped(table: "pd.DataFrame", labels: Sequence[str], steps: int, at: int = -1, each: int = 1) -> Drawing:
    """Share of clipped steps, in percent, against training step (see `analysis.clipped_curve`).

    each: of how many training steps a share is told.
    """
    among = f" (share of {each} at a time)" if each > 1 else ""
    layout = Layout(lines.of_models(labels), steps, "training steps clipped (%)", point=among)
    about = f"Line chart: share of the training steps of {_names(labels)} at which the gradient was clipped."
    return _draw(layout, labels, table, None, at, about, (0.0, 100.0))


def memory_horizon(
    table: "pd.DataFrame", labels: Sequence[str], steps: int, times: int, share: str, at: int = -1
) -> Drawing:
    """How many steps back a model's state reaches against training step, with the length of the sequence marked.

    table: columns step, label, value: the lag from which on ‖∂h_T/∂h_t‖ stays below a share.
    times: the largest lag there is in the sequence.
    share: that share in words, such as "1/1000".
    """
    layout = Layout(lines.of_models(labels), steps, f"memory horizon: time steps to {share}")
    about = f"Line chart: memory horizon of {_names(labels)} in time steps against training step."
    return _draw(layout, labels, table, (times, f"the whole sequence: {times} time steps"), at, about, (0.0,))


def _draw(
    layout: Layout,
    keys: Sequence[str],
    table: "pd.DataFrame",
    mark: Mark,
    at: int,
    about: str,
    reach: tuple[float, ...] = (),
) -> Drawing:
    names = dict(zip(keys, (one.name for one in layout.series), strict=True))
    values = table["value"].to_numpy(float)
    values = np.maximum(values, _SMALLEST) if layout.log else values
    tables = {
        "lines": {
            "step": table["step"].to_numpy(),
            "series": [names[label] for label in table["label"]],
            "value": values,
        },
        "rules": lines.rules([mark] if mark else [], [*reach, *(_room(values, mark) if layout.log else ())]),
        "now": {"now": [at] if at >= 0 else []},
    }
    return Drawing(_structure(layout), tables, about)


@kept_structure
def _structure(layout: Layout) -> Structure:
    title = f"training step{layout.point}"
    x = lines.across("step", 0, layout.steps, title)
    y = _upwards("value", layout)
    marked = lines.now("now", lines.across("now", 0, layout.steps, title))
    line, name = lines.rule("rules", y)
    return structure([marked, line, lines.lines(x, y, layout.series, 1), name], _TABLES, theme.CURVES)


def _upwards(field: str, layout: Layout) -> altair.Y:
    if layout.log:
        return lines.up(field, layout.title, altair.Scale(type="log", nice=False), 1, **lines.LOG_AXIS)
    return lines.up(field, layout.title, altair.Scale(nice=True), 1, tickCount=5)


def _guessing(guess: Mark) -> Mark:
    return (guess[0], f"guessing: {guess[1]}") if guess else None


def _point(join: str, each: int) -> str:
    return f" (point: {join} of {each})" if each > 1 else ""


def _room(values: np.ndarray, mark: Mark) -> tuple[float, ...]:
    """What a logarithmic axis must reach for a line to be seen in its whole width at its ends.

    As long as there is no line, both sides of the mark: an axis of one value alone has no numbers that mean anything.
    """
    seen = values[np.isfinite(values)]
    if seen.size:
        return seen.min() / _ROOM, seen.max() * _ROOM
    return (mark[0] / _AROUND, mark[0] * _AROUND) if mark and mark[0] > 0 else ()


def _names(labels: Sequence[str]) -> str:
    return listed([look.name for look in theme.looks(labels)])


def _beside(guess: Mark) -> str:
    return f" Beside it: the level of guessing ({guess[1]})." if guess else ""
