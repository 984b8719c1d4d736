"""The gradient laboratory: how far back the gradient reaches, and what decides that."""

import streamlit as st

from pages._ui.frame.registry import PageSpec
from pages._ui.gradients import breaking, sections
from pages._ui.gradients.warm import warm
from pages._ui.run import drawings, verdicts, words
from pages._ui.run.choices import chosen
from pages._ui.run.shown import Shown
from pages._ui.run.place import place
from pages._ui.widgets.keys import Key


def draw(shown: Shown) -> bool:
    verdicts.show(shown, "gradients")
    breaking.before_training(shown)
    choice = chosen(shown.run.experiment)
    left, right = st.columns(2, gap="medium")
    with left, st.container(key=Key.GRADIENTS):
        place(drawings.both_gradient_norms(shown, choice), "gradient_norm")
        words.this_moment(shown)
    with right, st.container(key="gradient-history"):
        place(drawings.gradient_history(shown, choice), "gradient_history")
        words.all_moments()
    words.both_halves(shown)
    sections.ask(shown.run.experiment)
    return not shown.moving and draw_seldom(shown)


def draw_seldom(shown: Shown) -> bool:
    return sections.show(shown, chosen(shown.run.experiment))


def show() -> None:
    """Draw the page."""
    st.markdown("## Gradients")
    words.intro("gradients")
    breaking.show()
    live(draw)
    beside(draw_seldom)
    words.lesson("gradients")


PAGE = PageSpec("gradients", "Gradients", order=5, warm=warm)

if __name__ == "__main__":
    show()
