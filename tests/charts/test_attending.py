"""The charts of encoder-decoder models: what they hold, keep room for, and do with what is hostile."""

import json

import numpy as np
import pandas as pd
import pytest

from rnnviz import charts
from rnnviz.charts import BeamNode
from rnnviz.charts.kit import symbols

FED, FREE = "fed with the right answer", "running free"
SIX = ("rnn", "lstm", "gru", "rnn-without", "lstm-without", "gru-without")
ODD = ("e\u0301", "ש", "", " ", "\n", "\u200fشمس", "internationalisation", "🙂")


def _rows(drawing: charts.Drawing, table: str) -> list[dict]:
    columns = drawing.tables[table]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _same_structure(first: charts.Drawing, second: charts.Drawing) -> bool:
    return json.dumps({**first.spec, "datasets": 0}) == json.dumps({**second.spec, "datasets": 0})


def _even(rows: int, columns: int) -> np.ndarray:
    return np.full((rows, columns), 1 / columns)


@pytest.mark.parametrize("draw", [charts.attention, charts.attention_cells])
@pytest.mark.parametrize("shape", [(1, 1), (5, 1), (1, 40), (40, 50)])
def test_pictures_of_any_shape_fit_on_a_page(draw, shape: tuple[int, int]) -> None:
    rows, columns = shape
    drawing = draw(_even(rows, columns), ["a"] * columns, ["b"] * rows)
    assert drawing.spec["height"] <= 800
    assert len(drawing.tables["outputs"]["row"]) == rows and len(drawing.tables["inputs"]["column"]) == columns


def test_the_largest_picture_fits_on_a_page() -> None:
    words = ("internationalisation", *"a" * 63)
    assert charts.attention(_even(64, 64), words, words).spec["height"] <= 800
    with pytest.raises(ValueError, match=r"at most 2,000; got 64 outputs × 64 inputs"):
        charts.attention_cells(_even(64, 64), words, words)


def test_room_is_kept_for_outputs_that_are_not_there_yet() -> None:
    short = charts.attention(_even(2, 3), "abc", "de", rows=9, columns=5, letters=4)
    long = charts.attention(_even(9, 5), ["four"] * 5, ["four"] * 9, rows=9, columns=5, letters=4)
    assert _same_structure(short, long)
    assert short.tables["pictures"]["bottom"] == long.tables["pictures"]["bottom"]


def test_a_wrong_symbol_has_a_cross_and_the_chosen_row_a_frame() -> None:
    drawing = charts.attention(_even(3, 2), "ab", "cde", [False, True], 2)
    assert [row["cross"] for row in _rows(drawing, "outputs")] == ["", "×", ""]
    (frame,), last = _rows(drawing, "frames"), _rows(drawing, "outputs")[2]
    assert frame["top"] < last["middle"] < frame["bottom"]
    assert not _rows(charts.attention(_even(3, 2), "ab", "cde"), "frames")


def test_symbols_of_every_script_are_taken() -> None:
    weights = _even(8, 8)
    weights[3] = np.nan
    for drawing in (charts.attention(weights, ODD, ODD), charts.attention_cells(weights, ODD, ODD, 3)):
        assert drawing.nbytes and [row["symbol"] for row in _rows(drawing, "outputs")][2:5] == ["", "␣", "↵"]


def test_an_accent_takes_no_room_and_a_long_word_not_too_much() -> None:
    assert symbols.letters("e\u0301") == 1
    assert symbols.longest(["e\u0301", "", " "]) == 1
    assert symbols.longest(["internationalisation"]) == 14
    assert symbols.symbol_label("internationalisation").endswith("…")


def test_weights_and_symbols_must_agree() -> None:
    with pytest.raises(ValueError, match=r"weights must be 2 outputs × 3 inputs; got \(3, 2\)"):
        charts.attention(_even(3, 2), "abc", "de")
    with pytest.raises(ValueError, match="weights must be 3, one for each symbol"):
        charts.composition("abc", np.ones(2))
    with pytest.raises(ValueError, match="probabilities must be 1, one for each symbol"):
        charts.candidates("a", np.ones(2))


def test_a_click_on_a_cell_gives_its_row_and_column() -> None:
    drawing = charts.attention_cells(_even(2, 3), "abc", "de")
    (param,) = drawing.spec["params"]
    assert param["name"] == "cell" and param["select"]["fields"] == ["row", "column"]
    cells = _rows(drawing, "cells")
    assert [(cell["row"], cell["column"]) for cell in cells] == [(r, c) for r in range(2) for c in range(3)]
    assert (cells[4]["output"], cells[4]["input"]) == ("2: e", "2: b")


def test_a_composition_before_and_after_a_change() -> None:
    alone = charts.composition("ab", np.array([0.25, 0.75]))
    assert [bar["value"] for bar in _rows(alone, "bars")] == [0.25, 0.75] and not _rows(alone, "key")
    both = charts.composition("ab", np.array([0.25, 0.75]), np.array([1.0, np.nan]))
    assert [(bar["value"], bar["solid"]) for bar in _rows(both, "bars")] == [(0.25, 0), (0.75, 0), (1.0, 1)]
    assert [sign["name"] for sign in _rows(both, "key")] == ["original", "changed"]


