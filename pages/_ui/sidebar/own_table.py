"""A table, or another file, of the visitor's own: uploaded, read beside the server, its columns told and changed."""

import contextlib
import dataclasses
import types
from typing import Any

import streamlit as st

from pages._ui.session import link, streamlit_internals
from pages._ui.session.state import AppState, get_state, touch
from pages._ui.widgets import boxes
from pages._ui.widgets.keys import Key, control
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, stored, told
from rnnviz.core import fields, limits
from rnnviz.core.contents import Content
from rnnviz.core.errors import ExperimentError
from rnnviz.engine import EngineError
from rnnviz.engine.reading import Reading, Upload
from rnnviz.specs import branch_query
from rnnviz.specs.experiment import Experiment
from rnnviz.tables.encoding import ENCODINGS, GUESSED
from rnnviz.tables.labelled import ColumnsNeeded
from rnnviz.tasks import Task, task
from rnnviz.tasks.declared import Chosen, Tables

SHARED = (
    "Whoever has this page’s link can train on what you upload and see some of it. "
    f"It is deleted when nobody has used it for {limits.CONTENT_DAYS_KEPT:g} days."
)
_EVERY = 0.5  # seconds between two looks at how far the reading is


@dataclasses.dataclass(frozen=True)
class Learned:
    """Of the upload that was read last: its name and number, its columns that were read, the hash of the table."""

    name: str
    number: int
    chosen: Chosen
    digest: str


@dataclasses.dataclass(eq=False)
class OwnTable:
    """What the visitor uploaded last.

    number:  counts the boxes: after each upload there is a new, empty one, so that the server need not keep the bytes.
    columns: names of the columns of the upload; empty while they are not known.
    chosen:  which of them are text and label; None for one that cannot be told.
    encoding: in which it was read, one of `GUESSED`, or "" for one that is no guess.
    refused: why it was not taken, in a sentence; else "".
    tables:  of which kind it is; None before the first.
    learned: what was read last and not refused.
    suited:  settings that were put in place of usual ones, as the table is too short for those: field → value.
    """

    number: int = 0
    name: str = ""
    upload: Upload | None = None
    reading: Reading | None = None
    columns: tuple[str, ...] = ()
    chosen: Chosen = (None, None)
    encoding: str = ""
    refused: str = ""
    tables: Tables | None = None
    learned: Learned | None = None
    suited: dict[str, int] = dataclasses.field(default_factory=dict)


def ask(state: AppState, tables: Tables) -> Content | None:
    """The box for a table in the sidebar and what was found in it; returns the one that holds now."""
    own = state.own(OwnTable)
    if own.tables != tables:  # what another task was reading is not its own
        _forget(own, tables)
    if own.reading is not None and own.reading.over:
        _take(state, own, own.reading)
    file = st.file_uploader(
        f"{tables.asked}, at most {tables.megabytes} MB",
        key=f"{Key.TABLE}.{own.number}",
        max_upload_size=tables.megabytes,
    )
    if file is not None:
        _read(own, tables, file.getbuffer(), file.name)
        streamlit_internals.forget_upload(file)
        st.rerun()
    if own.reading is not None:
        _progress(own.reading, own.name)
    if own.refused:
        boxes.refused(own.refused, "table")
    if own.upload is not None and own.columns:
        _columns(own, tables)
    if state.own_table is None:
        st.caption(f"{tables.hint} {SHARED}")
    else:
        st.caption(SHARED)
        boxes.back(tables.back, _put_away, "table.away")
    return state.own_table


def say(chosen: Task) -> None:
    """What of the table is learned, and what is not; why nothing is, is said where all refusals are."""
    with contextlib.suppress(ExperimentError):
        state = get_state()
        for name, value in state.own(OwnTable).suited.items():
            if getattr(chosen, name) == value:
                one = fields.meaning(chosen, name)
                what = (one.label or one.name).capitalize()
                st.caption(f"{what}: {value} {one.unit}, as the table is too short for the usual {one.default}.")
        st.caption(escaped(f"{_source(state)} {chosen.summary}".strip()))
        boxes.first_rows(chosen.first_rows)


def _source(state: AppState) -> str:
    """Which file is learned, if it came in this visit; which columns of it, if others were refused."""
    own, table = state.own(OwnTable), state.own_table
    if table is None:
        return ""
    known = own.learned
    if known is None or known.digest != table.digest:
        return boxes.source((), own.refused)
    now = own.chosen if known.number == own.number else known.chosen
    kept = [before for before, new in zip(known.chosen, now, strict=True) if before is not None and before != new]
    return boxes.source(kept if own.refused and kept else [known.name], own.refused)


def _forget(own: OwnTable, tables: Tables) -> None:
    """Begin anew with tables of another kind."""
    _stop(own)
    own.number, own.upload, own.columns, own.refused, own.tables = own.number + 1, None, (), "", tables
    own.chosen, own.encoding = (None, None), ""


def _read(own: OwnTable, tables: Tables, data: memoryview, name: str) -> None:
    """Let an upload be read, in place of the one before it."""
    _stop(own)
    own.number, own.name, own.columns, own.refused = own.number + 1, name, (), ""
    own.chosen, own.encoding = (None, None), ""
    try:
        own.upload = Upload(data)
        own.reading = Reading(own.upload, program=tables.program)
    except OSError:
        own.upload = None
        own.refused = boxes.not_read(name, "the server has no room for a file just now. Try again later.")


