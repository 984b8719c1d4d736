"""What boxes for pasted and uploaded files take, and why they take one not."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put
from rnnviz.core import limits
from rnnviz.tables.encoding import GUESSED

MEGABYTES = limits.LARGEST_CUT // 1_000_000  # of a file whose beginning is read
LONGEST_PASTED = 20_000  # characters; a longer text makes a box to type in slow, so it comes as a file


def refused(why: str, name: str) -> None:
    """Why what came last was not taken; out of sight while the box itself refuses another file.

    name: of the box, apart from those of others.
    """
    with st.container(key=f"refused-{name}"):
        st.error(escaped(why))


def first_rows(rows: Sequence[str]) -> None:
    """The first rows of what somebody brought, as they are learned."""
    if rows:
        st.caption("First rows, as they are learned:")
        st.code("\n".join(rows), language=None, wrap_lines=True)


def encoding(key: str, now: str, changed: Callable[..., None], args: tuple[Any, ...] = ()) -> None:
    """In which encoding a file is read, to be changed, where it was guessed: `now` is one of `GUESSED`."""
    put(key, now)
    st.selectbox(
        "Encoding of the file", list(GUESSED), list(GUESSED).index(now), GUESSED.__getitem__, key=key,
        on_change=changed, args=args,
    )  # fmt: skip
