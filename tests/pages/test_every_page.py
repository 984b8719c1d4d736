"""Every registered page for every kind of task: before, during and after training, nothing goes wrong."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from pages._ui.frame import registry
from pages._ui.frame.registry import Need
from rnnviz.findings import findings
from rnnviz.tasks import TASKS
from rnnviz.tasks.translating import Translating
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import PAGES, parts, press, shown_run, tell, visit, words

EVERY = tuple(registry.pages())
SHORT = {"adding": {"length": "6"}, "waves": {"length": "6"}, "brackets": {"length": "6"}, "recall": {"lag": "4"}}
SHORT |= {"text": {"corpus": "hello", "length": "6"}}
TINY = {"steps": "3", "batch": "4"}
DEEP = "lstm:hidden=4:layers=2:bidirectional=true,gru:hidden=3:reset=before,rnn:hidden=5:activation=relu"
SIX = ",".join(f"{cell}:hidden=3" for cell in ("rnn", "lstm", "gru") * 2)
HALVES = {
    "the task's own": "gru:hidden=4:bidirectional=true:attention=additive,gru:hidden=4:bidirectional=true",
    "mixed cells": "lstm:hidden=4:attention=dot:decoder=gru,gru:hidden=4:attention=general:decoder=lstm,rnn:hidden=4",
    "deep": "lstm:hidden=4:layers=2:bidirectional=true:attention=general:decoder=rnn,lstm:hidden=4:layers=2",
}
MODELS = [("adding", DEEP), ("adding", SIX), *(("reverse", models) for models in HALVES.values())]
THROUGHOUT = ("adding", "recall", "brackets", "reverse", "tagging", "learners")  # one of each shape


def query(task: str, models: str = "") -> dict[str, str]:
    usual = (
        "gru:hidden=4:attention=dot,gru:hidden=4" if issubclass(TASKS[task], Translating) else "rnn:hidden=4,lstm,gru"
    )
    return {"task": task, "models": models or usual.replace("lstm,gru", "lstm:hidden=4,gru:hidden=4")} | (
        SHORT.get(task, {}) | TINY
    )


def through(app: AppTest, pages: Iterable[str] = EVERY) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each page in turn, in good order: told which run it is, and its parts plain data."""
    for page in pages:
        app.switch_page(f"{page}.py").run()
        assert not app.exception and not app.main.error, (page, [one.value for one in app.main.error])
        told = parts(app)
        assert ("bar" in told) == (registry.pages()[page].needs is not Need.NOTHING), page
        json.dumps(told, allow_nan=False)
        yield page, told


@pytest.mark.parametrize("task", THROUGHOUT)
def test_before_during_and_after_training(engine: FakeEngine, task: str) -> None:
    app = visit(query(task))
    assert not app.exception and not app.sidebar.error
    for _ in through(app):
        assert not engine.all, "nobody has pressed Train"
    press(app.switch_page("compare.py").run(), "Train")
    (job,) = engine.all
    job.train(2)
    for page, told in through(app):
        if "bar" in told:
            assert told["bar"]["run"].partition("~")[0] == job.key
            assert shown_run(app)["place"] == 1, page
    job.train()
    for page, told in through(app):
        if "bar" in told:
            assert shown_run(app)["step"] == 3, page


@pytest.mark.parametrize("task", [name for name in TASKS if name not in THROUGHOUT])
def test_of_every_other_task_after_training(engine: FakeEngine, task: str) -> None:
    app = press(visit(query(task)), "Train")
    engine.all[0].train()
    for page, told in through(app):
        if "bar" in told:
            assert shown_run(app)["step"] == 3, page


@pytest.mark.parametrize(("task", "models"), MODELS)
def test_stacked_two_way_six_and_mixed_models(engine: FakeEngine, task: str, models: str) -> None:
    app = press(visit(query(task, models)), "Train")
    engine.all[0].train()
    for _ in through(app, PAGES):
        assert [one["label"] for one in parts(app)["bar"]["scene"]["models"]] == list(engine.all[0].experiment.labels)
    layer, direction = (0, "backward") if "bidirectional" in models else (0, "forward")
    for page in (name for name, spec in registry.pages().items() if spec.reports):
        app.switch_page(f"{page}.py").run()
        app = tell(app, step=1, probe=1, layer=layer, direction=direction, unit=1, time=2)
        assert not app.exception and not app.main.error, page


@pytest.mark.parametrize("page", PAGES)
def test_the_stage_comes_first_on_every_page_and_there_is_one(engine: FakeEngine, page: str) -> None:
    app = visit(page=page)
    boards = [told for told in parts(app).values() if told["kind"] == "board"]
    assert [told["key"] for told in boards if told["stage"]] == ["stage"] == [boards[0]["key"]]
    assert not any(one.value.startswith("## ") for one in app.main.markdown), "the menu says which page it is"


@pytest.mark.parametrize("page", EVERY)
def test_a_first_visit_shows_the_run_that_comes_with_the_app(engine: FakeEngine, page: str) -> None:
    app = visit(page=page)
    assert not app.exception and not app.error and not engine.all
    if registry.pages()[page].needs is Need.RUN:
        assert shown_run(app)["step"] == 1_500


@pytest.mark.parametrize("page", EVERY)
def test_a_model_that_ended_early_is_no_trouble_to_any_page(engine: FakeEngine, page: str) -> None:
    """A learning rate at which numbers overflow at once."""
    app = press(
        visit(query("adding", "rnn:hidden=4:activation=relu,gru:hidden=4") | {"lr": "1", "steps": "60"}), "Train"
    )
    engine.all[0].train()
    assert not app.switch_page(f"{page}.py").run().exception and not app.main.error


@pytest.mark.parametrize("task", ["adding", "recall", "waves", "brackets", "text"])
def test_every_finding_leads_to_a_page_that_is_there(task: str) -> None:
    small = {"adding": {"length": 12}, "recall": {"lag": 6}}.get(task, {})
    models = (rv.ModelSpec("rnn", 4, init="scaled", sigma_max=2), rv.ModelSpec("lstm", 4, forget_bias=6.0))
    run = rv.run(rv.Experiment(rv.task(task, **small), models, rv.TrainingSpec(steps=25, batch=4)))
    views = {spec.view for spec in registry.pages().values()}
    for step in run.steps:
        for finding in findings(run, step):
            assert finding.view in views or finding.kind == "diverged"


def test_an_experiment_that_nobody_trained_asks_for_no_numbers(engine: FakeEngine) -> None:
    app = visit({"task": "recall"})
    for _ in through(app):
        assert not engine.asked
    assert "Recall the first letter" in words(app.switch_page("compare.py").run())
