"""Gradients, clipping by norm and Adam, for one model."""

import torch
from torch import Tensor, nn


class Optimizer:
    """Adam (Kingma & Ba 2015) with clipping by norm (Pascanu et al. 2013).

    On a CPU all weights of the small models here live in one vector, so that norm, clipping and update are one
    operation each. On a GPU they stay where cuDNN wants them.
    """

    def __init__(self, model: nn.Module, lr: float, clip: float | None) -> None:
        self.clip = clip
        self._weights = list(model.parameters())
        self._flat = None if self._weights[0].is_cuda else _flatten(self._weights)
        self._adam = torch.optim.Adam(self._weights if self._flat is None else [self._flat], lr=lr, fused=True)

    def differentiate(self, loss: Tensor) -> float:
        """Find the gradient of `loss`; returns its norm over all weights, before clipping."""
        found = torch.autograd.grad(loss, self._weights)
        if self._flat is None:
            for weight, gradient in zip(self._weights, found, strict=True):
                weight.grad = gradient
            return float(nn.utils.get_total_norm(found))
        torch.cat([gradient.reshape(-1) for gradient in found], out=self._flat.grad)
        return float(torch.linalg.vector_norm(self._flat.grad))

    def update(self, norm: float) -> None:
        """Scale the gradient down to the threshold if its `norm` exceeds it, then take one step of Adam."""
        if self.clip is not None and norm > self.clip:
            scale = self.clip / (norm + 1e-6)
            for weight in self._adam.param_groups[0]["params"]:
                weight.grad.mul_(scale)
        self._adam.step()


@torch.no_grad()
def _flatten(weights: list[nn.Parameter]) -> nn.Parameter:
    """One vector holding all weights; from here on they are views of it."""
    flat = nn.Parameter(torch.cat([weight.reshape(-1) for weight in weights]))
    flat.grad = torch.zeros_like(flat)
    for weight, part in zip(weights, flat.data.split([weight.numel() for weight in weights]), strict=True):
        weight.data = part.view(weight.shape)
    return flat
