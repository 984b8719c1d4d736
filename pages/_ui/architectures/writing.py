"""One-to-many: models whose answer is the next symbol go on writing from a beginning, side by side."""

from typing import Any

import numpy as np
import streamlit as st

from pages._ui.architectures.asking import kept
from pages._ui.live import stage
from pages._ui.live.written import PREFIX_TITLE
from pages._ui.run import listening
from pages._ui.run.shown import Shown
from pages._ui.session.asking import PATIENCE, Waiting, answer, answered
from pages._ui.session.server import engine
from pages._ui.session.state import get_state
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.temperature import temperature
from pages._ui.widgets.values import put, standing
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.engine import EngineError, questions
from rnnviz.runs.continuation import check_prefix, usual_length, usual_prefix
from rnnviz.tasks import Task
from rnnviz.tasks.abilities import Heard

NAME = "writing"  # as the browser calls what it is given
PREFIX, TEMPERATURE, TURN = "architectures.prefix", "architectures.temperature", "architectures.turn"
ASKING = "The models write …"


def show() -> None:
    """The heading, and the place on which the models write."""
    st.markdown("### One-to-many: let them write")
    st.markdown(
        "Each model reads the beginning, then what it wrote itself: every answer is the next input. Under each symbol "
        "stands the probability that the model gave it."
    )


def draw(shown: Shown) -> None:
    """Ask for the beginning and the temperature, and let all models write under the weights of this step."""
    task = shown.run.experiment.task
    prefix, heat, turn = _controls(task)
    try:
        check_prefix(task, prefix, PREFIX_TITLE, limits.LONGEST_PREFIX)
    except ExperimentError as error:
        st.error(escaped(str(error)))
        return
    labels = list(shown.at.measured)
    waiting = {label: _ask(shown, label, prefix, heat, turn) for label in labels}
    models = answered(waiting.values(), ASKING, lambda: {label: _written(task, one) for label, one in waiting.items()})
    key = f"{shown.run.key} {shown.shipped} {shown.step} {heat} {turn} {prefix}"
    stage.give(NAME, {"key": key, "models": models})
    stage.board("written", main=("writing",))
    if isinstance(task, Heard) and not shown.moving:
        _listen(shown, task, models)
    st.caption(_at(shown, heat))


def _listen(shown: Shown, task: Heard, models: dict[str, dict[str, Any]]) -> None:
    """Players of what the models read and wrote."""
    experiment = shown.run.experiment
    place = {name: at for at, name in enumerate(experiment.task.classes)}
    places = {
        experiment.title(label): np.array([place[one] for one in (*made["prefix"], *made["written"])])
        for label, made in models.items()
        if "written" in made
    }
    listening.players(task, places)


def _at(shown: Shown, heat: float) -> str:
    way = "the likeliest symbol at every position" if heat == 0 else f"drawn at temperature {heat:g}"
    follows = " Pause or move the time line to let them write again." if shown.moving else ""
    return f"Written after {shown.step:,} training steps, {way}; probabilities are those at temperature 1.{follows}"


def _controls(task: Task) -> tuple[str, float, int]:
    """The beginning, the temperature, and which draw it is."""
    begin = usual_prefix(task)
    key = f"{PREFIX}.{get_state().experiment.key}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="write"):
        prefix = st.text_input(
            PREFIX_TITLE,
            standing(key, begin),
            key=key,
            help=f"Type {task.typing}, at most {limits.LONGEST_PREFIX} characters.",
            width=260,
            persist_state="session",
        )
        chosen = temperature(TEMPERATURE, 0.0, 0.0, "0 takes the likeliest symbol, high is random")
        st.button("Write again", key="architectures.again", on_click=_again, disabled=chosen == 0)
    return prefix or begin, chosen, standing(TURN, 0)


def _again() -> None:
    put(TURN, standing(TURN, 0) + 1)


def _ask(shown: Shown, label: str, prefix: str, heat: float, turn: int) -> Waiting:
    experiment, step = shown.run.experiment, shown.measured_at(label)
    task = experiment.task
    weights, seed = shown.at.model(label).weights, turn if heat else 0
    call = questions.WRITE(experiment.model(label), task, weights, prefix, usual_length(task), heat, seed)
    key = (NAME, shown.run.key, shown.shipped, label, prefix, heat, seed, step)
    return kept().ask(key, lambda: engine().ask(call, timeout=PATIENCE))


def _written(task: Task, waiting: Waiting) -> dict[str, Any]:
    """What a model wrote, as the stage draws it; or why it wrote nothing."""
    try:
        found = answer(waiting)
    except (ValueError, EngineError) as error:
        return {"trouble": str(error)}
    classes = found["classes"]
    sure = found["answers"][np.arange(len(classes)), classes]
    return {
        "prefix": [task.classes[place] for place in found["prefix"]],
        "written": [task.classes[place] for place in classes],
        "sure": [round(float(value), 4) for value in sure],
    }
