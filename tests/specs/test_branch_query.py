"""A link leads to a branch: where it started and what its originals had otherwise come back, exactly."""

import dataclasses

import pytest

import rnnviz as rv
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, TextNeeded
from rnnviz.specs.branch import Branch, Training
from rnnviz.specs.branch_query import PARAM, read, to_params, to_query
from rnnviz.specs.experiment import Experiment

PARENT = rv.Experiment(rv.task("recall", lag=20), training=rv.TrainingSpec(steps=60, lr=0.02))


def trained_with(experiment: Experiment, **values: object) -> Experiment:
    return dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, **values))


def other_length(experiment: Experiment, **values: object) -> Experiment:
    return dataclasses.replace(experiment, task=dataclasses.replace(experiment.task, **values))


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
    assert read(params, {own.task.digest: own.task.text}) == training
    with pytest.raises(TextNeeded):
        read(params)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("step=61", "step must be a whole number from 0 to 60; got 61"),
        ("step=x", "step must be a whole number from 0 to 60; got 'x'"),
        ("lr=0.1", "step must be a whole number from 0 to 60; got an empty text"),
        ("step=5&batch=7", "training.batch must be 7, as in the training it starts from; got 32"),
        ("step=5&nonsense=1", "nonsense"),
        ("step=5&step=6", "step must be given once"),
        (";".join(["step=5"] * 17), "branch must be at most 16 branches; got 17"),
    ],
)
def test_what_is_no_branch_is_refused_in_a_sentence(written: str, said: str) -> None:
    with pytest.raises(ExperimentError) as refused:
        read(to_params(Training(PARENT)) | {PARAM: written})
    assert said in str(refused.value)
