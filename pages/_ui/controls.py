"""The sidebar's controls: they show the session's experiment and change it."""

import dataclasses
from typing import Any

import streamlit as st

from pages._ui import own_text
from pages._ui.fieldsets import field
from pages._ui.keys import Key, control
from pages._ui.link import turn_to
from pages._ui.marks import escaped
from pages._ui.state import AppState, get_state, touch
from pages._ui.values import standing
from rnnviz import fields, limits
from rnnviz.charts.theme import look
from rnnviz.errors import ExperimentError
from rnnviz.experiment import Experiment, ModelSpec, TrainingSpec, task
from rnnviz.sizes import parameter_formula
from rnnviz.tasks import TASKS, Task
from rnnviz.tasks.pairs import Pairs

ONLY_FOR = {"activation": "rnn", "forget_bias": "lstm", "reset": "gru"}  # field of a model → its cell
BETWEEN = ("skip", "dropout")  # what there is only where there are layers on layers
COUNTED = (
    "For every layer: gates × (W_ih + W_hh + two biases), each as rows × columns of one gate's block; then the readout."
)


def show(state: AppState) -> None:
    """Draw the controls. What they say becomes `state.experiment`; if it cannot be run, `state.refusal` says why."""
    params, cells = _task(state), st.container()
    with st.expander("Learning: steps, rate, seed"):
        training = _training(state)
    chosen = _made(params)
    with cells:
        models = _models(state, chosen)
    try:
        state.experiment = Experiment(chosen or task(**params), models, TrainingSpec(**training))
        state.refusal = ""
    except ExperimentError as error:
        state.refusal = _why(params, models, error)
        if state.refusal != own_text.HINT:  # which stands at the box
            st.error(escaped(state.refusal))


def _why(params: dict[str, Any], models: tuple[ModelSpec, ...], error: ExperimentError) -> str:
    if not models:
        return "Switch on at least one cell."
    if params.get("corpus") == "own" and params["text"] == "":
        return own_text.HINT
    return str(error)


def _task(state: AppState) -> dict[str, Any]:
    shown: Task = state.experiment.task
    names = list(TASKS)
    at = names.index(standing(Key.TASK, shown.name))
    name = st.selectbox("Task", names, at, format_func=_title, key=Key.TASK, on_change=_take_task)
    params: dict[str, Any] = {"name": name}
    for meaning in fields.describe(TASKS[name]):
        if meaning.kind == "text":
            if name == Pairs.name:
                params[meaning.name] = own_text.ask_pairs(state, params["unit"])
            elif params.get("corpus") == "own":
                params[meaning.name] = own_text.ask(state)
        else:
            value = getattr(shown, meaning.name, meaning.default)
            params[meaning.name] = field(meaning, control("task", meaning.name), value, touch)
    return params


def _made(params: dict[str, Any]) -> Task | None:
    try:
        return task(**params)
    except ExperimentError:
        return None


def _title(name: str) -> str:
    return TASKS[name].title


def _take_task() -> None:
    """Another task comes with all that suits it: widths, steps and learning rate."""
    turn_to(get_state(), Experiment(task(st.session_state[Key.TASK])))


def _models(state: AppState, chosen: Task | None) -> tuple[ModelSpec, ...]:
    on = _switches(state)
    _common_width(state, on)
    with st.expander("Cells, one by one"):
        specs = [_details(state, index, chosen) if switched else None for index, switched in enumerate(on)]
    return tuple(spec for spec in specs if spec is not None)


def _switches(state: AppState) -> list[bool]:
    chosen = []
    names = _names(state.slots)
    with st.container(horizontal=True, gap="medium"):
        for index, spec in enumerate(state.slots):
            key = control("on", index)
            on = standing(key, spec in state.experiment.models)
            chosen.append(st.checkbox(names[index], on, key=key, on_change=touch))
    return chosen


def _names(slots: tuple[ModelSpec, ...]) -> list[str]:
    cells = [spec.cell for spec in slots]
    numbers = [cells[: index + 1].count(cell) for index, cell in enumerate(cells)]
    return [look(c if n == 1 else f"{c}-{n}").name for c, n in zip(cells, numbers, strict=True)]


def _common_width(state: AppState, on: list[bool]) -> None:
    widths = [st.session_state.get(control(i, "hidden"), spec.hidden) for i, spec in enumerate(state.slots) if on[i]]
    if not widths:
        return
    st.session_state[Key.WIDTH] = widths[0]
    same = len(set(widths)) == 1
    title = "Width of all cells (hidden units)" if same else "Width (they differ; moving this makes them equal)"
    st.slider(title, 1, limits.WIDEST_LAYER, widths[0], key=Key.WIDTH, on_change=_widen, args=(len(state.slots),))


def _widen(slots: int) -> None:
    for index in range(slots):
        st.session_state[control(index, "hidden")] = st.session_state[Key.WIDTH]
    touch()


def _details(state: AppState, index: int, chosen: Task | None) -> ModelSpec:
    """One model's controls. A field that is not offered has its default: no other setting then contradicts it."""
    st.markdown(f"**{_names(state.slots)[index]}**")
    values = dataclasses.asdict(state.slots[index])
    for meaning in fields.describe(ModelSpec):
        if meaning.name == "cell":
            continue
        value = values[meaning.name]
        if meaning.name == "sigma_max":  # where it is offered it is never none
            meaning, value = dataclasses.replace(meaning, optional=False), value or 1.0
        offered = _offered(meaning, values, chosen or state.experiment.task)
        key = control(index, meaning.name)
        values[meaning.name] = field(meaning, key, value, touch) if offered else meaning.default
    spec = ModelSpec(**values)
    if chosen is not None:
        formula = parameter_formula(spec, chosen.input_size, chosen.output_size)
        st.caption(f"Parameters: {formula}", help=COUNTED)
    return spec


def _offered(meaning: fields.Meaning, values: dict[str, Any], chosen: Task) -> bool:
    """Whether a field says anything, given those before it."""
    if meaning.kind == "choice" and len(meaning.options) == 1:
        return False
    if meaning.name == "bidirectional":
        return not chosen.predicts_next
    if meaning.name == "sigma_max":
        return bool(values["init"] == "scaled")
    if meaning.name in BETWEEN:
        return bool(values["layers"] > 1)
    return bool(ONLY_FOR.get(meaning.name, values["cell"]) == values["cell"])


def _training(state: AppState) -> dict[str, Any]:
    shown = state.experiment.training
    return {
        meaning.name: field(meaning, control("training", meaning.name), getattr(shown, meaning.name), touch)
        for meaning in fields.describe(TrainingSpec)
    }
