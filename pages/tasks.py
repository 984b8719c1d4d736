"""All tasks at a glance: what each asks, and what was measured on it."""

import streamlit as st

from pages._ui.frame.registry import Need, PageSpec
from pages._ui.run import words
from pages._ui.session.trouble import guarded
from pages._ui.tasks import sections


def show() -> None:
    """Draw the page."""
    st.markdown("### What recurrent networks are used for, and how well each does it here")
    words.intro("tasks")
    with guarded():
        sections.show()
    words.lesson("tasks")


PAGE = PageSpec("tasks", "Tasks", order=10, needs=Need.NOTHING)

if __name__ == "__main__":
    show()
