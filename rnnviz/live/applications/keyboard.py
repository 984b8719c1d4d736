"""The keyboard of a phone: a sentence as it is typed, the three candidates for the next word, and which were right."""

from typing import Any

import numpy as np

from rnnviz.findings import score_text
from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks.autocomplete import Autocomplete
from rnnviz.tasks.batch import PAD

CANDIDATES = 3  # as the keyboard of a phone shows them
UNKNOWN_SHOWN = "⟨?⟩"


def told(experiment: Experiment, _label: str) -> dict[str, Any]:
    """All words that there are, and every probe.

    words:     as they are shown, by their places.
    far:       how words are called that are decided far back; "" where nobody knows which these are.
    sentences: of each probe the words read (time), the places of the next ones (time), −1 where none is asked, and
               which of those are decided far back; known (time): how likely they are to come next, to who knows the
               grammar, in percent; empty for running text.
    best:      the score of who knows the grammar; "" for running text.
    """
    task = _task(experiment)
    words = [UNKNOWN_SHOWN, *task.sentences.words[1:]]
    batch = task.probes().batch
    marked = task.marked(batch)
    far = np.zeros(batch.targets.shape, bool) if marked is None else marked
    known = None if marked is None else np.rint(100.0 * task.chances(batch)).astype(int)
    return {
        "timed": True,
        "words": words,
        "far": task.marked_name if marked is not None else "",
        "best": "" if task.best is None else score_text(task, task.best),
        "sentences": [
            {
                "read": [words[place] for place in batch.inputs[:length, probe]],
                "next": batch.targets[:length, probe].tolist(),
                "far": far[:length, probe].tolist(),
                "known": [] if known is None else _of_next(known[:, probe], batch.targets[:length, probe]),
            }
            for probe, length in enumerate(map(int, batch.lengths))
        ],
    }


def _of_next(known: np.ndarray, targets: np.ndarray) -> list[int]:
    found: list[int] = known[np.arange(len(targets)), targets].tolist()
    return found


def moment(at: RunView, label: str, view: View) -> dict[str, Any]:
    """What a model suggests after each word of a sentence.

    places: (time, candidate) float32, row by row: the likeliest words.
    chances: (time, candidate) float32, their probabilities.
    right:  (time,) float32, the probability of the word that comes next; NaN where none is asked.
    rank:   (time,) float32, which candidate that is, from 1; NaN likewise.
    """
    batch = _task(at.experiment).probes().batch
    length = int(batch.lengths[view.probe])
    targets = batch.targets[:length, view.probe]
    logits = at.model(label).outputs[:length, view.probe].astype(np.float64)
    shares = np.exp(logits - logits.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    order = np.argsort(-shares, axis=-1, kind="stable")
    rows, asked = np.arange(length), targets != PAD
    rank = 1.0 + (order == targets[:, None]).argmax(-1)
    return {
        "places": order[:, :CANDIDATES].astype(np.float32).ravel(),
        "chances": np.take_along_axis(shares, order[:, :CANDIDATES], -1).astype(np.float32).ravel(),
        "right": np.where(asked, shares[rows, targets], np.nan).astype(np.float32),
        "rank": np.where(asked, rank, np.nan).astype(np.float32),
    }


def _task(experiment: Experiment) -> Autocomplete:
    assert isinstance(experiment.task, Autocomplete)
    return experiment.task
