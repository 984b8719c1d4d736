"""A gate held by hand: what the Gates page is told, against a plain loop of the same equations."""

import numpy as np
import pytest
import torch
from torch import Tensor

import rnnviz as rv
from rnnviz.analysis.clamping import Clamp
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.weights import weights_of
from rnnviz.nn.measure.changed.clamping import WAYS, clamped
from rnnviz.nn.models.losses import losses_of
from rnnviz.nn.models.model import make_model, restored
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

MODELS = {
    "lstm": ModelSpec("lstm", hidden=5),
    "gru": ModelSpec("gru", hidden=5),
    "gru-before": ModelSpec("gru", hidden=5, reset="before"),
    "rnn": ModelSpec("rnn", hidden=5),
    "deep": ModelSpec("lstm", hidden=5, layers=2, skip=True),
}
TASKS = {"adding": rv.task("adding", length=10), "recall": rv.task("recall"), "tagging": rv.task("tagging")}


def weights_for(spec: ModelSpec, task: Task) -> dict[str, np.ndarray]:
    return {name: weight.numpy() for name, weight in make_model(spec, task, 3).state_dict().items()}


def by_hand(
    spec: ModelSpec, task: Task, weights: dict[str, np.ndarray], clamp: Clamp
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """States of the top layer and the gradient by them, from a loop that knows nothing of edits."""
    model = restored(spec, task, weights).double()
    batch = task.probes().batch
    x = model.embedded(torch.tensor(batch.inputs[: batch.lengths[0], :1])).detach()
    kind = kind_of(model.recurrent)
    kept: list[tuple[Tensor, ...]] = []
    for layer in range(spec.layers):
        w, state = weights_of(model.recurrent, layer, 0), (x.new_zeros(1, spec.hidden),) * len(kind.description.states)
        kept = []
        for t, a in enumerate(kind.products(w, x)):

            def point(name: str, value: Tensor, t: int = t, layer: int = layer) -> Tensor:
                for gate, new in clamp.gates:
                    if (name, layer) == (gate, clamp.layer) and clamp.first <= t <= clamp.last:
                        value = value.clone()
                        value[:, list(clamp.units or range(spec.hidden))] = new
                return value

            if t == clamp.reset:
                state = tuple(torch.zeros_like(part) for part in state)
            state = kind.step(w, a, state, point)
            for part in state:
                part.retain_grad()
            kept.append(state)
        hidden = torch.stack([one[0] for one in kept])
        x = hidden + x if layer and spec.skip else hidden
    answers = model.answer(x)
    target = torch.tensor(task.answers.take(batch.targets, slice(1)))
    target = target if task.answers.at_end else target[: batch.lengths[0]]
    losses_of(task.answers.of, answers, target)[-1].backward()
    found = {"answers": answers.detach().flatten(0, -2).numpy()}
    for place, state_of in enumerate(kind.description.states):
        parts = [one[place] for one in kept]
        found[state_of.name] = torch.cat(parts).detach().numpy()
        grads = [torch.zeros(1) if part.grad is None else part.grad for part in parts]
        found[f"{state_of.name}_grad_norm"] = np.array([float(grad.norm()) for grad in grads])
    return found, answers.detach().numpy()


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("model", MODELS)
def test_original_and_changed_are_those_of_a_plain_loop(model: str, task: str) -> None:
    spec, of = MODELS[model], TASKS[task]
    weights, keeps = weights_for(spec, of), spec.kind.keeps
    gates = () if keeps is None else ((keeps.name, 0.3),)
    clamp = Clamp(spec.layers - 1, 0, gates, (0, 2), first=1, last=3, reset=None if gates else 2)
    found = clamped(spec, of, weights, 0, clamp)
    for way, change in zip(WAYS, (Clamp(clamp.layer), clamp), strict=True):
        expected, _ = by_hand(spec, of, weights, change)
        for name, values in expected.items():
            np.testing.assert_allclose(found[f"{way}/{name}"], values, rtol=2e-5, atol=1e-6)
    for name in expected:
        if not name.endswith(("norm", "answers")):  # before the change, not a bit
            assert np.array_equal(found[f"changed/{name}"][:1], found[f"original/{name}"][:1])


def test_a_change_that_is_none_changes_no_bit() -> None:
    spec, of = MODELS["lstm"], TASKS["adding"]
    found = clamped(spec, of, weights_for(spec, of), 0, Clamp())
    names = [name.removeprefix("original/") for name in found if name.startswith("original/")]
    assert all(np.array_equal(found[f"original/{name}"], found[f"changed/{name}"]) for name in names)


def test_a_carried_cell_state_stays_and_no_gradient_passes_a_reset() -> None:
    spec, of = MODELS["lstm"], TASKS["adding"]
    weights, held = weights_for(spec, of), (("forget_gate", 1.0), ("input_gate", 0.0))
    found = clamped(spec, of, weights, 0, Clamp(0, 0, held, None, 4, 9))
    cell = found["changed/cell"]
    assert (cell[4:] == cell[3]).all() and (found["changed/forget_gate"][4:] == 1).all()
    cut = clamped(spec, of, weights, 0, Clamp(reset=4))
    assert not cut["changed/cell_grad_norm"][:4].any() and cut["changed/cell_grad_norm"][4:].all()
    assert cut["original/cell_grad_norm"].all()


def test_both_directions_and_what_is_not_there() -> None:
    spec, of = ModelSpec("gru", hidden=5, bidirectional=True), TASKS["adding"]
    weights = weights_for(spec, of)
    found = clamped(spec, of, weights, 0, Clamp(0, 1, (("update_gate", 1.0),), None, 0, 9))
    assert not found["changed/hidden"].any()
    for clamp, said in [
        (
            Clamp(gates=(("forget_gate", 1.0),)),
            "gate must be one of reset_gate, update_gate, held at 0 to 1; got forget_",
        ),
        (Clamp(gates=(("update_gate", 2.0),)), "gate must be one of .*; got update_gate at 2."),
        (Clamp(reset=10), "reset must be a time step from 0 to 9; got 10."),
    ]:
        with pytest.raises(ValueError, match=said):
            clamped(spec, of, weights, 0, clamp)
    with pytest.raises(ValueError, match="probe must be"):
        clamped(spec, of, weights, 9, Clamp())
    translating = rv.task("reverse")
    with pytest.raises(ValueError, match="without a decoder; got reverse"):
        clamped(ModelSpec("gru"), translating, {}, 0, Clamp())
