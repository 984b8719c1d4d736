"""What every cell's description holds: a new one is held to the same by being there."""

import dataclasses
import itertools
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz import cells, charts
from rnnviz.anatomy import equations
from rnnviz.anatomy.step import Anatomy, taken_apart
from rnnviz.byhand import gated
from rnnviz.cells import CELLS, Block, Cell
from rnnviz.cells.diagram import INPUT, OUTPUT
from rnnviz.charts import theme
from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.measure.anatomy import step
from rnnviz.nn.models.model import make_model
from rnnviz.specs.layer_sizes import weight_shapes
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import task

TASK = task("adding", length=5)
RULES: dict[str, Callable[..., Any]] = {
    "product": lambda a, b: a * b,
    "sum": lambda *terms: sum(terms),
    "rest": lambda a, b: a - b,
    "tanh": np.tanh,
    "turned": lambda a: 1 - a,
    "minus": lambda a: -a,
}
every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


def specs(cell: Cell) -> list[ModelSpec]:
    """A model with every value of every option of which a cell's steps depend."""
    told = [fields.meaning(ModelSpec, option.name) for option in cell.settings if option.told]
    chosen = itertools.product(*([(one.name, value) for value in one.options or [one.default]] for one in told))
    return [ModelSpec(cell.name, 4, **dict(pairs)) for pairs in chosen]  # type: ignore[arg-type]


EVERY = [pytest.param(spec, id=spec.kind.kind(spec)) for cell in CELLS.values() for spec in specs(cell)]


def cut(spec: ModelSpec, other: bool = False) -> Anatomy:
    weights = {name: 2 * w.numpy() for name, w in make_model(spec, TASK, 0).state_dict().items()}
    found = step(spec, TASK, weights, TASK.probes().batch.inputs[:, :1], -1, "forward")
    return taken_apart(spec, found, weights, -1, "forward", other)


@every_cell
def test_its_names_are_its_own(cell: Cell) -> None:
    assert CELLS[cell.name] is cell and re.fullmatch("[a-z][a-z0-9]*", cell.name), "it stands in labels and links"
    assert len(set(cell.letters)) == len(cell.letters) == len(set(cell.block_names)) == len(cell.blocks) > 0
    assert cell.states[0].name == "hidden" and len(set(cell.variables)) == len(cell.variables)
    assert not cell.order or sorted(cell.order) == sorted(cell.letters)
    assert [other.place for other in CELLS.values()].count(cell.place) == 1
    assert cell.source and cell.title


@every_cell
def test_every_variable_says_what_it_is(cell: Cell) -> None:
    for part in cell.parts:
        assert part.symbol.endswith("ₜ") and part.title and part.equation, part.name
        assert part.meaning.startswith(f"{part.title} {part.symbol.removesuffix('ₜ')}_t")
    for block in cell.blocks:
        assert block.role in theme.ROLES and (block.activation or "activation" in cell.options)
        assert block.is_gate == (block.activation == "sigmoid" and block.name not in ("hidden",))
        assert len(block.ends) == len(block.stuck) == (2 if block.is_gate else 0)
        assert not block.scaled_by or block.scaled_by in cell.letters[: cell.letters.index(block.letter)]


def test_the_same_name_means_the_same_in_every_cell() -> None:
    for one, other in itertools.combinations([part for cell in CELLS.values() for part in cell.parts], 2):
        if one.name == other.name:
            assert (one.title, one.symbol, one.letter) == (other.title, other.symbol, other.letter)
            if isinstance(one, Block) and isinstance(other, Block):
                assert (one.role, one.ends, one.legend) == (other.role, other.ends, other.legend)


@every_cell
def test_its_colours_are_told_from_all_others(cell: Cell) -> None:
    every = [colour for other in CELLS.values() for colour in (other.colour, other.without)]
    assert all(
        re.fullmatch("#[0-9A-F]{6}", colour) and every.count(colour) == 1 for colour in (cell.colour, cell.without)
    )
    assert (
        theme.style_of(cell.name).colour == cell.colour
        and theme.style_of(f"{cell.name}-without").colour == cell.without
    )


@every_cell
def test_its_options_are_fields_of_a_model_that_only_such_cells_have(cell: Cell) -> None:
    for option in cell.settings:
        meaning = fields.meaning(ModelSpec, option.name)
        other_value = next((one for one in meaning.options if one != meaning.default), 1.0)
        assert getattr(ModelSpec(cell.name, **{option.name: other_value}), option.name) == other_value  # type: ignore[arg-type]
        for without in (other for other in CELLS.values() if option.name not in other.options):
            with pytest.raises(ExperimentError, match=f"{option.name} must be .* for {without.name}.*{option.part}"):
                ModelSpec(without.name, **{option.name: other_value})  # type: ignore[arg-type]


@pytest.mark.parametrize("spec", EVERY)
def test_ranges_and_equations_hold_for_every_option(spec: ModelSpec) -> None:
    found = cut(spec).found
    for part in spec.kind.parts:
        assert "{" not in spec.kind.equation_of(part, spec)
        ends = {"-1 to 1": (-1, 1), "0 to 1": (0, 1), "0 and above": (0, np.inf), "any": (-np.inf, np.inf)}
        low, high = ends[spec.kind.range_of(part, spec)]
        assert ((found[part.name] >= low) & (found[part.name] <= high)).all(), part.name
    assert spec.kind.is_bounded(spec) == (spec.kind.range_of(spec.kind.states[0], spec) in ("-1 to 1", "0 to 1"))


