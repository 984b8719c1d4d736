"""The page that `heatmaps` measures: twelve heatmaps of 50 × 32 from a training that goes on, drawn as fast as it goes.

`?as=rasters` draws three charts of four rasters each, as the app does; `?as=rectangles` twelve charts of one mark per
cell. Every refresh shows another frame of the run.
"""

import itertools
from collections.abc import Iterator

import streamlit as st

from rnnviz import analysis, charts
from rnnviz.engine import Engine
from rnnviz.experiment import Experiment, ModelSpec, TrainingSpec

GATES = ("cell_candidate", "forget_gate", "input_gate", "output_gate")
EXPERIMENT = Experiment(models=(ModelSpec("lstm"),) * 3, training=TrainingSpec(steps=20_000))


@st.cache_resource
def engine() -> Engine:
    """One worker for the server."""
    started = Engine()
    started.start()
    return started


@st.cache_resource
def turns() -> Iterator[int]:
    """Counts refreshes."""
    return itertools.count()


@st.fragment(run_every=0.1)
def heatmaps(rasters: bool) -> None:
    """Draws one frame of the run, another at every refresh."""
    job = engine().submit(EXPERIMENT, "benchmark")
    job.watch("benchmark")
    st.text(f"training step {job.progress().step}")
    if len(job.run.frames) < 8:
        return
    step = job.run.frames[next(turns()) % len(job.run.frames)].step
    tokens = analysis.tokens(EXPERIMENT)
    for label, column in zip(EXPERIMENT.labels, st.columns(3), strict=True):
        trace = analysis.trace(job.run, label, step)
        drawings = [charts.gates(label, trace, tokens)]
        if not rasters:
            drawings = [charts.cells(label, name, trace[name], tokens) for name in GATES]
        for number, drawing in enumerate(drawings):
            key = f"{label}-{number}"
            column.vega_lite_chart(
                spec=drawing.after(st.session_state.get(key)).spec, alt=drawing.alt, key=f"chart {key}"
            )
            st.session_state[key] = drawing


st.set_page_config(layout="wide")
heatmaps(st.query_params.get("as") != "rectangles")
