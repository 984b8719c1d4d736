"""One output step of one model: what the decoder is fed, what its context is made of, what it could write."""

import html

import streamlit as st

from pages._ui.attention import pictures, watch, words
from pages._ui.attention.decoding import writers
from pages._ui.attention.output import Output
from pages._ui.run.place import place
from pages._ui.run.sequence_input import Input, task_of
from pages._ui.run.shown import Shown
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, segments, standing, stored, told
from rnnviz.charts.theme import look
from rnnviz.names import counted, percent
from rnnviz.tasks.translating import END, END_SHOWN

MODEL, AT, STRIDES = "attention.model", "attention.at", "attention.strides"


def show(shown: Shown, given: Input) -> None:
    """The chosen step of the chosen model."""
    label = segments("Model", MODEL, writers(shown), lambda one: look(one).name, titled=False)
    output = watch.written(shown, label, given)
    if output is None:
        st.caption(watch.WAITING)
        return
    room = pictures.rows(task_of(shown), given) if shown.moving else len(output.tokens)
    at = _choose(room)
    st.html(_row(output, at))
    if at >= len(output.tokens):
        st.caption(f"The output is over after {counted(len(output.tokens), 'symbol')}: choose an earlier step.")
        return
    with st.container(key=f"attention-{label}"):
        _step(shown, given, label, output, at)


def _step(shown: Shown, given: Input, label: str, output: Output, at: int) -> None:
    task, spec = task_of(shown), shown.run.experiment.model(label)
    name = words.name(label)
    st.markdown(_told(name, output, at))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Where it looks at every step**" if spec.attention else "**Where it looks**")
        if output.weights is None:
            watch.without(task, given, spec, None)
            st.caption("So every step has the same input to go by, and there is no composition to show.")
        else:
            place(pictures.heatmap(task, given, output, at), "attention.step.heatmap")
    with right:
        st.markdown(f"**What it could write at step {at + 1}**")
        place(pictures.candidates(task, output, at), "attention.step.candidates")
        if output.weights is not None:
            st.markdown("**What the context is made of**")
            place(pictures.composition(task, given, output.weights[at]), "attention.step.composition")
            st.caption(words.of_row(given, output.weights[at]))


def _told(name: str, output: Output, at: int) -> str:
    """The step in two sentences."""
    fed = "a sign to **start**" if at == 0 else f"**{escaped(output.tokens[at - 1])}**, which it wrote last"
    written, sure = escaped(output.tokens[at]), percent(100 * float(output.probabilities[at]))
    ends = ", the end" if output.tokens[at] == END_SHOWN and output.classes[at] == END else ""
    right = ""
    if len(output.asked):
        right = " That is right." if output.verdicts[at] == "right" else " That is wrong."
    after = f"After {counted(output.step, 'training step')}, at output step {at + 1}, the {name} is fed {fed}. "
    return f"{after}It writes **{written}**{ends} with a probability of {sure}.{right}"


def _choose(last: int) -> int:
    """Draw the controls; returns the output step, from 0."""
    standing(STRIDES, 0)
    now = min(standing(AT, 1), last)
    with st.container(horizontal=True, vertical_alignment="bottom", key="steps"):
        st.button("◀ Previous symbol", key="attention.back", on_click=_move, args=(-1, last), shortcut="Left")
        st.button("Next symbol ▶", key="attention.on", on_click=_move, args=(1, last), shortcut="Right")
        if last > 1:
            key = _key(last)
            standing(key, now)
            st.slider("Output step", 1, last, now, key=key, on_change=_slide, args=(key, last))
    return now - 1


def _key(last: int) -> str:
    """A slider that is a new one after every press of a button: the old one may still say where it stood before."""
    return f"{AT}.{stored(STRIDES)}.{last}"


def _slide(key: str, last: int) -> None:
    if key == _key(last) and (said := told(key)) is not None:
        put(AT, said)


def _move(by: int, last: int) -> None:
    put(AT, min(max(1, min(stored(AT), last) + by), last))
    put(STRIDES, stored(STRIDES) + 1)


def _row(output: Output, at: int) -> str:
    """What is written up to the current step; what comes after it is pale."""
    now = ' aria-current="step"'
    items = []
    for place_, token in enumerate(output.tokens):
        later = ' class="later"' if place_ > at else ""
        items.append(f"<li{later}{now * (place_ == at)}>{html.escape(token)}</li>")
    return f'<ol class="tokens" aria-label="The output">{"".join(items)}</ol>'