@pytest.mark.parametrize("spec", EVERY)
def test_its_weights_are_those_of_its_implementation(spec: ModelSpec) -> None:
    made = {name: tuple(weight.shape) for name, weight in make_model(spec, TASK, 0).state_dict().items()}
    assert made == weight_shapes(spec, TASK.input_size, TASK.output_size)


@every_cell
def test_every_diagram_is_that_of_some_model(cell: Cell) -> None:
    kinds = {cell.kind(spec, other) for spec in specs(cell) for other in (False, cell.convention is not None)}
    assert not cell.wirings or kinds == {*cell.wirings}
    assert all(kind.startswith(cell.name) and cells.wiring(kind) is wiring for kind, wiring in cell.wirings.items())


@pytest.mark.parametrize("other", [False, True])
@pytest.mark.parametrize("spec", EVERY)
def test_everything_on_a_diagram_is_a_number_of_the_cell_and_follows_from_what_is_told(
    spec: ModelSpec, other: bool
) -> None:
    cell, found = spec.kind, cut(spec, other)
    if not cell.wirings:
        return
    wiring, usual = cell.wirings[cell.kind(spec, other)], cell.wirings[cell.kind(spec)]
    values = found.at(3)
    drawn = (
        {wire.value for wire in wiring.wires} | {part.value for part in wiring.parts} | {wiring.sum[0], *wiring.sum[1]}
    )
    assert drawn - {"", INPUT, OUTPUT} <= set(values)
    told = {name: cut(spec).at(3)[name] for name in usual.told}  # in the usual convention, whichever is drawn
    for name, rule, *of in wiring.rules:
        told[name] = RULES[rule](*(told[one] for one in of))
    for name in drawn - {"", INPUT, OUTPUT}:
        np.testing.assert_allclose(told[name], values[name], atol=1e-9, err_msg=name)
    assert charts.diagram(cell.kind(spec, other), cell.title, found.numbers(3, 1), {INPUT: "", OUTPUT: ""}).alt


@pytest.mark.parametrize("spec", EVERY)
def test_its_equations_begin_with_its_blocks_in_the_order_in_which_they_are_read(spec: ModelSpec) -> None:
    found = equations.equations(cut(spec), 3, 1)
    assert bool(found) == (spec.kind.equations is not None)
    assert not found or [one.letter for one in found if one.letter] == list(spec.kind.by_letter)
    assert all(one.general and one.shown for one in found)


@every_cell
def test_its_vectors_go_from_the_old_states_to_the_new(cell: Cell) -> None:
    letters = [vector.letter for vector in cell.vectors]
    states = [state.letter for state in cell.states] if cell.recurrent else []
    assert letters[: len(states)] == [f"{letter}0" for letter in states] and letters[-1] == "h"
    assert {vector.variable for vector in cell.vectors} == set(cell.variables)
    assert {vector.letter for vector in cell.vectors} <= set(cut(ModelSpec(cell.name, 4)).at(2))


@every_cell
def test_another_convention_is_its_own_inverse(cell: Cell) -> None:
    if (other := cell.convention) is None:
        return
    spec = ModelSpec(cell.name, 4)
    weights = {name: w.numpy() for name, w in make_model(spec, TASK, 0).state_dict().items()}
    twice = other.weights(other.weights(weights))
    assert all((twice[name] == weight).all() for name, weight in weights.items())
    found = dict(cut(spec).found)
    again = other.trace(other.trace(found))
    assert all(np.allclose(again[name], values) for name, values in found.items())
    assert len({other.usual, other.title}) == 2 and other.asked and other.note.endswith(".")


@pytest.mark.parametrize("name", gated.offered())
def test_what_is_calculated_by_hand_is_what_the_cell_does(name: str) -> None:
    cell, begin = CELLS[name], gated.gated(name)
    assert len(begin.weights) == len(cell.blocks) and {*begin.before} == {state.letter for state in cell.states}
    v = gated.values(begin)
    own = dataclasses.replace(begin, **{letter: v[letter] for letter in begin.before})  # type: ignore[arg-type]
    assert {*v} >= {*cell.letters, *begin.before, *(f"{letter}0" for letter in begin.before)}
    assert all(len(weights) == len(cell.blocks) for weights in gated.particular(name).presets.values())
    assert gated.values(own)["h"] != v["h"], "the next step begins where this one ended"
    assert len(gated.equation_lines(begin)) == len(cell.blocks) + len(cell.states)
    assert gated.particular(name).remark(v).endswith(".")


def test_cells_stand_in_the_order_of_their_places() -> None:
    assert [cell.place for cell in CELLS.values()] == sorted(cell.place for cell in CELLS.values())
    assert cells.state_names() == ("hidden", "cell")
    assert cells.shown_names() == ("cell_candidate", "candidate", *cells.gate_names())
    with pytest.raises(KeyError):
        cells.part("no such variable")
