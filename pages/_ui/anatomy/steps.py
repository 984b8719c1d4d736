"""Stepping through a sequence: by button, by arrow key, by slider; and where in the sequence one is."""

import html

import streamlit as st

from pages._ui.session.state import AppState, get_state
from pages._ui.widgets.values import standing, told

KEY = "anatomy.time"
_SHOWN = 61  # tokens at most, around the current one


def choose(tokens: tuple[str, ...]) -> int:
    """Draw the controls and the tokens; returns the time step, from 0."""
    state, last = get_state(), len(tokens)
    now = min(state.reading, last)  # another model may write less; the step is not forgotten for that
    with st.container(horizontal=True, vertical_alignment="bottom", key="steps"):
        st.button("Previous step", key="anatomy.back", on_click=_move, args=(-1, last), shortcut="Left")
        st.button("Next step", key="anatomy.on", on_click=_move, args=(1, last), shortcut="Right")
        if last > 1:
            _slider(state, now, last)
    st.html(_row(tokens, now - 1))
    return now - 1


def _slider(state: AppState, now: int, last: int) -> None:
    """A slider that is a new one after every press of a button: the old one may still say where it stood before."""
    key = _key(state, last)
    standing(key, now)
    st.slider("Time step", 1, last, now, key=key, on_change=_slide, args=(key, last))


def _key(state: AppState, last: int) -> str:
    return f"{KEY}.{state.strides}.{last}"


def _slide(key: str, last: int) -> None:
    state = get_state()
    if key == _key(state, last) and (said := told(key)) is not None:
        state.reading = said


def _move(by: int, last: int) -> None:
    state = get_state()
    state.reading = min(max(1, min(state.reading, last) + by), last)
    state.strides += 1


def _row(tokens: tuple[str, ...], time: int) -> str:
    """The sequence with the current step marked, for eyes and for screen readers."""
    first = max(0, min(time - _SHOWN // 2, len(tokens) - _SHOWN))
    shown = tokens[first : first + _SHOWN]
    now = ' aria-current="step"'
    marks = [f"<li{now * (place == time)}>{html.escape(token)}</li>" for place, token in enumerate(shown, first)]
    before, after = "<li>…</li>" * (first > 0), "<li>…</li>" * (first + len(shown) < len(tokens))
    return f'<ol class="tokens" aria-label="The sequence">{before}{"".join(marks)}{after}</ol>'
