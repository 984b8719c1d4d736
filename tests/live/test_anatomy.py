"""What the Anatomy page is sent: every number on the wires, against the cells themselves in double precision."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from rnnviz import live
from rnnviz.anatomy.step import taken_apart
from rnnviz.cells import wiring
from rnnviz.live import anatomy
from rnnviz.nn.measure.anatomy import step
from rnnviz.specs.experiment import Experiment
from tests.live import runs

CELLS = "rnn:hidden=5:activation=sigmoid,lstm:hidden=4,gru:hidden=3,gru:hidden=4:reset=before"
DEEP = "lstm:hidden=4:layers=3:bidirectional=true:skip=true,rnn:hidden=4:layers=2:activation=relu"
DATES = "gru:hidden=5:attention=additive,lstm:hidden=4:bidirectional=true:attention=general,gru:hidden=4:decoder=lstm"
RULES: dict[str, Callable[..., Any]] = {
    "product": lambda a, b: a * b,
    "sum": lambda *terms: sum(terms),
    "rest": lambda a, b: a - b,
    "tanh": np.tanh,
    "turned": lambda a: 1 - a,
    "minus": lambda a: -a,
}


def trained(query: dict[str, str]) -> rv.Run:
    experiment = Experiment.from_query({name: [value] for name, value in query.items()})
    run = rv.Run(experiment)
    for frame in rv.train(experiment):
        run.append(frame)
    return run


def kind_of(told: dict[str, Any], cell: dict[str, Any], updates: bool) -> str:
    """The name of a cell's wiring, where there is one in that in which z is the share that is replaced."""
    other = f"{cell['kind']}-z-updates"
    return other if updates and other in told["wirings"] else cell["kind"]


def on_wires(
    run: rv.Run, label: str, view: live.View, updates: bool = False
) -> tuple[list[dict[str, np.ndarray]], dict[str, Any]]:
    """For each half letter → (time, unit), those included that a browser computes; and what was sent."""
    told = anatomy.told(run.experiment)
    shown = live.moment(run, view, len(run.frames) - 1)["models"][label]["cell"]
    if not shown:
        return [], shown
    halves, begin = [], 0
    for cell, x in zip(told["cells"][label], shown["x"], strict=True):
        times = slice(begin, begin := begin + len(x))
        found = {name: values[times].astype(np.float64) for name, values in shown["letters"].items()}
        for name, rule, *of in told["wirings"][kind_of(told, cell, updates)]["rules"]:
            found[name] = RULES[rule](*(found[one] for one in of))
        halves.append(found)
    return halves, shown


@pytest.mark.parametrize("models", [CELLS, DEEP])
@pytest.mark.parametrize(("layer", "direction"), [(-1, "forward"), (0, "forward"), (1, "backward")])
@pytest.mark.parametrize("updates", [False, True])
def test_every_number_on_the_wires_is_that_of_the_cell(models: str, layer: int, direction: str, updates: bool) -> None:
    run = trained({"steps": "3", "length": "6", "models": models})
    task, (*_, last) = run.experiment.task, run.frames
    view = live.View("anatomy", 1, layer, direction)
    for label in run.experiment.labels:
        spec, weights = run.experiment.model(label), last.models[label].weights
        halves, shown = on_wires(run, label, view, updates)
        assert bool(halves) == (layer < spec.layers and (direction == "forward" or spec.bidirectional))
        if not halves:
            continue
        exact = taken_apart(spec, step(spec, task, weights, task.probes().batch.inputs[:, 1:2], layer, direction),
                            weights, layer, direction, updates)  # fmt: skip
        told = anatomy.told(run.experiment)
        drawn = wiring(kind_of(told, told["cells"][label][0], updates))
        needed = {wire.value for wire in drawn.wires} | {part.value for part in drawn.parts}
        for time in range(task.steps):
            values = exact.at(time) | (
                {"b": exact.weights["b_ih"] + exact.weights["b_hh"]} if spec.cell == "rnn" else {}
            )
            np.testing.assert_allclose(shown["x"][0][time].astype(float), exact.found["x"][time], atol=4e-3)
            for name in needed - {"", "x", "y"}:
                np.testing.assert_allclose(halves[0][name][time], values[name], atol=8e-3, err_msg=f"{label} {name}")


@pytest.mark.parametrize("task", ["sentiment", "tagging"])
@pytest.mark.parametrize(("layer", "direction"), [(0, "forward"), (0, "backward"), (1, "backward")])
def test_numbers_of_words_are_those_of_the_sentence_alone(task: str, layer: int, direction: str) -> None:
    """Up to the end of each sentence, and of the lowest layer x are embeddings."""
    whole = runs.run(task, runs.DEEP)
    chosen, last = whole.experiment.task, whole.frames[-1]
    for probe, length in enumerate(chosen.probes().batch.lengths):
        for label in ("lstm", "gru"):
            spec, weights = whole.experiment.model(label), last.models[label].weights
            halves, shown = on_wires(whole, label, live.View("anatomy", probe, layer, direction))
            if not halves:
                continue
            inputs = chosen.probes().batch.inputs[:length, probe : probe + 1]
            exact = step(spec, chosen, weights, inputs, layer, direction)
            assert shown["x"][0].shape[0] == len(shown["said"]) == length
            np.testing.assert_allclose(shown["x"][0].astype(float), exact["x"], atol=4e-3)
            np.testing.assert_allclose(halves[0]["h"].astype(float), exact["hidden"], atol=8e-3)


def test_both_halves_of_an_encoder_decoder() -> None:
    run = trained({"task": "dates", "steps": "2", "models": DATES})
    for label in run.experiment.labels:
        for probe in range(len(run.experiment.task.probes().names)):
            halves, shown = on_wires(run, label, live.View("anatomy", probe))
            for cell, found in zip(anatomy.told(run.experiment)["cells"][label], halves, strict=True):
                assert all(np.isfinite(found[wire.value]).all() for wire in wiring(cell["kind"]).wires if wire.value)
                gate = "f" if cell["kind"] == "lstm" else "z"
                np.testing.assert_allclose(1 / (1 + np.exp(-found[f"a_{gate}"])), found[gate], atol=4e-3)
                assert np.abs(found["written"]).max() > 1e-3
            read, said = len(shown["x"][0]), shown["said"]
            assert len(said) == len(shown["letters"]["h"]) == len(anatomy.told(run.experiment)["tokens"][probe])
            assert set(said[:read]) == {""} and all(said[read:])


def test_each_half_has_the_colours_of_its_own_cell() -> None:
    """A GRU's states lie between −1 and 1, whatever its decoder's activation lets pass."""
    query = {"task": "reverse", "models": "gru:hidden=4:attention=dot:decoder=rnn:activation=relu"}
    experiment = Experiment.from_query({name: [value] for name, value in query.items()})
    encoder, decoder = anatomy.told(experiment)["cells"]["gru"]
    assert [half["vectors"][-1]["high"] for half in (encoder, decoder)] == [1.0, 3.0]
    assert [half["kind"] for half in (encoder, decoder)] == ["gru-after", "rnn-relu"]
