"""What every implementation of every cell owes: its step, its fast ways forward and back, and autograd say the same.

A cell that is added is tested by being there.
"""

import copy
import functools
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from rnnviz.cells import CELLS
from rnnviz.nn.cells.kind import Kind, StepRecord
from rnnviz.nn.cells.lookup import KINDS, is_ours, kind_for, kind_of
from rnnviz.nn.cells.unfolding import sweep_back, unfold
from rnnviz.nn.cells.weights import State, Weights, earlier, weights_of
from rnnviz.specs.models import ModelSpec
from tests.nn.reference import NAMED, by_inputs, make_module, numbers, one_step

SIZES = st.tuples(st.integers(1, 6), st.integers(1, 4), st.integers(1, 4), st.integers(1, 5))  # T, B, I, H
EXACT = {"rtol": 1e-10, "atol": 1e-12}
UNUSED = {"allow_unused": True, "materialize_grads": True}  # what hands no state on does not read the one before


def layer(cell: str, sizes: tuple[int, int, int, int]) -> tuple[Weights, Tensor, State]:
    """The weights of one layer, what it reads (T, B, I), and its first state, each of which keeps its gradient."""
    time, batch, inputs, hidden = sizes
    w = Weights(*(weight.detach() for weight in weights_of(make_module(cell, inputs=inputs, hidden=hidden), 0, 0)))
    first = [numbers(batch, hidden, seed=7 + part) for part in range(len(NAMED[cell].description.states))]
    ready = [part.clone().requires_grad_() for part in (*w, numbers(time, batch, inputs), *first)]
    return Weights(*ready[:4]), ready[4], tuple(ready[5:])


def written_out(cell: str, w: Weights, x: Tensor, first: State) -> dict[str, Tensor]:
    """Every variable of every step (T, B, H), by the equations, for autograd."""
    kind, steps, state = NAMED[cell], [], first
    for a in by_inputs(kind, w, x):
        seen: dict[str, Tensor] = {}

        def point(name: str, value: Tensor, seen: dict[str, Tensor] = seen) -> Tensor:
            assert name not in seen, f"{name} is told twice in a step"
            seen[name] = value
            return value

        state = kind.step(w, a, state, point)
        told = [seen[part.name] for part in kind.description.states]
        assert all(a is b for a, b in zip(state, told, strict=True)), "the state is what the last points give"
        steps.append(seen)
    return {name: torch.stack([seen[name] for seen in steps]) for name in kind.description.variables}


@pytest.mark.parametrize("cell", NAMED)
@given(sizes=SIZES)
def test_all_ways_forward_say_what_the_step_says(cell: str, sizes: tuple[int, int, int, int]) -> None:
    kind, (w, x, first) = NAMED[cell], layer(cell, sizes)
    expected = written_out(cell, w, x, first)
    with torch.no_grad():
        ways: list[Any] = [kind.states(w, x, first)]
        if kind.torchs is not None:
            ways.append((kind.torchs.layer(w, x, first, train=False)[0], None))
        for h, inside in ways:
            inside = kind.gates(w, x, earlier(h, first[0]), first) if inside is None else inside
            found = kind.variables(h, inside)
            assert tuple(found) == kind.description.variables
            torch.testing.assert_close(found, expected, **EXACT)
        rebuilt = kind.gates(w, x, earlier(expected["hidden"], first[0]), first)
        torch.testing.assert_close(kind.variables(expected["hidden"], rebuilt), expected, **EXACT)
        torch.testing.assert_close(kind.advance(w, x[0], first), one_step(kind, w, x[0], first), **EXACT)


