"""How a model is doing, in two or three words above its pictures, from its score on held-out sequences."""

import math

from rnnviz.findings import score_text
from rnnviz.findings.scores import NEARLY, is_better, luck, marked_too, way
from rnnviz.runs.frames import ModelFrame
from rnnviz.runs.view import RunView
from rnnviz.tasks import Task

_LEARNED = frozenset(("Solved", "Nearly solved"))
_UNDECIDED = frozenset(("Untrained", "Too few to tell"))
_VERDICTS = (  # from what part of the way from guessing to a perfect score on
    (0.95, "Solved"),
    (NEARLY, "Nearly solved"),
    (0.1, "Learning"),
    (0.0, "Hardly better"),  # than guessing, if it is more than luck
)


def verdict(at: RunView, label: str) -> str:
    """Such as "Solved"; a model without a single update is untrained, one whose training ended early says so."""
    score = at.model(label).score
    if at.step == 0:
        return "Untrained"
    if label in at.ended:
        return "Ended early"
    if not math.isfinite(score):
        return "Numbers overflow"
    reached, chance = way(at.experiment.task, score), luck(at.experiment.task)
    if chance >= 1:
        return "Too few to tell"
    if reached >= NEARLY and not marked_too(at, label):
        return "Only easy ones"
    at_guessing = "At guessing" if reached >= -chance else "Worse than guessing"
    return next((said for least, said in _VERDICTS if reached >= max(least, chance)), at_guessing)


def asked(task: Task) -> str:
    """What a visitor guesses of each model before its run is shown, which `learned` judges."""
    if task.best is None:
        return "Learned: clearly better than guessing on new sequences"
    return "Learned: the task is solved, or nearly, on new sequences"


def learned(at: RunView, label: str) -> bool | None:
    """Whether a model has learned its task; None where that is undecided.

    Where nobody knows how far one can get, no score says that a task is solved: then it must beat guessing clearly.
    """
    task, said = at.experiment.task, verdict(at, label)
    if said in _UNDECIDED:
        return None
    score = at.model(label).score
    if task.best is None and label not in at.ended and math.isfinite(score):
        return is_better(task, score)
    return said in _LEARNED


def scored(task: Task, frame: ModelFrame) -> tuple[str, str, str]:
    """The score's number with its unit, how far one can get, its name: ("66 %", "(best 74 %)", "notes named right").

    The second is "" where a perfect score can be reached, or it is not known how far one can get. Where there is
    little room, the last parts go first.
    """
    if not math.isfinite(frame.score):
        return "not a number", "", ""
    name = {"mean squared error": "error", "mean absolute error": "mean error"}.get(task.score_name, task.score_name)
    limited = task.best is not None and task.best != task.answers.of.best
    best = f"(best {score_text(task, task.best)})" if limited and task.best is not None else ""
    return score_text(task, frame.score), best, name
