"""What becomes of one changed time step, in sentences: each is said only where the numbers say so."""

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis import changing
from rnnviz.analysis.changing import Change, Lasting
from rnnviz.core.names import counted, number, percent
from rnnviz.findings.clamping import among, answers_moved
from rnnviz.tasks import Task
from rnnviz.tasks.translating import Translating

Arrays = Mapping[str, np.ndarray]
GONE = f"Gone: the difference of every state is below {100 * changing.GONE:g} % of the state’s own mean norm."


def lasting(found: Lasting) -> str:
    """How long the difference of the states is seen, to follow a model's name and a colon; without its full stop."""
    if found.last is None:
        return "the change leaves no trace in the states"
    if found.to_end:
        return f"the change is still there at the end, {percent(100 * found.at_end)} of the state’s norm"
    most = f"it was {percent(100 * found.largest)} of the state’s norm at most"
    return f"the change is gone after {counted(found.last + 1, 'time step')}; {most}"


def moved(task: Task, probe: int, found: Arrays) -> str:
    """What becomes of the answers, as a sentence."""
    if not isinstance(task, Translating):
        return answers_moved(task, probe, found)
    before, after = (task.write(found[f"{way}/written"]) for way in ("original", "changed"))
    return f"It writes “{after}” in place of “{before}”." if before != after else f"It writes “{before}” as before."


def verdict(task: Task, probe: int, found: Arrays, at: int, backward: bool) -> str:
    """Both in a row, to follow a model's name and a colon."""
    norms = {name.removesuffix("_norm"): values for name, values in found.items() if name.endswith("_norm")}
    sizes = {name: float(found[f"{name}_size"]) for name in norms}
    if not all(np.isfinite(values).all() for values in norms.values()):
        return "nothing can be told: its numbers overflow."
    return f"{lasting(changing.lasting(norms, sizes, at, backward))}. {moved(task, probe, found)}"


def done(task: Task, inputs: np.ndarray, change: Change) -> str:
    """What is changed, in a sentence."""
    before = changing.said(task, float(changing.read_of(task, inputs)[change.at]))
    what = "" if task.amount is None else f", {task.amount.name}"
    return f"Time step {change.at + 1}{what}: {before} → {changing.said(task, change.to)}."


def right(task: Task, probe: int, original: np.ndarray, changed: np.ndarray) -> str:
    """What is right before and after, in a sentence; "" where it is not known."""
    was, now = task.solved(original), task.solved(changed)
    if not now or len(was) != len(now):
        return ""
    if len(now) > 1:
        others = sum(one != other for one, other in zip(was, now, strict=True))
        return f"{others or 'None'} of the {len(now)} right answers {'changes' if others < 2 else 'change'}."
    before, unit = task.asked(probe)[0], f" {task.answers.of.unit}".rstrip()
    return f"Right is {before}{unit} as before." if now[0] == before else f"Right: {before} → {now[0]}{unit}."


def answers_of(task: Task, probe: int, found: Arrays) -> tuple[str, str, str] | None:
    """The one answer before and after, and by how much it moved, in words; None where there is not one answer."""
    if not task.answers.at_end:
        return None
    outputs = [found[f"{way}/answers"] for way in ("original", "changed")]
    of = task.answers.of
    before, after = (
        task.answered(among(task, probe, one), probe)[0] + of.confidence(np.asarray(one[-1], np.float64))
        for one in outputs
    )
    if not of.is_number:
        decided = [int(np.asarray(one[-1]).argmax()) for one in outputs]
        return before, after, "same" if decided[0] == decided[1] else "different"
    by = float(of.shown(outputs[1][-1]) - of.shown(outputs[0][-1]))
    unit = f" {of.unit}".rstrip()
    return f"{before}{unit}", f"{after}{unit}", f"{'+' if by >= 0 else ''}{number(by, max(of.digits, 3))}{unit}"
