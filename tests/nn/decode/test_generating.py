"""One-to-many: a model goes on writing. Every symbol comes from the model itself, read again from the beginning."""

from typing import Any

import numpy as np
import pytest
import torch

import rnnviz as rv
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.decode.generating import write
from rnnviz.nn.models.model import make_model, restored
from rnnviz.runs.continuation import drawn_from
from rnnviz.tasks import Task
from rnnviz.tasks.batch import one_hot

TASK = rv.task("text", corpus="own", text="hello world, hello network. " * 20, length=20)


def weights_of(spec: rv.ModelSpec, task: Task = TASK, seed: int = 2) -> dict[str, np.ndarray]:
    return {name: 3 * weight.numpy() for name, weight in make_model(spec, task, seed).state_dict().items()}


@pytest.mark.parametrize("temperature", [0.0, 0.7])
@pytest.mark.parametrize(
    "spec", [rv.ModelSpec("rnn", 6), rv.ModelSpec("lstm", 5, layers=2, skip=True), rv.ModelSpec("gru", 6, layers=3)]
)
def test_each_symbol_is_answered_by_the_whole_text_before_it(spec: rv.ModelSpec, temperature: float) -> None:
    weights = weights_of(spec)
    found = write(spec, TASK, weights, "hell", 12, temperature, seed=4)
    whole = np.concatenate([found["prefix"], found["classes"]])
    with torch.no_grad():
        answers = restored(spec, TASK, weights)(torch.tensor(one_hot(whole[:-1, None], TASK.input_size)))[3:, 0]
    np.testing.assert_allclose(found["answers"], torch.softmax(answers, -1).numpy(), atol=2e-5)
    np.testing.assert_allclose(found["answers"].sum(-1), 1, atol=1e-5)
    if not temperature:
        np.testing.assert_array_equal(found["classes"], found["answers"].argmax(-1))


def test_a_seed_writes_the_same_text_again_and_another_one_another() -> None:
    spec = rv.ModelSpec("gru", 6)
    weights = weights_of(spec)
    texts = [tuple(write(spec, TASK, weights, "h", 40, 1.5, seed)["classes"]) for seed in (0, 0, 1)]
    assert texts[0] == texts[1] != texts[2]


def test_a_low_temperature_is_nearly_greedy_and_draws_follow_the_probabilities() -> None:
    spec = rv.ModelSpec("gru", 6)
    weights = weights_of(spec)
    greedy = write(spec, TASK, weights, "he", 30)
    np.testing.assert_array_equal(write(spec, TASK, weights, "he", 30, 1e-4)["classes"], greedy["classes"])
    first = [int(write(spec, TASK, weights, "he", 1, 1.0, seed)["classes"][0]) for seed in range(400)]
    counts = np.bincount(first, minlength=len(TASK.classes)) / 400
    np.testing.assert_allclose(counts, greedy["answers"][0], atol=0.1)


def test_one_candidate_is_greedy_and_of_several_no_other_is_ever_drawn() -> None:
    spec = rv.ModelSpec("gru", 6)
    weights = weights_of(spec)
    greedy = write(spec, TASK, weights, "he", 30)
    for temperature in (0.5, 2.0):
        one = write(spec, TASK, weights, "he", 30, temperature, 3, top_k=1)
        np.testing.assert_array_equal(one["classes"], greedy["classes"])
    few = write(spec, TASK, weights, "he", 200, 1.5, 3, top_k=3)
    rank = (few["answers"] > few["answers"][np.arange(200), few["classes"]][:, None]).sum(-1)
    assert set(rank) == {0, 1, 2}
    every = write(spec, TASK, weights, "he", 50, 1.5, 3, top_k=len(TASK.classes))
    np.testing.assert_array_equal(every["classes"], write(spec, TASK, weights, "he", 50, 1.5, 3)["classes"])


