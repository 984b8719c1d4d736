"""The live channel over a real server: what is sent, when, to whom, and what is refused."""

import time

import numpy as np
import pytest

from pages._ui.live import messages, names
from pages._ui.live import routes as live_routes
from rnnviz import live
from tests.engine.helpers import until
from tests.live.reader import unpack
from tests.pages.watching import frames_of, small


@pytest.fixture
def job(desk):
    return desk.submit(small(), "a")


@pytest.fixture
def name(job):
    return names.name_of(job.training)


def test_the_first_message_holds_the_newest_moment_and_everything_before_it(desk, served, job, name):
    desk.give(job, 3)
    with served.watch(name) as watcher:
        told = watcher.read()
    assert (told["run"], told["id"], told["view"], told["over"]) == (name, job.id, "compare", False)
    assert told["status"]["state"] == "training" and told["moment"]["place"] == 2
    assert told["tail"]["after"] == -1 and told["tail"]["steps"].tolist() == list(job.run.steps)
    wanted = live.moment(job.run, live.View("compare"), 2)["models"]["gru"]["values"]["hidden"]
    assert told["moment"]["models"]["gru"]["values"]["hidden"].tobytes() == wanted.tobytes()


def test_where_there_is_nothing_yet_the_status_comes_alone_and_then_the_first_moment(desk, served, job, name):
    with served.watch(name) as watcher:
        told = watcher.read()
        assert told["status"]["state"] == "queued" and "moment" not in told and "tail" not in told
        desk.give(job, 1)
        assert watcher.next()["moment"]["place"] == 0


def test_a_message_says_when_its_moment_came(desk, served, job, name):
    desk.give(job, 1)
    with served.watch(name) as watcher:
        assert watcher.read()["born"] is None, "nobody was listening"
        before = time.time()
        desk.give(job, 1)
        after = time.time()
        assert before <= watcher.next()["born"] <= after


def test_without_credit_nothing_comes_and_with_it_the_newest_alone(desk, served, job, name):
    desk.give(job, 1)
    with served.watch(name) as watcher:
        assert watcher.read()["moment"]["place"] == 0
        for _ in range(4):
            desk.give(job, 1)
        told = watcher.next()  # had anything come before it, this would be an older moment
        assert told["moment"]["place"] == 4
        assert told["tail"]["after"] <= 0 and told["tail"]["to"] == 4


def test_many_credits_at_once_count_as_one(desk, served, job, name):
    desk.give(job, 1)
    with served.watch(name) as watcher, served.watch(name) as other:
        watcher.read()
        other.read()
        for _ in range(20):
            watcher.draw()
        watcher.socket.ping().wait(30)  # all of them have been read
        for _ in range(5):  # the other has a credit for each of these, so they come one by one
            desk.give(job, 1)
            other.next()
        desk.finish(job)
        watcher.draw()
        came = [watcher.read()]
        while not came[-1]["over"]:
            came.append(watcher.read())
        assert len(came) == 2, "one for all that were given at once, one for the last"


def test_the_end_is_told_and_the_socket_closed(desk, served, job, name):
    desk.give(job, 1)
    with served.watch(name) as watcher:
        watcher.read()
        desk.finish(job)
        told = watcher.next()
        assert told["over"] and told["status"]["state"] == "finished"
        assert told["moment"]["place"] == len(job.run.frames) - 1
        assert watcher.closed() == (1000, "over")
    with served.watch(name, id=job.id, after=len(job.run.frames) - 1) as again:
        told = again.read()
        assert told["over"] and "moment" not in told and again.closed()[0] == 1000


def test_an_end_that_comes_just_before_the_last_moment_is_encoded(desk, served, job, name, monkeypatch):
    head, last = messages.head, len(frames_of(job.experiment)) - 1
    desk.give(job)
    monkeypatch.setattr(messages, "head", lambda *given: desk.finish(job) or head(*given))
    with served.watch(name) as watcher:
        told = watcher.read()
        assert told["moment"]["place"] == last and told["over"] and told["status"]["state"] == "finished"
        assert watcher.closed() == (1000, "over")


def test_who_has_something_already_gets_what_is_missing(desk, served, job, name):
    desk.give(job, 4)
    with served.watch(name, id=job.id, after=2) as watcher:
        told = watcher.read()
        assert (told["tail"]["after"], told["tail"]["to"], told["moment"]["place"]) == (2, 3, 3)
    with served.watch(name, id=job.id, after=3) as watcher:
        assert "moment" not in watcher.read(), "there is nothing new"
        desk.give(job, 1)
        assert watcher.next()["tail"]["after"] == 3


@pytest.mark.parametrize("said", [
    {"id": "of another run", "after": 2}, {"after": 2}, {"after": 4}, {"after": 99}, {"after": -5}, {"after": "x"},
    {"after": "1" * 5000}, {"after": "٣"}, {"id": "", "after": ""},
])  # fmt: skip
def test_what_a_browser_cannot_have_of_this_run_begins_anew(desk, served, job, name, said):
    desk.give(job, 4)
    with served.watch(name, **({"id": job.id} | said if "after" in said and said["after"] in (4, 99) else said)) as one:
        told = one.read()
        assert told["tail"]["after"] == -1 and told["moment"]["place"] == 3


