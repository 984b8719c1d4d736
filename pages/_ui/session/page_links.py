"""The ways from page to page, with the experiment in each, so that one press of Back is one step back."""

from collections.abc import Mapping

import streamlit as st

from rnnviz.specs.experiment import Experiment
from rnnviz.specs.query import to_params

_titles: dict[str, str] = {}  # name of a page's file → title


def know(titles: Mapping[str, str]) -> None:
    """Which pages there are; told by the registry, which stands above all that draws links."""
    _titles.update(titles)


def show(name: str, experiment: Experiment, label: str = "") -> None:
    """A link to a page; without a label its title stands there, after an arrow."""
    st.page_link(f"{name}.py", label=label or f"→ {_titles[name]}", query_params=to_params(experiment))
