"""Which input the Attention page shows: one of the task's probes, or what the visitor typed."""

import dataclasses

import numpy as np
import streamlit as st

from pages._ui.live import Shown
from pages._ui.marks import escaped
from pages._ui.values import select, standing
from rnnviz.errors import ExperimentError
from rnnviz.tasks.translating import Translating

OWN = -1  # among the probes: an input of one's own
CHOSEN, TYPED, GOOD = "attention.input", "attention.own", "attention.good"
_LONGEST_NAME = 60  # characters of an example in the list


@dataclasses.dataclass(frozen=True, eq=False)
class Input:
    """One input.

    codes:  (input_time,) int64, places in the task's `symbols`.
    tokens: its symbols as they are shown; a space is ␣.
    right:  the right output as it is written; "" where it is not known.
    """

    codes: np.ndarray
    tokens: tuple[str, ...]
    right: str


def task_of(shown: Shown) -> Translating:
    """The task of a run that is shown on this page: no other has inputs and outputs of their own."""
    task = shown.run.experiment.task
    assert isinstance(task, Translating)
    return task


def of_text(task: Translating, text: str) -> Input:
    """What a visitor typed.

    Raises:
        ExperimentError: it is no input of this task.
    """
    codes = task.read(text)
    return Input(codes, tuple(str(token) for token in task.shown(codes, task.symbols)), task.right(codes))


def of_probe(task: Translating, probe: int) -> Input:
    """One of the task's own examples, whose right output is always known."""
    _, text, right = task.examples()[probe]
    return dataclasses.replace(of_text(task, text), right=right)


def choose(task: Translating) -> Input:
    """Draw the list of examples and the box for an input of one's own; what cannot be read leaves the last good one."""
    examples, key = task.examples(), f"{TYPED}.{task.name}"
    with st.container(horizontal=True, vertical_alignment="top", key="input"):
        probe = select("Input", CHOSEN, [*range(len(examples)), OWN], lambda one: _named(task, one), 420)
        typed = st.text_input(
            "… or your own",
            standing(key, ""),
            key=key,
            placeholder=examples[0][1],
            help=f"Type {task.typing}, then press Enter.",
            on_change=_own,
            width=320,
            persist_state="session",
        )
    return _own_input(task, typed) if probe == OWN else of_probe(task, probe)


def asked(given: Input) -> None:
    """The right output, where it is known."""
    if given.right:
        st.markdown(f"Right: **{escaped(given.right)}**")
    else:
        st.markdown("The right output to this input is not known, so nothing is marked right or wrong.")


def _own(key: str = CHOSEN) -> None:
    st.session_state[key] = OWN


def _own_input(task: Translating, typed: str) -> Input:
    """What was typed; else, with a word why, what could be read last, or the first example."""
    good = st.session_state.get(f"{GOOD}.{task.name}", "")
    try:
        if typed.strip():
            found = of_text(task, typed)
            st.session_state[f"{GOOD}.{task.name}"] = typed
            return found
        st.caption(f"Type an input of your own and press Enter. Shown is {'the last one' if good else 'an example'}.")
    except ExperimentError as error:
        st.error(f"{escaped(str(error))} Shown is {'your last input that could be read' if good else 'an example'}.")
    try:
        return of_text(task, good) if good else of_probe(task, 0)
    except ExperimentError:  # the task's settings have changed since
        return of_probe(task, 0)


def _named(task: Translating, probe: int) -> str:
    if probe == OWN:
        return "your own"
    name, text, _ = task.examples()[probe]
    text = text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"
    return f"{text} ({name})"
