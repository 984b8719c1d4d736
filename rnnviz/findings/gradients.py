"""How gradients fare on their way back through time, why, and what that leaves out of reach."""

import numpy as np

from rnnviz.analysis import diagnoses, gradient_norm
from rnnviz.analysis.diagnoses import GROWN, Fate
from rnnviz.core.names import counted, listed, percent
from rnnviz.findings import causes
from rnnviz.findings.finding import Finding, named, part, sentence, share
from rnnviz.findings.scores import idle, verdict_of
from rnnviz.runs.frames import ModelFrame
from rnnviz.runs.view import RunView
from rnnviz.specs import architectures
from rnnviz.specs.labels import name_within
from rnnviz.tasks import Task

_FALLEN, _REACHES, _REACHES_FIRST, _GROWN = (  # what happened, in the evidence
    "has fallen to a thousandth",
    "still reaches the first step",
    "still reaches the first steps",
    "has grown, at the first step,",
)
_VERBS = (_FALLEN, _REACHES, _REACHES_FIRST, _GROWN)
_BEGINNING = "reaches the beginning"
_IS = {"vanishing": "vanishing {}", "exploding": "exploding {}"}  # of what is at an end
_DOES = {"shrinking": "the {} shrinks", "growing": "the {} grows"}
_LITTLE = {"fading": "shrinks only a little per time step", "carrying": "hardly changes per time step"}
_GRADIENT, _HIDDEN = "gradient", "∂L/∂h"


def gradients(at: RunView) -> Finding | None:
    """How far back in time each model's gradient reaches, measured against its size at the last time step.

    None where every time step has an answer and so a loss of its own: there the gradient need not travel; and where
    sequences end at different steps, so that the norm over a batch is no one's way back.
    """
    if not travels(at.experiment.task):
        return None
    found: dict[str, dict[str, list[str]]] = {}  # verb → how far → whose gradient
    evidence = {}
    for label in _chained(at):
        norms = gradient_norm(at, label).astype(np.float64)
        if norms.size < 2 or not np.isfinite(norms).all() or norms[-1] <= 0:
            continue
        verb, far, number = _reach(norms)
        found.setdefault(verb, {}).setdefault(far, []).append(name_within(label))
        evidence[f"{label} {verb}"] = number
    told = [(owners, far) for verb in _VERBS for far, owners in found.get(verb, {}).items()]
    if not told:
        return None
    text = f"Going back in time from the last time step: {' '.join(_fates(told))}"
    return Finding(text, evidence, "reach", "gradients")


def over(at: RunView) -> Finding | None:
    """From which time step on there is no gradient at all, as no sequence of the batch has an answer left.

    None where all last until the end, and of a decoder, whose steps are told apart from the encoder's.
    """
    if architectures.of(at.experiment.task).writes or not _chained(at):
        return None
    norms = [gradient_norm(at, label).astype(np.float64) for label in _chained(at)]
    steps = max(one.size for one in norms)
    last = max((int(np.flatnonzero(one)[-1]) + 1 for one in norms if one.any()), default=0)
    if not 0 < last < steps or not all(np.isfinite(one).all() for one in norms):
        return None
    text = f"After time step {last} no sequence of this batch has an answer left, so ∂L/∂h is 0 there."
    return Finding(text, {"last step": last, "steps": steps}, "over", "gradients")


def travels(task: Task) -> bool:
    """Whether the gradient of every sequence comes from the same step, the last one."""
    return task.answers.at_end and task.equally_long


def _fates(told: list[tuple[list[str], str]]) -> list[str]:
    """A sentence on each group of models whose gradients fare alike; what was just said is not said again."""
    said, before = list[str](), ""
    for owners, far in told:
        short = far.removesuffix(f" {{}} {_BEGINNING}") if far.endswith(_BEGINNING) and before == _BEGINNING else far
        before = _BEGINNING if far.endswith(_BEGINNING) else ""
        what = f"the {_GRADIENT} {_HIDDEN}"
        short = short.replace("{it}", "it" if said else what).replace("{} ", "" if said else f"of {what} ")
        said.append(f"{listed(owners)} – {short}.")
    return said


def _reach(norms: np.ndarray) -> tuple[str, str, float]:
    """What became of one model's gradient norms (time,) on their way back, how far, and the number behind it."""
    steps = diagnoses.gone_at(norms)
    if steps is not None:
        return _FALLEN, f"less than 1/1000 {{}} is left after {counted(steps, 'time step')}", steps
    first = float(norms[0] / norms[-1])
    if first > GROWN:
        times = f"{first:,.0f}" if first < 1e4 else "more than 10,000"
        return _GROWN, f"at the beginning {{it}} is {times} times as large", first
    arriving = diagnoses.arriving(norms)
    if diagnoses.first_steps(norms.size) == 1 or arriving <= diagnoses.GONE:
        return _REACHES, f"{part(first)} {{}} {_BEGINNING}", first
    return _REACHES_FIRST, f"{part(arriving)} {{}} {_BEGINNING}", arriving


