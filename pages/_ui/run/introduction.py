"""What the models of an experiment are, before anything is trained: told from their specs, so of those alone."""

from collections.abc import Container

from pages._ui.run.measured import word
from pages._ui.widgets import prose
from rnnviz.cells import CELLS
from rnnviz.core.names import counted, listed
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
    said = [*_of_cells(experiment), *_of_attention(experiment), *_of_places(experiment), *_of_sizes(experiment)]
    return " ".join(said)


def _of_cells(experiment: Experiment) -> list[str]:
    used = {name for spec in experiment.models for name in spec.cells}
    cells = (cell for name, cell in CELLS.items() if name in used and cell.does)
    return [f"{cell.one.split(' ')[0].capitalize()} **{cell.within}** {cell.does}." for cell in cells]


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
