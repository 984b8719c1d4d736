"""What is measured on one model at one moment of its training."""

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.losses import loss_of
from rnnviz.nn.models import SequenceModel
from rnnviz.nn.unfolding import Layers, outputs, sweep_back, unfold
from rnnviz.sizes import GATES, VARIABLES
from rnnviz.tasks import Task


class Instruments:
    """Measures a model on a task's held-out sequences and probes, always the same ones."""

    def __init__(self, task: Task, device: torch.device) -> None:
        self.task = task
        self.held_out = task.held_out()
        self._held_out_inputs = torch.tensor(self.held_out.inputs, device=device)
        self._probe_inputs = torch.tensor(task.probes().batch.inputs, device=device)

    @torch.inference_mode()
    def score(self, model: SequenceModel) -> float:
        """The score on the held-out sequences, in the task's unit."""
        return self.task.score(model(self._held_out_inputs).cpu().numpy(), self.held_out.targets)

    def look(
        self, model: SequenceModel, cell: str, x: Tensor, targets: Tensor, masks: Masks | None = None
    ) -> dict[str, object]:
        """States, gates and gradients of a model: the parts of a `ModelFrame` that come from unfolding it.

        The probes ride along with the training batch x (T, B, I), so that the model is unfolded once.
        masks: those under which the loss of the batch was found; nothing of the probes is dropped.
        """
        batch = x.shape[1]
        with torch.inference_mode():  # cheaper still than without gradients: half of the time is spent between kernels
            both = torch.cat([x, self._probe_inputs], dim=1)
            layers = unfold(model.recurrent, both, masks=self._beside_probes(masks))
        top = outputs(layers[-1]).clone().requires_grad_()
        answers = model.answer(top)
        dy = torch.autograd.grad(loss_of(self.task.kind, answers[..., :batch, :], targets), top)[0]
        hidden, cells = gradient_norms(layers, dy)
        answers = answers[..., batch:, :].detach()
        return {
            "hidden_grad_norm": hidden,
            "cell_grad_norm": cells,
            "singular_values": singular_values(model.recurrent, cell),
            "trace": _traced(layers, cell, batch),
            "outputs": half(answers if answers.dim() == 3 else answers[None]),
            "weights": {name: single(weight) for name, weight in model.state_dict().items()},
        }

    def _beside_probes(self, masks: Masks | None) -> Masks | None:
        """The masks of a batch, (T, B, directions·H) each, widened by ones for the probes."""
        if masks is None:
            return None
        samples = self._probe_inputs.shape[1]
        return [torch.cat([mask, mask.new_ones(len(mask), samples, mask.shape[2])], dim=1) for mask in masks]


@torch.inference_mode()
def gradient_norms(layers: Layers, dy: Tensor) -> tuple[np.ndarray, np.ndarray | None]:
    """‖∂L/∂h_t‖ and, for an LSTM, ‖∂L/∂c_t‖ over samples and units: (layer, direction, time)."""
    swept = sweep_back(layers, dy)
    pairs = [list(zip(row, found, strict=True)) for row, found in zip(layers, swept, strict=True)]
    hidden = [[one.aligned(torch.linalg.vector_norm(s.hidden, dim=(1, 2))) for one, s in row] for row in pairs]
    norms = np.stack([np.stack([single(norm) for norm in row]) for row in hidden])
    if swept[0][0].cell is None:
        return norms, None
    cells = [[one.aligned(torch.linalg.vector_norm(s.cell, dim=(1, 2))) for one, s in row] for row in pairs]
    return norms, np.stack([np.stack([single(norm) for norm in row]) for row in cells])


@torch.no_grad()
def singular_values(module: nn.RNNBase, cell: str) -> np.ndarray:
    """Singular values of every gate's own block of W_hh, largest first: (layer, direction, gate, rank) float32."""
    directions, size = 2 if module.bidirectional else 1, module.hidden_size
    names = [f"weight_hh_l{i}" + "_reverse" * d for i in range(module.num_layers) for d in range(directions)]
    blocks = torch.stack([getattr(module, name).view(GATES[cell], size, size) for name in names])
    return single(torch.linalg.svdvals(blocks.cpu())).reshape(module.num_layers, directions, GATES[cell], size)


def _traced(layers: Layers, cell: str, batch: int) -> dict[str, np.ndarray]:
    """Name → (layer, direction, time, sample, unit) float16 of the samples after the first `batch`."""
    found = [[one.variables() for one in row] for row in layers]
    return {
        name: np.stack([np.stack([half(one[name][:, batch:]) for one in row]) for row in found])
        for name in VARIABLES[cell]
    }


def half(values: Tensor) -> np.ndarray:
    """As float16; what is too large for it becomes its largest number."""
    largest = torch.finfo(torch.float16).max
    return values.clamp(-largest, largest).half().cpu().numpy()


def single(values: Tensor) -> np.ndarray:
    """A copy as float32."""
    return values.detach().float().cpu().numpy().copy()
