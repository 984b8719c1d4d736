"""What surrounds every page: its menu, the experiment in the sidebar, and what is to be said about the address."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages._ui.anatomy.by_hand import mode as by_hand
from pages._ui.frame import deck, keep
from pages._ui.session import link
from pages._ui.session.state import AppState, get_state
from pages._ui.session.trouble import guarded
from pages._ui.sidebar import controls, own_text
from pages._ui.widgets.keys import Key
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.prose import style
from rnnviz.query import to_params

ANATOMY, INSPECT = "anatomy", "inspect"  # pages that can show a model of the visitor's own, not the run


def show(page: Any, pages: Sequence[Any]) -> None:
    """Draw the whole of one visit to `page`."""
    state = get_state()
    style()
    menu = st.container(horizontal=True, key="menu", gap="small")
    top = st.container(key="head")
    with guarded():
        link.read(state)
        with st.sidebar:
            st.markdown("## rnnviz")
            controls.show(state)
            with top, guarded():
                deck.carry_out(state)
            link.write(state)
            keep.show(state)
        with top:
            deck.show(state, own_model=page.url_path == INSPECT or (page.url_path == ANATOMY and by_hand.chosen()))
    with menu:
        for other in pages:  # with the experiment in each link, so that one press of Back is one step back
            st.page_link(other, query_params=to_params(state.experiment))
    _notice(state)
    with guarded():
        page.run()


def _notice(state: AppState) -> None:
    with st.container(key=Key.NOTICE):
        if state.notice:
            st.warning(escaped(state.notice))
        if state.wanted:
            own_text.ask_wanted(state)
