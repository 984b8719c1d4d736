"""A model of one's own under the same glass."""

import streamlit as st

from pages._ui.frame.registry import Need, PageSpec
from pages._ui.inspect import bring, views
from pages._ui.inspect import input as reading_input
from pages._ui.inspect.kept import OwnModel
from pages._ui.run import words
from pages._ui.session.trouble import guarded
from pages._ui.widgets import prose


def show() -> None:
    """Draw the page."""
    st.html(prose.ASSETS / "stage" / "inspect" / "inspect.css")
    if (kept := bring.kept()) is None:
        bring.nothing_yet()
    else:
        _show(kept)
    words.lesson("inspect")


def _show(kept: OwnModel) -> None:
    """What is chosen in a row, the pictures, then all that is said about them."""
    row = st.container(horizontal=True, key="inspect-choices", gap="small")
    with row:
        bring.file(kept)
    bring.refused()
    brought = kept.brought  # looked at once: others may make it go at any moment
    if brought is None:
        st.warning("Your model had to make room for those of other visitors. Please upload it again.")
        return
    bring.notes(brought)
    with row:
        view = bring.choose(kept, brought)
    with guarded():
        if (fed := reading_input.ask(kept, brought, view.layer, row)) is not None:
            views.show(kept, view, fed)
    bring.described(kept, view)


PAGE = PageSpec("inspect", "Inspect", order=9, needs=Need.NOTHING)

if __name__ == "__main__":
    show()
