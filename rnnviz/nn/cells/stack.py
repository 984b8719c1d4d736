"""Layers on layers and directions beside directions: how a recurrent module is put together from single layers.

Between two layers there may be dropout, and around a layer a skip connection (lecture 002; He et al. 2015):

    x_{l+1} = mask_l ⊙ y_l,    y_l = h_l + x_l with skip and l ≥ 1, else h_l
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.kind import Kind
from rnnviz.nn.cells.weights import State, weights_of

Masks = Sequence[Tensor]  # one for every layer but the top: (T, B, directions·H), 0 or 1/(1 − p)


def run_stack(
    module: nn.RNNBase,
    kind: Kind[Any],
    x: Tensor,
    state: State | None,
    masks: Masks | None = None,
    taps: Sequence[Tensor] = (),
) -> tuple[Tensor, State]:
    """Output (T, B, directions·H) and final states (layers·directions, B, H), as torch's own modules give them.

    taps: those of `taps_of`; without them nothing is told.
    """
    directions = 2 if module.bidirectional else 1
    if state is None:
        zero = x.new_zeros(module.num_layers * directions, x.shape[1], module.hidden_size)
        state = (zero,) * len(kind.description.states)
    final = []
    for index in range(module.num_layers):
        x, outputs = layer_input(module, x, index, masks), []
        for direction in range(directions):
            along = x.flip(0) if direction else x
            row = index * directions + direction
            first = tuple(part[row] for part in state)
            h, last = kind.layer(weights_of(module, index, direction), along, first, *taps[row : row + 1])
            final.append((h[-1], *last))
            outputs.append(h.flip(0) if direction else h)
        x = handed_on(module, outputs[0] if directions == 1 else torch.cat(outputs, -1), x, index)
    return x, tuple(torch.stack(parts) for parts in zip(*final, strict=True))


def taps_of(module: nn.RNNBase, x: Tensor) -> list[Tensor]:
    """For every layer and direction what would be added to its states, (T, B, H) in reading order: zeros.

    The gradients by them are the total derivatives by the states, ∂L/∂h_t. There are none where torch's own kernels
    run, which do not tell them, and where there is a cell state, whose derivatives they are not.
    """
    if x.is_cuda or not getattr(module, "tells_totals", False):
        return []
    shape = (*x.shape[:2], module.hidden_size)
    rows = module.num_layers * (2 if module.bidirectional else 1)
    return [x.new_zeros(()).expand(shape).requires_grad_() for _ in range(rows)]


def layer_input(module: nn.RNNBase, y: Tensor, index: int, masks: Masks | None) -> Tensor:
    """What a layer reads, from what the one below hands on; without masks torch's own dropout, if it is switched on."""
    if index and masks is not None:
        return y * masks[index - 1]
    if index and module.dropout and module.training:
        return nn.functional.dropout(y, module.dropout)
    return y


def handed_on(module: nn.RNNBase, h: Tensor, x: Tensor, index: int) -> Tensor:
    """What a layer hands on, from its states h and what it reads, x (T, B, directions·H both)."""
    return h + x if index and skips(module) else h


def skips(module: nn.RNNBase) -> bool:
    """Whether the layers of a module from the second on have skip connections; torch's own have none."""
    return bool(getattr(module, "skip", False))


def run_shaped(
    module: nn.RNNBase, kind: Kind[Any], x: Any, state: Any, masks: Masks | None = None
) -> tuple[Tensor, Any]:
    """`run_stack` on x in the module's own layout: (T, B, I), (B, T, I) if `batch_first`, or (T, I).

    state: the first states as torch's modules take them, h or (h, c), or None; the final ones come back alike.

    Raises:
        ValueError: x is no such tensor.
        RuntimeError: a state does not fit, as torch says it.
    """
    check_sequences(module, x)
    first = state if state is None or isinstance(state, tuple) else (state,)
    unbatched, along = x.dim() == 2, 0 if module.batch_first else 1
    if unbatched:
        x, first = x.unsqueeze(along), first and tuple(part.unsqueeze(1) for part in first)
    for part in first or ():
        nn.RNNBase.check_forward_args(module, x, part, None)
    output, final = run_stack(module, kind, x.transpose(0, 1) if module.batch_first else x, first, masks)
    output = output.transpose(0, 1) if module.batch_first else output
    if unbatched:
        output, final = output.squeeze(along), tuple(part.squeeze(1) for part in final)
    return output, final if len(final) > 1 else final[0]


def check_sequences(module: nn.RNNBase, x: Any) -> None:
    """Refuse what is no tensor of sequences.

    Raises:
        ValueError: says what was expected and what came.
    """
    if not isinstance(x, Tensor) or x.dim() not in (2, 3) or x.shape[-1] != module.input_size:
        came = f"shape {tuple(x.shape)}" if isinstance(x, Tensor) else type(x).__name__
        raise ValueError(f"x must be a tensor of sequences of {module.input_size} numbers; got {came}.")


class Extent(NamedTuple):
    """How far each of several sequences of different lengths goes, for a batch padded behind each.

    turn: (T, B) int64, where each step stands when the sequence is read from its own end; padding stays.
    last: (B,) int64, the last step of each.
    real: (T, B) bool, which steps are no padding.
    """

    turn: Tensor
    last: Tensor
    real: Tensor

    def at_last(self, values: Tensor) -> Tensor:
        """`values` (T, B, N) at each sequence's last step: (B, N)."""
        return values[self.last, torch.arange(len(self.last), device=values.device)]

    def by_length(self) -> Iterator[tuple[int, Tensor]]:
        """Every length that there is, with the places of the sequences of that length."""
        for last in self.last.unique().tolist():
            yield last + 1, (self.last == last).nonzero().flatten()


def extent_of(real: Tensor) -> Extent:
    """From which steps (T, B) bool are no padding; every sequence has at least one, and padding comes behind."""
    steps, lengths = torch.arange(len(real), device=real.device)[:, None], real.sum(0)
    return Extent(torch.where(real, lengths - 1 - steps, steps), lengths - 1, real)


def turned(values: Tensor, extent: Extent | None) -> Tensor:
    """`values` (T, B, N) backwards in time, each sequence within its own length; twice gives them back."""
    if extent is None:
        return values.flip(0)
    turned_back: Tensor = _Turn.apply(values, extent.turn)  # type: ignore[no-untyped-call]
    return turned_back


class _Turn(torch.autograd.Function):
    """Whole rows are moved, which is several times as fast as `gather`; the way back is the same move."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, turn: Tensor) -> Tensor:
        ctx.save_for_backward(turn)
        return _moved(values, turn)

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, None]:
        return _moved(dy, ctx.saved_tensors[0]), None


def _moved(values: Tensor, turn: Tensor) -> Tensor:
    rows = turn * turn.shape[1] + torch.arange(turn.shape[1], device=turn.device)
    return values.flatten(0, 1).index_select(0, rows.flatten()).view_as(values)


def runs_here(x: object) -> bool:
    """Whether the fast path applies: a batch of sequences on a CPU; on a GPU cuDNN is faster still."""
    return isinstance(x, Tensor) and x.dim() == 3 and not x.is_cuda