def test_probabilities_of_drawing_are_the_models_own_sharpened_and_cut_off() -> None:
    answers = np.log([[0.5, 0.3, 0.2], [0.25, 0.5, 0.25]])
    np.testing.assert_allclose(drawn_from(answers, 1.0), np.exp(answers))
    np.testing.assert_allclose(drawn_from(answers, 1.0, 2), [[0.625, 0.375, 0], [1 / 3, 2 / 3, 0]])
    np.testing.assert_allclose(drawn_from(answers, 0.5), np.exp(2 * answers) / np.exp(2 * answers).sum(-1)[:, None])
    np.testing.assert_array_equal(drawn_from(answers, 0.0), [[1, 0, 0], [0, 1, 0]])
    np.testing.assert_array_equal(drawn_from(np.array([0.0, -np.inf]), 2.0), [1, 0])


@pytest.mark.parametrize("spec", [rv.ModelSpec("rnn", 8), rv.ModelSpec("lstm", 8), rv.ModelSpec("window", 8)])
def test_chances_and_states_are_those_of_a_plain_pass_over_the_same_text(spec: rv.ModelSpec) -> None:
    run = rv.run(rv.Experiment(TASK, (spec,), rv.TrainingSpec(steps=30, batch=8, lr=1e-2)))
    weights = run.model_frame(run.experiment.labels[0]).weights
    found = write(spec, TASK, weights, "hello", 100, 0.8, 5)
    model, whole = restored(spec, TASK, weights), np.concatenate([found["prefix"], found["classes"]])
    with torch.no_grad():
        states = model.states(torch.tensor(one_hot(whole[:, None], TASK.input_size)))
        chances = torch.softmax(model.answer(states), -1)[4:-1, 0].numpy()
    np.testing.assert_allclose(found["answers"], chances, atol=1e-6)
    chosen = np.arange(100), found["classes"]
    np.testing.assert_allclose(found["answers"][chosen], chances[chosen], atol=1e-6)
    np.testing.assert_allclose(found["states"], states[5:, 0].numpy(), atol=1e-3)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"prefix": ""}, "prefix"),
        ({"prefix": 3}, "prefix"),
        ({"prefix": "hé"}, "prefix must be made of characters of the text that is learned; got 'é'"),
        ({"length": 0}, "length"),
        ({"length": 10_000}, "length"),
        ({"temperature": -0.1}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"temperature": True}, "temperature"),
        ({"temperature": 99}, "temperature"),
        ({"seed": -1}, "seed"),
        ({"top_k": 0}, "top_k must be a whole number from 1 to 10,000, or none for all symbols; got 0"),
        ({"top_k": 2.5}, "top_k"),
    ],
)
def test_what_does_not_fit_is_named(asked: dict[str, Any], named: str) -> None:
    spec = rv.ModelSpec("rnn", 3)
    with pytest.raises(ExperimentError, match=named):
        write(spec, TASK, weights_of(spec), **({"prefix": "h", "length": 3} | asked))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["recall", "waves", "brackets"])
def test_only_a_task_whose_answer_is_the_next_symbol_goes_on(name: str) -> None:
    task, spec = rv.task(name), rv.ModelSpec("rnn", 3)
    with pytest.raises(ExperimentError, match="task must be one whose answer is the next symbol"):
        write(spec, task, weights_of(spec, task), "a", 3)


def test_a_run_writes_at_any_of_its_steps() -> None:
    run = rv.run(rv.Experiment(TASK, (rv.ModelSpec("gru", 8),), rv.TrainingSpec(steps=60, batch=8, lr=1e-2)))
    written = run.write("gru", "he", length=20)
    assert isinstance(written, str) and len(written) == len(written.tokens) == 20 and written.prefix == "he"
    assert written.answers.shape == (20, len(TASK.classes))
    np.testing.assert_allclose(written.probabilities, written.answers.max(-1))
    assert run.write("gru", "he", 20, step=0) != written
    assert run.write("gru", "he", 20, temperature=2.0, seed=1) == run.write("gru", "he", 20, temperature=2.0, seed=1)
    with pytest.raises(LookupError):
        run.write("lstm", "he")
