"""Which units carry most: by what is left of their state at the end, and how much it varies over sequences."""

from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.analysis.carrying import CARRIERS, carried, carriers, kept_state, most
from rnnviz.cells import CELLS
from rnnviz.live.pictures import band
from rnnviz.nn.measure.changed.silencing import silenced

SHIPPED = Path(__file__).parents[2] / "assets" / "runs" / "default.safetensors"
NAN = float("nan")


def _by_loops(gate: np.ndarray, state: np.ndarray) -> np.ndarray:
    time, sequences, units = gate.shape
    found = np.zeros(units)
    for unit in range(units):
        for t in range(time):
            for sequence in range(sequences):
                found[unit] += np.prod(gate[t + 1 :, sequence, unit]) * state[t, :, unit].std()
    return found / (time * sequences)


def test_it_is_the_product_of_the_gate_and_the_deviation_of_the_state() -> None:
    rng = np.random.default_rng(0)
    gate, state = rng.random((5, 3, 4)), rng.normal(size=(5, 3, 4))
    np.testing.assert_allclose(carried(gate, state), _by_loops(gate, state))
    np.testing.assert_allclose(carried(gate, state, backward=True), _by_loops(gate[::-1], state[::-1]))


def test_a_gate_that_is_open_on_nothing_carries_nothing_and_one_that_shuts_forgets() -> None:
    rng = np.random.default_rng(1)
    gate, state = np.full((6, 4, 3), 0.9), rng.normal(size=(6, 4, 3))
    state[..., 0] = 0.5  # it keeps, but always the same
    gate[3, :, 1] = 0.0  # it shuts once: what came before is gone
    scores = carried(gate, state)
    assert scores[0] == pytest.approx(0, abs=1e-12) and scores[1] < scores[2] and np.isfinite(scores).all()


def test_of_one_sequence_only_what_is_left_counts_and_what_is_not_there_does_not() -> None:
    gate = np.full((4, 1, 2), 0.5)
    gate[..., 1] = 0.9
    longer = np.concatenate([gate, np.full((2, 1, 2), NAN)])
    assert most(carried(gate, np.ones((4, 1, 2)))) == (1, 0)
    scores = carried(longer, np.concatenate([np.ones((4, 1, 2)), np.full((2, 1, 2), NAN)]))
    np.testing.assert_allclose(scores, carried(gate, np.ones((4, 1, 2))))


@pytest.mark.parametrize("label", ["lstm", "gru"])
def test_in_the_shipped_run_the_unit_that_carries_most_is_the_one_whose_loss_costs_most(label: str) -> None:
    run = rv.Run.load(SHIPPED)
    at, spec = run.at(run.frames[-1].step), run.experiment.model(label)
    missed = silenced(spec, run.experiment.task, at.model(label).weights)["score"]
    first, *_ = carriers(at, label)
    assert first == int(missed.argmax())


def test_a_cell_without_a_gate_that_keeps_has_none() -> None:
    run = rv.Run.load(SHIPPED)
    assert carriers(run.at(0), "rnn") == ()
    assert kept_state(run.experiment.model("lstm")) == ("forget_gate", "cell")
    assert all(cell.keeps is not None for cell in CELLS.values() if cell.gates)


def test_each_unit_that_is_drawn_has_a_colour_of_its_own() -> None:
    colours = [CELLS["lstm"].colour, *band("forget_gate", True)["lines"]]
    assert len({*colours}) == len(colours) == CARRIERS and "lines" not in band("hidden", True)
