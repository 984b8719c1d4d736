"""Encoder–decoder models at work: what they write, where they look, and what happens if they may not."""

import streamlit as st

from pages._ui.attention import views
from pages._ui.attention.warm import warm
from pages._ui.frame.registry import Need, PageSpec
from pages._ui.live import stage
from pages._ui.run import words
from pages._ui.run.shown import draw_shown
from pages._ui.widgets.keys import Key


def show() -> None:
    """Draw the page."""
    if views.applies():
        with st.container(key=Key.ATTENTION):
            stage.board("stage", main=("pictures",), stage=True)
        words.intro("attention")
        draw_shown(views.draw)
    else:
        words.intro("attention")
        views.elsewhere()
    words.lesson("attention")


PAGE = PageSpec("attention", "Attention", order=7, reports=True, needs=Need.DECODER, warm=warm)

if __name__ == "__main__":
    show()
