"""A model of one's own under the same glass."""

import streamlit as st

from pages._ui import inspect_bring, inspect_input, inspect_views, words
from pages._ui.marks import escaped
from pages._ui.state import get_state
from pages._ui.trouble import guarded

st.markdown("## Inspect")
words.intro("inspect")
view = inspect_bring.show()
kept = get_state().kept
if view is not None and kept is not None:
    with guarded():
        reading = inspect_input.ask(kept, view.brought, view.layer)
        if reading is not None:
            if reading.note:
                st.caption(escaped(reading.note))
            inspect_views.show(kept, view, reading)
words.lesson("inspect")
