"""An experiment and a branch that comes to the same settings never share a name, a run, an answer or a picture."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from pages._ui.live import names
from pages._ui.session import shipped
from rnnviz.engine.questions import Call
from rnnviz.specs import branch_query
from rnnviz.specs.branch import Branch, Training
from tests.pages.fakes import FakeEngine, FakeJob
from tests.pages.visiting import SMALL, parts, press, visit

STEP = 2


def test_a_branch_of_the_shipped_experiment_is_no_shipped_run() -> None:
    default = rv.Experiment()
    slower = dataclasses.replace(default, training=dataclasses.replace(default.training, lr=0.1))
    assert shipped.of(Training(default)) is shipped.find(default) is not None
    assert shipped.of(Training(default, Branch(slower, 5))) is None


def test_equal_experiments_with_another_start_have_names_and_runs_of_their_own(engine: FakeEngine) -> None:
    default = rv.Experiment()
    other = dataclasses.replace(default, training=dataclasses.replace(default.training, lr=0.1))
    plain, branch = Training(default), Training(default, Branch(other, 5))
    told = [names.name_of(one) for one in (plain, branch)]
    assert told[0] != told[1] and [names.training_of(name) for name in told] == [plain, branch]
    assert names.source(told[0]).id == "shipped" and not names.source(told[1]).run.frames
    assert names.source(told[1]).run.start == branch.start


@pytest.mark.parametrize("page", ["anatomy", "gradients", "compare", "attention"])
def test_what_is_asked_of_a_branch_is_answered_with_its_own_weights(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """Both have the same experiment and the same step: only where they started tells them apart."""
    query = {"anatomy": SMALL, "gradients": SMALL}.get(page) or {
        "compare": {"task": "sentiment", "steps": "4", "models": "lstm:hidden=4"},
        "attention": {"task": "reverse", "steps": "4", "length": "4", "models": "gru:hidden=4:attention=dot"},
    }[page]
    query = query | {"seed": "4711"}  # of no other test, whose answers this process may still have
    app = press(visit(query, page), "Train")
    (job,) = engine.all
    job.train()
    parent = dataclasses.replace(job.experiment, training=dataclasses.replace(job.experiment.training, lr=0.5))
    branch = engine.submit(job.experiment, "another", start=Branch(parent, STEP)).train()
    weights = [next(iter(one.run.at().measured.values())).weights for one in (job, branch)]
    assert any((weights[0][name] != weights[1][name]).any() for name in weights[0])
    asked = []
    monkeypatch.setattr(engine, "ask", lambda call, timeout=0: asked.append(call) or type(engine).ask(engine, call))
    app.run()
    of_plain = len(asked)
    other = visit(query | {"branch": branch_query.to_params(branch.training)["branch"]}, page)
    assert not other.exception and parts(other)["bar"]["run"] == branch.key
    assert len(asked) == 2 * of_plain, "no answer of one is taken for the other's"
    given = [weights for call in asked[of_plain:] for weights in weights_in(call)]
    assert given or not of_plain
    assert all(any(same(weights, own) for own in measured(branch)) for weights in given)


def weights_in(call: Call[Any]) -> Iterator[dict[str, np.ndarray]]:
    """All weights that a question holds."""
    for arg in call.args:
        yield from (one for one in (arg if isinstance(arg, list) else [arg]) if isinstance(one, dict))


def measured(job: FakeJob) -> list[dict[str, np.ndarray]]:
    """The weights of all its frames and models."""
    return [model.weights for frame in job.run.frames for model in frame.models.values()]


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
