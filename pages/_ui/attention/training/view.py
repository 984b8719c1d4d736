"""What an encoder–decoder is fed in training, and what comes of it."""

import streamlit as st

from pages._ui.attention.training import fed
from pages._ui.live import stage
from pages._ui.run.shown import Shown
from pages._ui.widgets.marks import escaped
from rnnviz.analysis import translating as tables
from rnnviz.findings import Finding
from rnnviz.findings import translation as told

OF_ALL, OF_ATTENTION = ("score", "exposure", "positions"), ("entropy", "peak")


def show(shown: Shown) -> None:
    """The schedule of teacher forcing, the exposure gap, errors by place and how sharp the attention is."""
    attends = bool(tables.attending(shown.run))
    stage.board("attention-training", main=OF_ALL + OF_ATTENTION * attends)
    half = tables.first_half(tables.task_of(shown.run))
    st.caption(
        "All on held-out sequences; the end ■ counts as a symbol. What lies between a thick and a thin line is the "
        f"exposure gap. The second half of an output begins at place {half + 1}. "
        + "Entropy 0 bits, largest weight 1: all weight on one symbol."
        * attends
    )
    st.markdown("  \n".join(f"- {escaped(line)}" for line in _said(shown, attends)))
    fed.show(shown)


def _said(shown: Shown, attends: bool) -> list[str]:
    """A sentence on each chart, at the step shown."""
    if shown.step == 0:
        return ["Untrained, all models are guessing" + (", and attention looks nearly everywhere." if attends else ".")]
    at = shown.at
    gap = _or(told.exposure_gap(at), "The models have learned too little to lose anything by running free.")
    places = _or(told.piling_up(at) or told.even(at), "")
    sharp = _or(told.sharpened(at), "So far attention is about as sharp as before training.")
    return [line for line in (gap, places, sharp * attends) if line]


def _or(finding: Finding | None, otherwise: str) -> str:
    return otherwise if finding is None else finding.text
