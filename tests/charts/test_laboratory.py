"""The charts of the gradient laboratory: what they leave out, cut off and name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import charts
from rnnviz.charts.scales import SMALLEST_GRADIENT

NAN = float("nan")


def _points(drawing: charts.Drawing, series: str) -> list[tuple[float, float]]:
    """The points of one line, as (place, value)."""
    table = drawing.tables["lines"]
    place = next(name for name in table if name not in ("series", "value"))
    rows = zip(table[place], table["series"], table["value"], strict=True)
    return [(at, value) for at, name, value in rows if name == series]


def _lags(measured: np.ndarray, bound: np.ndarray) -> charts.Drawing:
    return charts.lags({"rnn": measured}, {}, {"rnn": bound}, ("rnn", "lstm"), len(measured), (0.01, "1/100"))


def test_a_bound_ends_where_it_leaves_what_was_measured_far_below() -> None:
    drawing = _lags(0.5 ** np.arange(40.0), 2.0 ** np.arange(40.0))
    assert [lag for lag, _ in _points(drawing, "RNN")] == list(range(40))
    assert [lag for lag, _ in _points(drawing, "RNN bound")] == [0, 1, 2, 3, 4]


def test_a_bound_that_falls_is_drawn_as_far_as_the_lags_go() -> None:
    bound = _points(_lags(0.4 ** np.arange(12.0), 0.5 ** np.arange(12.0)), "RNN bound")
    assert [lag for lag, _ in bound] == list(range(12))
    assert bound[3][1] == 0.125


def test_second_lines_stand_in_the_legend_where_such_a_model_is() -> None:
    drawing = _lags(np.ones(3), np.ones(3))
    line = next(layer for layer in drawing.spec["layer"] if layer["mark"]["type"] == "line")
    assert line["encoding"]["color"]["scale"]["domain"] == ["RNN", "LSTM", "RNN bound", "LSTM cell"]


def test_lags_that_were_not_measured_leave_no_gap() -> None:
    drawing = _lags(np.array([1.0, NAN, 0.5, NAN, np.inf]), np.ones(5))
    assert _points(drawing, "RNN") == [(0, 1.0), (2, 0.5)]


@given(st.lists(st.floats(0, 1e6) | st.just(NAN), min_size=2, max_size=30))
def test_what_is_too_small_stands_on_the_floor_with_a_mark(norms: list[float]) -> None:
    drawing = _lags(np.array(norms), np.ones(len(norms)))
    table = drawing.tables["lines"]
    values = np.asarray(table["value"], float)
    assert np.isfinite(values).all() and (values >= SMALLEST_GRADIENT).all()
    assert int((values == SMALLEST_GRADIENT).sum()) == len(drawing.tables["floor"]["value"])


def test_the_cell_state_has_a_dashed_line_of_the_same_colour() -> None:
    import pandas as pd

    table = pd.DataFrame({"time": [1, 2], "label": ["lstm", "lstm"], "value": [0.1, 0.2]})
    drawing = charts.gradient_norm(table, ("lstm",), 2, table)
    line = next(layer for layer in drawing.spec["layer"] if layer["mark"]["type"] == "line")
    assert line["encoding"]["color"]["scale"]["domain"] == ["LSTM", "LSTM cell"]
    assert len(set(line["encoding"]["color"]["scale"]["range"])) == 1
    assert line["encoding"]["strokeDash"]["scale"]["range"] == [[1, 0], [5, 3]]


def test_a_state_that_comes_after_a_loss_is_blank_and_not_dark() -> None:
    drawing = charts.influence({"rnn": np.tril(np.ones((4, 4)))}, ["a", "b", "c", "d"])
    assert drawing.pictures is not None and drawing.pictures.filled == 10


def test_one_loss_is_one_row_for_each_model() -> None:
    drawing = charts.influence({"rnn": np.ones((1, 6)), "gru": np.ones((1, 6))}, [""] * 6)
    assert drawing.tables["headings"]["title"] == ["RNN", "GRU"]
    tops, bottoms = (drawing.tables["pictures"][name] for name in ("top", "bottom"))
    assert all(bottom - top < 40 for top, bottom in zip(tops, bottoms, strict=True))


def test_losses_that_were_not_measured_are_left_out() -> None:
    values = np.full((6, 5), NAN)
    values[[1, 3, 5]] = 1.0
    drawing = charts.influence({"gru": values}, [""] * 5)
    assert drawing.pictures is not None and drawing.pictures.filled == 15


def test_a_model_of_which_nothing_is_known_still_has_a_raster() -> None:
    assert charts.influence({"gru": np.full((3, 5), NAN)}, [""] * 5).pictures.filled == 0


@pytest.mark.parametrize("additive, shown", [(0.3, 0.3), (-7.0, -0.5), (9.0, 1.5)])
def test_shares_far_beyond_the_whole_are_drawn_at_the_edge(additive: float, shown: float) -> None:
    drawing = charts.path_shares("lstm", np.array([additive, NAN]), np.array([1 - additive, NAN]))
    assert _points(drawing, "through the cell: × f") == [(1, shown)]


def test_the_median_lies_between_the_largest_and_the_smallest() -> None:
    drawing = charts.jacobian_values("rnn", np.array([[3.0, 2.0, 0.5], [NAN, NAN, NAN]]), 1.1)
    assert [_points(drawing, name) for name in ("largest", "median", "smallest")] == [
        [(1, 3.0)],
        [(1, 2.0)],
        [(1, 0.5)],
    ]


def test_the_factor_of_the_gradient_is_the_thickest_line_and_lies_on_top() -> None:
    values, factor = np.array([[3.0, 0.5], [2.0, 0.4]]), np.array([NAN, 0.7])
    drawing = charts.cell_jacobian_values("lstm", values, factor, 1.1, factor, factor + 0.1)
    assert _points(drawing, "× f alone") == [(2, 0.7)]
    line = next(layer for layer in drawing.spec["layer"] if layer["mark"]["type"] == "line")["encoding"]
    widths = {one["test"].split('"')[1]: one["value"] for one in line["strokeWidth"]["condition"]}
    assert max(widths, key=widths.__getitem__).endswith(" f alone") and widths["both ways"] > 1
    assert [*dict.fromkeys(drawing.tables["lines"]["series"])][-2:] == ["× f alone", "both ways"]
