"""One matrix, used at every time step: what each use adds to the gradient by it.

Every step gets a copy of the matrix of its own; the gradient by the copy of step t is what use t adds, and all of them
sum to the gradient by the matrix that the steps share (back-propagation through time, Werbos 1990; lecture 001):

    ∂L/∂W = Σ_t ∂L/∂W_t

T uses: time steps, of a decoder output steps.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.core.errors import ExperimentError
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stack import handed_on
from rnnviz.nn.cells.weights import State, Weights, as_used, weights_of
from rnnviz.nn.measure.probing import of_this_model, probe_of, targets_of
from rnnviz.nn.models.encoder_decoder import EncoderDecoder
from rnnviz.nn.models.losses import loss_of, sequence_loss
from rnnviz.nn.models.model import SequenceModel, restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.runs.states import DIRECTIONS
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

MATRICES = {"hh": "weight_hh", "ih": "weight_ih"}  # as they are chosen → what torch calls them
_TOGETHER = 4_000_000  # numbers in the copies that are there at a time: memory is short where the app runs

Arrays = dict[str, np.ndarray]
Loss = Callable[[Sequence[Tensor] | None], Tensor]  # with a copy for every use, or with the shared matrix itself


def contributions(
    spec: ModelSpec,
    task: Task,
    weights: Arrays,
    probe: int = 0,
    part: str = "recurrent",
    layer: int = -1,
    direction: str = DIRECTIONS[0],
    matrix: str = "hh",
) -> Arrays:
    """What every use of one matrix adds to the gradient of the loss on one sequence, in double precision.

    weights: of a frame.
    part:    of `architectures.of(task).parts(spec)`: "recurrent"; "encoder" or "decoder", which is fed the right
             symbols.
    layer:   0 is the lowest, -1 the top.
    matrix:  "hh", by which the state before is multiplied, or "ih", by which the input is.

    Returns:
        "norm" (T,): the Frobenius norm of ∂L/∂W_t, in the order of the input; "share" (T,): its projection onto the
        whole gradient, ⟨∂L/∂W_t, ∂L/∂W⟩ / ‖∂L/∂W‖², which sums to 1 and is below 0 for a use that works against the
        others; "cosine" (T,) of the angle between the two, NaN of a use that adds nothing; "whole" (): ‖∂L/∂W‖ as
        autograd finds it with one matrix; "difference" (): the largest |Σ_t ∂L/∂W_t − ∂L/∂W| of all entries over the
        largest |∂L/∂W|; "loss" ().

    Raises:
        ValueError: there is no such probe, or the weights are not this model's.
        ExperimentError: the model has no such part, layer, direction or matrix.
    """
    _check(spec, task, part, direction, matrix)
    with of_this_model():
        model = restored(spec, task, weights).double().requires_grad_(False)
    module: nn.RNNBase = getattr(model, part)
    place = range(module.num_layers)[layer], DIRECTIONS.index(direction)
    name = f"{MATRICES[matrix]}_l{place[0]}" + "_reverse" * place[1]
    shared = getattr(module, name)
    with on_one_thread():
        loss, uses = _losses(model, task, probe, _Shared(part, place, matrix, name))
        whole = _whole(loss, shared)
        return whole[0] | _added(loss, shared, uses, whole[1], backward=bool(place[1]))


def _check(spec: ModelSpec, task: Task, part: str, direction: str, matrix: str) -> None:
    parts = architectures.of(task).parts(spec)
    if part not in parts:
        raise ExperimentError("part", f"one of {', '.join(parts)}", part)
    if direction not in DIRECTIONS[: parts[part].directions]:
        raise ExperimentError("direction", f"one of {', '.join(DIRECTIONS[: parts[part].directions])}", direction)
    there = [one for one in MATRICES if one != "hh" or parts[part].kind.recurrent]
    if matrix not in there:
        raise ExperimentError("matrix", f"one of {', '.join(there)}", matrix)


class _Shared:
    """Which matrix it is about."""

    def __init__(self, part: str, place: tuple[int, int], matrix: str, name: str) -> None:
        self.part, self.place, self.matrix, self.name = part, place, matrix, name

    def of(self, module: nn.RNNBase, w: Weights, own: Tensor) -> Weights:
        """The weights of one use."""
        return w._replace(**{self.matrix: as_used(module, self.name, own)})


def _whole(loss: Loss, shared: Tensor) -> tuple[Arrays, Tensor]:
    """The loss and the norm of its gradient by the shared matrix, and that gradient."""
    shared.requires_grad_()
    value = loss(None)
    (whole,) = torch.autograd.grad(value, shared)
    shared.requires_grad_(False)
    return {"loss": value.detach().numpy(), "whole": torch.linalg.vector_norm(whole).numpy()}, whole


def _added(loss: Loss, shared: Tensor, uses: int, whole: Tensor, backward: bool) -> Arrays:
    """What each use adds: some at a time, since every one is as large as the matrix."""
    found, left = list[tuple[float, float]](), whole.clone()
    for some in torch.arange(uses).split(max(1, _TOGETHER // shared.numel())):
        own = {t: shared.clone().requires_grad_() for t in some.tolist()}
        copies = [own.get(t, shared) for t in range(uses)]
        for part in torch.autograd.grad(loss(copies), list(own.values())):
            left -= part
            found.append((float(torch.linalg.vector_norm(part)), float((part * whole).sum())))
    norm, along = (np.array(values[::-1] if backward else values) for values in zip(*found, strict=True))
    size = float(torch.linalg.vector_norm(whole))
    with np.errstate(divide="ignore", invalid="ignore"):
        share, cosine = along / np.float64(size) ** 2, along / (norm * size)
        difference = left.abs().max().numpy() / whole.abs().max().numpy()
    return {"norm": norm, "share": share, "cosine": cosine, "difference": np.asarray(difference)}


def _losses(model: SequenceModel | EncoderDecoder, task: Task, probe: int, of: _Shared) -> tuple[Loss, int]:
    """The loss on a probe as a function of the copies, and how many uses there are."""
    batch, one = probe_of(task, probe).batch, slice(probe, probe + 1)
    inputs = torch.tensor(batch.inputs[: batch.lengths[probe], one])
    if isinstance(model, EncoderDecoder):
        return _of_writing(model, inputs, torch.tensor(_real(batch.targets[:, one])), of)
    targets = targets_of(task, probe)

    def loss(copies: Sequence[Tensor] | None) -> Tensor:
        answers = (
            model(inputs)
            if copies is None
            else model.answer(_run(model.recurrent, model.embedded(inputs), copies, of)[0])
        )
        return loss_of(task.answers.of, answers, targets)

    return loss, len(inputs)


def _of_writing(model: EncoderDecoder, inputs: Tensor, targets: Tensor, of: _Shared) -> tuple[Loss, int]:
    """The same of an encoder–decoder whose decoder is fed the right symbols."""
    fed = model.fed_right(targets)
    encodes = of.part == "encoder"

    def loss(copies: Sequence[Tensor] | None) -> Tensor:
        if copies is None:
            return sequence_loss(model.write(model.encode(inputs), fed)[0], targets)
        if not encodes:
            return sequence_loss(_written(model, inputs, fed, copies, of), targets)
        x, extent = model.embedded(inputs)
        reading = model.handed_over(*_run(model.encoder, x, copies, of), extent)
        return sequence_loss(model.write(reading, fed)[0], targets)

    return loss, len(inputs if encodes else fed)


def _real(targets: np.ndarray) -> np.ndarray:
    """The targets (T, 1) of one sequence without what stands behind its end."""
    found: np.ndarray = targets[targets[:, 0] >= 0]
    return found


def _run(module: nn.RNNBase, x: Tensor, copies: Sequence[Tensor], of: _Shared) -> tuple[Tensor, State]:
    """As `run_stack`, with a copy of the matrix for every step of the one layer and direction."""
    kind, final = kind_of(module), []
    first = (x.new_zeros(x.shape[1], module.hidden_size),) * len(kind.description.states)
    for index in range(module.num_layers):
        outputs = []
        for direction in range(2 if module.bidirectional else 1):
            along, w = x.flip(0) if direction else x, weights_of(module, index, direction)
            if (index, direction) == of.place:
                h, last = _stepped(module, w, along, first, copies, of)
            else:
                h, last = kind.layer(w, along, first)
            final.append((h[-1], *last))
            outputs.append(h.flip(0) if direction else h)
        x = handed_on(module, torch.cat(outputs, -1), x, index)
    return x, tuple(torch.stack(parts) for parts in zip(*final, strict=True))


def _stepped(
    module: nn.RNNBase, w: Weights, x: Tensor, state: State, copies: Sequence[Tensor], of: _Shared
) -> tuple[Tensor, State]:
    """One layer, x (T, 1, I), step by step: as `Kind.layer`."""
    kind, states = kind_of(module), []
    for t, own in enumerate(copies):
        used = of.of(module, w, own)
        products = kind.products(used, x[t : t + 1])[0] if kind.description.recurrent else kind.products(used, x)[t]
        state = kind.step(used, products, state)
        states.append(state[0])
    return torch.stack(states), state[1:]


def _written(model: EncoderDecoder, inputs: Tensor, fed: Tensor, copies: Sequence[Tensor], of: _Shared) -> Tensor:
    """Logits (T, 1, C) of a decoder whose module holds the copy of each step while that step is made."""
    reading, states, answers = model.encode(inputs), None, []
    shared = getattr(model.decoder, of.name)
    delattr(model.decoder, of.name)  # a parameter; in its place there may then stand any tensor
    for x, own in zip(model.target(fed), copies, strict=True):
        setattr(model.decoder, of.name, own)
        one = model.step(reading, x, states or reading.first)
        states = one.states
        answers.append(one.answer)
    delattr(model.decoder, of.name)
    setattr(model.decoder, of.name, shared)
    return torch.stack(answers)
