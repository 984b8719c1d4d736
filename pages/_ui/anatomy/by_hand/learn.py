"""By hand: one step downhill, again and again if one likes, and what became of the loss."""

import functools
import itertools

import streamlit as st

from pages._ui.anatomy.by_hand.back import name_of
from pages._ui.anatomy.by_hand.controls import act
from pages._ui.anatomy.by_hand.work import HandWork
from pages._ui.run.place import place
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.tables import lines
from pages._ui.widgets.values import standing
from rnnviz import byhand, charts
from rnnviz.byhand import ForwardPass, Hand
from rnnviz.core.errors import ExperimentError
from rnnviz.core.sums import bracketed, short, six

_MANY = 10
_TOO_LARGE = " The loss rises: the training step is too large for this slope."


def show(work: HandWork, read: ForwardPass) -> None:
    """What a step would change, the button that takes it, and the losses so far."""
    left, right = st.columns(2, gap="medium")
    with left:
        _step(work, read)
    with right, st.container(key="hand-losses"):
        if len(work.losses) > 1:
            place(charts.hand_losses(work.losses), "hand-losses")


def _step(work: HandWork, read: ForwardPass) -> None:
    _ask_rate(work)
    try:
        after = byhand.downhill(work.hand, work.rate)
    except ExperimentError as error:
        st.error(escaped(f"This training step would be too large. {error}"))
        return
    new = byhand.forward(after)
    with st.container(key="hand-step"):
        st.markdown(
            "Every weight minus η times its gradient: the loss of the word goes from "
            f"**{six(read.loss)}** to **{six(new.loss)}**." + _TOO_LARGE * (new.loss > read.loss)
        )
        st.caption(_after_many(work, read.loss))
        lines([(f"for example {name_of(work.hand, work.weight)}", [_example(work, after)])], "hand-example")
    with st.container(horizontal=True):
        st.button("Apply this training step", type="primary", on_click=act, args=(functools.partial(_learn, steps=1),))
        st.button(f"Apply {_MANY} training steps", on_click=act, args=(functools.partial(_learn, steps=_MANY),))


def _ask_rate(work: HandWork) -> None:
    now = float(standing("hand.rate", work.rate))
    said = st.number_input("Learning rate η", 0.0, 10.0, now, step=0.1, format="%g", key="hand.rate", width=160)
    work.rate = work.rate if said is None else said


def _example(work: HandWork, after: Hand) -> str:
    """What the step does to the chosen weight."""
    old, new = (hand.at(work.weight) for hand in (work.hand, after))
    slope = byhand.gradient(work.hand)[work.weight.part][work.hand.index(work.weight)]
    return f"{six(old)} − {short(work.rate)}·{bracketed(six(slope))} = {six(new)}"


def _after_many(work: HandWork, loss: float) -> str:
    """What becomes of the loss in several steps."""
    try:
        losses = [loss, *(byhand.forward(hand).loss for hand in _steps(work, _MANY))]
    except ExperimentError:
        return f"{_MANY} such training steps would make a number too large."
    rises = sum(after > before for before, after in itertools.pairwise(losses))
    said = f" It rises in {rises} of them: there it is too large for the slope." if rises else ""
    return f"After {_MANY} such training steps it is {six(losses[-1])}.{said}"


def _learn(work: HandWork, steps: int) -> None:
    work.change(*_steps(work, steps))


def _steps(work: HandWork, steps: int) -> list[Hand]:
    """The hands after one step, two steps, and so on."""
    hands = [work.hand]
    for _ in range(steps):
        hands.append(byhand.downhill(hands[-1], work.rate))
    return hands[1:]
