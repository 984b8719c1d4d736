"""How a model is doing, in two or three words above its pictures, from its score on held-out sequences."""

import math

from rnnviz.findings import score_text
from rnnviz.findings.scores import NEARLY, luck, marked_too, way
from rnnviz.runs.frames import ModelFrame
from rnnviz.runs.view import RunView
from rnnviz.tasks import Task

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
