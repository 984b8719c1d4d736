"""How many inputs of which length are answered right."""

import streamlit as st

from pages._ui.live import Shown


def show(shown: Shown) -> None:
    """Exact match against the length of the input, and the experiment that shows it best."""
    st.caption("By length.")
