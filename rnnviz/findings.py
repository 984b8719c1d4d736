"""What is to be seen, in plain words computed from a run. Every sentence comes with the numbers it rests on."""

import dataclasses
import math
from collections.abc import Callable, Iterable

import numpy as np

from rnnviz.analysis import gradient_norm
from rnnviz.names import listed, model_name
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
_FALLEN, _REACHES, _GROWN = (
    "has fallen to a thousandth",
    "still reaches the first step",
    "has grown, at the first step,",
)
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
    found = [*ended(run, step), scores(run, step), unread_gates(run, step), gradients(run, step)]
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
            clauses.append(f"{_the(here, lambda label: _number(task, measured[label]))} {be} {verdict}")
    guess = f"than guessing ({_number(task, task.baseline)}{'' if task.score_unit else ' ' + task.score_name})"
    after = f"After {frame.step:,} step{'' if frame.step == 1 else 's'}"
    return Finding(f"{after} {'; '.join([f'{clauses[0]} {guess}', *clauses[1:]])}.", evidence)


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
    clauses: dict[str, list[str]] = {}
    evidence = {}
    for label in run.frame(step).models:
        norms = gradient_norm(run, label, step).astype(np.float64)
        if norms.size < 2 or not np.isfinite(norms).all() or norms[-1] <= 0:
            continue
        verb, far, number = _reach(norms)
        known = clauses.setdefault(verb, [])
        known.append(f"{_article(label)}’s {far}" if known else f"{_article(label)}’s {verb} {far}")
        evidence[f"{label} {verb}"] = number
    parts = [listed(clauses[verb]) for verb in (_FALLEN, _REACHES, _GROWN) if verb in clauses]
    if not parts:
        return None
    parts[0] = parts[0].replace("’s ", "’s gradient ", 1)
    return Finding(_sentence("; ".join(parts) + "."), evidence)


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
    perfect = 100.0 if task.higher_is_better else 0.0
    whole = perfect - task.baseline
    way = (score - task.baseline) / whole if whole else 0.0
    return next(verdict for least, verdict in _VERDICTS if way >= least)


def _the(labels: Iterable[str], number: Callable[[str], str] | None = None) -> str:
    return listed([_article(label) + (f" ({number(label)})" if number else "") for label in labels])


def _article(label: str) -> str:
    return model_name(label) if "-" in label else f"the {model_name(label)}"


def _number(task: Task, score: float) -> str:
    """A score with as many digits as a reader can use."""
    if task.score_unit:
        return f"{score:.0f}{task.score_unit}"
    return f"{score:.3g}" if score >= 0.01 else f"{score:.1g}" if score >= 1e-4 else "under 0.0001"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
