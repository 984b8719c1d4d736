"""The simple (Elman) RNN: the step, all states in one loop, and the way back through time.

h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh),  φ = tanh, ReLU or σ        (lecture 001, "Vanilla RNN")
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.analysis.diagnoses import STEEPEST
from rnnviz.cells.rnn import CELL
from rnnviz.nn.cells.derivatives import Derivatives
from rnnviz.nn.cells.kind import AtLeast, Kind, Pair, Point, StepGradients, StepRecord, Torchs, as_it_is
from rnnviz.nn.cells.modules import Layered
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import State, Weights, input_product

PHI: dict[str, Callable[[Tensor], Tensor]] = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}
PHI_: dict[str, Callable[[Tensor], Tensor]] = {"tanh": torch.tanh_, "relu": torch.relu_, "sigmoid": torch.sigmoid_}
BELOW_ALL = -1e30  # a pre-activation that no other input makes positive
TORCHS = {
    "tanh": Torchs(nn.RNN, nn.RNNCell, torch.rnn_tanh, "RNN_TANH", {"nonlinearity": "tanh"}),
    "relu": Torchs(nn.RNN, nn.RNNCell, torch.rnn_relu, "RNN_RELU", {"nonlinearity": "relu"}),
}

Nothing = tuple[()]  # the state is all there is


@dataclasses.dataclass(frozen=True)
class Rnn(Kind[Nothing]):
    """The simple RNN with one activation."""

    activation: str = "tanh"

    description = CELL
    factor_name = "slope"
    at_least = AtLeast(layer=1.7, training=1.3)

    @property
    def options(self) -> Mapping[str, Any]:
        return {"activation": self.activation}

    @property
    def torchs(self) -> Torchs | None:
        return TORCHS.get(self.activation)

    @property
    def held(self) -> tuple[float, ...] | None:
        """The states of a ReLU at 0, where nothing else would keep them from growing without bound."""
        return (BELOW_ALL,) if self.activation == "relu" else None

    @property
    def steepest(self) -> float | None:
        return STEEPEST[self.activation]

    def module(self, inputs: int, hidden: int, layers: int = 1, **more: Any) -> "RNN":
        return RNN(inputs, hidden, layers, activation=self.activation, **more)

    def step(self, w: Weights, a: Tensor, before: State, point: Point = as_it_is) -> State:
        (h,) = before
        return (point("hidden", PHI[self.activation](a + h @ w.hh.T + w.b_hh)),)

    def states(self, w: Weights, x: Tensor, first: State) -> tuple[Tensor, Nothing]:
        (h,), phi_, w_hh = first, PHI_[self.activation], w.hh.t()
        h_all = input_product(w.ih, w.b_ih + w.b_hh, x)
        for h_t in h_all.unbind(0):
            h = phi_(h_t.addmm_(h, w_hh))
        return h_all, ()

    def gates(self, w: Weights, x: Tensor, before: Tensor, first: State) -> Nothing:
        return ()

    def variables(self, h: Tensor, inside: Nothing) -> dict[str, Tensor]:
        return {"hidden": h}

    def factor(self, h: Tensor, inside: Nothing) -> Tensor:
        """φ′ at every step, written by φ's own value; no number where that is none."""
        if self.activation == "tanh":
            return 1 - h * h
        return h * (1 - h) if self.activation == "sigmoid" else torch.where(h.isnan(), h, (h > 0).to(h.dtype))

    def sweep(self, w: Weights, h: Tensor, inside: Nothing, dy: Tensor, direct: Tensor | None = None) -> Sweep:
        """Back through time.

        δ_t = φ′(a_t) ⊙ ∂L/∂h_t,   ∂L/∂h_{t-1} = dy_{t-1} + W_hhᵀ δ_t           (lecture 001, "Gradient Flow")
        """
        dh, delta, slope = dy.clone(), torch.empty_like(dy), self.factor(h, inside)
        rows = list(zip(dh.unbind(0), delta.unbind(0), slope.unbind(0), strict=True))
        before = None
        for dh_t, delta_t, slope_t in reversed(rows):
            if before is not None:
                dh_t.addmm_(before, w.hh)
            before = torch.mul(dh_t, slope_t, out=delta_t)
        return Sweep(hidden=dh, cell=None, at_input=delta, at_hidden=delta, first=(delta[0] @ w.hh,))

    def derivatives(self, w: Weights, h: Tensor, before: Tensor, inside: Nothing) -> "RnnDerivatives":
        return RnnDerivatives(w, self.factor(h, inside))

    @property
    def pair(self) -> Pair:
        return Pair(self._forward, self._back)

    def _forward(self, a: Tensor, p: Tensor, h: Tensor, c: Tensor | None) -> Any:
        h = PHI_[self.activation](p.add_(a))
        return h, None, (h,)

    def _back(self, kept: StepRecord, dh: Tensor, dc: Tensor | None) -> StepGradients:
        delta = dh * self.factor(kept.inside[0], ())
        return StepGradients(delta, delta, None, None)


@dataclasses.dataclass(frozen=True)
class RnnDerivatives(Derivatives):
    """∂h_t/∂h_{t-1} = diag(φ′(a_t)) W_hh; slope (T, B, H) is φ′(a_t)."""

    slope: Tensor

    @property
    def shape(self) -> torch.Size:
        return self.slope.shape

    def by_before(self, steps: slice = slice(None)) -> Tensor:
        return self.slope[steps, ..., None] * self.w.hh

    def back(self, t: int, d: Tensor) -> tuple[Tensor, Tensor]:
        delta = d * self.slope[t]
        return delta @ self.w.hh, delta


class RNN(Layered, nn.RNN):
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
        self.kind, self.skip = Rnn(activation), skip


KINDS = tuple(map(Rnn, PHI))
