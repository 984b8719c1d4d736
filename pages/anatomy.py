"""One time step of one cell, taken apart: of a trained model with its real numbers, or by hand with small ones."""

import streamlit as st

from pages._ui.anatomy import own, trained
from pages._ui.anatomy.by_hand import mode as by_hand
from pages._ui.anatomy.warm import warm
from pages._ui.frame.registry import PageSpec
from pages._ui.live import stage
from pages._ui.run import words
from pages._ui.run.shown import draw_shown
from pages._ui.session.trouble import guarded
from pages._ui.widgets.values import segments


def show() -> None:
    """Draw the page."""
    if by_hand.chosen():
        st.markdown("## Anatomy")
    else:
        stage.board("stage", main=(trained.board(),), stage=True)
    with st.container(key="mode"):
        segments("What to take apart", by_hand.MODE, [by_hand.TRAINED, by_hand.BY_HAND], titled=False)
    if by_hand.chosen():
        with guarded():
            by_hand.show()
        return
    words.intro("anatomy")
    draw_shown(trained.draw)
    draw_shown(own.draw)
    words.lesson("anatomy")


PAGE = PageSpec("anatomy", "Anatomy", order=3, reports=True, own_model=by_hand.chosen, warm=warm)

if __name__ == "__main__":
    show()
