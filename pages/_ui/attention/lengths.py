"""How many inputs of which length are answered right."""

import streamlit as st

from pages._ui.attention.training import turn as turning
from pages._ui.live import stage
from pages._ui.run.shown import Shown
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, take
from rnnviz.analysis import translating as tables
from rnnviz.cells import CELLS
from rnnviz.core.names import listed
from rnnviz.findings import translation as told
from rnnviz.specs.length_experiment import COMPARED, LENGTH, SECONDS, STEPS, length_experiment

RUN = "Run the length experiment"
_WISH = "attention.lengths.wish"


def show(shown: Shown) -> None:
    """Exact match against the length of the input, and the experiment that shows it best."""
    if take(_WISH, False):
        turning.train(length_experiment())
        st.rerun()
    stage.board("attention-lengths", main=("by_length",))
    _counted(shown)
    _say(shown)
    _offer(shown)


def _counted(shown: Shown) -> None:
    """How many inputs a point stands for."""
    label = next(iter(shown.at.measured))
    counts = [group.count for group in tables.groups(shown.at, label)]
    each = f"{min(counts)}" if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"
    st.caption(
        f"Each point: {each} test inputs of about this length, never trained on, measured after {shown.step:,} "
        "training steps."
    )


def _say(shown: Shown) -> None:
    found = [told.long_inputs(shown.at), told.longer_inputs(shown.at)]
    said = [finding.text for finding in found if finding is not None]
    if said:
        st.markdown("  \n".join(escaped(text) for text in said))
    elif shown.step == 0 or not told.pairs(shown.at):
        st.markdown(escaped(_nothing(shown)))
    else:
        st.markdown("So far hardly any long input is written right.")


def _nothing(shown: Shown) -> str:
    if shown.step == 0:
        return "Untrained, the models write no input right but by chance."
    return "To compare, train a model with attention beside the same without: the length experiment does."


def _offer(shown: Shown) -> None:
    """What the experiment will do, and the button that does it."""
    if shown.run.experiment == length_experiment():
        st.caption(
            f"This is the length experiment: strings of up to {LENGTH} letters are trained on, those of up to "
            f"{2 * LENGTH} tested."
        )
        return
    cells = listed([CELLS[name].title for name in COMPARED])
    st.markdown("#### The length experiment")
    st.markdown(
        f"Six models learn to write letters backwards: {cells}, each **with attention and without**. They "
        f"train on 2 to {LENGTH} letters and are tested on up to {2 * LENGTH}. Without attention all "
        ""
        f"letters have to fit into one state. With it the decoder can look at each. {STEPS} training steps took "
        f"{SECONDS} "
        "seconds where they were measured, on one core; a busy server takes longer."
    )
    st.button(RUN, key="attention.lengths.run", on_click=_wish)


def _wish() -> None:
    put(_WISH, True)