@pytest.mark.parametrize("cell", NAMED)
@given(sizes=SIZES, last=st.booleans())
def test_all_ways_back_say_what_autograd_says(cell: str, sizes: tuple[int, int, int, int], last: bool) -> None:
    """Of a loss by every h_t and, with `last`, by the final states."""
    kind, (w, x, first) = NAMED[cell], layer(cell, sizes)
    states = [part.name for part in kind.description.states]
    found, leaves = written_out(cell, w, x, first), [x, *w, *first]
    wanted = {name: numbers(*found[name].shape, seed=20 + i) for i, name in enumerate(states)}
    for name in states:
        wanted[name][:-1] *= name == "hidden"
        wanted[name][-1:] *= name == "hidden" or last
    of = [found[name] for name in states]
    ends = [wanted[name] for name in states]
    grads = torch.autograd.grad(of, leaves, ends, retain_graph=True, **UNUSED)

    for way in (kind.layer, functools.partial(Kind.layer, kind)):  # through a kernel of torch, and without
        h, others = way(w, x, first)
        ends = [wanted["hidden"], *(wanted[name][-1] for name in states[1:])]
        torch.testing.assert_close(torch.autograd.grad([h, *others], leaves, ends, **UNUSED), grads, **EXACT)

    with torch.no_grad():
        inside = kind.gates(w, x, earlier(h, first[0]), first)
        direct = wanted["cell"] if kind.description.has_cell_state and last else None
        back = kind.sweep(w, h, inside, wanted["hidden"], direct)
        mine = (kind.by_input(w, back.at_input), *back.weight_gradients(x, h, first[0]), *back.first)
    torch.testing.assert_close(mine, grads, **EXACT)
    totals = [back.hidden, *([] if back.cell is None else [back.cell])]
    assert len(totals) == len(states)
    torch.testing.assert_close(totals, totals_by_autograd(cell, w, x, first, wanted), **EXACT)


def totals_by_autograd(cell: str, w: Weights, x: Tensor, first: State, wanted: dict[str, Tensor]) -> list[Tensor]:
    """∂L/∂h_t and ∂L/∂c_t through all later steps, L = Σ_t h_t · wanted_t: by states that are replaced by leaves."""
    kind, states = NAMED[cell], [part.name for part in NAMED[cell].description.states]
    reached: dict[str, list[Tensor]] = {name: [] for name in states}
    loss, state = torch.zeros((), dtype=x.dtype), first
    for t, a in enumerate(by_inputs(kind, w, x)):

        def point(name: str, value: Tensor) -> Tensor:
            if name in reached:
                value.retain_grad()
                reached[name].append(value)
            return value

        state = kind.step(w, a, state, point)
        loss = loss + sum((part * wanted[name][t]).sum() for name, part in zip(states, state, strict=True))
    loss.backward()
    found = [torch.stack([torch.zeros_like(v) if v.grad is None else v.grad for v in reached[name]]) for name in states]
    for leaf in (*w, x, *first):
        leaf.grad = None
    return found


@pytest.mark.parametrize("cell", NAMED)
@given(sizes=SIZES)
def test_derivatives_of_a_step_are_autograds(cell: str, sizes: tuple[int, int, int, int]) -> None:
    kind, (w, x, first) = NAMED[cell], layer(cell, sizes)
    w, x, first = Weights(*(part.detach() for part in w)), x.detach(), tuple(part.detach() for part in first)
    time, batch, _, hidden = sizes
    variables = written_out(cell, w, x, first)
    inside = kind.gates(w, x, earlier(variables["hidden"], first[0]), first)
    before = [earlier(variables[part.name], one) for part, one in zip(kind.description.states, first, strict=True)]
    steps = kind.derivatives(w, variables["hidden"], before[0], inside)
    assert steps.shape == (time, batch, hidden) and steps.size == hidden * len(before)

    def step(state: Tensor, a: Tensor) -> Tensor:
        parts = tuple(part[None] for part in state.split(hidden, -1))
        return torch.cat(kind.step(w, a[None], parts), -1)[0]

    jacobian = torch.func.vmap(torch.func.vmap(torch.func.jacrev(step, (0, 1))))
    a = kind.products(w, x)
    by_before, by_a = jacobian(torch.cat(before, -1), a)
    torch.testing.assert_close(steps.by_before(), by_before, **EXACT)
    d = numbers(3, batch, steps.size, seed=3)
    for t in range(time):
        expected = torch.einsum("nbs,bsr->nbr", d, by_before[t]), torch.einsum("nbs,bsr->nbr", d, by_a[t])
        torch.testing.assert_close(steps.back(t, d), expected, **EXACT)
        by_state = [*d.split(hidden, -1)]
        for index, part in enumerate(by_state[1:], 1):
            outlet = kind.outlet(inside)
            assert outlet is not None
            by_state[index] = part + d[..., :hidden] * outlet[t]
        torch.testing.assert_close(steps.parts(t, d), tuple(by_state), **EXACT)


