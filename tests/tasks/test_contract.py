"""What every task in the registry holds to: adding a task to `TASKS` puts it under these tests."""

import dataclasses
import pickle
import re
from typing import Any

import numpy as np
import pytest

from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError
from rnnviz.core.fields import Meaning
from rnnviz.tasks import TASKS, Task
from rnnviz.tasks.batch import PAD
from tests.support.effort import Lines
from tests.support.tasks import task
from tests.tasks.every import BESIDE, TEXTS, check_batch, every_task, outputs_shape, right_outputs


@every_task
@pytest.mark.parametrize("size", [1, 7])
def test_samples_have_the_promised_shapes(chosen: Task, size: int) -> None:
    check_batch(chosen, chosen.sample(np.random.default_rng(0), size), size)


@every_task
def test_what_a_task_is_called_is_complete(chosen: Task) -> None:
    assert TASKS[chosen.name] is type(chosen)
    assert chosen.answers.of.loss in ("mean squared error", "cross-entropy", "binary cross-entropy")
    assert chosen.answers.name in ("last", "every", "sequence")
    assert chosen.score_unit in ("", "%")
    assert chosen.title
    assert chosen.score_name
    assert chosen.guessing
    assert chosen.about.endswith(".")
    assert "\n" not in chosen.about
    assert len(re.findall(r"[.?!](?: |$)", chosen.about)) <= 6
    assert not re.search("seeds|defaults", chosen.about)
    assert len(chosen.classes) == (chosen.output_size if chosen.answers.of.squashed == "softmax" else 0)


@every_task
def test_the_same_generator_gives_the_same_sequences(chosen: Task) -> None:
    one, same = (chosen.sample(np.random.default_rng(5), 6) for _ in range(2))
    np.testing.assert_array_equal(one.inputs, same.inputs)
    np.testing.assert_array_equal(one.targets, same.targets)
    if chosen.input_size > 1 or chosen.answers.of.is_number:
        other = chosen.sample(np.random.default_rng(6), 6)
        assert not np.array_equal(one.inputs, other.inputs)


@every_task
def test_sampling_leaves_numpys_global_generator_alone(chosen: Task) -> None:
    np.random.seed(0)
    before = np.random.get_state()[1].copy()  # type: ignore[index]
    chosen.sample(np.random.default_rng(0), 3)
    chosen.probes()
    assert np.array_equal(before, np.random.get_state()[1])  # type: ignore[index]


@every_task
def test_held_out_sequences_are_fixed(chosen: Task) -> None:
    one, same = chosen.held_out(), dataclasses.replace(chosen).held_out()  # type: ignore[type-var]
    np.testing.assert_array_equal(one.inputs, same.inputs)
    np.testing.assert_array_equal(one.targets, same.targets)
    check_batch(chosen, one, one.inputs.shape[1])
    assert one.inputs.nbytes < 8_000_000


@pytest.mark.parametrize("name", TASKS)
def test_held_out_sequences_are_not_those_of_the_first_batches(name: str) -> None:
    chosen = task(name)
    held_out = {sequence.tobytes() for sequence in np.moveaxis(chosen.held_out().inputs, 1, 0)}
    rng = np.random.default_rng(0)
    for _ in range(5):
        trained = {sequence.tobytes() for sequence in np.moveaxis(chosen.sample(rng, 32).inputs, 1, 0)}
        assert not trained & held_out


@every_task
def test_baseline_is_the_score_of_the_guess(chosen: Task) -> None:
    batch = chosen.held_out()
    guess = chosen.guess(batch)
    assert guess.shape == outputs_shape(chosen, batch.inputs.shape[1])
    assert chosen.baseline == chosen.score(guess, batch.targets)


@every_task
def test_nobody_beats_the_best_and_the_best_beats_guessing(chosen: Task) -> None:
    if chosen.best is None:
        return
    assert chosen.best > chosen.baseline if chosen.higher_is_better else chosen.best < chosen.baseline


