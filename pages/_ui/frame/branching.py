"""The panel in which one thing is changed, to train on from the step that is looked at; and the way back."""

import contextlib
import dataclasses

import streamlit as st

from pages._ui.run.shown import shown
from pages._ui.session import link, visits
from pages._ui.session.server import engine
from pages._ui.session.state import AppState, get_state
from pages._ui.widgets.fieldsets import field, typed, unbounded
from pages._ui.widgets.marks import escaped
from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError
from rnnviz.core.names import listed, setting
from rnnviz.engine import Job
from rnnviz.findings.finding import sentence
from rnnviz.specs import branch_query
from rnnviz.specs.branch import Branch, Training, first_step
from rnnviz.specs.branch_choices import MODELS, Choice, choices
from rnnviz.specs.branching import name_of, on_screen
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.labels import model_name

SHIPPED = "The run that comes with the app was trained on another machine: trained again here, it may differ a little."
ALL_ENDED = "All models have ended by this training step, so nothing would be trained. Choose an earlier one."
TOO_LONG = "With this change the link would be too long to be opened again. Choose another, such as the learning rate."
AT_THE_END = "At the last training step only their number can change. To change something else, move to an earlier one."


@dataclasses.dataclass
class Panel:
    """The panel of one visitor.

    start:  where the branch would begin; None while it is closed.
    opened: how often it was opened: each time has controls of its own.
    left:   the branch from which the visitor went back to the original.
    """

    start: Branch | None = None
    opened: int = 0
    left: Training | None = None


def open_panel(state: AppState) -> None:
    """Open the panel for the step that was in view when the button was pressed."""
    panel, training = state.own(Panel), state.training
    step = state.pressed_at
    if why := full(training):
        st.toast(escaped(why))
        return
    if step is None or not first_step(training.start) <= step <= training.experiment.training.steps:
        return
    panel.start = Branch(training.experiment, step, training.start)
    panel.opened += 1


def full(training: Training) -> str:
    """Why no further branch can come from this training; "" if one can."""
    start, last = training.start, training.experiment.training.steps
    if start is None:
        return ""
    with contextlib.suppress(ExperimentError):  # as many as there may be
        if branch_query.fits(Training(training.experiment, Branch(training.experiment, last, start))):
            return ""
    leading = "1 leads" if start.depth == 1 else f"{start.depth} lead"
    return f"No further branch fits into a link: {leading} here already."


def back(state: AppState) -> None:
    """Turn the session to the training from which its branch comes: to the step in view, or to where it began."""
    if (start := state.start) is None:
        return
    state.own(Panel).left = state.training
    link.turn_to(state, start.parent, start.start)
    found = shown(state)
    steps = found.run.steps if found else ()
    if steps and steps[-1] >= start.step:
        seen = state.pressed_at or start.step  # 0 also where there was nothing to see yet
        state.sent, state.sent_to = state.sent + 1, seen if start.step <= seen <= steps[-1] else start.step
    st.rerun()


def left(state: AppState) -> Job | None:
    """The branch that the visitor left for the original in view; None if there is none, or it is forgotten."""
    branch = state.own(Panel).left
    if branch is None or branch.start is None:
        return None
    here = state.training == Training(branch.start.parent, branch.start.start)
    return engine().find(branch.key) if here else None


def from_first_weights(state: AppState) -> None:
    """Train the experiment of the sidebar, no longer as a branch."""
    link.turn_to(state, state.experiment)
    visits.train(state)
    st.rerun()


def show(state: AppState) -> None:
    """Draw the panel while it is open: also when the script runs again meanwhile, which would close it."""
    panel = state.own(Panel)
    if panel.start is None:
        return
    now = None
    with contextlib.suppress(ExperimentError):  # the experiment may not even have such a step
        now = Branch(state.experiment, panel.start.step, state.start)
    if now != panel.start:
        panel.start = None  # the settings were changed below it
        return
    st.dialog(f"Branch from training step {panel.start.step:,}", on_dismiss=_close)(_draw)(state, panel, panel.start)


