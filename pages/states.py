"""What every model remembers: its states on one sequence, at any moment of training."""

import streamlit as st

from pages._ui.frame.registry import PageSpec
from pages._ui.run import answers, detail, drawings, words
from pages._ui.run.choices import Choice, choose
from pages._ui.run.live import Shown, live
from pages._ui.run.place import columns, place


def draw(shown: Shown) -> None:
    words.ended(shown)
    choice = choose(shown.run.experiment)
    words.question(shown, choice)
    answers.in_full(shown, choice)
    for label in columns(shown, "states", choice):
        words.answer(shown, label, choice)
        place(drawings.states(shown, label, choice), f"states-{label}")
    detail.one_by_one(shown, choice)


def show() -> None:
    """Draw the page."""
    st.markdown("## States")
    words.intro("states")
    live(draw)
    words.lesson("states")


def _warm(shown: Shown) -> None:
    for label in shown.run.experiment.labels:
        drawings.states(shown, label, Choice())


PAGE = PageSpec("states", "States", order=3, warm=_warm)

if __name__ == "__main__":
    show()
