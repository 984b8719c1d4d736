"""Attention: how much of each encoder state goes into the context of one output step.

    α_tj = exp(e_tj) / Σ_k exp(e_tk),   context_t = Σ_j α_tj h_j       (lecture 000, "Attention"; lecture 003)

with the score e_tj of an encoder state h_j for a decoder state s, over real symbols j alone:

    additive   e_tj = vᵀ tanh(W_s s_{t-1} + W_h h_j)       Bahdanau, Cho & Bengio 2015, appendix A.1.2
    dot        e_tj = s_tᵀ h_j                             Luong, Pham & Manning 2015, equation 8
    general    e_tj = s_tᵀ W h_j                           Luong, Pham & Manning 2015, equation 8
"""

import torch
from torch import Tensor, nn


class Additive(nn.Module):
    """The score of a small network of its own; it looks before the decoder's step, at s_{t-1}."""

    before_step = True

    def __init__(self, hidden: int, memory: int) -> None:
        super().__init__()
        self.state = nn.Linear(hidden, hidden, bias=False)
        self.memory = nn.Linear(memory, hidden, bias=False)
        self.v = nn.Linear(hidden, 1, bias=False)

    def keys(self, memory: Tensor) -> Tensor:
        """What of the score depends on the encoder's states (B, T, M) alone: (B, T, H)."""
        return self.memory(memory)

    def scores(self, states: Tensor, keys: Tensor) -> Tensor:
        """e for decoder states (B, S, H) and keys (B, T, H): (B, S, T)."""
        return (self.state(states)[:, :, None] + keys[:, None]).tanh_() @ self.v.weight[0]


class Dot(nn.Module):
    """The plain product of both states, which must be equally wide; it looks after the decoder's step, at s_t."""

    before_step = False

    def keys(self, memory: Tensor) -> Tensor:
        """The encoder's states (B, T, H) as they are."""
        return memory

    def scores(self, states: Tensor, keys: Tensor) -> Tensor:
        """e for decoder states (B, S, H) and keys (B, T, H): (B, S, T)."""
        return states @ keys.mT


class General(Dot):
    """The product through a learned matrix; it looks after the decoder's step, at s_t."""

    def __init__(self, hidden: int, memory: int) -> None:
        super().__init__()
        self.matrix = nn.Linear(memory, hidden, bias=False)

    def keys(self, memory: Tensor) -> Tensor:
        """W h_j for the encoder's states (B, T, M): (B, T, H)."""
        return self.matrix(memory)


def make_attention(kind: str | None, hidden: int, memory: int) -> nn.Module | None:
    """The attention of a spec, for decoder states of `hidden` and encoder states of `memory` numbers."""
    if kind is None:
        return None
    return Dot() if kind == "dot" else {"additive": Additive, "general": General}[kind](hidden, memory)


def weights_of_scores(scores: Tensor, real: Tensor) -> Tensor:
    """Softmax of scores (B, S, T) over the steps that `real` (B, T) says are no padding; exactly 0 on the others."""
    return torch.softmax(scores.masked_fill(~real[:, None], -torch.inf), -1)
