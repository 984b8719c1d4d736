"""Experiments of every kind, for property-based tests; made from the fields' own descriptions."""

import types
from collections.abc import Callable
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from rnnviz.cells import CELLS
from rnnviz.core import fields, limits
from rnnviz.core.errors import ExperimentError
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import TASKS, Task, corpora
from rnnviz.tasks.places import AtPlaces


def values(meaning: fields.Meaning) -> st.SearchStrategy[Any]:
    """Any value that a field accepts."""
    found: dict[str, Any] = {
        "whole": lambda: st.integers(int(meaning.low), int(meaning.high)),
        "real": lambda: st.floats(meaning.low, meaning.high),
        "choice": lambda: st.sampled_from(meaning.options),
        "flag": st.booleans,
        "text": lambda: st.text(max_size=60),
        "content": st.nothing,  # what is brought is drawn with its task
    }
    strategy = found[meaning.kind]()
    return st.none() | strategy if meaning.optional else strategy


def specs(kind: Any, **fixed: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Values for some of the fields of a spec."""
    return st.fixed_dictionaries({}, optional={m.name: values(m) for m in fields.describe(kind)} | fixed)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """A task with any parameters."""
    kind = draw(st.sampled_from(list(TASKS.values())))
    if kind.name == "text" and draw(st.booleans()):
        return draw(own_texts())
    if kind.name == "pairs":
        return draw(own_pairs())
    return made(kind, draw(specs(kind)))


def _trained(translates: bool) -> Callable[[dict[str, Any]], TrainingSpec]:
    """A training of values; only where a model translates is anything fed back to it."""
    aside = () if translates else ("teacher_forcing", "schedule")
    return lambda given: TrainingSpec(**{name: value for name, value in given.items() if name not in aside})


@st.composite
def own_texts(draw: st.DrawFn) -> Task:
    """The task `text` on a text of one's own."""
    text = draw(st.text(min_size=2, max_size=60)) * draw(st.integers(1, 20))  # short of and beyond what fits a link
    return made(TASKS["text"], {"corpus": corpora.OWN, "text": text})


@st.composite
def own_pairs(draw: st.DrawFn) -> Task:
    """The task `pairs` on a table of one's own, or on the one that comes with it."""
    words = st.text("abcäöü ,\"'", min_size=1, max_size=8)
    rows = draw(st.lists(st.tuples(words, words), max_size=12))
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return made(TASKS["pairs"], {"text": text, "unit": draw(st.sampled_from(["characters", "words"]))})


@st.composite
def models(draw: st.DrawFn, translates: bool = False, places: int = 0) -> ModelSpec:
    """A model with any fields that its cells allow; attention and a decoder of its own where it `translates`.

    places: of what is read, whose weights it may share; 0 for none.
    """
    cell = draw(st.sampled_from([name for name, kind in CELLS.items() if kind.recurrent or not translates]))
    given = draw(specs(ModelSpec, cell=st.just(cell), hidden=st.integers(1, 64), layers=st.integers(1, 2)))
    for name in ("reach",) if translates else ("reach", "attention", "decoder"):
        given.pop(name, None)
    if places and CELLS[cell].recurrent and draw(st.booleans()):
        most = limits.WIDEST_LAYER // places
        given |= {"reach": draw(st.integers(0, limits.LONGEST_REACH)), "hidden": places * draw(st.integers(1, most))}
        given |= {"bidirectional": False, "init": "default"}
    if given.get("bidirectional") and given.get("attention") == "dot":
        given.pop("attention")
    if (decoder := given.get("decoder")) is not None and not CELLS[decoder].recurrent:
        given.pop("decoder")
    usual = {m.name: m.default for m in fields.describe(ModelSpec)}
    said = types.SimpleNamespace(**usual | given | {"cell": cell})
    for m in fields.describe(ModelSpec):
        if m.when is not None and not m.when.holds(said):
            setattr(said, m.name, m.default)
    return ModelSpec(**vars(said))


@st.composite
def experiments(draw: st.DrawFn, of: st.SearchStrategy[Task] | None = None) -> Experiment:
    """An experiment on any task, within the limits."""
    task = draw(of or tasks())
    translates = task.answers.name == "sequence"
    places = 0 if task.sized_by_data or not isinstance(task.reads, AtPlaces) else task.reads.count
    listed = draw(st.none() | st.lists(models(translates, places), min_size=1, max_size=limits.MOST_MODELS).map(tuple))
    training = draw(st.none() | specs(TrainingSpec, batch=st.integers(1, 32)).map(_trained(translates)))
    return made(Experiment, {"task": task, "models": listed, "training": training})


def made(kind: Any, given: dict[str, Any]) -> Any:
    """`kind(**given)`; what is refused is left aside."""
    try:
        return kind(**given)
    except ExperimentError:
        assume(False)