def test_the_status_alone_is_told_when_it_changes(desk, served, job, name):
    desk.give(job, 2)
    with served.watch(name) as watcher:
        watcher.read()
        job.pause("a")
        told = watcher.next()
        assert told["status"]["state"] == "paused" and "moment" not in told
        job.resume("a")
        assert watcher.next()["status"]["state"] in ("training", "queued")


def test_where_many_watch_another_state_is_told_and_other_words_are_not(desk, served, job, name, monkeypatch):
    monkeypatch.setattr(live_routes, "STATUS_EVERY", 0.0)
    monkeypatch.setattr(live_routes, "WORDS_PER_SECOND", 0.001)
    desk.give(job, 1)
    with served.watch(name) as watcher:
        watcher.read()
        watcher.draw()
        for step in (2, 3):
            desk.advance(job, step)
            watcher.socket.ping().wait(30)
        job.pause("a")
        told = watcher.read()
        assert told["status"]["state"] == "paused" and "step 3 of" in told["status"]["text"]


def test_who_comes_late_hears_how_the_run_is_doing_now_not_when_its_moment_was_encoded(desk, served, job, name):
    desk.give(job, 2)
    with served.watch(name) as first:
        assert first.read()["status"]["state"] == "training"
    job.pause("a")
    with served.watch(name) as late:
        told = late.read()
        if told["status"]["state"] != "paused":
            told = late.next()
        assert told["status"]["state"] == "paused"


def test_a_reader_that_vanished_is_forgotten_while_it_waits_and_while_it_owes_a_credit(desk, served, job, name):
    desk.give(job, 1)
    for owes in (True, False):
        watchers = [served.watch(name) for _ in range(5)]
        for watcher in watchers:
            watcher.read()
            if not owes:
                watcher.draw()
        assert served.sockets == 5
        for watcher in watchers:
            watcher.vanish()
        until(lambda: served.sockets == 0)


def test_a_slow_reader_keeps_nobody_waiting_and_gets_the_newest_alone(desk, served, job, name):
    desk.give(job, 1)
    with served.watch(name) as slow, served.watch(name) as quick:
        slow.read()
        quick.read()
        for place in range(1, 6):
            desk.give(job, 1)
            assert quick.next()["moment"]["place"] == place
        assert slow.next()["moment"]["place"] == 5


def test_a_moment_is_encoded_once_for_all_who_watch_it(desk, served, job, name, monkeypatch):
    encoded, moment = [], live.moment
    monkeypatch.setattr(live, "moment", lambda *given: encoded.append(given[2]) or moment(*given))
    desk.give(job, 1)
    watchers = [served.watch(name) for _ in range(12)]
    assert len({watcher.socket.recv(30) for watcher in watchers}) == 1
    for _ in range(3):
        desk.give(job, 1)
        for watcher in watchers:
            watcher.draw()
        assert len({watcher.socket.recv(30) for watcher in watchers}) == 1
    for watcher in watchers:
        watcher.close()
    assert encoded == [0, 1, 2, 3]


def test_a_moment_that_cannot_be_encoded_costs_the_socket_and_is_tried_again(desk, served, job, name, monkeypatch):
    desk.give(job, 1)
    with monkeypatch.context() as patch, served.watch(name, "states") as other:
        other.read()
        patch.setattr(live, "moment", lambda *given: 1 / 0)
        with served.watch(name) as watcher:
            assert watcher.closed()[0] == 1006, "a browser tries again"
    until(lambda: served.sockets == 0)
    with served.watch(name) as watcher:
        assert watcher.read()["moment"]["place"] == 0


# Single moments


def test_a_moment_asked_for_is_the_one_that_was_measured_and_kept_by_browsers_for_good(desk, served, job, name):
    desk.give(job, 3)
    status, headers, body = served.frame(name, 1, "states;probe=1", id=job.id)
    assert status == 200 and headers["content-type"] == "application/octet-stream"
    assert "immutable" in headers["cache-control"] and "private" in headers["cache-control"]
    told = unpack(body)
    assert (told["id"], told["view"], told["moment"]["step"]) == (job.id, "states;probe=1", job.run.steps[1])
    wanted = live.pack(live.moment(job.run, live.View("states", 1), 1))
    np.testing.assert_equal(told["moment"], unpack(wanted))
    status, headers, again = served.frame(name, 1, "states;probe=1")
    assert (status, headers["cache-control"], again) == (200, "no-store", body)


@pytest.mark.parametrize(("place", "said"), [(3, {}), (10**12, {}), (0, {"id": "another"}), ("x", {}), (-1, {})])
def test_a_moment_that_is_not_there_is_said_to_be_none_and_not_kept(desk, served, job, name, place, said):
    desk.give(job, 3)
    status, headers, _ = served.frame(name, place, **said)
    assert status == 404 and "immutable" not in headers.get("cache-control", "")
