"""Why the settings of a task are what they are: what came of others, from `assets/measured/settings.json`."""

import dataclasses
import functools
from typing import Any

from pages._ui.run.measured import settings, word
from pages._ui.tasks.rows import Scores, seeds_said, seen_in, spread
from rnnviz.core import fields
from rnnviz.specs.branching import differing, name_of
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import task

_SATURATED = 0.1  # a run in which a larger share of a model's units is saturated is counted


@dataclasses.dataclass(frozen=True)
class Tried:
    """One setting of a task and what was measured under it.

    title:     what it is called.
    link:      the query of its experiment; that of the defaults is as short as it can be.
    scores:    label of a model → its score for each seed.
    saturated: the same → the share of its units that are saturated at the end, 0 to 1.
    """

    title: str
    link: str
    experiment: Experiment
    scores: Scores
    saturated: Scores

    @property
    def usual(self) -> bool:
        """Whether it is the default."""
        return self.experiment == Experiment(task(self.experiment.task.name))

    @property
    def called(self) -> str:
        """What it is called, and what is other than in the defaults: "a shorter training (training steps 1,200)"."""
        now, usual = self.experiment, Experiment(task(self.experiment.task.name))
        pairs = zip(now.labels, now.models, usual.models, strict=True)
        changed = [*_changed(usual.task, now.task), *_changed(usual.training, now.training)]
        changed += [f"{now.title(label)}: {said}" for label, one, was in pairs for said in _changed(was, one)]
        return self.title + (f" ({', '.join(changed)})" if changed else "")

    @property
    def each(self) -> list[str]:
        """One line for each model."""
        return [
            f"{self.experiment.title(label)} {spread(scores, self.experiment.task.score_unit)}"
            for label, scores in self.scores.items()
        ]

    @property
    def seeds(self) -> int:
        """How many."""
        return len(next(iter(self.scores.values())))

    @property
    def shown(self) -> list[str]:
        """In how many seeds it is as the textbook says, and of which models many units are saturated."""
        task = self.experiment.task
        found = [f"Textbook: {task.textbook.said}. {seeds_said(seen_in(self.experiment, self.scores), self.seeds)}."]
        for label, shares in self.saturated.items():
            if count := sum(share > _SATURATED for share in shares):
                more = f"more than {round(100 * _SATURATED)} % of its units saturated"
                found.append(f"{self.experiment.title(label)}: {more} in {word(count)} of {word(self.seeds)}.")
        return found


def _changed(before: Any, after: Any) -> list[str]:
    """The numbers in which a spec differs from another of its kind, in words: "lag 40 letters"."""
    found = []
    for name in differing(before, after):
        meaning, value = fields.meaning(after, name), getattr(after, name)
        unit = "" if meaning.label else meaning.unit  # a label names it already
        written = f"{value:,}" if isinstance(value, int) else f"{value:g}".replace("-", "−")
        found.append(f"{name_of(meaning)} {written} {unit}".rstrip())
    return found


@functools.cache
def tried() -> tuple[Tried, ...]:
    """All settings that were tried, task by task, the defaults first."""
    return tuple(_one(one) for tried in settings().values() for one in tried)


def _one(found: dict[str, Any]) -> Tried:
    experiment, models = Experiment.from_query(found["link"]), found["models"]
    scores, saturated = (
        {label: tuple(models[label][name]) for label in experiment.labels} for name in ("score", "saturated")
    )
    return Tried(found["title"], found["link"], experiment, scores, saturated)
