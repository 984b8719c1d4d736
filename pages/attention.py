"""Encoder–decoder models at work: what they write, where they look, and what happens if they may not."""

import streamlit as st

from pages._ui.attention import views
from pages._ui.run import words
from pages._ui.run.live import live

st.markdown("## Attention")
words.intro("attention")
if views.applies():
    live(views.draw, every=0.12)
else:
    views.elsewhere()
words.lesson("attention")
