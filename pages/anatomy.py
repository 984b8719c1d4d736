"""One time step of one cell, taken apart: of a trained model with its real numbers, or by hand with small ones."""

import streamlit as st

from pages._ui.anatomy import own, trained
from pages._ui.anatomy.by_hand import mode as by_hand
from pages._ui.anatomy.warm import warm
from pages._ui.frame.registry import PageSpec
from pages._ui.gates import sections
from pages._ui.gates.numbers import Looked
from pages._ui.live import stage
from pages._ui.run import own_sequence, words
from pages._ui.run.shown import Shown, draw_shown
from pages._ui.session.trouble import guarded
from pages._ui.widgets.values import segments


def show() -> None:
    """Draw the page."""
    if by_hand.chosen():
        st.markdown("## Anatomy")
    else:
        stage.board("stage", main=(trained.board(),), stage=True)
    with st.container(key="mode"):
        segments("What to take apart", own_sequence.MODE, [own_sequence.TRAINED, own_sequence.BY_HAND], titled=False)
    if by_hand.chosen():
        with guarded():
            by_hand.show()
        return
    words.intro("anatomy")
    sections.show(_looked)
    draw_shown(trained.draw)
    draw_shown(own.draw)
    words.lesson("anatomy")


def _looked(shown: Shown) -> Looked:
    """What the cell on the stage shows, whose gates can be held."""
    now = trained.looked(shown)
    other = trained.converted(shown.run.experiment.model(now.label).kind)
    return Looked(now.label, now.time, now.unit, other)


PAGE = PageSpec("anatomy", "Anatomy", order=3, reports=True, own_model=by_hand.chosen, warm=warm)

if __name__ == "__main__":
    show()