@pytest.mark.parametrize("cell", NAMED)
@given(sizes=SIZES)
def test_a_step_goes_on_with_what_its_points_give(cell: str, sizes: tuple[int, int, int, int]) -> None:
    """The weights reach the state through gates, candidate and states alone, and the states it reads through these."""
    kind, (w, x, first) = NAMED[cell], layer(cell, sizes)
    states = [part.name for part in kind.description.states]
    inner = [name for name in kind.description.variables if name not in states] or states
    after = one_step(kind, w, x[0], first, lambda name, value: value.detach() if name in inner else value)
    by_weights = torch.autograd.grad(after[0].sum() + 0 * first[0].sum(), [*w, x, first[0]], allow_unused=True)
    assert all(found is None for found in by_weights[:-1])
    fixed = one_step(kind, w, x[0], first, lambda name, value: value.detach() if name in (*inner, *states) else value)
    assert not any(part.requires_grad for part in fixed)


@pytest.mark.parametrize("cell", NAMED)
@given(sizes=SIZES)
def test_the_direct_path_is_autograds_with_all_else_held_fixed(cell: str, sizes: tuple[int, int, int, int]) -> None:
    kind, (w, x, first) = NAMED[cell], layer(cell, sizes)
    states = [part.name for part in kind.description.states]
    with torch.no_grad():
        h = written_out(cell, w, x, first)["hidden"]
        inside = kind.gates(w, x, earlier(h, first[0]), first)
        factor, carried = kind.factor(h, inside)[0], first[-1]
    held = Weights(*(part.detach() for part in w))

    def point(name: str, value: Tensor) -> Tensor:
        return value if name in states else value.detach()

    after = one_step(kind, held, x[0].detach(), first, point)[-1] + 0 * carried
    d = numbers(*after.shape, seed=4)
    by_path = torch.autograd.grad(after, carried, d, retain_graph=True)[0]
    expected = d * factor if kind.steepest is None else (d * factor) @ w.hh
    torch.testing.assert_close(by_path, expected, **EXACT)
    assert kind.steepest is None or float(factor.max()) <= kind.steepest
    if kind.description.has_cell_state:
        hidden, cell_state = one_step(kind, held, x[0].detach(), first)
        outlet = kind.outlet(inside)
        assert outlet is not None
        torch.testing.assert_close(torch.autograd.grad(hidden, cell_state, d)[0], d * outlet[0], **EXACT)


@pytest.mark.parametrize("cell", [name for name, kind in NAMED.items() if kind.pair is not None])
@given(sizes=SIZES)
def test_a_step_without_autograd_goes_there_and_back(cell: str, sizes: tuple[int, int, int, int]) -> None:
    kind, (w, x, first) = NAMED[cell], layer(cell, sizes)
    pair = kind.pair
    assert pair is not None
    a, p = (x[0] @ w.ih.T + w.b_ih).detach().requires_grad_(), first[0] @ w.hh.T + w.b_hh
    after = kind.step(w, a, first)
    d = [numbers(*part.shape, seed=5 + i) for i, part in enumerate(after)]
    by_a, *by_before = torch.autograd.grad(after, [a, *first], d)
    with torch.no_grad():
        h, c = first[0], first[1] if len(first) > 1 else None
        h_after, c_after, inside = pair.forward(a, p.clone(), h, c)
        torch.testing.assert_close([h_after, *([] if c_after is None else [c_after])], [*after], **EXACT)
        back = pair.back(StepRecord(h, c, inside), d[0], d[1] if len(d) > 1 else None)
        through = back.at_hidden @ w.hh
        mine = [through if back.h is None else through + back.h, *([] if back.c is None else [back.c])]
    torch.testing.assert_close([back.at_input, *mine], [by_a, *by_before], **EXACT)


