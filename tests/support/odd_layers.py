"""Recurrent modules as people write them: they compute something else than torch's, or keep weights in another way."""

from typing import Any

import torch
from torch import Tensor, nn


def state_of(module: nn.Module, of: str = "") -> dict[str, Tensor]:
    """Its `state_dict` with `of` in front of every name."""
    return {f"{of}{name}": tensor for name, tensor in module.state_dict().items()}


class NormedLSTM(nn.LSTM):
    """An LSTM whose products and cell state are normalised, under the names of a plain one."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden)
        self.ln_ih, self.ln_hh = nn.LayerNorm(4 * hidden), nn.LayerNorm(4 * hidden)
        self.ln_ho = nn.LayerNorm(hidden)


class PeepholeLSTM(nn.LSTM):
    """An LSTM whose gates see the cell state."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden)
        self.weight_ci, self.weight_cf, self.weight_co = (nn.Parameter(torch.randn(hidden)) for _ in range(3))


class AdaptedGRU(nn.GRU):
    """A GRU with a low-rank change of its weights."""

    def __init__(self, inputs: int, hidden: int, rank: int = 2) -> None:
        super().__init__(inputs, hidden)
        self.lora_A = nn.Parameter(torch.randn(rank, hidden))
        self.lora_B = nn.Parameter(torch.randn(3 * hidden, rank))


class LeakyRNN(nn.RNN):
    """A simple RNN whose state leaks by a learned constant."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden)
        self.leak = nn.Parameter(torch.rand(hidden))


class BatchNormGRU(nn.GRU):
    """A GRU with batch normalisation of what it reads, inside the module."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden)
        self.input_norm = nn.BatchNorm1d(3 * hidden)


class OneBiasLSTM(nn.Module):
    """An LSTM from scratch: one bias in place of two."""

    def __init__(self, inputs: int, hidden: int, gates: int = 4) -> None:
        super().__init__()
        self.hidden = hidden
        self.weight_ih_l0 = nn.Parameter(torch.randn(gates * hidden, inputs))
        self.weight_hh_l0 = nn.Parameter(torch.randn(gates * hidden, hidden))
        self.bias = nn.Parameter(torch.randn(gates * hidden))

    def forward(self, x: Tensor) -> Tensor:
        """(T, B, I) to the hidden states (T, B, H)."""
        h = c = x.new_zeros(x.shape[1], self.hidden)
        states = []
        for x_t in x:
            i, f, g, o = (x_t @ self.weight_ih_l0.T + h @ self.weight_hh_l0.T + self.bias).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            states.append(h)
        return torch.stack(states)


class OneBiasRNN(OneBiasLSTM):
    """A simple RNN from scratch."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden, gates=1)

    def forward(self, x: Tensor) -> Tensor:
        """(T, B, I) to the hidden states (T, B, H)."""
        h, states = x.new_zeros(x.shape[1], self.hidden), []
        for x_t in x:
            h = torch.tanh(x_t @ self.weight_ih_l0.T + h @ self.weight_hh_l0.T + self.bias)
            states.append(h)
        return torch.stack(states)


class WeightDrop(nn.Module):
    """Dropout on the weights of a module inside, as AWD-LSTM and fastai have it.

    keeps: whether the dropped weight stays in the state, too, as in fastai since its first version.
    """

    def __init__(self, module: nn.RNNBase, names: tuple[str, ...] = ("weight_hh_l0",), keeps: bool = True) -> None:
        super().__init__()
        self.module = module
        for name in names:
            weight = getattr(module, name)
            self.register_parameter(f"{name}_raw", nn.Parameter(weight.detach().clone()))
            del module._parameters[name]
            dropped = nn.functional.dropout(weight.detach(), 0.5)
            module.register_parameter(name, nn.Parameter(dropped)) if keeps else setattr(module, name, dropped)


def last_states(module: Any, x: Tensor) -> Tensor:
    """The hidden states of the top layer, (T, B, H)."""
    with torch.no_grad():
        output = module(x)
    return output[0] if isinstance(output, tuple) else output
