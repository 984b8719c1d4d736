"""Every page for tasks that are answered by sequences: encoder and decoder, with attention and without."""

import pytest

import rnnviz as rv
from rnnviz.tasks import TASKS
from tests.pages.test_laboratory import at_once, choose  # noqa: F401
from tests.pages.test_visit import PAGES, press, visit, words

NAMES = [name for name, kind in TASKS.items() if kind.answers == "sequence"]
MODELS = {
    "the task's own": "gru:hidden=4:bidirectional=true:attention=additive,gru:hidden=4:bidirectional=true",
    "mixed cells": "lstm:hidden=4:attention=dot:decoder=gru,gru:hidden=4:attention=general:decoder=lstm,rnn:hidden=4",
    "deep": "lstm:hidden=4:layers=2:bidirectional=true:attention=general:decoder=rnn,lstm:hidden=4:layers=2",
}
TINY = {"steps": "3", "batch": "4"}


def frames(job, count):
    for frame in list(rv.train(job.experiment))[:count]:
        job.run.append(frame)


def every_page(app):
    for page in PAGES:
        app.switch_page(f"{page}.py").run()
        assert not app.exception, page
        assert not app.main.error, page
        yield page


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("models", MODELS)
def test_every_page_before_during_and_after_training(engine, name, models):
    app = visit({"task": name, "models": MODELS[models]} | TINY)
    assert not app.exception and not app.sidebar.error
    for _ in every_page(app):
        assert not app.get("vega_lite_chart") and "Nobody has trained" in words(app)
    app = press(app, "Train")
    (job,) = engine.jobs.values()
    job.status = "training"
    frames(job, 2)
    for page in every_page(app):
        assert app.get("vega_lite_chart"), page
    frames(job, None)
    job.status = "finished"
    for page in every_page(app):
        assert len(app.get("vega_lite_chart")) >= 2, page


def finished(engine, query, page):
    app = press(visit(query | TINY, page), "Train")
    job = engine.jobs[list(engine.jobs)[-1]]
    frames(job, None)
    job.status = "finished"
    return app.run(), job
