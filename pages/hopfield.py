"""The network of 1982 that remembers patterns, and its modern form, whose update is attention."""

import streamlit as st

from pages._ui.frame.registry import Need, PageSpec
from pages._ui.hopfield import address, controls, sections, told
from pages._ui.hopfield.work import HopfieldWork
from pages._ui.live import stage
from pages._ui.run import words
from pages._ui.session.state import get_state
from pages._ui.session.trouble import guarded
from pages._ui.widgets.marks import escaped


def show() -> None:
    """Draw the page."""
    work = get_state().own(HopfieldWork)
    address.follow(work, controls.turned_to(work))
    controls.show(work)
    for why in filter(None, (work.notice, work.refusal)):
        st.warning(escaped(why))
    stage.alone("memory", told.memory(work), controls.hear)
    address.write(work)
    with guarded():
        sections.show(work)
    words.lesson("hopfield")


PAGE = PageSpec("hopfield", "Hopfield", order=8, needs=Need.NOTHING)

if __name__ == "__main__":
    show()
