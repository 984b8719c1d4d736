"""A training as the query of a link, and back: its experiment's, and for a branch where it starts.

For example `lr=0.001&branch=step=240%26lr=0.01`: it goes on from step 240 of a training with another learning rate.
Of each parent only what its branch has otherwise is written; `-name` for what the parent leaves out.
"""

import urllib.parse
from collections.abc import Mapping, Sequence

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.specs import query as links
from rnnviz.specs.branch import Branch, Training
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
        levels.append(urllib.parse.urlencode({_STEP: start.step, **other, **gone}))
        child, start = parent, start.start
    return params | ({PARAM: _APART.join(levels)} if levels else {})


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
    written = params.pop(PARAM, "")
    experiment = Experiment.from_query(params, texts)
    found, child = list[tuple[Experiment, int | str]](), params
    for level in _levels(written):
        other = links.parse_params(level)
        step = other.pop(_STEP, "")
        gone = {name.removeprefix(_LEFT_OUT) for name in other if name.startswith(_LEFT_OUT)}
        kept = {name: value for name, value in (child | other).items() if not name.startswith(_LEFT_OUT)}
        child = {name: value for name, value in kept.items() if name not in gone}
        parent = Experiment.from_query(child, texts)
        found.append((parent, int(step) if step.isdecimal() and len(step) < 9 else step))
    start: Branch | None = None
    for parent, at in reversed(found):
        start = Branch(parent, at, start)  # type: ignore[arg-type]  # which refuses what is no step
    if start is not None:
        start.check(experiment)
    return Training(experiment, start)


def _levels(written: str) -> list[str]:
    levels = written.split(_APART) if written else []
    if len(levels) > limits.MOST_BRANCHES:
        raise ExperimentError(PARAM, f"at most {limits.MOST_BRANCHES} branches", Words(f"{len(levels)}"))
    return levels