@pytest.mark.parametrize("cell", NAMED)
@pytest.mark.parametrize("bias", [False, True])
def test_parameters_are_named_and_shaped_as_torchs(cell: str, bias: bool) -> None:
    kind, more = NAMED[cell], {"bidirectional": True, "bias": bias}
    theirs = nn.RNN(3, 5, 2, **more).state_dict()
    rows = 5 * len(kind.description.blocks)
    expected = {
        name: (rows, *(width * (kind.span if "_ih_" in name else 1) for width in weight.shape[1:]))
        for name, weight in theirs.items()
        if kind.description.recurrent or "_hh_" not in name
    }
    module = kind.module(3, 5, 2, **more)
    assert {name: tuple(weight.shape) for name, weight in module.state_dict().items()} == expected
    assert list(module.state_dict()) == list(expected)
    assert all(weight.abs().max() <= 5**-0.5 and weight.std() > 0 for weight in module.parameters())


@pytest.mark.parametrize("cell", NAMED)
def test_it_is_found_by_its_modules_and_its_options(cell: str) -> None:
    kind = NAMED[cell]
    module = kind.module(2, 3, 2, skip=True)
    assert kind_of(module) == kind_of(copy.deepcopy(module)) == kind and is_ours(module)
    assert kind_for(kind.description.name, {"hidden": 3, **kind.options}) is kind
    assert set(kind.options) <= set(kind.description.options)
    if kind.torchs is not None:
        stock = kind.torchs.make(2, 3)
        assert type(stock) is kind.torchs.module and kind_of(stock) is kind and not is_ours(stock)


@pytest.mark.parametrize("cell", NAMED)
def test_what_it_names_are_its_blocks(cell: str) -> None:
    kind = NAMED[cell]
    names = [block.name for block in kind.description.blocks]
    assert {*kind.biases(ModelSpec("lstm", forget_bias=1.0))} <= {*names}
    assert kind.held is None or len(kind.held) == len(names)
    assert kind.held is not None or not kind.description.has_cell_state, "a cell state must be held behind the end"
    assert kind.factor_name.isidentifier()


@pytest.mark.parametrize("name", CELLS)
def test_every_described_cell_is_implemented(name: str) -> None:
    kinds = KINDS[name]
    assert kinds and all(kind.description is CELLS[name] for kind in kinds)
    assert len({tuple(kind.options.items()) for kind in kinds}) == len(kinds)


@pytest.mark.parametrize("cell", NAMED)
def test_layers_of_ours_in_both_directions_sweep_as_autograd(cell: str) -> None:
    module, x = NAMED[cell].module(3, 4, 2, bidirectional=True, skip=True).double(), numbers(5, 2, 3)
    output = module(x)[0]
    dy = numbers(*output.shape, seed=6)
    grads = torch.autograd.grad(output, list(module.parameters()), dy)
    layers = unfold(module, x)
    swept = sweep_back(layers, dy)
    mine = [
        weight
        for row, backs in zip(layers, swept, strict=True)
        for one, back in zip(row, backs, strict=True)
        for weight in back.weight_gradients(one.x, one.h, one.h0)
        if weight.numel()
    ]
    torch.testing.assert_close(mine, [*grads], **EXACT)
