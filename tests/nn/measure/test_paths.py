"""The gradient that an LSTM's cell state receives is the sum of its two paths, and their shares add to 1."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.nn.cells.unfolding import sweep_back, unfold
from rnnviz.nn.measure.paths import paths
from tests.nn.measure.test_jacobians import SIZES
from tests.nn.reference import make_module, numbers, one_step


@given(sizes=SIZES, time=st.integers(1, 7), last_only=st.booleans())
def test_both_paths_add_up_to_the_whole_less_what_enters_here(
    sizes: dict[str, Any], time: int, last_only: bool
) -> None:
    module, x = make_module("lstm", **sizes), numbers(time, 2, sizes["inputs"])
    layers = unfold(module, x)
    dy = numbers(time, 2, sizes["hidden"] * (1 + sizes["bidirectional"]), seed=4)
    dy = dy * (torch.arange(time) == time - 1)[:, None, None] if last_only else dy
    swept = sweep_back(layers, dy)
    for row, back in zip(layers[-1:], swept[-1:], strict=True):
        for one, found, part in zip(row, back, dy.chunk(len(row), -1), strict=True):
            both = paths(one, found)
            direct = one.aligned(part) * one.gates.o * (1 - torch.tanh(one.gates.c) ** 2)
            torch.testing.assert_close(both.additive + both.gates, found.cell - direct, rtol=1e-9, atol=1e-12)
            additive, gates = both.shares()
            arrives = (both.additive + both.gates).abs().amax((1, 2)) > 0
            torch.testing.assert_close((additive + gates)[arrives], torch.ones(int(arrives.sum())).double())
            assert additive[~arrives].isnan().all() and gates[~arrives].isnan().all()


def test_the_additive_path_is_what_autograd_finds_with_the_gates_held_fixed() -> None:
    module, x = make_module("lstm", inputs=3, hidden=4), numbers(6, 2, 3)
    (one,) = unfold(module, x)[0]
    (swept,) = sweep_back([[one]], numbers(6, 2, 4, seed=4))[0]
    before = one.gates.c[3].clone().requires_grad_()
    _, cell = one_step(one.kind, one.weights, x[4], (one.h[3], before))
    expected = torch.autograd.grad(cell, before, swept.cell[4])[0]
    torch.testing.assert_close(paths(one, swept).additive[3], expected)


def test_open_forget_gates_make_a_highway() -> None:
    shares = []
    for bias in (-4.0, 4.0):
        module = make_module("lstm", scale=0.5, inputs=2, hidden=6)
        with torch.no_grad():
            module.bias_ih_l0[6:12] = bias
        layers = unfold(module, numbers(8, 2, 2))
        dy = torch.zeros(8, 2, 6, dtype=torch.float64)
        dy[-1] = 1
        shares.append(float(paths(layers[0][0], sweep_back(layers, dy)[0][0]).shares()[0][:-1].mean()))
    assert shares[0] < 0.5 < shares[1]


def test_only_an_lstm_has_two_paths() -> None:
    layers = unfold(make_module("gru", inputs=2, hidden=3), numbers(4, 2, 2))
    swept = sweep_back(layers, numbers(4, 2, 3))
    with pytest.raises(ValueError, match="must be asked of an LSTM"):
        paths(layers[0][0], swept[0][0])
