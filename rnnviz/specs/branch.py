"""Where a training starts that goes on from a step of another one."""

import dataclasses
import hashlib
import json
from typing import Any

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.fields import is_whole
from rnnviz.specs.branching import check_branch
from rnnviz.specs.experiment import Experiment

FIELD = "start"


@dataclasses.dataclass(frozen=True)
class Branch:
    """A training step of another training, from which one starts instead of from first weights.

    A parent that carries its own parent's experiment on unchanged is left out: that changes no number.

    parent: the experiment of that training.
    step:   a training step, from the first of that training to its last.
    start:  where that training itself started; None: with its first weights.

    Raises:
        ExperimentError: the step is none of the parent's, or the parent could not start where it is said to.
    """

    parent: Experiment
    step: int
    start: "Branch | None" = None

    def __post_init__(self) -> None:
        if not isinstance(self.parent, Experiment):
            raise ExperimentError("parent", "an Experiment", self.parent)
        first, last = first_step(self.start), self.parent.training.steps
        if not is_whole(self.step, first, last):
            raise ExperimentError("step", f"a whole number from {first:,} to {last:,}", self.step)
        object.__setattr__(self, "step", int(self.step))
        if self.start is None:
            return
        self.start.check(self.parent)
        if self.start.parent == self.parent:
            object.__setattr__(self, "start", self.start.start)
        if self.depth > limits.MOST_BRANCHES:
            allowed = f"at most {limits.MOST_BRANCHES} branches, each from the one before"
            raise ExperimentError(FIELD, allowed, Words(f"{self.depth}"))

    @property
    def depth(self) -> int:
        """How many branches lead here, this one included."""
        return 1 + (self.start.depth if self.start else 0)

    def check(self, experiment: Experiment) -> None:
        """Whether an experiment can start here.

        Raises:
            ExperimentError: it differs from the parent in what may not change; names the field (see `branching`).
        """
        check_branch(self.parent, self.step, experiment)

    def to_json(self, experiment: Experiment) -> str:
        """This start of an experiment as JSON: a list from the nearest branch to the first.

        Of each parent only the parts are written that differ from its branch, so that a long text stands there once.
        """
        levels, child = list[dict[str, Any]](), experiment.to_dict()
        branch: Branch | None = self
        while branch:
            parent = branch.parent.to_dict()
            other = {name: part for name, part in parent.items() if part != child[name]}
            levels.append({"step": branch.step, **other})
            child, branch = parent, branch.start
        return json.dumps(levels, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str, experiment: Experiment) -> "Branch":
        """The start of an experiment that `to_json` wrote.

        Raises:
            ExperimentError: the text is no such list, or the experiment cannot start there.
        """
        found, child, branch = list[tuple[Experiment, Any]](), experiment, None
        for level in _levels(text):
            child = Experiment.from_json(json.dumps(child.to_dict() | {n: level[n] for n in level if n != "step"}))
            found.append((child, level.get("step")))
        for parent, step in reversed(found):
            branch = cls(parent, step, branch)
        assert branch is not None
        branch.check(experiment)
        return branch


def first_step(start: Branch | None) -> int:
    """The first training step of a training that starts there."""
    return start.step if start else 0


def key_of(experiment: Experiment, start: Branch | None) -> str:
    """What names a training: the key of its experiment; for a branch a hash of that and of where it starts."""
    if start is None:
        return experiment.key
    told = f"{key_of(start.parent, start.start)} {start.step} {experiment.key}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]


@dataclasses.dataclass(frozen=True)
class Training:
    """An experiment and where its training starts: what numbers depend on.

    start: None for first weights.
    """

    experiment: Experiment
    start: Branch | None = None

    @property
    def key(self) -> str:
        """What names it (`key_of`)."""
        return key_of(self.experiment, self.start)


def _levels(text: str) -> list[dict[str, Any]]:
    try:
        levels: Any = json.loads(text)
    except (ValueError, RecursionError):
        levels = None
    fine = isinstance(levels, list) and 1 <= len(levels) <= limits.MOST_BRANCHES
    if not fine or not all(isinstance(level, dict) for level in levels):
        raise ExperimentError(FIELD, f"a JSON list of 1 to {limits.MOST_BRANCHES} branches", Words("something else"))
    return list(levels)