def test_candidates_in_percent_with_the_right_one_ticked() -> None:
    drawing = charts.candidates(("ja", "nein"), np.array([0.875, 0.125]), "nein")
    assert [bar["percent"] for bar in _rows(drawing, "bars")] == ["88 %", "12.5 %"]
    assert [name["tick"] for name in _rows(drawing, "names")] == ["", "✓"]
    assert not any(name["tick"] for name in _rows(charts.candidates(("",), np.array([np.nan])), "names"))


def _beam() -> list[BeamNode]:
    return [
        BeamNode(0, -1, 0, 0, "a", -0.5, True, True, True),
        BeamNode(1, 0, 1, 0, "b", -0.9, True, False, True),
        BeamNode(2, 0, 1, 1, "c", -1.1, True, True, False, True, 0.5),
        BeamNode(3, 0, 1, 2, "d", -np.inf, False),
    ]


def test_a_beam_marks_where_the_best_path_is_not_the_greedy_one() -> None:
    nodes = _rows(charts.beam_tree(_beam()), "nodes")
    assert [node["ring"] for node in nodes] == [0, 0, 1, 0]
    assert [node["number"] for node in nodes] == ["−0.50", "−0.90", "−1.10", "–"]
    assert [node["fate"] for node in nodes] == ["kept", "kept", "ended", "pruned"]
    assert nodes[3]["opacity"] < nodes[1]["opacity"]
    assert nodes[2]["probability"] == "50 %" and nodes[0]["probability"] == "–"


def test_a_beam_has_an_edge_for_every_parent() -> None:
    edges = _rows(charts.beam_tree(_beam()), "edges")
    assert [(edge["order"], edge["dashed"]) for edge in edges] == [(0, False), (1, False), (2, True)]
    assert charts.beam_tree([]).nbytes and charts.beam_tree(_beam()[:1]).nbytes


def test_a_schedule_says_its_value_now() -> None:
    drawing = charts.schedule([(0, 1.0), (10, 0.0)], 5, 10, [(0, 0.9)])
    assert [(place["value"], place["name"]) for place in _rows(drawing, "place")] == [(50.0, "50 %")]
    assert {line["series"] for line in _rows(drawing, "lines")} == {"set by the schedule", "measured"}
    assert not _rows(charts.schedule([(0, 1.0)], -1, 1), "place")


def _modes(labels: tuple[str, ...], across: str) -> pd.DataFrame:
    rows = [(1, label, mode, value) for label in labels for mode, value in ((FED, 1.0), (FREE, 2.0))]
    return pd.DataFrame(rows, columns=[across, "label", "mode", "value"])


def test_running_free_is_thicker_and_the_gap_is_shaded_for_few_models() -> None:
    few = charts.exposure(_modes(("gru", "gru-without"), "step"), ("gru", "gru-without"), 1)
    fed, free = _rows(few, "lines")[:2]
    assert fed["width"] < free["width"] and fed["colour"] == free["colour"]
    line = next(layer for layer in few.spec["layer"] if layer["mark"]["type"] == "line")
    assert line["encoding"]["size"]["field"] == "width"  # Vega-Lite overlooks `strokeWidth` on a line that has a width
    assert [(gap["value"], gap["free"]) for gap in _rows(few, "gaps")] == [(1.0, 2.0)] * 2
    assert not _rows(charts.positions(_modes(SIX, "position"), SIX, 1), "gaps")


def test_lines_along_the_ends_of_an_axis_have_room_to_be_as_thick_as_elsewhere() -> None:
    lengths = pd.DataFrame({"length": [4.0], "label": ["gru"], "value": [100.0]})
    sharp = pd.DataFrame({"step": [0], "label": ["gru"], "value": [1.0]})
    for drawing in (
        charts.exposure(_modes(("gru",), "step"), ("gru",), 1),
        charts.positions(_modes(("gru",), "position"), ("gru",), 1),
        charts.by_length(lengths, ("gru",), 6),
        charts.schedule([(0, 1.0), (10, 1.0)], 5, 10),
        charts.sharpness(sharp, ("gru",), 1, "peak"),
        charts.sharpness(sharp, ("gru",), 1, "entropy"),
    ):
        line = next(layer for layer in drawing.spec["layer"] if layer["mark"]["type"] == "line")
        scale = line["encoding"]["y"]["scale"]
        assert scale["padding"] >= 5 and not scale["nice"], drawing.alt


def test_what_is_longer_than_any_trained_on_is_shaded() -> None:
    table = pd.DataFrame({"length": [4.0, 9.0], "label": ["gru", "gru"], "value": [90.0, np.nan]})
    (beyond,) = _rows(charts.by_length(table, ("gru",), 6, longest=12), "beyond")
    assert (beyond["start"], beyond["end"], beyond["name"]) == (6.5, 12.5, "trained up to here")
    assert charts.by_length(table[:0], SIX, 6).nbytes


def test_sharpness_is_of_two_kinds() -> None:
    table = pd.DataFrame({"step": [0], "label": ["gru"], "value": [0.5]})
    about = [charts.sharpness(table, ("gru",), 1, kind).alt for kind in ("entropy", "peak")]
    assert about[0].startswith("Line chart: entropy of the weights (bits)") and "largest weight" in about[1]
    with pytest.raises(ValueError, match="kind must be entropy or peak; got 'mean'"):
        charts.sharpness(table, ("gru",), 1, "mean")
