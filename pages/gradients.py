"""How far back the gradient reaches, and what W_hh does to it."""

import streamlit as st

from pages._ui import drawings, words
from pages._ui.choices import choose
from pages._ui.keys import Key
from pages._ui.live import Shown, live
from pages._ui.place import columns, place


def draw(shown: Shown) -> None:
    words.findings_of(shown)
    choice = choose(shown.run.experiment, probes=False)
    left, right = st.columns(2, gap="medium")
    with left, st.container(key=Key.GRADIENTS):
        place(drawings.gradient_norm(shown, choice), "gradient_norm")
        words.this_moment(shown)
    with right, st.container(key="gradient-history"):
        place(drawings.gradient_history(shown, choice), "gradient_history")
        words.all_moments()
    st.markdown("### Size of a whole step, before clipping")
    words.clipping(shown)
    with st.container(key="grad-norm"):
        place(drawings.grad_norm(shown), "grad_norm")
    st.markdown("### What one step does to a state: singular values of W_hh")
    words.singular_values()
    for label in columns(shown, "singular", choice):
        place(drawings.singular_values(shown, label, choice), f"singular-{label}")


st.markdown("## Gradients")
words.intro("gradients")
live(draw)
words.lesson("gradients")
