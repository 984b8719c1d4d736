"""By hand: a number in a field of its own, without a visible title, that holds as soon as the field is left."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages._ui.widgets.values import standing


def field(label: str, key: str, holds: float, width: int, on_change: Callable[..., None], *given: Any) -> None:
    """A field that holds this number. It takes any: the browser would refuse one without a word.

    label:     what screen readers call it.
    on_change: called with what is `given` and the key, when the visitor has typed another number.
    """
    st.number_input(
        label,
        value=float(standing(key, holds)),
        step=0.1,
        format=_format(holds),
        key=key,
        on_change=on_change,
        args=(*given, key),
        label_visibility="collapsed",
        width=width,
    )


def _format(value: float) -> str:
    """As many digits after the point as it needs, six at most. In a browser, %g writes all there are."""
    if round(value, 6) == value:
        return "%g"
    return f"%.{max(1, len(f'{value:.6f}'.rstrip('0').partition('.')[2]))}f"
