"""Every visit begins here: which pages there are, the experiment in the sidebar, then the page itself."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
if str(ROOT) not in sys.path:  # for `streamlit run pages/navigation.py`
    sys.path.insert(0, str(ROOT))

import streamlit as st

from pages._ui.frame import registry, shell


def _page(name: str, spec: registry.PageSpec) -> st.Page:
    if spec.path == registry.FIRST:
        return st.Page(f"{name}.py", title=spec.title, default=True)
    return st.Page(f"{name}.py", title=spec.title, url_path=spec.path)


st.set_page_config(page_title="rnnviz", page_icon=str(ROOT / "assets" / "images" / "icon.png"), layout="wide")
PAGES = {name: _page(name, spec) for name, spec in registry.pages().items()}
page = st.navigation(list(PAGES.values()), position="hidden")
shell.show(page, PAGES)
