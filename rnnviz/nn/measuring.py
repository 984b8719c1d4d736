"""What is measured on one model at one moment of its training."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.models import SequenceModel
from rnnviz.nn.unfolding import Layers, sweep_back, unfold
from rnnviz.sizes import GATES, VARIABLES
from rnnviz.tasks import Task


class Pass(NamedTuple):
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
        self._states = self._answers = torch.empty(0)  # of the model just scored, on the probes

    @torch.inference_mode()
    def score(self, model: SequenceModel) -> float:
        """The score on the held-out sequences, in the task's unit; the probes run with them."""
        states = model.states(self._inputs)
        answers, held_out = model.answer(states), self.held_out.inputs.shape[1]
        self._states, self._answers = states[:, held_out:].contiguous(), answers[..., held_out:, :].contiguous()
        return self.task.score(answers[..., :held_out, :].cpu().numpy(), self.held_out.targets)

    def look(self, model: SequenceModel, cell: str, x: Tensor, step: Pass) -> dict[str, object]:
        """States, gates and gradients of the model just scored: the parts of a `ModelFrame` from inside it.

        x: (T, B, I), the training batch of the step.
        """
        hidden, cells = gradient_norms(model.recurrent, x, step)
        answers = self._answers
        return {
            "hidden_grad_norm": hidden,
            "cell_grad_norm": cells,
            "singular_values": singular_values(model.recurrent, cell),
            "trace": _traced(unfold(model.recurrent, self._probes, known=self._states), cell),
            "outputs": half(answers if answers.dim() == 3 else answers[None]),
            "weights": {name: single(weight) for name, weight in model.state_dict().items()},
        }


@torch.inference_mode()
def gradient_norms(module: nn.RNNBase, x: Tensor, step: Pass) -> tuple[np.ndarray, np.ndarray | None]:
    """‖∂L/∂h_t‖ and, for an LSTM, ‖∂L/∂c_t‖ over samples and units: (layer, direction, time)."""
    directions = 2 if module.bidirectional else 1
    if step.totals:
        return _norms(step.totals, directions), None
    layers = unfold(module, x, masks=step.masks, known=step.states)
    swept = [found for row in sweep_back(layers, step.by_states) for found in row]
    cells = [found.cell for found in swept if found.cell is not None]
    return _norms([found.hidden for found in swept], directions), _norms(cells, directions) if cells else None


def _norms(totals: Sequence[Tensor], directions: int) -> np.ndarray:
    """Of gradients (T, B, H) in reading order, for every layer and direction, in the order of the input."""
    norms = np.stack([single(torch.linalg.vector_norm(found, dim=(1, 2))) for found in totals])
    norms = norms.reshape(-1, directions, norms.shape[-1])
    norms[:, 1:] = norms[:, 1:, ::-1]
    return norms


@torch.no_grad()
def singular_values(module: nn.RNNBase, cell: str) -> np.ndarray:
    """Singular values of every gate's own block of W_hh, largest first: (layer, direction, gate, rank) float32."""
    directions, size = 2 if module.bidirectional else 1, module.hidden_size
    names = [f"weight_hh_l{i}" + "_reverse" * d for i in range(module.num_layers) for d in range(directions)]
    blocks = torch.stack([getattr(module, name).view(GATES[cell], size, size) for name in names])
    return single(torch.linalg.svdvals(blocks.cpu())).reshape(module.num_layers, directions, GATES[cell], size)


def _traced(layers: Layers, cell: str) -> dict[str, np.ndarray]:
    """Name → (layer, direction, time, sample, unit) float16."""
    found = [[one.variables() for one in row] for row in layers]
    return {name: np.stack([np.stack([half(one[name]) for one in row]) for row in found]) for name in VARIABLES[cell]}


def half(values: Tensor) -> np.ndarray:
    """As float16; what is too large for it becomes its largest number."""
    largest = torch.finfo(torch.float16).max
    return values.clamp(-largest, largest).half().cpu().numpy()


def single(values: Tensor) -> np.ndarray:
    """A copy as float32."""
    return values.detach().float().cpu().numpy().copy()
