"""What the Anatomy page shows satisfies the equations, and its arithmetic can be checked with a calculator."""

import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.anatomy import equations
from rnnviz.anatomy.step import Anatomy, taken_apart
from rnnviz.nn.measure.anatomy import step
from rnnviz.nn.models.model import make_model
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task, task

TASKS = {name: task(name, **params) for name, params in (("adding", {"length": 7}), ("recall", {"lag": 5}),
                                                         ("brackets", {"length": 6}))}  # fmt: skip
SPECS = [
    ModelSpec("rnn", 5),
    ModelSpec("rnn", 5, activation="relu"),
    ModelSpec("rnn", 5, activation="sigmoid"),
    ModelSpec("lstm", 5, forget_bias=1.0),
    ModelSpec("gru", 5),
    ModelSpec("gru", 5, reset="before"),
    ModelSpec("lstm", 4, layers=2, bidirectional=True),
    ModelSpec("gru", 4, layers=3, skip=True, dropout=0.5),
]
every_spec = pytest.mark.parametrize("spec", SPECS, ids=str)


def cut(
    spec: ModelSpec,
    chosen: Task,
    layer: int = -1,
    direction: str = "forward",
    z_updates: bool = False,
    seed: int = 0,
    scale: float = 1.0,
) -> tuple[Anatomy, Any]:
    model = make_model(spec, chosen, seed)
    weights = {name: (scale * w).numpy() for name, w in model.state_dict().items()}
    inputs = chosen.probes().batch.inputs[:, :1]
    found = step(spec, chosen, weights, inputs, layer, direction)
    return taken_apart(spec, found, weights, layer, direction, z_updates), model


def places(spec: ModelSpec) -> list[tuple[int, str]]:
    return [(layer, way) for layer in range(spec.layers) for way in ("forward", "backward")[: spec.directions]]


@every_spec
def test_every_number_satisfies_the_equations(spec: ModelSpec) -> None:
    for layer, direction in places(spec):
        for z_updates in (False, True):
            found, _ = cut(spec, TASKS["adding"], layer, direction, z_updates, scale=2.0)
            for time in range(found.steps):
                check(found, found.at(time))


def check(found: Anatomy, v: dict[str, np.ndarray]) -> None:
    phi = {"tanh": np.tanh, "relu": lambda a: np.maximum(a, 0), "sigmoid": sigma}[found.spec.activation]
    if found.spec.cell == "rnn":
        near(v["h"], phi(v["h_x"] + v["h_bx"] + v["h_h"] + v["h_bh"]))
    elif found.spec.cell == "lstm":
        for letter in "ifo":
            near(v[letter], sigma(v[f"{letter}_x"] + v[f"{letter}_bx"] + v[f"{letter}_h"] + v[f"{letter}_bh"]))
        near(v["g"], np.tanh(v["a_g"]))
        near(v["c"], v["f"] * v["c0"] + v["i"] * v["g"])
        near(v["c"], v["kept"] + v["written"])
        near(v["h"], v["o"] * v["shown"])
    else:
        near(v["r"], sigma(v["a_r"]))
        near(v["z"], sigma(v["a_z"]))
        near(v["n"], np.tanh(v["a_n"]))
        near(v["h"], v["kept"] + v["written"])
        stay, move = (v["turned"], v["z"]) if found.converted else (v["z"], v["turned"])
        near(v["h"], stay * v["h0"] + move * v["n"])


def near(one: np.ndarray, other: np.ndarray) -> None:
    np.testing.assert_allclose(one, other, atol=1e-12)


