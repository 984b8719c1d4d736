"""The score without each unit is that of one forward pass for each, done separately."""

import numpy as np
import pytest
import torch

import rnnviz as rv
from rnnviz.nn.cells.editing import At, handed_up, recomputed
from rnnviz.nn.cells.stack import extent_of
from rnnviz.nn.measure.changed import silencing
from rnnviz.nn.measure.changed.silencing import silenced
from rnnviz.nn.models.model import make_model
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.batch import PAD

CASES = {
    "lstm": (rv.task("adding", length=8), ModelSpec("lstm", hidden=5)),
    "deep gru": (rv.task("recall"), ModelSpec("gru", hidden=4, layers=2, skip=True)),
    "every step": (rv.task("brackets"), ModelSpec("rnn", hidden=4)),
    "both ways": (rv.task("adding", length=8), ModelSpec("lstm", hidden=3, bidirectional=True)),
    "window": (rv.task("adding", length=8), ModelSpec("window", hidden=4)),
}


def one_pass(spec: ModelSpec, task: Task, unit: int | None) -> float:
    """The score of the model with a unit of its top layer at 0, sequence by sequence as edits make it."""
    model = make_model(spec, task, 1).requires_grad_(False)
    inputs = torch.tensor(task.held_out().inputs)
    layer, direction, at = spec.layers - 1, (unit or 0) // spec.hidden, (unit or 0) % spec.hidden

    def without(value: torch.Tensor, where: At) -> torch.Tensor:
        if unit is None or where[:2] != (layer, direction):
            return value
        value[:, at] = 0
        return value

    edits = {state.name: without for state in spec.kind.states}
    x = model.embedded(inputs)
    states = handed_up(model.recurrent, x, recomputed(model.recurrent, x, None, edits))
    extent = extent_of(inputs != PAD) if inputs.dim() == 2 else None
    return task.score(model.answer(states, extent).numpy(), task.held_out().targets)


@pytest.mark.parametrize("case", CASES)
def test_each_score_is_that_of_a_forward_pass_of_its_own(case: str) -> None:
    task, spec = CASES[case]
    found = silenced(spec, task, {n: w.numpy() for n, w in make_model(spec, task, 1).state_dict().items()})
    assert found["unit"].tolist() == list(range(spec.hidden * spec.directions))
    assert int(found["sequences"]) == task.held_out_size
    expected = [one_pass(spec, task, unit) for unit in found["unit"].tolist()]
    np.testing.assert_allclose(found["score"], expected, rtol=1e-4)
    np.testing.assert_allclose(found["whole"], one_pass(spec, task, None), rtol=1e-4)
    ranked = np.argsort(-found["score"], kind="stable")
    assert ranked.tolist() == np.argsort(-np.array(expected), kind="stable").tolist() or task.score_unit


def test_sequences_of_different_lengths_and_shared_weights() -> None:
    task, spec = rv.task("tagging"), ModelSpec("gru", hidden=4, bidirectional=True)
    found = silenced(spec, task, {n: w.numpy() for n, w in make_model(spec, task, 1).state_dict().items()})
    model = make_model(spec, task, 1).requires_grad_(False)
    held_out = task.held_out()
    plain = task.score(model(torch.tensor(held_out.inputs)).numpy(), held_out.targets)
    np.testing.assert_allclose(found["whole"], plain, atol=0.01)
    assert len(found["score"]) == 8
    task = rv.task("motion")
    spec = next(one for one in rv.Experiment(task).models if one.reach is not None)
    model = make_model(spec, task, 1).requires_grad_(False)
    found = silenced(spec, task, {n: w.numpy() for n, w in model.state_dict().items()})
    assert 0 < len(found["unit"]) < spec.hidden and int(found["sequences"]) <= task.held_out_size


def test_large_models_take_fewer_sequences_and_then_fewer_units(monkeypatch: pytest.MonkeyPatch) -> None:
    task, spec = CASES["lstm"]
    weights = {n: w.numpy() for n, w in make_model(spec, task, 1).state_dict().items()}
    monkeypatch.setattr(silencing, "MOST_SILENCED", 2 * 8 * 4 * 5 * 69 * 16)
    monkeypatch.setattr(silencing, "FEWEST_UNITS", 2)
    found = silenced(spec, task, weights)
    assert len(found["unit"]) == 2 and int(found["sequences"]) == 16
    with pytest.raises(ValueError, match="weights must be those of this model"):
        silenced(ModelSpec("lstm", hidden=6), task, weights)
    with pytest.raises(ValueError, match="without a decoder; got reverse"):
        silenced(ModelSpec("gru"), rv.task("reverse"), {})
