"""The whole experiment in the address bar: read when a visitor brings one, written when the controls change it."""

from typing import Any

import streamlit as st

from pages._ui.session import texts
from pages._ui.session.slots import slots_of
from pages._ui.session.state import AppState, Query, get_state, touch
from pages._ui.widgets.keys import EXPERIMENT, Key
from rnnviz.core import fields
from rnnviz.core.errors import ContentNeeded, ExperimentError, TextNeeded
from rnnviz.specs import branch_query
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import TASKS, task
from rnnviz.tasks.sentiment.task import Sentiment

FOLLOWING = ("utm_", "fbclid", "gclid", "mc_", "msclkid")
# What is looked at of a run: as the browser calls it → its name in the address, and what a number begins with.
_LOOKED = {
    "step": ("step", 0),
    "probe": ("sequence", 1),
    "layer": ("layer", 1),
    "direction": ("direction", None),
    "model": ("model", None),
    "unit": ("hidden_unit", 1),
    "time": ("time", 1),
    "flow": ("flow", None),
}
MOMENT = (*(key for key, _ in _LOOKED.values()), "shown", "begins", "temperature", "top_k")
_AWAITED = (
    "This link names an upload that is not on this server, or no longer. Upload it again in the sidebar, and the "
    "experiment opens. Shown is the same task on the data that it comes with, with the usual models and training."
)
OWN = "net_"  # what names begin with that are the Hopfield page's own: it reads and writes them
SCREEN = ("units", "projector")  # how: that stays when the experiment changes. The browser writes both.


def read(state: AppState) -> None:
    """Take over what the address says, if a visitor brought it: by opening, Back or Forward.

    A control that was used in this run wins: the browser may have asked for it before it got the last address.
    """
    if state.outdated:
        _replace(state, state.experiment, state.start)
    query = _address()
    if query == state.query or (state.touched and state.query is not None):
        return
    state.query = query
    state.notice = state.wanted = state.awaited = ""
    try:
        found = branch_query.read(query, texts.at_hand(state))
        adopt(state, found.experiment.checked(), found.start)
    except TextNeeded as needed:
        state.wanted = needed.digest
    except ContentNeeded as needed:
        state.awaited, state.wished, state.notice = needed.digest, query, _AWAITED
        adopt(state, Experiment(task(query.get("task", [Sentiment.name])[0])))
    except ExperimentError as error:
        shown, usual = "the experiment before it", _usual(query)
        if not state.linked:
            shown = "the same task with its usual settings" if usual else "the default experiment"
            adopt(state, usual or state.experiment, None if usual else state.start)
        state.notice = f"The address holds an experiment that cannot be run: {error} Shown is {shown}."
    if not state.linked:
        adopt(state, state.experiment, state.start)


def _usual(query: Query) -> Experiment | None:
    """The task that an address names, as it usually is; None where it names none, or another than there are."""
    name = query.get("task", [""])[0]
    return Experiment(task(name)) if name in TASKS else None


def hear(state: AppState, heard: object) -> None:
    """In a callback: the browser says something while it has `heard` so many news of the experiment.

    What it had not heard of, its address and its controls do not hold: they say what was before.
    """
    known = heard if isinstance(heard, int) else state.news
    state.touched = state.touched or known < state.news
    state.outdated = state.outdated or known < state.replaced


def looked() -> dict[str, Any]:
    """What the address says that is looked at, as the browser will say it; what it does not say is missing."""
    found: dict[str, Any] = {}
    for name, (key, first) in _LOOKED.items():
        said = st.query_params.get(key, "")
        if first is None and said:
            found[name] = said
        elif first is not None and said.isdecimal() and len(said) < 8:
            found[name] = int(said) - first
    return found


def adopt(state: AppState, experiment: Experiment, start: Branch | None = None) -> None:
    """Make this the session's experiment, from that start, and let all controls show it."""
    state.experiment, state.start = experiment, start
    state.linked = state.training.key
    state.slots = slots_of(experiment)
    state.own_text = getattr(experiment.task, "text", "")
    state.own_table = fields.content_of(experiment.task)
    state.refusal = ""
    state.news += 1
    state.replaced, state.outdated = state.news, False
    for key in [key for key in st.session_state if str(key).startswith(EXPERIMENT)]:
        del st.session_state[key]


def rest() -> None:
    """On a page without the controls they keep what they stand at: Streamlit forgets widgets that are not drawn."""
    for key in [*map(str, st.session_state)]:
        if key.startswith(EXPERIMENT) and not key.startswith(Key.UPLOAD):  # of a box for files nothing may be set
            st.session_state[key] = st.session_state[key]


def turn_to(state: AppState, experiment: Experiment, start: Branch | None = None) -> None:
    """Make this the session's experiment, from that start, by a click: it also goes into the address."""
    _replace(state, experiment, start)
    touch()


def turn(experiment: Experiment, start: Branch | None = None) -> None:
    """The same as what a click calls back: at once, so that no later run of the script can come before it."""
    turn_to(get_state(), experiment, start)


def _replace(state: AppState, experiment: Experiment, start: Branch | None) -> None:
    linked = state.linked
    adopt(state, experiment, start)
    state.linked = linked  # the address need not hold it yet


def write(state: AppState) -> None:
    """Put the experiment into the address, if it is no longer the one there."""
    state.touched = False
    if state.training.key == state.linked:
        return
    texts.keep(state)
    screen = {name: st.query_params[name] for name in SCREEN if name in st.query_params}
    st.query_params.from_dict({**branch_query.to_params(state.training), **screen})
    state.query = _address()
    state.linked = state.training.key
    state.news += 1


def _address() -> Query:
    """What the address says of the experiment, without what mail programs add to links to follow who opens them."""
    others = (*MOMENT, *SCREEN)
    names = (name for name in st.query_params if name not in others and not name.startswith((*FOLLOWING, OWN)))
    return {name: st.query_params.get_all(name) for name in names}
