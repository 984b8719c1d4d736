"""Hands on the gates: hold a gate, reset the state, silence a unit, and see what a trained model makes of it."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from pages._ui.gates import asking, controls, numbers, silence
from pages._ui.gates.numbers import Looked
from pages._ui.run.choices import Choice, has
from pages._ui.run.place import place
from pages._ui.run.shown import Shown, shown
from pages._ui.run.shown import choice as choice_of
from pages._ui.session.asking import Answer
from pages._ui.session.state import get_state
from pages._ui.session.trouble import guarded
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import segments
from rnnviz import analysis, charts
from rnnviz.analysis.clamping import Clamp
from rnnviz.cells import title
from rnnviz.findings import clamping as told
from rnnviz.specs import architectures
from rnnviz.tasks import Task

_WHAT = "Hold a gate at a value while the model reads the sequence on the stage. Nothing is trained anew."
_OF_STAGE = "Model, time step and unit are those on the stage."
_BEFORE = "As soon as a model is trained, hold one of its gates here and see what follows."
_DECODERS = "For networks that answer by themselves. An encoder–decoder is changed by hand on the Attention page."


def fits(task: Task) -> bool:
    """Whether the models of a task can be changed by hand here."""
    return not architectures.of(task).writes


def show(looked: Callable[[Shown], Looked] | None = None) -> None:
    """The section, with what it is for where there is nothing to change.

    looked: what the diagram of a cell above shows, whose model is changed and whose numbers are told; None where the
            visitor chooses the model here.
    """
    st.markdown("### Hands on the gates")
    with guarded():
        state = get_state()
        if not fits(state.experiment.task):
            st.caption(_DECODERS)
        elif (found := shown(state)) is None or not found.at.measured:
            st.caption(_BEFORE)
        else:
            _section(found, None if looked is None else looked(found))


def _section(shown: Shown, looked: Looked | None) -> None:
    if looked is not None and looked.label not in shown.at.measured:
        st.caption(_BEFORE)
        return
    st.markdown(_WHAT if looked is None else f"{_WHAT} {_OF_STAGE}")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="gates-held"):
        label = controls.model(shown) if looked is None else controls.of_stage(shown, looked.label)
        spec, choice = shown.run.experiment.model(label), choice_of(get_state())
        held = controls.gates(spec)
    if not has(shown.run.experiment, label, choice):
        st.caption("This model has no such layer or direction.")
    elif spec.kind.recurrent:
        _by_hand(shown, label, choice, held, looked)
    else:
        st.caption("This model has neither gates nor a state to reset: only its units can be silenced.")
    silence.show(shown, label)


def _by_hand(
    shown: Shown, label: str, choice: Choice, held: tuple[tuple[str, float], ...], looked: Looked | None
) -> None:
    cell = shown.run.experiment.model(label).kind
    if not cell.gates:
        st.caption(f"There are no gates in {cell.one}: its state can be reset, and its units silenced.")
    clamp = controls.change(shown, label, choice, held, None if looked is None else looked.time)
    if not clamp.changes:
        st.caption("Choose a gate, or reset the state: original and changed then stand beside each other.")
        return
    try:
        found = asking.clamped(shown, label, choice.probe, clamp)
    except ValueError as error:  # refused, whoever asks
        st.caption(escaped(str(error)))
        return
    if not all(np.isfinite(values).all() for values in found.values()):
        st.caption("Nothing can be told: the numbers of this model overflow on this sequence.")
        return
    st.space("xsmall")
    with st.container(key="gates-told"):
        _said(shown, label, choice, clamp, found, looked)


def _said(shown: Shown, label: str, choice: Choice, clamp: Clamp, found: Answer, looked: Looked | None) -> None:
    """What changes, first in words, then in pictures."""
    experiment, cell = shown.run.experiment, shown.run.experiment.model(label).kind
    steps, probe = analysis.analysed_steps(experiment, choice.probe), choice.probe
    st.markdown(f"**{escaped(told.answers_apart(experiment.task, probe, found))}**")
    names = [state.name for state in cell.states]
    carried = names[-1]
    sentences = [told.done(clamp, steps), told.kept(cell, clamp, found), told.states_apart(carried, found)]
    sentences.append(told.gradient_apart(clamp, carried, found))
    st.markdown(escaped(" ".join(filter(None, sentences))))
    if looked is not None:
        numbers.show(cell, clamp, found, looked)
    if len(names) > 1:
        carried = str(segments("State shown", "gates.state", names[::-1], lambda name: title(name).capitalize()))
    before, after = (found[f"{way}/{carried}"] for way in ("original", "changed"))
    held = {name: found[f"changed/{name}"] for name, _ in clamp.gates}
    tokens, bounded = analysis.tokens(experiment, probe), analysis.is_bounded(experiment, label)
    left, right = st.columns((3, 2), gap="medium")
    with left, st.container(key="gates-states"):
        place(charts.clamped_states(label, carried, before, after, held, tokens, bounded), f"gates.states.{label}")
    with right, st.container(key="gates-gradient"):
        norms = [found[f"{way}/{carried}_grad_norm"] for way in ("original", "changed")]
        place(charts.clamped_gradient(label, carried, *norms), f"gates.gradient.{label}")
        if held:
            st.caption("While a gate is held, no gradient goes back through its own inputs. The other ways stay open.")
    st.caption(f"Measured at training step {shown.measured_at(label):,}, on the sequence on the stage.")