def slopes(at: RunView) -> tuple[Finding, ...]:
    """By what factor each model's gradient changes with every time step back, and beside it what makes it change.

    None where every time step has an answer, as for `gradients`; and of a stack the top layer, read forward.
    """
    if not travels(at.experiment.task):
        return ()
    found = []
    for label, model in _chained(at).items():
        spec, place = at.experiment.model(label), (-1, 0)
        fate = diagnoses.fate(gradient_norm(at, label))
        if fate is None:
            continue
        traced = {name: values[place].astype(np.float32) for name, values in model.trace.items()}
        sigma = float(model.singular_values[place][0, 0])
        cause, numbers = causes.of(fate, spec.kind, traced, spec.activation, sigma)
        of = "" if spec.layers == 1 else " (in its top layer)"
        what = _HIDDEN if spec.has_cell_state else ""  # ∂L/∂c is another
        text = f"{name_within(label)}: {fares(fate, what, of)}{cause}"
        drop = {} if fate.drop is None else {"share left before": fate.drop[1]}
        numbers = numbers | {"factor": fate.factor} | drop
        evidence = {f"{label} {name}": number for name, number in numbers.items()}
        found.append(Finding(text, evidence, fate.kind, "gradients"))
    return tuple(found)


def fares(fate: Fate, letter: str = "", of: str = "", noun: str = _GRADIENT) -> str:
    """What becomes of a gradient, in one or two sentences that follow a colon.

    letter: how the gradient is written, where it is not the only one; of: of which layer; noun: what it is.
    """
    alone, called = f"{letter or f'the {noun}'}{of}", f"{noun}{letter and f' {letter}'}{of}"
    if fate.drop is not None:
        steps, left = fate.drop
        does, over = "falls" if left < 1 else "grows", counted(steps, "time step")
        later = f"Each further time step back multiplies it by about {per_step(fate.factor)}."
        return f"{alone} {does} to {share(left)} its size within {over} of going back. {later}"
    uneven = "" if fate.first is None else f", at first {per_step(fate.first)}"
    if fate.kind in _LITTLE:
        average = f" on average{uneven}" if uneven else ""
        return f"{alone} {_LITTLE[fate.kind]} (×{per_step(fate.factor)}{average})."
    average = f" on average{uneven}" if uneven else ""
    said = (_IS | _DOES)[fate.kind].format(called)
    return f"{said}. Each time step back multiplies it by about {per_step(fate.factor)}{average}."


def per_step(factor: float) -> str:
    """A factor with three digits, two of which come after the point where it is near 1."""
    return f"{factor:.2f}" if 0.2 <= factor < 10 else f"{factor:.3g}"


def beyond_horizon(at: RunView) -> Finding | None:
    """Which models have learned little because what they should keep lies further back than their gradient reaches.

    A model that reads the sequence from its end as well has nothing to keep for long.
    """
    task = at.experiment.task
    if task.kept_for is None or at.step == 0:
        return None
    least, most = task.kept_for
    ends, said = {}, {}
    chained = _chained(at)
    for label in (label for label in idle(at) if label in chained):
        gone = _gone(chained[label])
        if at.experiment.model(label).bidirectional or not gone or max(gone) >= least:
            continue
        ends[label] = max(gone)
        said[label] = f"{gone[0]} (∂L/∂c {gone[-1]})" if gone[-1] > gone[0] else f"{gone[0]}"
    if not ends:
        return None
    far = counted(least, "time step") if least == most else f"{least}–{most} time steps"
    its, have = ("its gradient is", "It has") if len(ends) == 1 else ("their gradients are", "They have")
    must = f"{named(ends)} must remember {task.kept} for {far}"
    back = "time step back" if [*said.values()] == ["1"] else "time steps back"
    verdicts = {verdict_of(task, score) for label, score in idle(at).items() if label in ends}
    learned = "hardly" if "hardly better" in verdicts else "not"
    yet = " so far" if at.step < at.experiment.training.steps else ""
    text = f"{must}. {sentence(its)} gone {listed(list(said.values()))} {back}. {have} {learned} learned this{yet}."
    return Finding(sentence(text), {**ends, "steps back": least}, "beyond_horizon", "gradients")


def _chained(at: RunView) -> dict[str, ModelFrame]:
    """The models whose gradients go back through their states."""
    return {label: model for label, model in at.frame.models.items() if at.experiment.built(label).recurrent}


def _gone(model: ModelFrame) -> list[int]:
    """Steps back after which ∂L/∂h has vanished and, where there is a cell state, ∂L/∂c.

    Empty where one of them has not vanished or that is not known.
    """
    norms = [model.hidden_grad_norm] + ([] if model.cell_grad_norm is None else [model.cell_grad_norm])
    known = [values[-1, 0] for values in norms]
    if any(not np.isfinite(values).all() or values[-1] <= 0 for values in known):
        return []
    gone = [diagnoses.gone_at(values) for values in known]
    return [steps for steps in gone if steps is not None] if None not in gone else []


def clipping(at: RunView) -> Finding | None:
    """At which share of the updates so far each model's gradient was clipped; None if at few.

    At step n there have been n updates: the gradient that is measured there has not changed any weight yet.
    """
    clip = at.experiment.training.clip
    if clip is None:
        return None
    shares = {}
    for label in at.frame.models:
        norms = np.concatenate([model.grad_norms for model in at.history(label).values()])[:-1]
        if len(norms) >= diagnoses.FEW:
            shares[label] = float(np.mean(norms > clip))
    often = {label: clipped for label, clipped in shares.items() if clipped >= diagnoses.CLIPPED}
    if not often:
        return None
    said = [f"{name_within(label)} {percent(100 * often[label])}" for label in often]
    so_far = "" if at.step == at.experiment.training.steps else " so far"
    text = f"Clipped to {clip:g}{so_far}, of all training steps: {listed(said)}."
    return Finding(text, {f"{label} share of steps": often[label] for label in often}, "clipping", "gradients")
