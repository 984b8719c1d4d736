"""By hand: a gated cell with a single unit over a few time steps, every number open to change."""

import dataclasses
from typing import Any

import streamlit as st

from pages._ui.anatomy.by_hand import diagram
from pages._ui.anatomy.by_hand.controls import attempt, refusal
from pages._ui.anatomy.by_hand.field import field
from pages._ui.anatomy.by_hand.work import HandWork
from pages._ui.live import stage
from pages._ui.session.state import get_state
from pages._ui.widgets.tables import lines, safe
from pages._ui.widgets.values import told
from rnnviz.byhand import gated, unrolled
from rnnviz.byhand.gated import COLUMNS
from rnnviz.byhand.unrolled import Unrolled
from rnnviz.cells.diagram import INPUT

_SIDE, _FIELD = 122, 70  # pixels, the name of a gate and a number
_GIVEN = {"h": "state h before", "c": "cell state c before"}  # before the first time step


def show(work: HandWork) -> None:
    """The diagram, which answers by itself; below it the equations of the time step that it shows."""
    run = work.gated[work.cell]
    heard = {"tab": work.tab, "number": work.heard}
    shown = {"kind": "byhand", "key": "hand-diagram", "heard": heard, "told": work.told, **diagram.told(run)}
    stage.alone("hand-diagram", shown, _hear)
    st.markdown(f"#### Time step {run.at + 1} with its numbers")
    lines([(name, [said]) for name, said in gated.equation_lines(run.step)], "hand-gates")
    st.caption(gated.particular(run.cell).remark(gated.values(run.step)))
    refused = st.container()  # always there: fields below a box that comes and goes would shut with it
    if work.refusal:
        refused.error(f"{refusal(work)} The number before it still holds.")
    with st.expander("Type the values"):
        _numbers(work, run)
        st.button("Begin again", on_click=_again, args=(work.cell,), key="hand-gates-again")


def _hear(key: str) -> None:
    """Take over what was set on the diagram, each act once: the browser repeats what it has not heard of."""
    work, said = get_state().own(HandWork), (told(key) or {}).get("act")
    act: dict[str, Any] = said if isinstance(said, dict) else {}
    tab, number, cell = (act.get(name) for name in ("tab", "number", "cell"))
    if not (isinstance(tab, str) and isinstance(number, int) and isinstance(cell, str) and cell in work.gated):
        return  # not from this page's code
    if tab != work.tab:
        work.tab, work.heard = tab, 0
    if number <= work.heard:
        return
    work.heard = number
    if attempt(lambda work: work.gated.update({cell: unrolled.heard(cell, act.get("numbers") or {})})):
        work.refusal = ""
    else:
        work.told += 1
    work.editions["gated"] += 1


def _numbers(work: HandWork, run: Unrolled) -> None:
    with st.container(key="hand-W_gates", gap="xxsmall", width="content"):
        heads = "".join(f'<span style="width:{_FIELD}px">{name}</span>' for name in COLUMNS)
        st.html(f'<p class="heads" aria-hidden="true" style="margin-left:{_SIDE + 4}px">{heads}</p>')
        for i, block in enumerate(run.kind.blocks):
            with _row(f"{gated.sign(block)}, {block.title}"):
                for j, column in enumerate(COLUMNS):
                    _field(work, f"{i}.{j}", f"{block.title}, {column}", run.weights[i][j])
        for given, name in _GIVEN.items():
            if given in run.step.before:
                with _row(name):
                    _field(work, given, name, getattr(run, given))
        for t, x in enumerate(run.xs[: run.length]):
            name = f"input x, time step {t + 1}" if t else "input x"
            with _row(name):
                _field(work, f"{INPUT}.{t}" if t else INPUT, name, x)


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
    run = work.gated[cell]
    if edition != work.editions["gated"]:
        return  # a late browser tells of fields that have been made anew
    work.refusal = ""
    if said is None:
        work.editions["gated"] += 1
    elif attempt(lambda work: work.gated.update({cell: _with(run, where, said)})):
        work.told += 1


def _with(run: Unrolled, where: str, value: float) -> Unrolled:
    """The same with one number changed, named as its field is."""
    if where in _GIVEN:
        given: dict[str, Any] = {where: value}
        return dataclasses.replace(run, **given)
    what, _, place = where.partition(".")
    if what == INPUT:
        at = int(place or 0)
        return dataclasses.replace(run, xs=(*run.xs[:at], value, *run.xs[at + 1 :]))
    return run.put(int(what), int(place), value)


def _again(cell: str) -> None:
    work = get_state().own(HandWork)
    work.refusal = ""
    work.gated[cell] = unrolled.begin(cell)
    work.editions["gated"] += 1
    work.told += 1
