"""Try settings of a task over several seeds and write what came of each to `assets/measured/settings.json`.

    python -m tests.benchmarks.settings
    python -m tests.benchmarks.settings adding --seeds 10

It answers why a task's defaults are what they are, and which settings surprise. The page of all tasks shows it. Each
setting is the query of a link: whoever doubts a row can train it. What the file holds for another task stays.
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

from rnnviz.analysis import diagnoses
from rnnviz.cells import CELLS
from rnnviz.nn.train.training import run
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment

PATH = Path(__file__).parents[2] / "assets" / "measured" / "settings.json"
DEFAULTS = "the defaults"
TRIED: dict[str, dict[str, str]] = {  # task → what a setting is called → its link
    "adding": {
        DEFAULTS: "",
        "a shorter training": "steps=1200",
        "why it saturates": "lr=0.01&steps=1200",
        "a forget gate that starts open": "models=rnn,lstm:forget_bias=3,gru",
        "why the forget bias": "models=rnn,lstm:forget_bias=-1,gru",
    },
    "recall": {
        DEFAULTS: "task=recall",
        "why the forget bias": "task=recall&models=rnn,lstm:forget_bias=1,gru",
        "a lower learning rate": "task=recall&lr=0.003",
        "a longer wait": "task=recall&lag=40",
    },
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Try the settings of the tasks that are named, or of all that have some."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", help="of: " + ", ".join(TRIED))
    parser.add_argument("--seeds", type=int, default=10, help="how many")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    found = json.loads(PATH.read_text(encoding="utf-8")) if PATH.is_file() else {}
    for name in options.tasks or TRIED:
        found[name] = [{"title": title} | _tried(link, options.seeds) for title, link in TRIED[name].items()]
        PATH.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _tried(link: str, seeds: int) -> dict[str, Any]:
    """One setting: its link, and of each model the score and the share of saturated units, seed by seed."""
    experiment, began = Experiment.from_query(link), time.perf_counter()
    runs = [run(_started(experiment, seed)) for seed in range(seeds)]
    models = {
        label: {
            "score": [one.model_frame(label).score for one in runs],
            "saturated": [_share(one, label) for one in runs],
        }
        for label in experiment.labels
    }
    print(f"{link}: {seeds} seeds in {time.perf_counter() - began:.0f} s", flush=True)
    for label, one in models.items():
        print("  ", label, np.round(one["score"], 4).tolist(), np.round(one["saturated"], 2).tolist(), flush=True)
    return {"link": link, "seeds": seeds, "guessing": experiment.task.baseline, "models": models}


def _started(experiment: Experiment, seed: int) -> Experiment:
    return dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, seed=seed))


def _share(one: Run, label: str) -> float:
    """Of a model's units those that are saturated on the probes at the end of training; 0 to 1."""
    spec = one.experiment.model(label)
    cell = CELLS[spec.cell]
    kind = "tanh" if cell.squashed else cell.phi(spec.activation)
    if kind in ("", "relu"):
        return 0.0
    trace = one.model_frame(label).trace
    values = np.tanh(trace[cell.squashed].astype(np.float32)) if cell.squashed else trace["hidden"]
    return float(diagnoses.saturated(values, kind).mean())


if __name__ == "__main__":
    main()
