"""A text that is put into a box stays there until the browser has heard of it; what is typed then counts."""

from collections.abc import Iterator

import pytest
import streamlit as st

from pages._ui.widgets import values

KEY = "box"


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """A session's memory; what it holds under the key is what the browser says."""
    held: dict[str, object] = {KEY: "old"}
    monkeypatch.setattr(st, "session_state", held)
    yield held


def test_a_run_that_began_before_the_browser_heard_of_the_text_brings_not_the_old_one_back(
    session: dict[str, object],
) -> None:
    values.retype(KEY, "new")
    for _ in range(3):
        assert values.settled(KEY) == "new"
        session[KEY] = "old"
    assert values.settled(KEY) == session[KEY] == "new"


@pytest.mark.parametrize("runs", [1, 2, 5])
def test_what_is_typed_counts_once_the_browser_has_heard_of_the_text(session: dict[str, object], runs: int) -> None:
    values.retype(KEY, "new")
    for _ in range(1 + runs):
        assert values.settled(KEY) == "new"
    for typed in ("old", "other", "new", "old"):
        session[KEY] = typed
        assert values.settled(KEY) == typed


def test_something_else_is_typed_at_once(session: dict[str, object]) -> None:
    values.retype(KEY, "new")
    assert values.settled(KEY) == "new"
    session[KEY] = "typed"
    assert values.settled(KEY) == "typed"
    session[KEY] = "old"
    assert values.settled(KEY) == "old"


def test_the_same_text_again_and_nothing_put(session: dict[str, object]) -> None:
    assert values.settled(KEY) == "old"
    values.retype(KEY, "old")
    assert values.settled(KEY) == values.settled(KEY) == "old"
    del session[KEY]
    assert values.settled(KEY) == ""
