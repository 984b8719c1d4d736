"""How gradients fare on their way back through time, why, and what that leaves out of reach."""

import numpy as np

from rnnviz.analysis import diagnoses, gradient_norm
from rnnviz.analysis.diagnoses import GROWN, Fate
from rnnviz.core.names import listed, percent
from rnnviz.findings import causes
from rnnviz.findings.finding import Finding, article, named, sentence, share
from rnnviz.findings.scores import idle
from rnnviz.runs.frames import ModelFrame
from rnnviz.runs.view import RunView
from rnnviz.specs import architectures
from rnnviz.tasks import Task

_FALLEN, _REACHES, _REACHES_FIRST, _GROWN = (
    "has fallen to a thousandth",
    "still reaches the first step",
    "still reaches the first steps",
    "has grown, at the first step,",
)
_PLURAL = {
    _FALLEN: "have fallen to a thousandth",
    _REACHES: "still reach the first step",
    _REACHES_FIRST: "still reach the first steps",
    _GROWN: "have grown, at the first step,",
}
_DOES = {
    "vanishing": "vanishes",
    "shrinking": "shrinks",
    "fading": "is nearly carried but fades",
    "carrying": "is carried",
    "growing": "grows",
    "exploding": "explodes",
}


def gradients(at: RunView) -> Finding | None:
    """How far back in time each model's gradient reaches, measured against its size at the last time step.

    None where every time step has an answer and so a loss of its own: there the gradient need not travel; and where
    sequences end at different steps, so that the norm over a batch is no one's way back.
    """
    if not travels(at.experiment.task):
        return None
    clauses: dict[str, dict[str, list[str]]] = {}  # verb → how far → whose gradient
    evidence = {}
    for label in _chained(at):
        norms = gradient_norm(at, label).astype(np.float64)
        if norms.size < 2 or not np.isfinite(norms).all() or norms[-1] <= 0:
            continue
        verb, far, number = _reach(norms)
        clauses.setdefault(verb, {}).setdefault(far, []).append(f"{article(label)}’s")
        evidence[f"{label} {verb}"] = number
    told = [verb for verb in _PLURAL if verb in clauses]
    if not told:
        return None
    parts = [_fates(verb, clauses[verb], first=verb == told[0]) for verb in told]
    return Finding(f"Compared with the last step, {'; '.join(parts)}.", evidence, "reach", "gradients")


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


def _fates(verb: str, whose: dict[str, list[str]], first: bool) -> str:
    """One clause on the gradients that a verb holds for: how far → whose; equal ones are told in one breath.

    first: whether the clause says that it speaks of gradients.
    """
    said: list[str] = []
    for far, owners in whose.items():
        many = len(owners) > 1
        noun = (" gradients ∂L/∂h" if many else " gradient ∂L/∂h") if first and not said else ""
        does = "" if said else f" {_PLURAL[verb] if many else verb}"
        said.append(f"{listed(owners)}{noun}{does} {far.replace('its size', 'their size') if many else far}")
    return listed(said)


def _reach(norms: np.ndarray) -> tuple[str, str, float]:
    """What became of one model's gradient norms (time,) on their way back, how far, and the number behind it."""
    steps = diagnoses.gone_at(norms)
    if steps is not None:
        return _FALLEN, _back(steps), steps
    first = float(norms[0] / norms[-1])
    if first > GROWN:
        times = f"{first:,.0f}" if first < 1e4 else "more than 10,000"
        return _GROWN, f"to {times} times its size", first
    arriving = diagnoses.arriving(norms)
    if diagnoses.first_steps(norms.size) == 1 or arriving <= diagnoses.GONE:
        return _REACHES, f"with {share(first)} its size", first
    return _REACHES_FIRST, f"with {share(arriving)} its size", arriving


def slopes(at: RunView) -> tuple[Finding, ...]:
    """By what factor each model's gradient changes with every step back, and beside it what makes it change.

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
        by = " ∂L/∂h" if spec.has_cell_state else ""  # ∂L/∂c is another
        text = f"{article(label)}’s gradient{by}{of} {fares(fate)}{cause}."
        drop = {} if fate.drop is None else {"share left before": fate.drop[1]}
        numbers = numbers | {"factor": fate.factor} | drop
        evidence = {f"{label} {name}": number for name, number in numbers.items()}
        found.append(Finding(sentence(text), evidence, fate.kind, "gradients"))
    return tuple(found)


def fares(fate: Fate) -> str:
    """What becomes of a gradient, within a sentence."""
    if fate.drop is not None:
        steps, left = fate.drop
        does = "falls" if left < 1 else "grows"
        over = "the first step" if steps == 1 else f"the first {steps} steps"
        later = f"then changes by {per_step(fate.factor)} with every further one"
        return f"{does} to {share(left)} its size over {over} back, {later}"
    uneven = "" if fate.first is None else f" on average, at first {per_step(fate.first)}"
    return f"{_DOES[fate.kind]}, {per_step(fate.factor)} with every step back{uneven}"


def per_step(factor: float) -> str:
    """A factor with three digits, two of which come after the point where it is near 1."""
    return f"×{factor:.2f}" if 0.2 <= factor < 10 else f"×{factor:.3g}"


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
        further = gone[-1] > gone[0]
        said[label] = f"∂L/∂h gone {_back(gone[0])}, ∂L/∂c {gone[-1]}" if further else f"gone {_back(gone[0])}"
    if not ends:
        return None
    far = f"{least} steps back" if least == most else f"{least} to {most} steps back"
    text = f"{task.kept} is {far}: further than the gradient of {named(ends, said.__getitem__)} reaches."
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


def _back(steps: int) -> str:
    return f"{steps} step{'' if steps == 1 else 's'} back"


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
    often = {label: part for label, part in shares.items() if part >= diagnoses.CLIPPED}
    if not often:
        return None
    said = [f"{percent(100 * part)} of {article(label)}’s steps" for label, part in often.items()]
    so_far = "" if at.step == at.experiment.training.steps else " so far"
    text = f"Clipping to {clip:g} was active on {listed(said)}{so_far}."
    return Finding(text, {f"{label} share of steps": part for label, part in often.items()}, "clipping", "gradients")
