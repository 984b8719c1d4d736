"""A trace with variables edited on the way is the layer recomputed, for every cell, every variable, every layout."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

import rnnviz as rv
from rnnviz.nn.cells.editing import At, loop
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.unfolding import sweep_back, unfold, unfold_one
from rnnviz.nn.cells.weights import State, weights_of
from rnnviz.nn.measure.paths import paths
from tests.nn.cells.test_cells import SIZES
from tests.nn.reference import NAMED, by_inputs, make_module, numbers, one_step

TOLERANCE = {torch.float32: 1e-6, torch.float64: 1e-12}
EVERY = [(cell, name) for cell, kind in NAMED.items() for name in kind.description.variables]


def identity(value: Tensor) -> Tensor:
    return value


def same_there(value: Tensor, at: At) -> Tensor:
    return value


def shaped(module: nn.RNNBase, time: int, batch: int) -> Tensor:
    layout = (batch, time) if module.batch_first else (time, batch)
    return numbers(*layout, module.input_size, dtype=next(module.parameters()).dtype)


def first_of(module: nn.RNNBase, batch: int) -> Any:
    rows, many = module.num_layers * (1 + module.bidirectional), len(kind_of(module).description.states)
    parts = [0.5 * numbers(rows, batch, module.hidden_size, seed=30 + part) for part in range(many)]
    return tuple(parts) if many > 1 else parts[0]


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize(("cell", "name"), EVERY)
def test_an_edit_by_the_identity_changes_no_bit(cell: str, name: str, dtype: torch.dtype) -> None:
    module = make_module(cell, dtype, inputs=3, hidden=4, num_layers=2, bidirectional=True)
    x = shaped(module, 6, 2)
    plain, none, same = (rv.trace(module, x, edit=edit) for edit in (None, {}, {name: identity}))
    assert plain.identical(none) and plain.identical(same) and list(plain) == list(same)
    kind, w = kind_of(module), weights_of(module, 0, 0)
    first = (torch.zeros(2, 4, dtype=dtype),) * len(kind.description.states)
    with torch.no_grad():
        (by_loop, changed), (unedited, _) = (loop(kind, w, x, first, edits) for edits in ({name: same_there}, {}))
        assert not changed and all(torch.equal(by_loop[of], unedited[of]) for of in unedited)
        ordinary = unfold_one(module, w, x, first, False).variables()
    torch.testing.assert_close(by_loop, ordinary, rtol=0, atol=TOLERANCE[dtype])


@pytest.mark.parametrize(("cell", "name"), EVERY)
@settings(max_examples=10)
@given(sizes=SIZES, time=st.integers(1, 6), batch=st.integers(1, 3), given_state=st.booleans())
def test_what_is_edited_is_as_edited_and_all_else_follows(
    cell: str, name: str, sizes: dict[str, Any], time: int, batch: int, given_state: bool
) -> None:
    """Every other variable is what the step makes of the trace's own values, step by step and layer by layer."""
    module, directions = make_module(cell, **sizes), 1 + sizes["bidirectional"]
    constant = 0.5 + 0.1 * numbers(batch, sizes["hidden"], seed=2)
    x, state = shaped(module, time, batch), first_of(module, batch)
    found = rv.trace(module, x, state if given_state else None, edit={name: constant.numpy()})
    assert np.array_equal(found[name], np.broadcast_to(constant, found[name].shape))
    starts = [part * given_state for part in (state if isinstance(state, tuple) else (state,))]
    read = x.transpose(0, 1) if sizes["batch_first"] else x
    for layer in range(sizes["num_layers"]):
        for d in range(directions):
            place = {"layer": layer, "direction": d, "time": slice(None, None, -1 if d else 1)}
            values = {of: torch.tensor(part.values.copy()) for of, part in found.isel(place).data_vars.items()}
            first = tuple(part[layer * directions + d] for part in starts)
            made = followed(module, layer, d, read.flip(0) if d else read, first, values)  # type: ignore[arg-type]
            for of in set(values) - {name}:
                torch.testing.assert_close(values[of], made[of], rtol=0, atol=1e-12)
        read = torch.cat([torch.tensor(part) for part in found.hidden.values[layer]], -1)


