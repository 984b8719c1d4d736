"""A model of one's own under the same glass."""

import streamlit as st

from pages._ui.frame.registry import Need, PageSpec
from pages._ui.inspect import bring, views
from pages._ui.inspect import input as reading_input
from pages._ui.inspect.kept import Shelf
from pages._ui.run import words
from pages._ui.session.state import get_state
from pages._ui.session.trouble import guarded
from pages._ui.widgets.marks import escaped


def show() -> None:
    """Draw the page."""
    st.markdown("## Inspect")
    words.intro("inspect")
    view = bring.show()
    kept = get_state().own(Shelf).kept
    if view is not None and kept is not None:
        with guarded():
            reading = reading_input.ask(kept, view.brought, view.layer)
            if reading is not None:
                if reading.note:
                    st.caption(escaped(reading.note))
                views.show(kept, view, reading)
    words.lesson("inspect")


PAGE = PageSpec("inspect", "Inspect", order=7, needs=Need.NOTHING)

if __name__ == "__main__":
    show()
