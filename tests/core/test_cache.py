"""What is made once is handed to all, within a budget of bytes."""

import dataclasses
import gc
import random
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import CodeType, FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.core.cache import Cache
from tests.engine.helpers import until


@dataclasses.dataclass(frozen=True)
class Picture:
    """Something with a size."""

    nbytes: int


def small(budget: int = 1_000, most: int | None = None) -> Cache[object, Picture]:
    return Cache("pictures", budget, most=most)


def kept(cache: Cache[object, Picture]) -> set[object]:
    return set(cache)


def waiting() -> int:
    """How many threads wait for a value that another one makes."""
    return sum({Cache.get.__code__, Future.result.__code__} <= set(_code(frame)) for frame in _threads())


def _threads() -> list[FrameType]:
    return list(sys._current_frames().values())


def _code(frame: FrameType | None) -> Iterator[CodeType]:
    while frame is not None:
        yield frame.f_code
        frame = frame.f_back


def test_thirty_who_ask_at_once_get_one_value() -> None:
    cache, count, all_here = small(), [], threading.Barrier(30)

    def make() -> Picture:
        count.append(1)
        return Picture(10)

    def ask(_: int) -> Picture:
        all_here.wait(10)
        return cache.get(("run", 3, "states"), make)

    with ThreadPoolExecutor(30) as watchers:
        found = list(watchers.map(ask, range(30)))
    assert len(count) == 1
    assert all(one is found[0] for one in found)


@pytest.mark.parametrize("size", [10, 2_000])
def test_those_who_wait_get_a_value_that_is_not_kept_too(size: int) -> None:
    cache, go, made = small(), threading.Event(), []

    def make() -> Picture:
        made.append(1)
        assert go.wait(10)
        return Picture(size)

    with ThreadPoolExecutor(5) as watchers:
        asked = [watchers.submit(cache.get, "key", make) for _ in range(5)]
        until(lambda: waiting() == 4)
        go.set()
        found = [one.result(10) for one in asked]
    assert len(made) == 1 and all(one is found[0] for one in found)
    assert len(cache) == (size == 10)


def test_those_who_ask_for_something_else_do_not_wait() -> None:
    cache, may_end = small(), threading.Event()

    def slow() -> Picture:
        assert may_end.wait(10)
        return Picture(1)

    with ThreadPoolExecutor(1) as other:
        asked = other.submit(cache.get, "slow", slow)
        assert cache.get("quick", lambda: Picture(2)).nbytes == 2
        may_end.set()
        assert asked.result(10).nbytes == 1


def test_an_error_goes_to_the_caller_and_the_next_tries_again() -> None:
    cache = small()

    def fail() -> Picture:
        raise LookupError("no frame yet")

    with pytest.raises(LookupError, match="no frame yet"):
        cache.get("key", fail)
    assert cache.get("key", lambda: Picture(1)) == Picture(1)


def test_an_error_goes_to_all_who_wait() -> None:
    cache, go, tried = small(), threading.Event(), []

    def fail() -> Picture:
        tried.append(1)
        assert go.wait(10)
        raise LookupError("no frame yet")

    with ThreadPoolExecutor(5) as watchers:
        asked = [watchers.submit(cache.get, "key", fail) for _ in range(5)]
        until(lambda: waiting() == 4)
        go.set()
        for one in asked:
            with pytest.raises(LookupError, match="no frame yet"):
                one.result(10)
    assert len(tried) == 1 and not len(cache)


def test_one_whose_script_is_ended_leaves_it_to_the_next() -> None:
    class ScriptEnds(BaseException):
        """As Streamlit ends a script: nobody else's business."""

    cache, go = small(), threading.Event()

    def ended() -> Picture:
        assert go.wait(10)
        raise ScriptEnds

    with ThreadPoolExecutor(2) as watchers:
        first = watchers.submit(cache.get, "key", ended)
        until(lambda: "key" in cache._underway)
        second = watchers.submit(cache.get, "key", lambda: Picture(7))
        until(lambda: waiting() == 1)
        go.set()
        assert isinstance(first.exception(10), ScriptEnds)
        assert second.result(10) == Picture(7)


