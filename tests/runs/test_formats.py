"""Files of every format open: those of an older one with the values it had. One of each is kept here.

The shipped runs are of format 1. A file of the newest is made with, for example,
`rnnviz train --task recall --lag 2 --models rnn:hidden=2,lstm:hidden=2 --steps 2 -o formats/2-recall.safetensors`.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from rnnviz.core.errors import RunFileError
from rnnviz.runs.run import Run
from rnnviz.specs.schema import FORMAT, SCHEMA, held_by
from tests.benchmarks.shipped import FOLDER
from tests.runs.helpers import assert_same


def metadata(path: Path) -> dict[str, str]:
    with safe_open(path, framework="numpy") as file:
        found: dict[str, str] = file.metadata()
        return found


OLD = FOLDER / "reverse.safetensors"
KEPT = sorted((Path(__file__).parent / "formats").iterdir())
FILES = {path: int(metadata(path)["format"].split()[-1]) for path in (*KEPT, *sorted(FOLDER.glob("*.safetensors")))}
ADDED = {value.name for value in SCHEMA if value.since > 1}


def changed(path: Path, to: Path, change: Callable[[dict[str, np.ndarray]], object]) -> Path:
    """A file with the arrays of another, changed."""
    arrays = load_file(path)
    change(arrays)
    save_file(arrays, to, metadata(path))
    return to


def test_there_is_a_file_of_every_format() -> None:
    assert set(FILES.values()) == set(range(1, FORMAT + 1))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_opens_with_the_values_of_its_format(path: Path) -> None:
    run = Run.load(path)
    assert run.complete
    for frame in run.frames:
        for label, model in frame.models.items():
            held = held_by(run.experiment.model(label), run.experiment.task, FILES[path])
            assert set(model) == set(held)
            assert ("update_ratio" in model) == (FILES[path] >= 2)


def test_files_are_written_in_the_newest_format(run: Run, tmp_path: Path) -> None:
    for some in (run, Run(run.experiment)):
        some.save(tmp_path / "a.run")
        assert metadata(tmp_path / "a.run")["format"] == f"rnnviz run {FORMAT}"


def test_a_run_of_an_older_format_is_saved_with_what_it_has(tmp_path: Path) -> None:
    Run.load(OLD).save(tmp_path / "again.run")
    assert metadata(tmp_path / "again.run")["format"] == "rnnviz run 1"
    assert_same(Run.load(tmp_path / "again.run"), Run.load(OLD))


def test_a_run_that_an_older_version_began_loses_what_that_did_not_measure(run: Run, tmp_path: Path) -> None:
    without = run.model_frame("lstm", 0).replace(**dict.fromkeys(ADDED))
    first = type(run.frames[0])(0, run.frames[0].models | {"lstm": without}, {})
    Run(run.experiment, [first, *run.frames[1:]]).save(tmp_path / "a.run")
    assert metadata(tmp_path / "a.run")["format"] == "rnnviz run 1"
    back = Run.load(tmp_path / "a.run")
    assert not ADDED & set(back.model_frame("gru")) and back.steps == run.steps


@pytest.mark.parametrize("name", ["gru/later", "gru/update_ratio", "later", "gru/translated/later", "\n/later"])
def test_an_array_that_a_format_does_not_have_is_left_alone(name: str, tmp_path: Path) -> None:
    path = changed(OLD, tmp_path / "a.run", lambda arrays: arrays.update({name: np.zeros(3, np.float64)}))
    assert_same(Run.load(path), Run.load(OLD))


@pytest.mark.parametrize("name", ["gru/weights/later", "gru/trace/cell", "gru/cell_grad_norm", "lstm/loss"])
def test_an_array_that_another_model_would_have_is_refused(name: str, tmp_path: Path) -> None:
    path = changed(OLD, tmp_path / "a.run", lambda arrays: arrays.update({name: np.zeros(3, np.float64)}))
    with pytest.raises(RunFileError, match=f"its experiment has no '{name}'"):
        Run.load(path)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_file_that_lacks_a_value_of_its_format_is_refused(path: Path, tmp_path: Path) -> None:
    label = Run.load(path).experiment.labels[0]
    short = changed(path, tmp_path / "a.run", lambda arrays: arrays.pop(f"{label}/update_ratio"))
    with pytest.raises(RunFileError, match=f"'{label}/update_ratio' is missing"):
        Run.load(short)
