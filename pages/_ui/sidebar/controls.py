"""The sidebar's controls: they show the session's experiment and change it."""

import dataclasses
import types
from typing import Any

import streamlit as st

from pages._ui.session import slots
from pages._ui.session.link import turn_to
from pages._ui.session.state import AppState, get_state, touch
from pages._ui.sidebar import own_table, own_text
from pages._ui.widgets.fieldsets import field, known, undrawn
from pages._ui.widgets.keys import Key, control
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, standing, stored, told
from rnnviz.core import fields, limits
from rnnviz.core.errors import ExperimentError
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import TASKS, Task, task
from rnnviz.tasks.declared import Tables
from rnnviz.tasks.pairs import Pairs

FIRST = ("hidden", "layers", "bidirectional", "attention", "decoder")  # on which it depends what else there is
_SHORT = 8  # letters of a name; three such models stand in one row of the sidebar
_WIDTHS = {  # what the control is called: whether all widths are the same, whether it moves all of them
    (True, True): "Width of all cells (hidden units)",
    (False, True): "Width (they differ; moving this makes them equal)",
    (True, False): "Width (moving this leaves cells with shared weights as they are)",
    (False, False): "Width (they differ; moving this leaves cells with shared weights as they are)",
}


def show(state: AppState) -> None:
    """Draw the controls. What they say becomes `state.experiment`; if it cannot be run, `state.refusal` says why."""
    params = _task(state)
    chosen = _made(params)
    if chosen is not None and fields.content_of(chosen) is not None:
        own_table.say(chosen)
    cells = st.container()
    drawer = st.expander("Learning: rate, updates, seed", key=Key.LEARNING, on_change="rerun")
    with drawer:
        training = _training(state, chosen or state.experiment.task, bool(drawer.open))
    with cells:
        models = _models(state, chosen)
    try:
        specs = tuple(ModelSpec(**values) for values in models)
        state.choose(Experiment(chosen or task(**params), specs, TrainingSpec(**training)).checked())
        state.refusal = ""
    except ExperimentError as error:
        state.refusal = _why(params, models, error)
        if state.refusal != own_text.HINT:  # which stands at the box
            st.error(escaped(state.refusal))


def _why(params: dict[str, Any], models: list[dict[str, Any]], error: ExperimentError) -> str:
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
        if meaning.kind == "content":
            params[meaning.name] = own_table.ask(state, _tables(name))
        elif not fields.says(meaning, types.SimpleNamespace(**params), None):
            continue
        elif meaning.kind == "text":
            if name == Pairs.name:
                params[meaning.name] = own_text.ask_pairs(state, params["unit"])
            elif params.get("corpus") == "own":
                params[meaning.name] = own_text.ask(state, name)
        else:
            value = getattr(shown, meaning.name, meaning.default)
            params[meaning.name] = field(meaning, control("task", meaning.name), value, touch)
    return params


def _tables(name: str) -> Tables:
    """Those that may be brought to a task that has a field for them."""
    tables = TASKS[name].tables
    assert tables is not None
    return tables


def _made(params: dict[str, Any]) -> Task | None:
    try:
        return task(**params)
    except ExperimentError:
        return None


def _title(name: str) -> str:
    return TASKS[name].title


def _take_task() -> None:
    """Another task comes with all that suits it: widths, steps and learning rate."""
    if (name := told(Key.TASK)) is not None:
        turn_to(get_state(), Experiment(task(name)))


def _models(state: AppState, chosen: Task | None) -> list[dict[str, Any]]:
    """The values of every model that is switched on; whether they go together is not yet known."""
    names = slots.names([_standing(index, spec) for index, spec in enumerate(state.slots)], state.experiment.task)
    on = _switches(state, names)
    _common_width(state, on)
    drawer = st.expander("Cells, one by one", key=Key.CELLS, on_change="rerun")
    with drawer:
        slots_on = [index for index, switched in enumerate(on) if switched]
        return [_details(state, index, names[index], chosen, bool(drawer.open)) for index in slots_on]


def _standing(index: int, spec: ModelSpec) -> slots.Slot:
    """A model as its controls have it now, as far as its name depends on that."""
    attention, reach = (known(stored(control(index, name), getattr(spec, name))) for name in ("attention", "reach"))
    return slots.Slot(spec.cell, attention, reach)


