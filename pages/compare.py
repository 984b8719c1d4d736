"""All models side by side: how they learn, what they hold, how far back their gradients reach."""

import streamlit as st

from pages._ui.frame.registry import PageSpec
from pages._ui.run import answers, drawings, task_card, verdicts, words
from pages._ui.run.choices import Choice, choose
from pages._ui.run.live import Shown, live
from pages._ui.run.place import columns, place
from pages._ui.widgets.keys import Key


def draw(shown: Shown) -> None:
    left, right = st.columns(2, gap="medium")
    with left, st.container(key=Key.LOSS):
        place(drawings.loss(shown), "loss")
        words.training_loss()
    with right, st.container(key="score"):
        place(drawings.score(shown), "score")
        words.held_out(shown)
    verdicts.show(shown, "compare")
    choice = choose(shown.run.experiment)
    words.question(shown, choice)
    answers.drawn(shown, choice)
    for label in columns(shown, "states", choice):
        words.answer(shown, label, choice)
        place(drawings.states(shown, label, choice), f"states-{label}")
        if words.has_gates(shown, label):
            place(drawings.gate_means(shown, label, choice), f"means-{label}")
        else:
            words.no_gates(shown, label)
    left, right = st.columns(2, gap="medium")
    with left, st.container(key=Key.GRADIENTS):
        place(drawings.gradient_norm(shown, choice), "gradient_norm")
        words.this_moment(shown)
    with right, st.container(key="gradient-history"):
        place(drawings.gradient_history(shown, choice), "gradient_history")
        words.all_moments()
    words.both_halves(shown)


def show() -> None:
    """Draw the page."""
    task_card.show()
    live(draw, with_example=False)  # it stands in the card
    words.lesson("compare")


def _warm(shown: Shown) -> None:
    choice = Choice()
    drawings.loss(shown)
    drawings.score(shown)
    drawings.gradient_norm(shown, choice)
    drawings.gradient_history(shown, choice)
    for label in shown.run.experiment.labels:
        drawings.states(shown, label, choice)
        if words.has_gates(shown, label):
            drawings.gate_means(shown, label, choice)


PAGE = PageSpec("/", "Compare", order=1, warm=_warm)

if __name__ == "__main__":
    show()
