"""A recurrent module of somebody else's with the weights that its next call uses, left as it is."""

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized, type_before_parametrizations
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from rnnviz.nn.cells.lookup import is_ours, kind_of, kind_of_step
from rnnviz.nn.given.arguments import check_numbers

COMPUTING = (WeightNorm, SpectralNorm, BasePruningMethod)  # hooks that compute a weight just before every call
SINGLE = 4  # bytes of a number in single precision


def check_module(module: nn.RNNBase) -> None:
    """Refuse what cannot be traced.

    Raises:
        ValueError: says what was expected and what came.
    """
    kind_of(module)
    if getattr(module, "proj_size", 0):
        raise ValueError(f"module must have no projection (proj_size 0); got proj_size {module.proj_size}.")
    for weight in module.parameters():
        check_numbers("module", weight)
        return
    raise ValueError(f"module must have weights; got a {type(module).__name__} without any.")


@torch.no_grad()
def as_called(module: nn.RNNBase) -> nn.RNNBase:
    """A module whose weights are those that the next call of `module` uses, at least in single precision.

    It is the module itself where its weights are its parameters. Else they are computed now, on a copy, as its
    parametrizations and the older hooks of weight norm, spectral norm and pruning would do it: what they keep from
    call to call stays as it is.

    Raises:
        ValueError: the module cannot be traced.
    """
    check_module(module)
    computed = is_parametrized(module) or any(
        isinstance(hook, COMPUTING) for hook in module._forward_pre_hooks.values()
    )
    narrow = any(weight.dtype.itemsize < SINGLE for weight in module.parameters())
    ready = frozen(_computed(module)) if computed or narrow else module
    _check_weights(ready)
    return ready


def _check_weights(module: nn.RNNBase) -> None:
    """Refuse weights that do not fit each other: torch's kernels do not look, and take the whole process with them.

    Raises:
        ValueError: names the first that does not.
    """
    if is_ours(module):
        return
    rows, size = len(kind_of(module).description.blocks) * module.hidden_size, module.hidden_size
    first = next(module.parameters())
    for name in module._flat_weights_names:
        below = module.input_size if "_l0" in name else size * (2 if module.bidirectional else 1)
        columns = () if name.startswith("bias") else (size if name.startswith("weight_hh") else below,)
        weight, shape = getattr(module, name, None), (rows, *columns)
        if not isinstance(weight, Tensor) or tuple(weight.shape) != shape:
            came = "none" if weight is None else str(tuple(weight.shape))
            raise ValueError(f"module must have a {name} of shape {shape}; got {came}.")
        if (weight.dtype, weight.device) != (first.dtype, first.device):
            raise ValueError(f"module must have weights of one type on one device; got another {name}.")


def _computed(module: nn.RNNBase) -> nn.RNNBase:
    """A copy that has just computed its weights; parameters are the module's own."""
    beside: nn.RNNBase = object.__new__(type(module))
    beside.__dict__.update(module.__dict__)
    beside.__dict__ |= {
        "_parameters": dict(module._parameters),
        "_buffers": {name: None if kept is None else kept.clone() for name, kept in module._buffers.items()},
        "_modules": copy.deepcopy(module._modules),
        "_flat_weights": [*module._flat_weights],
        "flatten_parameters": lambda: None,  # which would move the module's own
    }
    for hook in module._forward_pre_hooks.values():
        if isinstance(hook, COMPUTING):
            hook(beside, ())
    beside._update_flat_weights()
    return beside


def frozen(module: nn.RNNBase) -> nn.RNNBase:
    """A copy of a module with the weights it has now, at least in single precision: only to be unfolded, never called.

    It shares all else with the module, and takes weights as they are computed where they are parametrized.
    """
    kind = type_before_parametrizations(module)
    names = module._flat_weights_names
    still: nn.RNNBase = object.__new__(kind)
    still.__dict__.update({name: value for name, value in module.__dict__.items() if name not in names})
    weights = zip(names, weights_now(module), strict=True)
    still.__dict__["_parameters"] = {name: wide(weight) for name, weight in weights}
    return still


def as_layer(cell: nn.RNNCellBase) -> nn.RNNBase:
    """One layer with the weights of a cell, as `frozen`.

    Raises:
        ValueError: it is none of torch's cells.
    """
    torchs = kind_of_step(cell).torchs
    assert torchs is not None
    with torch.device("meta"):
        layer = torchs.make(cell.input_size, cell.hidden_size, bias=cell.bias)
    weights = zip(layer._flat_weights_names, cell_weights(cell), strict=True)
    layer.__dict__["_parameters"] = {name: wide(weight) for name, weight in weights}
    return layer


def cell_weights(cell: nn.RNNCellBase) -> list[Tensor]:
    """The weights that the last call of a cell used: W_ih, W_hh and its biases, if it has them.

    Parametrizations compute them as in evaluation, so that what they keep from call to call stays as it is.
    """
    names = ("weight_ih", "weight_hh", *(("bias_ih", "bias_hh") if cell.bias else ()))
    found = []
    for name in names:
        if not is_parametrized(cell, name):
            found.append(getattr(cell, name))
            continue
        computing: Any = cell.parametrizations[name]  # type: ignore[index]
        modes = [(part, part.training) for part in computing.modules()]
        try:
            found.append(computing.eval()())
        finally:
            for part, training in modes:
                part.training = training
    return found


def weights_now(module: nn.RNNBase) -> Sequence[Tensor]:
    """The weights that the last call of a module used, in the order of their names.

    Raises:
        ValueError: some are missing.
    """
    if is_ours(module):
        return [getattr(module, name) for name in module._flat_weights_names]
    found = [weight for weight in module._flat_weights if weight is not None]
    if len(found) != len(module._flat_weights_names):
        raise ValueError(f"module must have all its weights; got {len(found)} of {len(module._flat_weights_names)}.")
    return found


def wide(weight: Tensor) -> nn.Parameter:
    """A copy of a weight, at least in single precision."""
    weight = weight.detach()
    dtype = weight.dtype if weight.dtype.itemsize >= SINGLE else torch.float32
    return nn.Parameter(weight.to(dtype, copy=True), requires_grad=False)
