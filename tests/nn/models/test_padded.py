"""Sequences of different lengths side by side: each is read exactly as if it were alone."""

import functools
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stack import extent_of, turned
from rnnviz.nn.models.padded import run_padded
from tests.nn.reference import NAMED, STOCK, numbers

CLOSE: dict[torch.dtype, dict[str, Any]] = {
    torch.float32: {"rtol": 2e-6, "atol": 2e-6},  # about 17 roundings of numbers around 1
    torch.float64: {"rtol": 1e-12, "atol": 1e-12},
}
I, H = 3, 4


def make(cell: str, dtype: torch.dtype = torch.float64, **sizes: Any) -> nn.RNNBase:
    module = NAMED[cell].module(I, H, sizes.pop("num_layers", 1), **sizes)
    with torch.no_grad():
        for seed, weight in enumerate(module.parameters()):
            weight.copy_(0.6 * numbers(*weight.shape, seed=seed))
    return module.to(dtype)


def real_of(lengths: list[int]) -> Tensor:
    """Which steps (T, B) are no padding, with a step behind the longest that nothing reaches."""
    return torch.arange(max(lengths) + 1)[:, None] < torch.tensor(lengths)


def states_of(found: Any) -> tuple[Tensor, ...]:
    """Last states as `run_padded` gives them, from what a module gives."""
    return found if isinstance(found, tuple) else (found,)


def masks_of(module: nn.RNNBase, real: Tensor) -> list[Tensor]:
    width = H * (2 if module.bidirectional else 1)
    return [(numbers(*real.shape, width, seed=40 + i) > 0).double() * 2 for i in range(module.num_layers - 1)]


LENGTHS = st.lists(st.integers(1, 7), min_size=1, max_size=5)
SIZES = st.fixed_dictionaries(
    {"num_layers": st.integers(1, 3), "bidirectional": st.booleans(), "skip": st.booleans(), "bias": st.booleans()}
)


@pytest.mark.parametrize("cell", NAMED)
@settings(max_examples=25)
@given(LENGTHS, SIZES, st.booleans(), st.sampled_from(list(CLOSE)))
def test_each_sequence_is_read_as_if_alone(
    cell: str, lengths: list[int], sizes: dict[str, Any], drops: bool, dtype: torch.dtype
) -> None:
    module, real = make(cell, dtype, **sizes), real_of(lengths)
    x = numbers(*real.shape, I, seed=9, dtype=dtype).requires_grad_()
    masks = [mask.to(dtype) for mask in masks_of(module, real)] if drops else None
    output, state = run_padded(module, x, extent_of(real), masks)
    assert len(state) == len(kind_of(module).description.states)
    weights, total = [x, *module.parameters()], torch.zeros((), dtype=dtype)
    alone = torch.zeros((), dtype=dtype)
    for b, length in enumerate(lengths):
        own = None if masks is None else [mask[:length, b : b + 1] for mask in masks]
        there, last = module(x[:length, b : b + 1], masks=own)
        torch.testing.assert_close(output[:length, b : b + 1], there, **CLOSE[dtype])
        wanted = numbers(*there.shape, seed=b, dtype=dtype)
        total = total + (output[:length, b : b + 1] * wanted).sum()
        alone = alone + (there * wanted).sum()
        for many, one in zip(state, states_of(last), strict=True):
            torch.testing.assert_close(many[:, b : b + 1], one, **CLOSE[dtype])
            total = total + (many[:, b] * numbers(*many[:, b].shape, seed=b + 70, dtype=dtype)).sum()
            alone = alone + (one[:, 0] * numbers(*many[:, b].shape, seed=b + 70, dtype=dtype)).sum()
    loose = {"rtol": 1e-4, "atol": 2e-5} if dtype == torch.float32 else {"rtol": 1e-10, "atol": 1e-12}
    for mine, theirs in zip(torch.autograd.grad(total, weights), torch.autograd.grad(alone, weights), strict=True):
        torch.testing.assert_close(mine, theirs, **loose)


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", STOCK)
def test_torchs_own_modules_agree_on_packed_sequences(
    cell: str, layers: int, bidirectional: bool, dtype: torch.dtype
) -> None:
    lengths = [5, 1, 7, 2, 7]
    ours = make(cell, dtype, num_layers=layers, bidirectional=bidirectional)
    stock = NAMED[cell].torchs.make(I, H, layers, bidirectional=bidirectional).to(dtype)
    stock.load_state_dict(ours.state_dict())
    real, x = real_of(lengths), numbers(8, 5, I, seed=2, dtype=dtype)
    packed, last = stock(pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False))
    theirs = [pad_packed_sequence(packed, total_length=8)[0], *states_of(last)]
    output, state = run_padded(ours, x, extent_of(real))
    mine = [output * real[..., None], *state]
    pairs = [*zip(mine, theirs, strict=True)]
    for a, b in pairs:
        torch.testing.assert_close(a, b, **CLOSE[dtype])
    wanted = [numbers(*b.shape, seed=5, dtype=dtype) for _, b in pairs]
    by_ours = torch.autograd.grad([a for a, _ in pairs], list(ours.parameters()), wanted)
    by_stock = torch.autograd.grad([b for _, b in pairs], list(stock.parameters()), wanted)
    loose = {"rtol": 1e-4, "atol": 1e-4} if dtype == torch.float32 else {"rtol": 1e-11, "atol": 1e-11}
    for a, b in zip(by_ours, by_stock, strict=True):
        torch.testing.assert_close(a, b, **loose)


