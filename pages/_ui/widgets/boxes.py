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
_LONGEST_NAME = 40  # characters of a file's name that are shown
_ENDING = 12  # of these at its end
BEFORE = "What is learned now is what was learned before."


def refused(why: str, name: str) -> None:
    """Why what came last was not taken; out of sight while the box itself refuses another file.

    name: of the box, apart from those of others.
    """
    with st.container(key=f"refused-{name}"):
        st.error(escaped(why))


def short(name: str) -> str:
    """The name of a file or a column of the visitor's as it is shown: a long one without its middle."""
    seen = "".join(one for one in name if one.isprintable())
    return seen if len(seen) <= _LONGEST_NAME else f"{seen[: _LONGEST_NAME - _ENDING - 1]}…{seen[-_ENDING:]}"


def not_read(name: str, why: object) -> str:
    """That a file is refused, and why."""
    return f"“{short(name)}” was not read: {why}"


def source(names: Sequence[str], refused: object) -> str:
    """Where that is from which is learned: of names of a file or of its columns; "" if nobody knows.

    refused: whether something else that came later was not taken.
    """
    named = " and ".join(f"“{short(name)}”" for name in names)
    if refused:
        return f"Still learning {named}." if named else BEFORE
    return f"File: {named}." if named else ""


def back(title: str, put_away: Callable[..., None], key: str, args: tuple[Any, ...] = ()) -> None:
    """The button that takes away what the visitor brought: the task's own data are learned again."""
    st.button(title, on_click=put_away, key=key, args=args, width="stretch")


def first_rows(rows: Sequence[str], title: str = "First rows, as they are learned:") -> None:
    """The first rows of what somebody brought, below a title."""
    if rows:
        st.caption(title)
        st.code("\n".join(rows), language=None, wrap_lines=True)


def encoding(key: str, now: str, changed: Callable[..., None], args: tuple[Any, ...] = ()) -> None:
    """In which encoding a file is read, to be changed, where it was guessed: `now` is one of `GUESSED`."""
    put(key, now)
    st.selectbox(
        "Encoding of the file", list(GUESSED), list(GUESSED).index(now), GUESSED.__getitem__, key=key,
        on_change=changed, args=args,
    )  # fmt: skip
