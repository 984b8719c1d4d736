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
from rnnviz.tasks.places import AtPlaces
from tests.live.runs import LEAST


def experiment(task: str, cell: str, reach: int | None = None) -> rv.Experiment | None:
    """A small one, with weights shared between places if there is a `reach`; None where the task does not admit it."""
    training, made = rv.TrainingSpec(steps=2, batch=4, device="cpu"), rv.task(task, **LEAST.get(task, {}))
    try:
        if reach is None:
            return rv.Experiment(made, [rv.ModelSpec(cell, hidden=3)], training)
        if made.sized_by_data or not isinstance(made.reads, AtPlaces):
            return None
        return rv.Experiment(made, [rv.ModelSpec(cell, hidden=made.reads.count, reach=reach)], training)
    except ExperimentError:
        return None


WAYS = [(task, cell, reach) for task in TASKS for cell in CELLS for reach in (None, 1)]
ADMITTED = [way for way in WAYS if experiment(*way) is not None]


def test_every_task_admits_at_least_the_three_cells_with_gates_or_without() -> None:
    for task in TASKS:
        assert {cell for name, cell, reach in ADMITTED if (name, reach) == (task, None)} >= {"rnn", "lstm", "gru"}


@pytest.mark.parametrize(("task", "cell", "reach"), ADMITTED)
def test_trained_taken_up_again_saved_loaded_and_shown(task: str, cell: str, reach: int | None, tmp_path: Path) -> None:
    chosen = experiment(task, cell, reach)
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
