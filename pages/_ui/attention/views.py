"""The Attention page below its stage: which view, of which input."""

from collections.abc import Callable

import streamlit as st

from pages._ui.attention import force, lengths, steps, watch
from pages._ui.attention.decoding import writers
from pages._ui.attention.search import view as search
from pages._ui.attention.training import view as training
from pages._ui.run import sequence_input, words
from pages._ui.run.sequence_input import Input
from pages._ui.run.shown import Shown
from pages._ui.session import link
from pages._ui.session.state import get_state
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import segments
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import TASKS, Task, task

VIEW = "attention.view"
ALONE, STEP, FORCE, SEARCH = "By itself", "Step by step", "Force it", "Search"
TRAINING, LENGTHS = "Over training", "By length"
OF_ONE: dict[str, Callable[[Shown, Input], None]] = {
    ALONE: watch.show,
    STEP: steps.show,
    FORCE: force.show,
    SEARCH: search.show,
}
OF_ALL: dict[str, Callable[[Shown], None]] = {TRAINING: training.show, LENGTHS: lengths.show}


def applies() -> bool:
    """Whether the session's task is one that encoder–decoders learn."""
    return architectures.of(get_state().experiment.task).writes


def draw(shown: Shown) -> None:
    """The chosen view. Each has a place of its own that is always there, so that none leaves anything in another."""
    words.ended(shown)
    if not writers(shown):
        st.info("No model of this run got as far as its first picture: train another one, set in the sidebar.")
        return
    chosen = segments("What to see", VIEW, [*OF_ONE, *OF_ALL], titled=False)
    entered = st.container(key="entered")
    places = {name: st.container(key=f"view-{at}") for at, name in enumerate((*OF_ONE, *OF_ALL))}
    if chosen in OF_ALL:
        with places[chosen]:
            OF_ALL[chosen](shown)
        return
    with entered:
        _rested(shown)
        given = sequence_input.choose(sequence_input.task_of(shown))
    with places[chosen]:
        OF_ONE[chosen](shown, given)


def _rested(shown: Shown) -> None:
    """While a run is followed: of which moment all below is."""
    if shown.moving and get_state().looked.get("step") is None:
        st.caption(f"All below is of training step {shown.step:,}. Pause or move the time line to ask again.")


def elsewhere() -> None:
    """For an experiment whose models have no decoder: what this page needs, and the ways there."""
    state = get_state()
    st.info(
        f"**{escaped(state.experiment.task.title)}** is answered without a decoder, so there is no attention to see. "
        "Here two networks work together. An encoder reads a sequence, or sees a picture at once; a decoder then "
        "writes. Choose what they are to learn:"
    )
    with st.container(key="offered"):
        for chosen in map(task, TASKS):
            if architectures.of(chosen).writes:
                _offer(chosen)


def _offer(chosen: Task) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"offer-{chosen.name}"):
        st.button(chosen.title, key=f"attention.to.{chosen.name}", on_click=link.turn, args=(Experiment(task=chosen),))
        st.caption(escaped(chosen.example()))
