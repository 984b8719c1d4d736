"""Modules that call themselves recurrent layers of torch, and compute something else."""

import copy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import type_before_parametrizations
from torch.nn.utils.rnn import PackedSequence

from rnnviz.nn.cells.lookup import every, is_ours
from rnnviz.nn.cells.unfolding import outputs
from rnnviz.nn.given.calls import Call, read_call
from rnnviz.nn.given.module import COMPUTING, as_called

ANOTHER = {torch.float32: 1e-3, torch.float64: 1e-6}  # beyond this share of a state it is that of another cell; where
ANOTHER_ROUGHLY = 0.25  # numbers are rounded more roughly, of this


def beyond_rounding(output: Tensor, dtype: torch.dtype) -> float:
    """Beyond which difference an output in this precision is no rounded one any more."""
    exact = not output.is_cuda and not torch.is_autocast_enabled(output.device.type)
    share = ANOTHER.get(dtype, ANOTHER_ROUGHLY) if exact else ANOTHER_ROUGHLY
    return share * (1 + float(output.abs().max()))


def plain_call(module: nn.RNNBase, inputs: Any, state: Any = None) -> Call:
    """A module of somebody's, with inputs and a first state as it takes them.

    A copy of one with a forward or hooks of its own is called once, and refused if its output is another than that of
    the layers it is derived from. Where that needs more than inputs and state, it is taken by its weights.

    Raises:
        ValueError: it cannot be traced, they do not fit it, or it computes something else.
    """
    call = read_call(as_called(module), inputs, state, next(module.parameters()).dtype)
    kind: Any = type_before_parametrizations(module)
    plain = {one.torchs.module.forward for one in every() if one.torchs is not None}
    if not is_ours(module) and kind.forward not in plain:
        base = next(one.__name__ for one in kind.__mro__ if getattr(one, "forward", None) in plain)
        _check_output(module, call, f"module must compute what {base} does; got {kind.__name__}")
    elif "forward" in vars(module) or _has_own_hooks(module):
        _check_output(module, call, f"module must compute what {kind.__name__} does; got one with a hook or a forward")
    return call


def _hooks(module: nn.Module) -> dict[str, dict[int, Any]]:
    """Its hooks before and after a call by where it keeps them, those of a recording apart."""
    found = {}
    for name in ("_forward_pre_hooks", "_forward_hooks"):
        hooks = getattr(module, name).items()
        found[name] = {key: hook for key, hook in hooks if not _is_of_recording(hook)}
    return found


def _is_of_recording(hook: Any) -> bool:
    return str(getattr(getattr(hook, "func", hook), "__module__", "")).startswith("rnnviz.")


def _has_own_hooks(module: nn.Module) -> bool:
    """Whether it has hooks that may change what it computes: others than those that compute its weights."""
    return any(not isinstance(hook, COMPUTING) for hooks in _hooks(module).values() for hook in hooks.values())


def _check_output(module: nn.RNNBase, call: Call, said: str) -> None:
    try:
        found = _called(module, call)
    except Exception:
        return
    wanted = outputs(call.unfolded()[-1])
    if found.shape != wanted.shape:
        raise ValueError(f"{said}, whose output is of another shape.")
    difference = float((found.to(wanted) - wanted).abs().max())
    if difference > beyond_rounding(wanted, call.layout.dtype):
        raise ValueError(f"{said}, whose output is {difference:.2g} off.")


@torch.no_grad()
def _called(module: nn.RNNBase, call: Call) -> Tensor:
    """The output (T, B, N) of a copy of a module, in evaluation."""
    bare, layout, state = copy.copy(module), call.layout, None
    vars(bare).update(_hooks(module))
    twin = copy.deepcopy(bare).eval()
    if call.first is not None:
        parts = tuple(part.squeeze(1) if layout.unbatched else part for part in call.first)
        parts = tuple(part.to(layout.dtype) for part in parts)
        state = parts if len(parts) > 1 else parts[0]
    with torch.random.fork_rng(devices=[]):
        result = twin(layout.handed_on(call.x), state)
    output = result[0]
    return layout.time_first(output.data if isinstance(output, PackedSequence) else output)
