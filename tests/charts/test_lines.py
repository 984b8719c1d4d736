"""Line charts: what they hold, and what their axes and legends say."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnviz import charts
from rnnviz.charts.kit.lines import of_models
from tests.charts.every import draw
from tests.support.runs import small_run


def _table(**columns: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def _line_layer(drawing: charts.Drawing) -> dict[str, Any]:
    return next(layer for layer in drawing.spec["layer"] if layer["mark"]["type"] == "line")


def _colours(drawing: charts.Drawing) -> dict[str, str]:
    scale = _line_layer(drawing)["encoding"]["color"]["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


def _seen(drawing: charts.Drawing) -> list[tuple[float, str]]:
    """The dashed lines that can be seen: where, and their names."""
    rules = drawing.tables["rules"]
    rows = zip(rules["value"], rules["name"], rules["opacity"], strict=True)
    return [(value, name) for value, name, opacity in rows if opacity]


def test_one_colour_per_cell_in_every_chart() -> None:
    for name in ("loss", "score", "grad_norm", "gradient_norm"):
        assert _colours(draw(name, small_run(), 0)) == {"RNN": "#D55E00", "LSTM": "#0072B2", "GRU": "#009E73"}


def test_models_of_the_same_cell_differ_by_dash() -> None:
    series = of_models(("lstm", "lstm-2", "gru", "lstm-3"))
    assert [one.name for one in series] == ["LSTM", "LSTM 2", "GRU", "LSTM 3"]
    assert len({one.dash for one in series if one.colour == "#0072B2"}) == 3
    table = _table(step=[0, 0], label=["lstm", "lstm-2"], value=[1.0, 2.0])
    dashes = _line_layer(charts.loss(table, ("lstm", "lstm-2"), 10, "error", True))["encoding"]["strokeDash"]
    assert dashes["scale"]["domain"] == ["LSTM", "LSTM 2"]


def test_gates_differ_by_dash_too() -> None:
    assert "strokeDash" in _line_layer(draw("gate_means", small_run(), 0))["encoding"]


def test_guessing_is_drawn_and_named() -> None:
    drawing = draw("loss", small_run(), 7)
    assert _seen(drawing) == [(0.17, "– – guessing: always answering 1")]
    assert drawing.alt.endswith("Beside it: the level of guessing (always answering 1).")


def test_no_line_where_guessing_is_not_known() -> None:
    table = _table(step=[0], label=["rnn"], value=[1.0])
    drawing = charts.loss(table, ("rnn",), 10, "cross-entropy", False)
    assert _seen(drawing) == []
    assert "guessing" not in drawing.alt


def test_axes_say_what_they_count() -> None:
    encoding = _line_layer(draw("loss", small_run(), 7))["encoding"]
    assert encoding["x"]["axis"]["title"] == "training step"
    assert encoding["x"]["scale"]["domain"] == [0, 12]
    assert encoding["y"]["axis"]["title"] == "training loss: mean squared error"
    assert encoding["y"]["scale"]["type"] == "log"


def test_a_share_has_an_axis_to_a_hundred() -> None:
    drawing = draw("score", small_run(), 7)
    assert _line_layer(drawing)["encoding"]["y"]["axis"]["title"] == "held-out answers right (%)"
    assert {0.0, 100.0} < set(drawing.tables["rules"]["value"])


def test_a_perfect_score_has_its_place_on_a_logarithmic_axis() -> None:
    table = _table(step=[0, 1], label=["rnn", "rnn"], value=[0.0, math.nan])
    values = charts.score(table, ("rnn",), 10, "error", "").tables["lines"]["value"]
    assert values[0] > 0
    assert math.isnan(values[1])


def test_the_threshold_of_clipping_is_named() -> None:
    assert _seen(draw("grad_norm", small_run(), 7)) == [(1.0, "– – clipped to 1")]
    table = _table(step=[0], label=["rnn"], value=[1.0])
    assert _seen(charts.grad_norm(table, ("rnn",), 10)) == []


def test_the_singular_values_of_all_models_share_an_axis_without_a_new_chart() -> None:
    table = _table(step=[0], label=["hidden"], value=[1.2])
    low, high = (charts.singular_values(table, "rnn", ("hidden",), 10, top) for top in (1.2, 7.5))
    assert low.structure is high.structure
    assert high.tables["rules"]["value"] == [1.0, 0.0, 7.5]
    assert _seen(high) == [(1.0, "– – 1 (above: can enlarge)")]


def test_the_shown_step_is_marked() -> None:
    assert draw("loss", small_run(), 7).tables["now"]["now"] == [7]
    assert draw("score", small_run(), 7).tables["now"]["now"] == []


def test_a_gradient_of_nothing_stands_on_the_floor_with_a_mark() -> None:
    table = _table(time=[1, 2, 3, 4], label=["rnn"] * 4, value=[0.0, 1e-20, 1e-3, math.nan])
    tables = charts.gradient_norm(table, ("rnn",), 4).tables
    lines = tables["lines"]
    np.testing.assert_allclose(lines["value"], [1e-8, 1e-8, 1e-3, math.nan])
    assert tables["floor"]["time"] == [1, 2]


def test_the_floor_is_named_on_the_axis() -> None:
    label = _line_layer(draw("gradient_norm", small_run(), 7))["encoding"]["y"]["axis"]["labelExpr"]
    assert label.startswith("datum.value < 2e-08 ? '≤ 10⁻⁸' : datum.value < 2e-06 ? '10⁻⁶'")
    assert "? '1' :" in label


def test_every_gradient_of_a_model_is_on_the_fixed_scale() -> None:
    tokens = draw("gradient_history", small_run(), 7)
    assert tokens.tables["headings"]["title"] == ["RNN", "LSTM", "GRU"]
    assert tokens.tables["legends"]["low"] == ["10⁻⁸ or less"]


def test_cells_are_refused_where_the_browser_would_choke() -> None:
    with pytest.raises(ValueError, match="values must be at most 2,000; got 50 time steps × 41 units"):
        charts.cells("lstm", "forget_gate", np.zeros((50, 41)), ("",) * 50)


def test_a_cell_says_its_value_unit_time_and_token() -> None:
    table = charts.cells("lstm", "cell", np.array([[1.0, 2.0], [3.0, 4.0]]), ("a", "b")).tables["cells"]
    rows = list(zip(table["time"], table["unit"], table["token"], table["value"], strict=True))
    assert rows == [(1, 1, "a", 1.0), (1, 2, "a", 2.0), (2, 1, "b", 3.0), (2, 2, "b", 4.0)]


def test_lines_at_the_ends_of_a_logarithmic_axis_are_seen_whole() -> None:
    table = _table(step=[0, 1], label=["rnn", "rnn"], value=[0.01, 40.0])
    reach = charts.grad_norm(table, ("rnn",), 10, 1.0).tables["rules"]["value"]
    assert min(reach) < 0.01
    assert max(reach) > 40.0
    norms = _table(time=[1, 2], label=["rnn", "rnn"], value=[math.nan, 40.0])
    assert max(charts.gradient_norm(norms, ("rnn",), 2).tables["ends"]["value"]) > 40.0


def test_a_point_says_how_many_steps_it_stands_for() -> None:
    table = _table(step=[0], label=["rnn"], value=[1.0])
    means = charts.loss(table, ("rnn",), 10, "error", True, each=7)
    largest = charts.grad_norm(table, ("rnn",), 10, each=7)
    titles = [_line_layer(one)["encoding"]["x"]["axis"]["title"] for one in (means, largest)]
    assert titles == ["training step (point: mean of 7)", "training step (point: largest of 7)"]


def test_the_update_gate_says_what_its_one_means() -> None:
    assert list(_colours(draw("gate_means", small_run(), 0))) == ["reset", "update (1 keeps)"]


@pytest.mark.parametrize("name", ["loss", "gate_means", "gradient_norm", "singular_values"])
def test_no_title_is_wider_than_its_plot(name: str) -> None:
    axis = _line_layer(draw(name, small_run(), 7))["encoding"]["y"]["axis"]
    assert axis["titleLimit"] == {"expr": "width"}


def test_before_there_is_a_line_a_logarithmic_axis_has_room_around_guessing() -> None:
    empty = _table(step=[], label=[], value=[])
    drawing = charts.score(empty, ("rnn",), 10, "error", "", (0.17, "always answering 1"))
    assert [value for value, _ in _seen(drawing)] == [0.17]
    assert min(drawing.tables["rules"]["value"]) < 0.1 and max(drawing.tables["rules"]["value"]) > 0.3
