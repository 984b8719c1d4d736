"""Which input of an encoder–decoder Attention and Anatomy show: one of the task's probes, or what is typed."""

import dataclasses

import numpy as np
import streamlit as st

from pages._ui.run.shown import Shown
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, select, standing, stored
from rnnviz.errors import ExperimentError, plain
from rnnviz.names import listed
from rnnviz.tasks.corpora import RARE
from rnnviz.tasks.translating import Translating, UnknownSymbols

ALL_OF_THESE = "Others can, too, if all of their words are among these:"
OWN = -1  # among the probes: an input of one's own
CHOSEN, TYPED, GOOD = "attention.input", "attention.own", "attention.good"
_LONGEST_NAME = 60  # characters of an example in the list
_MOST_UNKNOWN, _LONGEST_WORD = 12, 40  # words that are named, and characters of each
_TALL = 260  # pixels of the list of all words


@dataclasses.dataclass(frozen=True, eq=False)
class Input:
    """One input.

    codes:  (input_time,) int64, places in the task's `symbols`.
    tokens: its symbols as they are shown; a space is ␣.
    right:  the right output as it is written; "" where it is not known.
    warned: what is to be known of an input that is unlike all that are trained on; else "".
    """

    codes: np.ndarray
    tokens: tuple[str, ...]
    right: str
    warned: str = ""


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
    return Input(
        codes, tuple(str(token) for token in task.shown(codes, task.symbols)), task.right(codes), task.warned(codes)
    )


def of_probe(task: Translating, probe: int) -> Input:
    """One of the task's own examples, whose right output is always known."""
    _, text, right = task.examples()[probe]
    return dataclasses.replace(of_text(task, text), right=right)


def choose(task: Translating) -> Input:
    """Draw the list of examples, the box for an input of one's own and the right output.

    What cannot be read leaves the last good input. Both pages have the same input.
    """
    examples, key, chosen = task.examples(), f"{TYPED}.{task.name}", f"{CHOSEN}.{task.name}"
    standing(chosen, task.opening)
    with st.container(horizontal=True, vertical_alignment="bottom", key="input"):
        probe = select("Input", chosen, [*range(len(examples)), OWN], lambda one: _named(task, one), 420)
        typed = st.text_input(
            "… or your own",
            standing(key, ""),
            key=key,
            placeholder=examples[0][1],
            help=f"Type {task.typing}, then press Enter. {task.trained_on}".strip(),
            on_change=_own,
            args=(chosen,),
            width=320,
            persist_state="session",
        )
        if task.between:
            _vocabulary(task)
    with st.container(key="asked"):
        given = _own_input(task, typed) if probe == OWN else of_probe(task, probe)
        _asked(given)
    return given


def _asked(given: Input) -> None:
    """The right output, where it is known, and what is to be known of the input."""
    if given.right:
        st.markdown(f"Right: **{escaped(given.right)}**")
    else:
        st.markdown("The right output to this input is not known, so nothing is marked right or wrong.")
    if given.warned:
        st.caption(given.warned)


def none() -> None:
    """In place of `choose`, where no input is chosen: what it drew in its two places is gone at once."""
    st.empty()
    st.empty()


def _vocabulary(task: Translating) -> None:
    """All words that can be read, and sentences to begin with."""
    with st.popover(_all_words(task), key="vocabulary"):
        st.markdown("These can be read:  \n" + "  \n".join(f"“{escaped(text)}”" for _, text, _ in task.examples()))
        shared = f"So can others; a word that is not among these is read as {RARE}:"
        st.markdown(shared if RARE in task.symbols else ALL_OF_THESE)
        with st.container(height=_TALL):
            st.markdown(escaped(", ".join(task.symbols)))


def _all_words(task: Translating) -> str:
    return f"All {len(task.symbols):,} words"


def _own(chosen: str) -> None:
    put(chosen, OWN)


def _own_input(task: Translating, typed: str) -> Input:
    """What was typed; else, with a word why, what could be read last, or the first example."""
    good = stored(f"{GOOD}.{task.name}", "")
    try:
        if typed.strip():
            found = of_text(task, typed)
            put(f"{GOOD}.{task.name}", typed)
            return found
        st.caption(f"Type an input of your own and press Enter. Shown is {'the last one' if good else 'an example'}.")
    except ExperimentError as error:
        st.error(f"{_refused(task, error)} Shown is {'your last input that could be read' if good else 'an example'}.")
    try:
        return of_text(task, good) if good else of_probe(task, 0)
    except ExperimentError:  # the task's settings have changed since
        return of_probe(task, 0)


def _refused(task: Translating, error: ExperimentError) -> str:
    if not task.between or not isinstance(error, UnknownSymbols):
        return escaped(str(error))
    unknown = [plain(word, _LONGEST_WORD) for word in error.unknown[:_MOST_UNKNOWN]]
    unknown += ["…"] * (len(error.unknown) > _MOST_UNKNOWN)
    are = "is not one of the words" if len(unknown) == 1 else "are not among the words"
    return f"**{escaped(listed(unknown))}** {are} that are read: see “{_all_words(task)}”."


def _named(task: Translating, probe: int) -> str:
    if probe == OWN:
        return "your own"
    name, text, _ = task.examples()[probe]
    text = text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"
    return f"{text} ({name})"
