"""The temperature at which symbols are drawn."""

import streamlit as st

from pages._ui.widgets.values import standing

HOT = 2.0  # the highest that is offered


def temperature(key: str, least: float, usual: float, said: str) -> float:
    """A slider from `least` to `HOT`; said: what its lowest and highest values do."""
    return float(
        st.slider(
            "Temperature",
            least,
            HOT,
            standing(key, usual),
            0.1,
            key=key,
            width=280,
            help=f"The scores of all symbols are divided by it before the softmax: {said}.",
            persist_state="session",
        )
    )
