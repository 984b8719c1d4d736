"""A training as one writes it with torch's own layers, and how it is timed against ours."""

import dataclasses
import time
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import torch
from torch import nn

from rnnviz.core import fields
from rnnviz.nn.bench.timing import B, H, I, T, timed
from rnnviz.nn.train.batches import Batches
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks.base import Defaults, Probes, Task
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.shapes import Features, Numbers, Once

CLIP = 1.0


@dataclasses.dataclass(frozen=True)
class Noise(Task):
    """Numbers without sense: only for timing, at the sizes stated above."""

    name: ClassVar[str] = "noise"
    defaults: ClassVar[Defaults] = Defaults(steps=1000)
    length: int = fields.whole(T, 1, 400, "Length of a sequence")

    steps = property(lambda self: self.length)
    reads = property(lambda _self: Features(I))
    answers = property(lambda _self: Once(Numbers()))
    baseline = property(lambda _self: 1.0)

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return Batch(rng.random((self.length, size, I), dtype=np.float32), rng.random((size, 1), dtype=np.float32))

    def probes(self) -> Probes:
        return Probes(self.sample(np.random.default_rng(1), 3), np.full((self.length, 3), ""), ("a", "b", "c"))


def noise_experiment(cell: str, steps: int, length: int = T, hidden: int = H, device: str = "cpu") -> Experiment:
    """One model of a cell on noise, with the default learning rate and clipping."""
    training = TrainingSpec(steps=steps, batch=B, clip=CLIP, device=device)
    return Experiment(Noise(length), (ModelSpec(cell, hidden=hidden),), training)


def plain_loop(experiment: Experiment) -> Iterator[None]:
    """The plainest way to train: torch's layer, torch's clipping, torch's Adam."""
    spec, training = experiment.models[0], experiment.training
    device, size = torch.device(training.device), spec.hidden
    recurrent, readout = timed()[spec.cell].torchs.make(I, size).to(device), nn.Linear(size, 1).to(device)
    weights = [*recurrent.parameters(), *readout.parameters()]
    optimizer = torch.optim.Adam(weights, lr=training.lr)
    for x, targets, _ in Batches(experiment, device):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(readout(recurrent(x)[0][-1]), targets)
        loss.backward()
        nn.utils.clip_grad_norm_(weights, CLIP)
        optimizer.step()
        yield None


def race(rival: Iterator[None], ours: Iterator[object], steps: int, few: int) -> tuple[float, float]:
    """Seconds of both for `steps` training steps, in turns of 20 steps; a slow rival runs only the first `few`."""
    theirs = mine = 0.0
    ours = (tick for tick in ours if tick is None)  # one a step; frames are made on the way
    for start in range(0, steps + 1, 20):
        turn = min(20, steps + 1 - start)
        if start < few:
            theirs += seconds(rival, turn)
        mine += seconds(ours, turn)
    return theirs * steps / min(steps, -(-few // 20) * 20), mine


def seconds(steps: Iterator[object], count: int) -> float:
    """Seconds of so many training steps, until a GPU has done them."""
    wait_for_gpu()
    start = time.perf_counter()
    for _ in range(count):
        if next(steps, StopIteration) is StopIteration:
            break
    wait_for_gpu()
    return time.perf_counter() - start


def wait_for_gpu() -> None:
    """Until all that was launched is done; without a GPU nothing."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
