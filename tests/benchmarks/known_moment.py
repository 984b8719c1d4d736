"""From which moment of a throw on models are sure and right, against the moment from which that is possible.

    python -m tests.benchmarks.known_moment --seeds 3

Held-out throws of the task `throws` at its defaults. "Sure" is a chance of `SURE` or more for what really happens, from
that frame to the last one before the ball touches anything.
"""

import argparse
import dataclasses
from collections.abc import Sequence

import numpy as np
import torch

from rnnviz.live.applications.flight import sure_from
from rnnviz.nn.models.model import restored
from rnnviz.nn.train.training import run
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import task
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.throws import Throws, flight

DRAWS = 64


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the share of throws that are known before the ball arrives, and since when in the middle of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="how many")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    chosen = task("throws")
    assert isinstance(chosen, Throws)
    batch = chosen.held_out()
    _say("best possible", [_moments(chosen._chances(batch, DRAWS), batch.targets)])
    experiment = Experiment(chosen)
    found: dict[str, list[np.ndarray]] = {label: [] for label in experiment.labels}
    for seed in range(options.seeds):
        training = dataclasses.replace(experiment.training, seed=seed)
        trained = run(dataclasses.replace(experiment, training=training))
        for label in experiment.labels:
            model = restored(experiment.model(label), chosen, trained.model_frame(label).weights)
            with torch.inference_mode():
                outputs = model(torch.tensor(batch.inputs)).numpy().astype(np.float64)
            found[label].append(_moments(1.0 / (1.0 + np.exp(outputs[..., 0] - outputs[..., 1])), batch.targets))
    for label, moments in found.items():
        _say(label, moments)


def _moments(chances: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """For each throw since when it is known, in seconds before the ball arrives; NaN where it never is: (throw,)."""
    found = np.full(targets.shape[1], np.nan)
    for throw in range(targets.shape[1]):
        asked = int((targets[:, throw] != PAD).sum())
        since = sure_from(chances[:asked, throw], bool(targets[0, throw]))
        if since is not None:
            found[throw] = (asked - since) / flight.FRAMES
    return found


def _say(who: str, moments: Sequence[np.ndarray]) -> None:
    shares = [100.0 * np.isfinite(one).mean() for one in moments]
    before = [float(np.nanmedian(one)) for one in moments]
    print(
        f"{who:14} known in time: {np.mean(shares):.0f} % ({min(shares):.0f} to {max(shares):.0f}) of the "
        f"throws, in the middle {np.mean(before):.2f} s before ({min(before):.2f} to {max(before):.2f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
