"""The run and the moment that a page's script speaks of: what the browser said it looks at, when the script began."""

import dataclasses
from collections.abc import Callable

from pages._ui.live import names
from pages._ui.run.choices import Choice, fitting
from pages._ui.session import visits
from pages._ui.session.state import AppState, get_state
from pages._ui.session.trouble import guarded
from rnnviz.runs.run import Run
from rnnviz.runs.view import RunView


@dataclasses.dataclass(frozen=True)
class Shown:
    """What a page shows.

    run:     with at least one frame.
    step:    the training step that is looked at, one of the run's frames.
    shipped: whether the run came with the app.
    moving:  whether more will come.
    """

    run: Run
    step: int
    shipped: bool
    moving: bool

    @property
    def at(self) -> RunView:
        """The run at that step."""
        return self.run.at(self.step)

    def measured_at(self, label: str) -> int:
        """The training step of the frame that is shown of a model: an earlier one if its training has ended."""
        return self.at.steps[label]


def shown(state: AppState) -> Shown | None:
    """The run of the session's experiment at the step that is looked at; None while there is no frame of it."""
    job = visits.current(state)
    source = names.source(names.name_of(state.training, visits.attempt(state)), "" if job is None else job.id)
    if source is None or not source.run.frames:
        return None
    return Shown(source.run, _step(source.run, state), source.job is None, not source.over)


def draw_shown(draw: Callable[[Shown], object], empty: Callable[[], object] | None = None) -> None:
    """`draw` what the session looks at, as soon as there is a frame of it; until then what is to be seen without."""
    with guarded():
        if (found := shown(get_state())) is not None:
            draw(found)
        elif empty is not None:
            empty()


def choice(state: AppState) -> Choice:
    """The probe, layer and direction that are looked at, as far as the experiment has them."""
    said = state.looked
    return fitting(state.experiment, said.get("probe") or 0, said.get("layer", -1), said.get("direction") or "forward")


def _step(run: Run, state: AppState) -> int:
    """The frame nearest to the step that is looked at; the last one for who follows."""
    wanted = state.looked.get("step")
    if not isinstance(wanted, int):
        return run.frames[-1].step
    return min(run.steps, key=lambda step: abs(step - wanted))
