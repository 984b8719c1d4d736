"""What the models have learned so far: held-out scores against guessing, who leads, who fell back, who ended."""

import math

import numpy as np

from rnnviz.analysis import marked_score
from rnnviz.core.names import counted, listed, percent
from rnnviz.findings.finding import Finding, article, named, points, score_text, sentence, share
from rnnviz.runs.view import RunView
from rnnviz.tasks import Task
from rnnviz.tasks.batch import PAD

_FAR, _CLEARLY = 0.8, 0.1  # of the way from guessing to a perfect score: far better, and better
NEARLY = _FAR  # of the way from guessing: a task is nearly solved
_LUCK = 0.03  # of that way: what is always left to chance
_MORE = math.nextafter(0.0, 1.0)  # of that way: the least that is more than guessing reaches
_SPREAD = 2.5  # standard deviations of the score of guessing that chance explains
_AHEAD = 0.05  # of the way from guessing to a perfect score: by so much the best model is ahead of the next,
_LOWER = 1.35  # or by such a factor its error is lower
KNOWN = 50.0  # percent of what is held out that is also trained on, from which on it is called new no more
UNTOLD = "not to be told"  # from guessing: too few answers are scored
_BETTER = ("far better", "better")
_IDLE = ("hardly better", "not clearly better", "no better", "worse")
_SWING = 0.2  # of that way: who has lost more since an earlier step has got worse


def ended(at: RunView) -> tuple[Finding, ...]:
    """Which models' training had ended early, when and why."""
    found = []
    for label, why in at.ended.items():
        last = at.steps.get(label)
        shown = "" if last is None else f" What is shown of it was measured at training step {last}."
        found.append(Finding(f"{why}{shown}", {} if last is None else {label: last}, "diverged"))
    return tuple(found)


def scores(at: RunView) -> Finding | None:
    """How the models' held-out scores stand to guessing; None if no model is left."""
    task = at.experiment.task
    measured = held_out(at)
    if not measured:
        return None
    evidence = {**measured, "guessing": task.baseline}
    if at.step == 0:
        be = "is" if len(measured) == 1 else "are"
        text = f"{named(measured)} {be} untrained. All that is shown at training step 0 comes from random weights."
        return Finding(sentence(text), evidence, "scores", "compare")
    clauses: list[str] = []
    guessed = f"Guessing: {score_text(task, task.baseline)}{'' if task.score_unit else ' ' + task.score_name}."
    verdicts = {label: verdict_of(task, score) for label, score in measured.items()}
    unclear = _IDLE[1] in verdicts.values()
    if unclear:  # which is true of those at guessing, too
        verdicts = {label: _IDLE[1] if said == _IDLE[2] else said for label, said in verdicts.items()}
    for _, verdict in _verdicts(task):
        here = {label: measured[label] for label, said in verdicts.items() if said == verdict}
        if here:
            be, also = "is" if len(here) == 1 else "are", "also " if clauses and verdict == "better" else ""
            who = named(here, lambda label: score_text(task, measured[label]))
            said = f"{who} {be} {also}{verdict} {'from' if verdict == UNTOLD else 'than'} guessing."
            clauses.append(sentence(said) if clauses else f"After {counted(at.step, 'training step')} {said}")
    guessed += f" Scored: {counted(_answers(task), 'answer')}." * (unclear and luck(task) > _LUCK)
    again = f" Of what is scored, {percent(task.held_out_known)} is also trained on." * (task.held_out_known >= KNOWN)
    return Finding(f"{' '.join(clauses)} {guessed}{again}", evidence, "scores", "compare")


def marked(at: RunView) -> Finding | None:
    """How many of the held-out answers are right that the task marks; None where none is marked or measured."""
    task = at.experiment.task
    found = {label: marked_score(model) for label, model in at.frame.models.items()} if task.marks else {}
    known = {label: score for label, score in found.items() if math.isfinite(score)}
    if not known or at.step == 0:
        return None
    right = listed([f"{article(label)} {percent(score)}" for label, score in known.items()])
    guess, _ = task.marked_guess
    text = f"{sentence(task.marked_name)}: {right} right. Guessing: {percent(guess)}."
    return Finding(text, {**known, "guessing": guess}, "marked", "compare")


def marked_too(at: RunView, label: str) -> bool:
    """Whether a model is nearly as good at the answers that the task marks; also where it marks none."""
    task, score = at.experiment.task, marked_score(at.model(label))
    if not task.marks or not math.isfinite(score):
        return True
    guess, _ = task.marked_guess
    return score - guess >= NEARLY * (100.0 - guess)


