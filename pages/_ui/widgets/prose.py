"""Prose and style from `assets/`."""

import functools
from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parents[3] / "assets"


@functools.cache
def text(name: str) -> str:
    """The Markdown file `assets/<name>.md`."""
    return (ASSETS / f"{name}.md").read_text(encoding="utf-8")


def lesson(name: str, title: str) -> None:
    """A longer text, one click away: it and what sets its equations come to the browser when it is opened."""
    drawer = st.expander(title, key=f"lesson-{Path(name).name}", on_change="rerun")
    if drawer.open:
        drawer.markdown(text(name))


def style() -> None:
    """The few rules that the theme cannot say."""
    st.html(ASSETS / "style.css")
