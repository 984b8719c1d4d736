"""Which input of an encoder–decoder the pages ask about: the probe on the stage, or what is typed."""

import dataclasses

import numpy as np
import streamlit as st

from pages._ui.run import drawing_pad
from pages._ui.run.shown import Shown, choice
from pages._ui.session.state import get_state
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, settled, stored
from rnnviz.core.errors import ExperimentError, plain
from rnnviz.core.names import listed
from rnnviz.tasks.captions import Captions
from rnnviz.tasks.corpora import RARE
from rnnviz.tasks.translating import Translating, UnknownSymbols

ALL_OF_THESE = "Others can, too, if all of their words are among these:"
TYPED, GOOD = "attention.own", "attention.good"
_MOST_UNKNOWN, _LONGEST_WORD = 12, 40  # words that are named, and characters of each
_TALL = 260  # pixels of the list of all words


@dataclasses.dataclass(frozen=True, eq=False)
class Input:
    """One input.

    codes:  (input_time, …), what a model reads: places in the task's `symbols`, or numbers of each place of a drawing.
    tokens: its symbols as they are shown; a space is ␣.
    right:  the right output as it is written; "" where it is not known.
    warned: what is to be known of an input that is unlike all that are trained on; else "".
    own:    whether it was typed.
    """

    codes: np.ndarray
    tokens: tuple[str, ...]
    right: str
    warned: str = ""
    own: bool = False


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
    found = task.typed(text)
    return Input(found.codes, task.tokens(found.codes), found.right, found.warned)


def of_probe(task: Translating, probe: int) -> Input:
    """One of the task's own examples, whose right output is always known."""
    _, text, right = task.examples()[probe]
    return dataclasses.replace(of_text(task, text), right=right)


def choose(task: Translating) -> Input:
    """Draw the box for an input of one's own and the right output; with nothing in it, the probe on the stage is meant.

    What cannot be read leaves the last good input. All pages have the same input.
    """
    key, of_stage = f"{TYPED}.{task.name}", task.examples()[choice(get_state()).probe][1]
    text = settled(key)
    if isinstance(task, Captions):
        drawing_pad.show(key, (text, stored(f"{GOOD}.{task.name}", ""), of_stage))
    with st.container(horizontal=True, vertical_alignment="bottom", key="input"):
        typed = st.text_input(
            "Your own input, in place of the sequence on the stage",
            text,
            key=key,
            placeholder=task.examples()[0][1],
            help=f"Type {task.typing}, then press Enter. {task.trained_on}".strip(),
            width=420,
            persist_state="session",
        )
        if task.between and task.reads_text:
            _vocabulary(task)
    with st.container(key="asked"):
        given = _own_input(task, typed)
        _asked(task, given)
    return given


def _asked(task: Translating, given: Input) -> None:
    """The right output, where it is known, and what is to be known of the input."""
    if given.right:
        read = f"Read: **{escaped(task.spell(given.codes))}** · " if not given.own and task.reads_text else ""
        st.markdown(f"{read}Right: **{escaped(given.right)}**")
    else:
        st.markdown("The right output to this input is not known, so nothing is marked right or wrong.")
    if given.warned:
        st.caption(given.warned)


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


def _own_input(task: Translating, typed: str) -> Input:
    """What was typed; else, with a word why, what could be read last, or the probe on the stage."""
    kept, on_stage = f"{GOOD}.{task.name}", of_probe(task, choice(get_state()).probe)
    if not typed.strip():
        put(kept, "")
        return on_stage
    try:
        found = dataclasses.replace(of_text(task, typed), own=True)
        put(kept, typed)
        return found
    except ExperimentError as error:
        good = stored(kept, "")
        last = "your last input that could be read" if good else "the sequence on the stage"
        st.error(f"{_refused(task, error)} Shown is {last}.")
    try:
        return dataclasses.replace(of_text(task, good), own=True) if good else on_stage
    except ExperimentError:  # the task's settings have changed since
        return on_stage


def _refused(task: Translating, error: ExperimentError) -> str:
    if not task.between or not isinstance(error, UnknownSymbols):
        return escaped(str(error))
    unknown = [plain(word, _LONGEST_WORD) for word in error.unknown[:_MOST_UNKNOWN]]
    unknown += ["…"] * (len(error.unknown) > _MOST_UNKNOWN)
    are = "is not one of the words" if len(unknown) == 1 else "are not among the words"
    return f"**{escaped(listed(unknown))}** {are} that are read: see “{_all_words(task)}”."
