"""States, gates and gradients as an `xarray.Dataset` whose dims are named, never guessed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.specs.schema import SCHEMA

if TYPE_CHECKING:
    import xarray as xr

DIMS = ("layer", "direction", "time", "sample", "unit")
DIRECTIONS = ("forward", "backward")
MEANING = {
    "hidden": "hidden state h_t",
    "cell": "cell state c_t",
    "input_gate": "input gate i_t: 0 shut, 1 open",
    "forget_gate": "forget gate f_t: 0 forgets, 1 keeps",
    "cell_candidate": "cell candidate c̃_t",
    "output_gate": "output gate o_t: 0 shut, 1 open",
    "reset_gate": "reset gate r_t: 0 shut, 1 open",
    "update_gate": "update gate z_t: 0 replaces, 1 keeps",
    "candidate": "candidate h̃_t",
    "hidden_grad": "total derivative of the loss by h_t",
    "cell_grad": "total derivative of the loss by c_t",
} | {value.name: value.meaning for value in SCHEMA}


def states_dataset(arrays: Mapping[str, np.ndarray], tokens: np.ndarray | None = None) -> "xr.Dataset":
    """Arrays by name over (layer, direction, time, sample, unit), or their first dims, as one Dataset.

    tokens: (time, sample) str, kept as the coordinate `token`.
    """
    import xarray as xr

    variables = {}
    for name, values in arrays.items():
        variables[name] = xr.Variable(DIMS[: values.ndim], values, {"long_name": MEANING[name]})
    sizes = variables["hidden"].sizes
    coords: dict[str, object] = {dim: np.arange(sizes[dim]) for dim in DIMS if dim != "direction"}
    coords["direction"] = list(DIRECTIONS[: sizes["direction"]])
    if tokens is not None:
        coords["token"] = (("time", "sample"), tokens)
    return xr.Dataset(variables, coords)
