"""Where a training may start: what may differ from its parent, how it is named and written down."""

import dataclasses
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.core import fields, limits
from rnnviz.core.errors import ExperimentError
from rnnviz.specs.branch import Branch, first_step, key_of
from rnnviz.specs.branching import MODELS_MAY, TRAINING_MAY, check_branch
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import TASKS, task
from tests.support.strategies import experiments

MODELS = (ModelSpec("rnn", 6, 2), ModelSpec("lstm", 5, 2, forget_bias=1.0))
WRITERS = (ModelSpec("gru", 6, 2, attention="additive"), ModelSpec("lstm", 5, decoder="gru"))
PARENT = Experiment(task("recall", lag=9), MODELS, TrainingSpec(steps=50))
WRITING = Experiment(task("reverse", length=5, letters=3), WRITERS, TrainingSpec(steps=50))


def with_model(experiment: Experiment, place: int, **values: Any) -> Experiment:
    models = list(experiment.models)
    models[place] = dataclasses.replace(models[place], **values)
    return dataclasses.replace(experiment, models=tuple(models))


def with_training(experiment: Experiment, **values: Any) -> Experiment:
    return dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, **values))


def with_task(name: str, /, **params: Any) -> Experiment:
    return dataclasses.replace(PARENT, task=task(name, **params))


