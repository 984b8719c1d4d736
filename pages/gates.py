"""What the gates do: when they open, when they shut, and on what."""

import streamlit as st

from pages._ui.frame.registry import PageSpec
from pages._ui.run import detail, drawings, words
from pages._ui.run.choices import Choice, choose
from pages._ui.run.live import Shown, live
from pages._ui.run.place import columns, place


def draw(shown: Shown) -> None:
    words.ended(shown)
    choice = choose(shown.run.experiment)
    words.question(shown, choice)
    for label in columns(shown, "gates", choice):
        words.answer(shown, label, choice)
        if words.has_gates(shown, label):
            place(drawings.gate_means(shown, label, choice), f"means-{label}")
            place(drawings.gates(shown, label, choice), f"gates-{label}")
        else:
            words.no_gates(shown, label)
    detail.one_by_one(shown, choice, only_gates=True)


def show() -> None:
    """Draw the page."""
    st.markdown("## Gates")
    words.intro("gates")
    live(draw)
    words.lesson("gates")


def _warm(shown: Shown) -> None:
    for label in filter(lambda label: words.has_gates(shown, label), shown.run.experiment.labels):
        drawings.gates(shown, label, Choice())
        drawings.gate_means(shown, label, Choice())


PAGE = PageSpec("gates", "Gates", order=4, warm=_warm)

if __name__ == "__main__":
    show()