@st.fragment(run_every=_EVERY)
def _progress(reading: Reading, name: str) -> None:
    """How far it is; when it is over, the whole page goes on with what came of it."""
    if reading.over:
        st.rerun()
    st.progress(reading.share, f"Reading {escaped(boxes.short(name))}: {reading.share:.0%}")


def _columns(own: OwnTable, tables: Tables) -> None:
    """Which column is which, to be changed."""
    for at, (what, title) in enumerate(zip(("text", "label"), tables.columns, strict=False)):
        chosen = own.chosen[at]
        key = f"table.{what}.{own.number}"
        put(key, chosen)
        place = None if chosen is None else own.columns.index(chosen)
        st.selectbox(
            title, own.columns, place, key=key, on_change=_chosen, args=(at, key, own.number), placeholder="choose one"
        )
    if own.encoding:
        key = f"table.encoding.{own.number}"
        st.caption("The encoding is a guess. Are letters wrong? Then choose another one.")
        boxes.encoding(key, own.encoding, _encoded, (key, own.number))


def _chosen(at: int, key: str, number: int) -> None:
    own = get_state().own(OwnTable)
    if number != own.number:  # a box of the upload before, heard of late
        return
    now = [*own.chosen]
    now[at] = told(key)
    own.chosen = (now[0], now[1])
    _read_anew(own)


def _encoded(key: str, number: int) -> None:
    own, now = get_state().own(OwnTable), told(key)
    if number == own.number and now is not None:
        own.encoding = now
        _read_anew(own)


def _read_anew(own: OwnTable) -> None:
    """Read the upload with the columns, and in the encoding, that are chosen now."""
    if own.upload is not None and own.tables is not None and not (own.tables.both and None in own.chosen):
        _stop(own)
        own.refused, own.reading = (
            "",
            Reading(own.upload, *own.chosen, program=own.tables.program, encoding=own.encoding or None),
        )


def _stop(own: OwnTable) -> None:
    if own.reading is not None:
        own.reading.stop()
        own.reading = None


def _take(state: AppState, own: OwnTable, reading: Reading) -> None:
    """What came of reading: the table that is learned from now on, or why not."""
    own.reading = None
    try:
        table = reading.result()
        assert own.tables is not None
        columns, named = own.tables.told(table.view("table"))
        said = own.tables.encoding(table.view("table")) if own.tables.encoding is not None else ""
    except ColumnsNeeded as needed:
        own.columns, own.refused = needed.columns, boxes.not_read(own.name, needed)
        at = [None if place is None else needed.columns[place] for place in (needed.text, needed.label)]
        own.chosen = (at[0], at[1])
    except (ExperimentError, EngineError) as error:
        known = own.learned is not None and own.learned.number == own.number
        own.refused = str(error) if known else boxes.not_read(own.name, error)
    else:
        own.columns, own.chosen = columns, named
        own.encoding = next((one for one in GUESSED if ENCODINGS[one] == said), "")
        own.learned = Learned(own.name, own.number, named, table.digest)
        _learn(state, table)


def _learn(state: AppState, table: Content) -> None:
    if state.awaited != table.digest:
        state.own_table = table
        touch()
        if (suited := _suited(state, table)) is not None:
            link.turn_to(state, suited)
            st.rerun()
        return
    try:  # the address for which it was awaited
        wished = branch_query.read(state.wished or {})
        link.turn_to(state, wished.experiment.checked(), wished.start)
        state.notice = ""
    except ExperimentError as error:
        state.notice = str(error)
    state.awaited, state.wished = "", None
    st.rerun()  # all controls begin anew


def _suited(state: AppState, table: Content) -> Experiment | None:
    """With settings that fit the table in place of usual ones that do not; what was chosen stays. None if all fit."""
    _as_usual(state)
    shown, own = state.experiment.task, state.own(OwnTable)
    if own.tables is None or type(shown).tables != own.tables:
        return None
    params: dict[str, Any] = {}
    for meaning in fields.describe(shown):
        if meaning.kind == "content":
            params[meaning.name] = table
        elif fields.says(meaning, types.SimpleNamespace(**params), None):
            params[meaning.name] = stored(control("task", meaning.name), getattr(shown, meaning.name))
    with contextlib.suppress(ExperimentError):  # why it cannot be learned is said where all refusals are
        suits = dict(own.tables.suits(task(shown.name, **params)))
        fitting = dataclasses.replace(state.experiment, task=task(shown.name, **params | suits)).checked()
        own.suited = suits
        return fitting if suits else None
    return None


def _as_usual(state: AppState) -> None:
    """Settings that were put in place of usual ones, as the usual ones again, but for those changed since."""
    own = state.own(OwnTable)
    for name, value in own.suited.items():
        if stored(control("task", name), value) == value:
            put(control("task", name), fields.meaning(state.experiment.task, name).default)
    own.suited = {}


def _put_away() -> None:
    state = get_state()
    own = state.own(OwnTable)
    _stop(own)
    _as_usual(state)
    own.upload, own.columns, own.refused = None, (), ""
    state.own_table = None
    touch()
