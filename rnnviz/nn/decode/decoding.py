"""An encoder–decoder writes: step by step, with its attention as it is, forced or taken away."""

import numpy as np
import torch
from torch import Tensor

from rnnviz.core.errors import ExperimentError, Words
from rnnviz.nn.models.encoder_decoder import DecoderStep, Encoded, EncoderDecoder
from rnnviz.nn.models.model import Weights, restored_translator
from rnnviz.nn.threads import on_one_thread
from rnnviz.runs.translation import Decoding
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.translating import END, Translating

Found = dict[str, np.ndarray]


def translate(
    spec: ModelSpec, task: Translating, weights: Weights, codes: np.ndarray, how: Decoding | None = None
) -> Found:
    """What a model writes to one input.

    codes: (input_time,) int64, places in the task's `symbols`.

    Returns:
        `classes` (output_time,) int64, up to the end or to `longest(task, codes)`; `answers` (output_time, class),
        probabilities; with attention `weights` (output_time, input_time), both float32; `logps` (output_time,)
        float64, the logarithm of the probability of each symbol written.

    Raises:
        ExperimentError: weights are forced that are more or fewer than the input's symbols, or numbers overflow.
    """
    how = how or Decoding()
    with on_one_thread(), torch.no_grad():
        model = restored_translator(spec, task, weights)
        reading = model.encode(torch.tensor(codes)[:, None])
        steps = decoded_steps(model, reading, longest(task, codes), how)
        return as_arrays(steps, [place for place, _ in steps])


def longest(task: Translating, codes: np.ndarray) -> int:
    """At most so many symbols are written: an input longer than those trained on may want more."""
    return int(task.output_steps * max(1.0, len(codes) / task.input_steps))


def decoded_steps(model: EncoderDecoder, reading: Encoded, most: int, how: Decoding) -> list[tuple[int, DecoderStep]]:
    """The class written at every step, and what was found there; the last is the end if one comes."""
    generator = torch.Generator().manual_seed(how.seed)
    length, states, place = reading.real.shape[1], reading.first, model.start
    how.check(length)
    found = []
    for step in range(most):
        forced = None if reading.keys is None else how.at(step, length)
        fed = model.target.weight[place][None]
        one = finite(model.step(reading, fed, states, _row(forced, reading.memory)), step)
        states, place = one.states, _chosen(one.answer[0], how, generator)
        found.append((place, one))
        if place == END:
            break
    return found


def finite(one: DecoderStep, step: int) -> DecoderStep:
    """What was found at an output step, where all of it is finite.

    Raises:
        ExperimentError: on an input longer than those trained on, states may grow beyond all numbers.
    """
    if not all(part is None or bool(part.isfinite().all()) for part in (one.answer, one.weights)):
        allowed = "one on which the model's numbers stay finite"
        raise ExperimentError("input", allowed, Words(f"an overflow at output step {step + 1}"))
    return one


def as_arrays(steps: list[tuple[int, DecoderStep]], classes: list[int]) -> Found:
    """What was found at every step, as arrays."""
    answers = torch.cat([one.answer for _, one in steps])
    logs = answers.double().log_softmax(-1).cpu().numpy()  # of what float32 takes for impossible, too
    found = {
        "classes": np.array(classes, np.int64),
        "answers": answers.softmax(-1).float().cpu().numpy(),
        "logps": logs[np.arange(len(classes)), classes],
    }
    if steps[0][1].weights is not None:
        found["weights"] = torch.cat([one.weights for _, one in steps]).float().cpu().numpy()  # type: ignore[misc]
    return found


def _chosen(answer: Tensor, how: Decoding, generator: torch.Generator) -> int:
    if how.temperature is None:
        return int(answer.argmax())
    chances = torch.softmax((answer - answer.max()) / how.temperature, -1)  # however large, it stays finite
    return int(torch.multinomial(chances.cpu(), 1, generator=generator))


def _row(weights: np.ndarray | None, like: Tensor) -> Tensor | None:
    return None if weights is None else torch.tensor(weights).to(like)[None]
