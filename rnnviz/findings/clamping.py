"""What a change by hand does to a model, in sentences: each is said only where the numbers say so."""

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis.clamping import Clamp
from rnnviz.cells import Cell, title
from rnnviz.core.names import counted, listed, number
from rnnviz.findings.finding import score_text, share
from rnnviz.tasks import Task

Arrays = Mapping[str, np.ndarray]
_MOST_NAMED, _GATES_NAMED = 3, 2  # answers or units, and gates, that are named one by one in a sentence
_FAR = 1_000.0  # a ratio beyond this, or beyond one part in so many, is told as such
_HARDLY = 1.05  # a ratio nearer to 1 than this is none


def done(clamp: Clamp, steps: int) -> str:
    """What is changed: which gates are held at what, where and when; a state that is reset."""
    said = []
    if clamp.gates:
        held = ", ".join(f"{title(name)} {value:g}" for name, value in clamp.gates)
        said.append(f"Held {_when(clamp, steps)} in {_units(clamp.units)}: {held}.")
    if clamp.reset is not None:
        said.append(f"Every state is set to 0 before time step {clamp.reset + 1}.")
    return " ".join(said)


def kept(cell: Cell, clamp: Clamp, found: Arrays) -> str:
    """That the state which is carried on stays as it was, to the last digit; "" where it does not."""
    carried = cell.states[-1]
    values = found[f"changed/{carried.name}"]
    before = clamp.last + 1 if clamp.direction else clamp.first - 1
    if not clamp.gates or not 0 <= before < len(values):
        return ""
    values = values if clamp.units is None else values[:, list(clamp.units)]
    if (values[clamp.first : clamp.last + 1] != values[before]).any():
        return ""
    few = clamp.units is None and len(clamp.gates) <= _GATES_NAMED
    held = listed([f"{title(name)}s at {value:g}" for name, value in clamp.gates]) if few else "these gates so held"
    of = "" if clamp.units is None else f" of {'this unit' if len(clamp.units) == 1 else 'these units'}"
    return f"With {held}, the {carried.title}{of} stays as at time step {before + 1}."


def states_apart(state: str, found: Arrays) -> str:
    """Where a state differs, and where most."""
    apart = np.abs(found[f"changed/{state}"] - found[f"original/{state}"]).max(axis=1)
    there = np.flatnonzero(apart)
    if not there.size:
        return f"The {title(state)} does not change."
    most = int(apart.argmax())
    until = "on" if there[-1] == len(apart) - 1 else f"to {there[-1] + 1}"
    far = _small(float(apart[most]))
    first = f"The {title(state)} differs from time step {there[0] + 1} {until}"
    return f"{first}, most at time step {most + 1}: one unit by {far}."


def answers_apart(task: Task, probe: int, found: Arrays) -> str:
    """Which answers are others now, in the task's words, and of one answer what is right."""
    moved = answers_moved(task, probe, found)
    return f"{moved} Right is {task.asked(probe)[0]}." if task.answers.at_end else moved


def answers_moved(task: Task, probe: int, found: Arrays) -> str:
    """Which answers are others now, in the task's words."""
    before, after = (found[f"{way}/answers"] for way in ("original", "changed"))
    said = [task.answered(among(task, probe, outputs), probe) for outputs in (before, after)]
    if task.answers.at_end:
        return _one(task, said, before, after)
    asked = [at for at, words in enumerate(task.asked(probe)) if words]
    if task.answers.of.is_number:
        apart = np.abs(task.answers.of.shown(after) - task.answers.of.shown(before)).reshape(-1)[: len(said[0])]
        most = int(apart.argmax())
        if said[0][most] == said[1][most]:
            return "No answer moves by as much as can be seen."
        unit = f" {task.answers.of.unit}".rstrip()
        return f"The answer moves most at time step {most + 1}: from {said[0][most]} to {said[1][most]}{unit}."
    others = [at for at in asked if said[0][at] != said[1][at]]
    if not others:
        return f"None of the {counted(len(asked), 'answer')} changes."
    named = [f"time step {at + 1}: {said[0][at]} → {said[1][at]}" for at in others[:_MOST_NAMED]]
    more = " …" if len(others) > _MOST_NAMED else ""
    changes = "changes" if len(others) == 1 else "change"
    return f"{len(others)} of {counted(len(asked), 'answer')} {changes}; {'; '.join(named)}{more}"


