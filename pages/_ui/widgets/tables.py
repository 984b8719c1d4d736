"""Tables of numbers as plain HTML: they can be read aloud, copied, and scroll sideways by themselves on a phone."""

import html
from collections.abc import Sequence

import streamlit as st


def safe(text: str) -> str:
    """Text as it is, nothing in it read as HTML."""
    return html.escape(text)


def subscript(name: str) -> str:
    """A name such as W_xh with its index set low."""
    letter, _, index = name.partition("_")
    return f"<i>{safe(letter)}</i><sub>{safe(index)}</sub>" if index else f"<i>{safe(letter)}</i>"


def table(
    head: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], key: str, at: int = -1, about: str = ""
) -> None:
    """Rows of cells, each with a name at its left; all given as HTML.

    head:  what stands above the column of names and above every other column.
    at:    the column, from 0 without that of the names, that is marked; -1 for none.
    about: what the table shows, for those who hear it.
    """
    above = "".join(f'<th scope="col"{_marked(i - 1, at)}>{cell}</th>' for i, cell in enumerate(head))
    body = "".join(
        f'<tr><th scope="row">{name}</th>'
        + "".join(f"<td{_marked(i, at)}>{c}</td>" for i, c in enumerate(cells))
        + "</tr>"
        for name, cells in rows
    )
    caption = f"<caption>{safe(about)}</caption>" if about else ""
    with st.container(key=key):
        st.html(f'<table class="numbers">{caption}<thead><tr>{above}</tr></thead><tbody>{body}</tbody></table>')


def lines(rows: Sequence[tuple[str, Sequence[str]]], key: str) -> None:
    """Equations, each with a name above it; given as text."""
    said = "".join(
        f"<dt>{safe(name)}</dt>" + "".join(f"<dd>{safe(line)}</dd>" for line in written) for name, written in rows
    )
    with st.container(key=key):
        st.html(f'<dl class="sums">{said}</dl>')


def _marked(i: int, at: int) -> str:
    return ' class="at"' if i == at >= 0 else ""
