"""The whole of one watcher's story with a worker that trains: from nothing to the end, every number that of the run."""

import numpy as np

import rnnviz as rv
from pages._ui.live import names
from rnnviz import live
from rnnviz.engine import Engine
from rnnviz.specs.branch import Training
from tests.engine.helpers import until
from tests.live.reader import unpack
from tests.pages.watching import MODELS, Server


def experiment(seed: int) -> rv.Experiment:
    return rv.Experiment(rv.task("adding", length=8), MODELS, rv.TrainingSpec(steps=400, batch=8, seed=seed))


def test_from_the_first_message_to_the_end(worker: Engine, served: Server) -> None:
    chosen = experiment(51)
    name = names.name_of(Training(chosen))
    with served.watch(name) as watcher:
        told = [watcher.read()]
        assert told[0]["status"]["state"] == "none"
        job = worker.submit(chosen, "a")
        places = [-1]
        while not told[-1]["over"] or told[-1]["id"] != job.id or places[-1] < len(job.run.frames) - 1:
            told.append(watcher.next())  # the end may be told while the moment before the last is on its way
            places += [told[-1]["moment"]["place"]] if "moment" in told[-1] and told[-1]["id"] == job.id else []
        assert watcher.closed() == (1000, "over")
    mine = [one for one in told if one["id"] == job.id]
    places = [one["moment"]["place"] for one in mine if "moment" in one]
    assert places == sorted(set(places)) and places[-1] == len(job.run.frames) - 1
    steps = {}
    for one in mine:
        if "tail" in one:
            begin = one["tail"]["after"] + 1
            assert begin <= len(steps), "no gap"
            steps |= dict(enumerate(one["tail"]["steps"].tolist(), begin))
            hidden = one["moment"]["models"]["gru"]["values"]["hidden"]
            kept = job.run.frames[one["moment"]["place"]].models["gru"].trace["hidden"][0, 0, :, 0]
            assert hidden.tobytes() == kept.tobytes()
    assert list(steps.values()) == list(job.run.steps)


def test_pause_and_resume_reach_the_watcher(worker: Engine, served: Server) -> None:
    chosen = rv.Experiment(rv.task("adding", length=8), MODELS, rv.TrainingSpec(steps=20_000, batch=8, seed=52))
    job = worker.submit(chosen, "a")
    with served.watch(names.name_of(Training(chosen))) as watcher:
        told = watcher.read()
        while told["status"]["state"] != "training" or "moment" not in told:
            told = watcher.next()
        job.pause("a")
        while told["status"]["state"] != "paused":
            told = watcher.next()
        newest = len(job.run.frames) - 1
        job.resume("a")
        while told.get("moment", {}).get("place", -1) <= newest:
            told = watcher.next()
        job.stop("a")
        while told["status"]["state"] != "stopped":
            told = watcher.next()
        assert told["over"]


def test_twenty_watchers_of_one_run_all_get_to_its_end(worker: Engine, served: Server) -> None:
    job = worker.submit(experiment(53), "a")
    watchers = [served.watch(names.name_of(job.training), view) for view in ["compare", "states;probe=1"] * 10]
    for watcher in watchers:
        told = watcher.read()
        while not told["over"] or told["id"] != job.id:
            told = watcher.next()
        assert told["status"]["state"] == "finished" and watcher.closed()[0] == 1000
    until(lambda: served.sockets == 0)
    status, _, body = served.frame(job.key, len(job.run.frames) - 1, id=job.id)
    wanted = unpack(live.pack(live.moment(job.run, live.View("compare"), len(job.run.frames) - 1)))
    assert status == 200
    np.testing.assert_equal(unpack(body)["moment"], wanted)