def followed(
    module: nn.RNNBase, layer: int, direction: int, x: Tensor, state: State, values: dict[str, Tensor]
) -> dict[str, Tensor]:
    """What the step makes of every variable (T, B, H) where the `values` stand in place of all of them."""
    w, made = weights_of(module, layer, direction), {name: torch.empty_like(of) for name, of in values.items()}
    for t, a in enumerate(by_inputs(kind_of(module), w, x)):

        def point(name: str, value: Tensor, t: int = t) -> Tensor:
            made[name][t] = value.detach()
            return values[name][t]

        state = kind_of(module).step(w, a, state, point)
    return made


@pytest.mark.parametrize("cell", NAMED)
def test_a_unit_taken_away_is_a_module_without_its_weights(cell: str) -> None:
    module = make_module(cell, inputs=3, hidden=4, num_layers=2, bidirectional=True)
    kept = torch.tensor([1.0, 1.0, 0.0, 1.0]).double()
    found = rv.trace(module, x := numbers(6, 2, 3), edit={"hidden": lambda h: h * kept})
    assert not found.hidden[..., 2].any()
    without = copy.deepcopy(module)
    with torch.no_grad():
        for name, weight in without.named_parameters():
            if "weight_hh" in name:
                weight[:, 2] = 0
            if "weight_ih_l1" in name:
                weight.view(len(weight), -1, 8)[..., [2, 6]] = 0  # of every step that is read
    others = [0, 1, 3]  # of the unit itself its own state knows, where there are gates
    expected = rv.trace(without, x).isel(unit=others)
    np.testing.assert_allclose(found.hidden.isel(unit=others), expected.hidden, rtol=0, atol=1e-12)


def open_forget_gates(module: nn.RNNBase) -> nn.RNNBase:
    """A copy whose forget gates are 1 to the last bit, whatever is read."""
    found = copy.deepcopy(module)
    with torch.no_grad():
        for name, bias in found.named_parameters():
            if name.startswith("bias_ih"):
                bias[module.hidden_size : 2 * module.hidden_size] = 1e4
    return found


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_clamped_forget_gate_is_one_that_its_bias_holds_open(bidirectional: bool) -> None:
    module, x = make_module("lstm", inputs=3, hidden=4, num_layers=2, bidirectional=bidirectional), numbers(7, 2, 3)
    found, expected = rv.trace(module, x, edit={"forget_gate": 1}), rv.trace(open_forget_gates(module), x)
    assert (found.forget_gate == 1).all() and (expected.forget_gate == 1).all()
    for name in found:
        np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=1e-12)


def test_behind_clamped_forget_gates_the_direct_path_is_the_identity() -> None:
    """∂c_T/∂c_t with all gates held fixed: by autograd through the step, and by the laboratory's own instruments."""
    module, x = make_module("lstm", inputs=3, hidden=4), numbers(7, 2, 3)
    kind, w = kind_of(module), weights_of(module, 0, 0)
    first = numbers(2, 4, seed=5), numbers(2, 4, seed=6).requires_grad_()

    def point(name: str, value: Tensor) -> Tensor:
        value = torch.ones_like(value) if name == "forget_gate" else value
        return value if name in ("hidden", "cell") else value.detach()

    state: tuple[Tensor, ...] = first
    for x_t in x:
        state = one_step(kind, w, x_t, state, point)
    for unit in range(4):
        (by_first,) = torch.autograd.grad(state[1][:, unit].sum(), first[1], retain_graph=True)
        assert torch.equal(by_first, torch.eye(4).double()[unit].expand(2, 4))

    opened = open_forget_gates(module)
    assert (rv.jacobians(opened, x).cell_singular_values == 1).all()
    layers = unfold(opened, x)
    swept = sweep_back(layers, numbers(7, 2, 4, seed=8))[0][0]
    assert swept.cell is not None
    assert torch.equal(paths(layers[0][0], swept).additive[:-1], swept.cell[1:])


def test_edits_at_once_and_by_number_array_and_function() -> None:
    module, x = make_module("lstm", inputs=3, hidden=4), numbers(5, 2, 3)
    by_number = rv.trace(module, x, edit={"input_gate": 0, "output_gate": 1})
    assert not by_number.cell.any() and not by_number.hidden.any()
    arrays = [np.array([[0.25], [0.5]]), torch.tensor([0.1, 0.2, 0.3, 0.4]), [[1, 0, 1, 0]], np.float32(0.5)]
    for array in arrays:
        whole = torch.as_tensor(np.asarray(array)).double().expand(2, 4)
        found = rv.trace(module, x, edit={"forget_gate": array, "hidden": torch.tanh})
        same = rv.trace(module, x, edit={"forget_gate": lambda f, whole=whole: whole, "hidden": torch.tanh})
        assert found.identical(same) and np.array_equal(found.forget_gate[0, 0, 3], whole)


