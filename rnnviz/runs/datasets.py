"""What a run holds, as `xarray.Dataset`s whose dims are named, never guessed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.runs.states import DIRECTIONS, states_dataset
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec
from rnnviz.specs.schema import Value, held_by, lengths_of
from rnnviz.tasks.translating import Translating

if TYPE_CHECKING:
    import xarray as xr


_SCORES = {
    "additive": "score = v · tanh(W_s s_(t-1) + W_h h_j)",
    "dot": "score = s_t · h_j",
    "general": "score = s_t · W h_j",
}
_LUONG = "Luong, Pham and Manning 2015, Effective Approaches to Attention-based Neural Machine Translation"
_SOURCES = {
    "additive": "Bahdanau, Cho and Bengio 2015, Neural Machine Translation by Jointly Learning to Align and Translate",
    "dot": _LUONG,
    "general": _LUONG,
}
_OF_GRADIENTS = ("hidden_grad_norm", "cell_grad_norm", "grad_norm", "singular_values")


def probe_trace(experiment: Experiment, label: str, frame: ModelFrame) -> "xr.Dataset":
    """One model's states and gates on the task's probes.

    Returns:
        Dataset over (layer, direction, time, sample, unit), float32 (measured as float16), with the coordinates
        `direction` (forward, backward), `token` (time, sample) and `probe` (sample). Every variable says in its attrs
        what it means: `long_name`, `equation`, `range`, `units`.

        Of an encoder–decoder, `half` (time) says whose step it is, "encoder" or "decoder", and what that half does not
        have, or what comes after the end of a probe, is NaN. With attention there is `attention` (sample, output_time,
        input_time), with `output_token` (output_time, sample), the right output, whose symbols before it the decoder
        was fed, and `input_token` (input_time, sample). Its weights are kept as float16, so that a row sums to 1 within
        0.002; they are exactly 0 on padding. After the end of the right output the decoder is fed its end again.
    """
    spec, probes = experiment.model(label), experiment.task.probes()
    found = states_dataset({name: values.astype(np.float32) for name, values in frame.trace.items()}, probes.tokens)
    found = found.assign_coords(probe=("sample", list(probes.names)))
    for name, variable in found.data_vars.items():
        having = [(cell, part) for cell in spec.kinds for part in cell.parts if part.name == name]
        ranges = [cell.range_of(part, spec) for cell, part in having]
        equations = [cell.equation_of(part, spec) for cell, part in having]
        variable.attrs |= {"units": "1", "range": _of_halves(ranges), "equation": _of_halves(equations)}
    if isinstance(experiment.task, Translating):
        found = _with_attention(_with_halves(found, experiment.task, spec), experiment.task, spec, frame)
    return found.assign_attrs(
        description=f"What {label} does with the probes of the task {experiment.task.name}", model=label, cell=spec.cell
    )


def _of_halves(said: list[str]) -> str:
    """What holds of the encoder and of the decoder, or of the one that has the variable, in one text."""
    first, second = said[0], said[-1]
    return first if first == second else f"encoder: {first}; decoder: {second}"


def _with_halves(found: "xr.Dataset", task: Translating, spec: ModelSpec) -> "xr.Dataset":
    halves = ["encoder"] * task.input_steps + ["decoder"] * task.output_steps
    return found.assign_coords(half=("time", halves)).assign_attrs(decoder_cell=spec.cells[1])


def _with_attention(found: "xr.Dataset", task: Translating, spec: ModelSpec, frame: ModelFrame) -> "xr.Dataset":
    """The dataset with the weights on the probes, if there is attention."""
    import xarray as xr

    if spec.attention is None or "attention" not in frame.translated:
        return found
    probes = task.probes()
    weights = frame.translated["attention"].astype(np.float32)
    attrs = _meaning(held_by(spec, task)["translated/attention"].value) | {
        "equation": f"a_tj = softmax_j(score(s, h_j)), {_SCORES[spec.attention]}",
        "range": "0 to 1",
        "source": _SOURCES[spec.attention],
    }
    coords = {
        "output_time": np.arange(task.output_steps),
        "input_time": np.arange(task.input_steps),
        "input_token": (("input_time", "sample"), probes.tokens[: task.input_steps]),
        "output_token": (("output_time", "sample"), probes.tokens[task.input_steps :]),
    }
    variable = xr.Variable(("sample", "output_time", "input_time"), weights, attrs)
    return found.assign(attention=variable).assign_coords(coords)


def gradient_history(
    experiment: Experiment, frames: Sequence[Frame], label: str, layer: int = -1, direction: str = "forward"
) -> "xr.Dataset":
    """How the gradient by the states of one layer went over training; `step` ends where the model's training ended.

    Returns:
        Dataset with `hidden_grad_norm(step, time)`, for an LSTM `cell_grad_norm(step, time)`, `grad_norm(step)` and
        `singular_values(step, gate, rank)`, largest first. `gate` names the blocks of W_hh in torch's order.
        Of an encoder–decoder `half(time)` says whose step it is; norms are NaN where a half has no such direction or no
        cell state, and the singular values are those of its encoder.

    Raises:
        LookupError: there is no such model, layer or direction.
    """
    import xarray as xr

    at = place_of(experiment, label, layer, direction)
    spec, task = experiment.model(label), experiment.task
    names = [name for name in _OF_GRADIENTS if name in held_by(spec, task)]
    place = dict(zip(("layer", "direction"), at, strict=True))
    variables = {
        name: over_training(experiment, frames, label, name).isel(place, drop=True, missing_dims="ignore")
        for name in names
    }
    found = xr.Dataset(variables, attrs={"model": label, "cell": spec.cell, "layer": at[0], "direction": direction})
    return _with_halves(found, task, spec) if isinstance(task, Translating) else found


def over_training(experiment: Experiment, frames: Sequence[Frame], label: str, name: str) -> "xr.DataArray":
    """One value of `rnnviz.specs.schema` at every frame that holds it: (step, and the dims of its line).

    Raises:
        LookupError: there is no such model, or it has no such value for each frame.
    """
    import xarray as xr

    _check_label(experiment, label)
    held = {one: of for one, of in held_by(experiment.model(label), experiment.task).items() if not of.value.each_step}
    if name not in held:
        raise LookupError(f"name must be one of {', '.join(held)} for {label}; got {name!r}.")
    value, shape, _ = held[name]
    measured = [(frame.step, frame.models[label]) for frame in frames if label in frame.models]
    kept = [(step, model[name]) for step, model in measured if name in model]
    dims = value.dims.split()[: len(shape)]
    coords = {"step": [step for step, _ in kept]} | _coords(experiment, label, dims)
    numbers = np.array([found for _, found in kept], value.kind).reshape(len(kept), *shape)
    return xr.DataArray(numbers, coords, ("step", *dims), name, _meaning(value))


def _coords(experiment: Experiment, label: str, dims: Sequence[str]) -> dict[str, list[str] | np.ndarray]:
    """What the places along some dims are called: by number where they have no names."""
    spec, task = experiment.model(label), experiment.task
    names = {
        "direction": DIRECTIONS[: spec.directions],
        "gate": spec.kind.block_names,
        "weight": architectures.of(task).weight_shapes(spec, task),
        "mode": ("fed", "free"),
        "statistic": ("entropy", "peak"),
    }
    lengths = lengths_of(spec, task)
    known = [dim for dim in dims if dim in lengths]  # rows and columns differ by weight
    return {dim: list(names[dim]) if dim in names else np.arange(lengths[dim]) for dim in known}


def _meaning(value: Value) -> dict[str, str]:
    return {"long_name": value.meaning, "units": value.unit}


def place_of(experiment: Experiment, label: str, layer: int, direction: str) -> tuple[int, int]:
    """Layer and direction as indices; -1 is the top layer.

    Raises:
        LookupError: there is no such model, layer or direction.
    """
    _check_label(experiment, label)
    spec = experiment.model(label)
    if not -spec.layers <= layer < spec.layers:
        raise LookupError(f"layer must be from 0 to {spec.layers - 1}, or -1 for the top; got {layer}.")
    known = DIRECTIONS[: spec.directions]
    if direction not in known:
        raise LookupError(f"direction must be {' or '.join(known)} for {label}; got {direction!r}.")
    return layer % spec.layers, known.index(direction)


def _check_label(experiment: Experiment, label: str) -> None:
    if label not in experiment.labels:
        raise LookupError(f"model must be one of {', '.join(experiment.labels)}; got {label!r}.")
