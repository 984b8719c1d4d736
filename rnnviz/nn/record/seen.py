"""One call of a recurrent module or of a cell, as a hook sees it: what went in and out, and with which weights."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.given.calls import Call, read_call
from rnnviz.nn.given.module import as_layer, cell_weights, frozen, weights_now


class Held(NamedTuple):
    """The weights of a module at one moment, on a copy of it that is only unfolded, and what they were copied from."""

    still: nn.RNNBase
    weights: list[Tensor]
    versions: list[int]


class Seen(NamedTuple):
    """One call.

    call:   what the module read, with the weights it had.
    held:   these weights.
    output: (T, B, directions·H), what it handed on, apart from the graph.
    masks:  those of dropout between the layers, if they were given.
    drops:  whether torch's own dropout acted there, and of what shape it drew its masks.
    heard:  what a loss may be differentiated by: the output (0) and final states (1, 2), each with what brings the
            gradient by it into the order (T, B, N) or (layers·directions, B, H).
    first, final: the states before and after as they were given and handed on; None where the call stands alone.
    total:  whether the gradient by c is told with what goes through h: of a cell that is no single kernel.
    """

    call: Call
    held: Held
    output: Tensor
    masks: Masks | None
    drops: Tensor | None
    heard: Sequence[tuple[int, Any, Callable[[Tensor], Tensor]]]
    first: tuple[Tensor, ...] | None
    final: tuple[Tensor, ...] | None
    total: bool = False

    def follows(self, before: "Seen") -> bool:
        """Whether this call's first state is the end of another call."""
        return self.first is not None and before.final is not None and same_states(self.first, before.final)


def handed_over(one: tuple[Tensor, ...] | None, other: tuple[Tensor, ...] | None) -> bool:
    """Whether two states are the same tensors, apart from any graph; that is known without waiting for a GPU."""
    if one is None or other is None:
        return False
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(a.shape == b.shape and a.data_ptr() == b.data_ptr() for a, b in pairs)


def same_states(one: tuple[Tensor, ...], other: tuple[Tensor, ...]) -> bool:
    """Whether two states are the same tensors, or equal bit for bit."""
    return handed_over(one, other) or (len(one) == len(other) and all(map(torch.equal, one, other)))


def state_given(inputs: tuple[Any, ...], given: dict[str, Any]) -> tuple[Tensor, ...] | None:
    """The first state among the arguments of a call, if there is one."""
    named = _named(inputs, given)
    state = next((named[name] for name in ("state", "hx", "h0") if named.get(name) is not None), None)
    parts = state if isinstance(state, (tuple, list)) else (state,)
    return tuple(parts) if all(isinstance(part, Tensor) for part in parts) else None


def _named(inputs: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(("input", "state", "masks"), inputs, strict=False)) | given


def seen(
    module: nn.Module, inputs: tuple[Any, ...], given: dict[str, Any], result: Any, before: Held | None = None
) -> Seen:
    """A call of layers or of a cell. `before`: weights that need no new copy if they are still the same.

    Raises:
        ValueError: the input is none that can be traced.
    """
    if isinstance(module, nn.RNNCellBase):
        return _cell_seen(module, inputs, given, result, before)
    assert isinstance(module, nn.RNNBase)
    named, state = _named(inputs, given), state_given(inputs, given)
    x = named.get("input", named.get("x"))
    held = _held(weights_now(module), functools.partial(frozen, module), before)
    call = read_call(held.still, x, state, next(module.parameters()).dtype)
    output, final = result
    packed, parts = isinstance(output, PackedSequence), final if isinstance(final, tuple) else (final,)
    output, layout = output.data if packed else output, call.layout
    masks = named.get("masks")
    drops = output if masks is None and module.dropout and module.training and module.num_layers > 1 else None
    of_final = (lambda gradient: gradient.unsqueeze(1)) if layout.unbatched else _as_it_is
    heard = [(0, output, layout.time_first), *((index, part, of_final) for index, part in enumerate(parts, 1))]
    alone = packed or module.bidirectional
    states = (None, None) if alone else (state, tuple(part.detach() for part in parts))
    return Seen(call, held, layout.time_first(output.detach()), masks, drops, heard, *states)


def _cell_seen(
    cell: nn.RNNCellBase, inputs: tuple[Any, ...], given: dict[str, Any], result: Any, before: Held | None
) -> Seen:
    """A call of a cell, as a sequence of one time step."""
    x, state = _named(inputs, given).get("input"), state_given(inputs, given)
    held = _held(cell_weights(cell), functools.partial(as_layer, cell), before)
    first = None if state is None else tuple(part[None] for part in state)
    call = read_call(held.still, x[None] if isinstance(x, Tensor) else x, first, next(cell.parameters()).dtype)
    unbatched, parts = call.layout.unbatched, result if isinstance(result, tuple) else (result,)
    in_order: Callable[[Tensor], Tensor]
    in_order = (lambda gradient: gradient[None, None]) if unbatched else (lambda gradient: gradient[None])
    # the gradient by h goes in as that by the output, that by c as that by the final state
    heard = [(0 if index == 0 else index + 1, part, in_order) for index, part in enumerate(parts)]
    output = in_order(parts[0].detach())
    by_h, *by_c = (part.grad_fn for part in parts)
    final = tuple(part.detach() for part in parts)
    total = not unbatched and bool(by_c) and by_c[0] is not by_h  # one sequence is taken out of a batch behind it all
    return Seen(call, held, output, None, None, heard, state, final, total)


def _as_it_is(gradient: Tensor) -> Tensor:
    return gradient


def _held(weights: Any, copied: Callable[[], nn.RNNBase], before: Held | None) -> Held:
    versions = [weight._version for weight in weights]
    if before is None or before.versions != versions:
        return Held(copied(), [*weights], versions)
    same = all(one is other for one, other in zip(weights, before.weights, strict=True))
    return before if same else Held(copied(), [*weights], versions)
