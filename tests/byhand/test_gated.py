"""One step of an LSTM and a GRU by hand equals torch's cells; what is written comes out as written."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.byhand import gated
from rnnviz.cells import CELLS
from rnnviz.core.errors import ExperimentError
from rnnviz.specs.models import ModelSpec

NUMBERS = st.floats(-3, 3).map(lambda value: round(value, 4))


@st.composite
def steps(draw: st.DrawFn, cell: str) -> gated.Gated:
    many = len(CELLS[cell].blocks)
    weights = tuple((draw(NUMBERS), draw(NUMBERS), draw(NUMBERS)) for _ in range(many))
    return gated.Gated(cell, weights, draw(NUMBERS), draw(NUMBERS), draw(NUMBERS))


def torch_cell(step: gated.Gated) -> tuple[torch.Tensor, ...]:
    made = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}[step.cell](1, 1).double()
    w, u, b = (torch.tensor(column, dtype=torch.float64) for column in zip(*step.weights, strict=True))
    with torch.no_grad():
        made.weight_ih.copy_(w[:, None])
        made.weight_hh.copy_(u[:, None])
        made.bias_ih.copy_(b)
        made.bias_hh.zero_()
    x, h, c = (torch.tensor([[value]], dtype=torch.float64) for value in (step.x, step.h, step.c))
    return made(x, (h, c)) if step.cell == "lstm" else (made(x, h),)


@given(steps("lstm"))
def test_an_lstm_step_is_torchs(step: gated.Gated) -> None:
    h, c = torch_cell(step)
    found = gated.values(step)
    assert found["h"] == pytest.approx(h.item(), abs=1e-12) and found["c"] == pytest.approx(c.item(), abs=1e-12)


@given(steps("gru"))
def test_a_gru_step_is_torchs(step: gated.Gated) -> None:
    (h,) = torch_cell(step)
    assert gated.values(step)["h"] == pytest.approx(h.item(), abs=1e-12)


@pytest.mark.parametrize("cell", gated.offered())
@given(data=st.data())
def test_every_number_of_the_diagram_is_that_of_the_cell(cell: str, data: st.DataObject) -> None:
    step = data.draw(steps(cell))
    found, kind, spec = gated.values(step), CELLS[cell], ModelSpec(cell)
    parts = {name: np.array(value) for name, value in found.items()}
    by_state = dict(zip(kind.letters, (u for _, u, _ in step.weights), strict=True))
    for letter, (w, u, b) in zip(kind.letters, step.weights, strict=True):
        four = {"x": w * step.x, "bx": b, "h": u * step.h, "bh": 0.0}
        parts |= {f"{letter}_{part}": np.array(value) for part, value in four.items()}
    assert kind.inside is not None
    expected = kind.inside(parts, lambda letter, values: by_state[letter] * values, spec, False)
    for name in {*kind.wirings[kind.kind(spec)].told, *(name for name, *_ in kind.wirings[kind.kind(spec)].rules)}:
        assert found[name] == pytest.approx(float(expected.get(name, parts[name])), abs=1e-12), name


@pytest.mark.parametrize("cell", gated.offered())
@given(data=st.data())
def test_whatever_is_written_comes_to_what_is_written_behind_it(cell: str, data: st.DataObject) -> None:
    step = data.draw(steps(cell))
    names = {"σ": lambda a: 1 / (1 + math.exp(-a)), "tanh": math.tanh}
    for _, line in gated.equation_lines(step):
        _, said, result = line.split(" = ")
        text = said.replace("−", "-").replace("·", "*")
        assert eval(text, names) == pytest.approx(float(result.replace("−", "-")), abs=2e-5)


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ExperimentError, match="a number must be from −1,000 to 1,000; got nan"):
        gated.gated("lstm").put(0, 1, math.nan)
