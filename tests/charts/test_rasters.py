"""States and gates as stacked rasters."""

import numpy as np
import pytest

from rnnviz import analysis, charts
from rnnviz.charts.kit.rasters import band_height, is_crisp
from rnnviz.charts.scales import BOUNDED, GATE, UNBOUNDED, gate_scale, palette
from rnnviz.charts.traces import scale_of
from tests.charts.every import draw
from tests.charts.test_png import pixels
from tests.support.runs import small_run


def _trace(**values: np.ndarray) -> dict[str, np.ndarray]:
    return values


def _urls(drawing: charts.Drawing) -> list[str]:
    return drawing.tables["pictures"]["url"]


def test_units_run_down_and_time_runs_right() -> None:
    trace = analysis.trace(small_run().at(), "lstm")
    drawing = charts.states("lstm", trace, ("",) * 12)
    hidden, cell = map(pixels, _urls(drawing))
    assert (hidden[..., :3] == palette("blueorange")[BOUNDED.indices(trace["hidden"].T)]).all()
    assert (cell[..., :3] == palette("blueorange")[UNBOUNDED.indices(trace["cell"].T)]).all()


def test_rasters_and_headings_do_not_overlap() -> None:
    drawing = draw("gates", small_run(), 7)
    pictures, headings = drawing.tables["pictures"], drawing.tables["headings"]
    ends = [0, *pictures["bottom"]]
    for end, middle, top in zip(ends, headings["middle"], pictures["top"], strict=False):
        assert end + 8 <= middle <= top - 8
    assert pictures["bottom"][-1] <= drawing.spec["height"]


def test_names_of_gates_in_the_words_of_the_literature() -> None:
    titles = draw("gates", small_run(), 7).tables["headings"]["title"]
    assert titles == ["cell candidate, 8 units", "forget gate", "input gate", "output gate"]


def test_one_legend_where_the_scale_changes() -> None:
    legends = draw("gates", small_run(), 7).tables["legends"]
    assert legends["low"] == ["−1", "0 shut"]
    assert legends["high"] == ["1", "1 open"]


def test_the_update_gate_says_what_it_does() -> None:
    drawing = charts.gates("gru", analysis.trace(small_run().at(), "gru"), ("",) * 12)
    assert drawing.tables["legends"]["high"] == ["1", "1 open", "1 keeps"]


def test_a_cell_state_past_its_scale_says_so() -> None:
    cell = np.zeros((10, 4))
    cell[0, :2] = 7.0
    drawing = charts.states("lstm", _trace(hidden=np.zeros((10, 4)), cell=cell), ("",) * 10)
    assert drawing.tables["headings"]["note"] == ["", "5.0 % outside the scale"]


def test_the_remark_on_a_relu_does_not_run_through_its_name() -> None:
    state = np.full((10, 4), 7.0)
    headings = charts.states("lstm", _trace(hidden=state, cell=state), ("",) * 10, bounded=False).tables["headings"]
    assert headings["note"] == ["100 % outside the scale"] * 2
    assert all(below - middle >= 14 for below, middle in zip(headings["below"], headings["middle"], strict=True))


def test_signs_under_the_axis_are_explained() -> None:
    trace = _trace(hidden=np.zeros((4, 2)))
    shown = [charts.states("gru", trace, tokens).spec["layer"][0] for tokens in (("", "▲", "", "▼"), ("",) * 4)]
    titles = [layer["encoding"]["x"]["axis"]["title"] for layer in shown]
    assert titles == ["time step ▲ top ▼ bottom", "time step"]


def test_a_relu_has_the_wider_scale() -> None:
    assert scale_of("hidden") == BOUNDED
    assert scale_of("hidden", bounded=False) == UNBOUNDED
    assert scale_of("forget_gate") == GATE
    assert scale_of("update_gate") == gate_scale("replaces", "keeps")
    assert scale_of("candidate") == BOUNDED


def test_a_simple_rnn_has_no_gates_to_draw() -> None:
    with pytest.raises(ValueError, match="trace must hold gates; got hidden"):
        charts.gates("rnn", analysis.trace(small_run().at(), "rnn"), ("",) * 12)


@pytest.mark.parametrize("units", [1, 3, 8, 32, 50, 64, 100, 128, 200, 256])
def test_a_raster_is_high_enough_to_see_and_low_enough_to_compare(units: int) -> None:
    assert 60 <= band_height(units) <= 128
    assert units > 128 or band_height(units) % units == 0


def test_large_rasters_are_smoothed() -> None:
    assert is_crisp(32, 50)
    assert not is_crisp(200, 50)
    assert not is_crisp(32, 400)
    wide = charts.states("gru", _trace(hidden=np.zeros((400, 8))), ("",) * 400)
    assert pixels(_urls(wide)[0]).shape == (32, 1600, 4)
    assert wide.spec["layer"][0]["mark"]["smooth"]


def test_pictures_stay_below_the_next_until_it_is_there() -> None:
    first, later = draw("states", small_run(), 0), draw("states", small_run(), 7)
    both = later.after(first).tables["pictures"]
    assert both["url"] == [*_urls(first), *_urls(later)]
    assert both["order"] == [0, 0, 1, 1]
    assert len(set(both["key"])) == 4
    assert both["top"] == [*later.tables["pictures"]["top"]] * 2


def test_what_has_not_changed_is_not_there_twice() -> None:
    drawing = draw("states", small_run(), 7)
    assert drawing.after(drawing) is drawing
    assert drawing.after(None) is drawing
    half = charts.states("lstm", analysis.trace(small_run().at(7), "lstm") | {"hidden": np.zeros((12, 8))}, _tokens())
    assert half.after(drawing).tables["pictures"]["order"] == [0, 1, 1]


def test_equal_rasters_have_keys_of_their_own() -> None:
    same = np.zeros((5, 3))
    drawing = charts.states("lstm", _trace(hidden=same, cell=same), ("",) * 5)
    assert len(set(drawing.tables["pictures"]["key"])) == 2


def test_nothing_stays_below_another_chart() -> None:
    states = draw("states", small_run(), 0)
    assert draw("gates", small_run(), 7).after(states).tables["pictures"]["order"] == [1] * 4
    assert draw("loss", small_run(), 7).after(states).tables.keys() == draw("loss", small_run(), 7).tables.keys()


def test_an_emptier_history_does_not_let_a_fuller_one_shine_through() -> None:
    early, late = draw("gradient_history", small_run(), 2), draw("gradient_history", small_run(), 9)
    assert late.after(early) is not late
    assert early.after(late) is early


def _tokens() -> tuple[str, ...]:
    return analysis.tokens(small_run().experiment)
