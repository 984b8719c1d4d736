"""What surrounds every page: its menu, the experiment in the sidebar, and what is to be said about the address."""

from collections.abc import Mapping

import streamlit as st

from pages._ui.frame import bar, branching, keep, registry
from pages._ui.live import stage
from pages._ui.session import link, page_links, streamlit_internals, visits
from pages._ui.session.state import AppState, get_state
from pages._ui.session.trouble import guarded, wrong_values
from pages._ui.sidebar import controls, own_text
from pages._ui.widgets import prose
from pages._ui.widgets.keys import Key
from pages._ui.widgets.marks import escaped


def show(page: st.Page, pages: Mapping[str, st.Page]) -> None:
    """Draw the whole of one visit to `page`, one of `pages`: name of the file → page."""
    spec = next(registry.pages()[name] for name, one in pages.items() if one is page)
    state = get_state()
    streamlit_internals.refuse_wrong_values(stage.sends)
    prose.style()
    menu = st.container(horizontal=True, key="menu", gap="small")
    with guarded():
        link.read(state)
        if spec.shows_run:
            _run(state, spec)
        else:
            st.html(prose.ASSETS / "alone.css")
            link.rest()
            link.write(state)
    with menu:
        for name in pages:
            page_links.show(name, state.training, registry.pages()[name].title)
    notice = _notice(state)
    with guarded():
        page.run()
    with notice:
        wrong_values()


def _run(state: AppState, spec: registry.PageSpec) -> None:
    """The experiment in the sidebar and the bar of its run."""
    with st.sidebar:
        st.markdown("## rnnviz")
        controls.show(state)
        link.write(state)
    with guarded():
        bar.show(state, spec)
        branching.show(state)
    with st.sidebar:
        _kept(state)
        keep.show(state)


def _kept(state: AppState) -> None:
    """The way back to a run of other settings that the visitor has begun."""
    if (job := visits.kept(state) or branching.left(state)) is None:
        return
    with st.container(key="kept"):
        doing = f"is {job.status}" if job.over else f"is still {job.status}"
        if job.start is None:
            st.caption(f"Your run of *{escaped(job.experiment.task.title)}* with other settings {doing}.")
        else:
            st.caption(f"Your branch from training step {job.start.step:,} {doing}.")
        st.button("Back to that run", on_click=link.turn, args=(job.experiment, job.start))


def _notice(state: AppState) -> "st.delta_generator.DeltaGenerator":
    notice = st.container(key=Key.NOTICE)
    with notice:
        if state.notice:
            st.warning(escaped(state.notice))
        if state.wanted:
            own_text.ask_wanted(state)
    return notice
