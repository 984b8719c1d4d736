"""An experiment: its defaults, its identity, its limits, and its canonical JSON."""

import dataclasses
import itertools
import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.core import fields, limits
from rnnviz.core.errors import ExperimentError
from rnnviz.specs.defaults import default_models, default_training
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.layer_sizes import recurrent_weights
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.specs.planning import frames_that_fit, planned_steps, schedule
from rnnviz.specs.sizes import bytes_of_losses, bytes_per_frame
from rnnviz.tasks import TASKS, task
from tests.support.strategies import experiments

THREE = (ModelSpec("rnn"), ModelSpec("lstm"), ModelSpec("gru"))


def test_the_default_is_three_cells_on_the_adding_problem() -> None:
    experiment = Experiment()
    assert experiment.task == task("adding")
    assert experiment.labels == ("rnn", "lstm", "gru")
    assert experiment == Experiment(task("adding"), default_models(task("adding")), default_training(task("adding")))


def test_the_readme_s_experiment() -> None:
    experiment = Experiment(
        task=task("recall", lag=20),
        models=(ModelSpec("rnn"), ModelSpec("lstm", hidden=32, forget_bias=1.0), ModelSpec("gru", reset="after")),
        training=TrainingSpec(steps=400, batch=32, lr=3e-3, clip=1.0, seed=0),
    )
    assert experiment.model("lstm").forget_bias == 1.0
    assert experiment.training.steps == 400


@pytest.mark.slow
@settings(max_examples=300)
@given(experiments())
def test_every_experiment_comes_back_from_its_json(experiment: Experiment) -> None:
    back = Experiment.from_json(experiment.to_json())
    assert back == experiment
    assert back.key == experiment.key
    assert back.to_json() == experiment.to_json()
    assert Experiment.from_json(experiment.to_json().encode()) == experiment
    assert Experiment.from_json(json.dumps(experiment.to_dict(), indent=4, ensure_ascii=False)) == experiment


@given(experiments(), experiments())
def test_equal_experiments_have_equal_keys_and_others_do_not(one: Experiment, other: Experiment) -> None:
    assert (one == other) == (one.key == other.key)
    assert (one == other) == (one.to_json() == other.to_json())


def test_a_model_in_both_directions_says_so_beside_one_of_its_cell_in_one() -> None:
    one, both, lstm = ModelSpec("gru"), ModelSpec("gru", bidirectional=True), ModelSpec("lstm", bidirectional=True)
    mixed = Experiment(task("sentiment"), (one, both, lstm))
    assert [mixed.title(label) for label in mixed.labels] == ["GRU", "GRU 2, both directions", "LSTM"]
    assert mixed.labels == ("gru", "gru-2", "lstm")


def test_equal_numbers_in_other_types_give_the_same_key() -> None:
    one = Experiment(models=[ModelSpec("lstm", hidden=8.0, forget_bias=1)], training=TrainingSpec(lr=1))
    other = Experiment(models=(ModelSpec("lstm", hidden=8, forget_bias=1.0),), training=TrainingSpec(lr=1.0))
    assert one.key == other.key
    plus, minus = (Experiment(models=[ModelSpec("lstm", forget_bias=bias)]) for bias in (0.0, -0.0))
    assert plus == minus
    assert plus.key == minus.key


def test_the_key_is_the_same_in_another_process() -> None:
    code = "from rnnviz.specs.experiment import Experiment; print(Experiment().key)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == Experiment().key


def test_scaled_weights_have_a_largest_singular_value() -> None:
    assert ModelSpec("rnn", init="scaled") == ModelSpec("rnn", init="scaled", sigma_max=1.0)


def test_an_experiment_is_frozen_and_hashable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Experiment().task = task("adding")  # type: ignore[misc]
    assert len({Experiment(), Experiment(), Experiment(models=THREE[:1])}) == 2


def test_fields_left_out_of_json_are_chosen_by_the_task() -> None:
    assert Experiment.from_json("{}") == Experiment()
    found = Experiment.from_json('{"task": {"name": "recall", "lag": 9}, "training": {"seed": 4}}')
    chosen = task("recall", lag=9)
    assert found.models == default_models(chosen)
    assert found.training == dataclasses.replace(default_training(chosen), seed=4)


