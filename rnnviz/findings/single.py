"""That one step may show the opposite of what holds for all held-out sequences."""

import numpy as np

from rnnviz.core.names import listed, percent
from rnnviz.findings.finding import Finding, article, sentence
from rnnviz.findings.scores import held_out, verdict_of
from rnnviz.runs.view import RunView
from rnnviz.tasks.batch import Batch

_BETTER = ("better", "far better")
_OFTEN = 0.8  # of the steps: a model that is closer there so often is hardly ever seen to be further off


def single_steps(at: RunView) -> Finding | None:
    """Of models that are better than guessing, at which share of the shown steps they are closer; None if at most.

    Only where numbers are asked at every step: there a single one is looked at.
    """
    task = at.experiment.task
    if at.step == 0 or not (task.answers.at_every_step and task.answers.of.is_number):
        return None
    batch, found = task.probes().batch, dict[str, float]()
    guessed = _off(task.guess(batch), batch)
    for label, score in held_out(at).items():
        own = _off(at.model(label).outputs, batch)
        known = np.isfinite(own) & np.isfinite(guessed)
        if verdict_of(task, score) in _BETTER and known.any():
            found[label] = float((own < guessed)[known].mean())
    told = {label: share for label, share in found.items() if share < _OFTEN}
    if not told:
        return None
    (first, share), *others = ((article(label), percent(100 * share)) for label, share in told.items())
    said = [
        f"{first} is closer than guessing at {share} of the time steps",
        *(f"{one} at {part}" for one, part in others),
    ]
    text = f"on the sequences shown, {listed(said)}. At a single time step guessing may be closer."
    return Finding(sentence(text), told, "single_steps", "compare")


def _off(outputs: np.ndarray, batch: Batch) -> np.ndarray:
    """Mean absolute error of every answer (time, sample); NaN where none is asked."""
    off = np.abs(outputs.astype(np.float64) - batch.targets)
    known = np.isfinite(off)
    count = known.sum(-1)
    return np.where(count > 0, np.where(known, off, 0.0).sum(-1) / np.maximum(count, 1), np.nan)
