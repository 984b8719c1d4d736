"""One time step of a sequence changed by hand: how far states and answers of a model move. What States asks for."""

import numpy as np
import torch

from rnnviz.nn.cells.unfolding import unfold
from rnnviz.nn.decode.decoding import translate
from rnnviz.nn.measure.probing import of_this_model
from rnnviz.nn.models.model import restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Arrays = dict[str, np.ndarray]
WAYS = ("original", "changed")


@torch.inference_mode()
def difference(
    spec: ModelSpec, task: Task, weights: Arrays, original: np.ndarray, changed: np.ndarray, layer: int, direction: int
) -> Arrays:
    """A model with the weights of a frame on two sequences of the same length, each (T, …), changed less original.

    Each is read by itself, exactly as the model reads it in training: what is equal gives equal numbers, to the last
    bit.

    layer, direction: whose states, of an encoder–decoder of its encoder.

    Returns:
        "hidden" (T, H) float16, for pictures: the difference of the hidden state;
        for every state of the cell, as in "hidden_norm" (T,) float64, the norm of its difference, and "hidden_size" (),
        the mean norm of the original state;
        "original/answers" and "changed/answers" (S, O): what the readout gives at every answered step; of an
        encoder–decoder "original/written" and "changed/written" (S,) int64, the classes that it writes by itself.

    Raises:
        ValueError: the sequences differ in length, or the weights are not this model's.
        ExperimentError: numbers of an encoder–decoder overflow.
    """
    if original.shape != changed.shape:
        raise ValueError(f"changed must be of the shape {original.shape}; got {changed.shape}.")
    writes = architectures.of(task).writes
    with on_one_thread():
        with of_this_model():
            model = restored(spec, task, weights)
        found: Arrays = {}
        read = []
        for way, sequence in zip(WAYS, (original, changed), strict=True):
            inputs = torch.tensor(sequence)[:, None]
            module, x, extent = model.reading(inputs)
            one = unfold(module, x, extent=extent)[layer][direction]
            read.append({name: one.aligned(state)[:, 0].double().numpy() for name, state in one.states().items()})
            if not writes:
                found[f"{way}/answers"] = model(inputs).flatten(0, -2).numpy()
    if writes:
        for way, sequence in zip(WAYS, (original, changed), strict=True):
            found[f"{way}/written"] = translate(spec, task, weights, sequence)["classes"]  # type: ignore[arg-type]
    before, after = read
    apart = {name: after[name] - before[name] for name in before}
    found["hidden"] = apart["hidden"].astype(np.float16)
    for name, values in apart.items():
        found[f"{name}_norm"] = np.linalg.norm(values, axis=-1)
        found[f"{name}_size"] = np.asarray(np.linalg.norm(before[name], axis=-1).mean())
    return found