def test_labels_tell_models_of_one_kind_apart() -> None:
    models = [ModelSpec("lstm"), ModelSpec("gru"), ModelSpec("lstm", 8), ModelSpec("lstm", 8)]
    experiment = Experiment(models=models)
    assert experiment.labels == ("lstm", "gru", "lstm-2", "lstm-3")
    assert experiment.model("lstm-2").hidden == 8
    with pytest.raises(KeyError):
        experiment.model("rnn")


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: Experiment(task="adding"), "task"),
        (lambda: Experiment(models="lstm"), "models"),
        (lambda: Experiment(models=ModelSpec()), "models"),
        (lambda: Experiment(models=()), "models"),
        (lambda: Experiment(models=[ModelSpec()] * 7), "models"),
        (lambda: Experiment(training={}), "training"),
        (lambda: ModelSpec("transformer"), "cell"),
        (lambda: ModelSpec("lstm", activation="relu"), "activation"),
        (lambda: ModelSpec("gru", forget_bias=1.0), "forget_bias"),
        (lambda: ModelSpec("lstm", reset="before"), "reset"),
        (lambda: ModelSpec("rnn", sigma_max=2.0), "sigma_max"),
        (lambda: ModelSpec("rnn", init="orthogonal", sigma_max=2.0), "sigma_max"),
        (lambda: ModelSpec("rnn", init="random"), "init"),
        (lambda: ModelSpec("lstm", skip=True), "skip"),
        (lambda: ModelSpec("lstm", dropout=0.5), "dropout"),
        (lambda: ModelSpec(hidden=limits.WIDEST_LAYER + 1), "hidden"),
        (lambda: TrainingSpec(steps=limits.MOST_STEPS + 1), "steps"),
        (lambda: task("adding", length=limits.LONGEST_SEQUENCE + 1), "task.length"),
        (lambda: task("adding", lag=3), "task.lag"),
        (lambda: task("ading"), "task"),
        (lambda: Experiment(task("waves"), [ModelSpec(bidirectional=True)]), "models[0].bidirectional"),
        (lambda: Experiment(task("adding", length=400), [ModelSpec("lstm", 256, 4)]), "models[0]"),
        (lambda: Experiment(models=[ModelSpec("lstm", 256, layers=2)] * 3), "models"),
    ],
)
def test_what_cannot_run_is_refused_by_the_name_of_its_field(build: Callable[[], object], field: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        build()
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field} must be ")


@pytest.mark.slow
@settings(max_examples=100)
@given(experiments())
def test_a_run_fits_its_budget_of_bytes(experiment: Experiment) -> None:
    steps = planned_steps(experiment)
    assert steps[0] == 0
    assert steps[-1] == experiment.training.steps
    assert len(steps) <= frames_that_fit(experiment)
    assert len(steps) >= min(limits.FEWEST_FRAMES, experiment.training.steps + 1)
    assert len(steps) * bytes_per_frame(experiment) + bytes_of_losses(experiment) <= limits.LARGEST_RUN


def test_large_frames_thin_the_schedule() -> None:
    large = Experiment(models=[ModelSpec("lstm", 256), ModelSpec("lstm", 256)])
    assert len(planned_steps(large)) < len(planned_steps(Experiment()))


@given(st.integers(1, limits.MOST_STEPS), st.integers(2, 200))
def test_the_schedule_has_as_many_steps_as_asked_and_no_gap_smaller_than_the_one_before(steps: int, most: int) -> None:
    chosen = schedule(steps, most)
    gaps = [after - before for before, after in itertools.pairwise(chosen)]
    assert (chosen[0], chosen[-1], len(chosen)) == (0, steps, min(most, steps + 1))
    assert gaps == sorted(gaps) and gaps[0] >= 1


@given(st.integers(2_000, limits.MOST_STEPS), st.integers(50, 200))
def test_the_schedule_is_dense_at_the_start_and_even_later(steps: int, most: int) -> None:
    gaps = [after - before for before, after in itertools.pairwise(schedule(steps, most))]
    assert gaps[:2] == [1, 1] and gaps[-1] - gaps[len(gaps) // 3 + 1] <= 1
    assert all(after <= 1 + 2 * before for before, after in itertools.pairwise(gaps))


def test_the_default_experiment_has_a_hundred_frames_in_two_fifths_of_its_budget() -> None:
    experiment = Experiment()
    planned = planned_steps(experiment)
    assert 100 <= len(planned) <= limits.MOST_FRAMES
    assert len(planned) * bytes_per_frame(experiment) + bytes_of_losses(experiment) < limits.LARGEST_RUN * 2 / 5


@pytest.mark.parametrize(("steps", "frames"), [(20, 21), (500, 48), (1_200, 101), (20_000, 120)])
def test_a_short_training_has_fewer_frames(steps: int, frames: int) -> None:
    assert len(planned_steps(Experiment(training=TrainingSpec(steps=steps)))) == frames


def test_weights_are_counted_as_torch_counts_them() -> None:
    assert recurrent_weights(ModelSpec("lstm", 3, 2, bidirectional=True), 5) == 2 * 12 * (5 + 3) + 2 * 12 * (6 + 3)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_runs_with_its_own_defaults(name: str) -> None:
    experiment = Experiment(task(name))
    assert len(planned_steps(experiment)) >= limits.ANYHOW_FRAMES * 3 // 4
    assert not {m.name for m in fields.describe(TASKS[name])} & {"name"}, "the JSON's name of the task"
