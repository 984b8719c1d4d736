"""The numbers of the time step that a cell's diagram shows: as they are, and with a gate held."""

import dataclasses

import streamlit as st

from pages._ui.session.asking import Answer
from pages._ui.widgets import tables
from rnnviz.analysis.clamping import Clamp, Number, numbers_at
from rnnviz.cells import Cell, title
from rnnviz.core.names import number

_DIGITS = 3  # one more than the diagram has


@dataclasses.dataclass(frozen=True)
class Looked:
    """What a cell's diagram shows, whose numbers stand beside those with a gate held.

    time:  from 0, in the order of the input.
    unit:  from 0; None for the mean of all.
    other: whether it is told in the cell's other convention.
    """

    label: str
    time: int
    unit: int | None
    other: bool = False


def show(cell: Cell, clamp: Clamp, found: Answer, looked: Looked) -> None:
    """One row for each quantity of the time step: original, changed, and by how much it differs."""
    steps, units = found[f"original/{cell.states[0].name}"].shape
    time = min(looked.time, steps - 1)
    unit = None if looked.unit is None else min(looked.unit, units - 1)
    of = f"mean of all {units} units" if unit is None else f"unit {unit + 1}"
    st.markdown(f"**On the stage: time step {time + 1}, {of}**")
    rows = numbers_at(cell, clamp, found, time, unit, looked.other)
    head = ["", *(f'<span title="{_named(one)}">{tables.safe(one.symbol)}</span>' for one in rows)]
    ways = [
        ("original", [number(one.original, _DIGITS) for one in rows]),
        ("changed", [_changed(one) for one in rows]),
    ]
    tables.table(head, ways, "gates-step", about=f"Numbers of time step {time + 1}, {of}: original and changed")
    if all(one.original == one.changed for one in rows):
        st.caption("Nothing changes at this time step: what is held acts at others, or on other units.")
    else:
        st.caption("In bold: what is not as it was. Choose another time step or unit on the stage.")


def _changed(one: Number) -> str:
    said = number(one.changed, _DIGITS)
    return said if one.changed == one.original else f"<b>{said}</b>"


def _named(one: Number) -> str:
    return tables.safe(title(one.name))
