"""Stepping through a sequence: by button, by arrow key, by slider; and where in the sequence one is."""

import html

import streamlit as st

from pages._ui.session.state import get_state

_SHOWN = 61  # tokens at most, around the current one


def choose(tokens: tuple[str, ...]) -> int:
    """Draw the controls and the tokens; returns the time step, from 0."""
    last = len(tokens)
    now = min(1 + (get_state().looked.get("time") or 0), last)
    st.html(_row(tokens, now - 1))
    return now - 1


def _row(tokens: tuple[str, ...], time: int) -> str:
    """The sequence with the current step marked, for eyes and for screen readers."""
    first = max(0, min(time - _SHOWN // 2, len(tokens) - _SHOWN))
    shown = tokens[first : first + _SHOWN]
    now = ' aria-current="step"'
    marks = [f"<li{now * (place == time)}>{html.escape(token)}</li>" for place, token in enumerate(shown, first)]
    before, after = "<li>…</li>" * (first > 0), "<li>…</li>" * (first + len(shown) < len(tokens))
    return f'<ol class="tokens" aria-label="The sequence">{before}{"".join(marks)}{after}</ol>'
