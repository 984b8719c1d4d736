"""Several yes-or-no questions at once, as one answer of a task."""

import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz.tasks.batch import PAD
from rnnviz.tasks.values import Judged, Values


@dataclasses.dataclass(frozen=True)
class Flags(Values):
    """Several yes-or-no questions at once, of which only some are asked: targets (…, flag) are 1, 0 or `PAD`.

    Each output is the log-odds of a yes. Binary cross-entropy (nats) is the loss. The score is the area under the ROC
    curve in percent: of all pairs of a question whose answer is yes and one whose answer is no, whatever is asked, in
    how many the first was given the higher probability, ties counted half (the rank statistic of Mann & Whitney 1947).
    """

    names: tuple[str, ...]
    loss: ClassVar[str] = "binary cross-entropy"
    is_number: ClassVar[bool] = False
    best: ClassVar[float] = 100.0
    squashed: ClassVar[str] = "sigmoid"

    @property
    def width(self) -> int:
        return len(self.names)

    @property
    def said(self) -> str:
        return f"{self.width} probabilit{'y' if self.width == 1 else 'ies'}"

    def decided(self, outputs: np.ndarray) -> np.ndarray:
        return (outputs > 0).astype(np.int64)

    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        asked = targets != PAD
        return ranked_right(outputs[asked], targets[asked] == 1)

    def words(self, answers: np.ndarray, sample: int) -> tuple[str, ...]:
        rows = answers[..., sample, :].reshape(-1, self.width)
        return tuple(" ".join(self._signed(row)) for row in rows.tolist())

    def _signed(self, row: list[int]) -> list[str]:
        """Of answers (flag,), those that are asked, such as "A+"."""
        return [f"{name}{'+' if one else '−'}" for name, one in zip(self.names, row, strict=True) if one != PAD]

    def answered(self, outputs: np.ndarray, targets: np.ndarray, sample: int) -> tuple[str, ...]:
        return self.words(np.where(targets == PAD, PAD, self.decided(outputs)), sample)

    def shares(self, outputs: np.ndarray, most: int) -> tuple[tuple[str, float], ...]:
        return tuple(zip(self.names, sigmoid(outputs).tolist(), strict=True))

    def confidence(self, outputs: np.ndarray) -> str:
        return ""

    def judged(self, outputs: np.ndarray, targets: np.ndarray) -> Judged:
        asked, decided = targets != PAD, self.decided(outputs)
        some, signs = asked.any(-1), np.where(targets == 1, 1.0, -1.0)
        losses = np.where(asked, np.logaddexp(0.0, -signs * outputs), 0.0)
        sure = np.where(asked, -np.logaddexp(0.0, -np.abs(outputs)), 0.0).sum(-1)  # log-probability of all of them
        return Judged(
            said=list(self.answered(outputs[:, None], targets[:, None], 0)),
            sure=np.where(some, np.exp(sure), np.nan).astype(np.float32),
            loss=np.where(some, losses.sum(-1) / np.maximum(asked.sum(-1), 1), np.nan).astype(np.float32),
            right=[bool(one) for one in some & ((decided == targets) | ~asked).all(-1)],
        )

    def guess(self, trained: np.ndarray, like: np.ndarray) -> np.ndarray:
        """The log-odds of each question's share of yes among the answers to train on, one of each sort added."""
        counts = [(trained == answer).sum(tuple(range(trained.ndim - 1))) + 1 for answer in (1, 0)]
        return np.broadcast_to(np.log(counts[0] / counts[1]), like.shape)

    def loss_of_guessing(self, baseline: float, guessing: str) -> tuple[float, str]:
        return float(np.log(2.0)), "always even odds"


def sigmoid(outputs: np.ndarray | float) -> np.ndarray:
    """Log-odds as probabilities, for numbers of any size."""
    return np.exp(-np.logaddexp(0.0, -np.asarray(outputs, np.float64)))


def ranked_right(outputs: np.ndarray, yes: np.ndarray) -> float:
    """The area under the ROC curve in percent; 50 where there is no pair to rank.

    outputs: (question,), higher where a yes is thought likelier; yes: (question,) bool.
    """
    positive = int(yes.sum())
    pairs = positive * (len(yes) - positive)
    if not pairs:
        return 50.0
    _, places, counts = np.unique(outputs, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2.0  # from 1; ties share their mean
    above = ranks[places][yes].sum() - positive * (positive + 1) / 2.0
    return float(100.0 * above / pairs)
