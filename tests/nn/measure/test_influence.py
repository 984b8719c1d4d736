"""Where gradients come from: the parts add up to the whole, equal autograd's, and reach no step to come."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

import rnnviz as rv
from tests.nn.measure.test_jacobians import SIZES
from tests.nn.reference import CARRYING, NAMED, make_module, numbers, unrolled


def every_step(output: Tensor) -> Tensor:
    """One loss per step, of the state of that step alone: (T, B, N) → (T,)."""
    return (output.square() * numbers(*output.shape, seed=5).to(output)).sum((1, 2))


def running(output: Tensor) -> Tensor:
    """One loss per step, of all states up to it."""
    return output.square().cumsum(0).mean((1, 2))


@pytest.mark.parametrize("cell", NAMED)
@given(sizes=SIZES, time=st.integers(1, 7), loss_fn=st.sampled_from([every_step, running]), layer=st.integers(0, 1))
def test_the_parts_add_up_to_the_whole_gradient(
    cell: str, sizes: dict[str, Any], time: int, loss_fn: Callable[[Tensor], Tensor], layer: int
) -> None:
    module, x = make_module(cell, **sizes), numbers(time, 3, sizes["inputs"])
    layer = min(layer, sizes["num_layers"] - 1)
    flow = rv.gradient_flow(module, x, lambda output: loss_fn(output).sum())
    for direction in ("forward", "backward") if sizes["bidirectional"] else ("forward",):
        found = rv.influence(module, x, loss_fn, layer, direction, vectors=True)
        whole = flow.hidden_grad.sel(layer=layer, direction=direction)
        np.testing.assert_allclose(found.influence_vectors.sum("loss_time"), whole, rtol=1e-9, atol=1e-12)
        norms = np.sqrt(np.square(found.influence_vectors).sum(("sample", "unit")))
        np.testing.assert_allclose(found.influence, norms, rtol=1e-9, atol=1e-12)
        assert float(found.loss.sum()) == pytest.approx(flow.attrs["loss"])


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", NAMED)
def test_past_a_skip_connection(cell: str, bidirectional: bool) -> None:
    module, x = NAMED[cell].module(3, 4, 3, skip=True, bidirectional=bidirectional).double(), numbers(5, 2, 3)
    found = rv.influence(module, x, every_step, layer=0, vectors=True).influence_vectors.sum("loss_time")
    flow = rv.gradient_flow(module, x, lambda output: every_step(output).sum())
    np.testing.assert_allclose(found, flow.hidden_grad.sel(layer=0, direction="forward"), rtol=1e-9)


@pytest.mark.parametrize("cell", NAMED)
def test_every_part_equals_autograds(cell: str) -> None:
    module, x = make_module(cell, inputs=3, hidden=4, num_layers=2, bidirectional=True), numbers(5, 2, 3)
    found = rv.influence(module, x, every_step, layer=0, direction="backward", vectors=True)
    output, states = unrolled(module, x)
    for s, loss in enumerate(every_step(output)):
        parts = torch.autograd.grad(loss, states["hidden"][1], retain_graph=True, allow_unused=True)
        expected = torch.stack([torch.zeros(2, 4) if part is None else part for part in parts])
        np.testing.assert_allclose(found.influence_vectors[s], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("cell", CARRYING)
def test_a_loss_does_not_depend_on_states_to_come(cell: str) -> None:
    module, x = make_module(cell, inputs=3, hidden=4, num_layers=2), numbers(6, 2, 3)
    found = rv.influence(module, x, every_step, layer=0).influence.values
    assert np.all(found[np.triu_indices(6, 1)] == 0)
    assert np.all(found[np.tril_indices(6)] > 0)
    both = make_module(cell, inputs=3, hidden=4, bidirectional=True)
    back = rv.influence(both, x, every_step, direction="backward").influence.values
    assert np.all(back[np.tril_indices(6, -1)] == 0)
    assert np.all(back[np.triu_indices(6)] > 0)


@pytest.mark.parametrize("cell", NAMED)
def test_single_precision_and_batches_first(cell: str) -> None:
    exact = make_module(cell, inputs=3, hidden=4)
    single = make_module(cell, torch.float32, inputs=3, hidden=4, batch_first=True)
    single.load_state_dict(exact.state_dict())
    x = numbers(6, 2, 3)
    found = rv.influence(single, x.transpose(0, 1).float(), lambda output: every_step(output.transpose(0, 1)))
    np.testing.assert_allclose(found.influence, rv.influence(exact, x, every_step).influence, rtol=1e-4, atol=1e-6)


def test_in_parts_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    module, x = make_module("lstm", inputs=3, hidden=4), numbers(6, 2, 3)
    whole = rv.influence(module, x, every_step, vectors=True)
    monkeypatch.setattr("rnnviz.nn.measure.influence.AT_ONCE", 100)
    assert whole.equals(rv.influence(module, x, every_step, vectors=True))


def test_a_sequence_alone_a_first_state_and_a_real_loss() -> None:
    module, x = make_module("gru", inputs=3, hidden=4), numbers(6, 3)
    readout, targets = nn.Linear(4, 5).double(), torch.tensor([0, 1, 2, 3, 4, 0])

    def loss_fn(output: Tensor) -> Tensor:
        return nn.functional.cross_entropy(readout(output), targets, reduction="none")

    found = rv.influence(module, x, loss_fn, state=numbers(1, 4, seed=2))
    assert found.influence.dims == ("loss_time", "time")
    assert found.influence.shape == (6, 6)
    assert not np.allclose(found.influence, rv.influence(module, x, loss_fn).influence)


def test_what_does_not_fit_is_refused() -> None:
    module, x = make_module("gru", inputs=3, hidden=4), numbers(5, 2, 3)
    wrong: list[tuple[Callable[[Tensor], Any], str]] = [
        (lambda output: output.sum(), r"of shape \(5,\) .*; got float64 of shape \(\)"),
        (lambda output: output.sum((0, 1)), r"of shape \(5,\) .*; got float64 of shape \(4,\)"),
        (lambda output: 1.0, "got float"),
        (lambda output: torch.zeros(5), r"got float32 of shape \(5,\) that does not depend on the output"),
    ]
    for loss_fn, message in wrong:
        with pytest.raises(ValueError, match=f"loss_fn must return .*{message}"):
            rv.influence(module, x, loss_fn)
    for layer in (1, 0.5, "top", None, False):
        with pytest.raises(ValueError, match="layer must be from 0 to 0, or -1 for the top; got"):
            rv.influence(module, x, every_step, layer=layer)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="direction must be forward for this module; got 'backward'"):
        rv.influence(module, x, every_step, direction="backward")
    with pytest.raises(ValueError, match="inputs must be of shape"):
        rv.influence(module, x[..., :2], every_step)
