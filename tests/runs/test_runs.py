"""A run: what it answers, what it gives as datasets, how it is thinned, saved and loaded."""

import dataclasses
import importlib.metadata
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

import rnnviz.runs.storage
from rnnviz import __version__
from rnnviz.core import limits
from rnnviz.core.errors import RunFileError
from rnnviz.nn.train.training import run as train_to_the_end
from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.specs.sizes import bytes_per_frame, shapes_of
from rnnviz.tasks import TASKS, corpora, task

STEPS = 12
MODELS = (ModelSpec("rnn", 4, activation="relu"), ModelSpec("lstm", 3, 2, bidirectional=True), ModelSpec("gru", 5))
WHY = "RNN ended at step 5: its loss became infinite."


@pytest.fixture(scope="module")
def run() -> Run:
    """Three small models on a task that answers once, so that one may be bidirectional."""
    return train_to_the_end(Experiment(task("recall", lag=4), MODELS, TrainingSpec(steps=STEPS, batch=4)))


@pytest.fixture(scope="module")
def with_an_end(run: Run) -> Run:
    """The same with an RNN that ended at step 5."""
    return Run(run.experiment, [ended(frame, "rnn", WHY) if frame.step >= 5 else frame for frame in run.frames])


def ended(frame: Frame, label: str, why: str) -> Frame:
    return Frame(frame.step, {k: v for k, v in frame.models.items() if k != label}, {**frame.ended, label: why})


def assert_same(one: Run, other: Run) -> None:
    """Equal to the last bit."""
    assert one.experiment == other.experiment
    assert one.steps == other.steps
    assert one.nbytes == other.nbytes
    for a, b in zip(one.frames, other.frames, strict=True):
        assert a.ended == b.ended
        assert list(a.models) == list(b.models)
        for label in a.models:
            for field in dataclasses.fields(ModelFrame):
                x, y = (getattr(frame.models[label], field.name) for frame in (a, b))
                assert bits(x) == bits(y), (a.step, label, field.name)


def bits(value: Any) -> object:
    if isinstance(value, dict):
        return {name: bits(array) for name, array in value.items()}
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, value.tobytes()
    return type(value), np.array(value).tobytes() if value is not None else None


# What a run answers


def test_a_run_grows_and_drops_what_it_has(run: Run) -> None:
    grown = Run(run.experiment)
    assert not grown.complete
    assert grown.ended == {}
    with pytest.raises(LookupError):
        grown.frame()
    for frame in run.frames:
        grown.append(frame)
        grown.append(run.frames[0])
        grown.append(frame)
    assert_same(grown, run)
    assert grown.complete
    assert grown.nbytes == sum(frame.nbytes for frame in run.frames)


def test_a_frame_has_the_size_that_the_schedule_reckons_with(run: Run) -> None:
    for frame in run.frames:
        losses = sum(m.losses.nbytes + m.grad_norms.nbytes for m in frame.models.values())
        assert frame.nbytes - losses == bytes_per_frame(run.experiment)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_s_frames_have_the_size_and_weights_that_are_reckoned_with(name: str) -> None:
    experiment = Experiment(task(name), [ModelSpec("gru", 3, 2), ModelSpec("lstm", 2)], TrainingSpec(1, batch=2))
    frame = train_to_the_end(experiment).frame()
    losses = sum(m.losses.nbytes + m.grad_norms.nbytes for m in frame.models.values())
    assert frame.nbytes - losses == bytes_per_frame(experiment)
    for label, model in frame.models.items():
        shapes = {name: weight.shape for name, weight in model.weights.items()}
        assert shapes == shapes_of(experiment.model(label), experiment.task)


def test_the_frame_of_a_step_is_the_last_one_until_then(run: Run) -> None:
    assert run.frame().step == STEPS
    assert run.frame(5).step == 5
    assert run.frame(STEPS + 100).step == STEPS
    assert run.thin(3).frame(STEPS - 1).step == 6


