"""A saved run says that it is a branch; older files and those of other runs stay as they are."""

import dataclasses
import json
from pathlib import Path

import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

import rnnviz as rv
from rnnviz.specs.branch import Branch
from tests.engine.helpers import same
from tests.runs.helpers import assert_same

PARENT = rv.Experiment(
    rv.task("recall", lag=4), (rv.ModelSpec("lstm", 3), rv.ModelSpec("gru", 4)), rv.TrainingSpec(steps=12, batch=4)
)


def with_lr(lr: float) -> rv.Experiment:
    return dataclasses.replace(PARENT, training=dataclasses.replace(PARENT.training, lr=lr))


@pytest.fixture(scope="module")
def branch() -> rv.Run:
    """A branch from a branch."""
    first = rv.run(with_lr(1e-4), start=rv.resume(rv.Run(PARENT), 3))
    return rv.run(with_lr(1e-2), start=rv.resume(first, 7))


def test_a_branch_comes_back_from_its_file(branch: rv.Run, tmp_path: Path) -> None:
    branch.save(tmp_path / "a.run")
    back = rv.Run.load(tmp_path / "a.run")
    assert back.start == branch.start == Branch(with_lr(1e-4), 7, Branch(PARENT, 3))
    assert_same(back, branch)
    assert back.steps[0] == 7
    assert same(rv.run(back.experiment, start=rv.resume(back, 9)).frames, branch.frames[2:])
    branch.thin(3).save(tmp_path / "thin.run")
    assert rv.Run.load(tmp_path / "thin.run").start == branch.start


def metadata(path: Path) -> dict[str, str]:
    with safe_open(path, framework="numpy") as file:
        return file.metadata()


def test_any_other_run_is_written_as_it_always_was(tmp_path: Path) -> None:
    run = rv.run(PARENT)
    run.save(tmp_path / "a.run")
    assert set(metadata(tmp_path / "a.run")) == {"format", "experiment", "sequences", "versions", "frames"}
    assert rv.Run.load(tmp_path / "a.run").start is None


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("", "start must be a JSON list of 1 to 16 branches; got something else"),
        ('[{"step":8}]', "it has frames from before the step at which it starts"),
        ('[{"step":13}]', "step must be a whole number from 0 to 12; got 13"),
        ('[{"step":3,"training":{"seed":1}}]', r"training.batch must be 32, as in the training it starts from; got 4"),
    ],
)
def test_a_damaged_start_is_refused(branch: rv.Run, tmp_path: Path, start: str, said: str) -> None:
    path = tmp_path / "a.run"
    branch.save(path)
    save_file(load_file(path), path, metadata(path) | {"start": start})
    with pytest.raises(rv.RunFileError) as caught:
        rv.Run.load(path)
    assert said in str(caught.value)


def test_it_is_written_in_plain_json(branch: rv.Run, tmp_path: Path) -> None:
    branch.save(tmp_path / "a.run")
    near, far = json.loads(metadata(tmp_path / "a.run")["start"])
    assert (near["step"], near["training"]["lr"], near.keys()) == (7, 1e-4, {"step", "training"})
    assert (far["step"], far["training"]["lr"]) == (3, PARENT.training.lr)
