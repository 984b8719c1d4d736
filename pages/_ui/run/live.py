"""A view of the run that is drawn again while the run grows.

No fragment may stand inside one of these. When a timer starts one anew, Streamlit drops what it has drawn and not sent,
but keeps what fragments inside it drew: a browser that has no place for that yet gives up the whole page.
"""

import dataclasses
from collections.abc import Callable

import streamlit as st

from pages._ui.run import empty, moment, shipped
from pages._ui.session import visits
from pages._ui.session.state import AppState, get_state
from pages._ui.session.trouble import guarded
from rnnviz.engine import Job
from rnnviz.frames import Glimpse
from rnnviz.runs import Run

SELDOM = 1.2  # seconds between two looks at what costs more
SOON = 0.7  # seconds between two looks at a run that stands still, while something about it is being measured
FEW = 3  # watchers, for whom the server can afford more
OFTEN = 0.4  # seconds between two looks while few watch
OVER = ("finished", "stopped", "failed")


@dataclasses.dataclass(frozen=True)
class Shown:
    """What a page shows.

    run:     with at least one frame.
    step:    the training step that is looked at, one of the run's frames.
    shipped: whether the run came with the app.
    moving:  whether more will come.
    glimpse: the weights now, newer than `step`, for one who follows a run that trains; only on a page that asks for it.
    """

    run: Run
    step: int
    shipped: bool
    moving: bool
    glimpse: Glimpse | None = None


def is_live(job: Job | None) -> bool:
    """Whether a job may still change."""
    return job is not None and job.status not in OVER


def drawn(job: Job | None) -> tuple[int, bool]:
    """What the buttons and timers of a page depend on: when it differs, the whole page is drawn again.

    Somebody else's short run may begin and end between two looks, so whether it lives is not enough.
    """
    return id(job), is_live(job)


def live(draw: Callable[[Shown], bool | None], with_example: bool = True, every: float | None = None) -> None:
    """`draw` now, and again several times a second as long as the job lives or `draw` says that more is coming.

    with_example: whether the page of an untrained experiment needs an example of its task.
    every:        for a page that shows glimpses between the frames, and only such a page is given them: seconds between
                  two looks while few watch.
    """
    state = get_state()
    job = visits.current(state)
    wait = interval(job, every) or (SOON if state.coming else None)
    st.fragment(_tick, run_every=wait)(draw, with_example, drawn(job), state.coming, every is not None)


def beside(draw: Callable[[Shown], object]) -> None:
    """`draw` a part of the page that costs more, below what `live` draws and less often, as long as the job lives."""
    job = visits.current(get_state())
    if (every := interval(job)) is not None:
        st.fragment(_tick_beside, run_every=max(SELDOM, 2 * every))(draw)


def interval(job: Job | None, every: float | None = None) -> float | None:
    """Seconds between two looks at a job; None if it no longer changes.

    every: what a page wishes that shows more than the frames; granted while few watch, and never longer than usual.
    """
    if job is None or not is_live(job):
        return None
    watchers = job.watchers  # one refresh costs the server about 15 ms
    if watchers <= FEW:
        return min(every or OFTEN, OFTEN)
    return 1.0 if watchers <= 12 else 1.5


def _tick(
    draw: Callable[[Shown], bool | None],
    with_example: bool,
    before: tuple[int, bool],
    was_coming: bool,
    glimpses: bool,
) -> None:
    with guarded():
        state = get_state()
        job = visits.current(state)
        if drawn(job) != before:
            st.rerun()  # the whole page: only that turns the timer off, or on
        state.coming = False
        if (shown := _shown(state, job, with_example, glimpses)) is not None:
            state.coming = bool(draw(shown))
        if state.coming != was_coming:
            st.rerun()


def _tick_beside(draw: Callable[[Shown], object]) -> None:
    with guarded():
        state = get_state()
        job = visits.current(state)
        if job is not None and job.run.frames:
            draw(Shown(job.run, moment.at(state, job.run), shipped=False, moving=True))


def _shown(state: AppState, job: Job | None, with_example: bool, glimpses: bool) -> Shown | None:
    if job is not None and job.run.frames:
        between = glimpses and _follows(state, job)
        step = moment.choose(state, job.run, is_live(job), between)
        glimpse = _glimpse(job, step) if between else None
        return Shown(job.run, step, shipped=False, moving=is_live(job), glimpse=glimpse)
    if is_live(job):
        st.caption("The first picture comes when the models have read their first batch.")
        return None
    if not shipped.suits(state):
        empty.show(state, with_example)
        return None
    run = shipped.introduce(state.experiment)
    return Shown(run, moment.choose(state, run, False), shipped=True, moving=False)


def _follows(state: AppState, job: Job) -> bool:
    """Whether this visitor looks at the weights now, neither back nor paused."""
    return state.step is None and is_live(job) and job.wants(state.visitor) != "pause"


def _glimpse(job: Job, step: int) -> Glimpse | None:
    """The weights now, if they are newer than `step`."""
    newest = job.glimpse
    return newest if newest is not None and newest.step > step else None
