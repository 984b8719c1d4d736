"""One-to-many: a model whose answer is the next symbol goes on writing, each symbol it writes being read next.

y_t ~ softmax(answer_t / temperature) among the top k,    x_{t+1} = y_t
"""

from collections.abc import Generator, Sequence

import numpy as np
import torch
from torch import Tensor

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.fields import is_whole
from rnnviz.nn.arrays import half
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stack import handed_on
from rnnviz.nn.cells.weights import weights_of
from rnnviz.nn.models.model import SequenceModel, Weights, restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.runs.continuation import check_prefix, check_temperature, check_top_k, drawn_from, shares_of, writes
from rnnviz.runs.translation import LARGEST_SEED
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Found = dict[str, np.ndarray]


def write(
    spec: ModelSpec,
    task: Task,
    weights: Weights,
    prefix: str,
    length: int,
    temperature: float = 0.0,
    seed: int = 0,
    top_k: int | None = None,
) -> Found:
    """What a model writes after a prefix, and how it came about.

    weights:     of a frame.
    prefix:      what it reads first, as `task.encode` takes it: at least one symbol.
    length:      how many symbols are written.
    temperature: 0 for the likeliest symbol at every step; else symbols are drawn from softmax(answers / temperature).
    seed:        of these draws.
    top_k:       so many of the likeliest can be drawn; None for all.

    Returns:
        "prefix" (prefix_time,) and "classes" (length,) int64, places in `task.classes`; "answers" (length, class)
        float32, the probabilities of what comes next at temperature 1, before each symbol is chosen; "states" (length,
        unit) float16, the hidden states of the top layer after each symbol was read.

    Raises:
        ExperimentError: the task's answer is no next symbol, the prefix holds what the task does not know, or length,
            temperature, top_k or seed is out of range.
    """
    _check(task, prefix, length, temperature, seed, top_k)
    read = task.reads.places(task.encode(prefix)[0][:, 0])
    draws = np.random.default_rng(seed).random(length)
    classes, answers, states = list[int](), list[np.ndarray](), list[Tensor]()
    with on_one_thread(), torch.inference_mode():
        model: SequenceModel = restored(spec, task, weights)
        reader = _reader(model, task)
        top = [next(reader) if place is None else reader.send(int(place)) for place in (None, *read)][-1]
        for draw in draws:
            answers.append(_finite(model.readout(top)[0].numpy(), len(classes)))
            classes.append(_chosen(answers[-1], temperature, top_k, draw))
            top = reader.send(classes[-1])
            states.append(top)
        found = {"prefix": read, "classes": np.array(classes, np.int64), "states": half(torch.cat(states))}
    return found | {"answers": drawn_from(np.stack(answers), 1.0).astype(np.float32)}


def _check(task: Task, prefix: object, length: object, temperature: object, seed: object, top_k: object) -> None:
    if not writes(task):
        raise ExperimentError("task", "one whose answer is the next symbol, such as text", task.name)
    check_prefix(task, prefix)
    if not is_whole(length, 1, limits.LONGEST_SEQUENCE):
        raise ExperimentError("length", f"a whole number from 1 to {limits.LONGEST_SEQUENCE}", length)
    check_temperature(temperature)
    check_top_k(top_k)
    if not is_whole(seed, 0, LARGEST_SEED):
        raise ExperimentError("seed", f"a whole number from 0 to {LARGEST_SEED:,}", seed)


def _reader(model: SequenceModel, task: Task) -> Generator[Tensor, int]:
    """Is sent one symbol after the other; yields what the top layer hands on after each, (1, H), first zeros.

    What does not change from step to step is looked up once: a step of a small model takes less time than that.
    """
    module = model.recurrent
    kind, zero = kind_of(module), torch.zeros(1, module.hidden_size)
    place = yield zero
    if not kind.description.recurrent:  # nothing is handed on, so that all has to be read again
        symbols = list[int]()
        while True:
            symbols.append(place)
            place = yield model.states(_given(task, symbols))[-1]
    symbols_read = model.embedded(_given(task, range(task.input_size)))
    weights = [weights_of(module, layer, 0) for layer in range(module.num_layers)]
    states = [(zero,) * len(kind.description.states)] * module.num_layers
    while True:
        x = symbols_read[place]
        for layer, of_layer in enumerate(weights):
            states[layer] = kind.advance(of_layer, x, states[layer])
            x = handed_on(module, states[layer][0], x, layer)
        place = yield x


def _given(task: Task, symbols: Sequence[int]) -> Tensor:
    """Symbols as one sequence (T, 1) or (T, 1, I) that a model reads."""
    return torch.tensor(task.reads.given(np.array(symbols)[:, None]))


def _finite(answer: np.ndarray, step: int) -> np.ndarray:
    if not np.isfinite(answer.sum()):
        raise ExperimentError(
            "prefix", "one after which the model's numbers stay finite", Words(f"an overflow at symbol {step + 1}")
        )
    return answer


def _chosen(answer: np.ndarray, temperature: float, top_k: int | None, draw: float) -> int:
    """The class at which the sum of the probabilities passes a number from 0 to 1."""
    if temperature == 0:
        return int(answer.argmax())
    sums = shares_of(answer, temperature, top_k).cumsum()
    return int(sums.searchsorted(draw * sums[-1], "right"))
