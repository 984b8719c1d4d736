"""Which sentence is looked at word by word: the one on the stage, or what the visitor types."""

import dataclasses

import numpy as np
import streamlit as st

from pages._ui.run.shown import choice
from pages._ui.session.state import get_state
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, standing, stored
from rnnviz.core.errors import ExperimentError
from rnnviz.core.names import listed
from rnnviz.tasks import Task

_OWN, _GOOD = "words.own", "words.good"


@dataclasses.dataclass(frozen=True, eq=False)
class Sentence:
    """inputs: (T, 1) int64; tokens: (T,); right: the right answers in words, empty where they are not known."""

    inputs: np.ndarray
    tokens: tuple[str, ...]
    right: tuple[str, ...]


def choose(task: Task) -> Sentence:
    """Draw the box for a sentence of one's own and return the sentence to show.

    An empty box means the sentence on the stage; one that cannot be read leaves the last good one.
    """
    key, good = f"{_OWN}.{task.name}", f"{_GOOD}.{task.name}"
    on_stage = _of_probe(task, choice(get_state()).probe)
    text = st.text_input(
        "A sentence of your own, for what stands below",
        standing(key, ""),
        key=key,
        placeholder=" ".join(on_stage.tokens),
        help=f"Type {task.typing}, then press Enter.",
        persist_state="session",
    )
    if not text.strip():
        put(good, None)
        return on_stage
    try:
        inputs, tokens = task.encode(text)
        put(good, Sentence(inputs, tokens, task.solved(inputs[:, 0])))
        if unread := task.unread(text):
            st.caption(f"Not known, so read as one word for all of these: {escaped(listed(unread))}.")
    except ExperimentError as error:
        st.error(f"{escaped(str(error))} Shown is the sentence before it.")
    found: Sentence | None = stored(good)
    return found or on_stage


def _of_probe(task: Task, probe: int) -> Sentence:
    batch = task.probes().batch
    inputs = batch.inputs[: batch.lengths[probe], probe : probe + 1]
    return Sentence(inputs, task.spelled(probe), task.asked(probe))
