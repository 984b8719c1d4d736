"""Layers whose weights places share, against step-by-step references of the papers' equations."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from rnnviz.nn.bench.placed import conv_lstm, dc_gru, make
from rnnviz.nn.cells.placed import Placed, PlacedReadout
from rnnviz.specs.architectures.placed import written_out
from rnnviz.tasks.places import AtPlaces, Graph, Image, Nodes

STEPS, BATCH, CHANNELS, READ = 7, 3, 2, 3
ROADS = Graph(
    tuple("abcdef"), ((0, 1, 1.0), (1, 2, 0.5), (1, 3, 0.25), (2, 0, 2.0), (3, 4, 1.0), (4, 3, 1.0))
)  # f has no road
GRID = Image(4, 3, READ)
READING = Nodes(ROADS, READ)
Reference = Callable[[Placed, Tensor], Tensor]


def layers(cell: str, places: AtPlaces, reach: int, **options: str) -> Placed:
    return make(cell, places, reach, CHANNELS, **options).double()


CASES = [
    pytest.param("lstm", {}, GRID, 1, conv_lstm(GRID), id="ConvLSTM 3×3"),
    pytest.param("lstm", {}, GRID, 2, conv_lstm(GRID), id="ConvLSTM 5×5"),
    pytest.param("gru", {"reset": "before"}, READING, 1, dc_gru(READING, 1), id="DCGRU, one step"),
    pytest.param("gru", {"reset": "before"}, READING, 3, dc_gru(READING, 3), id="DCGRU, three steps"),
]


@pytest.mark.parametrize(("cell", "options", "places", "reach", "reference"), CASES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_outputs_and_gradients_are_those_of_the_papers_equations(
    cell: str, options: dict[str, str], places: AtPlaces, reach: int, reference: Reference, dtype: torch.dtype
) -> None:
    module = layers(cell, places, reach, **options).to(dtype)
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(STEPS, BATCH, places.size, generator=generator, dtype=torch.float64).to(dtype).requires_grad_()
    by_output = torch.randn(STEPS, BATCH, places.count * CHANNELS, generator=generator, dtype=torch.float64).to(dtype)
    wanted = [x, *module.parameters()]
    h, expected = module(x)[0], reference(module, x)
    close = 1e-6 if dtype is torch.float32 else 1e-10
    assert (h - expected).abs().max() < close
    ours = torch.autograd.grad((h * by_output).sum(), wanted)
    theirs = torch.autograd.grad((expected * by_output).sum(), wanted)
    for a, b in zip(ours, theirs, strict=True):
        assert (a - b).abs().max() / b.abs().max() < close


def test_diffusion_steps_are_powers_of_the_random_walks() -> None:
    weights = ROADS.weights
    out, into = weights.sum(1, keepdims=True), weights.T.sum(1, keepdims=True)
    forward = np.divide(weights, out, out=np.zeros_like(weights), where=out > 0)
    backward = np.divide(weights.T, into, out=np.zeros_like(weights), where=into > 0)
    found = Nodes(ROADS).mixing(3)
    np.testing.assert_allclose(found[0], np.eye(6))
    for steps in (1, 2, 3):
        np.testing.assert_allclose(found[steps], np.linalg.matrix_power(forward, steps), atol=1e-7)
        np.testing.assert_allclose(found[3 + steps], np.linalg.matrix_power(backward, steps), atol=1e-7)


def test_a_place_without_roads_reads_itself_alone() -> None:
    module = layers("gru", READING, 2, reset="before")
    x = torch.randn(STEPS, 1, 6 * READ, dtype=torch.float64)
    other = x.clone()
    other[..., : 5 * READ] += 1
    alone = slice(5 * CHANNELS, 6 * CHANNELS)
    assert torch.equal(module(x)[0][..., alone], module(other)[0][..., alone])


def test_a_matrix_written_out_is_the_same_in_numpy() -> None:
    module = layers("lstm", GRID, 1)
    name = "weight_hh_l0"
    ours = module.written_out(name, getattr(module, name)).detach().numpy()
    np.testing.assert_allclose(ours, written_out(getattr(module, name).detach().numpy(), GRID.mixing(1), 4))


def test_a_readout_is_the_same_at_every_place_or_of_their_mean() -> None:
    each, whole = PlacedReadout(12, CHANNELS, 3, over_all=False), PlacedReadout(12, CHANNELS, 3, over_all=True)
    for one in (each, whole):
        torch.nn.init.normal_(one.weight), torch.nn.init.normal_(one.bias)
    states = torch.randn(5, BATCH, 12 * CHANNELS)
    at_places = each(states).view(5, BATCH, 12, 3)
    assert torch.allclose(at_places[..., 7, :], states[..., 14:16] @ each.weight.T + each.bias, atol=1e-6)
    mean = states.view(5, BATCH, 12, CHANNELS).mean(2)
    assert torch.allclose(whole(states), mean @ whole.weight.T + whole.bias, atol=1e-6)
