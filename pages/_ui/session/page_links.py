"""The ways from page to page, with the experiment in each, so that one press of Back is one step back."""

import functools
from collections.abc import Mapping

import streamlit as st

from rnnviz.specs import branch_query
from rnnviz.specs.branch import Training

_titles: dict[str, str] = {}  # name of a page's file → title


@functools.lru_cache(maxsize=4)  # every link of a page has the same; an experiment may hold a long text
def _params(training: Training) -> dict[str, str]:
    return branch_query.to_params(training)


def know(titles: Mapping[str, str]) -> None:
    """Which pages there are; told by the registry, which stands above all that draws links."""
    _titles.update(titles)


def show(name: str, training: Training, label: str = "") -> None:
    """A link to a page; without a label its title stands there, after an arrow."""
    st.page_link(f"{name}.py", label=label or f"→ {_titles[name]}", query_params=_params(training))
