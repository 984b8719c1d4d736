"""Stepping through a sequence: by button, by arrow key, by slider; and where in the sequence one is."""

import html

import streamlit as st

from pages._ui.values import standing

KEY = "anatomy.time"
_SHOWN = 61  # tokens at most, around the current one


def choose(tokens: tuple[str, ...]) -> int:
    """Draw the controls and the tokens; returns the time step, from 0."""
    last = len(tokens)
    st.session_state[KEY] = min(max(1, standing(KEY, min(2, last))), last)
    with st.container(horizontal=True, vertical_alignment="bottom", key="steps"):
        st.button("Previous step", key="anatomy.back", on_click=_move, args=(-1, last), shortcut="Left")
        st.button("Next step", key="anatomy.on", on_click=_move, args=(1, last), shortcut="Right")
        if last > 1:
            st.slider("Time step", 1, last, st.session_state[KEY], key=KEY)
    time: int = st.session_state[KEY] - 1
    st.html(_row(tokens, time))
    return time


def _move(by: int, last: int) -> None:
    st.session_state[KEY] = min(max(1, st.session_state[KEY] + by), last)


def _row(tokens: tuple[str, ...], time: int) -> str:
    """The sequence with the current step marked, for eyes and for screen readers."""
    first = max(0, min(time - _SHOWN // 2, len(tokens) - _SHOWN))
    shown = tokens[first : first + _SHOWN]
    now = ' aria-current="step"'
    marks = [f"<li{now * (place == time)}>{html.escape(token)}</li>" for place, token in enumerate(shown, first)]
    before, after = "<li>…</li>" * (first > 0), "<li>…</li>" * (first + len(shown) < len(tokens))
    return f'<ol class="tokens" aria-label="The sequence">{before}{"".join(marks)}{after}</ol>'
