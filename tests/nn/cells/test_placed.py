"""Layers whose weights places share, against step-by-step references of the papers' equations."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from rnnviz.nn.cells.lookup import kind_for
from rnnviz.nn.cells.placed import Placed, PlacedReadout
from rnnviz.specs.placed_sizes import written_out
from rnnviz.tasks.places import AtPlaces, Graph, Image, Nodes

STEPS, BATCH, CHANNELS, READ = 7, 3, 2, 3
ROADS = Graph(
    tuple("abcdef"), ((0, 1, 1.0), (1, 2, 0.5), (1, 3, 0.25), (2, 0, 2.0), (3, 4, 1.0), (4, 3, 1.0))
)  # f has no road
GRID = Image(4, 3, READ)
Reference = Callable[[Placed, Tensor], Tensor]


def layers(cell: str, places: AtPlaces, reach: int, seed: int = 0, **options: str) -> Placed:
    mixing = torch.from_numpy(places.mixing(reach).copy())
    found = Placed(kind_for(cell, options), places.size, places.count * CHANNELS, mixing).double()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in found.parameters():
            weight.uniform_(-0.5, 0.5, generator=generator)
    return found


def conv_lstm(module: Placed, x: Tensor) -> Tensor:
    """Shi et al. 2015, equation 3, without peepholes, with torch's own convolution; x (T, B, P·F)."""
    size = round((len(module.mixing)) ** 0.5)
    kernels = [
        weight.view(4 * CHANNELS, size, size, -1).permute(0, 3, 1, 2)
        for weight in (module.weight_ih_l0, module.weight_hh_l0)
    ]
    bias = module.bias_ih_l0 + module.bias_hh_l0
    frames = x.view(len(x), -1, GRID.height, GRID.width, READ).permute(0, 1, 4, 2, 3)
    h = c = x.new_zeros(x.shape[1], CHANNELS, GRID.height, GRID.width)
    states = []
    for frame in frames:
        a = sum(functional.conv2d(*pair, padding=size // 2) for pair in zip((frame, h), kernels, strict=True))
        i, f, g, o = (a + bias[:, None, None]).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        states.append(h.permute(0, 2, 3, 1).flatten(1))
    return torch.stack(states)


def diffused(x: Tensor, weight: Tensor, graph: Graph, reach: int) -> Tensor:
    """Li et al. 2018, equation 2: Σ_k (θ_k1 (D_O⁻¹ W)^k + θ_k2 (D_I⁻¹ Wᵀ)^k) X, step by step; x (B, P, F)."""
    w = torch.tensor(graph.weights)
    walks = [(one / one.sum(1, keepdim=True).clamp(min=1e-300)).to(x.dtype) for one in (w, w.T)]
    spread = [x]
    for walk in walks:
        now = x
        for _ in range(reach):
            now = torch.einsum("pq,bqf->bpf", walk, now)
            spread.append(now)
    return torch.cat(spread, -1) @ weight.T


def dc_gru(module: Placed, x: Tensor) -> Tensor:
    """Li et al. 2018, equation 3: the products of a GRU whose reset gate comes first, as diffusion convolutions."""
    reach = len(module.mixing) // 2
    w_r, w_u, w_c = module.weight_ih_l0.chunk(3)
    v_r, v_u, v_c = module.weight_hh_l0.chunk(3)
    b_r, b_u, b_c = (module.bias_ih_l0 + module.bias_hh_l0).chunk(3)
    h, states = x.new_zeros(x.shape[1], len(ROADS.names), CHANNELS), []
    for frame in x.view(len(x), -1, len(ROADS.names), READ):
        r, u = (
            torch.sigmoid(diffused(frame, w, ROADS, reach) + diffused(h, v, ROADS, reach) + b)
            for w, v, b in ((w_r, v_r, b_r), (w_u, v_u, b_u))
        )
        c = torch.tanh(diffused(frame, w_c, ROADS, reach) + diffused(r * h, v_c, ROADS, reach) + b_c)
        h = u * h + (1 - u) * c
        states.append(h.flatten(1))
    return torch.stack(states)


CASES = [
    pytest.param("lstm", {}, GRID, 1, conv_lstm, id="ConvLSTM 3×3"),
    pytest.param("lstm", {}, GRID, 2, conv_lstm, id="ConvLSTM 5×5"),
    pytest.param("gru", {"reset": "before"}, Nodes(ROADS, READ), 1, dc_gru, id="DCGRU, one step"),
    pytest.param("gru", {"reset": "before"}, Nodes(ROADS, READ), 3, dc_gru, id="DCGRU, three steps"),
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
    module = layers("gru", Nodes(ROADS, READ), 2, reset="before")
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
