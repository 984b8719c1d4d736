"""How many patterns a Hopfield network recalls, against how many it stores for each of its units."""

from collections.abc import Sequence

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines
from rnnviz.charts.kit.lines import Series
from rnnviz.core.names import listed
from rnnviz.hopfield import CRITICAL_LOAD, Capacity

_COLOURS = ("#2E9BC6", "#D95F02", "#874BD2", "#2F8F5B")  # of the first, second, … size
_HEIGHT = 300  # pixels
_WIDEST = 0.3  # load at which the axis ends
_TABLES = ("lines", "theory", "ends")


def recall_rates(found: Sequence[Capacity], exact: bool = False) -> Drawing:
    """The share of recalls that ended in their pattern against the load P/N, a line for each N, 0.138 marked.

    found: one for each number of units, at most four, with loads up to 0.3.
    exact: whether a pattern counts as recalled only if no unit is wrong.
    """
    names, loads, rates, errors = [], [], [], []
    for one in found:
        share = (one.exact if exact else one.recalled) / one.draws
        names += [_name(one.units)] * len(share)
        loads += one.loads.tolist()
        rates += share.tolist()
        errors += np.sqrt(share * (1 - share) / one.draws).tolist()
    table = {
        "series": names,
        "load": loads,
        "value": rates,
        "low": [rate - error for rate, error in zip(rates, errors, strict=True)],
        "high": [rate + error for rate, error in zip(rates, errors, strict=True)],
    }
    theory = {"load": [CRITICAL_LOAD], "name": [f"{CRITICAL_LOAD:g}, the theory for N → ∞"]}
    about = (
        "Line chart: share of patterns recalled against patterns per unit, for networks of "
        f"{listed([f'{one.units} units' for one in found])}; the critical load 0.138 is marked."
    )
    ends = {"load": [0.0, _WIDEST], "value": [0.0, 1.0]}
    return Drawing(
        _structure(tuple(_name(one.units) for one in found)),
        dict(zip(_TABLES, (table, theory, ends), strict=True)),
        about,
    )


def _name(units: int) -> str:
    return f"N = {units}"


@kept_structure
def _structure(names: tuple[str, ...]) -> Structure:
    series = tuple(Series(name, colour) for name, colour in zip(names, _COLOURS, strict=False))
    axis = altair.Axis(title="load P/N: stored patterns per unit", grid=False, format=".2~f", tickCount=6, **theme.AXIS)
    x = altair.X("load", type="quantitative", scale=altair.Scale(domain=[0, _WIDEST], nice=False), axis=axis)
    percents = {"format": ".0%", "tickCount": 5, "minExtent": 44, "maxExtent": 44}
    y = lines.up("value", "recalled", altair.Scale(domain=[0, 1], nice=False), rows=1, **percents)
    drawn = altair.Chart(altair.NamedData("lines"))
    colour = lines.colour(series, rows=1)
    spread = drawn.mark_rule(strokeWidth=1.5, opacity=0.6, clip=True, tooltip=None)
    points = drawn.mark_point(size=45, filled=True, opacity=1, tooltip=None)
    theory = altair.Chart(altair.NamedData("theory"))
    critical = theory.mark_rule(strokeWidth=1.75, strokeDash=[5, 4], color=theme.INK, opacity=theme.SOFT, tooltip=None)
    name = theory.mark_text(
        align="left", baseline="bottom", dx=-2, fontSize=theme.TEXT, color=theme.INK, opacity=theme.SOFT, tooltip=None
    )
    ends = altair.Chart(altair.NamedData("ends")).mark_point(opacity=0, tooltip=None)
    return structure(
        [
            critical.encode(x=x),
            name.encode(x=x, y=altair.value(-6), text="name:N"),
            spread.encode(
                x=x, y=altair.Y("low", type="quantitative", scale=altair.Scale(domain=[0, 1])), y2="high", color=colour
            ),
            lines.lines(x, y, series, rows=1),
            points.encode(x=x, y=y, color=colour),
            ends.encode(x=x, y=y),
        ],
        _TABLES,
        _HEIGHT,
    )
