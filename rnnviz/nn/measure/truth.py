"""What a model answers beside what is right, over all that is held out: what the States page asks for."""

import numpy as np
import torch

from rnnviz.analysis.truth import MOST_DOTS, MOST_NAMED, joined
from rnnviz.nn.measure.by_class import by_class
from rnnviz.nn.models.model import restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.batch import PAD

Arrays = dict[str, np.ndarray]


def against_truth(spec: ModelSpec, task: Task, weights: Arrays) -> Arrays:
    """A model with the weights of a frame on the held-out sequences: every answer that is scored, beside the right one.

    Returns:
        of numbers "truth" and "answer" (dot,) float32, in the unit in which they are shown, at most `MOST_DOTS` of them
        taken at equal distances; "count" (), of how many; and over all of them "error" (), the mean absolute error,
        "spread" () and "wanted" (), the standard deviations of answers and truths, "middle" (), the mean answer, and
        "explained" (), the share of the truths' variance that the answers explain (R²);
        of classes "kept" (class,), the places of those with a row of their own, and "confusion" (row, column) int64,
        how often the row was right and the column answered: one more of each for all others together, if there are any;
        "right" () int64, how many answers are right;
        of yes-or-no questions the same of the two, no first.

    Raises:
        ValueError: an encoder–decoder is asked, or the weights are not this model's.
    """
    if architectures.of(task).writes:
        raise ValueError(f"task must be answered without a decoder; got {task.name}.")
    if task.classes:
        whole = by_class(spec, task, weights)["confusion"]
        kept, confusion = joined(whole, MOST_NAMED)
        return {"kept": kept, "confusion": confusion, "right": np.asarray(whole.trace())}
    outputs, targets = _outputs(spec, task, weights), task.held_out().targets
    return _numbers(task, outputs, targets) if task.answers.of.is_number else _flags(task, outputs, targets)


@torch.inference_mode()
def _outputs(spec: ModelSpec, task: Task, weights: Arrays) -> np.ndarray:
    with on_one_thread():
        found: np.ndarray = restored(spec, task, weights)(torch.tensor(task.held_out().inputs)).numpy()
    return found


def _numbers(task: Task, outputs: np.ndarray, targets: np.ndarray) -> Arrays:
    scored = np.isfinite(targets)
    truth, answer = (task.answers.of.quantities(values).astype(np.float64)[scored] for values in (targets, outputs))
    at = np.unique(np.linspace(0, len(truth) - 1, MOST_DOTS).round().astype(np.int64))
    variance = float(truth.var())
    told = {
        "count": len(truth),
        "error": np.abs(answer - truth).mean(),
        "spread": answer.std(),
        "wanted": truth.std(),
        "middle": answer.mean(),
        "explained": 1 - np.square(answer - truth).mean() / variance if variance > 0 else np.nan,
    }
    dots = {"truth": truth[at], "answer": answer[at]}
    return dots | {name: np.asarray(value) for name, value in told.items()}


def _flags(task: Task, outputs: np.ndarray, targets: np.ndarray) -> Arrays:
    asked, decided = targets != PAD, task.answers.of.decided(outputs)
    confusion = np.zeros((2, 2), np.int64)
    np.add.at(confusion, (targets[asked], decided[asked]), 1)
    return {"kept": np.arange(2), "confusion": confusion, "right": np.asarray(confusion.trace())}