def test_a_model_that_ended_answers_with_its_last_frame(with_an_end: Run) -> None:
    assert with_an_end.ended == {"rnn": WHY}
    assert with_an_end.model_frame("rnn") is with_an_end.frames[4].models["rnn"]
    assert with_an_end.model_frame("gru") is with_an_end.frames[-1].models["gru"]
    with pytest.raises(LookupError, match="model must be one of rnn, lstm, gru; got 'elman'"):
        with_an_end.model_frame("elman")


def test_losses_have_a_row_per_frame_and_model(with_an_end: Run) -> None:
    table = with_an_end.losses()
    assert list(table.columns) == ["step", "model", "loss", "score", "grad_norm", "clipped"]
    assert dict(table.model.value_counts()) == {"rnn": 5, "lstm": STEPS + 1, "gru": STEPS + 1}
    last = table[(table.step == STEPS) & (table.model == "gru")].iloc[0]
    assert last.loss == with_an_end.frame().models["gru"].loss
    assert Run(with_an_end.experiment).losses().empty


def test_history_has_a_row_per_step_and_model(run: Run, with_an_end: Run) -> None:
    table = run.history()
    for label in run.experiment.labels:
        rows = table[table.model == label]
        assert list(rows.step) == list(range(STEPS + 1))
        np.testing.assert_array_equal(rows.clipped, rows.grad_norm > run.experiment.training.clip)
    assert (with_an_end.history().model == "rnn").sum() == 5
    assert Run(run.experiment).history().empty


# Datasets


@pytest.mark.parametrize("label", ["rnn", "lstm", "gru"])
def test_a_trace_names_its_dims_and_says_what_it_holds(run: Run, label: str) -> None:
    found, spec, probes = run.trace(label, 3), run.experiment.model(label), run.experiment.task.probes()
    assert set(found.data_vars) == set(spec.kind.variables)
    assert found.hidden.dims == ("layer", "direction", "time", "sample", "unit")
    assert found.hidden.shape == (spec.layers, spec.directions, 5, len(probes.names), spec.hidden)
    assert list(found.direction.values) == ["forward", "backward"][: spec.directions]
    assert found.token.dims == ("time", "sample")
    assert list(found.token.values[:, 0]) == list(probes.tokens[:, 0])
    assert tuple(found.probe.values) == probes.names
    for name, variable in found.data_vars.items():
        assert {"long_name", "equation", "range", "units"} <= set(variable.attrs), name
        kept = run.frame(3).models[label].trace[str(name)]
        np.testing.assert_array_equal(variable.values, kept.astype(np.float32))


def test_the_states_of_a_trace_follow_from_its_gates(run: Run) -> None:
    lstm, gru = run.trace("lstm"), run.trace("gru")
    np.testing.assert_allclose(lstm.hidden, lstm.output_gate * np.tanh(lstm.cell), atol=2e-3)
    before = gru.hidden.shift(time=1, fill_value=0)
    np.testing.assert_allclose(gru.hidden, gru.update_gate * before + (1 - gru.update_gate) * gru.candidate, atol=2e-3)


def test_gradients_over_training(run: Run) -> None:
    found = run.gradients("lstm", layer=0, direction="backward")
    assert found.hidden_grad_norm.dims == found.cell_grad_norm.dims == ("step", "time")
    assert found.singular_values.dims == ("step", "gate", "rank")
    assert list(found.gate.values) == ["input_gate", "forget_gate", "cell_candidate", "output_gate"]
    assert list(found.step.values) == list(run.steps)
    kept = run.frame(7).models["lstm"]
    np.testing.assert_array_equal(found.hidden_grad_norm.sel(step=7), kept.hidden_grad_norm[0, 1])
    np.testing.assert_array_equal(found.cell_grad_norm.sel(step=7), kept.cell_grad_norm[0, 1])
    np.testing.assert_array_equal(found.singular_values.sel(step=7), kept.singular_values[0, 1])
    assert float(found.grad_norm.sel(step=7)) == kept.grad_norm
    assert all(variable.attrs["long_name"] for variable in found.data_vars.values())
    assert run.gradients("lstm").attrs["layer"] == 1


