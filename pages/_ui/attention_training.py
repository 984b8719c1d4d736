"""What an encoder–decoder is fed in training, and what comes of it."""

import streamlit as st

from pages._ui.live import Shown


def show(shown: Shown) -> None:
    """The schedule of teacher forcing, the exposure gap, errors by place and how sharp the attention is."""
    st.caption("Over training.")
