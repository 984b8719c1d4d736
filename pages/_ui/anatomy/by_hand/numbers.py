"""By hand: every number of the network in a field of its own, to type over.

Fields and not `st.data_editor`, which is one canvas: with them Tab goes from number to number, a screen reader says the
name of each, a phone opens its keyboard of digits, and what is typed holds as soon as the field is left.
"""

import numpy as np
import streamlit as st

from pages._ui.anatomy.by_hand.controls import act, attempt
from pages._ui.anatomy.by_hand.field import field
from pages._ui.anatomy.by_hand.work import HandWork
from pages._ui.session.state import get_state
from pages._ui.widgets.tables import safe, subscript
from pages._ui.widgets.values import told
from rnnviz.byhand import Entry, Hand

_GROUPS = (("W_xh", "W_hh", "b_h"), ("W_hy", "b_y", "h_0"))
_SIDE, _FIELD = 14, 72  # pixels, the name of a row and a number with six digits
_NAMES = {"b_h": "bias", "h_0": "first state", "b_y": "bias"}


def show(work: HandWork) -> None:
    """All matrices and vectors."""
    with st.expander("The numbers: type over any of them", expanded=True):
        for group in _GROUPS:
            with st.container(horizontal=True, gap="medium"):
                for part in group:
                    _part(work, part)
        st.caption(_remark(work.hand))


def sides(hand: Hand, part: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the rows and the columns of a part stand for: letters, or units counted from 1; a vector has one column."""
    units, letters = tuple(str(unit + 1) for unit in range(hand.units)), tuple(hand.vocabulary)
    return {
        "W_xh": (units, letters),
        "W_hh": (units, units),
        "b_h": (units, ("",)),
        "h_0": (units, ("",)),
        "W_hy": (letters, units),
        "b_y": (letters, ("",)),
    }[part]


def _part(work: HandWork, part: str) -> None:
    """One matrix or vector as a grid of fields, with the names of rows and columns at its sides."""
    rows, columns = sides(work.hand, part)
    with st.container(key=f"hand-{part}", width="content", gap="xxsmall"):
        heads = "".join(f'<span style="width:{_FIELD}px">{safe(name)}</span>' for name in columns)
        said = _NAMES.get(part) or f"{len(rows)}×{len(columns)}"
        st.html(f'<p class="part"><b>{subscript(part)}</b> {said}</p><p class="heads" aria-hidden="true">{heads}</p>')
        for i, row in enumerate(rows):
            with st.container(horizontal=True, wrap=False, gap="xxsmall", vertical_alignment="center"):
                st.html(f'<span class="side" aria-hidden="true">{safe(row)}</span>', width=_SIDE)
                for j, column in enumerate(columns):
                    _field(work, Entry(part, i, j), " ".join(filter(None, [part, row, column])))


def _field(work: HandWork, place: Entry, label: str) -> None:
    edition = work.editions["numbers"]
    name = f"hand.number.{edition}.{place.part}.{place.row}.{place.column}"
    field(label, name, work.hand.at(place), _FIELD, _type, place, edition)


def _type(place: Entry, edition: int, name: str) -> None:
    """Take over what was typed; a field that says none gets its own back.

    A late browser may still tell the numbers of fields that have been made anew: those hold no longer.
    """
    work, said = get_state().own(HandWork), told(name)
    if edition != work.editions["numbers"]:
        return
    if said is None:
        act(lambda _work: None)
    elif said == work.hand.at(place):
        work.refusal = ""
    else:
        attempt(lambda work: work.change(work.hand.put(place, said)))


def _remark(hand: Hand) -> str:
    """How rows and columns are to be read, as Markdown."""
    said = (
        r"Rows of W\_xh and W\_hh are hidden units, rows of W\_hy are letters to predict. "
        "Columns are what is multiplied: letters read, or hidden units."
    )
    one = float(hand.W_hh[0, 0])
    if hand.units > 1 and one and np.array_equal(hand.W_hh, one * np.eye(hand.units)):
        said += (
            rf" Here W\_hh is {one:.6g} on its diagonal and 0 elsewhere: each unit keeps that part of its own state."
        )
    return said
