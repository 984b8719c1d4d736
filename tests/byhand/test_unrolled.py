"""A gated cell over several time steps equals torch's, forwards and back; what a browser says is checked."""

import dataclasses
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.byhand import gated, unrolled
from rnnviz.byhand.unrolled import Unrolled
from rnnviz.cells import CELLS
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from tests.byhand.test_gated import NUMBERS

MOST = limits.MOST_HAND_STEPS


@st.composite
def runs(draw: st.DrawFn, cell: str) -> Unrolled:
    weights = tuple((draw(NUMBERS), draw(NUMBERS), draw(NUMBERS)) for _ in CELLS[cell].blocks)
    xs = tuple(draw(st.lists(NUMBERS, min_size=MOST, max_size=MOST)))
    return Unrolled(cell, weights, draw(NUMBERS), draw(NUMBERS), xs, draw(st.integers(1, MOST)))


def torch_states(run: Unrolled) -> tuple[list[tuple[torch.Tensor, ...]], dict[str, torch.Tensor]]:
    """The states of every time step, the first ones first, and all that can be set; derivatives reach both."""
    made = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}[run.cell](1, 1).double()
    columns = [
        torch.tensor(column, dtype=torch.float64, requires_grad=True) for column in zip(*run.weights, strict=True)
    ]
    w, u, b = columns
    first = [torch.tensor([[getattr(run, name)]], dtype=torch.float64, requires_grad=True) for name in run.step.before]
    xs = [torch.tensor([[x]], dtype=torch.float64, requires_grad=True) for x in run.xs[: run.length]]
    given = {"weight_ih": w[:, None], "weight_hh": u[:, None], "bias_ih": b, "bias_hh": torch.zeros_like(b)}
    states = [tuple(first)]
    for x in xs:
        before = states[-1] if len(first) > 1 else states[-1][0]
        after = torch.func.functional_call(made, given, (x, before))
        states.append(tuple(one.clone() for one in (after if isinstance(after, tuple) else (after,))))
    return states, {"w": w, "u": u, "b": b} | {f"x{t}": x for t, x in enumerate(xs, 1)}


def slope(of: torch.Tensor, by: torch.Tensor) -> Any:
    (found,) = torch.autograd.grad(of.sum(), by, retain_graph=True, allow_unused=True)
    return torch.zeros_like(by) if found is None else found


@pytest.mark.parametrize("cell", gated.offered())
@given(data=st.data())
def test_states_and_what_comes_back_to_them_are_torchs(cell: str, data: st.DataObject) -> None:
    run = data.draw(runs(cell))
    states, can_be_set = torch_states(run)
    for step, before in zip(run.steps, states, strict=False):
        assert list(step.before.values()) == pytest.approx([one.item() for one in before], abs=1e-12)
    back, letters = unrolled.sensitivities(run), list(run.step.before)
    for t, state in enumerate(states[:-1]):
        for place, letter in enumerate(letters):
            expected = slope(states[-1][place], state[place]).item()
            assert back[letter][t] == pytest.approx(expected, rel=1e-9, abs=1e-10)
    assert all(values[-1] == 1.0 for values in back.values())
    found = unrolled.gradients(run)
    last = states[-1][0]
    for name, column in can_be_set.items():
        names = [name] if name.startswith("x") else [f"{name}_{letter}" for letter in run.kind.letters]
        expected = slope(last, column).flatten().tolist()
        assert [found[one] for one in names] == pytest.approx(expected, rel=1e-9, abs=1e-10)


@given(data=st.data())
def test_what_is_said_to_a_browser_is_taken_from_it(data: st.DataObject) -> None:
    run = data.draw(runs(data.draw(st.sampled_from(gated.offered()))))
    assert unrolled.heard(run.cell, run.said()) == run


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": []}, {"weights": [[1, 2]]}, {"weights": None}, {"xs": [0.0]}, {"xs": ["a"] * MOST}, {"h": "NaN"},
        {"h": 1e9}, {"xs": [float("inf")] * MOST}, {"length": 0}, {"length": MOST + 1}, {"length": float("inf")},
        {"at": -1}, {"at": 7}, {"c": None},
    ],
)  # fmt: skip
def test_what_no_browser_of_ours_says_is_refused(wrong: dict[str, Any]) -> None:
    said = unrolled.begin("lstm").said()
    assert unrolled.heard("lstm", said) == unrolled.begin("lstm")
    with pytest.raises(ExperimentError, match="must be"):
        unrolled.heard("lstm", said | wrong)


def preset(cell: str, begins: str) -> Unrolled:
    """A cell with the weights of a preset, and inputs that are 1 at the third time step and 0 elsewhere."""
    weights = next(one for title, one in gated.particular(cell).presets.items() if title.startswith(begins))
    xs = tuple(float(t == 2) for t in range(MOST))
    return Unrolled(cell, weights, 0.5, 0.8, xs, 6)


@pytest.mark.parametrize(("cell", "state", "first"), [("lstm", "c", 0.8), ("gru", "h", 0.5)])
def test_presets_do_what_they_say(cell: str, state: str, first: float) -> None:
    def states(begins: str) -> list[float]:
        run = preset(cell, begins)
        return [gated.values(step)[state] for step in run.steps]

    written = 0.964  # tanh(2)
    assert states("Keep") == pytest.approx([first] * 6, abs=1e-2)
    once = [0.0, 0.0, written, 0.0, 0.0, 0.0]
    assert states("Overwrite" if cell == "lstm" else "Replace:") == pytest.approx(once, abs=1e-2)
    on_demand = states("Write where" if cell == "lstm" else "Replace where")
    assert on_demand[1] == pytest.approx(first, abs=0.02) and on_demand[-1] == pytest.approx(written, abs=0.04)
    assert min(unrolled.sensitivities(preset(cell, "Keep"))[state]) > 0.99, (
        "what is kept is not forgotten on the way back"
    )
    if cell == "lstm":
        assert states("Forget") == pytest.approx([0.0] * 6, abs=1e-2)
        assert states("Add up")[-1] == pytest.approx(first + written, abs=1e-2)


def test_a_time_step_and_a_weight_are_chosen() -> None:
    run = unrolled.begin("gru")
    later = dataclasses.replace(run, at=3)
    assert later.step == run.steps[3] and later.step.h == gated.values(run.steps[2])["h"]
    assert run.put(1, 2, 9.0).weights[1] == (*run.weights[1][:2], 9.0)
