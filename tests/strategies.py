"""Experiments of every kind, for property-based tests; made from the fields' own descriptions."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from rnnviz import fields, limits
from rnnviz.errors import ExperimentError
from rnnviz.experiment import CELLS, Experiment, ModelSpec, TrainingSpec
from rnnviz.tasks import TASKS, Task, corpora


def values(meaning: fields.Meaning) -> st.SearchStrategy[Any]:
    """Any value that a field accepts."""
    found: dict[str, Any] = {
        "whole": lambda: st.integers(int(meaning.low), int(meaning.high)),
        "real": lambda: st.floats(meaning.low, meaning.high),
        "choice": lambda: st.sampled_from(meaning.options),
        "flag": st.booleans,
        "text": lambda: st.text(max_size=60),
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
    return made(kind, draw(specs(kind)))


@st.composite
def own_texts(draw: st.DrawFn) -> Task:
    """The task `text` on a text of one's own."""
    text = draw(st.text(min_size=2, max_size=60)) * draw(st.integers(1, 20))  # short of and beyond what fits a link
    return made(TASKS["text"], {"corpus": corpora.OWN, "text": text})


@st.composite
def models(draw: st.DrawFn) -> ModelSpec:
    """A model with any fields that its cell allows."""
    cell = draw(st.sampled_from(CELLS))
    given = draw(specs(ModelSpec, cell=st.just(cell), hidden=st.integers(1, 64), layers=st.integers(1, 2)))
    given.pop("activation" if cell != "rnn" else "", None)
    given.pop("forget_bias" if cell != "lstm" else "", None)
    given.pop("reset" if cell != "gru" else "", None)
    given.pop("sigma_max" if given.get("init") != "scaled" else "", None)
    for between in ("skip", "dropout") if given.get("layers", 1) == 1 else ():
        given.pop(between, None)
    return ModelSpec(**{**given, "cell": cell})


@st.composite
def experiments(draw: st.DrawFn, of: st.SearchStrategy[Task] | None = None) -> Experiment:
    """An experiment on any task, within the limits."""
    task = draw(of or tasks())
    listed = draw(st.none() | st.lists(models(), min_size=1, max_size=limits.MOST_MODELS).map(tuple))
    training = draw(st.none() | specs(TrainingSpec, batch=st.integers(1, 32)).map(lambda v: TrainingSpec(**v)))
    return made(Experiment, {"task": task, "models": listed, "training": training})


def made(kind: Any, given: dict[str, Any]) -> Any:
    """`kind(**given)`; what is refused is left aside."""
    try:
        return kind(**given)
    except ExperimentError:
        assume(False)