ALLOWED = {
    "nothing": PARENT,
    "lr": with_training(PARENT, lr=1e-4),
    "clip": with_training(PARENT, clip=None),
    "more steps": with_training(PARENT, steps=20_000),
    "fewest steps": with_training(PARENT, steps=20),
    "device": with_training(PARENT, device="cpu"),
    "all": with_training(with_model(PARENT, 0, dropout=0.5), lr=0.1, clip=2.0, steps=99),
    "dropout": with_model(PARENT, 0, dropout=0.9),
    "forget bias": with_model(PARENT, 1, forget_bias=-3.0),
    "lag": with_task("recall", lag=300),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_may_differ(name: str) -> None:
    Branch(PARENT, 20).check(ALLOWED[name])


def test_how_a_decoder_is_fed_and_how_long_strings_are_may_differ() -> None:
    for after in (
        with_training(WRITING, teacher_forcing=0.1),
        with_training(WRITING, schedule="linear"),
        dataclasses.replace(WRITING, task=task("reverse", length=12, letters=3)),
    ):
        Branch(WRITING, 50).check(after)


REFUSED = {
    "training.batch": (with_training(PARENT, batch=8), "32, as in the training it starts from; got 8."),
    "training.seed": (with_training(PARENT, seed=1), "0, as in the training it starts from; got 1."),
    "training.steps": (with_training(PARENT, steps=19), "at least 20, the training step it starts from; got 19."),
    "models": (
        dataclasses.replace(PARENT, models=MODELS[:1]),
        "2 models, as in the training it starts from; got 1 model.",
    ),
    "models[0].cell": (with_model(PARENT, 0, cell="gru"), "'rnn', as in the training it starts from; got 'gru'."),
    "models[1].hidden": (with_model(PARENT, 1, hidden=7), "5, as in the training it starts from; got 7."),
    "models[0].layers": (with_model(PARENT, 0, layers=3), "2, as in the training it starts from; got 3."),
    "models[0].activation": (with_model(PARENT, 0, activation="relu"), "'tanh', as in"),
    "models[0].bidirectional": (with_model(PARENT, 0, bidirectional=True), "False, as in"),
    "models[0].init": (with_model(PARENT, 0, init="identity"), "'default', as in"),
    "models[0].skip": (with_model(PARENT, 0, skip=True), "False, as in"),
    "models[1].forget_bias": (
        with_model(PARENT, 1, forget_bias=None),
        "1, as in the training it starts from, or another",
    ),
    "task": (with_task("adding"), "recall, as in the training it starts from; got adding."),
    "task.letters": (
        with_task("recall", lag=5, letters=9),
        "8, as in the training it starts from, whose weights would not fit else; got 9.",
    ),
    "task.distractors": (with_task("recall", lag=5, letters=8, distractors=3), "8, as in"),
}


@pytest.mark.parametrize("field", REFUSED)
def test_what_may_not_is_refused_in_a_sentence_that_names_the_field(field: str) -> None:
    after, said = REFUSED[field]
    with pytest.raises(ExperimentError) as caught:
        Branch(PARENT, 20).check(after)
    assert caught.value.field == field and str(caught.value).startswith(f"{field} must be {said}")


@pytest.mark.parametrize(("name", "value"), [("attention", "dot"), ("decoder", "lstm")])
def test_parts_of_an_encoder_decoder_may_not(name: str, value: str) -> None:
    with pytest.raises(ExperimentError, match=rf"models\[0\]\.{name} must be"):
        Branch(WRITING, 20).check(with_model(WRITING, 0, **{name: value}))


@pytest.mark.parametrize("name", ["text", "pairs", "dates"])
def test_symbols_that_mean_something_else_are_refused_though_the_weights_would_fit(name: str) -> None:
    given = {
        "text": [{"corpus": "own", "text": text} for text in ("abcabc", "xyzxyz")],
        "pairs": [{"text": f"{a},{b}\n{b},{a}\n"} for a, b in (("ab", "cd"), ("xy", "uv"))],
        "dates": [{"language": language} for language in ("de", "fr")],
    }[name]
    before, after = (Experiment(task(name, **params), training=TrainingSpec(steps=5)) for params in given)
    with pytest.raises(ExperimentError, match=r"task\.(text|language) must be .* whose weights would not fit else"):
        Branch(before, 2).check(after)


def test_every_field_is_said_to_change_or_not() -> None:
    """Who adds a field decides: it is refused until it is named."""
    assert {meaning.name for meaning in fields.describe(TrainingSpec)} - TRAINING_MAY == {"batch", "seed", "sequences"}
    models = {meaning.name for meaning in fields.describe(ModelSpec)}
    assert models - MODELS_MAY == {
        "cell", "hidden", "layers", "bidirectional", "activation", "reset", "init", "sigma_max", "skip", "attention",
        "decoder", "window", "reach",
    }  # fmt: skip


@given(experiments(), experiments())
def test_any_two_experiments_are_told_apart_in_a_sentence_or_not_at_all(one: Experiment, other: Experiment) -> None:
    check_branch(one, one.training.steps, one)
    try:
        check_branch(one, 0, other)
    except ExperimentError as error:
        assert error.field.partition(".")[0].partition("[")[0] in ("training", "models", "task")
    else:
        assert type(one.task) is type(other.task) and one.labels == other.labels


# The branch itself


@pytest.mark.parametrize("step", [-1, 51, 1.0, True, "5", None])
def test_a_step_that_the_parent_has_not_is_refused(step: Any) -> None:
    with pytest.raises(ExperimentError, match="step must be a whole number from 0 to 50"):
        Branch(PARENT, step)
    with pytest.raises(ExperimentError, match="step must be a whole number from 20 to 50"):
        Branch(ALLOWED["lr"], 19, Branch(PARENT, 20))
    with pytest.raises(ExperimentError, match="parent must be an Experiment"):
        Branch("recall", 1)  # type: ignore[arg-type]


def test_a_parent_that_could_not_start_where_it_is_said_to_is_refused() -> None:
    with pytest.raises(ExperimentError, match=r"training\.seed"):
        Branch(with_training(PARENT, seed=1), 30, Branch(PARENT, 20))


def test_its_key_is_that_of_where_it_starts_and_what_it_goes_on_as() -> None:
    slow = ALLOWED["lr"]
    starts = [None, Branch(PARENT, 20), Branch(PARENT, 21), Branch(slow, 20), Branch(slow, 20, Branch(PARENT, 20))]
    keys = [key_of(experiment, start) for experiment in (PARENT, slow) for start in starts]
    assert len(set(keys)) == 10 and keys[0] == PARENT.key and keys[5] == slow.key
    assert all(len(key) == 20 and int(key, 16) >= 0 for key in keys)
    assert key_of(Experiment.from_json(slow.to_json()), Branch(PARENT, 20)) == keys[6]
    assert [first_step(start) for start in starts] == [0, 20, 21, 20, 20]


def test_what_only_carries_on_is_left_out() -> None:
    slow = ALLOWED["lr"]
    assert Branch(PARENT, 30, Branch(PARENT, 20)) == Branch(PARENT, 30)
    assert Branch(slow, 40, Branch(slow, 30, Branch(PARENT, 20))) == Branch(slow, 40, Branch(PARENT, 20))
    assert Branch(slow, 40, Branch(PARENT, 20)).depth == 2


def chain(depth: int) -> Branch:
    found = None
    for place in range(depth):
        found = Branch(with_training(PARENT, lr=1e-3 * (1 + place % 2)), place, found)
    assert found
    return found


def test_branches_of_branches_come_to_an_end() -> None:
    assert chain(limits.MOST_BRANCHES).depth == limits.MOST_BRANCHES
    with pytest.raises(ExperimentError, match="start must be at most 16 branches, each from the one before; got 17"):
        chain(limits.MOST_BRANCHES + 1)


@pytest.mark.parametrize("name", TASKS)
def test_it_comes_back_from_json_and_from_a_pickle(name: str) -> None:
    parent = Experiment(task(name))
    after = with_training(parent, lr=1e-4)
    start = Branch(with_training(parent, clip=None), 9, Branch(parent, 5))
    for one in (start, Branch(parent, 5)):
        assert Branch.from_json(one.to_json(after), after) == one
        assert pickle.loads(pickle.dumps(one)) == one


def test_a_long_text_stands_there_once() -> None:
    own = task("text", corpus="own", text="abc" * 1_000)
    parent = Experiment(own, training=TrainingSpec(steps=30))
    assert len(Branch(parent, 5).to_json(with_training(parent, lr=1e-4))) < 500
    longest = chain(limits.MOST_BRANCHES)
    assert Branch.from_json(longest.to_json(PARENT), PARENT) == longest


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", "[1]", "[[]]", '[{"step":5,"task":1}]', '[{"step":"5"}]', '[{"step":true}]', "[{}]",
     '[{"step":51}]', '[{"step":-1}]', '[{"step":5.0}]', '[{"step":5,"models":[]}]', '[{"step":5,"start":[]}]',
     '[{"step":5,"training":{"seed":7}}]', '[{"step":5,"training":{"lr":NaN}}]', "[" * 100_000,
     json.dumps([{"step": 0}] * 17), '[{"step":5},{"step":6}]', '[{"step":5,"task":{"name":"adding"}}]'],
)  # fmt: skip
def test_json_that_is_none_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ExperimentError):
        Branch.from_json(text, PARENT)


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        Branch.from_json(text, PARENT)
    except ExperimentError as error:
        assert str(error).isprintable()
