"""One output step of one model: what the decoder is fed, what its context is made of, what it could write."""

import html

import streamlit as st

from pages._ui.attention import pictures, watch, words
from pages._ui.attention.decoding import writers
from pages._ui.attention.output import Output
from pages._ui.live import stage
from pages._ui.run.place import place
from pages._ui.run.sequence_input import Input, task_of
from pages._ui.run.shown import Shown, choice
from pages._ui.session.state import get_state
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import segments
from rnnviz import analysis
from rnnviz.charts.theme import style_of
from rnnviz.core.names import counted, percent
from rnnviz.tasks.translating import END, END_SHOWN

MODEL = "attention.model"


def show(shown: Shown, given: Input) -> None:
    """The chosen step of the chosen model; the browser says which step."""
    label = segments("Model", MODEL, writers(shown), lambda one: style_of(one).name, titled=False)
    stage.board("output-steps", main=("own-steps" if given.own else "steps",))
    output = watch.model_output(shown, label, given)
    at = _looked_at(shown)
    st.html(_row(output, at))
    if at >= len(output.tokens):
        st.caption(f"The output is over after {counted(len(output.tokens), 'symbol')}: choose an earlier position.")
        return
    with st.container(key=f"step-{label}"):
        _step(shown, given, label, output, at)


def _looked_at(shown: Shown) -> int:
    """The output step that is looked at, from 0: the decoder's steps come after those of its encoder."""
    state, time = get_state(), get_state().looked.get("time")
    read = analysis.probe_read_steps(shown.run.experiment, choice(state).probe)
    return max(0, time - read) if isinstance(time, int) else 0


def _step(shown: Shown, given: Input, label: str, output: Output, at: int) -> None:
    task, spec = task_of(shown), shown.run.experiment.model(label)
    name = words.name(label)
    st.markdown(_told(name, output, at))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Where it looks at every output position**" if spec.attention else "**Where it looks**")
        if output.weights is None:
            watch.without(task, given, spec, None)
            st.caption("So every output position has the same input to go by, and there is no composition to show.")
        else:
            place(pictures.heatmap(task, given, output, at), "attention.step.heatmap")
    with right:
        st.markdown(f"**What it could write at output position {at + 1}**")
        place(pictures.candidates(task, output, at), "attention.step.candidates")
        if output.weights is not None:
            st.markdown("**What the context is made of**")
            place(pictures.composition(given, output.weights[at]), "attention.step.composition")
            st.caption(words.of_row(given, output.weights[at]))


def _told(name: str, output: Output, at: int) -> str:
    """The step in two sentences."""
    fed = "a sign to **start**" if at == 0 else f"**{escaped(output.tokens[at - 1])}**, which it wrote last"
    written, sure = escaped(output.tokens[at]), percent(100 * float(output.probabilities[at]))
    ends = ", the end" if output.tokens[at] == END_SHOWN and output.classes[at] == END else ""
    right = ""
    if len(output.asked):
        right = " That is right." if output.verdicts[at] == "right" else " That is wrong."
    after = f"After {counted(output.step, 'training step')}, at output position {at + 1}, the {name} is fed {fed}. "
    return f"{after}It writes **{written}**{ends} with a probability of {sure}.{right}"


def _row(output: Output, at: int) -> str:
    """What is written up to the current step; what comes after it is pale."""
    now = ' aria-current="step"'
    items = []
    for place_, token in enumerate(output.tokens):
        later = ' class="later"' if place_ > at else ""
        items.append(f"<li{later}{now * (place_ == at)}>{html.escape(token)}</li>")
    return f'<ol class="tokens" aria-label="The output">{"".join(items)}</ol>'