@pytest.mark.parametrize(("label", "gates"), [("rnn", ["hidden"]), ("gru", ["reset_gate", "update_gate", "candidate"])])
def test_gates_are_named_in_torch_s_order(run: Run, label: str, gates: list[str]) -> None:
    found = run.gradients(label)
    assert list(found.gate.values) == gates
    assert "cell_grad_norm" not in found
    hidden = run.experiment.model(label).hidden
    block = run.frame().models[label].weights["recurrent.weight_hh_l0"][-hidden:]
    np.testing.assert_allclose(found.singular_values[-1, -1], np.linalg.svd(block, compute_uv=False), rtol=1e-5)


def test_gradients_stop_where_a_model_ended(with_an_end: Run) -> None:
    assert list(with_an_end.gradients("rnn").step.values) == [0, 1, 2, 3, 4]
    assert with_an_end.gradients("gru").sizes["step"] == STEPS + 1
    empty = Run(with_an_end.experiment).gradients("lstm")
    assert dict(empty.sizes) == {"step": 0, "time": 5, "gate": 4, "rank": 3}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("elman",), "model must be one of rnn, lstm, gru; got 'elman'."),
        (("lstm", 2), "layer must be from 0 to 1, or -1 for the top; got 2."),
        (("lstm", -3), "layer must be from 0 to 1, or -1 for the top; got -3."),
        (("gru", 0, "backward"), "direction must be forward for gru; got 'backward'."),
    ],
)
def test_gradients_of_what_is_not_there(run: Run, asked: tuple[Any, ...], said: str) -> None:
    with pytest.raises(LookupError) as caught:
        run.gradients(*asked)
    assert caught.value.args == (said,)


# Thinning


@pytest.mark.parametrize("count", [1, 2, 3, 5, STEPS, STEPS + 1, 100])
def test_a_thinned_run_keeps_first_and_last_frame_and_every_loss(run: Run, count: int) -> None:
    thin = run.thin(count)
    assert thin.steps[0] == 0 or count == 1
    assert thin.steps[-1] == STEPS
    assert len(thin.frames) <= max(2, count)
    assert thin.history().equals(run.history())
    assert set(thin.steps) <= set(run.steps)
    assert thin.complete


def test_thinning_keeps_the_last_frame_of_a_model_that_ended(with_an_end: Run) -> None:
    thin = with_an_end.thin(2)
    assert thin.steps == (0, 4, STEPS)
    assert thin.history().equals(with_an_end.history())
    assert thin.ended == with_an_end.ended
    assert Run(with_an_end.experiment).thin(5).frames == []


# Files


@pytest.mark.parametrize("name", TASKS)
def test_a_run_on_every_task_comes_back_from_its_file(name: str, tmp_path: Path) -> None:
    run = train_to_the_end(Experiment(task(name), [ModelSpec("gru", 3), ModelSpec("lstm", 2)], TrainingSpec(3, 2)))
    run.save(tmp_path / "a.safetensors")
    back = Run.load(str(tmp_path / "a.safetensors"))
    assert_same(back, run)
    assert back.losses().equals(run.losses())
    assert all(back.trace(label).equals(run.trace(label)) for label in run.experiment.labels)
    assert all(back.gradients(label).equals(run.gradients(label)) for label in run.experiment.labels)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, STEPS + 1), min_size=3, max_size=3), st.integers(0, 14))
def test_any_run_comes_back_bit_for_bit(run: Run, tmp_path: Path, seed: int, ends: list[int], frames: int) -> None:
    """Random bits in every array, so not-a-number and infinity too; models that end anywhere; runs cut anywhere."""
    rng = np.random.default_rng(seed)
    scrambled = Run(run.experiment)
    for place, frame in enumerate(run.frames[:frames]):
        models = {label: scramble(model, rng) for label, model in frame.models.items()}
        frame = Frame(frame.step, models, {})
        for label, end in zip(run.experiment.labels, ends, strict=True):
            frame = ended(frame, label, f"{label} ended.") if place >= end else frame
        scrambled.append(frame)
    scrambled.save(tmp_path / "scrambled.run")
    assert_same(Run.load(tmp_path / "scrambled.run"), scrambled)