def test_a_size_that_cannot_be_told_is_an_error_and_nobody_waits_for_ever() -> None:
    cache: Cache[str, int] = Cache("broken", 10, size=lambda value: 1 // value)
    with pytest.raises(ZeroDivisionError):
        cache.get("key", lambda: 0)
    assert cache.get("key", lambda: 1) == 1


def test_none_is_a_value() -> None:
    cache: Cache[str, None] = Cache("nothing", 1_000)
    made = []
    for _ in range(2):
        assert cache.get("key", lambda: made.append(1)) is None
    assert len(made) == 1


def test_the_least_recently_used_goes_first() -> None:
    cache = small(most=2)
    for key in ("a", "b", "a", "c"):
        cache.get(key, lambda: Picture(1))
    assert kept(cache) == {"a", "c"}
    assert cache.find("a") and cache.find("b") is None
    cache.put("d", Picture(1))
    assert kept(cache) == {"a", "d"}, "to find is to use"


def test_bytes_make_room_as_numbers_do() -> None:
    cache = small(100)
    for key in range(4):
        cache.put(key, Picture(30))
    assert kept(cache) == {1, 2, 3} and cache.nbytes == 90
    cache.put(9, Picture(50))
    assert kept(cache) == {3, 9} and cache.nbytes == 80


def test_a_value_larger_than_the_budget_is_handed_out_and_costs_the_others_nothing() -> None:
    cache = small(10)
    cache.put("small", Picture(4))
    assert cache.get("large", lambda: Picture(11)).nbytes == 11
    assert kept(cache) == {"small"} and cache.nbytes == 4
    cache.put("small", Picture(11))
    assert not len(cache) and cache.nbytes == 0, "it has grown"


def test_what_has_grown_is_weighed_again() -> None:
    cache, grown = Cache[str, list[Picture]]("lists", 100, lambda parts: sum(part.nbytes for part in parts)), []
    cache.put("other", [Picture(40)])
    for _ in range(3):
        grown.append(Picture(30))
        cache.put("key", grown)
    assert list(cache) == ["key"] and cache.nbytes == 90


def test_what_is_dropped_is_gone_and_dropping_nothing_is_no_error() -> None:
    cache = small()
    cache.put("a", Picture(1))
    cache.put("b", Picture(2))
    cache.drop("a")
    cache.drop("never there")
    assert kept(cache) == {"b"} and cache.nbytes == 2
    cache.clear()
    assert not len(cache) and cache.nbytes == 0


def test_a_finalizer_may_drop_in_the_thread_that_is_at_work_on_the_cache() -> None:
    class Owner:
        """Somebody whose values go with them."""

    cache, owner = small(), Owner()
    weakref.finalize(owner, cache.drop, "theirs")
    cache.put("theirs", Picture(1))
    cache.put("others'", Picture(1))
    with cache._held():
        del owner
        gc.collect()
    assert kept(cache) == {"others'"}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 70)), max_size=60))
def test_never_more_than_allowed_and_the_order_is_that_of_use(asked: list[tuple[int, int]]) -> None:
    cache, model = small(60, most=4), dict[int, int]()
    for key, size in asked:
        found = cache.get(key, lambda size=size: Picture(size)).nbytes  # type: ignore[misc]
        assert found == model.pop(key, size)
        if found <= 60:
            model[key] = found
        while len(model) > 4 or sum(model.values()) > 60:
            del model[next(iter(model))]
        assert kept(cache) == set(model) and cache.nbytes == sum(model.values())


def test_many_threads_at_once() -> None:
    cache, making, twice = small(300, most=8), set(), []

    def work(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(400):
            key = rng.randrange(12)

            def make(key: int = key) -> Picture:
                if key in making:
                    twice.append(key)
                making.add(key)
                if rng.random() < 0.1:
                    time.sleep(0.0005)
                making.discard(key)
                if rng.random() < 0.1:
                    raise LookupError(key)
                return Picture(10 * key)

            match rng.randrange(8):
                case 0:
                    cache.drop(key)
                case 1:
                    cache.put(key, Picture(10 * key))
                case 2:
                    assert cache.find(key) in (None, Picture(10 * key))
                    assert set(cache) <= set(range(12))
                case _:
                    try:
                        assert cache.get(key, make) == Picture(10 * key)
                    except LookupError as error:
                        assert error.args == (key,)

    with ThreadPoolExecutor(16) as workers:
        for done in [workers.submit(work, seed) for seed in range(16)]:
            done.result(60)
    assert not twice and not cache._underway
    assert len(cache) <= 8 and cache.nbytes == sum(10 * key for key in cache) <= 300  # type: ignore[misc, operator]
