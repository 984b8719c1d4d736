"""What the gradient laboratory asks: one model on one sequence, analysed exactly, in double precision.

Everything is an array by name, so that it can cross a pipe. T time steps, L layers, D directions, H hidden units.
Large models on long sequences are measured at fewer time steps, lags and losses; what was left out is NaN.
"""

import copy
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.analysis.diagnoses import HORIZON, horizon
from rnnviz.cells import CELLS
from rnnviz.core.limits import MOST_ANALYSED, MOST_SWEPT
from rnnviz.nn.cells.derivatives import Derivatives
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.unfolding import Layers, Unfolded, outputs, sweep_back, unfold
from rnnviz.nn.measure.influence import descend
from rnnviz.nn.measure.jacobians import bound, lag_norms, step_values
from rnnviz.nn.measure.paths import factors, paths
from rnnviz.nn.measure.probing import exact_model, probe_of, targets_of
from rnnviz.nn.measure.spectra import spectral_norms
from rnnviz.nn.models.losses import losses_of
from rnnviz.nn.models.model import SequenceModel
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Arrays = dict[str, np.ndarray]
_TOGETHER = 700_000  # numbers in the gradients that go back together: memory is short where the app runs
_LEAST = 64  # a small matrix costs about as much as one so much wider would by its arithmetic alone


def measure(spec: ModelSpec, task: Task, weights: Arrays, probe: int = 0) -> Arrays:
    """A model with the weights of a frame on one of its task's probes.

    Returns:
        What `analyse` says, and of the task's loss on this one sequence (S = T where every step is answered, else 1):
        "loss" (S,): the loss of every answer (mean squared error, or cross-entropy in nats);
        "loss_times" (S,) int: the time step of each answer;
        "influence" (L, D, S, T): ‖∂L_s/∂h_t‖, loss times in the order of "loss_times", t in the order of the input;
        "hidden_grad_norm" (L, D, T): ‖∂L/∂h_t‖ of the mean of these losses; for an LSTM "cell_grad_norm" of c_t;
        "hidden_factor" (L, D, T): by what step t multiplies that gradient on its way back, see `factors`; for an LSTM
        "cell_factor" and "cell_both_factor";
        for an LSTM "additive_share" and "gate_share" (L, D, T): which part of the gradient that c_t receives from the
        step read next comes along the additive path c_{t+1} → c_t, and which through the gates. They add to 1 (one is
        below 0 where the two work against each other); NaN at the step read last, which receives nothing.

        Of an encoder–decoder only what `analyse` says, of its encoder on the probe's own symbols: T is their number.

    Raises:
        ValueError: there is no such probe, or the weights are not this model's.
    """
    model, module, x = exact_model(spec, task, weights, probe)
    with on_one_thread():
        layers = unfold(module, x)
        found = _analysed(layers)
        if architectures.of(task).writes:
            return found
        losses, dy = _losses(model, task, layers, targets_of(task, probe))
        found |= _swept(layers, dy / len(losses)) | {"loss": losses, "loss_times": task.answers.times(len(x))}
        return found | _influences(layers, dy, len(losses))


def analyse(module: nn.RNNBase, x: Tensor, place: tuple[int, int] | None = None) -> Arrays:
    """Any recurrent module, in double precision, on one sequence x (T, 1, I).

    place: the layer and direction to analyse, which is then the only one in what is returned; None for all.

    Returns:
        "jacobian_values" (L, D, T, H): the singular values of ∂h_t/∂h_{t-1}, largest first; t in the order of the input
        (for the backward direction the state before is that of t+1); for an LSTM at a fixed c_{t-1};
        "lag_norm" (L, D, T): the spectral norm of ∂h_last/∂h_{last-lag} over the lag, 1 at lag 0; last is the step
        read last;
        "horizon" (L, D) int: the largest lag at which that norm, or for an LSTM "cell_lag_norm", is still
        `diagnoses.HORIZON` or more; T − 1 where it reaches beyond the sequence; −1 where it is no number;
        "every" () int: only every so many-th time step (from the one read last) and lag (from 0) was measured;
        RNN: "bound" (L, D, T): (σ_max(W_hh) · max φ′)^lag; "slope_mean" (L, D, T): mean φ′ over units;
        "sigma_max" (L, D, G): the largest singular value of every gate's block of W_hh, in torch's order;
        LSTM: "cell_jacobian_values" (L, D, T, H) of ∂c_t/∂c_{t-1}, "cell_lag_norm" (L, D, T) of ∂h_last/∂c_{last-lag},
        through h_{last-lag} too; "forget_mean" (L, D, T): mean forget gate over units;
        GRU: "update_mean" (L, D, T): mean z_t over units.
    """
    with on_one_thread():
        layers = unfold(copy.deepcopy(module).double().requires_grad_(False), x.double())
        return _analysed(layers if place is None else [[layers[place[0]][place[1]]]])


