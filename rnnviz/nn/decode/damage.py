"""What a model loses without its attention: exact match on the held-out sequences with it, spread out, taken away."""

import numpy as np
import torch
from torch import Tensor

from rnnviz.core.errors import ExperimentError
from rnnviz.nn.models.encoder_decoder import Encoded, EncoderDecoder
from rnnviz.nn.models.model import Weights, restored_translator
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.translating import Translating

NORMAL, EVEN, AWAY = "normal", "even", "away"


def damage(spec: ModelSpec, task: Translating, weights: Weights) -> dict[str, np.ndarray]:
    """Exact match in percent on all held-out sequences, where the model writes by itself.

    Returns:
        `normal`: with its attention as it is; `even`: where every context is the mean of all encoder states; `away`:
        where every context is all zeros.

    Raises:
        ExperimentError: the model has no attention.
    """
    if spec.attention is None:
        raise ExperimentError("attention", "one that can be changed: this model has none", spec.attention)
    batch = task.held_out()
    with on_one_thread(), torch.no_grad():
        model = restored_translator(spec, task, weights)
        reading = model.encode(torch.tensor(batch.inputs))
        even = reading.real / reading.real.sum(1, keepdim=True)
        forced = {NORMAL: None, EVEN: even.to(reading.memory), AWAY: torch.zeros_like(even).to(reading.memory)}
        written = {name: _written(model, reading, len(batch.targets), row) for name, row in forced.items()}
    return {name: np.array(100 * task.exact(one, batch.targets).mean()) for name, one in written.items()}


def _written(model: EncoderDecoder, reading: Encoded, steps: int, weights: Tensor | None) -> np.ndarray:
    """The likeliest symbol at every step (output_time, sample), each fed back, where the same weights (B, T) hold."""
    states, place = reading.first, torch.full((len(reading.memory),), model.start)
    classes = []
    for _ in range(steps):
        one = model.step(reading, model.target(place), states, weights)
        states, place = one.states, one.answer.argmax(-1)
        classes.append(place)
    found: np.ndarray = torch.stack(classes).numpy()
    return found
