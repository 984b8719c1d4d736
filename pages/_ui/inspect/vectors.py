"""A table of numbers for a brought model: what was read of it, and boxes to read it in another way."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from pages._ui.inspect.kept import OwnModel, OwnModelSlot
from pages._ui.session.state import get_state
from pages._ui.widgets import boxes
from pages._ui.widgets.marks import escaped, sentence
from pages._ui.widgets.values import put, told
from rnnviz.checkpoints import own_input
from rnnviz.checkpoints.own_input import Vectors
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.core.names import counted
from rnnviz.tables.encoding import GUESSED

KEPT = "rows"  # under which name the settings of a model hold its table
MOST_OFFERED = 60  # columns among which one may choose


class Table(NamedTuple):
    """Numbers with what they were read from.

    data:     bytes of a table, of which other columns may be chosen; of a .npy file none.
    encoding: that is chosen; None where it is to be found.
    refused:  why the columns that were chosen last cannot be read, in a sentence; else "".
    """

    data: bytes
    read: Vectors
    encoding: str | None = None
    refused: str = ""


def table_of(came: bytes | str, wanted: int, columns: tuple[str, ...] = (), encoding: str | None = None) -> Table:
    """What was pasted, or the bytes of a file; `wanted`: how many numbers a row has to have.

    Raises:
        ExperimentError: it is no table of numbers.
    """
    data = came.encode() if isinstance(came, str) else came
    read = own_input.read_vectors(data, wanted, columns, encoding)
    return Table(data[: limits.LARGEST_UPLOAD + 1] if read.report is not None else b"", read, encoding)


def ask(kept: OwnModel, table: Table, wanted: int) -> None:
    """The columns of a table, the first rows of those that are read, and which are to be; its encoding if guessed."""
    read = table.read
    if read.report is None:
        return
    if read.note:
        st.caption(escaped(read.note))
    names, key = list(read.report.columns), kept.key(f"columns.{hash(read.report.columns)}")
    st.caption(f"{counted(len(read.x), 'time step')}; the first, as they are read:")
    st.code("\n".join(" / ".join(f"{number:.6g}" for number in row[:6]) for row in read.x[:3]), language=None)
    if 1 < len(names) <= MOST_OFFERED:
        put(key, list(read.report.read))
        now = list(read.report.read)
        st.multiselect("Columns that are read", names, now, key=key, on_change=_chose, args=(key, wanted))
    if read.report.encoding in GUESSED:
        key = kept.key(f"encoding.{hash(table.data)}")
        boxes.encoding(key, read.report.encoding, _encoded, (key, wanted))
    if table.refused:
        st.error(escaped(sentence(table.refused)))


def _chose(key: str, wanted: int) -> None:
    """In a callback: read the columns that were chosen; where that cannot be, those before stay."""
    chosen = tuple(told(key) or ())
    _read(lambda table: table_of(table.data, wanted, chosen, table.encoding))


def _encoded(key: str, wanted: int) -> None:
    """In a callback: read it in the encoding that was chosen; the same columns, which are called otherwise in it."""
    now = told(key)

    def read(table: Table) -> Table:
        found, before = table_of(table.data, wanted, encoding=now), table.read.report
        if found.read.report is None or before is None or len(found.read.report.columns) != len(before.columns):
            return found
        places = (before.columns.index(name) for name in before.read)
        return table_of(table.data, wanted, tuple(found.read.report.columns[at] for at in places), now)

    if now is not None:
        _read(read)


def _read(read: Callable[[Table], Table]) -> None:
    """Read the table in another way; why that cannot be is kept beside what was read before."""
    kept = get_state().own(OwnModelSlot).kept  # a widget's callback outlives the model: it must not hold it
    table = None if kept is None else kept.settings.get(KEPT)
    if kept is None or not isinstance(table, Table):
        return
    try:
        kept.settings[KEPT] = read(table)
    except ExperimentError as error:
        kept.settings[KEPT] = table._replace(refused=str(error))


def why(read: Vectors) -> str:
    """Which columns were left out, where that may be why they are too few."""
    left_out = list(read.report.left_out)[:3] if read.report is not None else []
    return f" (left out: {', '.join(left_out)})" if left_out else ""
