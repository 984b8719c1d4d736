"""Every task with every cell that it admits: trained, traced, taken up again, saved, loaded and shown on every page."""

from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.cells import CELLS
from rnnviz.core.errors import ExperimentError
from rnnviz.findings import findings_at
from rnnviz.live import View, moment, pack, scene, tail
from rnnviz.live.pages import PAGES
from rnnviz.tasks import TASKS
from tests.live.runs import LEAST


def experiment(task: str, cell: str) -> rv.Experiment | None:
    """A small one; None where the task does not admit the cell."""
    training = rv.TrainingSpec(steps=2, batch=4, device="cpu")
    try:
        return rv.Experiment(rv.task(task, **LEAST.get(task, {})), [rv.ModelSpec(cell, hidden=3)], training)
    except ExperimentError:
        return None


ADMITTED = [(task, cell) for task in TASKS for cell in CELLS if experiment(task, cell) is not None]


def test_every_task_admits_at_least_the_three_cells_with_gates_or_without() -> None:
    for task in TASKS:
        assert {cell for name, cell in ADMITTED if name == task} >= {"rnn", "lstm", "gru"}


@pytest.mark.parametrize(("task", "cell"), ADMITTED)
def test_trained_taken_up_again_saved_loaded_and_shown(task: str, cell: str, tmp_path: Path) -> None:
    chosen = experiment(task, cell)
    assert chosen is not None
    run = rv.run(chosen)
    (label,) = chosen.labels
    again = list(rv.train(chosen, start=rv.resume(run, 1)))
    np.testing.assert_array_equal(again[-1].models[label].losses, run.frames[-1].models[label].losses)
    traced = run.trace(label, -1)
    assert set(traced.data_vars) >= set(CELLS[cell].variables) and traced.sizes["time"] == chosen.task.steps
    run.save(tmp_path / "a.run")
    opened = rv.Run.load(tmp_path / "a.run")
    assert opened.experiment == chosen and opened.complete
    for page in PAGES:
        pack(scene(chosen, page))
        for place in range(len(opened.frames)):
            pack(moment(opened, View(page), place))
        pack(tail(opened, View(page), -1, len(opened.frames) - 1))
    assert findings_at(opened.at())
