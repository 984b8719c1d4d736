"""Gradients, clipping by norm and Adam, for one model."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Optimizer:
    """Adam (Kingma & Ba 2015) with clipping by norm (Pascanu et al. 2013) and decay of weights.

    The decay is apart from the gradient (AdamW, Loshchilov & Hutter 2019): each update takes lr · decay off a weight.

    On a CPU all weights of the small models here live in one vector, so that norm, clipping and update are one
    operation each. On a GPU they stay where cuDNN wants them. Nothing waits for a GPU: norms are tensors until somebody
    reads them, and clipping by one does the same arithmetic as by its number.

    The update is the fused kernel of `torch.optim.Adam`, bit for bit, called directly: making a `torch.optim` optimizer
    loads torch's compiler, which takes a second.

    together: whether all weights live in one vector; None leaves it to the device.
    """

    def __init__(
        self, model: nn.Module, lr: float, clip: float | None, decay: float = 0.0, together: bool | None = None
    ) -> None:
        self.lr, self.clip, self.decay = lr, clip, decay
        self._weights: list[Tensor] = list(model.parameters())
        together = not self._weights[0].is_cuda if together is None else together
        self._updated = [_flatten(self._weights)] if together else self._weights
        self._gradients = [torch.zeros_like(weight) for weight in self._updated]
        self._means = [torch.zeros_like(weight) for weight in self._updated]
        self._squares = [torch.zeros_like(weight) for weight in self._updated]
        self._steps = [torch.zeros((), device=weight.device) for weight in self._updated]
        self._begins = np.cumsum([0, *(weight.numel() for weight in self._weights)])[:-1]

    @torch.no_grad()
    def differentiate(self, loss: Tensor, states: Sequence[Tensor] = ()) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Find the gradient of `loss`; returns its norm over all weights, before clipping, and those by `states`."""
        with torch.enable_grad():
            both = torch.autograd.grad(loss, [*self._weights, *states])
        found, by_states = both[: len(self._weights)], both[len(self._weights) :]
        if self._updated is not self._weights:
            torch.cat([gradient.reshape(-1) for gradient in found], out=self._gradients[0])
            return torch.linalg.vector_norm(self._gradients[0]), by_states
        self._gradients = [_laid_out(gradient, of) for gradient, of in zip(found, self._weights, strict=True)]
        return nn.utils.get_total_norm(self._gradients), by_states

    def measure(self, norm: float) -> dict[str, object]:
        """The parts of a frame that are about the gradient found last, whose norm before clipping is `norm`."""
        clipped = self.clip is not None and norm > self.clip
        return {"grad_norm": norm, "clipped": clipped, "update_ratio": self._update_ratios(norm)}

    def _update_ratios(self, norm: float) -> np.ndarray:
        """‖Δw‖ / ‖w‖ of every weight, in the order of the `state_dict`, for the update that `update` would make now.

        (weight,) float32; infinite for weights that are all 0. About 0.001 is usual: far less learns slowly, far more
        is unstable. In numpy, as a few thousand numbers take torch longer to begin with than to calculate.
        """
        gradient, mean, square, weights = map(_joined, (self._gradients, self._means, self._squares, self._updated))
        step = self.updates + 1
        corrected = math.sqrt(1 - BETA2**step)
        update = gradient * np.float32(self._scale(norm))
        spread = np.square(update) * np.float32(1 - BETA2)
        spread += square * np.float32(BETA2)
        np.sqrt(spread, out=spread)
        spread += EPSILON * corrected
        update *= 1 - BETA1
        update += mean * np.float32(BETA1)
        update /= spread
        scale = self.lr * corrected / (1 - BETA1**step)
        if self.decay:
            update += weights * np.float32(self.lr * self.decay / scale)
        squares = [np.add.reduceat(part * part, self._begins) for part in (update, weights)]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.sqrt(squares[0] / squares[1]) * np.float32(scale)

    def _scale(self, norm: float) -> float:
        """By what a gradient of a `norm` is multiplied, so that it does not exceed the threshold."""
        return self.clip / (norm + 1e-6) if self.clip is not None and norm > self.clip else 1.0

    def _clip(self, norm: float | Tensor) -> None:
        """Scale the gradient down to the threshold if its norm exceeds it."""
        if isinstance(norm, Tensor) and self.clip is not None:
            exactly = norm.double()
            scale = torch.where(exactly > self.clip, self.clip / (exactly + 1e-6), 1.0).to(norm.dtype)
            torch._foreach_mul_(self._gradients, scale)
        elif not isinstance(norm, Tensor) and (factor := self._scale(norm)) != 1.0:
            torch._foreach_mul_(self._gradients, factor)

    @torch.no_grad()
    def update(self, norm: float | Tensor) -> None:
        """Scale the gradient down to the threshold if its `norm` exceeds it, then take one step of Adam."""
        self._clip(norm)
        torch._foreach_add_(self._steps, 1)
        fused = torch._fused_adamw_ if self.decay else torch._fused_adam_
        fused(
            self._updated, self._gradients, self._means, self._squares, [], self._steps, lr=self.lr,
            beta1=BETA1, beta2=BETA2, weight_decay=self.decay, eps=EPSILON, amsgrad=False, maximize=False,
        )  # fmt: skip

    @property
    def changed(self) -> list[Tensor]:
        """All that an update changes: weights, both moments, and the number of updates so far."""
        return [*self._updated, *self._means, *self._squares, *self._steps]

    @property
    def updates(self) -> int:
        """Updates so far."""
        return int(self._steps[0])

    @property
    def means(self) -> list[Tensor]:
        """Adam's first moment by each weight: views, in the order of the model's parameters."""
        return self._by_weight(self._means)

    @property
    def squares(self) -> list[Tensor]:
        """Its second moment, likewise."""
        return self._by_weight(self._squares)

    def _by_weight(self, kept: list[Tensor]) -> list[Tensor]:
        if self._updated is self._weights:
            return kept
        return _parts(kept[0], self._weights)

    @torch.no_grad()
    def restore(self, means: Iterable[np.ndarray], squares: Iterable[np.ndarray], updates: int) -> None:
        """Go on with both moments, one array for each weight, after so many updates."""
        for kept, given in zip([*self.means, *self.squares], [*means, *squares], strict=True):
            kept.copy_(torch.tensor(given))
        for step in self._steps:
            step.fill_(updates)


def _joined(tensors: Sequence[Tensor]) -> np.ndarray:
    """All numbers of some tensors in one array; of a single one on the CPU a view."""
    parts = [tensor.detach().reshape(-1) for tensor in tensors]
    return (parts[0] if len(parts) == 1 else torch.cat(parts)).cpu().numpy()


@torch.no_grad()
def _flatten(weights: list[Tensor]) -> Tensor:
    """One vector holding all weights; from here on they are views of it."""
    flat = torch.cat([weight.reshape(-1) for weight in weights])
    for weight, part in zip(weights, _parts(flat, weights), strict=True):
        weight.data = part
    return flat


def _laid_out(gradient: Tensor, weight: Tensor) -> Tensor:
    """A gradient in the layout of its weight, which the fused update takes for granted."""
    return gradient if gradient.stride() == weight.stride() else torch.empty_like(weight).copy_(gradient)


def _parts(flat: Tensor, weights: list[Tensor]) -> list[Tensor]:
    """Views of one vector in the shapes of all weights."""
    parts = flat.split([weight.numel() for weight in weights])
    return [part.view(weight.shape) for weight, part in zip(weights, parts, strict=True)]
