"""The sentences beside the pictures. Every number in them was measured in the run that is shown."""

import streamlit as st

from pages._ui.run.shown import Shown
from pages._ui.session import page_links
from pages._ui.widgets import prose
from pages._ui.widgets.marks import escaped
from rnnviz import findings
from rnnviz.analysis.diagnoses import FEW
from rnnviz.cells import CELLS
from rnnviz.charts.theme import style_of
from rnnviz.core.names import percent
from rnnviz.specs import architectures


def intro(page: str, more: str = "") -> None:
    """A line or two on top of a page, and what follows them for the task that is shown."""
    st.markdown(prose.text(f"pages/{page}").rstrip() + more)


def lesson(page: str) -> None:
    """The equations and the longer story, one click away."""
    prose.lesson(f"pages/{page}_more", "The equations, and how to read this page")


def attention_link(shown: Shown, label: str = "→ See where it looks: Attention") -> None:
    """The way to the page on which decoders are looked at."""
    page_links.show("attention", shown.run.training, label)


def singular_values(shown: Shown) -> None:
    """Above the singular values: what they are of, and what they mean."""
    experiment = shown.run.experiment
    flat = any(spec.kind.phi(spec.activation) == "sigmoid" for spec in experiment.models)
    halved = architectures.of(experiment.task).writes
    gated = " or ".join(cell.one for cell in CELLS.values() if cell.gates)
    st.markdown(
        "W_hh is the matrix with which a cell carries its state to the next time step. There is one for each "
        f"gate in {gated}. "
        "Its largest singular value is the most by which it can stretch a state in one time step. Below 1 whatever "
        "passes through it shrinks each time, above 1 it may grow."
        + (" With σ, whose slope is 1/4 at most, that takes 4." if flat else "")
        + (" Here it is that of the encoder." if halved else "")
    )


def ended(shown: Shown) -> None:
    """Which models' training ended early, when and why; for pages that do not show all findings."""
    for finding in findings.ended(shown.at):
        st.warning(escaped(finding.text))


def clipping(shown: Shown) -> None:
    """How often each model's gradient was clipped up to this moment."""
    clip = shown.run.experiment.training.clip
    if clip is None:
        st.caption("Gradients are not clipped in this experiment.")
        return
    if shown.step < FEW:
        st.caption(f"Clipped to {clip:g}: how often is told from training step {FEW} on.")
        return
    history = shown.run.history()
    shares = history[history["step"] < shown.step].groupby("model")["clipped"].mean()  # each step before has one update
    said = [
        f"{style_of(label).name} {percent(100 * shares[label])}"
        for label in shown.run.experiment.labels
        if label in shares
    ]
    st.caption(
        f"Clipped to {clip:g} up to training step {shown.step:,}: " + ", ".join(said) + " of the training steps."
    )


def left_out(every: int) -> None:
    """What was not measured of a large model, where only every so many-th time step and lag was."""
    if every > 1:
        st.caption(
            f"All time steps would take too long. Measured was one of every {every} time steps and lags. So a memory "
            f"horizon may be up to {every - 1} time step{'' if every == 2 else 's'} longer."
        )