def lead(at: RunView) -> Finding | None:
    """Which models are the best and by how much, for tasks that ask at every step.

    None where the best has learned next to nothing or all are as good.
    """
    task = at.experiment.task
    measured = held_out(at)
    if not task.answers.at_every_step or at.step == 0 or len(measured) < 2:
        return None
    ranked = sorted(measured, key=measured.__getitem__, reverse=task.higher_is_better)
    best = measured[ranked[0]]
    behind = [label for label in ranked if _is_behind(task, measured[label], best)]
    if not behind or way(task, best) < _AHEAD:
        return None
    first = [label for label in measured if label not in behind]
    last, after = measured[ranked[len(first) - 1]], measured[behind[0]]  # a group is ahead by what its weakest is
    if not _is_behind(task, after, last):
        return None
    next_one = article(behind[0])
    by = _ahead(task, last, after, of_many=len(first) > 1)
    text = f"{named(first)} {'is' if len(first) == 1 else 'are'} the best at this training step, {by} {next_one}."
    return Finding(sentence(text), {label: measured[label] for label in [*first, behind[0]]}, "lead", "compare")


def _ahead(task: Task, last: float, after: float, of_many: bool) -> str:
    """By how much the weakest of those that lead is ahead of the next; of many, what holds for each of them."""
    if task.higher_is_better:
        ahead = last - after
        least = math.floor(ahead) if ahead >= 20 else math.floor(10 * ahead) / 10
        return f"at least {points(least)} ahead of" if of_many else f"{points(ahead)} ahead of"
    ratio = last / after
    return (
        f"with at most {math.ceil(100 * ratio)} % of the error of" if of_many else f"with {share(ratio)} the error of"
    )


def _is_behind(task: Task, score: float, best: float) -> bool:
    """Whether a score is clearly worse than the best one."""
    if task.higher_is_better:
        return way(task, best) - way(task, score) >= _AHEAD
    return score >= _LOWER * best > 0


def setbacks(at: RunView) -> tuple[Finding, ...]:
    """Which models were clearly better at an earlier step than they are at this one."""
    task, found = at.experiment.task, []
    for label, score in held_out(at).items():
        before = {step: model.score for step, model in at.history(label).items() if step < at.step}
        known = {step: old for step, old in before.items() if math.isfinite(old)}
        if not known:
            continue
        best = (max if task.higher_is_better else min)(known, key=known.__getitem__)
        if way(task, known[best]) - max(0.0, way(task, score)) < _SWING:
            continue
        then, now = score_text(task, known[best]), score_text(task, score)
        had = f"{article(label)} had {then} at training step {best:,} and has {now} now"
        evidence = {f"{label} at {best}": known[best], label: score}
        found.append(Finding(sentence(f"{had}."), evidence, "setback", "compare"))
    return tuple(found)


def idle(at: RunView) -> dict[str, float]:
    """Label → score of the models that do hardly better than guessing."""
    task = at.experiment.task
    return {label: score for label, score in held_out(at).items() if verdict_of(task, score) in _IDLE}


def held_out(at: RunView) -> dict[str, float]:
    """Label → score of all models that are still in training at a step."""
    return {label: model.score for label, model in at.frame.models.items() if math.isfinite(model.score)}


def verdict_of(task: Task, score: float) -> str:
    """Where a score stands on the way from guessing to perfect."""
    reached = way(task, score)
    return next(verdict for least, verdict in _verdicts(task) if reached >= least)


def is_better(task: Task, score: float) -> bool | None:
    """Whether a score is clearly better than guessing; None where too few answers are scored to tell."""
    said = verdict_of(task, score)
    return None if said == UNTOLD else said in _BETTER


def _verdicts(task: Task) -> tuple[tuple[float, str], ...]:
    """From what part of the way on which is said, the best first."""
    chance = luck(task)
    if chance >= 1:
        return ((-math.inf, UNTOLD),)
    graded = ((_FAR, _BETTER[0]), (_CLEARLY, _BETTER[1]), (0.0, _IDLE[0]))
    better = tuple((max(least, chance), said) for least, said in graded)
    return *better, (_MORE, _IDLE[1]), (-chance, _IDLE[2]), (-math.inf, _IDLE[3])


def luck(task: Task) -> float:
    """Share of the way from guessing to a perfect score that chance alone explains.

    It follows from the number of answers that are scored; 1 or more where they are too few to tell anything.
    """
    right = task.baseline / 100
    if not task.higher_is_better or not 0 < right < 1:
        return _LUCK
    deviation = 100.0 * math.sqrt(right * (1 - right) / _answers(task))  # of the score of guessing
    whole = _best(task) - task.baseline
    return max(_LUCK, _SPREAD * deviation / whole) if whole > 0 else 1.0


def _answers(task: Task) -> int:
    """How many are scored."""
    return int(np.count_nonzero(task.held_out().targets != PAD))


def way(task: Task, score: float) -> float:
    """The part of the way from guessing, 0, to the best score that there can be, 1."""
    whole = _best(task) - task.baseline
    return (score - task.baseline) / whole if whole else 0.0


def _best(task: Task) -> float:
    return task.best if task.best is not None else task.answers.of.best
