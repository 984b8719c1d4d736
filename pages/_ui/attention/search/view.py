"""Ways to an output: the likeliest symbol at every step, a drawn one, or the likeliest whole."""

import streamlit as st

from pages._ui.attention import watch
from pages._ui.attention.decoding import writers
from pages._ui.attention.pictures import CANDIDATES, candidates, keep
from pages._ui.attention.search import beam, sampling, ways
from pages._ui.run.place import place
from pages._ui.run.sequence_input import Input
from pages._ui.run.shown import Shown
from pages._ui.widgets.values import segments, select
from rnnviz.charts.theme import style_of

MODEL, WAY = "attention.search.model", "attention.search.way"
GREEDY, SAMPLING, BEAM = "Greedy", "Sampling", "Beam"
ABOUT = {
    GREEDY: "At every output position the likeliest symbol is written. What was written is never taken back.",
    SAMPLING: "At every output position a symbol is drawn, each with the probability that the model gives it.",
    BEAM: "Several beginnings of the output are followed side by side. At every output position the likeliest "
    "of all their continuations are kept.",
}


def show(shown: Shown, given: Input) -> None:
    """Greedy, sampled and searched outputs of one model to one input."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="search-choices"):
        label = _model(shown)
        way = segments("Way to an output", WAY, (GREEDY, SAMPLING, BEAM))
    st.caption(ABOUT[way])
    with st.container(key="search"):
        {GREEDY: greedy, SAMPLING: sampling.show, BEAM: beam.show}[way](shown, label, given)


def greedy(shown: Shown, label: str, given: Input) -> None:
    """The likeliest symbol at every step, and where that was nearest to another one."""
    output = watch.model_output(shown, label, given)
    ways.heading(shown, label, output)
    step, said = ways.least_sure(output)
    st.markdown(f"{said}. There the likeliest {CANDIDATES} symbols are:")
    about = (
        shown.run.key,
        shown.shipped,
        "least-sure",
        label,
        given.codes.tobytes(),
        given.right,
        output.step,
    )
    task = ways.task(shown)
    with st.container(key="least-sure", width=520):
        place(keep(about, lambda: candidates(task, output, step)), "least-sure")


def _model(shown: Shown) -> str:
    labels = writers(shown)
    if len(labels) == 1:
        return labels[0]
    chosen: str = select("Model", MODEL, labels, lambda label: style_of(label).name, 260)
    return chosen