@every_task
def test_right_answers_score_best(chosen: Task) -> None:
    targets = chosen.held_out().targets
    right = right_outputs(chosen, targets)
    assert chosen.score(right, targets) == (100.0 if not chosen.answers.of.is_number else 0.0)


@every_task
def test_what_is_kept_is_kept_for_that_many_steps(chosen: Task) -> None:
    if chosen.kept_for is None:
        assert not chosen.kept
        return
    least, most = chosen.kept_for
    assert chosen.kept and 0 < least <= most < chosen.steps
    if chosen.name == "adding":
        marks = chosen.sample(np.random.default_rng(0), 2000).inputs[:, :, 1]
        back = chosen.steps - 1 - marks.argmax(0)
        assert (back.min(), back.max()) == (least, most)


@every_task
def test_what_is_to_be_remembered_is_told_of_every_sequence(chosen: Task) -> None:
    batch = chosen.unseen(np.random.default_rng(4), 200)
    found = chosen.remembered(batch)
    assert (found is None) == (not chosen.remembers)
    if found is None:
        return
    assert found.values.shape == found.since.shape == (batch.size,)
    assert ((found.since >= 0) & (found.since < batch.lengths)).all()
    assert len(set(found.values.tolist())) > 1
    if found.classes:
        assert found.values.dtype == np.int64 and set(found.values.tolist()) <= set(range(len(found.classes)))
        read = batch.inputs[found.since, np.arange(batch.size)]
        np.testing.assert_array_equal(read.argmax(-1) if read.ndim > 1 else read, found.values)


@every_task
def test_probes_are_fixed_and_readable(chosen: Task) -> None:
    probes, same = chosen.probes(), chosen.probes()
    check_batch(chosen, probes.batch, 3)
    np.testing.assert_array_equal(probes.batch.inputs, same.batch.inputs)
    assert probes.tokens.shape == (chosen.steps, 3)
    assert probes.tokens.dtype.kind == "U"
    assert all(token.isprintable() for token in probes.tokens.reshape(-1))
    assert len(probes.names) == 3
    assert len(set(probes.names)) == 3
    if chosen.steps > 20:
        assert not np.array_equal(probes.batch.inputs[:, 0], probes.batch.inputs[:, 1])
        assert not np.array_equal(probes.batch.inputs[:, 0], probes.batch.inputs[:, 2])


@every_task
@pytest.mark.parametrize("sample", [0, 1, 2])
def test_answers_in_words(chosen: Task, sample: int) -> None:
    times = outputs_shape(chosen, 3)[0] if not chosen.answers.at_end else 1
    targets = chosen.probes().batch.targets
    right = right_outputs(chosen, targets)
    outputs = np.broadcast_to(right, (times, 3, chosen.output_size)).astype(np.float16)
    steps = chosen.probes().batch.lengths[sample]
    assert len(chosen.asked(sample)) == (steps if chosen.answers.at_every_step else 1)
    if not chosen.answers.of.is_number:
        assert chosen.answered(outputs, sample) == chosen.asked(sample)
    said = chosen.describe_answer(outputs, sample)
    if chosen.answers.name == "sequence":
        length = (targets[:, sample] != PAD).sum()
        assert said == f"fed with the right answer, right at {length} of {length} output positions"
    elif chosen.answers.at_every_step and not chosen.answers.of.is_number:
        asked = sum(map(bool, chosen.asked(sample)))
        assert said == f"right at {asked} of {asked} time steps"
    elif chosen.answers.at_every_step:
        unit = chosen.answers.of.unit
        assert re.fullmatch(rf"off by 0\.0[01]{unit and f' {unit}'} on average", said)  # a frame keeps half precision
    else:
        assert said.startswith(f"right: {chosen.asked(sample)[0]}, answered: ")


@every_task
def test_an_example_in_plain_text(chosen: Task) -> None:
    example = chosen.example()
    lines = example.split("\n")
    assert len(lines) == (2 if chosen.answers.at_every_step and not chosen.answers.of.is_number else 1)
    assert all(line.isprintable() and len(line) < 100 for line in lines)


