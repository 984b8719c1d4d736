"""Layers on layers and directions beside directions: how a recurrent module is put together from single layers."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.nn.weights import Weights, weights_of

Layer = Callable[[Tensor, Tensor, Weights], Tensor]  # x (T, B, I), h0 (B, H), weights → h (T, B, H)


def run_stack(module: nn.RNNBase, x: Tensor, h0: Tensor | None, layer: Layer) -> tuple[Tensor, Tensor]:
    """Output (T, B, directions·H) and final states (layers·directions, B, H), as torch's own modules give them."""
    directions = 2 if module.bidirectional else 1
    if h0 is None:
        h0 = x.new_zeros(module.num_layers * directions, x.shape[1], module.hidden_size)
    final = []
    for index in range(module.num_layers):
        outputs = []
        for direction in range(directions):
            along = x.flip(0) if direction else x
            h = layer(along, h0[index * directions + direction], weights_of(module, index, direction))
            final.append(h[-1])
            outputs.append(h.flip(0) if direction else h)
        x = outputs[0] if directions == 1 else torch.cat(outputs, -1)
        if module.dropout and module.training and index < module.num_layers - 1:
            x = nn.functional.dropout(x, module.dropout)
    return x, torch.stack(final)


def run_shaped(module: nn.RNNBase, x: Any, h0: Tensor | None, layer: Layer) -> tuple[Tensor, Tensor]:
    """`run_stack` on x in the module's own layout: (T, B, I), (B, T, I) if `batch_first`, or (T, I).

    Raises:
        ValueError: x is no such tensor.
        RuntimeError: h0 does not fit, as torch says it.
    """
    if not isinstance(x, Tensor) or x.dim() not in (2, 3) or x.shape[-1] != module.input_size:
        came = f"shape {tuple(x.shape)}" if isinstance(x, Tensor) else type(x).__name__
        raise ValueError(f"x must be a tensor of sequences of {module.input_size} numbers; got {came}.")
    if x.dim() == 2:
        along = 0 if module.batch_first else 1
        output, final = run_shaped(module, x.unsqueeze(along), None if h0 is None else h0.unsqueeze(1), layer)
        return output.squeeze(along), final.squeeze(1)
    if h0 is not None:
        module.check_forward_args(x, h0, None)
    output, final = run_stack(module, x.transpose(0, 1) if module.batch_first else x, h0, layer)
    return (output.transpose(0, 1) if module.batch_first else output), final


def runs_here(module: nn.RNNBase, x: object) -> bool:
    """Whether the fast path applies: a batch of sequences on a CPU; on a GPU cuDNN is faster still."""
    return isinstance(x, Tensor) and x.dim() == 3 and not x.is_cuda
