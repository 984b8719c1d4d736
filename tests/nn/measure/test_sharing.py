"""What every use of a matrix adds to its gradient: the sum is the gradient of the shared one."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

import rnnviz as rv
from rnnviz.cells import CELLS
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.cells.unfolding import sweep_back, unfold
from rnnviz.nn.measure import sharing
from rnnviz.nn.measure.probing import targets_of
from rnnviz.nn.measure.sharing import contributions
from rnnviz.nn.models.losses import loss_of
from rnnviz.nn.models.model import make_model, restored
from rnnviz.specs import architectures
from rnnviz.tasks import Task

EXACT = 1e-10
DEEP: dict[str, Any] = {"layers": 2, "bidirectional": True, "skip": True}


def weights_of(spec: rv.ModelSpec, task: Task, seed: int = 3) -> dict[str, np.ndarray]:
    return {name: weight.numpy() for name, weight in make_model(spec, task, seed).state_dict().items()}


def checked(spec: rv.ModelSpec, task: Task, **asked: Any) -> dict[str, np.ndarray]:
    found = contributions(spec, task, weights_of(spec, task), **asked)
    assert found["difference"] <= EXACT
    np.testing.assert_allclose(found["share"].sum(), 1, atol=1e-9)
    assert len(found["norm"]) == len(found["share"]) == len(found["cosine"])
    adds = found["norm"] > 0
    assert (np.abs(found["cosine"][adds]) <= 1 + 1e-12).all() and np.isnan(found["cosine"][~adds]).all()
    by_angle = np.where(adds, found["cosine"] * found["norm"], 0)
    np.testing.assert_allclose(found["share"] * found["whole"], by_angle, rtol=1e-9, atol=1e-15)
    return found


@pytest.mark.parametrize("cell", [name for name, one in CELLS.items() if one.recurrent])
@pytest.mark.parametrize("matrix", ["hh", "ih"])
@pytest.mark.parametrize(("layer", "direction"), [(0, "forward"), (1, "forward"), (0, "backward"), (1, "backward")])
def test_the_uses_sum_to_the_gradient_in_every_layer_and_direction_of_every_cell(
    cell: str, matrix: str, layer: int, direction: str
) -> None:
    task = rv.task("recall", lag=6)
    found = checked(rv.ModelSpec(cell, 5, **DEEP), task, layer=layer, direction=direction, matrix=matrix)
    assert len(found["norm"]) == task.steps


@pytest.mark.parametrize("cell", [name for name, one in CELLS.items() if not one.recurrent])
def test_they_do_for_a_cell_that_hands_nothing_on_and_has_no_matrix_for_that(cell: str) -> None:
    task, spec = rv.task("recall", lag=6), rv.ModelSpec(cell, 5)
    assert len(checked(spec, task, matrix="ih")["norm"]) == task.steps
    with pytest.raises(ExperimentError, match="matrix must be one of ih"):
        contributions(spec, task, weights_of(spec, task))


@pytest.mark.parametrize("reset", ["before", "after"])
@pytest.mark.parametrize("task", ["brackets", "waves"])
def test_they_do_where_every_step_is_answered(task: str, reset: str) -> None:
    checked(rv.ModelSpec("gru", 4, reset=reset), rv.task(task, length=8), probe=1)


def test_they_do_for_words_where_a_sentence_has_its_own_length() -> None:
    task = rv.task("sentiment")
    for probe, length in enumerate(task.probes().batch.lengths[:3]):
        assert len(checked(rv.ModelSpec("lstm", 4), task, probe=probe)["norm"]) == length


@pytest.mark.parametrize("part", ["encoder", "decoder"])
@pytest.mark.parametrize("attention", [None, "dot", "general", "additive"])
@pytest.mark.parametrize("layers", [1, 2])
def test_they_do_in_both_halves_of_an_encoder_decoder(part: str, attention: str | None, layers: int) -> None:
    task = rv.task("reverse")
    spec = rv.ModelSpec("gru", 4, layers=layers, attention=attention, decoder="lstm")
    found = checked(spec, task, part=part, layer=0)
    batch = task.probes().batch
    assert len(found["norm"]) == (batch.lengths[0] if part == "encoder" else (batch.targets[:, 0] >= 0).sum())


def test_a_use_is_the_product_of_what_came_back_and_of_the_state_before() -> None:
    """∂L/∂W_t = δ_t h_{t-1}ᵀ for a plain cell, found here by the sweep of all steps at once."""
    task, spec = rv.task("recall", lag=6), rv.ModelSpec("rnn", 5)
    weights = weights_of(spec, task)
    model = restored(spec, task, weights).double()
    inputs = torch.tensor(task.probes().batch.inputs[:, :1])
    states = model.states(inputs).detach().requires_grad_()
    (dy,) = torch.autograd.grad(loss_of(task.answers.of, model.answer(states), targets_of(task, 0)), states)
    ((one,),) = unfold(model.recurrent, model.embedded(inputs))
    ((swept,),) = sweep_back([[one]], dy)
    before = torch.cat([torch.zeros_like(one.h[:1]), one.h[:-1]])
    sizes = torch.linalg.vector_norm(swept.at_hidden, dim=(1, 2)) * torch.linalg.vector_norm(before, dim=(1, 2))
    found = contributions(spec, task, weights)
    np.testing.assert_allclose(found["norm"], sizes.detach().numpy(), rtol=1e-9, atol=1e-15)
    assert found["norm"][0] == 0, "the first use multiplies the zero state"


def test_few_at_a_time_are_the_same_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    task, spec = rv.task("recall", lag=6), rv.ModelSpec("lstm", 5)
    once = contributions(spec, task, weights_of(spec, task))
    monkeypatch.setattr(sharing, "_TOGETHER", 1)
    few = contributions(spec, task, weights_of(spec, task))
    for name, values in once.items():
        if name != "difference":
            np.testing.assert_allclose(few[name], values, rtol=1e-12, atol=1e-18)


@pytest.mark.parametrize(
    ("asked", "named"),
    [({"part": "decoder"}, "part"), ({"direction": "backward"}, "direction"), ({"matrix": "xh"}, "matrix")],
)
def test_what_the_model_does_not_have_is_named(asked: dict[str, Any], named: str) -> None:
    task, spec = rv.task("recall", lag=2), rv.ModelSpec("rnn", 3)
    with pytest.raises(ExperimentError, match=named):
        contributions(spec, task, weights_of(spec, task), **asked)


def test_other_weights_and_probes_are_refused() -> None:
    task, spec = rv.task("recall", lag=2), rv.ModelSpec("rnn", 3)
    with pytest.raises(ValueError, match="weights"):
        contributions(dataclasses.replace(spec, hidden=4), task, weights_of(spec, task))
    with pytest.raises(ValueError, match="probe"):
        contributions(spec, task, weights_of(spec, task), probe=99)
    assert architectures.of(task).parts(spec).keys() == {"recurrent"}
