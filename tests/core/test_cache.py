"""What is drawn once is handed to all."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.core.cache import Drawn


@dataclasses.dataclass(frozen=True)
class Picture:
    """Something with a size."""

    nbytes: int


def test_thirty_who_ask_at_once_get_one_drawing() -> None:
    drawn, count, all_here = Drawn[Picture](), [], threading.Barrier(30)

    def draw() -> Picture:
        count.append(1)
        return Picture(10)

    def ask(_: int) -> Picture:
        all_here.wait(10)
        return drawn.get(("run", 3, "states"), draw)

    with ThreadPoolExecutor(30) as watchers:
        found = list(watchers.map(ask, range(30)))
    assert len(count) == 1
    assert all(one is found[0] for one in found)


def test_those_who_ask_for_something_else_do_not_wait() -> None:
    drawn, may_end = Drawn[Picture](), threading.Event()

    def slow() -> Picture:
        assert may_end.wait(10)
        return Picture(1)

    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(drawn.get, "slow", slow)
        assert drawn.get("quick", lambda: Picture(2)).nbytes == 2
        may_end.set()
        assert waiting.result(10).nbytes == 1


def test_an_error_goes_to_the_caller_and_the_next_tries_again() -> None:
    drawn = Drawn[Picture]()

    def fail() -> Picture:
        raise LookupError("no frame yet")

    with pytest.raises(LookupError, match="no frame yet"):
        drawn.get("key", fail)
    assert drawn.get("key", lambda: Picture(1)) == Picture(1)


def test_what_nobody_asked_for_longest_goes_first() -> None:
    drawn = Drawn[Picture](most=2)
    for key in ("a", "b", "a", "c"):
        drawn.get(key, lambda: Picture(1))
    again = []
    drawn.get("a", lambda: again.append("a") or Picture(1))
    drawn.get("b", lambda: again.append("b") or Picture(1))
    assert again == ["b"]


def test_a_drawing_larger_than_all_that_may_be_kept_is_still_handed_out() -> None:
    drawn = Drawn[Picture](most_bytes=10)
    assert drawn.get("large", lambda: Picture(11)).nbytes == 11
    assert len(drawn) == 0
    assert drawn.nbytes == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=60))
def test_never_more_than_allowed(asked: list[tuple[int, int]]) -> None:
    drawn = Drawn[Picture](most=4, most_bytes=60)
    for key, size in asked:
        drawn.get(key, lambda size=size: Picture(size))
        assert len(drawn) <= 4
        assert 0 <= drawn.nbytes <= 60
