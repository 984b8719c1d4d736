"""What the messages of many watchers share: made once, kept within bounds, and told of from any thread."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pages._ui.live import feed as feeds
from pages._ui.live.arrivals import MOST_JOBS, Arrivals
from pages._ui.live.messages import FEW_KINDS, Message, since
from rnnviz.core import limits
from tests.pages.fakes import FakeJob
from tests.pages.watching import ByHand, small


def in_feed(use: Callable[[feeds.Feed], Awaitable[Any]]) -> Any:
    """Run a coroutine function with a feed of its own loop; the test's thread may have a loop already."""

    async def whole() -> Any:
        shared = feeds.Feed()
        try:
            return await use(shared)
        finally:
            shared.close()

    found = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(whole())))
    thread.start()
    thread.join(30)
    return found[0]


def test_of_many_who_ask_at_once_one_has_it_made(desk: ByHand) -> None:
    made = []

    async def use(shared: feeds.Feed) -> Any:
        def make() -> Message:
            made.append(threading.current_thread().name)
            return Message(b"x")

        return await asyncio.gather(*(shared.encoded("key", make) for _ in range(50)))

    assert len(set(map(id, in_feed(use)))) == 1 and len(made) == 1
    assert made[0].startswith("rnnviz-encode"), "not in the server's loop"


def test_what_failed_is_made_anew(desk: ByHand) -> None:
    async def use(shared: feeds.Feed) -> Any:
        with pytest.raises(ZeroDivisionError):
            await shared.encoded("key", lambda: 1 / 0)
        return await shared.encoded("key", lambda: Message(b"x"))

    assert in_feed(use).packed == b"x"


def test_one_who_gives_up_waiting_costs_the_others_nothing(desk: ByHand) -> None:
    async def use(shared: feeds.Feed) -> Any:
        go = threading.Event()
        asked = [asyncio.ensure_future(shared.encoded("key", lambda: go.wait(20) and Message(b"x"))) for _ in range(3)]
        await asyncio.sleep(0)
        asked[0].cancel()
        await asyncio.sleep(0)
        go.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    gone, *others = in_feed(use)
    assert isinstance(gone, asyncio.CancelledError) and [one.packed for one in others] == [b"x", b"x"]


def test_the_oldest_messages_make_room(desk: ByHand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MESSAGE_BYTES_KEPT", 1000)

    async def use(shared: feeds.Feed) -> Any:
        for key in range(6):
            await shared.encoded(key, lambda: Message(bytes(300)))
            await shared.encoded(0, lambda: Message(bytes(300)))
        kept, held = set(shared._kept), shared._kept.nbytes
        large = await shared.encoded("large", lambda: Message(bytes(5000)))
        return kept, held, len(large.packed), set(shared._kept)

    assert in_feed(use) == ({4, 5, 0}, 900, 5000, {4, 5, 0})


def test_who_waits_is_woken_by_news_of_that_experiment_from_any_thread(desk: ByHand) -> None:
    job, other = desk.submit(small(seed=1), "a"), desk.submit(small(seed=2), "a")

    async def use(shared: feeds.Feed) -> Any:
        waiting = [asyncio.ensure_future(shared.news(job.key, 20)) for _ in range(3)]
        elsewhere = asyncio.ensure_future(shared.news(other.key, 20))
        await asyncio.sleep(0)
        await asyncio.to_thread(desk.give, job, 1)
        await asyncio.gather(*waiting)
        done = elsewhere.done()
        elsewhere.cancel()
        return done

    assert not in_feed(use)


def test_news_that_a_run_was_forgotten_brings_it_not_back(desk: ByHand, monkeypatch: pytest.MonkeyPatch) -> None:
    """It did: the run was read from disk at every moment of every other run, and forgotten again by the next."""
    job, other = desk.submit(small(seed=1), "a"), desk.submit(small(seed=2), "b")

    async def use(shared: feeds.Feed) -> Any:
        await asyncio.to_thread(desk.finish, job)
        job.stop("a")
        monkeypatch.setattr(limits, "BYTES_KEPT", 1)
        await asyncio.to_thread(desk.give, other, 1)
        return desk.job(job.id), desk.at_hand(job.key)

    assert in_feed(use) == (None, None)
    assert desk.find(job.key) is not None, "who asks for it gets it"


def test_nobody_waits_longer_than_asked(desk: ByHand) -> None:
    in_feed(lambda shared: shared.news("nothing", 0.01))


def test_who_leaves_at_the_moment_of_news_has_left(desk: ByHand) -> None:
    async def use(shared: feeds.Feed) -> Any:
        waiting = asyncio.ensure_future(shared.news("key", 60))
        await asyncio.sleep(0)
        shared._wake("key")
        waiting.cancel()
        await asyncio.wait([waiting], timeout=10)
        return waiting.cancelled()

    assert in_feed(use)


def test_after_the_end_news_hurt_nobody(desk: ByHand) -> None:
    job = desk.submit(small(), "a")

    async def use(shared: feeds.Feed) -> Any:
        return shared

    ended = in_feed(use)
    desk.give(job, 1)
    ended._heard(job.key)  # its loop is closed


@pytest.mark.parametrize("newest", [0, 1, 15, 16, 17, 100])
def test_a_message_begins_where_a_browser_is_or_before_and_is_one_of_few(newest: int) -> None:
    begins = {seen: since(seen, newest) for seen in range(-1, newest)}
    assert all(-1 <= begin <= seen for seen, begin in begins.items())
    assert begins.get(newest - 1) == newest - 1, "who keeps up gets what is new alone"
    assert len(set(begins.values())) <= 2 + newest / FEW_KINDS


def test_moments_come_when_they_are_first_heard_of() -> None:
    arrivals, job = Arrivals(), FakeJob(small())
    arrivals.note(None)
    arrivals.note(job)
    assert arrivals.of(job, 0) is arrivals.of(None, 0) is None
    job.train(1)
    arrivals.note(job)
    first = arrivals.of(job, 0)
    job.train(1)
    arrivals.note(job)
    assert first is not None and arrivals.of(job, 0) == first
    for number in range(MOST_JOBS):
        arrivals.note(FakeJob(small(), number + 1).train(1))
    assert arrivals.of(job, 0) is None, "it is forgotten"
