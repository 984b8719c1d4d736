"""Every visit begins here: which pages there are, the experiment in the sidebar, then the page itself."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
if str(ROOT) not in sys.path:  # for `streamlit run pages/navigation.py`
    sys.path.insert(0, str(ROOT))

import streamlit as st

from pages._ui.frame import shell

PAGES = [
    st.Page("compare.py", title="Compare", default=True),
    st.Page("anatomy.py", title="Anatomy"),
    st.Page("states.py", title="States"),
    st.Page("gates.py", title="Gates"),
    st.Page("gradients.py", title="Gradients"),
    st.Page("attention.py", title="Attention"),
    st.Page("inspect.py", title="Inspect"),
]

st.set_page_config(page_title="rnnviz", page_icon=str(ROOT / "assets" / "images" / "icon.png"), layout="wide")
page = st.navigation(PAGES, position="hidden")
shell.show(page, PAGES)
