"""What every time step does to small changes of the state, of any `torch.nn.RNN`, `LSTM` or `GRU`."""

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.nn.cells.derivatives import Derivatives
from rnnviz.nn.cells.unfolding import Unfolded
from rnnviz.nn.given.arguments import in_words, token_grid
from rnnviz.nn.given.own import plain_call
from rnnviz.nn.measure.spectra import singular_values, spectral_norms
from rnnviz.nn.precision import true_float32
from rnnviz.runs.states import DIRECTIONS

if TYPE_CHECKING:
    import xarray as xr

AT_ONCE = 1_000_000  # numbers in the matrices that are built together
MEANING = {
    "singular_values": "singular values of ∂h_t/∂h_{t-1}, largest first",
    "cell_singular_values": "singular values of ∂c_t/∂c_{t-1} at a fixed h_{t-1}, largest first",
    "lag_norm": "spectral norm of ∂h_T/∂h_{T-lag}, through every step in between",
    "cell_lag_norm": "spectral norm of ∂h_T/∂c_{T-lag}, through h_{T-lag} and every step in between",
    "bound": "(σ_max(W_hh) · max φ′)^lag, which lag_norm cannot exceed",
    "jacobian": "∂h_t/∂h_{t-1}",
    "hidden_by_cell": "∂h_t/∂c_{t-1}",
    "cell_by_hidden": "∂c_t/∂h_{t-1}",
    "cell_by_cell": "∂c_t/∂c_{t-1}",
}


@true_float32()
@in_words("jacobians")
def jacobians(
    module: nn.RNNBase, inputs: Any, state: Any = None, tokens: np.ndarray | None = None, matrices: bool = False
) -> "xr.Dataset":
    """How every time step of `module` stretches small changes of its state, by the exact derivatives.

    matrices: whether the derivatives themselves are wanted too; they are large.
    For the other arguments see `trace`.

    Returns:
        Dataset in double precision. `singular_values(layer, direction, time, sample, rank)` of ∂h_t/∂h_{t-1},
        largest first, where h_{t-1} is the state read just before, for the backward direction that of time t+1.
        `lag_norm(layer, direction, lag, sample)`: the spectral norm of ∂h_T/∂h_{T-lag} of the last step read, through
        every step in between; 1 at lag 0.

        An RNN has `bound(layer, direction, lag)` = (σ_max(W_hh) · max φ′)^lag, which `lag_norm` cannot exceed
        (Pascanu, Mikolov, Bengio 2013; lecture 001, "Gradient Flow").
        An LSTM has two states. `singular_values` are of ∂h_t/∂h_{t-1} at a fixed c_{t-1}; `cell_singular_values`, of
        ∂c_t/∂c_{t-1} at a fixed h_{t-1}, are the values of the forget gate. `lag_norm`, and `cell_lag_norm` of
        ∂h_T/∂c_{T-lag}, go through both states together; as in `gradient_flow`, c_t acts through h_t as well.
        With `matrices`, `jacobian(layer, direction, time, sample, unit, unit_before)` is ∂h_t/∂h_{t-1}; for an LSTM
        `hidden_by_cell`, `cell_by_hidden` and `cell_by_cell` are the other three blocks.
        Where a weight or a state is no number, so are these values. Of packed sequences T is the last step of each;
        the values behind it, and at lags that go past the beginning, are NaN.

    Raises:
        ValueError: the module is none of the three, has projections, or the inputs do not fit it.
    """
    call = plain_call(module, inputs, state)
    tokens = token_grid(tokens, call.x)
    rows = [[_measured(one, matrices) for one in row] for row in call.unfolded()]
    arrays = {name: np.stack([np.stack([one[name] for one in row]) for row in rows]) for name in rows[0][0]}
    return _dataset(arrays, tokens)


