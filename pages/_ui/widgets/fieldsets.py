"""A control for a field of a spec, made from what the field says about itself."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from pages._ui.widgets.values import standing
from rnnviz.cells import CELLS
from rnnviz.core.fields import Meaning

Kind = TypeVar("Kind", float, float | None, str)

LONGEST_SLIDER = 400  # a slider with more stops than that cannot be set by hand
BEYOND = 10**9  # more than any setting may be
NONE = math.inf  # the stop of a scale that stands for None
NO_CHOICE = "none"  # the same of a choice
SCALES = {  # values far apart are chosen by factors of about three
    "lr": (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0),
    "sigma_max": (0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0),
    "clip": (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
    "sequences": (16, 32, 64, 128, 256, 512, 1024, 4096),
    "reach": (0, 1, 2, 3),
}
STEPS = {"forget_bias": 0.5, "letters": 0.05, "noise": 0.01, "dropout": 0.1, "teacher_forcing": 0.1}
HELPS = {  # where more is to be said than the field says
    "teacher_forcing": "In training the decoder reads the right symbol with this probability (teacher "
    "forcing). Else it reads the one it wrote itself (free running). When it is tested it always reads its own.",
    "device": "Where the models are trained; without a GPU that is the CPU.",
    "schedule": "Scheduled sampling (Bengio et al. 2015): the teacher forcing ratio falls over the training. So "
    "the decoder learns bit by bit to read its own symbols.",
}
OPTIONS = {  # those that do not stand for themselves
    "own": "your own text",
    "grammar": "sentences of a grammar",
    "manual": "the manual of Python",
    "auto": "a GPU, if there is one",
    "cpu": "CPU",
    "cuda": "GPU",
    "relu": "ReLU",
    "sigmoid": "σ, the logistic sigmoid",
    "after": "after the product (PyTorch)",
    "before": "before the product",
    "default": "PyTorch's default",
    "orthogonal": "orthogonal (σ_max 1)",
    "identity": "identity, biases 0 (IRNN)",
    "scaled": "orthogonal × σ_max",
    "additive": "additive (Bahdanau)",
    "dot": "dot (Luong)",
    "general": "general (Luong)",
    "linear": "linear, to 0",
    "exponential": "exponential, to 1 % of it",
    "inverse_sigmoid": "inverse sigmoid, half of it at half time",
}
NONE_NAMED = {  # field → what its none is called
    "attention": "none: one context vector",
    "decoder": "same as the encoder",
    "schedule": "none: constant",
    "sequences": "endless",
    "reach": "none: all at once",
}


def field(
    meaning: Meaning,
    key: str,
    value: Any,
    changed: Callable[..., None],
    args: tuple[Any, ...] = (),
    title: str = "",
) -> Any:
    """A labelled control for one field; it begins at `value` and calls `changed(*args)` when it is used.

    title: another one than the field usually has.
    """
    standing(key, value)
    title = title or meaning.label or meaning.name.replace("_", " ").capitalize()
    unit = f" ({meaning.unit})" if meaning.unit and meaning.unit not in title.lower() else ""
    help = HELPS.get(meaning.name, meaning.help)
    common: dict[str, Any] = {"help": help, "key": key, "on_change": changed, "args": args}
    return _MAKERS[meaning.kind](meaning, title + unit, common)


def undrawn(key: str, value: Any) -> Any:
    """What a control that is out of sight stands at, as `field` would return it; it goes on standing there."""
    if key not in st.session_state:
        return value
    kept = st.session_state[key] = st.session_state[key]  # Streamlit forgets widgets that are not drawn
    return known(kept)


def known(kept: Any) -> Any:
    """What a control stands at, as its field has it."""
    return None if kept in (NO_CHOICE, NONE) else kept


def unbounded(meaning: Meaning) -> Meaning:
    """The field so that any number can be typed, where one is typed: who draws it says what is not allowed."""
    return dataclasses.replace(meaning, low=-BEYOND, high=BEYOND) if typed(meaning) else meaning


def typed(meaning: Meaning) -> bool:
    """Whether a field is a number that is typed, not chosen among some."""
    return meaning.kind in ("whole", "real") and meaning.name not in SCALES and not _slides(meaning)


def _slides(meaning: Meaning) -> bool:
    """Whether a whole number is chosen along a line."""
    return meaning.kind == "whole" and 8 < meaning.high - meaning.low <= LONGEST_SLIDER


def _whole(meaning: Meaning, title: str, common: dict[str, Any]) -> Any:
    low, high = int(meaning.low or 0), int(meaning.high or 0)
    if meaning.name in SCALES:
        return _scale(meaning, title, common)
    if _slides(meaning):
        return st.slider(title, low, high, _value(common), step=1, **common)
    return st.number_input(title, low, high, _value(common), step=1, **common)


def _real(meaning: Meaning, title: str, common: dict[str, Any]) -> Any:
    if meaning.name in SCALES:
        return _scale(meaning, title, common)
    optional = " (empty: none)" if meaning.optional else ""
    step = STEPS.get(meaning.name)
    value = _in_kind(common, _as_float)
    return st.number_input(
        title + optional, float(meaning.low), float(meaning.high), value, step=step, format="%g", **common
    )


def _scale(meaning: Meaning, title: str, common: dict[str, Any]) -> float | int | None:
    """Stops on a scale of factors, and the value it begins with, such as one from a link."""
    key = common["key"]
    begin = _in_kind(common, _stop)
    more = st.session_state.setdefault(f"{key}.first", begin)  # it stays offered
    offered = sorted({*SCALES[meaning.name], more, begin, *([NONE] if meaning.optional else [])})
    none = NONE_NAMED.get(meaning.name, "none")
    chosen: float = st.select_slider(title, offered, begin, format_func=lambda one: _stop_named(one, none), **common)
    return None if chosen == NONE else chosen


def _stop(value: Any) -> float:
    return NONE if value is None else value


def _stop_named(value: float, none: str) -> str:
    return none if value == NONE else f"{value:g}"


def _choice(meaning: Meaning, title: str, common: dict[str, Any]) -> Any:
    options = (NO_CHOICE, *meaning.options) if meaning.optional else meaning.options
    at = options.index(_in_kind(common, _as_choice))
    chosen = st.selectbox(title, options, at, format_func=lambda one: _named(one, meaning.name), **common)
    return None if chosen == NO_CHOICE else chosen


def _as_choice(value: Any) -> str:
    """A choice as its box has it, to which None would mean that nothing is chosen."""
    return NO_CHOICE if value is None else str(value)


def _named(option: str, field_name: str = "") -> str:
    """An option as it is offered: most stand for themselves."""
    if option == NO_CHOICE:
        return NONE_NAMED.get(field_name, option)
    if option.startswith("python:"):
        return f"Python's {option.removeprefix('python:')}.py"
    return CELLS[option].title if option in CELLS else OPTIONS.get(option, option)


def _flag(_meaning: Meaning, title: str, common: dict[str, Any]) -> Any:
    return st.checkbox(title, _value(common), **common)


def _value(common: dict[str, Any]) -> Any:
    return st.session_state[common["key"]]


def _in_kind(common: dict[str, Any], kind: Callable[[Any], Kind]) -> Kind:
    """The value in the type that the widget wants."""
    value = kind(_value(common))
    if type(value) is not type(_value(common)):
        st.session_state[common["key"]] = value
    return value


def _as_float(value: Any) -> float | None:
    return None if value is None else float(value)


_MAKERS: dict[str, Callable[[Meaning, str, dict[str, Any]], Any]] = {
    "whole": _whole,
    "real": _real,
    "choice": _choice,
    "flag": _flag,
}
