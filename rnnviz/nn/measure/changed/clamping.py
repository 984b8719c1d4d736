"""A gate held by hand while a trained model reads: what the Gates page asks for, original and changed."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from rnnviz.analysis.clamping import Clamp
from rnnviz.cells import Cell
from rnnviz.nn.cells.editing import At, Edits, Rows, handed_up, recomputed
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.measure.probing import exact_model, targets_of
from rnnviz.nn.measure.tracing import Edit, edits_of
from rnnviz.nn.models.losses import losses_of
from rnnviz.nn.models.model import SequenceModel
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Arrays = dict[str, np.ndarray]
WAYS = ("original", "changed")


def clamped(spec: ModelSpec, task: Task, weights: Arrays, probe: int, clamp: Clamp) -> Arrays:
    """A model with the weights of a frame on one of its task's probes, as it is and as `clamp` changes it.

    Both are computed by the same loop in double precision, so that they agree to the last bit until something is
    changed.

    Returns:
        For each of `WAYS`, as in "changed/hidden", of the layer and direction that the clamp is of:
        every state, gate and candidate of the cell (T, H);
        "answers" (S, O): what the readout gives at every answered step;
        "hidden_grad_norm" (T,): ‖∂L/∂h_t‖ of the loss L of the last answer that is asked; for an LSTM
        "cell_grad_norm" of c_t. A gate that is held passes no gradient on.

    Raises:
        ValueError: there is no such probe, the weights are not this model's, an encoder–decoder is asked, or the clamp
            is of what the model does not have.
    """
    if architectures.of(task).writes:
        raise ValueError(f"task must be answered without a decoder; got {task.name}.")
    model, module, x = exact_model(spec, task, weights, probe)
    gates = {gate.name for gate in spec.kind.gates}
    for name, value in clamp.gates:
        if name not in gates or not 0 <= value <= 1:
            wanted = f"one of {', '.join(sorted(gates)) or 'no gates'}, held at 0 to 1"
            raise ValueError(f"gate must be {wanted}; got {name} at {value:g}.")
    if clamp.reset is not None and not 0 <= clamp.reset < len(x):
        raise ValueError(f"reset must be a time step from 0 to {len(x) - 1}; got {clamp.reset}.")
    at = At(clamp.layer, clamp.direction)
    held = {name: Edit(value, clamp.units, clamp.steps, *at[:2]) for name, value in clamp.gates}
    resets = () if clamp.reset is None else (clamp.reset,)
    with on_one_thread():
        ways = (edits_of(module, x, {}), ()), (edits_of(module, x, held), resets)
        found = [_read(model, task, probe, x, at, edits, taken) for edits, taken in ways]
    return {f"{way}/{name}": values for way, one in zip(WAYS, found, strict=True) for name, values in one.items()}


def _read(
    model: SequenceModel, task: Task, probe: int, x: Tensor, at: At, edits: Edits, resets: tuple[int, ...]
) -> Arrays:
    module = model.recurrent
    taps, tapped = _taps(kind_of(module).description, x, module.hidden_size, at)
    rows: Rows = recomputed(module, x, None, {**edits, **tapped}, resets)
    answers = model.answer(handed_up(module, x, rows))
    asked = [place for place, words in enumerate(task.asked(probe)) if words]
    loss = losses_of(task.answers.of, answers, targets_of(task, probe))[asked[-1] if asked else -1]
    by_states = torch.autograd.grad(loss, [*taps.values()], allow_unused=True)
    found = {name: values[:, 0] for name, values in rows[at.layer][at.direction].items()}
    found["answers"] = answers.flatten(0, -2)
    for name, by_state in zip(taps, by_states, strict=True):
        norms = x.new_zeros(len(x)) if by_state is None else torch.linalg.vector_norm(by_state, dim=(1, 2))
        found[f"{name}_grad_norm"] = norms
    return {
        name: (values if name.endswith("_norm") else values.float()).detach().numpy() for name, values in found.items()
    }


def _taps(cell: Cell, x: Tensor, size: int, at: At) -> tuple[dict[str, Tensor], Edits]:
    """Zeros (T, 1, H) for each state, and the edits that add them to it: the gradients by them are those by it."""
    taps = {state.name: x.new_zeros(len(x), 1, size).requires_grad_() for state in cell.states}

    def adding(tap: Tensor) -> Callable[[Tensor, At], Tensor]:
        return lambda value, here: value + tap[here.time] if here[:2] == at[:2] else value

    return taps, {name: adding(tap) for name, tap in taps.items()}
