"""Train a task's default experiment with several seeds and write what came of it to `assets/measured/<task>.json`.

    python -m tests.benchmarks.measured recall adding
    python -m tests.benchmarks.measured --seeds 10 dates
    python -m tests.benchmarks.measured --time dates

The paragraph "What we measured" of a task is rendered from that file (`pages/_ui/run/measured.py`); no figure in it is
typed by hand. The file says under which version and defaults it was written; a test fails when these have changed.
"""

import argparse
import dataclasses
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rnnviz.analysis import marked_score
from rnnviz.core.version import VERSION
from rnnviz.nn.train.training import run
from rnnviz.runs.run import Run
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import TASKS, task
from rnnviz.tasks.base import Task

FOLDER = Path(__file__).parents[2] / "assets" / "measured"
TARGETS: dict[str, float] = {
    "adding": 0.01,
    "brackets": 95.0,
    "dates": 99.0,
    "sort": 90.0,
    "pairs": 90.0,
    "forecast": 3.4,
    "motion": 90.0,
    "frames": 0.02,
    "traffic": 10.0,
}
VARIANTS: dict[str, dict[str, ModelSpec]] = {
    "recall": {"lstm_shut": ModelSpec("lstm", forget_bias=1.0)},
    "motion": {"lstm_wide": ModelSpec("lstm", 64, forget_bias=1.0)},
}
DEFAULT_TARGET = 95.0  # percent; a score that counts as solved


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the tasks that are named, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="+", choices=tuple(TASKS))
    parser.add_argument("--seeds", type=int, default=10, help="how many")
    parser.add_argument("--time", action="store_true", help="measure only how long one training takes")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    for name in options.tasks:
        began = time.perf_counter()
        if options.time:
            _timed(name)
            continue
        found = measured(Experiment(task(name)), options.seeds, VARIANTS.get(name, {}))
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print(f"{name}: {options.seeds} seeds in {time.perf_counter() - began:.0f} s", flush=True)


def _timed(name: str) -> None:
    """Write how long one training of the default models takes into a file that is there."""
    path, began = FOLDER / f"{name}.json", time.perf_counter()
    _trained(Experiment(task(name)), 0)
    found = json.loads(path.read_text(encoding="utf-8")) | {"seconds": round(time.perf_counter() - began, 1)}
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{name}: {found['seconds']} s", flush=True)


def measured(experiment: Experiment, seeds: int, variants: dict[str, ModelSpec]) -> dict[str, Any]:
    """Everything that a paragraph may speak of: see `of_runs`, with the experiment and the version it holds for."""
    learned, extra = experiment.task, tuple(variants.values())
    began = time.perf_counter()
    runs = [_trained(experiment, seed) for seed in range(seeds)]
    seconds = (time.perf_counter() - began) / seeds
    found = of_runs(runs, dict(zip(experiment.labels, experiment.labels, strict=True)))
    if extra:
        others = dataclasses.replace(experiment, models=extra)
        again = [_trained(others, seed) for seed in range(seeds)]
        found |= of_runs(again, dict(zip(others.labels, variants, strict=True)))
    return {
        "version": VERSION,
        "experiment": experiment.to_dict(),
        "seeds": seeds,
        "seconds": round(seconds, 1),
        "target": target_of(learned),
        "guessing": learned.baseline,
        "best": learned.best,
        **({"guessing_marked": learned.marked_guess[0]} if learned.marks else {}),
        "unit": learned.score_unit,
        "length_trained": getattr(learned, "length_trained", 0),
        "simple": {name: errors.tolist() for name, errors in getattr(learned, "simple_errors", {}).items()},
        "models": found,
    }


def of_runs(runs: list[Run], names: dict[str, str]) -> dict[str, Any]:
    """Name → what was measured of that model in each run.

    The score at the end, the first measured step at which the target was reached (None: never) and, where a decoder
    writes, the score on each group of lengths.
    """
    return {name: _of_model(runs, label) for label, name in names.items()}


def _of_model(runs: list[Run], label: str) -> dict[str, Any]:
    learned = runs[0].experiment.task
    found: dict[str, Any] = {
        "score": [run.model_frame(label).score for run in runs],
        "reached": [_reached(run, label) for run in runs],
        "parameters": sum(weight.size for weight in runs[0].model_frame(label).weights.values()),
    }
    if learned.answers.of.apart:
        name = "by_ahead/mae" if learned.answers.of.measures else "apart/error"
        found["apart"] = [run.model_frame(label)[name].tolist() for run in runs]
    if learned.marks:
        found["marked"] = [marked_score(run.model_frame(label)) for run in runs]
    if architectures.of(learned).writes:
        by_length = np.stack([run.model_frame(label).translated["by_length"] for run in runs], axis=1)
        groups = zip(learned.lengths, by_length.tolist(), strict=True)  # type: ignore[attr-defined]
        found["by_length"] = [{"from": low, "to": high, "score": scores} for (low, high), scores in groups]
    return found


def _reached(run: Run, label: str) -> int | None:
    target, up = target_of(run.experiment.task), run.experiment.task.higher_is_better
    for frame in run.frames:
        if label in frame.models and (frame.models[label].score >= target) == up:
            return frame.step
    return None


def target_of(learned: Task) -> float:
    """The score that counts as learned."""
    return TARGETS.get(learned.name, DEFAULT_TARGET)


def _trained(experiment: Experiment, seed: int) -> Run:
    return run(dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, seed=seed)))


if __name__ == "__main__":
    main()
