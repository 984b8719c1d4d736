"""The step equations are torch's, and the fast layers are torch's layers: outputs, states, every gradient."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.nn.cells.rnn import RNN
from rnnviz.nn.cells.weights import Weights
from tests.nn.reference import NAMED, STOCK, make_module, numbers, one_step, unrolled

SIZES = st.fixed_dictionaries(
    {
        "inputs": st.integers(1, 5),
        "hidden": st.integers(1, 6),
        "num_layers": st.integers(1, 3),
        "bidirectional": st.booleans(),
        "batch_first": st.booleans(),
        "bias": st.booleans(),
    }
)


def _weights(cell: Any) -> Weights:
    return Weights(cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh)


@pytest.mark.parametrize("cell", STOCK)
def test_a_step_is_torchs(cell: str) -> None:
    kind = NAMED[cell]
    theirs = kind.torchs.step(3, 4, **kind.torchs.arguments).double()
    state = tuple(numbers(2, 4, seed=1 + part) for part in range(len(kind.description.states)))
    x = numbers(2, 3)
    expected = theirs(x, state if len(state) > 1 else state[0])
    expected = expected if len(state) > 1 else (expected,)
    torch.testing.assert_close(one_step(kind, _weights(theirs), x, state), expected)
    torch.testing.assert_close(kind.advance(_weights(theirs), x, state), expected)


@pytest.mark.parametrize("cell", STOCK)
@given(sizes=SIZES, time=st.integers(1, 7), batch=st.integers(1, 4))
def test_layers_equal_torchs(cell: str, sizes: dict[str, Any], time: int, batch: int) -> None:
    stock = make_module(cell, **sizes)
    more = dict(sizes)
    ours = NAMED[cell].module(more.pop("inputs"), more.pop("hidden"), more.pop("num_layers"), **more).double()
    ours.load_state_dict(stock.state_dict())
    shape = (batch, time) if sizes["batch_first"] else (time, batch)
    found = []
    for module in (stock, ours):
        x = numbers(*shape, sizes["inputs"]).requires_grad_()
        output, final = module(x)
        loss = (output * numbers(*output.shape, seed=1)).sum()
        loss = loss + sum(s.square().sum() for s in (final if isinstance(final, tuple) else (final,)))
        found.append([output, final, *torch.autograd.grad(loss, [x, *module.parameters()])])
    for theirs, mine in zip(*found, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("cell", STOCK)
def test_first_state_counts_and_has_a_gradient(cell: str) -> None:
    stock = make_module(cell, inputs=3, hidden=4, num_layers=2)
    ours = NAMED[cell].module(3, 4, 2).double()
    ours.load_state_dict(stock.state_dict())
    x, found = numbers(5, 2, 3), []
    for module in (stock, ours):
        h0 = numbers(2, 2, 4, seed=4).requires_grad_()
        several = len(NAMED[cell].description.states) > 1
        output = module(x, (h0, torch.zeros_like(h0)) if several else h0)[0]
        found.append((output, torch.autograd.grad(output.square().sum(), h0)[0]))
    torch.testing.assert_close(found[1], found[0])


def test_sigmoid_rnn_equals_the_step_by_step_loop() -> None:
    module = RNN(3, 4, 2, activation="sigmoid", bidirectional=True).double()
    x = numbers(6, 2, 3)
    expected, _ = unrolled(module, x)
    output, _ = module(x)
    torch.testing.assert_close(output, expected)
    weights = list(module.parameters())
    expected_grads = torch.autograd.grad(expected.square().sum(), weights)
    torch.testing.assert_close(torch.autograd.grad(output.square().sum(), weights), expected_grads)


@pytest.mark.parametrize("cell", STOCK)
def test_state_dicts_move_both_ways(cell: str) -> None:
    stock = make_module(cell, inputs=3, hidden=4, num_layers=2, bidirectional=True)
    ours = NAMED[cell].module(3, 4, 2, bidirectional=True).double()
    assert list(ours.state_dict()) == list(stock.state_dict())
    ours.load_state_dict(stock.state_dict())
    fresh = make_module(cell, inputs=3, hidden=4, num_layers=2, bidirectional=True)
    fresh.load_state_dict(ours.state_dict())
    torch.testing.assert_close(fresh(numbers(5, 2, 3))[0], stock(numbers(5, 2, 3))[0])
