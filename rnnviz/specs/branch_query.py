"""A training as the query of a link, and back: its experiment's, and for a branch where it starts.

For example `lr=0.001&branch=step=240%26lr=0.01`: it goes on from step 240 of a training with another learning rate.
Of each parent only what its branch has otherwise is written; `-name` for what the parent leaves out. Levels are escaped
once more than the rest, so within them no sign is that need not be.
"""

import contextlib
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.specs import query as links
from rnnviz.specs.branch import Branch, Training
from rnnviz.specs.branching import on_screen
from rnnviz.specs.experiment import Experiment

PARAM = "branch"
_STEP, _LEFT_OUT, _APART = "step", "-", ";"


def to_params(training: Training) -> dict[str, str]:
    """The unescaped parts of a query by name."""
    params, levels, start = links.to_params(training.experiment), list[str](), training.start
    child = params
    while start is not None:
        parent = links.to_params(start.parent)
        other = {name: value for name, value in parent.items() if child.get(name) != value}
        gone = {f"{_LEFT_OUT}{name}": "" for name in child if name not in parent}
        levels.append(urllib.parse.urlencode({_STEP: start.step, **other, **gone}, safe=":,="))
        child, start = parent, start.start
    return params | ({PARAM: _APART.join(levels)} if levels else {})


def fits(training: Training) -> bool:
    """Whether its link is short enough to be opened again."""
    return sum(len(name) + len(value) for name, value in to_params(training).items()) <= limits.LONGEST_QUERY


def to_query(training: Training) -> str:
    """The same as a query string."""
    return urllib.parse.urlencode(to_params(training), safe=":,=", quote_via=urllib.parse.quote)


def read(query: Mapping[str, str | Sequence[str]], texts: dict[str, str] | None = None) -> Training:
    """The training of a query.

    texts: the long texts at hand, by their hashes.

    Raises:
        ExperimentError: it holds no experiment that can be run, or where that starts is no step of another one.
        TextNeeded: the query names a text by its hash, and `texts` does not hold it.
    """
    params = links.parse_params(query)
    levels = _levels(params.pop(PARAM, ""))
    experiment = Experiment.from_query(params, texts)
    if not levels:
        return Training(experiment)
    with _named(experiment):
        start = _read_start(levels, params, texts)
        start.check(experiment)
        if start.step == experiment.training.steps:
            beyond = f"more than {start.step:,}, the training step it starts from, else nothing would be trained"
            raise ExperimentError("training.steps", beyond, experiment.training.steps)
    return Training(experiment, start)


@contextlib.contextmanager
def _named(experiment: Experiment) -> Iterator[None]:
    """Whatever is refused is said of the branch, in the words of the screen."""
    try:
        yield
    except ExperimentError as error:
        if type(error) is not ExperimentError:  # what is needed is brought by who knows that kind of error
            raise
        told = on_screen(error, experiment.task)
        raise ExperimentError(f"{PARAM}: {told.field}", told.allowed, told.received) from None


def _read_start(levels: list[str], child: dict[str, str], texts: dict[str, str] | None) -> Branch:
    found = list[tuple[Experiment, int | str]]()
    for level in levels:
        other = links.parse_params(level)
        step = other.pop(_STEP, "")
        gone = {name.removeprefix(_LEFT_OUT): name for name in other if name.startswith(_LEFT_OUT)}
        for name in gone:
            _check_gone(name, other.pop(gone[name]), child)
        child = {name: value for name, value in (child | other).items() if name not in gone}
        found.append((Experiment.from_query(child, texts), int(step) if step.isdecimal() and len(step) < 9 else step))
    start: Branch | None = None
    for parent, at in reversed(found):
        start = Branch(parent, at, start)  # type: ignore[arg-type]  # which refuses what is no step
    assert start is not None
    return start


def _check_gone(name: str, value: str, child: dict[str, str]) -> None:
    """Whether a name after a minus is one that the branch has, with nothing behind it."""
    if name not in child:
        here = f"one of {', '.join(child)}, which the link says of the branch"
        raise ExperimentError(
            "the name after a minus", here if child else "left out, as the link says nothing else", name
        )
    if value:
        raise ExperimentError(f"{_LEFT_OUT}{name}", "without a value", value)


def _levels(written: str) -> list[str]:
    levels = written.split(_APART) if written else []
    if len(levels) > limits.MOST_BRANCHES:
        raise ExperimentError(PARAM, f"at most {limits.MOST_BRANCHES} branches", Words(f"{len(levels)}"))
    return levels
