"""Values that are kept to be handed out again, within budgets of bytes; `statistics` tells of all caches."""

import collections
import contextlib
import dataclasses
import functools
import itertools
import sys
import threading
import weakref
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any, Generic, ParamSpec, TypeVar

import cachetools
import cachetools.keys

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
P = ParamSpec("P")


@dataclasses.dataclass(frozen=True)
class Statistics:
    """What one cache holds: `nbytes` of at most `budget` bytes, in so many `entries`."""

    name: str
    nbytes: int
    budget: int
    entries: int


def size_of(value: object) -> int:
    """Bytes of a value: what it says itself as `nbytes`, else the sum over its parts.

    Parts are those of mappings, lists, tuples, sets and dataclasses. One that occurs twice counts twice.
    """
    if isinstance(value, str | int | float | bytes):  # most parts are, and the other questions take longer
        return sys.getsizeof(value)
    if (nbytes := getattr(value, "nbytes", None)) is not None:
        return int(nbytes)
    parts: Iterable[object] = ()
    if isinstance(value, Mapping):
        parts = itertools.chain(value.keys(), value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        parts = value
    elif dataclasses.is_dataclass(value):
        parts = vars(value).values()
    return sys.getsizeof(value) + sum(map(size_of, parts))


class Cache(Generic[K, V]):
    """Values by hashable key; the least recently used make room. Safe to use from many threads.

    name:    for `statistics`.
    budget:  bytes of all values together. One that is larger alone is handed out and not kept.
    size:    bytes of a value. It is weighed when it is put; one that has grown since is to be put again.
    most:    number of values; None for any.
    counted: whether `statistics` tells of it; False for one whose bytes another cache counts.

    What it hands out is shared, so nobody may change it.
    """

    def __init__(
        self,
        name: str,
        budget: int,
        size: Callable[[V], int] = size_of,
        most: int | None = None,
        counted: bool = True,
    ) -> None:
        self.name = name
        self.budget = budget
        self.most = most
        self._size = size
        self._lock = threading.Lock()
        self._kept: cachetools.LRUCache[K, tuple[V, int]] = cachetools.LRUCache(budget, getsizeof=lambda kept: kept[1])
        self._underway: dict[K, Future[V]] = {}
        self._dropped: collections.deque[K] = collections.deque()
        if counted:
            with _all_lock:
                _all.add(self)

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value kept under `key`, else what `make` returns.

        Of many threads that ask for one key at once, one makes the value and the others wait for it. An error of
        `make` goes to all of them, and is not kept. What is no `Exception`, such as the end of a Streamlit script,
        concerns its own thread alone: another one tries.
        """
        while True:
            with self._held():
                if key in self._kept:
                    return self._kept[key][0]
                other = self._underway.get(key)
                if other is None:
                    self._underway[key] = Future()
                    break
            with contextlib.suppress(CancelledError):
                return other.result()
        try:
            value = make()
            self.put(key, value)
        except Exception as error:
            self._made(key).set_exception(error)
            raise
        except BaseException:
            self._made(key).cancel()
            raise
        self._made(key).set_result(value)
        return value

    def find(self, key: K) -> V | None:
        """The value kept under `key`, if there is one."""
        with self._held():
            return self._kept[key][0] if key in self._kept else None

    def put(self, key: K, value: V) -> None:
        """Keep a value in place of any other under `key`."""
        size = self._size(value)
        with self._held():
            self._kept.pop(key, None)
            if size <= self.budget:
                self._kept[key] = (value, size)
            while self.most is not None and len(self._kept) > self.most:
                self._kept.popitem()

    def drop(self, key: K) -> None:
        """Keep no value under `key`.

        A finalizer may call it, even in a thread that is at work on this very cache: it waits for no lock, and whoever
        holds that does it in its place.
        """
        self._dropped.append(key)
        self._sweep()

    def clear(self) -> None:
        """Keep no value at all."""
        with self._held():
            self._kept.clear()

    def __iter__(self) -> Iterator[K]:
        """All keys there are now, in no particular order; what comes and goes meanwhile does no harm."""
        with self._held():
            return iter(list(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def nbytes(self) -> int:
        """Bytes of all values."""
        return int(self._kept.currsize)

    @property
    def statistics(self) -> Statistics:
        """What it holds."""
        with self._held():
            return Statistics(self.name, self.nbytes, self.budget, len(self._kept))

    def _made(self, key: K) -> Future[V]:
        """What others wait for, now that the value or the error is there."""
        with self._held():
            return self._underway.pop(key)

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        """The lock; before and after it, what others wanted to drop is dropped."""
        try:
            with self._lock:
                self._drop_all()
                yield
        finally:
            self._sweep()

    def _sweep(self) -> None:
        """Drop what is to be dropped, unless another holds the lock and is about to do it."""
        while self._dropped and self._lock.acquire(blocking=False):
            try:
                self._drop_all()
            finally:
                self._lock.release()

    def _drop_all(self) -> None:
        while self._dropped:
            self._kept.pop(self._dropped.popleft(), None)


_all: "weakref.WeakSet[Cache[Any, Any]]" = weakref.WeakSet()
_all_lock = threading.Lock()


def statistics() -> tuple[Statistics, ...]:
    """Those of all caches of this process, by name."""
    with _all_lock:
        caches = list(_all)
    return tuple(sorted((cache.statistics for cache in caches), key=lambda one: one.name))


def kept_in(cache: "Cache[Any, Any]") -> Callable[[Callable[P, V]], Callable[P, V]]:
    """A decorator: the results of a function of hashable arguments are kept in `cache`, which many may share."""

    def decorated(function: Callable[P, V]) -> Callable[P, V]:
        @functools.wraps(function)
        def found(*args: Any, **named: Any) -> V:
            key = cachetools.keys.hashkey(function, *args, **named)
            value: V = cache.get(key, lambda: function(*args, **named))
            return value

        return found

    return decorated
