"""What the live channel refuses: foreign pages, unknown runs and views, too many, and who guesses at own data."""

import dataclasses
import json

import pytest
from streamlit import config
from websockets.exceptions import InvalidStatus

import rnnviz as rv
from pages._ui.live import names
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.specs.branch import Training
from tests.engine.helpers import until
from tests.pages.watching import Server, small


@pytest.fixture
def job(desk):
    return desk.submit(small(), "a")


@pytest.fixture
def name(job):
    return names.name_of(job.training)


@pytest.mark.parametrize("run", ["0" * 20, "nobody", "%00", "<b>", "a~b", "~"])
def test_a_run_that_no_page_has_told_of_is_refused(desk, served, run):
    with served.watch(run) as watcher:
        assert watcher.closed()[0] == 4404
    status, headers, body = served.frame(run, 0)
    assert (status, headers["cache-control"]) == (404, "no-store") and run.encode() not in body


@pytest.mark.parametrize("view", ["", "nowhere", "compare;probe=99", "compare;layer=1", "compare;direction=backward"])
def test_a_view_that_the_experiment_lacks_is_refused(desk, served, job, name, view):
    desk.give(job, 1)
    with served.watch(name, view) as watcher:
        assert watcher.closed()[0] == 4404
    assert served.frame(name, 0, view)[0] == 404


def test_a_page_of_another_origin_gets_nothing(desk, served, job, name):
    desk.give(job, 1)
    for origin in ("http://evil.example", "null", f"http://127.0.0.1.evil.example:{served.port}"):
        with pytest.raises(InvalidStatus, match="403"):
            served.watch(name, origin=origin)
    with served.watch(name, origin=f"http://127.0.0.1:{served.port}") as own:
        assert own.read()["moment"]["place"] == 0
    assert served.sockets <= 1


def test_no_more_watch_than_the_server_can_bear(desk, served, job, name, monkeypatch):
    monkeypatch.setattr(limits, "MOST_SOCKETS", 2)
    desk.give(job, 1)
    with served.watch(name) as first, served.watch(name) as second:
        first.read()
        second.read()
        with served.watch(name) as third:
            assert third.closed()[0] == 4429
    until(lambda: served.sockets == 0)
    with served.watch(name) as again:
        assert again.read()["moment"]["place"] == 0


def test_a_name_that_is_forgotten_while_somebody_watches_is_refused_like_an_unknown_one(desk, served, monkeypatch):
    task = rv.task("text", corpus="own", text="to be or not " * 9, length=8)
    own = rv.Experiment(task, small().models, rv.TrainingSpec(steps=2, batch=2))
    name, job = names.name_of(Training(own)), desk.submit(own, "a")
    desk.give(job, 1)
    with served.watch(name) as watcher:
        watcher.read()
        monkeypatch.setattr(names, "_named", Cache("named", limits.NAMED_BYTES_KEPT))
        watcher.draw()
        desk.give(job, 1)
        assert watcher.closed()[0] == 4404


def test_both_routes_stand_behind_the_base_path(desk, job, name, monkeypatch):
    desk.give(job, 1)
    kept = config.get_option
    monkeypatch.setattr(config, "get_option", lambda key: "/lab/one/" if key == "server.baseUrlPath" else kept(key))
    with Server() as served:
        with served.watch(name, base="/lab/one") as watcher:
            assert watcher.read()["moment"]["place"] == 0
        assert served.frame(name, 0, base="/lab/one")[0] == 200
        assert served.frame(name, 0)[0] == 404
        with pytest.raises(InvalidStatus):
            served.watch(name)


def test_a_run_of_somebodys_own_text_is_found_by_its_secret_name_alone(desk, served):
    task = rv.task("text", corpus="own", text="<b>secret</b> & שלום " * 9, length=8)
    own = rv.Experiment(task, small().models, rv.TrainingSpec(steps=2, batch=2))
    name, job = names.name_of(Training(own)), desk.submit(own, "a")
    assert own.key not in name and names.name_of(Training(own)) == name
    desk.give(job, 1)
    for guess in (own.key, f"{own.key}~{job.id}", f"~{job.id}", job.id):
        with served.watch(guess) as watcher:
            assert watcher.closed()[0] == 4404
        assert served.frame(guess, 0, id=job.id)[0] == 404
    with served.watch(name) as watcher:
        told = watcher.read()
        assert told["moment"]["place"] == 0 and own.key not in json.dumps(told["status"])
    assert served.frame(name, 0, id=job.id)[0] == 200


def test_a_run_of_common_data_is_found_by_its_key_as_long_as_it_is_there(desk, served):
    job = desk.submit(small(seed=991), "a")
    desk.give(job, 1)
    with served.watch(job.key) as watcher:
        assert watcher.read()["id"] == job.id
    assert dataclasses.replace(job.experiment).key == job.key
