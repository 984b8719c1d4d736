"""What breaks a gradient, or mends it: a few settings of an experiment, each with some values worth trying."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

from pages._ui.session.slots import usual_like
from rnnviz.analysis.diagnoses import STEEPEST
from rnnviz.cells import Cell
from rnnviz.core import fields
from rnnviz.core.names import setting
from rnnviz.specs import architectures
from rnnviz.specs.branching import name_of
from rnnviz.specs.defaults import default_training
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.labels import model_name
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task, task

STARTS = {
    "default": ("default", None),
    "σ_max 0.5": ("scaled", 0.5),
    "σ_max 1": ("scaled", 1.0),
    "σ_max 2": ("scaled", 2.0),
    "identity": ("identity", None),
}
ACTIVATIONS = {"tanh": "tanh", "ReLU": "relu", "sigmoid": "sigmoid"}
_STARTS_AT = {"identity": 1.0, "orthogonal": 1.0}  # largest singular value
CLIPS = {"none": None, "0.1": 0.1, "1": 1.0, "10": 10.0}
BIASES = {"default": None, "−3": -3.0, "0": 0.0, "1": 1.0, "5": 5.0}
LENGTHS = ("length", "lag")  # the parameter of a task that says how far apart things are
LONGER = (0.5, 1, 2, 4)
FIRST = ("activation", "init", "sigma_max", "forget_bias")
KEPT = ("corpus", "text")  # what is read stays when all else goes back to the defaults
IRNN = {"activation": "relu", "init": "identity", "sigma_max": None}  # Le, Jaitly and Hinton 2015
WORDS = {
    "init": "first W_hh",
    "sigma_max": "first σ_max(W_hh)",
    "forget_bias": "forget bias",
    "lr": "learning rate",
    "hidden": "width",
    "clip": "clipping",
}


@dataclasses.dataclass(frozen=True)
class Knob:
    """One setting.

    offered: name → value, what it is now among them.
    now:     the name of the value it has.
    turned:  the experiment with another value.
    """

    key: str
    title: str
    help: str
    offered: dict[str, Any]
    now: str
    turned: Callable[[Any], Experiment]


def knobs(experiment: Experiment) -> list[Knob]:
    """Those that this experiment has: each cell's own only where there is such a cell."""
    found = [*_of_plain(experiment), *_of_forgetting(experiment), _length(experiment), _clip(experiment)]
    return [knob for knob in found if knob is not None]


def bound(experiment: Experiment) -> str:
    """Upper bound, in words, on the factor of one step back in the simple RNN before training.

    It follows from the W_hh initialisation and the activation; "" where the first W_hh is drawn at random.
    """
    spec = _first(experiment, _is_simple)
    sigma = None if spec is None else spec.sigma_max if spec.init == "scaled" else _STARTS_AT.get(spec.init)
    if spec is None or sigma is None:
        return ""
    steepest = STEEPEST[spec.activation]
    most = sigma * steepest
    return (
        f"The {spec.kind.title} begins with a bound for each time step back, σ_max · max φ′ = {sigma:g} · {steepest:g} "
        f"= {most:g}: {fate(most)}."
    )


def fate(most: float) -> str:
    """What a bound per step says of a gradient, told of its two digits."""
    if round(most, 2) == 1:
        return f"it can{'not' if most == 1 else ' hardly'} grow, and need not vanish"
    return "it must vanish" if most < 1 else "it may grow, but need not"


def begins_otherwise(experiment: Experiment) -> bool:
    """Whether the first weights or the activation of any model are not those that the task brings along."""
    pairs = [(one, usual_like(one, experiment.task)) for one in experiment.models]
    return any(getattr(one, name) != getattr(usual, name) for one, usual in pairs for name in FIRST)


def can_be_irnn(experiment: Experiment) -> bool:
    """Whether it has a simple RNN whose activation can be chosen."""
    return _first(experiment, _is_simple) is not None


def irnn(experiment: Experiment) -> Experiment:
    """Every simple RNN with ReLU and the identity as its first W_hh."""
    return _with(experiment, _is_simple, **IRNN)


def defaults(experiment: Experiment) -> Experiment:
    """The experiment that the task brings along, on the same text if it is one."""
    chosen = experiment.task
    kept = {name: getattr(chosen, name) for name in KEPT if hasattr(chosen, name)}
    return Experiment(task(chosen.name, **kept))


def changes(experiment: Experiment) -> list[str]:
    """In what it differs from those defaults, such as "RNN: σ_max 2"; the seed and the device aside."""
    usual, halved = defaults(experiment), architectures.of(experiment.task).writes
    found = _differing(experiment.task, usual.task)
    names = dict(zip(usual.labels, usual.models, strict=True))
    for label, spec in zip(experiment.labels, experiment.models, strict=True):
        compared = names.get(label, usual_like(spec, experiment.task) if halved else ModelSpec(spec.cell))
        found += [f"{model_name(label)}: {said}" for said in _differing(spec, compared)]
    found += [f"without {model_name(label)}" for label in usual.labels if label not in experiment.labels]
    return found + _differing(experiment.training, default_training(usual.task), ("seed", "device"))


