"""A control for a field of a spec, made from what the field says about itself."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from rnnviz.fields import Meaning

LONGEST_SLIDER = 400  # a slider with more stops than that cannot be set by hand
TITLES = {
    "lr": "Learning rate",
    "clip": "Clip gradient norm at",
    "hidden": "Width",
    "steps": "Training steps",
    "batch": "Sequences per step",
    "device": "Runs on",
    "forget_bias": "Initial forget bias",
    "bidirectional": "Both directions",
}


def field(meaning: Meaning, key: str, value: Any, changed: Callable[..., None], args: tuple[Any, ...] = ()) -> Any:
    """A labelled control for one field; it begins at `value` and calls `changed(*args)` when it is used."""
    if key not in st.session_state:
        st.session_state[key] = value
    title = TITLES.get(meaning.name, meaning.name.replace("_", " ").capitalize())
    unit = f" ({meaning.unit})" if meaning.unit and meaning.unit not in title.lower() else ""
    common: dict[str, Any] = {"help": meaning.help, "key": key, "on_change": changed, "args": args}
    return _MAKERS[meaning.kind](meaning, title + unit, common)


def _whole(meaning: Meaning, title: str, common: dict[str, Any]) -> Any:
    low, high = int(meaning.low or 0), int(meaning.high or 0)
    if 8 < high - low <= LONGEST_SLIDER:
        return st.slider(title, low, high, step=1, **common)
    return st.number_input(title, low, high, step=1, **common)


def _real(meaning: Meaning, title: str, common: dict[str, Any]) -> Any:
    optional = " (empty: none)" if meaning.optional else ""
    st.session_state[common["key"]] = _as_float(st.session_state[common["key"]])
    return st.number_input(title + optional, meaning.low, meaning.high, step=None, format="%g", **common)


def _choice(meaning: Meaning, title: str, common: dict[str, Any]) -> Any:
    return st.selectbox(title, meaning.options, format_func=_named, **common)


def _named(option: str) -> str:
    """An option as it is offered: most stand for themselves."""
    if option.startswith("python:"):
        return f"Python's {option.removeprefix('python:')}.py"
    return {"own": "your own text", "auto": "a GPU, if there is one", "cpu": "CPU", "cuda": "GPU"}.get(option, option)


def _flag(meaning: Meaning, title: str, common: dict[str, Any]) -> Any:
    return st.checkbox(title, **common)


def _as_float(value: Any) -> float | None:
    return None if value is None else float(value)


_MAKERS: dict[str, Callable[[Meaning, str, dict[str, Any]], Any]] = {
    "whole": _whole,
    "real": _real,
    "choice": _choice,
    "flag": _flag,
}