GARBAGE = {"zeros": 0.0, "large": -1e30, "infinite": torch.inf, "none": torch.nan}


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", NAMED)
def test_what_stands_on_padding_changes_nothing_to_the_last_bit(cell: str, bidirectional: bool) -> None:
    module, real = make(cell, torch.float32, num_layers=2, bidirectional=bidirectional, skip=True), real_of([3, 1, 6])
    found = []
    for value in GARBAGE.values():
        x = numbers(*real.shape, I, dtype=torch.float32)
        x = torch.where(real[..., None], x, torch.tensor(value)).requires_grad_()
        output, state = run_padded(module, x, extent_of(real))
        parts = [output[real], *state]
        wanted = [numbers(*part.shape, seed=1, dtype=torch.float32) for part in parts]
        gradients = torch.autograd.grad(parts, [x, *module.parameters()], wanted)
        assert not gradients[0][~real].any()
        found.append([*(part.detach() for part in parts), *gradients])
    for other in found[1:]:
        for a, b in zip(found[0], other, strict=True):
            assert a.isfinite().all() and torch.equal(a, b)


def test_states_that_blow_up_on_padding_do_no_harm() -> None:
    """A ReLU network whose states grow a hundredfold at every step is fine as long as its sequences are short."""
    module, real = make("rnn_relu", torch.float32), real_of([2, 3, 40])[:, :2]
    with torch.no_grad():
        module.weight_hh_l0.copy_(100 * torch.eye(H))
        for weight in (module.weight_ih_l0, module.bias_ih_l0):
            weight.fill_(1.0)
    x = torch.ones(*real.shape, I)
    output, (h,) = run_padded(module, x, extent_of(real))
    short, (h_short,) = run_padded(module, x[:3], extent_of(real[:3]))
    assert torch.equal(output[real], short[real[:3]]) and torch.equal(h, h_short) and h.isfinite().all()
    mine, theirs = (torch.autograd.grad(s.sum(), list(module.parameters())) for s in (h, h_short))
    for a, b in zip(mine, theirs, strict=True):
        torch.testing.assert_close(a, b)


@given(LENGTHS)
def test_turning_twice_gives_everything_back(lengths: list[int]) -> None:
    real = real_of(lengths)
    extent, x = extent_of(real), numbers(*real.shape, 2)
    back = turned(x, extent)
    assert torch.equal(turned(back, extent), x) and torch.equal(back[~real], x[~real])
    for b, length in enumerate(lengths):
        assert torch.equal(back[:length, b], x[:length, b].flip(0))
        assert torch.equal(extent.at_last(x)[b], x[length - 1, b])


def test_an_lstm_keeps_its_cell_state_on_padding_to_the_last_bit() -> None:
    module, real = make("lstm", torch.float32), real_of([1, 2, 60])[:, :2]
    x = 50 * numbers(*real.shape, I, dtype=torch.float32)
    run = functools.partial(run_padded, module)
    _, (_, long) = run(x, extent_of(real))
    _, (_, short) = run(x[:2], extent_of(real[:2]))
    assert torch.equal(long, short)
