"""The verdict on what each time step does to a gradient is computed from the line that is drawn."""

import numpy as np
import pytest

from rnnviz.findings.factors import each_step

NAN = float("nan")


@pytest.mark.parametrize(
    "factors, said",
    [
        ([NAN, 0.5, 2.0, 1.0], "1.00 (0.50 to 2.00)"),
        ([NAN, 0.74, 0.74], "0.74 (0.74 to 0.74)"),
        ([NAN, 0.0, 1.0], "0.00 (0.00 to 1.00)"),
        ([NAN, 0.001, 0.001], "0.001 (0.001 to 0.001)"),
        ([0.997, 0.997], "0.997 (0.997 to 0.997)"),
    ],
)
def test_the_mean_is_the_one_whose_power_is_the_product(factors: list[float], said: str) -> None:
    (sentence,) = each_step({"RNN": np.array(factors)})
    assert sentence == f"RNN: each time step back multiplies the gradient by {said}." and len(sentence.split()) <= 20


def test_what_the_numbers_are_is_said_once() -> None:
    none, first, second = each_step(
        {"RNN": np.array([NAN]), "LSTM, cell state": np.array([NAN, 0.98]), "GRU": np.array([0.9])}
    )
    assert none == "RNN: no gradient goes back from one time step to another."
    assert "each time step back multiplies" in first and second == "GRU: by 0.90 (0.90 to 0.90)."
