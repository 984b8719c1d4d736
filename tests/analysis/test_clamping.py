"""The numbers of one time step, original and changed, against the states and gates that they are taken from."""

import numpy as np
import pytest

from rnnviz.analysis.clamping import Clamp, numbers_at
from rnnviz.cells import CELLS, Cell


def found_of(cell: Cell) -> dict[str, np.ndarray]:
    """Values (T, H) = (4, 3) of every variable, others for each way."""
    rng = np.random.default_rng(0)
    return {f"{way}/{name}": rng.random((4, 3)) for way in ("original", "changed") for name in cell.variables}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS.keys())
def test_all_quantities_of_a_step_in_the_order_of_the_diagram(cell: Cell) -> None:
    found = found_of(cell)
    rows = numbers_at(cell, Clamp(), found, 2, 1)
    assert [one.symbol for one in rows] == [one.symbol for one in cell.vectors]
    for one, vector in zip(rows, cell.vectors, strict=True):
        time = 1 if vector.letter.endswith("0") else 2
        assert one.original == found[f"original/{one.name}"][time, 1]
        assert one.changed == found[f"changed/{one.name}"][time, 1]


def test_a_mean_of_all_units_and_a_state_before_the_first() -> None:
    cell, found = CELLS["lstm"], found_of(CELLS["lstm"])
    first = numbers_at(cell, Clamp(), found, 0, None)
    assert [one.original for one in first if one.symbol.endswith("₋₁")] == [0.0, 0.0]
    assert next(one.original for one in first if one.name == "forget_gate") == found["original/forget_gate"][0].mean()


def test_before_a_reset_the_changed_model_has_a_state_of_zero() -> None:
    cell = CELLS["gru"]
    before = numbers_at(cell, Clamp(reset=2), found_of(cell), 2, 0)[0]
    assert before.original > 0 and before.changed == 0


def test_read_backwards_the_state_before_is_that_of_the_next_step() -> None:
    cell, found = CELLS["gru"], found_of(CELLS["gru"])
    before = numbers_at(cell, Clamp(direction=1), found, 1, 0)[0]
    assert before.symbol.endswith("₊₁") and before.original == found["original/hidden"][2, 0]
    assert numbers_at(cell, Clamp(direction=1), found, 3, 0)[0].original == 0


def test_in_the_other_convention_the_update_gate_is_one_less() -> None:
    cell, found = CELLS["gru"], found_of(CELLS["gru"])
    usual, other = (
        next(one for one in numbers_at(cell, Clamp(), found, 1, 2, way) if one.name == "update_gate")
        for way in (False, True)
    )
    assert other.changed == pytest.approx(1 - usual.changed) and other.original == pytest.approx(1 - usual.original)
