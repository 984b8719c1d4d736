"""Ways to an output: the likeliest symbol at every step, a drawn one, or the likeliest whole."""

import streamlit as st

from pages._ui.attention_input import Input
from pages._ui.live import Shown


def show(shown: Shown, given: Input) -> None:
    """Greedy, sampled and searched outputs of one model to one input."""
    st.caption("Ways to an output.")