def test_a_function_is_called_in_the_order_of_reading_and_may_write_into_what_it_gets() -> None:
    module, x = make_module("gru", inputs=3, hidden=4, num_layers=2, bidirectional=True), numbers(3, 2, 3)
    seen: list[Tensor] = []
    plain = rv.trace(module, x, edit={"hidden": lambda h: seen.append(h.clone()) or h})
    expected = [
        plain.hidden.values[layer, direction, t]
        for layer in range(2)
        for direction, steps in enumerate((range(3), range(2, -1, -1)))
        for t in steps
    ]
    np.testing.assert_allclose(torch.stack(seen), np.stack(expected), rtol=0, atol=1e-12)
    written = rv.trace(module, x, edit={"hidden": lambda h: h.mul_(0.5)})
    assert written.identical(rv.trace(module, x, edit={"hidden": lambda h: h * 0.5}))
    assert not written.identical(plain)


def test_an_edit_at_one_step_alone_leaves_those_before_it() -> None:
    module, x = make_module("rnn", inputs=3, hidden=4), numbers(6, 2, 3)
    calls: list[int] = []

    def at_step_three(h: Tensor) -> Tensor:
        calls.append(len(calls))
        return torch.zeros_like(h) if calls[-1] == 3 else h

    found, plain = rv.trace(module, x, edit={"hidden": at_step_three}), rv.trace(module, x)
    np.testing.assert_allclose(found.hidden[..., :3, :, :], plain.hidden[..., :3, :, :], rtol=0, atol=1e-12)
    later = rv.trace(module, x[4:])  # from zeros, as after the step that was edited
    np.testing.assert_allclose(found.hidden[..., 4:, :, :], later.hidden, rtol=0, atol=1e-12)


def test_one_sequence_tokens_and_single_precision() -> None:
    module = make_module("gru", torch.float32, inputs=3, hidden=4)
    tokens = np.array([["a"], ["b"], ["c"]])
    found = rv.trace(module, numbers(3, 3), tokens=tokens, edit={"update_gate": np.ones(4)})
    assert found.hidden.dtype == np.float32 and list(found.token.values[:, 0]) == ["a", "b", "c"]
    assert not found.hidden.any() and (found.update_gate == 1).all()


KNOWN = "hidden, cell, input_gate, forget_gate, cell_candidate, output_gate"
REFUSED: list[tuple[Any, str]] = [
    ({"update_gate": 1}, f"edit must be of the variables {KNOWN}; got 'update_gate'"),
    ({3: 1}, f"edit must be of the variables {KNOWN}; got 3"),
    (["cell"], r"edit must map variables to what stands in their place; got \['cell'\]"),
    ({"cell": "none"}, "edit of cell must be an array or a tensor of numbers; got 'none'"),
    ({"cell": 1j}, "edit of cell must be of real numbers; got complex64"),
    ({"cell": torch.zeros(3)}, r"edit of cell must be a number, .* here \(2, 4\); got shape \(3,\)"),
    ({"cell": torch.zeros(5, 2, 4)}, r"edit of cell must be a number, .* here \(2, 4\); got shape \(5, 2, 4\)"),
    ({"cell": lambda c: c[0]}, r"edit of cell must return a tensor of shape \(2, 4\); got shape \(4,\)"),
    ({"cell": lambda c: c.sum()}, r"edit of cell must return a tensor of shape \(2, 4\); got shape \(\)"),
    ({"cell": lambda c: None}, r"edit of cell must return a tensor of shape \(2, 4\); got None"),
    ({"cell": lambda c: c.numpy()}, r"edit of cell must return a tensor of shape \(2, 4\); got "),
]


@pytest.mark.parametrize(("edit", "message"), REFUSED)
def test_what_is_no_edit_is_refused(edit: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}.*\\.$") as refused:
        rv.trace(nn.LSTM(3, 4), torch.zeros(5, 2, 3), edit=edit)
    assert "\n" not in str(refused.value)


def test_an_error_of_the_function_itself_comes_through() -> None:
    def broken(value: Tensor) -> Tensor:
        raise KeyError("mine")

    edit: dict[str, Callable[[Tensor], Tensor]] = {"hidden": broken}
    with pytest.raises(KeyError, match="mine"):
        rv.trace(nn.GRU(3, 4), torch.zeros(5, 2, 3), edit=edit)
