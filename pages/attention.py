"""Encoder–decoder models at work: what they write, where they look, and what happens if they may not."""

import streamlit as st

from pages._ui import attention, words
from pages._ui.live import live

st.markdown("## Attention")
words.intro("attention")
if attention.applies():
    live(attention.draw, every=0.12)
else:
    attention.elsewhere()
words.lesson("attention")
