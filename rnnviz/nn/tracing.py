"""Every state and gate of any `torch.nn.RNN`, `LSTM` or `GRU`, exactly as the module computed them."""

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.nn.unfolding import Layers, State, unfold
from rnnviz.states import states_dataset

if TYPE_CHECKING:
    import xarray as xr


def trace(module: nn.RNNBase, inputs: Any, state: Any = None, tokens: np.ndarray | None = None) -> "xr.Dataset":
    """What `module` does with `inputs`, step by step.

    module: a `torch.nn.RNN`, `LSTM` or `GRU`, stacked or bidirectional or both. It is not changed; dropout is off.
    inputs: as for the module: (time, sample, feature), (sample, time, feature) if `batch_first`, or (time, feature).
    state:  first state as for the module; zeros unless given.
    tokens: (time, sample) str, what each input stands for.

    Returns:
        Dataset over (layer, direction, time, sample, unit): `hidden`; for an LSTM `input_gate`, `forget_gate`,
        `cell_candidate`, `output_gate`, `cell`; for a GRU `reset_gate`, `update_gate`, `candidate`. `time` is the
        position in the input, for the backward direction too. h_t equals the module's own output, and
        c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t, h_t = o_t ⊙ tanh(c_t), h_t = z_t ⊙ h_{t-1} + (1 − z_t) ⊙ h̃_t hold.

    Raises:
        ValueError: the module is none of the three, has projections, or the inputs do not fit it.
    """
    check_module(module)
    x = sequences(module, inputs)
    return states_dataset(layer_arrays(unfold(module, x, first_states(module, x, state))), tokens)


def check_module(module: nn.RNNBase) -> None:
    """Refuse what cannot be traced.

    Raises:
        ValueError: says what was expected and what came.
    """
    if not isinstance(module, (nn.RNN, nn.LSTM, nn.GRU)):
        raise ValueError(f"module must be a torch.nn.RNN, LSTM or GRU; got {type(module).__name__}.")
    if getattr(module, "proj_size", 0):
        raise ValueError(f"module must have no projection (proj_size 0); got proj_size {module.proj_size}.")


def sequences(module: nn.RNNBase, inputs: Any) -> Tensor:
    """`inputs` as (T, B, I) in the module's type and on its device.

    Raises:
        ValueError: they are no sequences of the module's input size.
    """
    weight = next(module.parameters())
    if isinstance(inputs, nn.utils.rnn.PackedSequence):
        raise ValueError("inputs must be a padded array or tensor; got a PackedSequence.")
    x = torch.as_tensor(inputs).detach().to(weight.device, weight.dtype)
    if x.dim() not in (2, 3) or x.shape[-1] != module.input_size or 0 in x.shape:
        layout = "sample, time" if module.batch_first else "time, sample"
        wanted = f"of shape ({layout}, {module.input_size}) or (time, {module.input_size}), not empty"
        raise ValueError(f"inputs must be {wanted}; got shape {tuple(x.shape)}.")
    if x.dim() == 2:
        return x.unsqueeze(1)
    return x.transpose(0, 1) if module.batch_first else x


def first_states(module: nn.RNNBase, x: Tensor, state: Any) -> State | None:
    """The first state as (h, c or None), each (layers·directions, B, H).

    Raises:
        ValueError: its shape does not fit the module and the inputs.
    """
    if state is None:
        return None
    parts = state if isinstance(state, (tuple, list)) else (state,)
    rows = module.num_layers * (2 if module.bidirectional else 1)
    wanted = (rows, x.shape[1], module.hidden_size)
    found = []
    for part in parts:
        part = torch.as_tensor(part).detach().to(x)
        part = part.unsqueeze(1) if part.dim() == 2 else part
        if tuple(part.shape) != wanted:
            raise ValueError(f"state must be of shape {wanted}; got shape {tuple(part.shape)}.")
        found.append(part)
    if len(found) != (2 if isinstance(module, nn.LSTM) else 1):
        raise ValueError(f"state must be (h, c) for an LSTM and h otherwise; got {len(found)} tensors.")
    return found[0], (found[1] if len(found) == 2 else None)


def layer_arrays(layers: Layers) -> dict[str, np.ndarray]:
    """Name → (layer, direction, time, sample, unit)."""
    found = [[one.variables() for one in row] for row in layers]
    return {
        name: np.stack([np.stack([one[name].cpu().numpy() for one in row]) for row in found]) for name in found[0][0]
    }
