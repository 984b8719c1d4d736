"""The loss of each kind of answer."""

from torch import Tensor
from torch.nn import functional


def loss_of(kind: str, answers: Tensor, targets: Tensor) -> Tensor:
    """Mean squared error of numbers, or mean cross-entropy (nats) of classes, over samples and answered steps.

    answers: (…, sample, output); targets: the same shape for numbers, (…, sample) classes otherwise.
    """
    if kind == "numbers":
        return functional.mse_loss(answers, targets)
    return functional.cross_entropy(answers.flatten(0, -2), targets.flatten())
