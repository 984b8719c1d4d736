"""The five shapes that sequences can have, each with a way to a task that has it."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages._ui.live import stage
from pages._ui.run import measured
from pages._ui.session import link
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import TASKS, task


@dataclasses.dataclass(frozen=True)
class Shape:
    """One shape.

    name:   as the stage knows its sign.
    said:   what it is, in a line.
    met:    an application of it.
    task:   the name of one that has it, or is nearest to it, with its parameters.
    caveat: in which way the task is not quite of this shape; "" where it is.
    """

    name: str
    said: str
    met: str
    task: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    caveat: str = ""


SHAPES = (
    Shape(
        "one-to-one",
        "One input, one answer: nothing is carried on, as in a feed-forward network.",
        "ordinary classification",
        "recall",
        {"lag": 1},
        "No task here is that short. The nearest has two inputs and one answer.",
    ),
    Shape(
        "one-to-many",
        "From one input the network writes on: each answer is the next input.",
        "captions of pictures",
        "captions",
        caveat="A text task writes on from one letter, too. It is trained aligned; trained, it writes on this page.",
    ),
    Shape("many-to-one", "A sequence is read, one answer is given at the end.", "sentiment of a review", "sentiment"),
    Shape(
        "many-to-many, aligned", "Every time step that is read has an answer of its own.", "parts of speech", "tagging"
    ),
    Shape(
        "encoder–decoder",
        "One network reads all, then another writes a sequence of its own length.",
        "translation",
        "phrases",
    ),
)

_WHICH = (
    "**Aligned or encoder–decoder?** *Aligned* where every input has its answer, and no answer needs what comes later. "
    "If it does, the network may read in both directions. *Encoder–decoder* where lengths or order differ. "
    "Its price: all that was read must pass through the encoder’s last state. Attention lifts that."
)
_PRICE = (
    " Measured on dates, {seeds}: the GRU without attention writes {gru_without.score} right. "
    "With attention it writes {gru.score} right."
)


def show() -> None:
    """All of them beside each other, that of the experiment marked."""
    st.markdown("### Five shapes")
    st.caption(
        "Each opens another experiment, ready to train. A run that you began goes on, and the sidebar has a button "
        "back to it. Finished runs are kept while the server has room; to be sure, save yours as a file."
    )
    with st.container(key="shapes"):
        for at, (shape, column) in enumerate(zip(SHAPES, st.columns(len(SHAPES), gap="small"), strict=True)):
            with column:
                _show(shape, f"shape-{at}")
    st.markdown(_WHICH + measured.told("dates", _PRICE))


def _show(shape: Shape, key: str) -> None:
    stage.board(key, main=(f"sign-{shape.name}",))
    st.markdown(f"**{shape.name[0].upper()}{shape.name[1:]}.** {shape.said} For example: {shape.met}.")
    if shape.task in TASKS:
        chosen = task(shape.task, **shape.params)
        title = ", ".join([chosen.title, *(f"{name} {value}" for name, value in shape.params.items())])
        st.button(f"→ {title}", key=f"{key}-open", on_click=link.turn, args=(Experiment(task=chosen),))
    if shape.caveat:
        st.caption(shape.caveat)