def horizons(
    spec: ModelSpec, task: Task, frames_weights: Sequence[Arrays], probe: int = 0, factor: float = HORIZON
) -> Arrays:
    """How far back a model's state can still be felt, over training: one entry for every frame's weights.

    Returns:
        "lag_norm" (frame, L, D, T): as in `analyse`; NaN at lags that were left out;
        "horizon" (frame, L, D) int: as in `analyse`, for `factor`.

    Raises:
        ValueError: there is no such probe, or the weights are not this model's.
    """
    found, felt = [], []
    states = len(CELLS[spec.cell].states)
    probes = probe_of(task, probe)
    time = int(probes.batch.lengths[probe])
    every = _every(states * time * len(frames_weights), spec.layers * spec.directions, spec.hidden)
    with on_one_thread():
        for weights in frames_weights:
            rows = unfold(*exact_model(spec, task, weights, probe)[1:])
            norms = [[torch.stack(lag_norms(one.derivatives(), every))[..., 0].numpy() for one in row] for row in rows]
            stacked = np.stack([np.stack(row) for row in norms])  # (L, D, h and for an LSTM c, T)
            found.append(stacked[:, :, 0])
            felt.append(np.fmax.reduce(stacked, axis=2))
    none = np.empty((0, spec.layers, spec.directions, time))
    lag_norm, most = (np.stack(part) if part else none for part in (found, felt))
    return {"lag_norm": lag_norm, "horizon": horizon(most, factor)}


def _analysed(layers: Layers) -> Arrays:
    one = layers[0][0]
    every = _every(2 * len(one.first) * len(one.h), sum(map(len, layers)), one.weights.hidden)
    found = _stacked([[_one(one, one.derivatives(), every) for one in row] for row in layers])
    felt = np.fmax(found["lag_norm"], found.get("cell_lag_norm", found["lag_norm"]))
    return found | {"horizon": horizon(felt), "every": np.array(every)}


def _one(one: Unfolded, steps: Derivatives, every: int) -> Arrays:
    """One layer and direction: name → (T, …)."""
    values = dict(zip(("jacobian_values", "cell_jacobian_values"), step_values(steps, every), strict=False))
    values[f"{one.kind.factor_name}_mean"] = one.factor().mean(-1)
    found = {name: one.aligned(value[:, 0]).numpy() for name, value in values.items()}
    norms = zip(("lag_norm", "cell_lag_norm"), lag_norms(steps, every), strict=False)
    found |= {name: norm[:, 0].numpy() for name, norm in norms}
    limit, size = bound(one), steps.w.hidden
    found |= {} if limit is None else {"bound": limit}
    return found | {"sigma_max": spectral_norms(steps.w.hh.view(len(steps.w.hh) // size, size, size)).numpy()}


def _losses(model: SequenceModel, task: Task, layers: Layers, targets: Tensor) -> tuple[np.ndarray, Tensor]:
    """The loss of every answer (S,), and the gradient of their sum by the top layer's outputs: (T, 1, directions·H)."""
    top = outputs(layers[-1]).detach().requires_grad_()
    losses = losses_of(task.answers.of, model.answer(top), targets)
    (dy,) = torch.autograd.grad(losses.sum(), top)
    return losses.detach().numpy(), dy


def _swept(layers: Layers, dy: Tensor) -> Arrays:
    """The total gradients of one loss, and for an LSTM the ways they take."""
    rows = []
    for row, swept in zip(layers, sweep_back(layers, dy), strict=True):
        rows.append([_gradient(one, back) for one, back in zip(row, swept, strict=True)])
    return _stacked(rows)


def _gradient(one: Unfolded, back: Sweep) -> Arrays:
    found = {"hidden_grad_norm": torch.linalg.vector_norm(back.hidden, dim=(1, 2)), **factors(one, back)}
    if back.cell is not None:
        found["cell_grad_norm"] = torch.linalg.vector_norm(back.cell, dim=(1, 2))
        found["additive_share"], found["gate_share"] = paths(one, back).shares()
    return {name: one.aligned(values).numpy() for name, values in found.items()}


def _influences(layers: Layers, dy: Tensor, losses: int) -> Arrays:
    """‖∂L_s/∂h_t‖ of all layers, for as many of the losses as can be afforded; NaN for the others."""
    w, (time, _, width), stacks = layers[0][0].weights, dy.shape, sum(map(len, layers))
    work = time * losses * stacks * w.ih.shape[0] * (w.hidden + layers[-1][0].x.shape[-1])
    every = -(-work // MOST_SWEPT)
    found = np.full((len(layers), len(layers[0]), losses, time), np.nan)
    for chosen in torch.arange((losses - 1) % every, losses, every).split(max(1, _TOGETHER // (time * width))):
        for index, row in descend(layers, _alone(dy, chosen, losses)):
            for direction, part in enumerate(row):
                found[index, direction, chosen] = torch.linalg.vector_norm(part, dim=(2, 3)).T.numpy()
    return {"influence": found}


def _alone(dy: Tensor, chosen: Tensor, losses: int) -> Tensor:
    """The direct gradients of the chosen losses: (T, S, 1, directions·H).

    One of several losses depends directly on the state of its own step alone; a single loss is the whole.
    """
    if losses == 1:
        return dy[:, None]
    direct = dy.new_zeros(len(dy), len(chosen), *dy.shape[1:])
    direct[chosen, torch.arange(len(chosen))] = dy[chosen]
    return direct


def _stacked(rows: list[list[Arrays]]) -> Arrays:
    """Name → (L, D, …), of arrays by name for every layer and direction."""
    return {name: np.stack([np.stack([one[name] for one in row]) for row in rows]) for name in rows[0][0]}


def _every(matrices: int, stacks: int, hidden: int) -> int:
    """Of so many matrices in each of the stacks, which is the first that can be afforded again."""
    return max(1, -(-matrices * stacks * (hidden + _LEAST) ** 3 // MOST_ANALYSED))
