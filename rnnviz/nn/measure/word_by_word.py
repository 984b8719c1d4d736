"""What each word of one sentence does to a model's answer: what the Compare page asks for."""

import numpy as np
import torch
from torch import Tensor

from rnnviz.nn.models.model import SequenceModel, restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.batch import padded

Arrays = dict[str, np.ndarray]


def word_by_word(spec: ModelSpec, task: Task, weights: Arrays, inputs: np.ndarray, at: int = 0) -> Arrays:
    """A model with the weights of a frame on one sequence of symbols (T, 1), in double precision.

    at: which of its answers is looked at, where every word has one; the answer is the class that it gives there.

    The influence of a word is by how much it raises the log-odds (nats) of that class against all others.

    Returns:
        "answers" (answer, class): the share of every class in each of the answers to the whole sentence;
        "prefixes" (T, class): the same in that answer, if the sentence ended after each word; NaN before there is one;
        "gradient" (T,): gradient of the log-odds by the word's vector, times this vector;
        "left_out" (T,): the log-odds of the sentence less those without the word; NaN where no answer is left.

    Raises:
        ValueError: the sentence has no such answer.
    """
    places = inputs[:, 0]
    last = 0 if task.answers.at_end else len(places) - 1
    if not 0 <= at <= last:
        raise ValueError(f"at must be from 0 to {last}; got {at}.")
    once = task.answers.at_end
    with on_one_thread():
        model: SequenceModel = restored(spec, task, weights).double().requires_grad_(False)
        whole = _answers(model, torch.tensor(inputs))
        chosen = int(whole[at, 0].argmax())
        read = [places[: end + 1] for end in range(len(places))]
        rest = [np.delete(places, place) for place in range(len(places))]
        prefixes = _one_each(model, read, [0 if once else at] * len(read), once)
        without = _one_each(model, rest, [0 if once else at - (place < at) for place in range(len(rest))], once)
        if not once:
            without[at] = torch.nan
        return {
            "answers": whole[:, 0].softmax(-1).numpy(),
            "prefixes": prefixes.softmax(-1).numpy(),
            "gradient": _gradient(model, torch.tensor(inputs), at, chosen).numpy(),
            "left_out": (log_odds(whole[at, 0], chosen) - log_odds(without, chosen)).numpy(),
        }


def log_odds(logits: Tensor, chosen: int) -> Tensor:
    """Of one class against all others, (…, class) → (…): log p − log (1 − p), in nats."""
    others = torch.cat([logits[..., :chosen], logits[..., chosen + 1 :]], -1)
    return logits[..., chosen] - others.logsumexp(-1)


def _answers(model: SequenceModel, inputs: Tensor) -> Tensor:
    """(answer, sample, class); one answer where there is one."""
    answers: Tensor = model(inputs)
    return answers if answers.dim() == 3 else answers[None]


def _one_each(model: SequenceModel, sentences: list[np.ndarray], at: list[int], once: bool) -> Tensor:
    """One answer to each of several sentences, read in one padded batch: (sentence, class).

    NaN where a sentence has no such answer.
    """
    there = [place for place, one in enumerate(sentences) if len(one) > at[place]]
    width = model.readout.out_features
    found = torch.full((len(sentences), width), torch.nan, dtype=torch.float64)
    if there:
        batch = padded([sentences[place] for place in there], max(len(sentences[place]) for place in there))
        answers = _answers(model, torch.tensor(batch))
        rows = torch.zeros(len(there), dtype=torch.long) if once else torch.tensor([at[place] for place in there])
        found[there] = answers[rows, torch.arange(len(there))]
    return found


def _gradient(model: SequenceModel, inputs: Tensor, at: int, chosen: int) -> Tensor:
    """Gradient × input of the log-odds, (T,)."""
    vectors = model.embedded(inputs).detach().requires_grad_()
    answers = model.answer(model.recurrent(vectors)[0])
    answers = answers if answers.dim() == 3 else answers[None]
    (by_vectors,) = torch.autograd.grad(log_odds(answers[at, 0], chosen), vectors)
    return (by_vectors * vectors.detach()).sum((1, 2))
