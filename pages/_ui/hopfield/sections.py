"""Below the stage: the modern form, where random starts end, how much the network holds."""

import functools

import numpy as np
import streamlit as st

from pages._ui.hopfield import told
from pages._ui.hopfield.work import Choice, HopfieldWork
from pages._ui.live import stage
from pages._ui.run import words
from pages._ui.run.place import place
from pages._ui.session.state import get_state
from pages._ui.widgets import tables
from pages._ui.widgets.values import segments, standing
from rnnviz import charts, hopfield
from rnnviz.core.names import number
from rnnviz.hopfield import Capacity, ModernRecall
from rnnviz.hopfield.capacity import DRAWS, SHARE

_BETAS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_BETA = 0.05
_UNITS = (50, 100, 200)
_USUAL = 100
_CRITERIA = {False: "at most 5 % of the units wrong", True: "no unit wrong"}


def show(work: HopfieldWork) -> None:
    """All of it."""
    words.intro("hopfield")
    st.markdown("### The modern form: its update is attention")
    if not len(work.choice.patterns):
        st.info("Without a stored pattern there is nothing to attend to.")
    else:
        _modern(work.choice)
        st.markdown("### Where random starts end")
        st.markdown(f"{told.counts(work.choice)} States that nobody stored are paler.")
        stage.alone("ends", told.ends(work.choice))
    st.markdown("### How much it holds")
    _capacity(work)


def _modern(choice: Choice) -> None:
    key = "hopfield.beta"
    beta = st.select_slider(
        "β, the inverse temperature", _BETAS, standing(key, _BETA), key=key, width=420, on_change=_touch
    )
    found = choice.modern(beta)
    stage.alone("modern", told.modern(choice, found))
    _in_numbers(choice, found, beta)


def _in_numbers(choice: Choice, found: ModernRecall, beta: float) -> None:
    """The update as attention, both computed, and how far apart they are."""
    context = hopfield.attention(choice.start, choice.patterns, choice.patterns, beta)
    apart = float(np.abs(context - found.states[1]).max())
    left, right = st.columns((3, 2), gap="medium")
    left.markdown(
        "**The same as attention**: the query q is the start ξ, keys and values are the stored patterns x. The new "
        r"state is computed once as the update $X\,\mathrm{softmax}(\beta X^\top \xi)$. Once it is computed term by "
        r"term, as $\mathrm{softmax}(\beta\, q K^\top) V$. "
        f"Its {hopfield.UNITS} numbers differ by **{apart:.1e}** at most: rounding."
    )
    rows = [
        (f"x<sub>{at + 1}</sub>", [number(score, 0), number(beta * score), f"{weight:.4f}"])
        for at, (score, weight) in enumerate(zip(found.scores, found.weights, strict=True))
    ]
    head = ["pattern", "score q·x", "β q·x", "weight α"]
    with right:
        tables.table(head, rows, "hopfield-attention", about="Attention in numbers")


def _capacity(work: HopfieldWork) -> None:
    st.markdown(
        f"Random patterns, {DRAWS} networks at each load. Each recall starts from a stored pattern with "
        f"{100 * SHARE:.0f} % of its units turned over. The theory for endlessly many units: recall breaks down at "
        f"{hopfield.CRITICAL_LOAD} patterns per unit (Amit, Gutfreund & Sompolinsky 1985, 1987)."
    )
    standing("hopfield.units", _USUAL)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        units = segments("Units N", "hopfield.units", _UNITS, str)
        run = st.button("Run the experiment", type="primary", on_click=_touch)
        exact = segments("Recalled means", "hopfield.exact", tuple(_CRITERIA), _CRITERIA.__getitem__)
    if run:
        with st.spinner(f"Storing and recalling in {12 * DRAWS} networks of {units} units …", show_time=True):
            work.measured = {**work.measured, (units, work.choice.seed): _measured(units, work.choice.seed)}
    found = [one for (_, seed), one in sorted(work.measured.items()) if seed == work.choice.seed]
    if not found:
        st.info("Nothing is measured yet with this seed: choose N and press “Run the experiment”.")
        return
    with st.container(key="hopfield-capacity"):
        place(charts.recall_rates(found, exact), "hopfield-capacity")
    st.caption(f"Vertical lines: plus and minus one standard error of a share of {DRAWS} draws.")


def _touch() -> None:
    """What is chosen below is newer than an address that the browser has not heard of yet."""
    get_state().own(HopfieldWork).touched = True


@functools.lru_cache(64)
def _measured(units: int, seed: int) -> Capacity:
    return hopfield.capacity(units, seed=seed)
