"""How large a model is whose weights are shared by the places that it reads, known before it is built.

With C channels at each of P places (H = P·C units), F numbers read at each, K matrices of `AtPlaces.mixing`, G blocks:

    W_ih (G·C, K·F)    W_hh (G·C, K·C)    two biases (G·C)    readout (O, C) and (O)

Place p reads Σ_k S_k X W_kᵀ. Written out between single units that is a matrix (G·P·C, P·F) with many equal entries
(`dense`). Unit p·C + c is channel c at place p.
"""

import math
from collections.abc import Mapping

import numpy as np

from rnnviz.core.errors import ExperimentError
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.places import AtPlaces

Shapes = dict[str, tuple[int, ...]]


def places_of(task: Task) -> AtPlaces:
    """What a task reads, where a model shares its weights between places: its checks have seen to it."""
    assert isinstance(task.reads, AtPlaces)
    return task.reads


def check(model: ModelSpec, task: Task) -> None:
    """Compare the width of a model with the places that a task reads.

    Raises:
        ExperimentError: it is no multiple of them.
    """
    places = places_of(task)
    if model.hidden % places.count:
        allowed = f"a multiple of {places.count}, one or more for each {places.one}, where reach is not none"
        raise ExperimentError("hidden", allowed, model.hidden)


def channels_of(model: ModelSpec, task: Task) -> int:
    """C, hidden units at each place."""
    return model.hidden // places_of(task).count


def answers_each(task: Task) -> int:
    """O: outputs at each place, or those for all of them together."""
    return task.output_size if task.answers.at_end else task.output_size // places_of(task).count


def weight_shapes(model: ModelSpec, task: Task) -> Shapes:
    """Name → shape of every weight, as in the model's `state_dict`."""
    places, channels = places_of(task), channels_of(model, task)
    kernel, rows = len(places.mixing(model.reach or 0)), len(model.kind.blocks) * channels
    shapes: Shapes = {}
    for layer in range(model.layers):
        read = channels if layer else places.each
        shapes |= {f"recurrent.weight_ih_l{layer}": (rows, kernel * read)}
        shapes |= {f"recurrent.weight_hh_l{layer}": (rows, kernel * channels)}
        shapes |= {f"recurrent.bias_{of}_l{layer}": (rows,) for of in ("ih", "hh")}
    answers = answers_each(task)
    return shapes | {"readout.weight": (answers, channels), "readout.bias": (answers,)}


def parameter_formula(model: ModelSpec, task: Task) -> str:
    """How many parameters there are, with the sum written out: "4 × (9×4×4 + 9×4×4 + 2×4) + (4×4 + 4) = 1,204"."""
    places, channels, terms = places_of(task), channels_of(model, task), []
    kernel, answers = len(places.mixing(model.reach or 0)), answers_each(task)
    for layer in range(model.layers):
        read = channels if layer else places.each
        one = f"({kernel}×{channels}×{read} + {kernel}×{channels}×{channels} + 2×{channels})"
        blocks = len(model.kind.blocks)
        terms.append(f"{blocks} × {one}" if blocks > 1 else one)
    count = sum(math.prod(shape) for shape in weight_shapes(model, task).values())
    return " + ".join([*terms, f"({answers}×{channels} + {answers})"]) + f" = {count:,}"


def dense(model: ModelSpec, task: Task, weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The weights of a frame as matrices and biases between single units, under the same names."""
    places, blocks = places_of(task), len(model.kind.blocks)
    mixing, found = places.mixing(model.reach or 0), dict(weights)
    for name, weight in weights.items():
        if name.startswith("recurrent.weight"):
            found[name] = written_out(weight, mixing, blocks)
        elif name.startswith("recurrent.bias"):
            found[name] = np.repeat(weight.reshape(blocks, 1, -1), places.count, 1).reshape(-1)
    readout, bias = weights["readout.weight"], weights["readout.bias"]
    if task.answers.at_end:
        return found | {"readout.weight": np.tile(readout / places.count, places.count)}
    whole = written_out(readout, np.eye(places.count, dtype=readout.dtype)[None], 1)
    return found | {"readout.weight": whole, "readout.bias": np.tile(bias, places.count)}


def written_out(weight: np.ndarray, mixing: np.ndarray, blocks: int) -> np.ndarray:
    """A shared matrix (G·C, K·F), with its `mixing` (K, P, P), between single numbers: (G·P·C, P·F)."""
    kernel, count, _ = mixing.shape
    shared = weight.reshape(blocks, -1, kernel, weight.shape[1] // kernel)
    whole: np.ndarray = np.einsum("kpq,gckf->gpcqf", mixing.astype(weight.dtype), shared, optimize=True)
    return whole.reshape(blocks * count * shared.shape[1], -1)
