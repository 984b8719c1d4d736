"""Attention: how much of each encoder state goes into the context of one output step.

    α_tj = exp(e_tj) / Σ_k exp(e_tk),   context_t = Σ_j α_tj h_j       (lecture 000, "Attention"; lecture 003)

with the score e_tj of an encoder state h_j for a decoder state s, over real symbols j alone:

    additive   e_tj = vᵀ tanh(W_s s_{t-1} + W_h h_j)       Bahdanau, Cho & Bengio 2015, appendix A.1.2
    dot        e_tj = s_tᵀ h_j                             Luong, Pham & Manning 2015, equation 8
    general    e_tj = s_tᵀ W h_j                           Luong, Pham & Manning 2015, equation 8
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from rnnviz.nn.cells.kind import Pair, StepRecord
from rnnviz.nn.cells.weights import earlier, summed_outer


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
        projected: Tensor = self.memory(memory)
        return projected

    def scores(self, states: Tensor, keys: Tensor) -> Tensor:
        """e for decoder states (B, S, H) and keys (B, T, H): (B, S, T)."""
        energies: Tensor = (self.state(states)[:, :, None] + keys[:, None]).tanh_() @ self.v.weight[0]
        return energies


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
        projected: Tensor = self.matrix(memory)
        return projected


def make_attention(kind: str | None, hidden: int, memory: int) -> nn.Module | None:
    """The attention of a spec, for decoder states of `hidden` and encoder states of `memory` numbers."""
    if kind is None:
        return None
    return Dot() if kind == "dot" else {"additive": Additive, "general": General}[kind](hidden, memory)


def weights_of_scores(scores: Tensor, real: Tensor) -> Tensor:
    """Softmax of scores (B, S, T) over the steps that `real` (B, T) says are no padding; exactly 0 on the others."""
    return torch.softmax(scores.masked_fill(~real[:, None], -torch.inf), -1)


class AdditiveLoop(torch.autograd.Function):
    """A decoder of one layer that looks before every step, all steps in one; each weight's gradient in one product.

    With d_t = tanh(W_s s_{t-1} + W_h h_j) the way back needs Σ_j ∂L/∂e_tj = 0, which holds for every softmax.
    """

    @staticmethod
    def forward(  # noqa: PLR0913 - autograd wants every tensor as an argument
        ctx: Any,
        keeps: bool,
        cell: Pair,
        x: Tensor,
        h: Tensor,
        c: Tensor | None,
        memory: Tensor,
        keys: Tensor,
        real: Tensor,
        w_context: Tensor,
        w_hh: Tensor,
        b_hh: Tensor,
        w_state: Tensor,
        v: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """x (S, B, G·H), the product of what is fed, with its bias → states (S, B, H), contexts, weights (S, B, T).

        keeps: whether there will be a way back; without one nothing large is kept.
        """
        (steps, batch, _), size, kept = x.shape, h.shape[1], []
        states, contexts = x.new_empty(steps, batch, size), x.new_empty(steps, batch, memory.shape[2])
        inner, weights = x.new_empty(steps if keeps else 1, *keys.shape), x.new_empty(steps, *keys.shape[:2])
        shut = torch.zeros_like(weights[0]).masked_fill_(~real, -torch.inf)
        first = h
        for t in range(steps):
            d = torch.add((h @ w_state.t())[:, None], keys, out=inner[t if keeps else 0]).tanh_()
            torch.softmax((d.view(-1, size) @ v).view(shut.shape).add_(shut), -1, out=weights[t])
            torch.bmm(weights[t][:, None], memory, out=contexts[t][:, None])
            a, p = torch.addmm(x[t], contexts[t], w_context.t()), torch.addmm(b_hh, h, w_hh.t())
            after, c_after, inside = cell.forward(a, p, h, c)
            kept += [StepRecord(h, c, inside)] if keeps else []
            states[t], h, c = after, after, c_after
        ctx.cell, ctx.kept = cell, kept
        ctx.save_for_backward(memory, w_context, w_hh, w_state, v, states, contexts, inner, weights, first)
        ctx.mark_non_differentiable(weights)
        return states, contexts, weights

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, by_states: Tensor, by_contexts: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
        memory, w_context, w_hh, w_state, v, states, contexts, inner, weights, first = ctx.saved_tensors
        at_input, at_hidden = (by_states.new_empty(*states.shape[:2], len(w_hh)) for _ in range(2))
        by_contexts, by_scores = by_contexts.clone(), torch.empty_like(weights)
        by_query, squares, summed = torch.empty_like(states), torch.empty_like(inner[0]), torch.zeros_like(inner[0])
        dh, dc = torch.zeros_like(first), None
        turned = memory.mT.contiguous()  # a row times a matrix is nine times as fast as a matrix times a column
        for t in range(len(states) - 1, -1, -1):
            back = ctx.cell.back(ctx.kept[t], dh.add_(by_states[t]), dc)
            at_input[t], at_hidden[t] = back.at_input, back.at_hidden
            by_context = by_contexts[t].addmm_(back.at_input, w_context)
            by_weights = torch.bmm(by_context[:, None], turned)[:, 0].mul_(weights[t])
            torch.addcmul(by_weights, weights[t], by_weights.sum(-1, keepdim=True), value=-1, out=by_scores[t])
            torch.mul(inner[t], inner[t], out=squares)
            summed.addcmul_(by_scores[t][..., None], squares)
            torch.mul(torch.bmm(by_scores[t][:, None], squares)[:, 0], -v, out=by_query[t])
            dh, dc = by_query[t] @ w_state, back.c
            dh = dh.addmm_(back.at_hidden, w_hh) if back.h is None else dh.addmm_(back.at_hidden, w_hh).add_(back.h)
        before = earlier(states, first)
        by_memory = torch.bmm(weights.permute(1, 2, 0), by_contexts.transpose(0, 1))
        by_keys = (by_scores.sum(0)[..., None] - summed).mul_(v)
        by_v = by_scores.view(-1) @ inner.view(-1, inner.shape[-1])
        by_w = summed_outer(at_input, contexts), summed_outer(at_hidden, before), at_hidden.sum((0, 1))
        return None, None, at_input, dh, dc, by_memory, by_keys, None, *by_w, summed_outer(by_query, before), by_v