def _differing(spec: Any, usual: Any, aside: tuple[str, ...] = KEPT) -> list[str]:
    found = []
    for meaning in fields.describe(spec):
        value = getattr(spec, meaning.name)
        told = meaning.name == "init" and value == "scaled"  # its σ_max says so
        if not told and meaning.name not in aside and value != getattr(usual, meaning.name):
            found.append(f"{WORDS.get(meaning.name) or name_of(meaning)} {setting(value)}")
    return found


def _of_plain(experiment: Experiment) -> list[Knob | None]:
    spec = _first(experiment, _is_simple)
    if spec is None:
        return []
    sigma = f"σ_max {spec.sigma_max:g}" if spec.sigma_max is not None else spec.init
    return [
        _knob(
            "start",
            f"First W_hh of the {spec.kind.title}",
            "σ_max is its largest singular value: by how much one time step can stretch a state. An orthogonal matrix "
            "times σ_max, so that all directions are stretched alike.",
            STARTS,
            (spec.init, spec.sigma_max),
            sigma,
            lambda value: _with(experiment, _is_simple, init=value[0], sigma_max=value[1]),
        ),
        _knob(
            "activation",
            f"Activation φ of the {spec.kind.title}",
            "The slope of tanh and ReLU is at most 1, that of the sigmoid σ at most 1/4.",
            ACTIVATIONS,
            spec.activation,
            spec.activation,
            lambda value: _with(experiment, _is_simple, activation=value),
        ),
    ]


def _of_forgetting(experiment: Experiment) -> list[Knob | None]:
    spec = _first(experiment, _forgets)
    if spec is None:
        return []
    return [
        _knob(
            "bias",
            f"First forget bias of the {spec.kind.title}",
            "σ of it is where the forget gate begins: σ(−3) = 0.05, σ(1) = 0.73, σ(5) = 0.99.",
            BIASES,
            spec.forget_bias,
            setting(spec.forget_bias),
            lambda value: _with(experiment, _forgets, forget_bias=value),
        )
    ]


def _length(experiment: Experiment) -> Knob | None:
    chosen: Task = experiment.task
    described = fields.describe(chosen)
    meaning = next((one for one in described if one.name in LENGTHS and fields.says(one, chosen, chosen)), None)
    if meaning is None:
        return None
    stops = [int(meaning.default * times) for times in LONGER]
    now = getattr(chosen, meaning.name)
    offered = {str(stop): stop for stop in stops if meaning.low <= stop <= meaning.high}

    def turned(value: int) -> Experiment:
        return dataclasses.replace(experiment, task=dataclasses.replace(chosen, **{meaning.name: value}))  # type: ignore[type-var]

    title = "Length of the sequence" if meaning.name == "length" else "Letters between question and answer"
    return _knob("length", title, meaning.help, offered, now, str(now), turned)


def _clip(experiment: Experiment) -> Knob:
    training = experiment.training
    help = "A gradient of all weights that is longer than this is scaled down to it."
    now = setting(training.clip)
    return _knob(
        "clip",
        "Gradient norm clipped at",
        help,
        CLIPS,
        training.clip,
        now,
        lambda value: dataclasses.replace(experiment, training=dataclasses.replace(training, clip=value)),
    )


def _knob(
    key: str,
    title: str,
    help: str,
    offered: dict[str, Any],
    value: Any,
    named: str,
    turned: Callable[[Any], Experiment],
) -> Knob:
    """A knob that stands at `value`, which is offered under the name `named` if it is none of the usual."""
    now = next((name for name, other in offered.items() if other == value), named)
    offered = {**offered, now: value}
    if all(value is None or isinstance(value, int | float) for value in offered.values()):
        offered = dict(sorted(offered.items(), key=lambda one: -math.inf if one[1] is None else one[1]))
    return Knob(key, title, help, offered, now, turned)


def _is_simple(cell: Cell) -> bool:
    return cell.is_plain and "activation" in cell.options


def _forgets(cell: Cell) -> bool:
    return "forget_bias" in cell.options


def _first(experiment: Experiment, fits: Callable[[Cell], bool]) -> ModelSpec | None:
    return next((spec for spec in experiment.models if fits(spec.kind)), None)


def _with(experiment: Experiment, fits: Callable[[Cell], bool], **changed: Any) -> Experiment:
    """The experiment with every model of such a cell changed."""
    models = tuple(dataclasses.replace(spec, **changed) if fits(spec.kind) else spec for spec in experiment.models)
    return dataclasses.replace(experiment, models=models)
