"""A run saved is the same run when it is loaded, to the last bit."""

import importlib.metadata
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from rnnviz import __version__
from rnnviz.core import limits
from rnnviz.core.errors import RunFileError
from rnnviz.nn.train.training import run as train_to_the_end
from rnnviz.runs import readers, storage
from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import TASKS, corpora, task
from tests.runs.helpers import STEPS, assert_same, ended


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
        if isinstance(value, np.ndarray):
            return np.frombuffer(rng.bytes(value.nbytes), value.dtype).reshape(value.shape)
        if isinstance(value, bool):
            return bool(rng.integers(2))
        return float(np.frombuffer(rng.bytes(8))[0])

    count = int(rng.integers(4))
    losses, norms = (np.frombuffer(rng.bytes(4 * count), np.float32) for _ in range(2))
    return ModelFrame({name: random(value) for name, value in model.items()} | {"losses": losses, "grad_norms": norms})


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
    for module in (readers, storage):
        assert "pickle" not in Path(module.__file__).read_text().replace("Never pickle", "")