def step_values(steps: Derivatives, every: int = 1) -> list[Tensor]:
    """Singular values of ∂h_t/∂h_{t-1} and, for an LSTM, of ∂c_t/∂c_{t-1}: each (T, B, H), in reading order.

    every: only every so many-th step is measured, counted from the last; NaN elsewhere.
    """
    time, batch, size = steps.shape
    found = [torch.full(steps.shape, torch.nan, dtype=torch.float64) for _ in range(steps.size // size)]
    together = max(1, AT_ONCE // (batch * steps.size**2)) * every
    for start in range((time - 1) % every, time, together):
        part = slice(start, start + together, every)
        matrices = steps.by_before(part)
        for index, values in enumerate(found):
            block = slice(index * size, (index + 1) * size)
            values[part] = singular_values(matrices[..., block, block])
    return found


def lag_norms(steps: Derivatives, every: int = 1) -> list[Tensor]:
    """Spectral norms of ∂h_T/∂h_{T-lag} and, for an LSTM, of ∂h_T/∂c_{T-lag}: each (T, B) over the lag, from 0.

    every: only every so many-th lag is measured, and the last; NaN elsewhere.
    """
    time, batch, size = steps.shape
    found = [torch.full((time, batch), torch.nan, dtype=torch.float64) for _ in range(steps.size // size)]
    d = torch.eye(size, steps.size, dtype=torch.float64)[:, None].repeat(1, batch, 1)  # the rows of ∂h_T/∂state_T
    for lag in range(time):
        if lag:
            d, _ = steps.back(time - lag, d)
        if lag % every == 0 or lag == time - 1:
            for norms, part in zip(found, steps.parts(time - 1 - lag, d), strict=True):
                norms[lag] = spectral_norms(part.transpose(0, 1))
    return found


def bound(one: Unfolded) -> np.ndarray | None:
    """(σ_max(W_hh) · max φ′)^lag of a simple RNN's layer: (T,); None for a gated cell, which has no such bound."""
    if one.kind.steepest is None:
        return None
    largest = float(singular_values(one.weights.hh.detach().to("cpu", torch.float64))[0])
    with np.errstate(over="ignore"):
        return (largest * one.kind.steepest) ** np.arange(len(one.h), dtype=np.float64)


def _measured(one: Unfolded, matrices: bool) -> dict[str, np.ndarray]:
    """The variables of one layer and direction; what has a time is in the order of the input."""
    if one.extent is None:
        found = _of_one_length(one, matrices)
    else:
        found = {}
        for length, samples in one.extent.by_length():
            for name, values in _of_one_length(one.cut(length, samples), matrices).items():
                blank = np.full((*one.h.shape[:2], *values.shape[2:]), np.nan)
                found.setdefault(name, blank)[:length, samples.cpu().numpy()] = values
    limit = bound(one)
    return found if limit is None else found | {"bound": limit}


def _of_one_length(one: Unfolded, matrices: bool) -> dict[str, np.ndarray]:
    """The same of sequences that are equally long: each (T, B, …)."""
    steps = one.derivatives()
    values = dict(zip(("singular_values", "cell_singular_values"), step_values(steps), strict=False))
    found = {name: one.aligned(value) for name, value in values.items()}
    lost = torch.cat([*one.states().values()], -1).isnan().any(-1).cpu()  # (T, B), a state is no number
    norms = zip(("lag_norm", "cell_lag_norm"), lag_norms(steps), strict=False)
    found |= {name: norm.masked_fill(lost[-1], torch.nan) for name, norm in norms}
    if matrices:
        whole = steps.by_before().masked_fill(lost[..., None, None], torch.nan)
        found |= _blocks(one.aligned(whole), steps.shape[-1])
    return {name: value.numpy() for name, value in found.items()}


def _blocks(matrices: Tensor, size: int) -> dict[str, Tensor]:
    """∂state_t/∂state_{t-1} (T, B, S, S) by the names of its blocks, each (T, B, H, H)."""
    if matrices.shape[-1] == size:
        return {"jacobian": matrices}
    names = ("jacobian", "hidden_by_cell", "cell_by_hidden", "cell_by_cell")
    rows = [block for row in matrices.split(size, -2) for block in row.split(size, -1)]
    return dict(zip(names, rows, strict=True))


def _dataset(arrays: dict[str, np.ndarray], tokens: np.ndarray | None) -> "xr.Dataset":
    import xarray as xr

    place, step = ("layer", "direction"), ("time", "sample")
    variables = {}
    for name, values in arrays.items():
        if name == "bound":
            dims: tuple[str, ...] = (*place, "lag")
        elif "lag_norm" in name:
            dims = (*place, "lag", "sample")
        else:
            dims = (*place, *step, "rank") if "singular" in name else (*place, *step, "unit", "unit_before")
        variables[name] = xr.Variable(dims, values, {"long_name": MEANING[name]})
    sizes = {str(dim): size for variable in variables.values() for dim, size in variable.sizes.items()}
    coords: dict[str, object] = {dim: np.arange(size) for dim, size in sizes.items() if dim != "direction"}
    coords["direction"] = list(DIRECTIONS[: sizes["direction"]])
    if tokens is not None:
        coords["token"] = (step, tokens)
    return xr.Dataset(variables, coords)
