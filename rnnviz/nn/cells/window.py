"""The feed-forward window: a layer that reads the last k inputs at every step and hands no state on.

h_t = tanh(W_0 x_t + W_1 x_{t-1} + … + W_{k-1} x_{t-k+1} + b),  with zeros before the first step

That is a feed-forward network which slides over the sequence, a layer of a time-delay network (Waibel et al. 1989).
W_ih is [W_0 W_1 … W_{k-1}], (H, k·I); there is no W_hh. All steps are found at once: there is no loop over time.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from rnnviz.cells.window import CELL
from rnnviz.nn.cells.derivatives import Derivatives
from rnnviz.nn.cells.kind import AtLeast, Kind, Point, as_it_is
from rnnviz.nn.cells.modules import Recurrent
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import State, Weights

Nothing = tuple[()]  # the hidden state is all there is


@dataclasses.dataclass(frozen=True)
class Window(Kind[Nothing]):
    """The window of one length."""

    window: int = 8

    description = CELL
    factor_name = "carried"
    at_least = AtLeast(layer=1.0, training=None)

    @property
    def span(self) -> int:
        return self.window

    def fitted(self, options: Mapping[str, Any]) -> "Window":
        window = options.get("window", self.window)
        return self if window == self.window else Window(window)

    def module(self, inputs: int, hidden: int, layers: int = 1, **more: Any) -> Recurrent:
        return Recurrent(self, inputs, hidden, layers, **more)

    def step(self, w: Weights, a: Tensor, before: State, point: Point = as_it_is) -> State:
        return (point("hidden", torch.tanh(a)),)

    def states(self, w: Weights, x: Tensor, first: State) -> tuple[Tensor, Nothing]:
        return torch.tanh_(self.products(w, x)), ()

    def gates(self, w: Weights, x: Tensor, before: Tensor, first: State) -> Nothing:
        return ()

    def variables(self, h: Tensor, inside: Nothing) -> dict[str, Tensor]:
        return {"hidden": h}

    def factor(self, h: Tensor, inside: Nothing) -> Tensor:
        """0: no state is carried."""
        return torch.zeros_like(h)

    def sweep(self, w: Weights, h: Tensor, inside: Nothing, dy: Tensor, direct: Tensor | None = None) -> Sweep:
        """∂L/∂h_t is what the loss sends to that step directly: δ_t = (1 − h_t²) ⊙ dy_t, and nothing goes further."""
        delta, none = dy * (1 - h * h), dy.new_empty(*dy.shape[:2], 0)
        return Sweep(dy, None, at_input=delta, at_hidden=none, first=(torch.zeros_like(dy[0]),), span=self.span)

    def derivatives(self, w: Weights, h: Tensor, before: Tensor, inside: Nothing) -> "WindowDerivatives":
        return WindowDerivatives(w, 1 - h * h)


@dataclasses.dataclass(frozen=True)
class WindowDerivatives(Derivatives):
    """∂h_t/∂h_{t-1} = 0; slope (T, B, H) is tanh′(a_t)."""

    slope: Tensor

    @property
    def shape(self) -> torch.Size:
        return self.slope.shape

    def by_before(self, steps: slice = slice(None)) -> Tensor:
        chosen = self.slope[steps]
        return chosen.new_zeros(*chosen.shape, self.size)

    def back(self, t: int, d: Tensor) -> tuple[Tensor, Tensor]:
        return torch.zeros_like(d), d * self.slope[t]


KINDS = (Window(),)
