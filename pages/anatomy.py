"""One time step of one cell, taken apart: of a trained model with its real numbers, or by hand with small ones."""

import streamlit as st

from pages._ui import anatomy, byhand, words
from pages._ui.live import live
from pages._ui.trouble import guarded
from pages._ui.values import segments

st.markdown("## Anatomy")
if segments("What to take apart", byhand.MODE, [byhand.TRAINED, byhand.BY_HAND], titled=False) == byhand.BY_HAND:
    with guarded():
        byhand.show()
else:
    words.intro("anatomy")
    live(anatomy.draw)
    words.lesson("anatomy")
