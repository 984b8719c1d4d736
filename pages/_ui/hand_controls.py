"""By hand: what to begin with, which word, how many units."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages._ui.hand_work import HandWork
from pages._ui.marks import escaped
from pages._ui.state import get_state
from pages._ui.values import standing
from rnnviz import byhand, limits
from rnnviz.byhand import ACTIVATIONS, PRESETS
from rnnviz.errors import ExperimentError

_PREFIX = "hand."  # what all keys of the controls of a hand begin with
_SEEDED = ("random", "identity")
_NAMED = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ (sigmoid)"}


def show(work: HandWork) -> None:
    """The controls, and why the last change was refused, if it was."""
    hand = work.hand
    with st.container(horizontal=True, vertical_alignment="bottom", key="hand-begin"):
        _choose("Begin with", "preset", tuple(PRESETS), work.preset, PRESETS.__getitem__, 250, _begin)
        if work.preset in _SEEDED:
            seed = standing(key("seed"), work.seed)
            st.number_input("Seed", 0, 9_999, seed, key=key("seed"), on_change=_begin, width=120)
        word = standing(key("word"), hand.word)
        st.text_input("Word", word, limits.LONGEST_HAND_WORD, key=key("word"), on_change=_resize, width=120)
        units = standing(key("units"), hand.units)
        most = limits.MOST_HAND_UNITS
        st.number_input("Hidden units", 1, most, units, key=key("units"), on_change=_resize, width=130)
        _choose("Activation φ", "activation", ACTIVATIONS, hand.activation, _NAMED.__getitem__, 140, _activate)
        st.button("Begin again", on_click=_begin, help="Go back to the numbers that were begun with.")
        st.button("Undo", on_click=act, args=(HandWork.undo,), disabled=not work.marks)
    if work.refusal:
        st.error(escaped(work.refusal))


def key(*parts: object) -> str:
    """The key of a control of the hand, such as `hand.W_xh.0.2`."""
    return _PREFIX + ".".join(str(part) for part in parts)


def act(do: Callable[[HandWork], None]) -> None:
    """Carry out a change of the hand, as the callback of a control; then let all controls show what holds.

    What is refused changes nothing, and stays in its control to be mended.
    """
    if attempt(do):
        for name in [name for name in st.session_state if str(name).startswith(_PREFIX)]:
            del st.session_state[name]


def attempt(do: Callable[[HandWork], None]) -> bool:
    """Carry out a change of the hand, if it is not refused. Controls stay: something may just be typed into one."""
    work = get_state().hand
    try:
        do(work)
    except ExperimentError as error:
        work.refusal = str(error)
        return False
    return True


def _choose(
    title: str,
    name: str,
    options: Sequence[str],
    begin: str,
    named: Callable[[str], str],
    width: int,
    changed: Callable[[], None],
) -> None:
    at = options.index(standing(key(name), begin))
    st.selectbox(title, options, at, format_func=named, key=key(name), on_change=changed, width=width)


def _begin() -> None:
    """Begin anew with the preset that is chosen."""

    def do(work: HandWork) -> None:
        work.preset, work.seed = _said("preset", work.preset), _said("seed", work.seed)
        now = work.hand
        begun = byhand.preset(work.preset, now.word, now.units, now.activation, work.seed)
        work.change(begun, fresh=True)

    act(do)


def _resize() -> None:
    """Another word or another number of units: what both have in common keeps its numbers."""

    def do(work: HandWork) -> None:
        new = byhand.resized(work.hand, _said("word", "").strip(), _said("units", 0), work.seed)
        work.change(new, fresh=new.word != work.hand.word)

    act(do)


def _activate() -> None:
    chosen = _said("activation", ACTIVATIONS[0])
    act(lambda work: work.change(dataclasses.replace(work.hand, activation=chosen)))


def _said(name: str, otherwise: Any) -> Any:
    """What a control stands at; an emptied one says nothing."""
    said = st.session_state.get(key(name))
    return otherwise if said is None else said
