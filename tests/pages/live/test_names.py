"""Which run stands behind a name: finished ones stay, stopped ones give way, the shipped one until there is another."""

import dataclasses

import pytest

import rnnviz as rv
from pages._ui.live import names
from pages._ui.session import shipped
from rnnviz.core.cache import Cache
from rnnviz.specs.branch import Training
from tests.pages.watching import MODELS, small


@pytest.fixture
def job(desk):
    return desk.submit(small(), "a")


def named(job):
    return names.name_of(job.training)


def test_before_there_is_anything_there_is_an_empty_run_of_no_job(desk):
    name = names.name_of(Training(small(seed=5)))
    found = names.source(name)
    assert found.job is None and not found.run.frames and found.id.startswith("none ")
    assert found.over and names.source("unknown") is None


def test_the_shipped_run_is_shown_until_the_first_moment_of_a_job_comes(desk):
    default = rv.Experiment()
    name = names.name_of(Training(default))
    assert names.source(name).id == "shipped" and names.source(name).run is shipped.find(default)
    job = desk.submit(default, "a")
    waiting = names.source(name, "shipped")
    assert (waiting.id, waiting.job, waiting.over) == ("shipped", job, True)
    job.add(shipped.find(default).frames[0])
    found = names.source(name, "shipped")
    assert (found.id, found.run, found.over) == (job.id, job.run, False)


def test_a_watcher_of_the_shipped_run_is_moved_to_the_one_that_is_trained(desk, served):
    default = rv.Experiment()
    name = names.name_of(Training(default))
    with served.watch(name) as watcher:
        told = watcher.read()
        assert told["id"] == "shipped" and told["status"]["state"] == "shipped" and told["over"]
        job = desk.submit(default, "a")
        assert watcher.next()["status"]["state"] == "queued"
        desk.bring(job, shipped.find(default).frames[0])
        told = watcher.next()
        assert (told["id"], told["moment"]["place"], told["tail"]["after"]) == (job.id, 0, -1)


def test_who_watches_a_finished_run_keeps_it_while_somebody_trains_it_again(desk, job):
    desk.finish(job)
    again = desk.submit(job.experiment, "b", again=True)
    desk.give(again, 1)
    assert names.source(named(job), job.id).run is job.run
    assert names.source(named(job)).run is again.run, "a newcomer sees what goes on"
    assert names.source(names.name_of(job.training, again.id), job.id).run is again.run
    assert names.source(names.name_of(job.training, job.id)).run is job.run


def test_watchers_of_the_finished_and_of_the_new_run_get_their_own(desk, served, job):
    desk.finish(job)
    again = desk.submit(job.experiment, "b", again=True)
    desk.give(again, 2)
    with served.watch(named(job), id=job.id) as mine:
        told = mine.read()
        assert told["id"] == job.id and told["over"] and mine.closed()[0] == 1000
    with served.watch(names.name_of(job.training, again.id)) as yours:
        told = yours.read()
        assert (told["id"], told["over"], told["moment"]["place"]) == (again.id, False, 1)
    assert served.frame(named(job), 0, id=job.id)[0] == served.frame(named(job), 0, id=again.id)[0] == 200


def test_a_stopped_run_gives_way_to_the_next(desk, served, job):
    desk.give(job, 3)
    with served.watch(named(job)) as watcher:
        assert watcher.read()["id"] == job.id
        job.stop("a")
        told = watcher.next()
        assert told["status"]["state"] == "stopped" and told["over"]
        after = desk.submit(job.experiment, "a")
        watcher.draw()
        desk.give(after, 1)
        while (told := watcher.read())["id"] != after.id:
            watcher.draw()
        assert (told["moment"]["place"], told["tail"]["after"], told["over"]) == (0, -1, False)


def test_until_the_next_run_has_a_moment_a_stopped_one_is_not_called_its_own(desk, job):
    desk.give(job, 3)
    job.stop("a")
    assert names.source(named(job), job.id).run is job.run
    after = desk.submit(job.experiment, "a")
    found = names.source(named(job), job.id)
    assert found.job is after and found.run is not job.run and not found.run.frames


def test_an_id_of_another_experiment_leads_nowhere_else(desk, job):
    other = desk.submit(small(seed=3), "b")
    desk.give(job, 1)
    desk.give(other, 1)
    assert names.source(named(job), other.id).run is job.run
    assert names.source(f"{named(job)}~{other.id}").run is job.run


def test_the_names_of_own_data_tell_nothing_and_stay_the_same():
    def own(kind, **params):
        return rv.Experiment(rv.task(kind, **params), MODELS, rv.TrainingSpec(steps=1))

    texts = own("text", corpus="own", text="to be or not to be " * 9)
    pairs = own("pairs", text="a,b\nc,d\n")
    for experiment in (texts, pairs):
        assert names.holds_own_data(experiment)
        assert (
            names.name_of(Training(experiment))
            == names.name_of(Training(dataclasses.replace(experiment)))
            != experiment.key
        )
        assert experiment.key not in names.name_of(Training(experiment))
        assert names.training_of(names.name_of(Training(experiment))) == Training(experiment)
    for common in (own("text"), own("pairs"), own("dates"), rv.Experiment()):
        assert not names.holds_own_data(common) and names.name_of(Training(common)) == common.key


def test_so_many_names_are_kept_and_those_told_last(desk, monkeypatch):
    monkeypatch.setattr(names, "_named", Cache("named", 3, size=lambda _: 1))
    told = [names.name_of(Training(small(seed=seed))) for seed in range(3)]
    names.name_of(Training(small(seed=0)))
    names.name_of(Training(small(seed=9)))
    assert [names.training_of(name) is not None for name in told] == [True, False, True]
