"""A link leads to a branch: where it started and what its originals had otherwise come back, exactly."""

import dataclasses
from typing import Any

import pytest

import rnnviz as rv
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, TextNeeded
from rnnviz.specs.branch import Branch, Training
from rnnviz.specs.branch_query import PARAM, fits, read, to_params, to_query
from rnnviz.specs.experiment import Experiment

PARENT = rv.Experiment(rv.task("recall", lag=20), training=rv.TrainingSpec(steps=60, lr=0.02))


def trained_with(experiment: Experiment, **values: Any) -> Experiment:
    return dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, **values))


def other_length(experiment: Experiment, **values: Any) -> Experiment:
    return dataclasses.replace(experiment, task=dataclasses.replace(experiment.task, **values))  # type: ignore[type-var]


SLOWER = trained_with(PARENT, lr=0.002)
BIASED = dataclasses.replace(
    PARENT, models=tuple(dataclasses.replace(m, forget_bias=3.0) if m.cell == "lstm" else m for m in PARENT.models)
)
TRAININGS = {
    "from first weights": Training(PARENT),
    "another learning rate": Training(SLOWER, Branch(PARENT, 24)),
    "nothing changed": Training(PARENT, Branch(PARENT, 24)),
    "clipping off": Training(trained_with(PARENT, clip=None), Branch(PARENT, 0)),
    "what the original has by default": Training(SLOWER, Branch(trained_with(PARENT, lr=0.01), 24)),
    "forget bias": Training(BIASED, Branch(PARENT, 24)),
    "longer": Training(other_length(PARENT, lag=40), Branch(PARENT, 24)),
    "a branch of a branch": Training(trained_with(SLOWER, clip=0.1), Branch(SLOWER, 40, Branch(PARENT, 24))),
}


@pytest.mark.parametrize("name", TRAININGS)
def test_a_training_comes_back_from_its_link(name: str) -> None:
    training = TRAININGS[name]
    params = to_params(training)
    assert read(params) == training and read(params).key == training.key
    assert (PARAM in params) == (training.start is not None)
    own = {name: value for name, value in params.items() if name != PARAM}
    assert own == to_params(Training(training.experiment))


def test_it_is_short_and_can_be_read() -> None:
    assert to_query(TRAININGS["another learning rate"]).endswith("lr=0.002&branch=step=24%26lr=0.02")
    assert len(to_query(TRAININGS["a branch of a branch"])) < 200


def test_the_deepest_chain_fits_into_a_link() -> None:
    start: Branch | None = None
    for place in range(limits.MOST_BRANCHES):
        start = Branch(trained_with(PARENT, lr=1e-3 * (1 + place % 2)), place, start)
    training = Training(PARENT, start)
    assert read(to_params(training)) == training


def test_a_long_text_stands_in_it_by_its_hash_alone() -> None:
    text = "the quick brown fox jumps over the lazy dog. " * 40
    own = rv.Experiment(rv.task("text", corpus="own", text=text), training=rv.TrainingSpec(steps=20))
    training = Training(other_length(own, length=30), Branch(own, 10))
    params = to_params(training)
    assert text not in str(params) and "text_hash" not in params[PARAM]
    assert read(params, {own.task.digest: own.task.text}) == training  # type: ignore[attr-defined]
    with pytest.raises(TextNeeded):
        read(params)


def test_the_deepest_chain_of_the_longest_models_fits_too() -> None:
    """Many models of which every branch changes one: each level of the link names them all."""
    models = tuple(
        rv.ModelSpec("lstm", 17 + place, 2, bidirectional=True, dropout=0.25, forget_bias=1.0)
        for place in range(limits.MOST_MODELS)
    )
    start: Branch | None = None
    for place in range(limits.MOST_BRANCHES):
        biased = tuple(dataclasses.replace(model, forget_bias=float(place % 7)) for model in models)
        start = Branch(dataclasses.replace(PARENT, models=biased), place, start)
    training = Training(dataclasses.replace(PARENT, models=models), start)
    assert fits(training) and read(to_params(training)) == training


def test_a_link_that_is_too_long_is_known_before(monkeypatch: pytest.MonkeyPatch) -> None:
    training = TRAININGS["a branch of a branch"]
    length = sum(map(len, (*to_params(training), *to_params(training).values())))
    for longest in (length, length - 1):
        monkeypatch.setattr(limits, "LONGEST_QUERY", longest)
        assert fits(training) == (longest == length)
    with pytest.raises(ExperimentError, match="query must be at most"):
        read(to_params(training))


def test_a_link_of_before_with_more_signs_escaped_still_opens() -> None:
    written = "step=24&models=rnn%2Clstm%3Ahidden%3D9%3Aforget_bias%3D1"
    params = {"task": "recall", "models": "rnn,lstm:hidden=9:forget_bias=3", PARAM: written}
    training = read(params)
    assert training.start is not None and training.start.parent.models[1].forget_bias == 1.0
    assert to_params(training)[PARAM] == "step=24&models=rnn,lstm:hidden=9:forget_bias=1"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("step=61", "branch: step must be a whole number from 0 to 60; got 61"),
        ("step=x", "branch: step must be a whole number from 0 to 60; got 'x'"),
        ("lr=0.1", "branch: step must be a whole number from 0 to 60; got an empty text"),
        ("step=5&lr=9", "branch: learning rate must be a number from 1e-06 to 1; got 9.0"),
        ("step=5&batch=7", "branch: batch size must be 7, as in the training it starts from; got 32"),
        ("step=5&models=gru:hidden=0", "branch: width of model 1 must be a whole number from 1 to"),
        ("step=5&letters=9", "branch: letters must be 9, as in the training it starts from"),
        ("step=5&nonsense=1", "branch: nonsense must be left out (known here: task, lag,"),
        ("step=5&step=6", "branch: step must be given once; got it 2 times"),
        (
            "step=60",
            "branch: training steps must be more than 60, the training step it starts from, else nothing would be",
        ),
        ("step=60&lr=0.1", "else nothing would be trained; got 60"),
        (
            "step=5&-foo",
            "the name after a minus must be one of task, steps, lr, which the link says of the branch; got 'foo'",
        ),
        ("step=5&lr=0.1&-foo=1", "branch: the name after a minus must be one of"),
        ("step=5&-lr=0.1", "branch: -lr must be without a value; got '0.1'"),
        ("step=5&-lr;step=4&-lr", "branch: the name after a minus must be one of task, steps, which"),
        (";".join(["step=5"] * 17), "branch must be at most 16 branches; got 17"),
    ],
)
def test_what_is_no_branch_is_refused_in_a_sentence(written: str, said: str) -> None:
    with pytest.raises(ExperimentError) as refused:
        read(to_params(Training(PARENT)) | {PARAM: written})
    assert said in str(refused.value)
