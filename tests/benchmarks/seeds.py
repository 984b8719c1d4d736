"""Train a task with several seeds and print a Markdown table: how its defaults were chosen, for anyone to repeat.

    python -m tests.benchmarks.seeds adding --seeds 10 --target 0.01
    python -m tests.benchmarks.seeds recall --seeds 5 --set lag=40 --lr 1e-2 --steps 800

What is not given is the task's default. Each cell of the table is the held-out score after the last step, and in
brackets the first frame at which the score reached the target ("–": never).
"""

import argparse
import dataclasses
import time
from collections.abc import Sequence

import torch

from rnnviz.core import fields
from rnnviz.nn.train.training import run
from rnnviz.runs.run import Run
from rnnviz.specs.defaults import default_models, default_training
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import TASKS, Task, task


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, train seed by seed and print the table row by row."""
    options = _options(arguments)
    torch.set_num_threads(1)
    base = _experiment(options)
    target = _target(base.task) if options.target is None else options.target
    print(
        f"{_setting(base)}; {base.task.guessing} scores {base.task.baseline:.3g}; in brackets the step of {target:g}\n"
    )
    print("| seed | " + " | ".join(base.labels) + " | seconds |\n|" + "---|" * (len(base.labels) + 2), flush=True)
    for seed in range(options.first, options.first + options.seeds):
        experiment = dataclasses.replace(base, training=dataclasses.replace(base.training, seed=seed))
        began = time.perf_counter()
        finished = run(experiment)
        took = time.perf_counter() - began
        cells = [_cell(finished, label, target) for label in base.labels]
        print(f"| {seed} | " + " | ".join(cells) + f" | {took:.1f} |", flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=tuple(TASKS))
    parser.add_argument("--seeds", type=int, default=5, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--target", type=float, help="the score to wait for; half-way to the best if left out")
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="parameters of the task")
    for name, kind in (("steps", int), ("batch", int), ("lr", float), ("clip", float), ("hidden", int)):
        parser.add_argument(f"--{name}", type=kind)
    parser.add_argument("--forget-bias", type=float)
    parser.add_argument("--cells", nargs="*", default=["rnn", "lstm", "gru"])
    return parser.parse_args(arguments)


def _experiment(options: argparse.Namespace) -> Experiment:
    meanings = {meaning.name: meaning for meaning in fields.describe(TASKS[options.task])}
    written = dict(pair.split("=", 1) for pair in options.set)
    chosen = task(options.task, **{name: fields.parse(meanings[name], text) for name, text in written.items()})
    models = [model for model in default_models(chosen) if model.cell in options.cells]
    if options.hidden is not None:
        models = [dataclasses.replace(model, hidden=options.hidden) for model in models]
    if options.forget_bias is not None:
        bias = options.forget_bias
        models = [dataclasses.replace(model, forget_bias=bias) if model.cell == "lstm" else model for model in models]
    given = {name: getattr(options, name) for name in ("steps", "batch", "lr", "clip")}
    training = dataclasses.replace(default_training(chosen), **{k: v for k, v in given.items() if v is not None})
    return Experiment(task=chosen, models=tuple(models), training=training)


def _target(task: Task) -> float:
    """Half-way from guessing to the best score there is (a full score of 100 % where that is not known)."""
    best = (100.0 if task.higher_is_better else 0.0) if task.best is None else task.best
    return (task.baseline + best) / 2


def _setting(experiment: Experiment) -> str:
    training, model = experiment.training, experiment.models[0]
    bias = next((model.forget_bias for model in experiment.models if model.cell == "lstm"), None)
    params = ", ".join(f"{name} {value}" for name, value in dataclasses.asdict(experiment.task).items() if value)  # type: ignore[call-overload]
    return (
        f"`{experiment.task.name}` ({params}): {training.steps} steps, batch {training.batch}, lr {training.lr:g}, "
        f"clip {training.clip}, hidden {model.hidden}, forget bias {bias}"
    )


def _cell(finished: Run, label: str, target: float) -> str:
    rows = finished.losses()
    rows = rows[rows.model == label]
    reached = rows.score >= target if finished.experiment.task.higher_is_better else rows.score <= target
    first = f"{rows.step[reached].iloc[0]}" if reached.any() else "–"
    ended = " ended" if label in finished.ended else ""
    return f"{rows.score.iloc[-1]:.3g} ({first}){ended}"


if __name__ == "__main__":
    main()
