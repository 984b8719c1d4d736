"""What a watcher looks at: a page, and what is chosen on it. It travels as a short text in an address."""

import dataclasses
from typing import Self

from rnnviz.core.errors import shown
from rnnviz.runs.states import DIRECTIONS
from rnnviz.specs.experiment import Experiment

LONGEST = 200  # characters of a view's text


class ViewError(ValueError):
    """The text is no view of this experiment."""


@dataclasses.dataclass(frozen=True)
class View:
    """One page of a run with the choices that change what is sent.

    page:      as in the address, "compare" for the first.
    probe:     the sequence that all models read.
    layer:     of stacked models; -1 for the top.
    direction: "forward" or "backward".
    """

    page: str
    probe: int = 0
    layer: int = -1
    direction: str = DIRECTIONS[0]

    @property
    def text(self) -> str:
        """Such as "states;probe=1": what is not said stands at its default."""
        said = (f"{f.name}={getattr(self, f.name)}" for f in _CHOICES if getattr(self, f.name) != f.default)
        return ";".join([self.page, *said])

    @classmethod
    def parse(cls, text: str, experiment: Experiment, pages: frozenset[str]) -> Self:
        """Read a view of an experiment; `pages` are those that there are.

        Raises:
            ViewError: it names an unknown page or choice, or a probe, layer or direction that the experiment lacks.
        """
        page, *said = text[:LONGEST].split(";")
        if page not in pages:
            raise ViewError(f"view must begin with one of {', '.join(sorted(pages))}; got {shown(page)}.")
        chosen: dict[str, int | str] = {}
        for part in said:
            name, _, value = part.partition("=")
            allowed = _allowed(name, experiment)
            if value not in allowed:
                options = f"{name} must be one of {', '.join(allowed)}" if allowed else "it has no such choice"
                raise ViewError(f"{options}; got {shown(part)}.")
            chosen[name] = value if name == "direction" else int(value)
        return cls(page, **chosen)  # type: ignore[arg-type]


_CHOICES = dataclasses.fields(View)[1:]


def _allowed(name: str, experiment: Experiment) -> tuple[str, ...]:
    """What a choice may be, as it is written; nothing for one that there is not."""
    match name:
        case "probe":
            return tuple(map(str, range(len(experiment.task.probes().names))))
        case "layer":
            return tuple(map(str, range(-1, max(model.layers for model in experiment.models))))
        case "direction":
            return DIRECTIONS[: max(model.directions for model in experiment.models)]
    return ()