def sigma(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


@every_spec
def test_the_states_are_those_of_the_model_itself(spec: ModelSpec) -> None:
    chosen = TASKS["recall"]
    found, model = cut(spec, chosen)
    x = torch.tensor(chosen.probes().batch.inputs[:, :1])
    model.eval()
    with torch.no_grad():
        handed_on, answers = model.recurrent(x)[0], model(x)
    np.testing.assert_allclose(found.found["read"], handed_on[:, 0], atol=1e-5)
    np.testing.assert_allclose(found.found["answers"], answers, atol=1e-5)
    if not spec.skip:
        np.testing.assert_allclose(found.found["hidden"], handed_on[:, 0, : spec.hidden], atol=1e-5)
    if not spec.bidirectional:
        near(found.logits(found.steps - 1), found.found["answers"][0])


@every_spec
def test_each_step_starts_where_the_one_before_ended(spec: ModelSpec) -> None:
    for layer, direction in places(spec):
        found, _ = cut(spec, TASKS["brackets"], layer, direction)
        h, before = found.found["hidden"], found.found["before"]
        later, earlier = (before[:-1], h[1:]) if found.backward else (before[1:], h[:-1])
        near(later, earlier)
        assert not before[-1 if found.backward else 0].any()


@pytest.mark.parametrize("reset", ["after", "before"])
def test_the_two_readings_of_z_are_one_model(reset: str) -> None:
    spec = ModelSpec("gru", 5, reset=reset)
    keeps, _ = cut(spec, TASKS["adding"])
    updates, _ = cut(spec, TASKS["adding"], z_updates=True)
    for time in range(keeps.steps):
        one, other = keeps.at(time), updates.at(time)
        near(other["z"], 1 - one["z"])
        near(other["a_z"], -one["a_z"])
        for name in ("h", "n", "r", "kept", "written", "a_n", "h0"):
            near(one[name], other[name])


@every_spec
def test_the_terms_of_a_sum_add_up_to_it(spec: ModelSpec) -> None:
    found, _ = cut(spec, TASKS["recall"])
    for letter in (*found.letters, "y"):
        rows = found.terms(3, 1, letter)
        sums = {source: math.fsum(row.product for row in rows if row.source == source) for source in "xh"}
        if letter == "y":
            assert abs(sums["h"] + found.readout[1][1] - found.logits(3)[1]) < 1e-12
        else:
            v = found.at(3)
            assert abs(sums["x"] - v[f"{letter}_x"][1]) < 1e-12
            assert abs(sums["h"] - v[f"{letter}_h"][1]) < 1e-12


# The displayed arithmetic, read back from the LaTeX and put into a calculator.

FUNCTIONS = {"sigma": lambda a: 1 / (1 + math.exp(-a)), "tanh": math.tanh, "ReLU": lambda a: max(0.0, a)}


def sides(line: str) -> list[str]:
    """What stands between the equals signs and is made of numbers."""
    line = re.sub(r"\\underbrace\{([^{}]*)\}_\{(?:[^{}]|\{[^{}]*\})*\}", r"\1", line)
    return [side for side in line.split(" = ") if not re.search(r"[a-zA-Z]_|context|\\frac|\\tilde", side)]


def computed(side: str) -> float:
    plain = side.replace(r"\times", "*").replace(r"\mathrm{ReLU}", "ReLU").replace("\\", "")
    plain = re.sub(r"^e\^\{(.*)\}$", r"exp(\1)", plain)
    return float(eval(plain, {"exp": math.exp, **FUNCTIONS}))


def check_line(line: str) -> None:
    *rest, result = sides(line)
    assert re.fullmatch(r"-?\d+\.\d{4,13}", result), line
    digits = len(result.split(".")[1])
    assert rest, line
    for side in rest:
        assert f"{computed(side):z.{digits}f}" == result, line


@given(st.integers(0, 10_000), st.sampled_from(SPECS), st.booleans(), st.floats(0.3, 4))
def test_shown_numbers_put_into_a_calculator_give_the_shown_result(
    seed: int, spec: ModelSpec, z_updates: bool, scale: float
) -> None:
    layer, direction = places(spec)[seed % len(places(spec))]
    found, _ = cut(spec, TASKS["recall"], layer, direction, z_updates, seed, scale)
    time, unit = seed % found.steps, seed % spec.hidden
    for one in equations.equations(found, time, unit):
        assert one.shown and "=" in one.general
        assert not found.backward or "t-1" not in one.general + "".join(one.shown)
        for line in one.shown:
            check_line(line)
    logits = found.logits(time)
    best = int(logits.argmax())
    for line in (*equations.readout(found, time, best).shown, *equations.softmax(logits)):
        check_line(line)


def test_results_in_the_equations_are_those_of_the_cell() -> None:
    found, _ = cut(ModelSpec("lstm", 5), TASKS["adding"])
    v = {name: values[2] for name, values in found.at(4).items()}
    shown = {one.title: one.shown[-1] for one in equations.equations(found, 4, 2)}
    assert list(shown) == ["Forget gate", "Input gate", "Cell candidate", "Output gate", "Cell state", "Hidden state"]
    for title, name in (("Forget gate", "f"), ("Cell candidate", "g"), ("Cell state", "c"), ("Hidden state", "h")):
        assert shown[title].endswith(f" = {v[name]:.4f}")
    assert [one.title for one in equations.update(found, 4, 2)] == ["Cell state", "Hidden state"]


def test_softmax_of_answers_whose_powers_are_too_large_to_read() -> None:
    (line,) = equations.softmax(np.array([900.0, 899.0]))
    assert line.endswith(" = 1 / 1.36788 = 0.7311")
