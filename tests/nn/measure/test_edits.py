"""Edits of chosen units and time steps alone, and a state that is reset."""

from typing import Any

import numpy as np
import pytest
import torch

import rnnviz as rv
from rnnviz.nn.cells.lookup import kind_of
from tests.nn.reference import NAMED, make_module, numbers

ROLES = [(cell, role) for cell, kind in NAMED.items() for role in kind.description.gates]


@pytest.mark.parametrize(("cell", "gate"), [(cell, gate.name) for cell, gate in ROLES])
def test_an_edit_acts_on_the_chosen_units_and_steps_alone(cell: str, gate: str) -> None:
    module, x = make_module(cell, inputs=3, hidden=4, num_layers=2, bidirectional=True), numbers(8, 2, 3)
    plain = rv.trace(module, x)
    found = rv.trace(module, x, edit={gate: rv.Edit(0.25, units=[1, 3], steps=range(3, 5), layer=1, direction=0)})
    values = found[gate].isel(layer=1, direction=0)
    assert (values.isel(time=[3, 4], unit=[1, 3]) == 0.25).all()
    assert not (values.isel(time=[2, 5]) == 0.25).any()
    assert not (values.isel(time=[3, 4], unit=[0, 2]) == 0.25).any()
    for name in plain:  # nothing below, nothing in the other direction, nothing before
        others: list[dict[str, Any]] = [{"layer": 0}, {"layer": 1, "direction": 1}]
        others += [{"layer": 1, "direction": 0, "time": slice(0, 3)}]
        for where in others:
            np.testing.assert_allclose(found[name].isel(where), plain[name].isel(where), rtol=0, atol=1e-12)
    same = rv.trace(module, x, edit={gate: rv.Edit(lambda value: value, units=[0])})
    assert plain.identical(same)


def test_the_backward_direction_counts_its_steps_in_the_order_of_the_input() -> None:
    module, x = make_module("gru", inputs=3, hidden=4, bidirectional=True), numbers(6, 1, 3)
    found = rv.trace(module, x, edit={"hidden": rv.Edit(7.0, steps=[4])})
    assert (found.hidden.isel(time=4) == 7).all() and not (found.hidden.isel(time=[0, 1, 2, 3, 5]) == 7).any()


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", NAMED)
def test_a_reset_is_the_rest_of_the_sequence_read_from_the_zero_state(cell: str, layers: int) -> None:
    module, x = make_module(cell, inputs=3, hidden=4, num_layers=layers), numbers(8, 2, 3)
    if kind_of(module).span > 1:
        pytest.skip("it reads earlier inputs again, which are no state")
    found = rv.trace(module, x, reset=[5])
    before, after = rv.trace(module, x[:5]), rv.trace(module, x[5:])
    for name in found:
        np.testing.assert_allclose(found[name].isel(time=slice(0, 5)), before[name], rtol=0, atol=1e-12)
        np.testing.assert_allclose(found[name].isel(time=slice(5, 8)), after[name], rtol=0, atol=1e-12)
    assert rv.trace(module, x, reset=[0]).identical(rv.trace(module, x))


def test_open_forget_gates_and_shut_input_gates_carry_the_cell_state_unchanged() -> None:
    module, x = make_module("lstm", torch.float32, inputs=3, hidden=4), numbers(9, 2, 3, dtype=torch.float32)
    held = {"forget_gate": rv.Edit(1, steps=range(4, 9)), "input_gate": rv.Edit(0, steps=range(4, 9))}
    cell = rv.trace(module, x, edit=held).cell.values[0, 0]
    assert (cell[4:] == cell[3]).all() and not (cell[3] == cell[2]).any()


@pytest.mark.parametrize(
    ("edit", "reset", "said"),
    [
        (
            {"hidden": rv.Edit(0, units=[4])},
            (),
            "units of the edit of hidden must be whole numbers from 0 to 3; got 4.",
        ),
        ({"hidden": rv.Edit(0, steps=[-1])}, (), "steps of the edit of hidden must be .* from 0 to 4; got -1."),
        ({"hidden": rv.Edit(0, layer=1)}, (), "layer of the edit of hidden must be whole numbers from 0 to 0; got 1."),
        ({"hidden": rv.Edit(0, direction=1)}, (), "direction of the edit of hidden must be .* from 0 to 0; got 1."),
        ({}, [5], "reset must be whole numbers from 0 to 4; got 5."),
        ({}, [True], "reset must be whole numbers from 0 to 4; got True."),
    ],
)
def test_what_is_not_there_is_refused(edit: dict[str, rv.Edit], reset: list[int], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}$"):
        rv.trace(make_module("gru", inputs=3, hidden=4), numbers(5, 1, 3), edit=edit, reset=reset)
