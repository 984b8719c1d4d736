"""Break it on purpose: the settings on which a gradient's fate depends, beside the picture of that fate.

They are the sidebar's settings: there is one experiment, and both show it.
"""

from collections.abc import Callable

import streamlit as st

from pages._ui.gradients import knobs
from pages._ui.gradients.knobs import Knob
from pages._ui.run.shown import Shown
from pages._ui.session import link
from pages._ui.session.state import AppState, get_state, touch
from pages._ui.widgets.keys import control
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, take, told
from rnnviz.core.errors import ExperimentError
from rnnviz.specs.experiment import Experiment

_WISH = control("wish")  # which knob was turned, to be obeyed when all controls have been read
_PRESSED = "break.pressed"  # which of the buttons, likewise
_ACTS = {"irnn": knobs.irnn, "defaults": knobs.defaults}


def show() -> None:
    """The knobs with what they stand at, what differs from the defaults, and the way back."""
    state = get_state()
    with st.expander("**Break it on purpose**, then press Train", expanded=True, key="break"):
        if state.refusal or state.wanted:
            st.caption("Settings come here when the experiment can be run.")
            return
        _obey(state)
        with st.container(horizontal=True, gap="medium", key="knobs"):
            for knob in knobs.knobs(state.experiment):
                _knob(knob)
        if bound := knobs.bound(state.experiment):
            st.caption(escaped(bound))
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="changes"):
            _buttons(state)
            _changes(state)


def before_training(shown: Shown) -> None:
    """The way to what the first weights do by themselves, where they were chosen."""
    if shown.step == 0 or shown.run.start is not None or not knobs.begins_otherwise(shown.run.experiment):
        return  # a branch has no first weights to look at
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="before"):
        st.caption(
            "Training has changed the weights that were set. What they did by themselves is to be seen at "
            "training step 0."
        )
        st.button("Look at training step 0", type="tertiary", icon=":material/arrow_back:", on_click=_begin)


def _begin() -> None:
    state = get_state()
    state.sent, state.sent_to = state.sent + 1, 0


def _knob(knob: Knob) -> None:
    key = f"break.{knob.key}"
    put(key, knob.now)  # whatever else changed it
    st.segmented_control(
        knob.title,
        list(knob.offered),
        default=knob.now,
        required=True,
        wrap=True,
        key=key,
        help=knob.help,
        on_change=_turn,
        args=(knob.key,),
    )


def _turn(key: str) -> None:
    if (name := told(f"break.{key}")) is not None:
        put(_WISH, (key, name))
        touch()


def _obey(state: AppState) -> None:
    """Do what was last wished for. Controls that were used in the same moment have been read by now."""
    if act := _ACTS.get(take(_PRESSED)):
        _turn_to(state, lambda: act(state.experiment))
    key, name = take(_WISH, ("", ""))
    for knob in knobs.knobs(state.experiment):
        if knob.key == key and name in knob.offered and name != knob.now:
            _turn_to(state, lambda knob=knob: knob.turned(knob.offered[name]))  # type: ignore[misc]


def _buttons(state: AppState) -> None:
    experiment = state.experiment
    if knobs.can_be_irnn(experiment):
        title, source = "IRNN: ReLU and identity", "Le, Jaitly and Hinton 2015"
        st.button(title, help=source, on_click=put, args=(_PRESSED, "irnn"))
    if knobs.changes(experiment):
        st.button("Back to the defaults", on_click=put, args=(_PRESSED, "defaults"))


def _changes(state: AppState) -> None:
    found = knobs.changes(state.experiment)
    if found:
        st.caption(f"Changed from the task's defaults: {escaped(', '.join(found))}.")
    else:
        st.caption("All settings are the task's defaults.")


def _turn_to(state: AppState, changed: Callable[[], Experiment]) -> None:
    try:
        experiment = changed()
    except ExperimentError as error:
        st.error(escaped(str(error)))
        return
    link.turn_to(state, experiment)
    st.rerun()
