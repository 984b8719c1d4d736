"""One-to-many: a model whose answer is the next symbol goes on writing, each symbol it writes being read next.

y_t ~ softmax(answer_t / temperature),    x_{t+1} = y_t
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.fields import is_whole
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stepping import States, step_all
from rnnviz.nn.models.model import SequenceModel, Weights, restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.runs.continuation import check_temperature
from rnnviz.runs.translation import LARGEST_SEED
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Found = dict[str, np.ndarray]


def write(
    spec: ModelSpec, task: Task, weights: Weights, prefix: str, length: int, temperature: float = 0.0, seed: int = 0
) -> Found:
    """What a model writes after a prefix, and how it came about.

    weights:     of a frame.
    prefix:      what it reads first, as `task.encode` takes it: at least one symbol.
    length:      how many symbols are written.
    temperature: 0 for the likeliest symbol at every step; else symbols are drawn from softmax(answers / temperature).
    seed:        of these draws.

    Returns:
        "prefix" (prefix_time,) and "classes" (length,) int64, places in `task.classes`; "answers" (length, class)
        float32, the probabilities of what comes next at temperature 1, before each symbol is chosen.

    Raises:
        ExperimentError: the task's answer is no next symbol, the prefix holds what the task does not know, or length,
            temperature or seed is out of range.
    """
    _check(task, prefix, length, temperature, seed)
    read = task.reads.places(task.encode(prefix)[0][:, 0])
    with on_one_thread(), torch.no_grad():
        model: SequenceModel = restored(spec, task, weights)
        generator = torch.Generator().manual_seed(int(seed))
        classes, answers = list[int](), list[Tensor]()
        loop = _answers(model, task, read, classes)
        for _ in range(length):
            answer = next(loop)
            answers.append(torch.softmax(_finite(answer, len(classes)).double(), -1))
            classes.append(_chosen(answer, temperature, generator))
    probabilities = torch.stack(answers).float().numpy()
    return {"prefix": read, "classes": np.array(classes, np.int64), "answers": probabilities}


def _check(task: Task, prefix: object, length: object, temperature: object, seed: object) -> None:
    if not task.predicts_next or not task.classes:
        raise ExperimentError("task", "one whose answer is the next symbol, such as text", task.name)
    if not isinstance(prefix, str) or not prefix:
        raise ExperimentError("prefix", "a text of at least one symbol", prefix)
    if not is_whole(length, 1, limits.LONGEST_SEQUENCE):
        raise ExperimentError("length", f"a whole number from 1 to {limits.LONGEST_SEQUENCE}", length)
    check_temperature(temperature)
    if not is_whole(seed, 0, LARGEST_SEED):
        raise ExperimentError("seed", f"a whole number from 0 to {LARGEST_SEED:,}", seed)


def _answers(model: SequenceModel, task: Task, read: np.ndarray, written: list[int]) -> Iterator[Tensor]:
    """Logits (class,) of what comes next, again and again; `written` grows by one symbol between two of them."""
    recurrent = kind_of(model.recurrent).description.recurrent
    zero = torch.zeros(1, model.recurrent.hidden_size)
    many = len(kind_of(model.recurrent).description.states)
    states = States(*((zero,) * model.recurrent.num_layers for _ in range(many)))
    given = list(map(int, read))
    while True:
        if recurrent:
            for x in model.embedded(_fed(task, given)):
                top, states = step_all(model.recurrent, x, states)
        else:  # nothing is handed on, so that all has to be read again
            top = model.states(_fed(task, [*map(int, read), *written]))[-1]
        yield model.readout(top)[0]
        given = written[-1:]


def _fed(task: Task, symbols: list[int]) -> Tensor:
    return torch.tensor(task.reads.given(np.array(symbols)[:, None]))


def _finite(answer: Tensor, step: int) -> Tensor:
    if not bool(answer.isfinite().all()):
        raise ExperimentError(
            "prefix", "one after which the model's numbers stay finite", Words(f"an overflow at symbol {step + 1}")
        )
    return answer


def _chosen(answer: Tensor, temperature: float, generator: torch.Generator) -> int:
    if temperature == 0:
        return int(answer.argmax())
    chances = torch.softmax((answer.double() - answer.max()) / temperature, -1)  # however large, it stays finite
    return int(torch.multinomial(chances, 1, generator=generator))