def gradient_apart(clamp: Clamp, state: str, found: Arrays) -> str:
    """What of the gradient by a state still reaches the first time step that is read.

    Where there is one answer, as a share of the gradient at the last time step: a wrong answer makes all of it larger.
    """
    before, after = (found[f"{way}/{state}_grad_norm"].astype(float) for way in ("original", "changed"))
    begin, name = (len(before) - 1 if clamp.direction else 0), title(state)
    if not np.isfinite([*before, *after]).all() or not before[begin] > 0:
        return ""
    cut = np.flatnonzero((before > 0) & (after == 0))
    if cut.size:
        least, most = int(cut[0]) + 1, int(cut[-1]) + 1
        at = f"time step {least}" if least == most else f"time steps {least} to {most}"
        return f"No gradient by the {name} reaches {at} any more."
    last = len(before) - 1 - begin
    if len(found["original/answers"]) == 1 and before[last] > 0 and after[last] > 0:
        now, then = (_left(norms[begin] / norms[last]) for norms in (after, before))
        beside = ", as without the change" if now == then else f". Without the change: {then} it"
        return f"At time step {begin + 1}, {now} the gradient by the {name} is left{beside}."
    return f"At time step {begin + 1} the gradient by the {name} is {_changed(after[begin] / before[begin])}."


def _changed(ratio: float) -> str:
    if 1 / _HARDLY < ratio < _HARDLY:
        return "as large as before"
    times = f"{number(ratio)} times" if 0.75 < ratio < 1.5 else _left(ratio)
    return f"{times} its original size"


def _left(part: float) -> str:
    """A share of a gradient in words that fit before "it"."""
    return "less than 1/1,000 of" if part < 1 / _FAR else f"over {_FAR:,.0f} times" if part > _FAR else share(part)


def among(task: Task, probe: int, outputs: np.ndarray) -> np.ndarray:
    """Outputs (answer, output) of one probe where a task's own functions look for them: (answer, sample, output)."""
    whole = np.zeros((task.answer_steps, len(task.probes().names), outputs.shape[-1]))
    whole[: len(outputs), probe] = outputs
    return whole


def worse_by(task: Task, whole: float, scores: np.ndarray) -> np.ndarray:
    """How much worse scores are than that of the whole model; below 0 where they are better."""
    return (whole - scores) if task.higher_is_better else (scores - whole)


def loss_said(task: Task, worse: float) -> str:
    """Such a difference in words, as it is added to the score: "−12.5 points", of an error "+0.031"."""
    if task.score_unit:
        return f"{'−' if worse > 0 else '+'}{number(abs(worse), 1 if abs(worse) >= 1 else 2)} points"
    return f"{'+' if worse >= 0 else '−'}{score_text(task, abs(worse))}"


def _one(task: Task, said: list[tuple[str, ...]], before: np.ndarray, after: np.ndarray) -> str:
    sure = [task.answers.of.confidence(outputs[-1]) for outputs in (before, after)]
    (old,), (new,) = said
    if old != new:
        unit = f" {task.answers.of.unit}".rstrip()
        return f"The answer changes from {old}{sure[0]} to {new}{sure[1]}{unit}."
    bare = [one.strip(" ()") for one in sure]
    return f"The answer stays {old}: before {bare[0]}, now {bare[1]}." if all(bare) else f"The answer stays {old}."


def _units(units: tuple[int, ...] | None) -> str:
    if units is None:
        return "every unit"
    if len(units) > _MOST_NAMED:
        return counted(len(units), "unit")
    return f"unit{'' if len(units) == 1 else 's'} {listed([str(unit + 1) for unit in units])}"


def _when(clamp: Clamp, steps: int) -> str:
    if clamp.first == 0 and clamp.last == steps - 1:
        return "at every time step"
    if clamp.first == clamp.last:
        return f"at time step {clamp.first + 1}"
    return f"at time steps {clamp.first + 1} to {clamp.last + 1}"


def _small(value: float) -> str:
    return number(value) if value >= 0.01 else "less than 0.01"
