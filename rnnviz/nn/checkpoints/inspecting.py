"""What the inspect page asks: what is in a file, and what a layer of it does with an input."""

import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from rnnviz.checkpoints.brought import Brought, Layer, check_input
from rnnviz.core import limits
from rnnviz.core.errors import CheckpointError, ExperimentError, Words, shown
from rnnviz.core.names import listed
from rnnviz.nn.cells.lookup import is_ours, kind_for, kind_of
from rnnviz.nn.cells.stack import skips
from rnnviz.nn.cells.unfolding import unfold
from rnnviz.nn.checkpoints import found_layers
from rnnviz.nn.checkpoints.opening import opened
from rnnviz.nn.measure import laboratory
from rnnviz.nn.measure.tracing import trace
from rnnviz.runs import exports


def contents(data: bytes, name: str) -> Brought:
    """What is in a file of these bytes, which its owner calls `name`.

    Raises:
        CheckpointError: it cannot be opened, or holds no recurrent layer: a run may have models that are none.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint"
        path.write_bytes(data)
        found = opened(path, name, largest=limits.LARGEST_CHECKPOINT)
        aside = tuple(of for of, module in found.items() if not kind_of(module).description.recurrent)
        layers = tuple(described(of, module) for of, module in found.items() if of not in aside)
        if not layers:
            why = f"it holds no recurrent layer, as {listed([*aside])} hands no state on"
            raise CheckpointError(f"{shown(name)} cannot be opened as a checkpoint: {why}.")
        return Brought(name, layers, dict(found.embeddings), found.vocabulary, aside, found.notes)


def described(name: str, module: nn.RNNBase) -> Layer:
    """A module as plain numbers and words."""
    kind = kind_of(module)
    return Layer(
        name=name,
        cell=kind.description.name,
        inputs=module.input_size,
        hidden=module.hidden_size,
        layers=module.num_layers,
        directions=2 if module.bidirectional else 1,
        bias=bool(module.bias),
        weights={of: tensor.detach().float().numpy().copy() for of, tensor in module.state_dict().items()},
        skip=skips(module),
        assumed="activation" in kind.options and not is_ours(module),
        **kind.options,
    )


def rebuilt(layer: Layer) -> nn.RNNBase:
    """The module that `described` was given."""
    weights = {name: torch.from_numpy(np.require(weight, requirements="W")) for name, weight in layer.weights.items()}
    kind, sizes = kind_for(layer.cell, vars(layer)), (layer.inputs, layer.hidden, layer.layers)
    more = {"skip": True} if layer.skip else {}  # which torch's own do not know
    return found_layers.built(kind, weights, sizes, bias=layer.bias, bidirectional=layer.directions == 2, **more)


def traced(layer: Layer, x: np.ndarray, level: int, direction: int) -> dict[str, np.ndarray]:
    """States and gates of one of its layers in one direction: name → (time, unit) float32, in the order of the input.

    x: (time, feature).

    Raises:
        ExperimentError: the input does not fit.
    """
    check_input(layer, x)
    found = unfold(rebuilt(layer), _sequence(x))[level][direction].variables()
    return {name: values[:, 0].numpy().copy() for name, values in found.items()}


def analysed(layer: Layer, x: np.ndarray, level: int, direction: int) -> dict[str, np.ndarray]:
    """What `laboratory.analyse` says about one of its layers in one direction; arguments as for `traced`.

    Raises:
        ExperimentError: the input does not fit, or is too long for a layer of this width.
    """
    check_input(layer, x)
    if len(x) > layer.longest_analysed:
        allowed = f"at most {layer.longest_analysed:,} time steps long for the Jacobians of {layer.title}"
        raise ExperimentError("input", allowed, Words(f"{len(x):,} time steps"))
    found = laboratory.analyse(rebuilt(layer), _sequence(x), (level, direction))
    return {name: values[0, 0] if values.ndim > 1 else values for name, values in found.items()}


def exported(layer: Layer, x: np.ndarray, tokens: tuple[str, ...], kind: str) -> bytes:
    """The whole trace as a file: netCDF or, for what is not too large, CSV.

    Raises:
        ExperimentError: the input does not fit, or the table would be too long.
    """
    check_input(layer, x)
    dataset = trace(rebuilt(layer), _sequence(x), tokens=np.array(tokens, dtype=str)[:, None])
    dataset = dataset.assign_attrs(layer=layer.name, cell=layer.cell)
    return exports.netcdf(dataset) if kind == "netcdf" else exports.csv(dataset)


def _sequence(x: np.ndarray) -> torch.Tensor:
    """(time, feature) as (T, 1, I)."""
    return torch.tensor(np.asarray(x, np.float32))[:, None]
