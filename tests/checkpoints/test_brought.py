"""What is known and said of a model that somebody brought."""

import numpy as np
import pytest
import torch
from torch import nn

from rnnviz.checkpoints.brought import Layer
from rnnviz.core import limits
from rnnviz.findings.brought import of_brought
from rnnviz.nn.checkpoints import inspecting


def layer_of(module: nn.RNNBase) -> Layer:
    return inspecting.described("it", module)


def said(module: nn.RNNBase, steps: int = 40) -> dict[str, str]:
    """Kind → sentence, of everything that is found on noise."""
    torch.manual_seed(0)
    layer, x = layer_of(module), torch.randn(steps, module.input_size).numpy()
    analysed = inspecting.analysed(layer, x, 0, 0)
    return {finding.kind: finding.text for finding in of_brought(layer, inspecting.traced(layer, x, 0, 0), analysed)}


def rnn(sigma: float, **more: object) -> nn.RNN:
    torch.manual_seed(0)
    module = nn.RNN(2, 16, **more)
    with torch.no_grad():
        module.weight_hh_l0.copy_(sigma * torch.linalg.qr(module.weight_hh_l0)[0])
        module.weight_ih_l0.mul_(0.01)
        module.bias_ih_l0.zero_()
        module.bias_hh_l0.zero_()
    return module


def test_a_vanishing_derivative_and_its_horizon() -> None:
    found = said(rnn(0.5))
    start = (
        "RNN: vanishing derivative of the last state by an earlier h. Each time step back multiplies it by about 0.50."
    )
    assert found["vanishing"].startswith(start)
    assert "largest singular value of W_hh is only 0.50" in found["vanishing"]
    assert found["vanishing"].endswith(" Its memory horizon is 6 time steps.")


def test_a_derivative_that_is_carried_or_explodes() -> None:
    carried = said(rnn(1.0))["carrying"]
    assert "hardly changes per time step (×1.00)." in carried and carried.endswith("reaches beyond this input.")
    growing = rnn(1.0, nonlinearity="relu")
    with torch.no_grad():
        growing.weight_hh_l0.copy_(1.3 * torch.eye(16))
        growing.bias_ih_l0.fill_(1.0)
    text = said(growing, 25)["exploding"]
    assert "exploding derivative" in text and "by about 1.30. Reason: the largest singular value" in text


def test_gates_that_are_stuck_and_units_that_are_saturated_or_dead() -> None:
    torch.manual_seed(0)
    module = nn.LSTM(2, 8)
    assert not {"stuck_gates", "saturated", "dead"} & {*said(module)}
    with torch.no_grad():
        module.bias_ih_l0[8:16] = 9.0  # the forget gate
        module.bias_ih_l0[16:24] = 9.0  # the candidate
    found = said(module)
    assert "forget gate is stuck open" in found["stuck_gates"]
    assert "units are saturated. On this input" in found["saturated"]


def test_too_short_an_input_says_nothing_of_units() -> None:
    assert {*said(nn.GRU(2, 4), steps=1)} == set()


@pytest.mark.parametrize(
    ("module", "formula"),
    [
        (nn.LSTM(8, 16, bidirectional=True), "2 × 4 × (16×8 + 16×16 + 2×16) = 3,328"),
        (nn.GRU(3, 5, 3), "3 × (5×3 + 5×5 + 2×5) + 2 × 3 × (5×5 + 5×5 + 2×5) = 510"),
        (nn.RNN(3, 5, bias=False), "(5×3 + 5×5) = 40"),
    ],
)
def test_the_formula_adds_up(module: nn.RNNBase, formula: str) -> None:
    layer = layer_of(module)
    assert layer.formula == formula
    left, right = formula.replace("×", "*").replace(",", "").split("=")
    assert eval(left) == int(right) == sum(weight.numel() for weight in module.parameters()) == layer.parameters


def test_limits_follow_from_sizes() -> None:
    assert layer_of(nn.GRU(3, 8)).longest == limits.LONGEST_SEQUENCE
    wide = Layer("it", "gru", 1, 1_000, 8, 2, True, {"w": np.zeros(10)})
    assert wide.longest == limits.MOST_TRACED // 16_000 == 125
