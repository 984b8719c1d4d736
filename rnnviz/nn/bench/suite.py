"""`python -m rnnviz bench`: how fast training and its instruments are, as ratios measured side by side.

Every figure compares two things that take turns in this process, one thread each, so that a slow moment of the
machine falls on both.
"""

import argparse
import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.nn.bench.laboratory import compare_laboratory
from rnnviz.nn.bench.loops import CLIP, noise_experiment, plain_loop, race
from rnnviz.nn.bench.on_a_device import compare_on
from rnnviz.nn.bench.placed import compare_placed
from rnnviz.nn.bench.recording import compare_recording
from rnnviz.nn.bench.timing import B, H, I, T, taking_turns, timed
from rnnviz.nn.bench.translation import compare_translation
from rnnviz.nn.bench.without_torch import compare_without_torch
from rnnviz.nn.cells.weights import weights_of
from rnnviz.nn.threads import on_one_thread
from rnnviz.nn.train.batches import Batches
from rnnviz.nn.train.training import ticks
from rnnviz.specs.experiment import Experiment

KEEPING_LOOP = 4.0  # times as fast as a loop that keeps gates and gradients


def main(arguments: Sequence[str] | None = None) -> int:
    """Print all tables; returns 0.

    Raises:
        ExperimentError: a GPU is asked for where there is none.
    """
    parser = argparse.ArgumentParser(prog="python -m rnnviz bench", description=__doc__)
    parser.add_argument("--steps", type=int, default=1000, help="training steps of the whole-run comparison")
    parser.add_argument("--repeats", type=int, default=200, help="repeats of the layer comparison")
    parser.add_argument("--runs", type=int, default=3, help="repeats of the whole-run comparison")
    parser.add_argument(
        "--device", choices=("cpu", "cuda"), help="instead: is a device exact, how fast is it, and when is it taken"
    )
    chosen = parser.parse_args(arguments)
    if chosen.device is not None:
        compare_on(chosen.device, chosen.steps, chosen.runs)
        return 0
    with on_one_thread():
        print(f"T={T} B={B} I={I} H={H}, one thread, torch {torch.__version__}\n")
        compare_layers(chosen.repeats)
        compare_without_torch(chosen.repeats)
        compare_placed(chosen.repeats)
        compare_training(chosen.steps, chosen.runs)
        compare_recording(max(1, chosen.repeats // 20))
        compare_laboratory(min(100, chosen.steps), chosen.runs)
        compare_translation(max(2, chosen.steps // 20), chosen.runs)
    return 0


def compare_layers(repeats: int) -> None:
    """Forward and backward of one layer against torch's stock layer; the bare matrix products are the floor."""
    print("One layer, forward and backward, median ms\n")
    print("| cell | torch's layer | ours | ratio | at least | bare products |\n|---|---|---|---|---|---|")
    generator = torch.Generator().manual_seed(0)
    x, dy = torch.randn(T, B, I, generator=generator), torch.randn(T, B, H, generator=generator)
    for cell, one in timed().items():
        stock, ours = one.torchs.make(I, H), one.kind.module(I, H)
        ours.load_state_dict(stock.state_dict())
        times = taking_turns([_pass(stock, x, dy), _pass(ours, x, dy), _products(stock, x)], repeats)
        theirs, mine, floor = (statistics.median(row) * 1e3 for row in times)
        least = one.at_least.layer
        print(f"| {cell} | {theirs:.2f} | {mine:.2f} | {theirs / mine:.2f} | {least} | {floor:.2f} |")
    print()


def compare_training(steps: int, runs: int) -> None:
    """The whole of `train()`, instruments and frames included, against loops without and with instruments."""
    print(f"{steps} training steps, median seconds of {runs} runs\n")
    print("| model | against | theirs | train() with frames | ratio | at least |\n|---|---|---|---|---|---|")
    for cell, one in timed().items():
        rivals = {"stock layer and Adam, no instruments": (plain_loop, one.at_least.training)}
        if one.kind.description.has_cell_state:
            rivals[f"{cell.upper()}Cell loop that keeps gates and gradients"] = (cell_loop, KEEPING_LOOP)
        for name, (rival, least) in rivals.items():
            few = steps if rival is plain_loop else max(1, steps // 10)
            experiment = noise_experiment(cell, steps)
            pairs = [race(rival(experiment), ticks(experiment), steps, few) for _ in range(runs)]
            theirs, mine = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(a / b for a, b in pairs)
            print(f"| {cell} | {name} | {theirs:.2f} | {mine:.2f} | {ratio:.2f} | {least} |")
    print()


def cell_loop(experiment: Experiment) -> Iterator[None]:
    """How people get at gates: a loop over `LSTMCell` with its gates beside it, gradients retained at every step."""
    cell: Any = timed()[experiment.models[0].cell].torchs.step(I, H)
    readout, training = nn.Linear(H, 1), experiment.training
    weights = [*cell.parameters(), *readout.parameters()]
    optimizer = torch.optim.Adam(weights, lr=training.lr)
    for x, targets, _ in Batches(experiment, torch.device("cpu")):
        h, c, kept = torch.zeros(B, H), torch.zeros(B, H), []
        for x_t in x:
            a = x_t @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T + cell.bias_hh
            gates = torch.sigmoid(a).detach()
            h, c = cell(x_t, (h, c))
            h.retain_grad()
            c.retain_grad()
            kept.append((gates, h, c))
        optimizer.zero_grad()
        nn.functional.mse_loss(readout(h), targets).backward()
        nn.utils.clip_grad_norm_(weights, CLIP)
        optimizer.step()
        yield None


def _pass(module: nn.RNNBase, x: Tensor, dy: Tensor) -> Callable[[], object]:
    weights = list(module.parameters())
    return lambda: torch.autograd.grad(module(x)[0], weights, dy)


def _products(module: nn.RNNBase, x: Tensor) -> Callable[[], None]:
    """The matrix products that one pass cannot do without: forward, and twice that backward."""
    w_ih, w_hh = (weight.detach() for weight in weights_of(module, 0, 0)[:2])
    wide, h = x.reshape(T * B, I), torch.zeros(B, H)
    d = torch.zeros(T * B, w_hh.shape[0])
    states = torch.zeros(T * B, H)

    def products() -> None:
        wide @ w_ih.t()
        for _ in range(T):
            h @ w_hh.t()
        for t in range(T):
            d[t * B : (t + 1) * B] @ w_hh
        d.t() @ wide
        d.t() @ states

    return products