@every_task
def test_a_task_crosses_a_pipe_without_what_it_has_cached(chosen: Task) -> None:
    before = len(pickle.dumps(dataclasses.replace(chosen)))  # type: ignore[type-var]
    chosen.sample(np.random.default_rng(0), 2)
    packed = pickle.dumps(chosen)
    assert len(packed) == before
    assert pickle.loads(packed) == chosen
    assert hash(pickle.loads(packed)) == hash(chosen)


def parameters() -> list[Any]:
    return [pytest.param(name, meaning, id=f"{name}-{meaning.name}")
            for name, kind in TASKS.items() for meaning in fields.describe(kind)]  # fmt: skip


@pytest.mark.parametrize(("name", "meaning"), parameters())
def test_what_a_parameter_does_not_allow_is_refused_by_name(name: str, meaning: Meaning) -> None:
    wrong: list[Any] = [[], b"x", {}, *([] if meaning.optional else [None])]
    if meaning.kind in ("whole", "real"):
        wrong += [meaning.low - 1, meaning.high + 1, "7", float("nan"), float("inf"), True, 10**40]
    if meaning.kind == "whole":
        wrong += [meaning.low + 0.5]
    if meaning.kind == "choice":
        wrong += ["", "HELLO", "python:os", "python:../secret", 3]
    for value in wrong:
        with pytest.raises(ExperimentError) as refused:
            task(name, **{meaning.name: value})
        assert refused.value.field == f"task.{meaning.name}"


@pytest.mark.parametrize(("name", "meaning"), parameters())
def test_the_limits_themselves_are_allowed(name: str, meaning: Meaning) -> None:
    if meaning.kind not in ("whole", "real"):
        return
    for value in (meaning.low, meaning.high):
        chosen = task(name, **BESIDE.get((name, meaning.name), {}), **{meaning.name: value})
        check_batch(chosen, chosen.sample(np.random.default_rng(0), 2), 2)
        check_batch(chosen, chosen.probes().batch, 3)
        assert chosen.example()


@pytest.mark.parametrize("name", TASKS)
def test_a_batch_is_drawn_in_one_piece_and_not_sequence_by_sequence(name: str) -> None:
    """So that drawing one takes a fraction of a training step."""
    chosen, rng = task(name), np.random.default_rng(0)
    with Lines() as few:
        chosen.sample(rng, 2)
    with Lines() as many:
        chosen.sample(rng, 2_002)
    assert many.count < 4 * few.count + 1_000  # a simulation goes on until the last of them is over


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ExperimentError, match=r"one of adding, recall, brackets, waves, text, .*; got 'sorting'"):
        task("sorting")
    with pytest.raises(ExperimentError, match=r"task\.lag"):
        task("adding", lag=3)


@pytest.mark.parametrize("name", TEXTS)
def test_every_batch_is_answered_as_it_asks(name: str) -> None:
    """What is right for an input of a batch is what the batch asks for, and reads back."""
    chosen = task(name)
    for batch in (chosen.sample(np.random.default_rng(1), 200), chosen.held_out(), chosen.length_test()):
        for inputs, targets in zip(batch.inputs.T, batch.targets.T, strict=True):
            assert chosen.right(inputs) == chosen.write(targets)
            np.testing.assert_array_equal(chosen.read(chosen.spell(inputs)), inputs[inputs != PAD])


@pytest.mark.parametrize("name", TEXTS)
def test_no_held_out_input_is_ever_trained_on(name: str) -> None:
    chosen = task(name)
    apart = {chosen.spell(one) for batch in (chosen.held_out(), chosen.length_test()) for one in batch.inputs.T}
    apart |= {chosen.spell(chosen.read(read)) for _, read, _ in chosen.examples()[-1:]}
    trained = chosen.sample(np.random.default_rng(2), 20_000).inputs
    assert not apart & {chosen.spell(one) for one in trained.T}


def test_no_two_tasks_have_one_place() -> None:
    assert sorted(kind.place for kind in TASKS.values()) == list(range(len(TASKS)))
