"""States, gates and gradients as an `xarray.Dataset` whose dims are named, never guessed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.cells import part
from rnnviz.specs.schema import SCHEMA

if TYPE_CHECKING:
    import xarray as xr

DIMS = ("layer", "direction", "time", "sample", "unit")
DIRECTIONS = ("forward", "backward")
_GRADIENTS = {  # how the names of gradients by a state end → what they are
    "_grad": "total derivative of the loss by {}",
}
_MEASURED = {value.name: value.meaning for value in SCHEMA}


def meaning(name: str) -> str:
    """What a variable of a trace is, or a gradient by one of its states, such as `hidden_grad` and `hidden_grad_norm`.

    Raises:
        KeyError: there is no such variable.
    """
    if name in _MEASURED:
        return _MEASURED[name]
    for end, said in _GRADIENTS.items():
        if name.endswith(end):
            return said.format(part(name.removesuffix(end)).plain)
    return part(name).meaning


def states_dataset(arrays: Mapping[str, np.ndarray], tokens: np.ndarray | None = None) -> "xr.Dataset":
    """Arrays by name over (layer, direction, time, sample, unit), or their first dims, as one Dataset.

    tokens: (time, sample) str, kept as the coordinate `token`.
    """
    import xarray as xr

    variables = {}
    for name, values in arrays.items():
        variables[name] = xr.Variable(DIMS[: values.ndim], values, {"long_name": meaning(name)})
    sizes = variables["hidden"].sizes
    coords: dict[str, object] = {dim: np.arange(sizes[dim]) for dim in DIMS if dim != "direction"}
    coords["direction"] = list(DIRECTIONS[: sizes["direction"]])
    if tokens is not None:
        coords["token"] = (("time", "sample"), tokens)
    return xr.Dataset(variables, coords)
