"""What the models of an experiment are, before anything is trained: told from their specs, so of those alone."""

import math
from collections.abc import Container

from pages._ui.run.measured import word
from pages._ui.widgets import prose
from rnnviz.cells import CELLS
from rnnviz.core.names import counted, listed, percent
from rnnviz.specs import architectures
from rnnviz.specs.architectures import placed
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.labels import model_name, parsed
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.places import AtPlaces


def introduction(experiment: Experiment) -> str:
    """A few sentences in Markdown: how the models work together, or side by side, and what each of them is."""
    architecture = architectures.of(experiment.task)
    if architecture.writes:
        return f"{prose.text(f'intro_{architecture.name}').strip()}\n\n{of_models(experiment)}"
    count = len(experiment.models)
    many = f"{word(count).capitalize()} models learn the same task from the same data."
    what = many if count > 1 else "One model learns a task."
    return f"**{what} Watch what is remembered, and how far back a gradient reaches.**\n\n{of_models(experiment)}"


def of_models(experiment: Experiment) -> str:
    """What each model is, kind by kind."""
    kinds = (_of_cells, _of_parameters, _of_attention, _of_places, _of_sizes)
    return " ".join(said for of in kinds for said in of(experiment))


def _of_cells(experiment: Experiment) -> list[str]:
    used = {name for spec in experiment.models for name in spec.cells}
    cells = (cell for name, cell in CELLS.items() if name in used and cell.does)
    return [f"{cell.one.split(' ')[0].capitalize()} **{cell.within}** {cell.does}." for cell in cells]


def _of_parameters(experiment: Experiment) -> list[str]:
    """How many weights a cell saves beside the one that it was made to be lighter than, at the same size."""
    found = []
    for label, spec in zip(experiment.labels, experiment.models, strict=True):
        beside = (one for one in experiment.labels if _heavier(spec, experiment.model(one)))
        if other := next(beside, None):
            few, many = (_parameters(experiment, one) for one in (label, other))
            share = f"{percent(100 * few / many)} of the {many:,} of the {model_name(other)}"
            found.append(f"Here the {model_name(label)} has {few:,} parameters, {share}.")
    return [*found[:1], "Whether it learns as well is what the run shows."] if found else []


def _heavier(spec: ModelSpec, other: ModelSpec) -> bool:
    """Whether another model has the cell that this one's was made to be lighter than, and the same size."""
    sizes = [(one.hidden, one.layers, one.bidirectional, one.reach) for one in (spec, other)]
    return spec.kind.lighter == other.cell and sizes[0] == sizes[1]


def _parameters(experiment: Experiment, label: str) -> int:
    shapes = architectures.of(experiment.task).weight_shapes(experiment.model(label), experiment.task)
    return sum(map(math.prod, shapes.values()))


def _of_attention(experiment: Experiment) -> list[str]:
    if not architectures.of(experiment.task).writes:
        return []
    has, lacks = ([spec for spec in experiment.models if bool(spec.attention) == one] for one in (True, False))
    found = [f"{_bold(experiment, has)} {_have(has)} attention."] if has else []
    return [*found, f"{_bold(experiment, lacks)} {_have(lacks)} no attention."] if lacks else found


def _of_places(experiment: Experiment) -> list[str]:
    """Who shares weights between places, and who reads all places at once."""
    if not issubclass(experiment.task.reading, AtPlaces):
        return []
    reads, found = placed.places_of(experiment.task), list[str]()
    for reach in dict.fromkeys(spec.reach for spec in experiment.models if spec.reach is not None):
        who = _bold(experiment, [spec for spec in experiment.models if spec.reach == reach])
        found.append(f"In {who} every {reads.one} has the same weights and reads {reads.around(reach)}.")
    if flat := [spec for spec in experiment.models if spec.reach is None]:
        read, places = "read" if len(flat) > 1 else "reads", counted(reads.count, reads.one)
        weights = "each through weights of its own"
        found.append(f"{_bold(experiment, flat)} {read} all {places} as one list of numbers, {weights}.")
    return found


def _have(specs: list[ModelSpec]) -> str:
    return "have" if len(specs) > 1 else "has"


def _of_sizes(experiment: Experiment) -> list[str]:
    """By what models of one name differ that have a number alone to tell them apart."""
    groups: dict[tuple[str, str], list[str]] = {}
    for label in experiment.labels:
        groups.setdefault(parsed(label)[:2], []).append(label)
    found = []
    for labels in (one for one in groups.values() if len(one) > 1):
        specs = [experiment.model(label) for label in labels]
        told = [how for how in (_units, _layers, _directions) if len({*map(how, specs)}) > 1]
        each = (", ".join(how(spec) for how in told) for spec in specs)
        pairs = [f"**{model_name(label)}** {said}" for label, said in zip(labels, each, strict=True)]
        found += [f"{listed(pairs)}."] if told else []
    return found


def _units(spec: ModelSpec) -> str:
    return f"has {counted(spec.hidden, 'hidden unit')}"


def _layers(spec: ModelSpec) -> str:
    return f"has {counted(spec.layers, 'layer')}"


def _directions(spec: ModelSpec) -> str:
    return "reads in both directions" if spec.bidirectional else "reads in one direction"


def _bold(experiment: Experiment, specs: Container[ModelSpec]) -> str:
    """Those of the models that are among `specs`, by name, in bold."""
    pairs = zip(experiment.labels, experiment.models, strict=True)
    return listed([f"**{model_name(label)}**" for label, spec in pairs if spec in specs])