def _close() -> None:
    get_state().own(Panel).start = None


def _draw(state: AppState, panel: Panel, start: Branch) -> None:
    if why := _nothing_to_train(state, start):
        st.info(why)
        return
    offered = choices(start)
    if not offered:
        st.info("No branch can begin at this training step. It is the last one, and there can be no more.")
        return
    after = _changed(panel, start, offered)
    _remarks(state, start)
    if st.button(
        f"Train on from training step {start.step:,}",
        key="branch.train",
        type="primary",
        width="stretch",
        disabled=after is None,
    ):
        panel.start = None
        assert after is not None
        link.turn_to(state, after, start)
        visits.train(state)
        st.rerun()


def _changed(panel: Panel, start: Branch, offered: list[Choice]) -> Experiment | None:
    """The controls, and the experiment that they make; None, with a sentence why, where that is none."""
    parent, key = start.parent, f"branch.{panel.opened}"
    place = st.radio(
        "One thing changes",
        range(len(offered)),
        format_func=lambda at: f"{_title(offered[at], parent)}: now {_value(offered[at], offered[at].now)}",
        key=f"{key}.what",
    )
    choice = offered[place or 0]
    if choice.meaning.name == "steps" and len(offered) == 1:
        st.caption(AT_THE_END)
    if choice.owner == MODELS:
        st.caption(f"At training step {start.step:,} it becomes this number, whatever was learned in its place.")
    owner = f"{key}.{choice.owner}.{choice.meaning.name}"
    value = field(unbounded(choice.meaning), owner, choice.suggested, _heard, title=f"New {name_of(choice.meaning)}")
    if typed(choice.meaning):
        st.caption(f"Allowed: {fields.allowed(choice.meaning)}.")
    try:
        after = choice.applied(parent, value)
        start.check(after)
    except ExperimentError as error:
        st.error(escaped(sentence(str(on_screen(error, parent.task)))))
        return None
    if after == parent:
        st.error("This is what it is now. Choose another value.")
        return None
    if after.training.steps == start.step:
        st.error(
            f"Nothing would be trained: the training would end at training step {start.step:,}. Choose a larger number."
        )
        return None
    if not branch_query.fits(Training(after, start)):
        st.error(TOO_LONG)
        return None
    return after


def _heard() -> None:
    """A control of the panel changes nothing but the panel."""


def _title(choice: Choice, parent: Experiment) -> str:
    meaning = choice.meaning
    if choice.owner != MODELS:
        return meaning.label or meaning.name.replace("_", " ").capitalize()
    both = zip(parent.labels, parent.models, strict=True)
    having = [label for label, spec in both if fields.says(meaning, spec, parent.task)]
    return f"{meaning.name.replace('_', ' ').capitalize()} ({listed([model_name(label) for label in having])})"


def _value(choice: Choice, value: object) -> str:
    unit = choice.meaning.unit
    return f"{setting(value)} {unit}" if unit and value is not None else setting(value)


def _nothing_to_train(state: AppState, start: Branch) -> str:
    """Why no branch can begin there; "" if one can."""
    found = shown(state)
    frame = found.run.frame(start.step) if found else None
    return ALL_ENDED if frame is not None and len(frame.ended) == len(start.parent.labels) else ""


def _remarks(state: AppState, start: Branch) -> None:
    found, job = shown(state), visits.current(state)
    said = [
        "All else goes on as it was: weights, optimizer, random numbers. The original stays, as dotted lines in the "
        "curves over training and in the gradient at each time step"
    ]
    if job is not None and not job.over:
        said[0] += "; it pauses when nobody watches it"
    said[0] += "."
    if found is not None and (ended := found.run.frame(start.step).ended):
        said.append(f"Ended by then, and so in the branch: {listed([model_name(label) for label in ended])}.")
    if found is not None and found.shipped:
        said.append(SHIPPED)
    if start.step:
        said.append(f"First the training up to training step {start.step:,} is done again, which takes a moment.")
    st.caption(" ".join(said))
