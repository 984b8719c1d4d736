"""How fast layers are whose weights places share, against plain autograd loops of the papers' equations."""

import statistics
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from rnnviz.nn.bench.timing import taking_turns
from rnnviz.nn.cells.lookup import kind_for
from rnnviz.nn.cells.placed import Placed
from rnnviz.tasks.places import AtPlaces, Graph, Image, Nodes

T, B = 12, 32
LEAST = 1.5  # times as fast
PICTURE = Image(8, 8, 4)  # and 4 channels of states
ROADS = Nodes(Graph(tuple(f"s{at}" for at in range(20)), tuple((at, (at + 1) % 20, 1.0) for at in range(20))), 2)


def compare_placed(repeats: int) -> None:
    """Print forward and backward of one layer against a plain loop."""
    print(f"Weights shared by places, T={T} B={B}, forward and backward, median ms\n")
    print("| layer | plain loop | ours | ratio | at least |\n|---|---|---|---|---|")
    shapes = {
        "ConvLSTM 3×3, 8 × 8 places, 4 channels": (make("lstm", PICTURE, 1, 4), conv_lstm(PICTURE), PICTURE),
        "DCGRU 2 steps, 20 sensors, 8 channels": (make("gru", ROADS, 2, 8, reset="before"), dc_gru(ROADS, 2), ROADS),
    }
    for name, (module, loop, places) in shapes.items():
        theirs, mine = _medians(module, loop, places, repeats)
        print(f"| {name} | {theirs:.2f} | {mine:.2f} | {theirs / mine:.2f} | {LEAST} |")
    print()


def make(cell: str, places: AtPlaces, reach: int, channels: int, **options: str) -> Placed:
    """One layer with weights from a generator of its own."""
    mixing = torch.from_numpy(places.mixing(reach).copy())
    found = Placed(kind_for(cell, options), places.size, places.count * channels, mixing, places.grid)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weight in found.parameters():
            weight.uniform_(-0.5, 0.5, generator=generator)
    return found


def _medians(module: Placed, loop: Callable[[Placed, Tensor], Tensor], places: AtPlaces, repeats: int) -> list[float]:
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(T, B, places.size, generator=generator)
    dy, weights = torch.randn(T, B, module.hidden_size, generator=generator), list(module.parameters())
    functions = [
        lambda: torch.autograd.grad(loop(module, x), weights, dy),
        lambda: torch.autograd.grad(module(x)[0], weights, dy),
    ]
    return [statistics.median(row) * 1e3 for row in taking_turns(functions, repeats)]


def conv_lstm(places: Image) -> Callable[[Placed, Tensor], Tensor]:
    """Shi et al. 2015, equation 3, without peepholes, with torch's own convolution: x (T, B, P·F) → h (T, B, P·C)."""

    def loop(module: Placed, x: Tensor) -> Tensor:
        size, channels = round(len(module.mixing) ** 0.5), module.hidden_size // places.count
        w_x, w_h = (weight.view(4 * channels, size, size, -1).permute(0, 3, 1, 2) for weight in module.shared(0)[:2])
        bias = torch.stack(module.shared(0)[2:]).sum(0)[:, None, None]
        frames = x.view(len(x), -1, places.height, places.width, places.channels).permute(0, 1, 4, 2, 3)
        h = c = x.new_zeros(x.shape[1], channels, places.height, places.width)
        states = []
        for frame in frames:
            a = functional.conv2d(frame, w_x, padding=size // 2) + functional.conv2d(h, w_h, padding=size // 2) + bias
            i, f, g, o = a.chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            states.append(h.permute(0, 2, 3, 1).flatten(1))
        return torch.stack(states)

    return loop


def dc_gru(places: Nodes, reach: int) -> Callable[[Placed, Tensor], Tensor]:
    """Li et al. 2018, equations 2 and 3, one diffusion step after another: x (T, B, P·F) → h (T, B, P·C)."""
    w = torch.tensor(places.graph.weights)
    walks = [one / one.sum(1, keepdim=True).clamp(min=1e-300) for one in (w, w.T)]

    def diffused(x: Tensor, weight: Tensor) -> Tensor:
        spread = [x]
        for walk in walks:
            now = x
            for _ in range(reach):
                now = walk.to(x.dtype) @ now
                spread.append(now)
        return torch.cat(spread, -1) @ weight.T

    def loop(module: Placed, x: Tensor) -> Tensor:
        w_x, w_h, b_x, b_h = module.shared(0)
        w_r, w_u, w_c = w_x.chunk(3)
        v_r, v_u, v_c = w_h.chunk(3)
        b_r, b_u, b_c = (b_x + b_h).chunk(3)
        h, states = x.new_zeros(x.shape[1], places.count, module.hidden_size // places.count), []
        for frame in x.view(len(x), -1, places.count, places.features):
            r = torch.sigmoid(diffused(frame, w_r) + diffused(h, v_r) + b_r)
            u = torch.sigmoid(diffused(frame, w_u) + diffused(h, v_u) + b_u)
            c = torch.tanh(diffused(frame, w_c) + diffused(r * h, v_c) + b_c)
            h = u * h + (1 - u) * c
            states.append(h.flatten(1))
        return torch.stack(states)

    return loop
