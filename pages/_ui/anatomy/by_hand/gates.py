"""By hand: one step of a gated cell with a single unit, every number open to change."""

import dataclasses
from typing import Any

import streamlit as st

from pages._ui.anatomy.by_hand import wires
from pages._ui.anatomy.by_hand.controls import attempt, refusal
from pages._ui.anatomy.by_hand.field import field
from pages._ui.anatomy.by_hand.work import HandWork
from pages._ui.run.place import place
from pages._ui.session.state import get_state
from pages._ui.widgets.tables import lines, safe
from pages._ui.widgets.values import told
from rnnviz.byhand import gated
from rnnviz.byhand.gated import COLUMNS, Gated
from rnnviz.cells.diagram import INPUT

_SIDE, _FIELD = 122, 70  # pixels, the name of a gate and a number
_GIVEN = {INPUT: "input x", "h": "state h before", "c": "cell state c before"}


def show(work: HandWork) -> None:
    """The numbers, the equations with them put in, and what becomes of the old state."""
    step = work.gated[work.cell]
    if work.refusal:
        st.error(f"{refusal(work)} The number before it still holds.")
    with st.container(key="hand-diagram"):
        place(wires.diagram(step), f"hand-{work.cell}")
    left, right = st.columns(2, gap="medium")
    with left:
        _numbers(work, step)
        st.button("Begin again", on_click=_again, args=(work.cell,), key="hand-gates-again")
    with right:
        lines([(name, [said]) for name, said in gated.equation_lines(step)], "hand-gates")
        st.caption(gated.particular(step.cell).remark(gated.values(step)))


def _numbers(work: HandWork, step: Gated) -> None:
    with st.container(key="hand-W_gates", gap="xxsmall", width="content"):
        heads = "".join(f'<span style="width:{_FIELD}px">{name}</span>' for name in COLUMNS)
        st.html(f'<p class="heads" aria-hidden="true" style="margin-left:{_SIDE + 4}px">{heads}</p>')
        for i, block in enumerate(step.kind.blocks):
            with _row(f"{gated.sign(block)}, {block.title}"):
                for j, column in enumerate(COLUMNS):
                    _field(work, f"{i}.{j}", f"{block.title}, {column}", step.weights[i][j])
        for given, name in _GIVEN.items():
            if given == INPUT or given in step.before:
                with _row(name):
                    _field(work, given, name, getattr(step, given))


def _row(name: str) -> "st.delta_generator.DeltaGenerator":
    row = st.container(horizontal=True, wrap=False, gap="xxsmall", vertical_alignment="center")
    row.html(f'<span class="side" aria-hidden="true">{safe(name)}</span>', width=_SIDE)
    return row


def _field(work: HandWork, where: str, label: str, holds: float) -> None:
    edition = work.editions["gated"]
    field(label, f"hand.gated.{edition}.{work.cell}.{where}", holds, _FIELD, _type, where, edition, work.cell)


def _type(where: str, edition: int, cell: str, key: str) -> None:
    """Take over what was typed; a field that says none gets its own back."""
    work, said = get_state().own(HandWork), told(key)
    step = work.gated[cell]
    if edition != work.editions["gated"]:
        return  # a late browser tells of fields that have been made anew
    work.refusal = ""
    if said is None:
        work.editions["gated"] += 1
    else:
        attempt(lambda work: work.gated.update({cell: _with(step, where, said)}))


def _with(step: Gated, where: str, value: float) -> Gated:
    if where in _GIVEN:
        given: dict[str, Any] = {where: value}
        return dataclasses.replace(step, **given)
    gate, column = where.split(".")
    return step.put(int(gate), int(column), value)


def _again(cell: str) -> None:
    work = get_state().own(HandWork)
    work.refusal = ""
    work.gated[cell] = gated.gated(cell)
    work.editions["gated"] += 1
