"""Constructing an experiment builds no data, whatever it is to learn from."""

import pickle
from typing import Any, Never

import pytest

import rnnviz as rv
from rnnviz.core.contents import Content
from rnnviz.tasks import TASKS, Task, batch, corpora, phrases, sentiment, tagging, task, worded
from rnnviz.tasks.dates import task as dates
from rnnviz.tasks.pairs import prepared
from rnnviz.tasks.sentiment import reviews
from tests.support.review_files import table

OWN = [
    task("text", corpus="own", text="what somebody brought " * 50),
    task("pairs", text="".join(f"row {n},zeile {n}\n" for n in range(40))),
    task("sentiment", table=table(60)),
]
BUILDERS = [
    (corpora, "prepare"),
    (corpora, "shipped"),
    (prepared, "prepare"),
    (dates, "writer_of"),
    (phrases.task, "_table"),
    (sentiment.task, "_reviews"),
    (tagging.task, "_sentences"),
    (reviews, "opened"),
    (worded, "prepared"),
    (batch, "held_out"),
    (batch, "probes"),
    *((kind, name) for kind in TASKS.values() for name in ("sample", "probes", "make_held_out")),
]


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever builds data fails."""

    def refuse(*_args: object, **_named: object) -> Never:
        raise AssertionError("data was built")

    for owner, name in BUILDERS:
        monkeypatch.setattr(owner, name, refuse)
    monkeypatch.setattr(rv.Experiment, "checked", refuse)


@pytest.mark.parametrize("chosen", [*(task(name) for name in TASKS), *OWN], ids=lambda one: one.name)
def test_constructing_an_experiment_builds_no_data(sealed: None, chosen: Task) -> None:
    experiment = rv.Experiment(chosen)
    models = (rv.ModelSpec("gru", 8), rv.ModelSpec("lstm", 8, layers=2))
    another = rv.Experiment(chosen, models, rv.TrainingSpec(steps=50))
    assert experiment.labels and len(another.labels) == 2


@pytest.mark.parametrize("chosen", OWN, ids=lambda one: one.name)
def test_what_is_named_by_its_hash_is_not_opened(sealed: None, monkeypatch: pytest.MonkeyPatch, chosen: Any) -> None:
    monkeypatch.setattr(Content, "view", None)
    again = type(chosen)(**chosen.__getstate__())
    assert rv.Experiment(again).labels and len(pickle.dumps(again)) < 400


@pytest.mark.parametrize("name", ["text", "tagging", "phrases", "sentiment"])
def test_a_task_of_any_name_is_made_without_its_data(sealed: None, name: str) -> None:
    assert rv.Experiment(task(name)).key
