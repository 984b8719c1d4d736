"""The value that a widget stands at, told to the browser as the widget's default too.

Streamlit tells a browser once what session state says. A widget that the browser has to make anew, because a script run
was cut short by the next one, falls back to its default: that must be the value it stood at, not "off" or the least.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st


def standing(key: str, begin: Any) -> Any:
    """What the widget with this key stands at; `begin`, from now on, if it is new."""
    if key not in st.session_state:
        st.session_state[key] = begin
    return st.session_state[key]


def within(key: str, begin: Any, low: int, high: int) -> Any:
    """What a slider with this key stands at, brought into its range: a whole number, or two of them."""
    value = standing(key, begin)
    kept = tuple(min(max(one, low), high) for one in value) if isinstance(value, tuple) else min(max(value, low), high)
    st.session_state[key] = kept
    return kept


def stored(key: str, default: Any = None) -> Any:
    """What the session keeps under this key; `default` if there is nothing."""
    return st.session_state.get(key, default)


def put(key: str, value: Any) -> None:
    """Keep a value under this key; of a widget, before it is drawn in this run of the script or in a callback."""
    st.session_state[key] = value


def retype(key: str, text: str) -> None:
    """In a callback: put a text into the text box with this key, which `settled` draws."""
    put(f"{key}.coming", (stored(key, ""), text, False))
    put(key, text)


def settled(key: str) -> str:
    """What the text box with this key stands at; before it is drawn.

    What the browser says of a box wins over what was put into it. A script run that the browser asked for before it had
    heard of that, such as for a movement of the pointer, would bring the old text back: what was put comes again.
    """
    now: str = standing(key, "")
    old, text, drawn = stored(f"{key}.coming", (None, now, True))
    if now == old != text:
        put(key, text)
        return str(text)
    if now == text and not drawn:
        put(f"{key}.coming", (old, text, True))
    else:
        take(f"{key}.coming")
    return now


def take(key: str, default: Any = None) -> Any:
    """What the session kept under this key, and keeps no longer; `default` if there was nothing."""
    return st.session_state.pop(key, default)


def told(key: str) -> Any:
    """In a callback: what the browser says that the widget with this key stands at.

    None where the widget is to be made anew or was taken away: the browser has not heard of that yet, and what it says
    is old.
    """
    return st.session_state.get(key)


def said_of(said: object, name: str) -> dict[str, Any]:
    """What a component says under a name, which is to be a dict; an empty one for anything else."""
    found = said.get(name) if isinstance(said, dict) else None
    return found if isinstance(found, dict) else {}


def acts(said: object, name: str) -> list[dict[str, Any]]:
    """What was done on a component, in its order, as it says under a name: what is no dict is none of this page's."""
    found = said.get(name) if isinstance(said, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def select(
    title: str,
    key: str,
    options: Sequence[Any],
    named: Callable[[Any], str],
    width: int | Literal["stretch"] = "stretch",
) -> Any:
    """A select box that keeps what was chosen while it is out of sight; where that is not offered, the first option."""
    if standing(key, options[0]) not in options:
        st.session_state[key] = options[0]
    at = options.index(st.session_state[key])
    return st.selectbox(title, options, at, format_func=named, key=key, width=width, persist_state="session")


def segments(
    title: str, key: str, options: Sequence[Any], named: Callable[[Any], str] = str, titled: bool = True
) -> Any:
    """A row of buttons of which one is always chosen, also while it is out of sight; else the first that is offered.

    titled: whether the title is to be seen; else only screen readers tell it.
    """
    if standing(key, options[0]) not in options:
        st.session_state[key] = options[0]
    return st.segmented_control(
        title,
        options,
        default=st.session_state[key],
        format_func=named,
        key=key,
        required=True,
        label_visibility="visible" if titled else "collapsed",
        wrap=True,
        persist_state="session",
    )
