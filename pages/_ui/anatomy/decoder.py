"""The halves of an encoder–decoder on the Anatomy page: what a decoder is fed at every step, and what it writes."""

import streamlit as st

from pages._ui.anatomy.sequence import DECODER, ENCODER
from pages._ui.run import words
from pages._ui.run.shown import Shown
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import segments
from rnnviz.anatomy.step import Anatomy
from rnnviz.charts.theme import style_of
from rnnviz.tasks import Task
from rnnviz.tasks.translating import Translating

_TOLD = {
    ENCODER: "The encoder reads: xₜ is the embedding of a symbol of the input.",
    DECODER: "The decoder writes, and is fed what it wrote last. Its first state comes from the encoder's last.",
}
_JOINED = "The readout reads state and context, joined in ĥₜ."
_AFTER = "With its new state it looks at the encoder's states, and takes the context from them."
START = "start"  # what a decoder is fed first


def half(shown: Shown) -> str:
    """Ask which half is to be taken apart."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="half"):
        chosen: str = segments("Half", "anatomy.half", [ENCODER, DECODER], str.capitalize, titled=False)
        st.caption(_TOLD[chosen])
        words.attention_link(shown, "→ Where it looks: Attention")
    return chosen


def output_symbols(found: Anatomy, task: Task) -> tuple[str, ...]:
    """The symbols that a decoder writes, the end included."""
    return tuple(str(token) for token in Translating.shown(found.found["places"], task.classes))


def fed(found: Anatomy, task: Task, time: int) -> str:
    """What its lowest layer is fed at a step: what it wrote at the one before."""
    return output_symbols(found, task)[time - 1] if time else START


def where(found: Anatomy, label: str, task: Task, time: int) -> str:
    """What this step is, in two or three sentences of Markdown."""
    last = f"**{escaped(fed(found, task, time))}**, which it wrote last" if time else f"a sign to **{START}**"
    name, cell = f"decoder of the {style_of(label).name}", found.spec.kind.title
    name += f" ({cell})" * (not style_of(label).name.startswith(cell))
    if found.layer:
        reads = f"layer {found.layer + 1} of the {name} reads what layer {found.layer} hands on"
    else:
        reads = f"the {name} is fed {last}"
    step = f"Output position {time + 1} of {found.steps}: {reads}."
    if not found.combine:
        return f"{step} All that it knows of the input is in its state."
    if found.layer == 0 and found.found["x"].shape[1] > found.spec.hidden:
        embedded = "xₜ is the embedding of that, then the context: what it took from the encoder's states."
        return f"{step} {embedded} {_JOINED}"
    return f"{step} {_AFTER} {_JOINED}"
