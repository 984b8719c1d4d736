"""What is to be seen, in plain words computed from a run. Every sentence comes with the numbers it rests on."""

import dataclasses
import math
from collections.abc import Callable, Iterable

import numpy as np

from rnnviz.analysis import gradient_norm
from rnnviz.names import listed, model_name, percent
from rnnviz.runs import Run
from rnnviz.tasks import Task

GONE = 1e-3  # a gradient is gone where it is below this share of its size at the last time step,
GROWN = 10.0  # and has grown where it is above so many times that size
_VERDICTS = (  # from what part of the way from guessing to a perfect score on
    (0.8, "far better"),
    (0.1, "better"),
    (0.03, "hardly better"),  # less is what the few held-out sequences leave to chance
    (-math.inf, "no better"),
)
_AHEAD = 0.05  # of the way from guessing to a perfect score: by so much the best model is ahead of the next,
_LOWER = 1.35  # or by such a factor its error is lower
_SWING = 0.2  # of that way: who has lost more since an earlier step has got worse
_FALLEN, _REACHES, _GROWN = (
    "has fallen to a thousandth",
    "still reaches the first step",
    "has grown, at the first step,",
)
_PLURAL = {
    _FALLEN: "have fallen to a thousandth",
    _REACHES: "still reach the first step",
    _GROWN: "have grown, at the first step,",
}
_SHARES = ("half", "a third", "a quarter", "a fifth", "a sixth", "a seventh", "an eighth", "a ninth", "a tenth")


@dataclasses.dataclass(frozen=True)
class Finding:
    """One sentence and the numbers behind it."""

    text: str
    evidence: dict[str, float]


def findings(run: Run, step: int = -1) -> tuple[Finding, ...]:
    """All there is to say about a run at a step, in reading order; nothing before the first frame."""
    if not run.frames:
        return ()
    found = [*ended(run, step), scores(run, step), lead(run, step), *setbacks(run, step)]
    found += [unread_gates(run, step), gradients(run, step)]
    return tuple(finding for finding in found if finding is not None)


def ended(run: Run, step: int = -1) -> tuple[Finding, ...]:
    """Which models' training had ended early, when and why."""
    found = []
    for label, why in run.frame(step).ended.items():
        last = max((frame.step for frame in run.frames if label in frame.models), default=None)
        shown = "" if last is None else f" What is shown of it was measured at step {last}."
        found.append(Finding(f"{why}{shown}", {} if last is None else {label: last}))
    return tuple(found)


def scores(run: Run, step: int = -1) -> Finding | None:
    """How the models' held-out scores stand to guessing; None if no model is left."""
    frame, task = run.frame(step), run.experiment.task
    measured = _scores(run, step)
    if not measured:
        return None
    evidence = {**measured, "guessing": task.baseline}
    if frame.step == 0:
        be = "is" if len(measured) == 1 else "are"
        text = f"{_the(measured)} {be} untrained: all there is to see at step 0 comes from random weights."
        return Finding(_sentence(text), evidence)
    clauses = []
    for _, verdict in _VERDICTS:
        here = {label: score for label, score in measured.items() if _verdict(task, score) == verdict}
        if here:
            be = "is" if len(here) == 1 else "are"
            clauses.append(f"{_the(here, lambda label: score_text(task, measured[label]))} {be} {verdict}")
    guess = f"than guessing ({score_text(task, task.baseline)}{'' if task.score_unit else ' ' + task.score_name})"
    after = f"After {frame.step:,} step{'' if frame.step == 1 else 's'}"
    return Finding(f"{after} {'; '.join([f'{clauses[0]} {guess}', *clauses[1:]])}.", evidence)


def lead(run: Run, step: int = -1) -> Finding | None:
    """Which models are the best and by how much, for tasks that ask at every step.

    None where the best has learned next to nothing or all are as good.
    """
    frame, task = run.frame(step), run.experiment.task
    measured = _scores(run, step)
    if task.answers != "every" or frame.step == 0 or len(measured) < 2:
        return None
    ranked = sorted(measured, key=measured.__getitem__, reverse=task.higher_is_better)
    best = measured[ranked[0]]
    behind = [label for label in ranked if _is_behind(task, measured[label], best)]
    if not behind or _way(task, best) < _AHEAD:
        return None
    first = [label for label in measured if label not in behind]
    last, after = measured[ranked[len(first) - 1]], measured[behind[0]]  # a group is ahead by what its weakest is
    if not _is_behind(task, after, last):
        return None
    next_one = _article(behind[0])
    by = f"{_points(last - after)} ahead of" if task.higher_is_better else f"with {_share(last / after)} the error of"
    text = f"{_the(first)} {'is' if len(first) == 1 else 'are'} the best at this step, {by} {next_one}."
    return Finding(_sentence(text), {label: measured[label] for label in [*first, behind[0]]})


def _is_behind(task: Task, score: float, best: float) -> bool:
    """Whether a score is clearly worse than the best one."""
    if task.higher_is_better:
        return _way(task, best) - _way(task, score) >= _AHEAD
    return score >= _LOWER * best > 0


def setbacks(run: Run, step: int = -1) -> tuple[Finding, ...]:
    """Which models were clearly better at an earlier step than they are at this one."""
    task, now = run.experiment.task, run.frame(step).step
    found = []
    for label, score in _scores(run, step).items():
        seen = {f.step: f.models[label].score for f in run.frames if f.step < now and label in f.models}
        known = {at: old for at, old in seen.items() if math.isfinite(old)}
        if not known:
            continue
        at = (max if task.higher_is_better else min)(known, key=known.__getitem__)
        if _way(task, known[at]) - max(0.0, _way(task, score)) < _SWING:
            continue
        had = (
            f"{_article(label)} had {score_text(task, known[at])} at step {at:,} and has {score_text(task, score)} now"
        )
        found.append(Finding(_sentence(f"{had}."), {f"{label} at {at}": known[at], label: score}))
    return tuple(found)


