"""What is measured on one model at one moment of its training."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.cells import CELLS
from rnnviz.nn.arrays import half, single
from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.cells.unfolding import Layers, Unfolded, sweep_back, unfold
from rnnviz.nn.cells.weights import weights_of
from rnnviz.nn.models.losses import loss_of
from rnnviz.nn.models.model import SequenceModel
from rnnviz.tasks import Task
from rnnviz.tasks.batch import marked_score


class MeasuredPass(NamedTuple):
    """What the pass of a training step through the recurrent layers leaves behind, if the step is measured.

    states:    (T, B, directions·H), what the layers hand on.
    by_states: the same shape, the direct gradient of the loss by them.
    totals:    for every layer and direction ∂L/∂h_t (T, B, H) in reading order; empty where the layers do not tell.
    masks:     those of dropout.
    """

    states: Tensor
    by_states: Tensor
    totals: Sequence[Tensor]
    masks: Masks | None


class Instruments:
    """Measures a model on a task's held-out sequences and probes, always the same ones."""

    def __init__(self, task: Task, device: torch.device) -> None:
        self.task = task
        self.held_out = task.held_out()
        self._probes = torch.tensor(task.probes().batch.inputs, device=device)
        self._inputs = torch.cat([torch.tensor(self.held_out.inputs, device=device), self._probes], dim=1)
        self._over = torch.tensor(steps_over(task), device=device)
        self._states = self._answers = torch.empty(0)  # of the model just scored, on the probes
        self._targets = torch.tensor(self.held_out.targets, device=device)
        self._loss = 0.0  # of that model on the held-out sequences,
        self._apart: dict[str, np.ndarray] = {}  # how far each of its numbers is off,
        self._by_ahead: dict[str, np.ndarray] = {}  # and all by how far ahead,
        self._marked: dict[str, float] = {}  # and how many of the answers are right that the task marks

    @torch.inference_mode()
    def score(self, model: SequenceModel) -> float:
        """The score on the held-out sequences, in the task's unit; the probes run with them."""
        states = model.states(self._inputs)
        answers, held_out = model.answer(states, model.extent(self._inputs)), self.held_out.size
        self._states, self._answers = states[:, held_out:].contiguous(), answers[..., held_out:, :].contiguous()
        scored, targets = answers[..., :held_out, :].cpu().numpy(), self.held_out.targets
        self._loss = loss_of(self.task.answers.of, answers[..., :held_out, :], self._targets).item()
        self._apart = self.task.answers.of.errors(scored, targets)
        self._by_ahead = self.task.answers.of.by_ahead(scored, targets)
        if self.task.marks:
            self._marked = {"score": marked_score(self.task, scored)}
        return self.task.score(scored, targets)

    def measure(self, model: SequenceModel, cell: str, x: Tensor, step: MeasuredPass) -> dict[str, object]:
        """States, gates and gradients of the model just scored: the parts of a `ModelFrame` from inside it.

        x: (T, B, I) or (T, B), the training batch of the step.
        """
        batch, recurrent = x.shape[1], model.recurrent
        if step.totals:  # the way back is known, so that the batch is not unfolded again
            layers, batch = unfold(recurrent, model.embedded(self._probes), known=self._states), 0
            hidden, cells = _norms(step.totals, len(layers[0])), None
        else:
            layers = self._both(model, x, step)
            hidden, cells = gradient_norms(layers, step.by_states)
        answers = self._answers
        return {
            "hidden_grad_norm": hidden,
            "cell_grad_norm": cells,
            "singular_values": singular_values(recurrent),
            "trace": _traced(layers, cell, batch, self._over),
            "outputs": half(answers if answers.dim() == 3 else answers[None]),
            "weights": {name: single(weight) for name, weight in model.state_dict().items()},
            "held_out_loss": self._loss,
            "apart": self._apart,
            "by_ahead": self._by_ahead,
            "marked": self._marked,
        }

    @torch.inference_mode()
    def _both(self, model: SequenceModel, x: Tensor, step: MeasuredPass) -> Layers:
        """The batch x (T, B, …) of a step and behind it the probes, of which nothing is dropped, unfolded as one."""
        masks = step.masks
        if masks is not None:
            masks = [
                torch.cat([one, one.new_ones(len(one), self._probes.shape[1], one.shape[2])], dim=1) for one in masks
            ]
        known = torch.cat([step.states, self._states], dim=1)
        module, read, extent = model.reading(torch.cat([x, self._probes], dim=1))
        return unfold(module, read, masks=masks, extent=extent, known=known)


