"""The diagram of a cell: every kind of cell has one, and everything in it stands for a number of that cell."""

import numpy as np
import pytest

from rnnviz import charts
from rnnviz.anatomy.step import taken_apart
from rnnviz.cells import CELLS
from rnnviz.cells.diagram import HEIGHT
from rnnviz.charts.strips import Strip
from rnnviz.nn.measure.anatomy import step
from rnnviz.nn.models.model import make_model
from rnnviz.tasks import task
from tests.cells.test_contract import specs

SPECS = {
    spec.kind.kind(spec, other): spec
    for cell in CELLS.values()
    for spec in specs(cell)
    for other in (False, cell.convention is not None)
}
WIRINGS = {kind: wiring for cell in CELLS.values() for kind, wiring in cell.wirings.items()}
every_kind = pytest.mark.parametrize("kind", WIRINGS)
GATES = {"f", "i", "o", "r", "z", "turned"}


def numbers(kind: str, unit: int | None = 1) -> dict[str, float]:
    chosen, spec = task("adding", length=5), SPECS[kind]
    weights = {name: w.numpy() for name, w in make_model(spec, chosen, 0).state_dict().items()}
    found = step(spec, chosen, weights, chosen.probes().batch.inputs[:, :1], -1, "forward")
    return taken_apart(spec, found, weights, -1, "forward", kind.endswith("updates")).numbers(3, unit)


def test_every_kind_of_cell_has_a_diagram_or_its_cell_is_described_without() -> None:
    assert set(WIRINGS) == {kind for kind, spec in SPECS.items() if spec.kind.wirings}


@every_kind
@pytest.mark.parametrize("unit", [1, None])
def test_every_wire_and_part_stands_for_a_number_of_the_cell(kind: str, unit: int | None) -> None:
    values = numbers(kind, unit)
    drawing = charts.diagram(kind, "cell", values, {"x": "0.8*", "y": "1.03"})
    for wire in WIRINGS[kind].wires:
        assert not wire.value or wire.value in values, wire.value
        assert wire.gate == (wire.value in GATES)
    for part in WIRINGS[kind].parts:
        assert part.value in values or part.value in ("", "x", "y"), part.value
    shown = dict(zip(drawing.tables["parts"]["name"], drawing.tables["parts"]["value"], strict=True))
    assert shown["xₜ"] == "0.8*" and shown["yₜ"] == "1.03"
    assert shown["hₜ"] == f"{values['h']:z.2f}".replace("-", "−")
    assert set(drawing.tables["parts"]["ink"]) <= {"#1c2733", "#f4f6f8"}


def test_the_shown_terms_of_a_sum_add_up_to_what_is_shown_of_it() -> None:
    values = numbers("lstm") | {"kept": 0.7142, "written": -0.3764, "c": 0.3378}
    drawing = charts.diagram("lstm", "LSTM", values, {"x": "", "y": ""})
    assert {"0.714", "−0.376"} < set(drawing.tables["labels"]["value"])  # not 0.71 − 0.38, which is 0.33
    parts = drawing.tables["parts"]
    assert dict(zip(parts["name"], parts["value"], strict=True))["cₜ"] == "0.34"


@every_kind
@pytest.mark.parametrize("unit", [0, 1, 2, 3, None])
def test_sums_of_real_cells_add_up_as_shown(kind: str, unit: int | None) -> None:
    values, (result, terms) = numbers(kind, unit), WIRINGS[kind].sum
    drawing = charts.diagram(kind, "cell", values, {"x": "", "y": ""})
    labelled = [wire.value for wire in WIRINGS[kind].wires if wire.label]
    shown = dict(zip(labelled, drawing.tables["labels"]["value"], strict=True))
    shown |= dict(zip([part.value for part in WIRINGS[kind].parts], drawing.tables["parts"]["value"], strict=True))
    exact = {name: float(shown[name].replace("−", "-")) for name in (result, *terms)}
    assert abs(sum(exact[name] for name in terms) - exact[result]) <= 0.0051


@every_kind
def test_wires_run_straight_and_stay_inside(kind: str) -> None:
    for wire in WIRINGS[kind].wires:
        for start, end in zip(wire.path, wire.path[1:], strict=False):
            assert start[0] == end[0] or start[3] == end[3], wire.value
        assert all(0 <= across <= 100 and 0 <= down <= HEIGHT for across, _, _, down in wire.path)


def test_with_z_updates_the_other_branch_is_turned() -> None:
    for reset in ("after", "before"):
        keeps, updates = ({wire.value: wire.path[-1] for wire in WIRINGS[f"gru-{reset}{more}"].wires if wire.arrow}
                          for more in ("", "-z-updates"))  # fmt: skip
        assert keeps["z"] == updates["turned"] and keeps["turned"] == updates["z"]


def test_long_words_are_cut_and_symbols_can_be_renamed() -> None:
    drawing = charts.diagram("lstm", "LSTM", numbers("lstm"), {"x": "something", "y": ""}, {"hₜ₋₁": "hₜ₊₁", "yₜ": "up"})
    table = drawing.tables["parts"]
    assert "someth…" in table["value"] and {"hₜ₊₁", "up"} <= set(table["name"]) and "hₜ₋₁" not in table["long"]


def test_strips_mark_the_chosen_unit_in_all_but_the_input() -> None:
    rows = [Strip("xₜ", "", np.zeros(2), None), Strip("hₜ", "hidden", np.zeros(4), -0.5)]
    drawing = charts.strips("RNN", rows, 3)
    assert drawing.tables["chosen"]["from"] == [0.75] and drawing.tables["chosen"]["to"] == [1.0]
    assert drawing.tables["chosen"]["top"][0] > drawing.tables["strips"]["bottom"][0]
    assert drawing.tables["strips"]["value"] == ["", "−0.50"]
    assert charts.strips("RNN", rows, None).tables["chosen"]["from"] == []


@every_kind
def test_only_cells_with_gates_have_their_legend(kind: str) -> None:
    drawing = charts.diagram(kind, "cell", numbers(kind), {"x": "0.8*", "y": "1.03"})
    assert len(drawing.tables["legends"]["across"]) == (2 if SPECS[kind].kind.gates else 1)


@every_kind
def test_what_is_read_as_a_whole_vector_has_no_units_colour(kind: str) -> None:
    paths = {wire.path[-1][:1]: wire.value for wire in WIRINGS[kind].wires if wire.path[-1][3] < 60}
    assert set(paths.values()) == {""}
    if kind.startswith("gru-before"):
        assert "reset" not in {wire.value for wire in WIRINGS[kind].wires}


def test_strips_seen_last_stay_below_until_the_new_ones_are_loaded() -> None:
    first = charts.strips("RNN", [Strip("hₜ", "hidden", np.linspace(-1, 1, 4), 0.5)], 0)
    later = charts.strips("RNN", [Strip("hₜ", "hidden", np.linspace(1, -1, 4), 0.5)], 0)
    both = later.after(first).tables
    assert both["pictures"]["order"] == [0, 1] and both["pictures"]["url"][0] == first.tables["pictures"]["url"][0]
    assert both["strips"]["name"] == ["hₜ"]
    assert later.after(later) is later
