"""What an encoder–decoder is fed in training, and what comes of it."""

from collections.abc import Callable

import streamlit as st

from pages._ui.attention.pictures import keep
from pages._ui.attention.training import fed
from pages._ui.run.place import place
from pages._ui.run.shown import Shown
from pages._ui.widgets.marks import escaped
from rnnviz import charts
from rnnviz import translating_analysis as tables
from rnnviz.charts import Drawing
from rnnviz.findings import Finding
from rnnviz.findings import translation as told


def show(shown: Shown) -> None:
    """The schedule of teacher forcing, the exposure gap, errors by place and how sharp the attention is."""
    fed.show(shown)
    st.markdown("#### Running free: what it costs to read one’s own output")
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="exposure"):
        place(_exposure(shown), "exposure")
        st.caption("On held-out sequences. The gap between the lines is the exposure gap.")
        _say(told.exposure_gap(shown.run, shown.step), _little(shown))
    with right, st.container(key="positions"):
        place(_positions(shown), "positions")
        half = tables.first_half(tables.task_of(shown.run))
        st.caption(
            "On held-out sequences, at the step shown, place by place; the end ■ counts as a symbol. "
            f"The second half begins at place {half + 1}."
        )
        _say(told.piling_up(shown.run, shown.step) or told.even(shown.run, shown.step), _unlearned(shown))
    if tables.attending(shown.run):
        _sharpness(shown)


def _sharpness(shown: Shown) -> None:
    st.markdown("#### How sharply attention looks")
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="entropy"):
        place(_sharp(shown, tables.ENTROPY), "entropy")
        st.caption("0 bits: all weight on one symbol. Mean over all held-out output steps.")
    with right, st.container(key="peak"):
        place(_sharp(shown, tables.PEAK), "peak")
        st.caption("1: all weight on one symbol. Mean over all held-out output steps.")
    little = "So far attention is about as sharp as before training."
    _say(
        told.sharpened(shown.run, shown.step), little if shown.step else "Untrained, attention looks nearly everywhere."
    )


def _say(finding: Finding | None, otherwise: str) -> None:
    st.markdown(escaped(otherwise if finding is None else finding.text))


def _little(shown: Shown) -> str:
    if shown.step == 0:
        return "Untrained, both are guessing."
    return "The models have learned little so far, so there is little to lose by running free."


def _unlearned(shown: Shown) -> str:
    if shown.step == 0:
        return "Untrained, all places are written by chance."
    return "The models have learned little so far, so there is nothing to compare."


def _exposure(shown: Shown) -> Drawing:
    run = shown.run
    labels, steps = run.experiment.labels, run.experiment.training.steps
    return _curve(shown, "exposure", lambda: charts.exposure(tables.exposure(run), labels, steps, _mark(shown)))


def _positions(shown: Shown) -> Drawing:
    run = shown.run
    places = tables.task_of(run).output_steps
    return _curve(
        shown, "positions", lambda: charts.positions(tables.positions(run, shown.step), run.experiment.labels, places)
    )


def _sharp(shown: Shown, kind: str) -> Drawing:
    run, task = shown.run, tables.task_of(shown.run)
    labels, steps = tables.attending(run), run.experiment.training.steps
    even = tables.uniform_entropy(task) if kind == tables.ENTROPY else tables.uniform_peak(task)
    return _curve(
        shown,
        kind,
        lambda: charts.sharpness(tables.sharpness(run, kind), labels, steps, kind, _mark(shown), even),
    )


def _mark(shown: Shown) -> int:
    """The step to mark in a curve: none at its end."""
    return -1 if shown.step == shown.run.frames[-1].step else shown.step


def _curve(shown: Shown, view: str, draw: Callable[[], Drawing]) -> Drawing:
    return keep((shown.run.experiment.key, shown.shipped, view, shown.step, shown.run.frames[-1].step), draw)
