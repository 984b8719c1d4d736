"""Students who practise skills: their answers, what they had mastered, and how likely each next answer is right."""

from typing import Any

import numpy as np

from rnnviz.findings import score_text
from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks.flags import sigmoid
from rnnviz.tasks.learners.task import Learners


def told(experiment: Experiment, _label: str) -> dict[str, Any]:
    """The skills by name, the score of the exact filter, and every probe.

    Of each: skills and right (exercise,), with the last exercise, which is asked and never read; mastered (exercise,
    skill), the simulation's truth before each, row by row; ideal and belief (time, skill) likewise, in percent: how
    likely the next exercise on each skill is right and how likely it is mastered, for who knows all rates.
    """
    task = _learners(experiment)
    practice, inputs = task.shown(), task.probes().batch.inputs
    ideal, belief = _percent(task.foreseen(inputs)), _percent(task.mastery(inputs))
    students = [
        {
            "skills": practice.skills[:, probe].tolist(),
            "right": practice.right[:, probe].tolist(),
            "mastered": practice.mastered[:, probe].astype(int).ravel().tolist(),
            "ideal": ideal[:, probe].ravel().tolist(),
            "belief": belief[:, probe].ravel().tolist(),
        }
        for probe in range(inputs.shape[1])
    ]
    return {"timed": True, "names": list(task.names), "best": score_text(task, task.best), "students": students}


def moment(at: RunView, label: str, view: View) -> dict[str, Any]:
    """Chances (time, skill) float32, row by row, that the next exercise on each skill is right; how far from the ideal.

    off: the mean distance of all chances from the ideal's, in percentage points.
    """
    task = _learners(at.experiment)
    chances = sigmoid(at.model(label).outputs[:, view.probe].astype(np.float64))
    ideal = task.foreseen(task.probes().batch.inputs[:, view.probe : view.probe + 1])[:, 0]
    return {"chances": chances.astype(np.float32).ravel(), "off": 100.0 * float(np.abs(chances - ideal).mean())}


def _learners(experiment: Experiment) -> Learners:
    assert isinstance(experiment.task, Learners)
    return experiment.task


def _percent(chances: np.ndarray) -> np.ndarray:
    return np.rint(100.0 * chances).astype(int)
