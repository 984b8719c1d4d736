"""The loss of each kind of answer."""

from torch import Tensor
from torch.nn import functional

from rnnviz.tasks.translating import PAD


def loss_of(kind: str, answers: Tensor, targets: Tensor) -> Tensor:
    """Mean squared error of numbers, or mean cross-entropy (nats) of classes, over samples and answered steps.

    answers: (…, sample, output); targets: the same shape for numbers, (…, sample) classes otherwise.
    """
    if kind == "numbers":
        return functional.mse_loss(answers, targets)
    return functional.cross_entropy(answers.flatten(0, -2), targets.flatten())


def sequence_loss(answers: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy (nats) over all symbols of the targets (T, B), their ends included: answers (T, B, class)."""
    return functional.cross_entropy(answers.flatten(0, 1), targets.flatten(), ignore_index=PAD)


def losses_of(kind: str, answers: Tensor, targets: Tensor) -> Tensor:
    """The same for every answered step, (T,), or (1,) where there is one answer: answers (T, sample, output)."""
    answers = answers if answers.dim() == 3 else answers[None]
    if kind == "numbers":
        return (answers - targets).square().mean((1, 2))
    losses = functional.cross_entropy(answers.flatten(0, -2), targets.flatten(), reduction="none")
    return losses.view(answers.shape[:2]).mean(1)
