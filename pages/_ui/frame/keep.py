"""To take away: the link, the experiment as JSON, the run as a file."""

import functools
import tempfile
import urllib.parse
from pathlib import Path

import streamlit as st

from pages._ui.session import visits
from pages._ui.session.server import engine
from pages._ui.session.state import AppState
from pages._ui.widgets.keys import Key
from rnnviz.engine import EngineError
from rnnviz.specs import branch_query


def show(state: AppState) -> None:
    """Below the buttons: what can be kept or passed on."""
    branch = f"-branch-{state.start.step}" if state.start else ""
    name = f"rnnviz-{state.experiment.task.name}-{state.training.key[:8]}{branch}"
    drawer = st.expander("Share and keep", key=Key.SHARE, on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        st.caption("This link opens the same experiment, attached to the same run as long as that lives.")
        if state.start:
            st.caption(
                f"It opens the branch. On another server the original is first trained again up to training step "
                f"{state.start.step:,}. The run's file says where the branch began; the JSON holds its settings alone."
            )
        st.text(_address(state))  # a block of code would bring 1.5 MB of highlighting with it
        st.download_button(
            "Experiment (JSON)", state.experiment.to_json(), f"{name}.json", "application/json", width="stretch"
        )
        job = visits.current(state)
        if job is not None and job.run.frames and job.over:
            st.download_button(
                "Run (safetensors)", functools.partial(run_file, job.key), f"{name}.safetensors", width="stretch"
            )
        else:
            st.caption("When a run is over, it can be kept as a file too.")


def run_file(key: str) -> bytes:
    """The run of an experiment as the bytes of its file, by key: Streamlit keeps what a button holds for minutes.

    Raises:
        EngineError: the run has been forgotten since the button was drawn.
    """
    job = engine().find(key)
    if job is None:
        raise EngineError("This run is no longer kept on the server. Train the experiment again to get its file.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.safetensors"
        job.run.save(path)
        return path.read_bytes()


def _address(state: AppState) -> str:
    page = urllib.parse.urlsplit(st.context.url or "http://localhost:8501/")
    return urllib.parse.urlunsplit((page.scheme, page.netloc, page.path, branch_query.to_query(state.training), ""))
