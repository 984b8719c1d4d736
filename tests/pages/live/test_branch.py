"""A branch on its channel: its own moments, and beside them its original as far as that is known."""

import dataclasses
from typing import Any

import pytest

from pages._ui.live import messages, names
from pages._ui.live.standing import standing
from rnnviz.engine import Engine, Job, protocol
from rnnviz.live.view import View
from rnnviz.runs.frames import Replayed
from rnnviz.specs.branch import Branch, Training
from rnnviz.specs.experiment import Experiment
from tests.engine.helpers import until
from tests.live.reader import unpack
from tests.pages.watching import ByHand, Server, Watcher, frames_of, small


def slower(experiment: Experiment) -> Experiment:
    return dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, lr=1e-4))


@pytest.fixture
def original(worker: Engine) -> Job:
    job = worker.submit(small(seed=41, steps=20), "a")
    return ended(job)


def ended(job: Job) -> Job:
    until(lambda: job.over)
    assert job.status == "finished", job.message
    return job


@pytest.fixture
def branch(worker: Engine, original: Job) -> Job:
    return ended(worker.submit(slower(original.experiment), "a", start=Branch(original.experiment, 10)))


def test_the_first_message_holds_the_branch_and_the_whole_original(served: Server, branch: Job, original: Job) -> None:
    with served.watch(names.name_of(branch.training)) as watcher:
        told = watcher.read()
    assert told["id"] == branch.id and list(told["tail"]["steps"]) == list(branch.run.steps)
    assert list(told["ghost"]["steps"]) == list(original.run.steps)
    with served.watch(names.name_of(original.training)) as watcher:
        assert "ghost" not in watcher.read()


def test_the_original_is_told_again_only_when_it_has_come_further(desk: ByHand, served: Server) -> None:
    first = desk.submit(small(seed=43), "a")
    job = desk.submit(slower(first.experiment), "b", start=Branch(first.experiment, 0))
    frames = frames_of(first.experiment)

    def moment(watcher: Watcher, place: int) -> dict[str, Any]:
        desk.bring(job, frames[place])
        told = watcher.next()
        return told if "moment" in told else watcher.next()

    with served.watch(names.name_of(job.training)) as watcher:
        assert "ghost" not in watcher.read()
        assert "ghost" not in moment(watcher, 0), "there is no moment of it"
        desk.bring(first, frames[0])
        assert list(moment(watcher, 1)["ghost"]["steps"]) == [0]
        assert "ghost" not in moment(watcher, 2)
        desk.give(first, 2)
        assert list(moment(watcher, 3)["ghost"]["steps"]) == [frame.step for frame in frames[:3]]


def test_a_branch_has_other_messages_than_its_experiment(worker: Engine, branch: Job) -> None:
    plain = ended(worker.submit(branch.experiment, "a"))
    view, told = View("compare"), []
    for job in (plain, branch):
        name = names.name_of(job.training)
        told.append(unpack(messages.one(name, names.source(name), view, len(job.run.frames) - 1).packed))
    assert told[0]["run"] != told[1]["run"] and told[0]["id"] != told[1]["id"]
    scored = [[model["scored"] for model in one["moment"]["models"].values()] for one in told]
    assert told[0]["moment"]["step"] == told[1]["moment"]["step"] and scored[0] != scored[1]


def test_the_bar_says_how_far_the_way_to_the_step_is(desk: ByHand) -> None:
    parent = small(seed=44, steps=400)
    job = desk.submit(slower(parent), "a", start=Branch(parent, 240))
    source = names.source(names.name_of(Training(job.experiment, job.start)))

    def said(step: int) -> str:
        desk._desk.report(protocol.Stepped(job.place.number, 0, 0.1, 1.0, Replayed(step, 240) if step else None))
        return standing(source)["text"]

    assert said(144) == "training again up to training step 240: 60 %"
    assert said(239) == "training again up to training step 240: 99 %"
    assert said(0).startswith("training step 240 of 400")


def test_the_last_run_from_another_seed_comes_with_the_first_message_and_nothing_else_does(
    worker: Engine, served: Server, original: Job, branch: Job
) -> None:
    job = ended(worker.submit(original.experiment.seeded(42), "a"))
    source = names.source(names.name_of(job.training))
    assert source is not None and names.before(source) is None
    last = names.name_of(original.training)
    with served.watch(names.name_of(job.training), last=last) as watcher:
        told = watcher.read()
    assert list(told["ghost"]["steps"]) == list(original.run.steps)
    assert told["ghost"]["gradients"].keys() == {*job.experiment.labels}
    other = dataclasses.replace(original.experiment, task=dataclasses.replace(original.experiment.task, length=7))  # type: ignore[type-var]
    for name in ("no such name", names.name_of(branch.training), names.name_of(Training(other))):
        assert names.before(source, name) is None
