"""Sizes that are known before anything is built are those of what is built then."""

import pytest

import rnnviz as rv
from rnnviz.specs.layer_sizes import parameter_count, parameter_formula, weight_shapes
from rnnviz.specs.models import CELLS


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize(("hidden", "task"), [(5, "adding"), (1, "recall"), (8, "brackets")])
def test_parameters_are_those_of_the_module(
    cell: str, layers: int, bidirectional: bool, hidden: int, task: str
) -> None:
    from rnnviz.nn.models.model import make_model

    ways = bidirectional and CELLS[cell].recurrent
    spec, chosen = rv.ModelSpec(cell, hidden, layers, ways), rv.task(task)
    model, sizes = make_model(spec, chosen, 0), (chosen.input_size, chosen.output_size)
    counted = sum(weight.numel() for weight in model.parameters())
    assert parameter_count(spec, *sizes) == counted
    assert weight_shapes(spec, *sizes) == {name: tuple(w.shape) for name, w in model.state_dict().items()}
    formula, total = parameter_formula(spec, *sizes).split(" = ")
    assert eval(formula.replace("×", "*")) == counted
    assert total == f"{counted:,}"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (rv.ModelSpec("lstm", 32), "4 × (32×2 + 32×32 + 2×32) + (1×32 + 1) = 4,641"),
        (rv.ModelSpec("rnn", 32), "(32×2 + 32×32 + 2×32) + (1×32 + 1) = 1,185"),
        (rv.ModelSpec("gru", 2, 3), "3 × 3 × (2×2 + 2×2 + 2×2) + (1×2 + 1) = 111"),
        (
            rv.ModelSpec("gru", 4, 2, True, reset="before"),
            "2 × 3 × (4×2 + 4×4 + 2×4) + 2 × 3 × (4×8 + 4×4 + 2×4) + (1×8 + 1) = 537",
        ),
        (rv.ModelSpec("window", 32), "(32×8×2 + 32) + (1×32 + 1) = 577"),
        (rv.ModelSpec("window", 4, 2, window=3), "(4×3×2 + 4) + (4×3×4 + 4) + (1×4 + 1) = 85"),
        (rv.ModelSpec("window", 4, window=1), "(4×2 + 4) + (1×4 + 1) = 17"),
    ],
)
def test_the_formula_has_its_numbers_filled_in(spec: rv.ModelSpec, expected: str) -> None:
    assert parameter_formula(spec, 2, 1) == expected
