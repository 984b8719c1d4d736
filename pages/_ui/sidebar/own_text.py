"""A text of the visitor's own: pasted or uploaded, refused with a sentence."""

from collections.abc import Callable

import streamlit as st

from pages._ui.session import link, streamlit_internals, texts
from pages._ui.session.state import AppState, get_state, touch
from pages._ui.sidebar import brought
from pages._ui.widgets import boxes
from pages._ui.widgets.boxes import LONGEST_PASTED, MEGABYTES
from pages._ui.widgets.keys import Key, control
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, standing, stored, told
from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError
from rnnviz.specs import branch_query
from rnnviz.specs.query import DEFAULT_TASK
from rnnviz.tables import texts as texts_of_files
from rnnviz.tasks import TASKS, corpora
from rnnviz.tasks.autocomplete import Autocomplete
from rnnviz.tasks.pairs import Pairs
from rnnviz.tasks.text import Text

HINT = "Paste or upload a text in the sidebar: it is what the network will learn."
PAIRS_HINT = "One pair a line. As long as there is none of yours, number words are learned."
LABELS = {  # of the boxes
    Text.name: ("Text", "text"),
    Autocomplete.name: ("Text", "text"),
    Pairs.name: ("Pairs: input, output", "CSV"),
}
BACK = {  # to put away what was brought, on a button
    Text.name: "Back to the built-in text",
    Autocomplete.name: "Back to the grammar’s sentences",
    Pairs.name: "Back to the number words",
}
_LINE = 80  # characters of a line that are shown
Take = Callable[[str, str | bytes, str], str]  # task, what was pasted or the bytes of a file, its name → the text


def ask(state: AppState, task_name: str) -> str:
    """Boxes to paste or upload a text in the sidebar; returns the one that holds now."""
    _boxes(Key.TEXT, brought.box(Key.UPLOAD), state.own_text, _take, task_name)
    if not (text := state.own_text):
        st.info(HINT)
        return ""
    st.caption(escaped(f"{brought.source(text)} Learning a text of {len(text):,} characters.".strip()))
    brought.tell(text)
    if len(text) > LONGEST_PASTED:  # else it stands in the box
        boxes.first_rows(_first_lines(text), "It begins:")
    boxes.back(BACK[task_name], _put_away, "text.away", (task_name,))
    return text


def ask_pairs(state: AppState, unit: str) -> str:
    """Boxes for a table of pairs in the sidebar; returns the one that holds now, "" for the task's own.

    What is used of it, and what is not, is said below; why none of it can be used is said where all refusals are.
    """
    _boxes(Key.TEXT, brought.box(Key.UPLOAD), state.own_text, _take, Pairs.name)
    source = brought.source(state.own_text) if state.own_text else ""
    try:
        chosen = Pairs(unit, state.own_text) if state.own_text else None
        said = PAIRS_HINT if chosen is None else chosen.summary
    except ExperimentError:
        chosen, source, said = None, "", boxes.BEFORE
    st.caption(escaped(f"{source} {said}".strip()))
    if chosen is not None:
        brought.tell(state.own_text)
        boxes.first_rows(chosen.first_rows)
    if state.own_text:
        boxes.back(BACK[Pairs.name], _put_away, "text.away", (Pairs.name,))
    return state.own_text


def ask_wanted(state: AppState) -> None:
    """In the page: ask for the text that the address names by its hash."""
    with st.container(border=True, key="wanted"):
        st.markdown(
            "**This link names a text that is too long to travel in it.** Paste the text here, or upload it, "
            "and the experiment opens."
        )
        _boxes("wanted.text", brought.box("wanted.upload"), "", _take_wanted, _wanted_task(state))


def _boxes(text_key: str, upload_key: str, shown: str, take: Take, task_name: str) -> None:
    value = standing(text_key, shown if len(shown) <= LONGEST_PASTED else "")
    label, kind = LABELS[task_name]
    st.text_area(
        label, value, key=text_key, max_chars=LONGEST_PASTED, on_change=_pasted, args=(text_key, take, task_name)
    )
    st.file_uploader(
        f"… or a {kind} file, at most {MEGABYTES} MB",
        help="Of a longer file upload its beginning: no more than two million characters are learned.",
        key=upload_key,
        max_upload_size=MEGABYTES,
        on_change=_uploaded,
        args=(upload_key, text_key, take, task_name),
    )
    if refused := stored(brought.refusal(text_key)):
        boxes.refused(refused, text_key)


def _first_lines(text: str) -> list[str]:
    """The first three lines with anything in them, long ones shortened."""
    lines = [line for line in text[:LONGEST_PASTED].splitlines() if line.strip()]
    return [line if len(line) <= _LINE else f"{line[:_LINE]}…" for line in lines[:3]]


def _pasted(text_key: str, take: Take, task_name: str = Text.name) -> None:
    if (text := told(text_key)) is not None:
        put(brought.refusal(text_key), "")
        take(task_name, text, "")


def _uploaded(upload_key: str, text_key: str, take: Take, task_name: str) -> None:
    file = told(upload_key)
    if file is None or streamlit_internals.is_forgotten(file):
        return
    refused = brought.refusal(text_key)
    put(refused, "")
    streamlit_internals.forget_upload(file)
    brought.renew()
    try:
        text = take(task_name, file.getvalue(), file.name)
    except ExperimentError as error:
        put(refused, boxes.not_read(file.name, error))
        return
    put(text_key, text if len(text) <= LONGEST_PASTED else "")


def _put_away(task_name: str) -> None:
    """In a callback: what the task brings along is learned again."""
    _take(task_name, "", "")
    put(Key.TEXT, "")
    put(brought.refusal(Key.TEXT), "")
    if hasattr(TASKS[task_name], "corpus"):
        put(control("task", "corpus"), fields.meaning(TASKS[task_name], "corpus").default)


def _take(task_name: str, data: str | bytes, name: str) -> str:
    """What is learned from now on; of what is pasted and cannot be learned it is said where all refusals are."""
    try:
        text = brought.take(task_name, data, name)
    except ExperimentError:
        if isinstance(data, bytes):
            raise
        text = data
    get_state().own_text = text
    touch()
    return text


def _wanted_task(state: AppState) -> str:
    """The task of the address, which wants a text."""
    return (state.query or {}).get("task", [DEFAULT_TASK])[0]


def _take_wanted(task_name: str, data: str | bytes, name: str) -> str:
    """Open the experiment of the address if this is the text it names."""
    state, came = get_state(), f"“{boxes.short(name)}”" if name else "This"
    given = data if isinstance(data, str) else texts_of_files.brought(data).text
    try:
        text = texts.wanted(task_name, given, state.wanted)
        digest = corpora.digest(text)
        if digest != state.wanted:
            state.notice = f"{came} is not the text that the link names: its hash is {digest}, not {state.wanted}."
            return given
        wanted = branch_query.read(state.query or {}, {digest: text})
        wanted.experiment.checked()
    except ExperimentError as error:
        state.notice = str(error)
        return given
    texts.keep_for(state, digest, text)
    link.adopt(state, wanted.experiment, wanted.start)
    state.notice = state.wanted = ""
    return text
