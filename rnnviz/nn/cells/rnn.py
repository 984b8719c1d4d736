"""The simple (Elman) RNN: the step, all states in one loop, and the way back through time.

h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh),  φ = tanh, ReLU or σ        (lecture 001, "Vanilla RNN")
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from rnnviz.nn.cells.stack import ONE_LAYER, Masks, run_shaped, runs_here
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import Weights, input_product

VARIABLES: tuple[str, ...] = ()  # what a trace holds beside the hidden state

PHI: dict[str, Callable[[Tensor], Tensor]] = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}
PHI_: dict[str, Callable[[Tensor], Tensor]] = {"tanh": torch.tanh_, "relu": torch.relu_, "sigmoid": torch.sigmoid_}


def step(w: Weights, x: Tensor, h: Tensor, activation: str = "tanh") -> Tensor:
    """One time step: x (B, I), h (B, H) → the next h (B, H)."""
    return PHI[activation](x @ w.ih.T + w.b_ih + h @ w.hh.T + w.b_hh)


def states(w: Weights, x: Tensor, h0: Tensor, activation: str = "tanh") -> Tensor:
    """h_t of every step: x (T, B, I), h0 (B, H) → (T, B, H). In place: not for autograd."""
    h_all, w_hh, phi_, h = input_product(w.ih, w.b_ih + w.b_hh, x), w.hh.t(), PHI_[activation], h0
    for h_t in h_all.unbind(0):
        h = phi_(h_t.addmm_(h, w_hh))
    return h_all


def slope(h: Tensor, activation: str) -> Tensor:
    """φ′ at every step, written by φ's own value."""
    if activation == "tanh":
        return 1 - h * h
    return h * (1 - h) if activation == "sigmoid" else (h > 0).to(h.dtype)


def sweep(w: Weights, h: Tensor, dy: Tensor, activation: str = "tanh") -> Sweep:
    """Back through time: from the direct gradient dy (T, B, H) by each h_t to the total one.

    δ_t = φ′(a_t) ⊙ ∂L/∂h_t,   ∂L/∂h_{t-1} = dy_{t-1} + W_hhᵀ δ_t           (lecture 001, "Gradient Flow")
    """
    dh, delta, phi_slope = dy.clone(), torch.empty_like(dy), slope(h, activation)
    rows = list(zip(dh.unbind(0), delta.unbind(0), phi_slope.unbind(0), strict=True))
    before = None
    for dh_t, delta_t, slope_t in reversed(rows):
        if before is not None:
            dh_t.addmm_(before, w.hh)
        before = torch.mul(dh_t, slope_t, out=delta_t)
    return Sweep(hidden=dh, cell=None, at_input=delta, at_hidden=delta, first=delta[0] @ w.hh)


class _Layer(torch.autograd.Function):
    """One layer, forward and backward through time, each weight's gradient in one product."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, h0: Tensor, tap: Tensor | None, activation: str, *weights: Tensor) -> Tensor:
        h = states(Weights(*weights), x, h0, activation)
        ctx.save_for_backward(x, h0, h, *weights)
        ctx.activation = activation
        return h

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        x, h0, h, *weights = ctx.saved_tensors
        w = Weights(*weights)
        back = sweep(w, h, dy, ctx.activation)
        dx = back.at_input @ w.ih if ctx.needs_input_grad[0] else None
        tapped = back.hidden if ctx.needs_input_grad[2] else None
        return dx, back.first, tapped, None, *back.weight_gradients(x, h, h0)


class RNN(nn.RNN):
    """`torch.nn.RNN` with the same parameters, about twice as fast on a CPU, and with σ as a third activation."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        activation: str = "tanh",
        skip: bool = False,
        **more: Any,
    ) -> None:
        nonlinearity = "relu" if activation == "relu" else "tanh"
        super().__init__(input_size, hidden_size, num_layers, nonlinearity=nonlinearity, **more)
        self.activation, self.skip = activation, skip

    def forward(self, x: Any, h0: Tensor | None = None, masks: Masks | None = None) -> Any:
        """As `torch.nn.RNN`: x (T, B, I) → output (T, B, directions·H), final states (layers·directions, B, H).

        masks: what dropout multiplies the states between two layers with.
        """
        if not runs_here(self, x) and self.activation != "sigmoid" and masks is None and not self.skip:
            return super().forward(x, h0)
        return run_shaped(self, x, h0, self.one_layer, masks)

    def one_layer(self, x: Tensor, h0: Tensor, w: Weights, tap: Tensor | None = None) -> Tensor:
        """The states (T, B, H) of a single layer that reads x (T, B, I); `tap` as in `taps_of`."""
        if x.is_cuda and self.activation != "sigmoid":
            torchs = torch.rnn_relu if self.activation == "relu" else torch.rnn_tanh
            return torchs(x, h0[None], [*w], *ONE_LAYER)[0]
        states: Tensor = _Layer.apply(x, h0, tap, self.activation, *w)
        return states
