"""Functions that share a cache, what caches say of themselves, and what values weigh."""

import dataclasses
import gc
import sys

import numpy as np

from rnnviz.core import cache as caches
from rnnviz.core.cache import Cache, Statistics, kept_in, size_of
from tests.core.test_cache import Picture


def test_functions_share_a_cache_and_keep_their_results_apart() -> None:
    cache, called = Cache[object, int]("sums", 1_000), []

    @kept_in(cache)
    def plus(a: int, b: int = 1) -> int:
        """The sum."""
        called.append((a, b))
        return a + b

    @kept_in(cache)
    def times(a: int, b: int = 1) -> int:
        called.append((a, b))
        return a * b

    assert [plus(3, 4), plus(3, 4), times(3, 4), times(3, b=5), times(3, b=5)] == [7, 7, 12, 15, 15]
    assert called == [(3, 4), (3, 4), (3, 5)] and len(cache) == 3
    assert (plus.__name__, plus.__doc__) == ("plus", "The sum.")


def test_statistics_tell_of_every_cache_that_lives_and_counts() -> None:
    one, hidden = Cache[str, bytes]("zebras", 500), Cache[str, bytes]("hidden", 500, counted=False)
    one.put("a", b"x" * 100)
    hidden.put("a", b"x" * 100)
    told = caches.statistics()
    assert Statistics("zebras", sys.getsizeof(b"x" * 100), 500, 1) in told
    assert "hidden" not in {each.name for each in told} and list(told) == sorted(told, key=lambda each: each.name)
    del one
    gc.collect()
    assert "zebras" not in {each.name for each in caches.statistics()}


def test_the_size_of_what_is_made_of_parts() -> None:
    array, text = np.zeros(1_000), "x" * 500
    assert size_of(array) == 8_000 and size_of(Picture(12)) == 12 and size_of(text) == sys.getsizeof(text)
    for whole in ([array, text], (array, text), {"a": array, "b": [text]}, {text: array}):
        assert 8_500 < size_of(whole) < 9_000

    @dataclasses.dataclass
    class Pair:
        first: object
        second: object

    assert 8_500 < size_of(Pair(array, [text])) < 9_000
    assert size_of(None) == sys.getsizeof(None)
