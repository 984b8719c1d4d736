"""A decoder taken apart satisfies its equations, and writes what the model writes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.anatomy import equations
from rnnviz.anatomy.step import Anatomy, taken_apart
from rnnviz.nn.decode.decoding import translate
from rnnviz.nn.measure.anatomy import step, writing
from rnnviz.nn.models.model import make_model
from rnnviz.specs.models import ModelSpec
from tests.nn.measure.test_anatomy import check, check_line, near
from tests.support.tasks import task

TASK = task("reverse", length=6)
SPECS = [
    ModelSpec("gru", 5, attention="additive", bidirectional=True),
    ModelSpec("lstm", 4, attention="dot", layers=2),
    ModelSpec("lstm", 4, attention="general", decoder="gru"),
    ModelSpec("gru", 4, decoder="lstm", bidirectional=True),
    ModelSpec("rnn", 5, attention="additive", layers=2, skip=True, dropout=0.5),
    ModelSpec("gru", 5, reset="before"),
]
every_spec = pytest.mark.parametrize("spec", SPECS, ids=str)


def cut(
    spec: ModelSpec, layer: int = -1, z_updates: bool = False, seed: int = 0, scale: float = 1.0, text: str = "acbde"
) -> tuple[Anatomy, dict[str, np.ndarray]]:
    weights = {name: (scale * w).numpy() for name, w in make_model(spec, TASK, seed).state_dict().items()}
    found = writing(spec, TASK, weights, TASK.read(text)[:, None], layer)
    return taken_apart(spec, found, weights, layer, "forward", z_updates), weights


@every_spec
def test_every_number_satisfies_the_equations(spec: ModelSpec) -> None:
    for layer in range(spec.layers):
        for z_updates in (False, True):
            found, _ = cut(spec, layer, z_updates, scale=2.0)
            assert found.decodes and not found.encodes and found.spec.cell == spec.cells[1]
            for time in range(found.steps):
                check(found, found.at(time))
                near(found.logits(time), found.found["answers"][time])


@every_spec
def test_it_writes_what_the_model_writes_and_looks_where_the_model_looks(spec: ModelSpec) -> None:
    found, weights = cut(spec, scale=2.0)
    model = translate(spec, TASK, weights, TASK.read("acbde"))
    np.testing.assert_array_equal(found.found["places"], model["classes"])
    assert ("weights" in found.found) == bool(spec.attention)
    if spec.attention:
        np.testing.assert_allclose(found.found["weights"], model["weights"], atol=1e-5)
        scores = np.exp(found.found["scores"])
        near(scores / scores.sum(1, keepdims=True), found.found["weights"])
        near(found.found["context"], found.found["weights"] @ found.found["memory"])
        near(found.found["read"][:, 1], np.tanh(_joined(found, 1)))


def _joined(found: Anatomy, unit: int) -> np.ndarray:
    weights, biases = found.combine
    return np.concatenate([found.found["top"], found.found["context"]], 1) @ weights[unit] + biases[unit]


@every_spec
def test_each_step_starts_where_the_one_before_ended_and_reads_what_that_wrote(spec: ModelSpec) -> None:
    found, weights = cut(spec, layer=0)
    near(found.found["before"][1:], found.found["hidden"][:-1])
    embedded = weights["target.weight"].astype(float)
    near(found.found["x"][0, : spec.hidden], embedded[TASK.output_size])
    near(found.found["x"][1:, : spec.hidden], embedded[found.found["places"][:-1]])
    if spec.attention == "additive":
        near(found.found["x"][:, spec.hidden :], found.found["context"])


def test_without_a_bridge_it_starts_from_the_encoder_s_last_state() -> None:
    spec = ModelSpec("gru", 5, reset="before")
    found, weights = cut(spec)
    encoder = step(spec, TASK, weights, TASK.read("acbde")[:, None], -1, "forward")
    near(found.found["before"][0], encoder["hidden"][-1])


@given(st.integers(0, 10_000), st.sampled_from(SPECS), st.floats(0.3, 4))
def test_shown_numbers_put_into_a_calculator_give_the_shown_result(seed: int, spec: ModelSpec, scale: float) -> None:
    found, _ = cut(spec, seed=seed, scale=scale, text="abcdef"[: 1 + seed % 6])
    time, unit = seed % found.steps, seed % spec.hidden
    shown = [line for one in equations.equations(found, time, unit) for line in one.shown]
    if found.combine:
        context, joined = equations.context(found, time, unit), equations.joined(found, time, unit)
        attention = equations.attention(found, time)
        shown += [*attention.shown, *context.shown, *joined.shown]
        assert f"{found.found['weights'][time].max():.4f}" == attention.shown[-1].split(" = ")[-1]
        assert joined.shown[-1].endswith(f"{found.found['read'][time, unit]:.4f}") or math.isclose(
            float(joined.shown[-1].split(" = ")[-1]), found.found["read"][time, unit], abs_tol=1e-4
        )
    logits = found.logits(time)
    shown += [*equations.readout(found, time, int(logits.argmax())).shown, *equations.softmax(logits)]
    for line in shown:
        check_line(line)
