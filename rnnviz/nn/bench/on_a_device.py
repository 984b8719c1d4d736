"""`python -m rnnviz bench --device cuda`: is a GPU exact, how fast is it, and does `auto` take what is faster?"""

import contextlib
import os
import statistics
import time
from collections.abc import Iterator

import torch

from rnnviz.core.errors import ExperimentError
from rnnviz.nn.bench.loops import noise_experiment, plain_loop, race, wait_for_gpu
from rnnviz.nn.bench.parity import compare_parity
from rnnviz.nn.bench.timing import B, timed
from rnnviz.nn.models.devices import CPU, GPU, faster_on_gpu, predicted
from rnnviz.nn.precision import true_float32
from rnnviz.nn.threads import on_one_thread
from rnnviz.nn.train.batches import Batches
from rnnviz.nn.train.captured import SWITCH
from rnnviz.nn.train.learner import Learner
from rnnviz.nn.train.training import ticks
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task

SIZES = ((50, 32), (400, 128))  # time steps and hidden units, against a plain loop
GRID = ((20, 16), (50, 32), (50, 128), (200, 64), (200, 128))  # the same, for what `auto` takes
AT_LEAST = 2.0  # times as fast as the plain loop, captured
TAKEN = 10  # training steps of which the median is taken


def compare_on(name: str, steps: int, runs: int) -> None:
    """Print all tables for a device, cpu or cuda.

    Raises:
        ExperimentError: there is no GPU.
    """
    if name == "cuda" and not torch.cuda.is_available():
        raise ExperimentError("--device", "cpu on this machine, where torch finds no GPU", name)
    device = torch.device(name)
    card = torch.cuda.get_device_name() if name == "cuda" else "the CPU, one thread"
    print(f"On {card}, torch {torch.__version__}\n")
    compare_parity(device)
    compare_speed(name, steps, runs)
    compare_choice(name)


def compare_speed(device: str, steps: int, runs: int) -> None:
    """Print how fast `train()` with its frames is against a plain loop on the same device, as it is and captured."""
    print(f"{steps} training steps at batch {B}, median seconds of {runs} runs\n")
    print("| model | plain loop | train() with frames | ratio | captured | ratio | at least |")
    print("|---|---|---|---|---|---|---|")
    for cell in timed():
        for length, hidden in SIZES:
            experiment = noise_experiment(cell, steps, length, hidden, device)
            plain, mine, ratio = _raced(experiment, runs, captured=False)
            captured = "– | –"
            if device == "cuda":
                _, seconds, more = _raced(experiment, runs, captured=True)
                captured = f"{seconds:.2f} | {more:.2f}"
            name = f"{cell}, T={length} H={hidden}"
            print(f"| {name} | {plain:.2f} | {mine:.2f} | {ratio:.2f} | {captured} | {AT_LEAST} |", flush=True)
    print()


def _raced(experiment: Experiment, runs: int, captured: bool) -> tuple[float, float, float]:
    """Median seconds of a plain loop and of `train()`, and the median of their ratios."""
    steps = experiment.training.steps
    with on_one_thread(), true_float32(), capturing(captured):
        pairs = [race(plain_loop(experiment), ticks(experiment), steps, steps) for _ in range(runs)]
    plain, mine = (statistics.median(column) for column in zip(*pairs, strict=True))
    return plain, mine, statistics.median(a / b for a, b in pairs)


@contextlib.contextmanager
def capturing(wanted: bool) -> Iterator[None]:
    """Training steps captured as CUDA graphs for a while, or not; then as the environment had it."""
    before = os.environ.get(SWITCH)
    os.environ[SWITCH] = str(int(wanted))
    try:
        yield
    finally:
        del os.environ[SWITCH]
        if before is not None:
            os.environ[SWITCH] = before


def compare_choice(device: str) -> None:
    """Print what a training step takes, what the rule of `auto` expects, and whether it takes what is faster."""
    print(f"One training step of one model on waves at batch {B}, median ms: measured (expected)\n")
    print("| model | CPU | GPU | auto takes | faster |\n|---|---|---|---|---|")
    for cell in timed():
        for length, hidden in GRID:
            training = TrainingSpec(batch=B, clip=1.0)
            experiment = Experiment(task("waves", length=length), (ModelSpec(cell, hidden),), training)
            cpu = _step(experiment, "cpu")
            gpu = _step(experiment, device) if device == "cuda" else None
            taken, faster = ("GPU" if faster_on_gpu(experiment) else "CPU"), "–"
            if gpu is not None:
                faster = "GPU" if gpu < cpu else "CPU"
            there = "–" if gpu is None else f"{gpu:.1f}"
            expected = predicted(experiment, CPU), predicted(experiment, GPU)
            row = f"{cpu:.1f} ({expected[0]:.1f}) | {there} ({expected[1]:.1f}) | {taken} | {faster}"
            print(f"| {cell}, T={length} H={hidden} | {row} |", flush=True)
    print()


def _step(experiment: Experiment, device: str) -> float:
    """Milliseconds of a training step without a frame, its update included."""
    there, times = torch.device(device), list[float]()
    with on_one_thread(), true_float32():
        learner = Learner(experiment.models[0], experiment, there)
        for _, batch in zip(range(TAKEN + 2), Batches(experiment, there), strict=False):
            wait_for_gpu()
            start = time.perf_counter()
            learner.train(*batch)
            wait_for_gpu()
            times.append(time.perf_counter() - start)
    return statistics.median(times[2:]) * 1e3