@torch.inference_mode()
def gradient_norms(layers: Layers, by_states: Tensor) -> tuple[np.ndarray, np.ndarray | None]:
    """‖∂L/∂h_t‖ and, for an LSTM, ‖∂L/∂c_t‖ over samples and units: (layer, direction, time).

    by_states: the direct gradient by what the first of the samples hand on (T, B, directions·H); the loss is theirs.
    """
    behind = layers[0][0].x.shape[1] - by_states.shape[1]
    rows = zip(layers, sweep_back(layers, nn.functional.pad(by_states, (0, 0, 0, behind))), strict=True)
    swept = [pair for layer, row in rows for pair in zip(layer, row, strict=True)]
    cells = [_by_step(one, found.cell) for one, found in swept if found.cell is not None]
    hidden, directions = [_by_step(one, found.hidden) for one, found in swept], len(layers[0])
    return _norms(hidden, directions), _norms(cells, directions) if cells else None


def _by_step(one: Unfolded, total: Tensor) -> Tensor:
    """A gradient (T, B, H) in reading order, so that a row is the same time step of all sequences.

    A backward direction reads each sequence from its own end; where lengths differ, these ends are different steps.
    """
    return one.aligned(total).flip(0) if one.backward and one.extent is not None else total


def _norms(totals: Sequence[Tensor], directions: int) -> np.ndarray:
    """Of gradients (T, B, H) in reading order, for every layer and direction, in the order of the input."""
    norms = np.stack([single(torch.linalg.vector_norm(found, dim=(1, 2))) for found in totals])
    norms = norms.reshape(-1, directions, norms.shape[-1])
    norms[:, 1:] = norms[:, 1:, ::-1]
    return norms


@torch.no_grad()
def singular_values(module: nn.RNNBase) -> np.ndarray:
    """Singular values of every gate's own block of W_hh, largest first: (layer, direction, gate, rank) float32.

    There are no gates, and so no values, where a cell has no recurrence.
    """
    layers, directions, size = module.num_layers, 2 if module.bidirectional else 1, module.hidden_size
    w_hh = [weights_of(module, layer, direction).hh for layer in range(layers) for direction in range(directions)]
    blocks = torch.stack([w.view(len(w) // size, size, size) for w in w_hh])
    return single(torch.linalg.svdvals(blocks.cpu())).reshape(layers, directions, *blocks.shape[1:3])


def steps_over(task: Task) -> np.ndarray:
    """At which time steps each probe is over: (time, probe) bool."""
    return ~np.stack([task.steps_of(probe) for probe in range(task.probes().batch.size)], axis=1)


def _traced(layers: Layers, cell: str, batch: int, over: Tensor) -> dict[str, np.ndarray]:
    """Name → (layer, direction, time, sample, unit) float16 of the samples after the first `batch`.

    NaN behind the end of a sequence, where `over` says so.
    """
    found, names = [one.variables() for row in layers for one in row], CELLS[cell].variables
    states = torch.stack([one[name][:, batch:] for name in names for one in found])
    whole = half(states.masked_fill_(over[..., None], torch.nan) if over.any() else states)
    shape = (len(names), len(layers), len(layers[0]), *whole.shape[1:])
    return dict(zip(names, whole.reshape(shape), strict=True))
