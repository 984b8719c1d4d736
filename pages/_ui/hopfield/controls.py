"""The row of controls above the stage, and what the stage says was done on it."""

from typing import Any

import streamlit as st

from pages._ui.hopfield.work import DAMAGES, FLIP, LARGEST_SEED, HopfieldWork
from pages._ui.session.state import get_state
from pages._ui.widgets.values import acts, standing, told


def turned_to(work: HopfieldWork) -> bool:
    """Whether this visit comes from another page: Streamlit forgets what a control stood at while none is drawn."""
    return told(_seed(work)) is None


def show(work: HopfieldWork) -> None:
    """How the start is made."""
    choice, n = work.choice, work.edition
    with st.container(horizontal=True, key="hopfield-controls", gap="small", vertical_alignment="bottom"):
        key = f"hopfield.damage.{n}"
        begin = standing(key, choice.damage)
        st.segmented_control(
            "Start from",
            tuple(DAMAGES),
            default=begin,
            format_func=DAMAGES.__getitem__,
            key=key,
            required=True,
            on_change=_take,
            args=("damage", key),
        )
        key = f"hopfield.share.{n}"
        share = standing(key, choice.share)
        off = choice.damage != FLIP or not choice.stored
        st.slider(
            "Pixels turned over (%)", 0, 100, share, 1, key=key, on_change=_take, args=("share", key), disabled=off
        )
        with st.container(horizontal=True, gap="small", width="content", vertical_alignment="bottom"):
            key = _seed(work)
            seed = standing(key, choice.seed)
            st.number_input("Seed", 0, LARGEST_SEED, seed, 1, key=key, width=120, on_change=_take, args=("seed", key))
            st.button("Start set", on_click=_do, args=("begin_again",), help="The patterns that the page begins with.")
            st.button("Forget all", on_click=_do, args=("forget_all",), disabled=not choice.stored)


def _take(name: str, key: str) -> None:
    """A control was used."""
    if (value := told(key)) is not None:
        _work().change(**{name: value})


def _do(name: str) -> None:
    getattr(_work(), name)()


def _seed(work: HopfieldWork) -> str:
    return f"hopfield.seed.{work.edition}"


def _work() -> HopfieldWork:
    return get_state().own(HopfieldWork)


def hear(key: str) -> None:
    """Carry out what was done on the stage, each act once: the browser repeats what it has not heard of."""
    work = _work()
    for act in acts(told(key), "act"):
        tab, number = act.get("tab"), act.get("number")
        if not (isinstance(tab, str) and isinstance(number, int)):
            continue  # not from this page's code
        if tab != work.tab:
            work.tab, work.heard = tab, 0
        if number > work.heard:
            work.heard = number
            _carry_out(work, act)


def _carry_out(work: HopfieldWork, act: dict[str, Any]) -> None:
    name, at, bits = act.get("name"), act.get("at"), act.get("bits")
    if name in ("draw", "store") and isinstance(bits, str):
        getattr(work, name)(bits)
    elif name in ("cue", "forget") and isinstance(at, int):
        getattr(work, name)(at)
