"""What was measured on every task's default experiment, task by task: from `assets/measured`, nothing by hand."""

import dataclasses
import functools
import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any

from pages._ui.run.measured import FOLDER, word
from rnnviz.charts.contestants import Contestant
from rnnviz.core.names import listed, number, percent
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import TASKS, Task

Scores = Mapping[str, tuple[float, ...]]  # label of a model → its score for each seed
_HAS: dict[str, Callable[[ModelSpec], bool]] = {  # what `Textbook.has` names
    "gates": lambda spec: bool(spec.kind.gates),
    "attention": lambda spec: spec.attention is not None,
    "bidirectional": lambda spec: spec.bidirectional,
    "reach": lambda spec: bool(spec.reach),
}


@dataclasses.dataclass(frozen=True)
class Row:
    """One task and what was measured on it.

    titles:  label of a model → its name.
    scores:  the same → its score for each seed.
    guess:   the score of `Task.guessing`.
    best:    the score that nobody beats; None where it is not known.
    seconds: what training its default models took together on one core; None where that was not measured.
    """

    task: Task
    titles: dict[str, str]
    scores: Scores
    guess: float
    best: float | None
    unit: str
    seconds: float | None

    @property
    def seeds(self) -> int:
        """How many."""
        return len(next(iter(self.scores.values())))

    @property
    def contestants(self) -> list[Contestant]:
        """For the chart: each score as a share of the way from guessing to the best that there can be.

        Where that is not known it is no error at all, or all right.
        """
        known = self.best is not None
        top = self.best if self.best is not None else 100.0 if self.task.higher_is_better else 0.0
        return [
            Contestant(
                self.task.title, label, tuple((score - self.guess) / (top - self.guess) for score in scores), known
            )
            for label, scores in self.scores.items()
        ]

    @property
    def shown(self) -> str:
        """What the seeds show, in a sentence or two: who is better than whom in every one of them."""
        beaten = {a: tuple(b for b in self.scores if self._always(a, b)) for a in self.scores}
        groups: dict[tuple[str, ...], list[str]] = {}
        for label, others in beaten.items():
            if others:
                groups.setdefault(others, []).append(label)
        said = [
            f"{listed([self.titles[one] for one in who])} better than {listed([self.titles[one] for one in others])}"
            for others, who in groups.items()
        ]
        every = f"in all {word(self.seeds)} seeds"
        found = f"{'; '.join(said)}, {every}." if said else f"No model is better than another {every}."
        return " ".join(filter(None, [found, *map(self._not_above_guessing, self.scores)]))

    @property
    def as_taught(self) -> str:
        """In how many seeds it is as a lecture leads one to expect."""
        seen = seen_in(Experiment(self.task), self.scores)
        return f"Textbook: {self.task.textbook.said}. {seeds_said(seen, self.seeds)}."

    def _always(self, a: str, b: str) -> bool:
        return sum(better(self.task, self.scores, a, b)) == self.seeds

    def _not_above_guessing(self, label: str) -> str:
        up = self.task.higher_is_better
        failed = sum((score <= self.guess) == up or score == self.guess for score in self.scores[label])
        if not failed:
            return ""
        return f"{self.titles[label]} no better than {self.task.guessing} in {word(failed)} of {word(self.seeds)}."

    def said(self, value: float) -> str:
        """A score with its unit."""
        return said(value, self.unit)

    def spread(self, label: str) -> str:
        """From the worst to the best seed of a model."""
        return spread(self.scores[label], self.unit)

    @property
    def time(self) -> str:
        """How long training takes."""
        return "" if self.seconds is None else f"{max(1, round(self.seconds))} s"


def scored(task: Task) -> str:
    """What a task's score is and which way is better: "letters named right, %"."""
    better_way = "" if task.higher_is_better else ", lower is better"
    return f"{task.score_name}{f', {task.score_unit}' if task.score_unit else ''}{better_way}"


def said(value: float, unit: str) -> str:
    """A score with its unit."""
    if unit == "%":
        return percent(value)
    return f"{number(value, 4) if abs(value) < 1 else number(value)} {unit}".strip()


def spread(scores: tuple[float, ...], unit: str) -> str:
    """From the smallest to the largest score."""
    low, high = said(min(scores), unit), said(max(scores), unit)
    return low if low == high else f"{low.removesuffix(' ' + unit)} to {high}"


def better(task: Task, scores: Scores, a: str, b: str) -> list[bool]:
    """In which seeds a model is better than another, by their labels."""
    return [(x > y) if task.higher_is_better else (x < y) for x, y in zip(scores[a], scores[b], strict=True)]


def seen_in(experiment: Experiment, scores: Scores) -> int:
    """In how many seeds it is as a lecture leads one to expect: who has something does better than who has not."""
    has = _HAS[experiment.task.textbook.has]
    with_, without = (
        [one for one in experiment.labels if has(experiment.model(one)) == wanted] for wanted in (True, False)
    )
    seeds = zip(*(better(experiment.task, scores, *pair) for pair in itertools.product(with_, without)), strict=True)
    return sum(map(all, seeds))


def seeds_said(count: int, seeds: int) -> str:
    """In how many seeds something is seen."""
    return f"Seen in {word(count) if count else 'none'} of {word(seeds)} seeds"


@functools.cache
def measured() -> tuple[Row, ...]:
    """One row for each task that was measured, in the order of the tasks."""
    return tuple(_row(path) for name in TASKS if (path := FOLDER / f"{name}.json").is_file())


def missing() -> tuple[type[Task], ...]:
    """Tasks that were not measured."""
    return tuple(kind for name, kind in TASKS.items() if not (FOLDER / f"{name}.json").is_file())


def _row(path: Any) -> Row:
    found = json.loads(path.read_text(encoding="utf-8"))
    tried = Experiment.from_json(json.dumps(found["experiment"]))
    scores = {label: tuple(found["models"][label]["score"]) for label in tried.labels}
    titles, seconds = {label: tried.title(label) for label in scores}, found.get("seconds")
    return Row(tried.task, titles, scores, found["guessing"], found["best"], found["unit"], seconds)
