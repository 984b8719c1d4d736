"""The sentences beside the pictures. Every number in them was measured in the run that is shown."""

import streamlit as st

from pages._ui.run.choices import Choice
from pages._ui.run.shown import Shown
from pages._ui.session import page_links
from pages._ui.widgets import prose
from pages._ui.widgets.marks import escaped
from rnnviz import findings
from rnnviz.charts.theme import look
from rnnviz.diagnoses import FEW
from rnnviz.experiment import ModelSpec
from rnnviz.frames import ModelFrame
from rnnviz.names import percent
from rnnviz.tasks import Task
from rnnviz.tasks.translating import Translating


def intro(page: str) -> None:
    """A line or two on top of a page."""
    st.markdown(prose.text(f"pages/{page}"))


def lesson(page: str) -> None:
    """The equations and the longer story, one click away."""
    prose.lesson(f"pages/{page}_more", "The equations, and how to read this page")


def question(shown: Shown, choice: Choice) -> None:
    """What the models read and what is asked of them."""
    task = shown.run.experiment.task
    if task.answers == "sequence":
        _translated(shown, choice)
        return
    asked = task.asked(choice.probe)
    where = "at the end" if task.answers == "last" else "at every step"
    right = f" Right here: **{escaped(asked[0])}**." if task.answers == "last" else ""
    st.markdown(
        f"All models read the same sequence: *{escaped(task.probes().names[choice.probe])}*. "
        f"Asked {where}: {escaped(_titled(task))}.{right}"
    )


def _titled(task: Task) -> str:
    """A task's title within a sentence: only its first letter changes, as names may follow."""
    return task.title[:1].lower() + task.title[1:]


def _translated(shown: Shown, choice: Choice) -> None:
    """What an encoder reads and a decoder has to write, and where it is to be seen what it looks at meanwhile."""
    task = shown.run.experiment.task
    assert isinstance(task, Translating)
    name, read, right = task.examples()[choice.probe]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="translated"):
        st.markdown(
            f"All models read the same input ({escaped(name)}): **{escaped(read)}**. "
            f"To be written: **{escaped(right)}**. In the pictures the encoder reads, then the decoder writes; there "
            "it is fed the right symbols, so that all models can be compared step by step."
        )
        attention_link(shown)


def attention_link(shown: Shown, label: str = "→ See where it looks: Attention") -> None:
    """The way to the page on which decoders are looked at."""
    page_links.show("attention", shown.run.experiment, label)


def answer(shown: Shown, label: str, choice: Choice) -> None:
    """What one model answers at this moment, and how it scores on what it never trained on."""
    task = shown.run.experiment.task
    frame = shown.run.model_frame(label, shown.step)
    st.caption(
        f"{_cells(shown.run.experiment.model(label))}{_on_this_one(task, frame, choice.probe)}  \n"
        f"on all held-out sequences: **{findings.score_text(task, frame.score)}** {task.score_name}"
    )


def _cells(spec: ModelSpec) -> str:
    """Which half is which, where they are of different cells."""
    first, second = (cell.upper() for cell in spec.cells)
    return "" if first == second else f"encoder {first}, decoder {second}  \n"


def _on_this_one(task: Task, frame: ModelFrame, probe: int) -> str:
    """How a model answers one sequence, as Markdown."""
    said = escaped(task.describe_answer(frame.outputs, probe))
    if not isinstance(task, Translating):
        return f"on this one sequence: {said}"
    written = answered(task, frame, probe)
    (asked,) = task.asked(probe)
    judged = "right" if written == asked else "wrong"
    return f"writes by itself: **{escaped(written) or 'nothing'}** ({judged})  \n{said}"


def answered(task: Translating, frame: ModelFrame, probe: int) -> str:
    """What a model writes to a probe by itself."""
    return task.write(frame.translated["written"][:, probe])


def held_out(shown: Shown) -> None:
    """Below the score: on what it is measured."""
    task = shown.run.experiment.task
    if task.held_out_is_new:
        st.caption(f"On {task.held_out_size} held-out sequences: no model ever trains on them.")
    else:
        st.caption("This text is too short to hold a part of it back: what is scored here is also trained on.")


def singular_values(shown: Shown) -> None:
    """Above the singular values: what they are of, and what they mean."""
    experiment = shown.run.experiment
    flat = any(spec.cell == "rnn" and spec.activation == "sigmoid" for spec in experiment.models)
    halved = experiment.task.answers == "sequence"
    st.markdown(
        "W_hh is the matrix with which a cell carries its state from one time step to the next (one for each gate in "
        "an LSTM or a GRU). Its largest singular value is the most by which it can stretch a state in one step: below "
        "1 whatever passes through it shrinks at every step, above 1 it may grow."
        + (" With σ, whose slope is 1/4 at most, that takes 4." if flat else "")
        + (" Here it is that of the encoder." if halved else "")
    )


def ended(shown: Shown) -> None:
    """Which models' training ended early, when and why; for pages that do not show all findings."""
    for finding in findings.ended(shown.run, shown.step):
        st.warning(escaped(finding.text))


def clipping(shown: Shown) -> None:
    """How often each model's gradient was clipped up to this moment."""
    clip = shown.run.experiment.training.clip
    if clip is None:
        st.caption("Gradients are not clipped in this experiment.")
        return
    if shown.step < FEW:
        st.caption(f"Clipped to {clip:g}: how often is told from step {FEW} on.")
        return
    history = shown.run.history()
    shares = history[history["step"] < shown.step].groupby("model")["clipped"].mean()  # each step before has one update
    said = [
        f"{look(label).name} {percent(100 * shares[label])}" for label in shown.run.experiment.labels if label in shares
    ]
    st.caption(f"Clipped to {clip:g} up to step {shown.step:,}: " + ", ".join(said) + " of the steps.")


def left_out(every: int) -> None:
    """What was not measured of a large model, where only every so many-th time step and lag was."""
    if every > 1:
        st.caption(
            f"All steps would take too long: measured was one of every {every} time steps and lags, so a memory "
            f"horizon may be up to {every - 1} step{'' if every == 2 else 's'} longer."
        )