def unread_gates(run: Run, step: int = -1) -> Finding | None:
    """A warning not to read the gates of models that do hardly better than guessing; None if there are none."""
    frame, task = run.frame(step), run.experiment.task
    cells = {label: run.experiment.model(label).cell for label in frame.models}
    idle = ("hardly better", "no better")
    gated = {n: score for n, score in _scores(run, step).items() if cells[n] != "rnn" and _verdict(task, score) in idle}
    if not gated or frame.step == 0:
        return None
    have, its = ("has", "its") if len(gated) == 1 else ("have", "their")
    yet = " yet" if frame.step < run.experiment.training.steps else ""
    text = f"{_the(gated)} {have} learned little or nothing{yet}, so do not read {its} gates."
    return Finding(_sentence(text), {**gated, "guessing": task.baseline})


def gradients(run: Run, step: int = -1) -> Finding | None:
    """How far back in time each model's gradient reaches, measured against its size at the last time step.

    None where every time step has an answer and so a loss of its own: there the gradient need not travel.
    """
    if run.experiment.task.answers != "last":
        return None
    clauses: dict[str, dict[str, list[str]]] = {}  # verb → how far → whose gradient
    evidence = {}
    for label in run.frame(step).models:
        norms = gradient_norm(run, label, step).astype(np.float64)
        if norms.size < 2 or not np.isfinite(norms).all() or norms[-1] <= 0:
            continue
        verb, far, number = _reach(norms)
        clauses.setdefault(verb, {}).setdefault(far, []).append(f"{_article(label)}’s")
        evidence[f"{label} {verb}"] = number
    told = [verb for verb in (_FALLEN, _REACHES, _GROWN) if verb in clauses]
    if not told:
        return None
    parts = [_fates(verb, clauses[verb], named=verb == told[0]) for verb in told]
    return Finding(_sentence("; ".join(parts) + "."), evidence)


def _fates(verb: str, whose: dict[str, list[str]], named: bool) -> str:
    """One clause on the gradients that a verb holds for: how far → whose; equal ones are told in one breath.

    named: whether the clause says that it speaks of gradients.
    """
    said: list[str] = []
    for far, owners in whose.items():
        many = len(owners) > 1
        noun = (" gradients" if many else " gradient") if named and not said else ""
        does = "" if said else f" {_PLURAL[verb] if many else verb}"
        said.append(f"{listed(owners)}{noun}{does} {far.replace('its size', 'their size') if many else far}")
    return listed(said)


def _reach(norms: np.ndarray) -> tuple[str, str, float]:
    """What became of one model's gradient norms (time,) on their way back, how far, and the number behind it."""
    back = norms[::-1] / norms[-1]
    present = int(np.flatnonzero(back > GONE)[-1])  # the furthest step back at which it is not gone
    if present < back.size - 1:
        steps = present + 1
        return _FALLEN, f"{steps} step{'' if steps == 1 else 's'} back", steps
    first = float(back[-1])
    if first > GROWN:
        times = f"{first:,.0f}" if first < 1e4 else "more than 10,000"
        return _GROWN, f"to {times} times its size", first
    return _REACHES, f"with {_share(first)} its size", first


def _share(ratio: float) -> str:
    """A ratio from `GONE` to `GROWN` in words that fit before "its size"."""
    if ratio >= 1.5:
        return f"about {ratio:.0f} times"
    if ratio > 0.75:
        return "about all of"
    if ratio > 0.58:
        return "two thirds of"
    parts = round(1 / ratio)
    if parts <= len(_SHARES) + 1:
        return f"{_SHARES[parts - 2]} of"
    rough = 10 ** math.floor(math.log10(parts))
    return f"1/{round(parts / rough) * rough:,} of"


def _scores(run: Run, step: int) -> dict[str, float]:
    """Label → score of all models that are still in training at a step."""
    models = run.frame(step).models
    return {label: model.score for label, model in models.items() if math.isfinite(model.score)}


def _verdict(task: Task, score: float) -> str:
    """Where a score stands on the way from guessing to perfect."""
    way = _way(task, score)
    return next(verdict for least, verdict in _VERDICTS if way >= least)


def _way(task: Task, score: float) -> float:
    """The part of the way from guessing, 0, to a perfect score, 1."""
    perfect = 100.0 if task.higher_is_better else 0.0
    whole = perfect - task.baseline
    return (score - task.baseline) / whole if whole else 0.0


def _points(difference: float) -> str:
    """A difference between two shares."""
    written = f"{difference:.1f}" if difference < 20 else f"{difference:.0f}"
    return f"{written} percentage points"


def _the(labels: Iterable[str], number: Callable[[str], str] | None = None) -> str:
    return listed([_article(label) + (f" ({number(label)})" if number else "") for label in labels])


def _article(label: str) -> str:
    return model_name(label) if "-" in label else f"the {model_name(label)}"


def score_text(task: Task, score: float) -> str:
    """A score with as many digits as a reader can use, and its unit."""
    if task.score_unit:
        return percent(score)
    return f"{score:.3g}" if score >= 0.01 else f"{score:.1g}" if score >= 1e-4 else "under 0.0001"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
