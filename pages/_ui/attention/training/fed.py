"""What the decoder is fed in training: the presets, their curve, and what came of those that were tried."""

import dataclasses

import numpy as np
import streamlit as st

from pages._ui.attention.pictures import keep
from pages._ui.attention.search.ways import table
from pages._ui.attention.training import turn as turning
from pages._ui.run.place import place
from pages._ui.run.shown import Shown
from pages._ui.session import shipped
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, take, told
from rnnviz import charts
from rnnviz.charts import Drawing
from rnnviz.charts.theme import style_of
from rnnviz.core.names import counted, number, percent
from rnnviz.runs.run import Run
from rnnviz.specs import forcing
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import TrainingSpec

PRESETS: dict[str, tuple[float, str | None]] = {
    "Teacher forcing": (1.0, None),
    "Free running": (0.0, None),
    "Fixed coin ½": (0.5, None),
    "Scheduled: linear": (1.0, "linear"),
    "Scheduled: exponential": (1.0, "exponential"),
    "Scheduled: inverse sigmoid": (1.0, "inverse_sigmoid"),
}
KEY, _WISH = "attention.fed", "attention.fed.wish"


def show(shown: Shown) -> None:
    """The presets and the curve, with a sentence on what happens at this step."""
    experiment = shown.run.experiment
    _obey(experiment)
    st.markdown("#### What the decoder is fed in training")
    _presets(experiment.training)
    with st.container(key="schedule"):
        place(_curve(shown), "schedule")
    st.markdown(escaped(now(experiment.training, shown.step)))
    _tried(shown)


def preset(training: TrainingSpec) -> str:
    """The name of what a training feeds; what no preset does is told by its numbers."""
    fed = training.teacher_forcing, training.schedule
    for name, other in PRESETS.items():
        if fed == other:
            return name
    falling = "" if training.schedule is None else f", {training.schedule.replace('_', ' ')}"
    return f"Set by hand: {training.teacher_forcing:g}{falling}"


def turned(experiment: Experiment, name: str) -> Experiment:
    """The experiment with another way to feed its decoders."""
    probability, schedule = PRESETS[name]
    training = dataclasses.replace(experiment.training, teacher_forcing=probability, schedule=schedule)
    return dataclasses.replace(experiment, training=training)


def now(training: TrainingSpec, step: int) -> str:
    """What the decoder is fed at one step of training, in a sentence."""
    share = forcing.probability(training, step)
    if training.schedule is None and share == 1:
        return "Teacher forcing: in training the decoder always reads the right symbol, never what it wrote itself."
    if training.schedule is None and share == 0:
        return "Free running: also in training the decoder reads what it wrote itself, never the right symbol."
    coin = f"a coin decides for each symbol. With probability {share:.2f} the decoder reads the right one"
    if training.schedule is None:
        return f"Throughout the training, {coin}, else what it wrote itself."
    last = forcing.probability(training, training.steps)
    later = f" At the last training step that will be {last:.2f}." if step < training.steps else ""
    if share < 0.005:
        ever = "hardly ever" if share else "never"
        return f"At training step {step:,} the decoder is fed what it wrote itself, and {ever} the right symbol.{later}"
    return f"At training step {step:,} {coin}, else what it wrote itself.{later}"


def _presets(training: TrainingSpec) -> None:
    now = preset(training)
    put(KEY, now)  # whatever else changed it
    st.segmented_control(
        "Train the same models again, from the same first weights, with",
        [*PRESETS, *([now] if now not in PRESETS else [])],
        default=now,
        required=True,
        wrap=True,
        key=KEY,
        on_change=_turn,
        help="One click sets the teacher forcing ratio and its schedule in the sidebar and begins to train. Runs that "
        "are over stay.",
    )


def _turn() -> None:
    put(_WISH, told(KEY))


def _obey(experiment: Experiment) -> None:
    name = take(_WISH, "")
    if name in PRESETS and name != preset(experiment.training):
        turning.train(turned(experiment, name))
        st.rerun()


def _curve(shown: Shown) -> Drawing:
    training = shown.run.experiment.training
    return keep(
        ("schedule", training, shown.step),
        lambda: charts.schedule(forcing.curve(training), shown.step, training.steps),
    )


def _tried(shown: Shown) -> None:
    """What those presets came to whose runs are over, model by model."""
    experiment = shown.run.experiment
    runs = {name: run for name in PRESETS if (run := _over(turned(experiment, name))) is not None}
    if shown.run.complete and shown.run.start is None:  # a branch was trained in another way before
        runs[preset(experiment.training)] = shown.run
    if len(runs) < 2:
        st.caption("Once two of these have been trained to the end, a table here compares them.")
        return
    rows = [row for label in experiment.labels for name, run in runs.items() for row in _row(label, name, run)]
    st.markdown(
        f"**What came of it after {counted(experiment.training.steps, 'training step')}**, on held-out sequences:"
    )
    head = ("", "exact match", "loss, fed right", "loss, running free", "free − fed")
    table(head, rows, "tried", "Exact match and loss of every run that is over")
    st.caption("Exact match: outputs right as a whole, running free. Loss: cross-entropy per symbol in nats.")


def _over(experiment: Experiment) -> Run | None:
    """The run of an experiment that is over, whether trained here or shipped with the app."""
    job = turning.found(experiment)
    return job.run if job is not None and job.run.complete else shipped.find(experiment)


def _row(label: str, name: str, run: Run) -> list[tuple[str, tuple[str, ...]]]:
    """What one preset came to for one model; nothing where that has no frame."""
    model = run.at().measured.get(label)
    if model is None:
        return []
    fed, free = (float(loss) for loss in model.translated["held_out_loss"])
    told = (percent(model.score), *(number(loss) if np.isfinite(loss) else "–" for loss in (fed, free, free - fed)))
    return [(f"{style_of(label).name} · {name}", told)]