def _switches(state: AppState, names: list[str]) -> list[bool]:
    """One switch for each model.

    Short names stand beside each other, several long ones below each other, or they would be ragged.
    """
    chosen = []
    long = sum(len(name) > _SHORT for name in names) > 1
    with st.container(horizontal=not long, gap="xsmall" if long else "medium"):
        for index, spec in enumerate(state.slots):
            key = control("on", index)
            on = standing(key, spec in state.experiment.models)
            chosen.append(st.checkbox(names[index], on, key=key, on_change=touch))
    return chosen


def _common_width(state: AppState, on: list[bool]) -> None:
    free = [index for index, spec in enumerate(state.slots) if spec.reach is None]  # others are as wide as their places
    widths = [stored(control(index, "hidden"), state.slots[index].hidden) for index in free if on[index]]
    if not widths:
        return
    put(Key.WIDTH, widths[0])
    every = [stored(control(index, "hidden"), spec.hidden) for index, spec in enumerate(state.slots) if on[index]]
    title = _WIDTHS[len(set(every)) == 1, len(widths) == len(every)]
    st.slider(title, 1, limits.WIDEST_LAYER, widths[0], key=Key.WIDTH, on_change=_widen, args=(free,))


def _widen(slots: list[int]) -> None:
    if (width := told(Key.WIDTH)) is None:
        return
    for index in slots:
        put(control(index, "hidden"), width)
    touch()


def _details(state: AppState, index: int, name: str, chosen: Task | None, drawn: bool) -> dict[str, Any]:
    """One model's controls.

    drawn: whether they are to be seen. In a closed drawer they would cost every first visit 0.2 s.
    """
    if drawn:
        st.markdown(f"**{name}**")
    values, of = dataclasses.asdict(state.slots[index]), chosen or state.experiment.task
    for meaning in sorted(fields.describe(ModelSpec), key=lambda one: one.name not in FIRST):
        if meaning.name == "cell":
            continue
        value, key = values[meaning.name], control(index, meaning.name)
        so_far = types.SimpleNamespace(**values)
        if meaning.usual is not None:  # where it is offered it is never none
            meaning, value = dataclasses.replace(meaning, optional=False), value or meaning.usual
        offered = _offered(meaning, so_far, of)
        meaning = _fitting(meaning, so_far, stored(key, value))
        title = "Encoder in both directions" if meaning.name == "bidirectional" and architectures.of(of).writes else ""
        values[meaning.name] = _stands(meaning, key, value, offered, drawn, title)
    if drawn and chosen is not None:
        _count(values, chosen)
    return values


def _fitting(meaning: fields.Meaning, so_far: Any, now: Any) -> fields.Meaning:
    """The field with the options alone that go together with those before it; what is chosen `now` stays offered."""
    unfit = {} if meaning.unfit is None else meaning.unfit(so_far)
    options = tuple(option for option in meaning.options if option == now or option not in unfit)
    return dataclasses.replace(meaning, options=options)


def _count(values: dict[str, Any], chosen: Task) -> None:
    """How many parameters a model has, if there is such a model; else it is said elsewhere why not."""
    try:
        formula = architectures.of(chosen).parameter_formula(ModelSpec(**values), chosen)
    except ExperimentError:
        return
    st.caption(f"Parameters: {formula}", help=architectures.of(chosen).counted)


def _offered(meaning: fields.Meaning, so_far: Any, chosen: Task) -> bool:
    """Whether a field leaves a choice and says anything, given those before it."""
    single = meaning.kind == "choice" and len(meaning.options) == 1
    return not single and fields.says(meaning, so_far, chosen)


def _training(state: AppState, chosen: Task, drawn: bool) -> dict[str, Any]:
    """All of the training's controls, `drawn` or not."""
    shown, values = state.experiment.training, {}
    for meaning in fields.describe(TrainingSpec):
        offered = fields.says(meaning, shown, chosen)
        key, value = control("training", meaning.name), getattr(shown, meaning.name)
        values[meaning.name] = _stands(meaning, key, value, offered, drawn)
    return values


def _stands(meaning: fields.Meaning, key: str, value: Any, offered: bool, drawn: bool, title: str = "") -> Any:
    """What a field stands at. One that is not offered has its default: no other setting then contradicts it."""
    if not offered:
        return meaning.default
    return field(meaning, key, value, touch, title=title) if drawn else undrawn(key, value)
