"""The loss of each kind of answer, by what it is called (`Values.loss`)."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from rnnviz.tasks.batch import PAD
from rnnviz.tasks.shapes import Values


def loss_of(of: Values, answers: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
    """The mean loss over samples and answered steps: mean squared error, or (binary) cross-entropy in nats.

    answers: (…, sample, output); targets: the same shape for numbers and flags, (…, sample) classes otherwise, `PAD`
    where nothing is asked; of numbers of which some may be missing (`Values.partial`) NaN.
    known: what `known_in` says of these targets, where it was found out already.
    """
    if of.partial:
        answers, targets = _known(answers, targets, known_in(targets) if known is None else known)
    return _MEAN[of.loss](answers, targets)


def losses_of(of: Values, answers: Tensor, targets: Tensor) -> Tensor:
    """The same for every answered step, (T,), or (1,) where there is one answer: answers (T, sample, output)."""
    answers = answers if answers.dim() == 3 else answers[None]
    if of.partial:
        answers, targets = _nothing_off(answers, targets)
    return _BY_STEP[of.loss](answers, targets)


def sequence_loss(answers: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy (nats) over all symbols of the targets (T, B), their ends included: answers (T, B, class)."""
    return functional.cross_entropy(answers.flatten(0, 1), targets.flatten(), ignore_index=PAD)


def known_in(targets: Tensor) -> Tensor:
    """Where the flattened targets are not NaN: (known,) int64. How many there are, a GPU has to be waited for."""
    return targets.isnan().logical_not_().flatten().nonzero()[:, 0]


def _known(answers: Tensor, targets: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
    """What is asked: the numbers at these places, end to end; of a batch without any nothing is off."""
    if not len(known):
        return answers, answers.detach()
    asked, right = (every.reshape(-1).index_select(0, known) for every in (answers, targets))
    return asked, right


def _nothing_off(answers: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """At each step the asked numbers, so weighted that their mean is over them alone; what is not asked is not off."""
    asked = ~targets.isnan()
    share = asked.float().mean((1, 2), keepdim=True).clamp_min(1e-9).sqrt()
    return torch.where(asked, answers, 0.0) / share, torch.where(asked, targets, 0.0) / share


def _cross_entropy(answers: Tensor, targets: Tensor) -> Tensor:
    return functional.cross_entropy(answers.flatten(0, -2), targets.flatten(), ignore_index=PAD)


def _squared_by_step(answers: Tensor, targets: Tensor) -> Tensor:
    return (answers - targets).square().mean((1, 2))


def _cross_entropy_by_step(answers: Tensor, targets: Tensor) -> Tensor:
    losses = functional.cross_entropy(answers.flatten(0, -2), targets.flatten(), reduction="none", ignore_index=PAD)
    return losses.view(answers.shape[:2]).mean(1)


def _binary(answers: Tensor, targets: Tensor) -> Tensor:
    """Of all questions that are asked."""
    asked = targets != PAD
    return _of_questions(answers, targets, asked).sum() / asked.sum().clamp(min=1)


def _binary_by_step(answers: Tensor, targets: Tensor) -> Tensor:
    targets = targets.view(answers.shape)
    asked = targets != PAD
    return _of_questions(answers, targets, asked).sum((1, 2)) / asked.sum((1, 2)).clamp(min=1)


def _of_questions(answers: Tensor, targets: Tensor, asked: Tensor) -> Tensor:
    wanted = targets.clamp(min=0).to(answers.dtype)
    return functional.binary_cross_entropy_with_logits(answers, wanted, asked.to(answers.dtype), reduction="none")


_MEAN: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "mean squared error": functional.mse_loss,
    "cross-entropy": _cross_entropy,
    "binary cross-entropy": _binary,
}
_BY_STEP: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "mean squared error": _squared_by_step,
    "cross-entropy": _cross_entropy_by_step,
    "binary cross-entropy": _binary_by_step,
}
