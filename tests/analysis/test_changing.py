"""What can be changed of one time step, and how long it is seen."""

import numpy as np
import pytest

from rnnviz.analysis import changing
from rnnviz.analysis.changing import Change, Lasting
from rnnviz.tasks import TASKS, Task, task


def _probe(chosen: Task) -> np.ndarray:
    batch = chosen.probes().batch
    return batch.inputs[: batch.lengths[0], 0]


@pytest.mark.parametrize("name", TASKS)
def test_every_time_step_can_be_changed_or_it_is_said_why_not(name: str) -> None:
    chosen = task(name)
    if not changing.fits(chosen):
        assert changing.why_not(chosen).endswith("at once: there is no one symbol to change.")
        return
    inputs = _probe(chosen)
    for at in range(len(inputs)):
        change = Change(at, changing.another(chosen, inputs, at))
        changed = changing.changed(chosen, inputs, change)
        assert changing.read_of(chosen, changed)[at] == pytest.approx(change.to, abs=1e-4)
        assert changing.said(chosen, change.to) != changing.said(chosen, float(changing.read_of(chosen, inputs)[at]))
    assert not chosen.alphabet or len(chosen.alphabet) == chosen.input_size


def test_films_roads_and_drawings_have_no_one_symbol() -> None:
    assert {name for name in TASKS if not changing.fits(task(name))} == {"traffic", "frames", "motion", "captions"}


@pytest.mark.parametrize("name", [name for name in TASKS if task(name).ignores])
def test_what_is_ignored_changes_no_right_answer(name: str) -> None:
    chosen = task(name)
    inputs = _probe(chosen)
    pair = changing.pair(chosen, inputs)
    assert pair is not None and chosen.counts
    counts, ignored = (
        changing.changed(chosen, inputs, Change(at, changing.another(chosen, inputs, at))) for at in pair
    )
    assert chosen.solved(ignored) == chosen.solved(inputs) != chosen.solved(counts)


def test_a_task_that_ignores_nothing_has_no_pair() -> None:
    chosen = task("waves")
    assert changing.pair(chosen, _probe(chosen)) is None


def test_a_number_is_changed_by_half_its_range() -> None:
    chosen = task("adding")
    inputs = _probe(chosen)
    assert changing.span(chosen) == (0.0, 1.0)
    for at, value in enumerate(inputs[:, 0]):
        assert abs(changing.another(chosen, inputs, at) - value) == pytest.approx(0.5, abs=0.006)


def test_how_long_it_is_seen() -> None:
    sizes = {"hidden": 2.0, "cell": 4.0}
    norms = {"hidden": np.array([0, 1.0, 0.1, 0.01, 0, 0]), "cell": np.array([0, 0.2, 0.1, 0.05, 0.01, 0])}
    assert changing.lasting(norms, sizes, 1) == Lasting(0.5, 0.0, 2, False)
    assert changing.lasting({"hidden": norms["hidden"]}, sizes, 1) == Lasting(0.5, 0.0, 1, False)
    assert changing.lasting({"hidden": np.full(6, 0.1)}, sizes, 5) == Lasting(0.05, 0.05, 0, True)
    assert changing.lasting({"hidden": np.zeros(6)}, sizes, 2) == Lasting(0.0, 0.0, None, False)
    assert changing.lasting({"hidden": norms["hidden"][::-1]}, sizes, 4, backward=True) == Lasting(0.5, 0.0, 1, False)
