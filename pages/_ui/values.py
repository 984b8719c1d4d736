"""The value that a widget stands at, told to the browser as the widget's default too.

Streamlit tells a browser once what session state says. A widget that the browser has to make anew, because a script run
was cut short by the next one, falls back to its default: that must be the value it stood at, not "off" or the least.
"""

from typing import Any

import streamlit as st


def standing(key: str, begin: Any) -> Any:
    """What the widget with this key stands at; `begin`, from now on, if it is new."""
    if key not in st.session_state:
        st.session_state[key] = begin
    return st.session_state[key]