def scramble(model: ModelFrame, rng: np.random.Generator) -> ModelFrame:
    def random(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: random(array) for name, array in value.items()}
        if isinstance(value, np.ndarray):
            return np.frombuffer(rng.bytes(value.nbytes), value.dtype).reshape(value.shape)
        if isinstance(value, bool):
            return bool(rng.integers(2))
        return float(np.frombuffer(rng.bytes(8))[0]) if isinstance(value, float) else value

    count = int(rng.integers(4))
    losses, norms = (np.frombuffer(rng.bytes(4 * count), np.float32) for _ in range(2))
    changed = {field.name: random(getattr(model, field.name)) for field in dataclasses.fields(model)}
    return ModelFrame(**changed | {"losses": losses, "grad_norms": norms})


def test_a_run_with_an_end_and_a_thinned_one_come_back_too(with_an_end: Run, tmp_path: Path) -> None:
    for some in (with_an_end, with_an_end.thin(4), Run(with_an_end.experiment)):
        some.save(tmp_path / "some.run")
        assert_same(Run.load(tmp_path / "some.run"), some)


def test_a_loaded_run_goes_on_growing(run: Run, tmp_path: Path) -> None:
    Run(run.experiment, run.frames[:5]).save(tmp_path / "half.run")
    half = Run.load(tmp_path / "half.run")
    assert not half.complete
    for frame in run.frames:
        half.append(frame)
    assert_same(half, run)


def test_a_file_says_what_made_it_and_other_tools_can_read_it(run: Run, tmp_path: Path) -> None:
    run.save(tmp_path / "a.safetensors")
    with safe_open(tmp_path / "a.safetensors", framework="numpy") as file:
        said = file.metadata()
        assert file.get_tensor("lstm/trace/cell").shape[0] == STEPS + 1
    versions = json.loads(said["versions"])
    assert versions == {"rnnviz": __version__, **{n: importlib.metadata.version(n) for n in ("numpy", "torch")}}
    assert Experiment.from_json(said["experiment"]) == run.experiment
    assert said["experiment"] == run.experiment.to_json()


def test_a_run_of_a_text_that_is_another_one_here_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = task("text", corpus="python:this", length=8)
    learning = Experiment(reads, (ModelSpec("gru", hidden=4),), TrainingSpec(1, 4))
    train_to_the_end(learning).save(tmp_path / "a.run")
    assert Run.load(tmp_path / "a.run").experiment == learning
    backwards = corpora.shipped("python:this")[::-1]  # of the same letters
    monkeypatch.setattr(corpora, "shipped", lambda corpus: backwards)
    with pytest.raises(RunFileError, match="read other sequences than this version of Python"):
        Run.load(tmp_path / "a.run")


def test_a_file_is_whole_or_not_touched_at_all(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.run"
    run.thin(2).save(path)
    before = path.read_bytes()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        run.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_of_a_run_with_the_longest_text_can_be_read(tmp_path: Path) -> None:
    text = "".join(chr(0x1F600 + i % 64) for i in range(limits.LONGEST_TEXT))
    experiment = Experiment(task("text", corpus="own", text=text, length=8), [ModelSpec("gru", 2)], TrainingSpec(1, 2))
    run = train_to_the_end(experiment)
    run.save(tmp_path / "a.run")
    assert (tmp_path / "a.run").stat().st_size < limits.LARGEST_RUN_FILE - limits.LARGEST_RUN
    assert_same(Run.load(tmp_path / "a.run"), run)


def test_nothing_here_knows_pickle() -> None:
    assert "pickle" not in Path(rnnviz.runs.storage.__file__).read_text().replace("Never pickle", "")
