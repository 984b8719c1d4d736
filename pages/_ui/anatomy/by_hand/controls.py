"""By hand: what to begin with, which word, how many units."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages._ui.anatomy.by_hand.work import HandWork
from pages._ui.session.state import get_state
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import standing, stored
from rnnviz import byhand
from rnnviz.byhand import ACTIVATIONS, PRESETS
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError

_SEEDED = ("random", "identity")
_NAMED = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ (sigmoid)"}


def show(work: HandWork) -> None:
    """The controls, and why the last change was refused, if it was."""
    hand = work.hand
    with st.container(horizontal=True, vertical_alignment="bottom", key="hand-begin"):
        _choose("Begin with", _key(work, "preset"), tuple(PRESETS), work.preset, PRESETS.__getitem__, 250, _begin)
        if work.preset in _SEEDED:
            seed = standing(_key(work, "seed"), work.seed)
            st.number_input("Seed", 0, 9_999, seed, key=_key(work, "seed"), on_change=_begin, width=120)
        word, named = standing(_key(work, "word"), hand.word), _key(work, "word")
        st.text_input("Word", word, key=named, on_change=_resize, width=120)
        units, named = standing(_key(work, "units"), hand.units), _key(work, "units")
        st.number_input("Hidden units", 1, limits.MOST_HAND_UNITS, units, key=named, on_change=_resize, width=130)
        named = _key(work, "activation")
        _choose("Activation φ", named, ACTIVATIONS, hand.activation, _NAMED.__getitem__, 140, _activate)
        st.button("Begin again", on_click=_again, help="Go back to the numbers that were begun with.")
        st.button("Undo", on_click=act, args=(HandWork.undo,), disabled=not work.marks)
    if work.refusal:
        st.error(f"{refusal(work)} What was before it still holds.")


def refusal(work: HandWork) -> str:
    """Why the last change was refused, as Markdown."""
    return escaped(work.refusal[0].upper() + work.refusal[1:])


def _choose(
    title: str,
    key: str,
    options: Sequence[str],
    begin: str,
    named: Callable[[str], str],
    width: int,
    changed: Callable[[], None],
) -> None:
    at = options.index(standing(key, begin))
    st.selectbox(title, options, at, format_func=named, key=key, on_change=changed, width=width)


def act(do: Callable[[HandWork], None]) -> None:
    """Carry out a change of the hand, as the callback of a control; then let all controls show what holds.

    What is refused changes nothing, and stays in its control to be mended.
    """
    work = get_state().own(HandWork)
    if not attempt(do):
        return
    work.editions["numbers"] += 1
    holds = {"preset": work.preset, "seed": work.seed, "word": work.hand.word, "units": work.hand.units}
    holds["activation"] = work.hand.activation
    if any(_said(work, name, value) != value for name, value in holds.items()):
        work.editions["controls"] += 1


def attempt(do: Callable[[HandWork], None]) -> bool:
    """Carry out a change of the hand, if it is not refused. Fields stay: something may just be typed into one."""
    work = get_state().own(HandWork)
    try:
        do(work)
    except ExperimentError as error:
        work.refusal = str(error)
        return False
    return True


def _begin() -> None:
    """Begin anew with the preset that is chosen."""
    work = get_state().own(HandWork)
    preset, seed = _said(work, "preset", work.preset), _said(work, "seed", work.seed)
    if (preset, seed) != (work.preset, work.seed):
        act(lambda work: work.begin(preset, seed))


def _again() -> None:
    act(lambda work: work.begin(work.preset, work.seed))


def _resize() -> None:
    """Another word or another number of units: what both have in common keeps its numbers."""
    work = get_state().own(HandWork)
    work.refusal = ""
    word, units = _said(work, "word", work.hand.word).strip(), _said(work, "units", work.hand.units)
    if (word, units) != (work.hand.word, work.hand.units):
        act(lambda work: work.change(byhand.resized(work.hand, word, units, work.seed)))


def _activate() -> None:
    work = get_state().own(HandWork)
    activation = _said(work, "activation", work.hand.activation)
    if activation != work.hand.activation:
        act(lambda work: work.change(dataclasses.replace(work.hand, activation=activation)))


def _key(work: HandWork, name: str) -> str:
    return f"hand.{work.editions['controls']}.{name}"


def _said(work: HandWork, name: str, otherwise: Any) -> Any:
    """What a control stands at; one that is emptied, or not there, says nothing."""
    said = stored(_key(work, name))
    return otherwise if said is None else said
