"""What a branch offers to change: of every task, only what is allowed, and every default of it can be run."""

import dataclasses

import pytest

import rnnviz as rv
from rnnviz.core.errors import ExperimentError
from rnnviz.specs.branch import Branch
from rnnviz.specs.branch_choices import MODELS, TASK, TRAINING, choices
from rnnviz.specs.branching import differing
from rnnviz.tasks import TASKS


def offered(start: Branch) -> list[tuple[str, str]]:
    return [(choice.owner, choice.meaning.name) for choice in choices(start)]


@pytest.mark.parametrize("task", TASKS)
def test_of_every_task_what_is_suggested_is_allowed_and_changes_that_alone(task: str) -> None:
    parent = rv.Experiment(rv.task(task))
    start = Branch(parent, 5)
    found = choices(start)
    assert [(one.owner, one.meaning.name) for one in found[:2]] == [(TRAINING, "lr"), (TRAINING, "clip")]
    assert (found[-1].owner, found[-1].meaning.name) == (TRAINING, "steps")
    for one in found:
        after = one.applied(parent, one.suggested)
        start.check(after)
        assert one.suggested != one.now and after != parent
        assert differing(parent, after) == [one.owner]
        if one.owner != MODELS:
            assert differing(getattr(parent, one.owner), getattr(after, one.owner)) == [one.meaning.name]


def test_at_the_last_step_the_number_of_steps_alone() -> None:
    parent = rv.Experiment()
    assert offered(Branch(parent, parent.training.steps)) == [(TRAINING, "steps")]


def test_a_length_is_what_makes_sequences_longer_and_leaves_the_weights_their_shapes() -> None:
    assert (TASK, "lag") in offered(Branch(rv.Experiment(rv.task("recall")), 5))
    assert not [name for owner, name in offered(Branch(rv.Experiment(rv.task("recall")), 5)) if name == "letters"]
    assert (TASK, "length") in offered(Branch(rv.Experiment(rv.task("reverse")), 5))


def test_the_forget_bias_is_offered_where_a_model_has_one_and_set_in_all_of_them() -> None:
    plain = rv.Experiment(models=(rv.ModelSpec("rnn"), rv.ModelSpec("gru")))
    assert not [name for owner, name in offered(Branch(plain, 5)) if owner == MODELS]
    two = rv.Experiment(models=(rv.ModelSpec("lstm"), rv.ModelSpec("rnn"), rv.ModelSpec("lstm", forget_bias=2.0)))
    (bias,) = [one for one in choices(Branch(two, 5)) if one.owner == MODELS]
    assert [one.forget_bias for one in bias.applied(two, 1.5).models] == [1.5, None, 1.5]


def test_none_is_offered_where_a_branch_may_have_it() -> None:
    found = {one.meaning.name: one for one in choices(Branch(rv.Experiment(), 5))}
    assert found["clip"].meaning.optional and not found["forget_bias"].meaning.optional
    off = rv.Experiment(training=rv.TrainingSpec(clip=None))
    assert {one.meaning.name: one.suggested for one in choices(Branch(off, 5))}["clip"] == 1.0


def test_what_is_not_allowed_is_wrongby_its_field() -> None:
    parent = rv.Experiment()
    found = {one.meaning.name: one for one in choices(Branch(parent, 5))}
    wrong = [("lr", 7.0, "training.lr"), ("length", 1, "task.length"), ("forget_bias", 11, "forget_bias")]
    for name, value, field in wrong:
        with pytest.raises(ExperimentError) as refused:
            found[name].applied(parent, value)
        assert field in refused.value.field
    with pytest.raises(
        ExperimentError, match=r"training.steps must be at least 5, the training step it starts from; got 4"
    ):
        Branch(parent, 5).check(found["steps"].applied(parent, 4))


def test_the_deepest_branch_offers_nothing_more_than_a_sentence() -> None:
    parent = rv.Experiment(training=rv.TrainingSpec(steps=40))
    start: Branch | None = None
    for place in range(16):
        lr = 1e-3 * (1 + place % 2)
        start = Branch(dataclasses.replace(parent, training=dataclasses.replace(parent.training, lr=lr)), place, start)
    with pytest.raises(ExperimentError, match="at most 16 branches"):
        Branch(parent, 20, start)
