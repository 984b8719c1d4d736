"""What one answer of a task is: a number, one of several classes, or several yes-or-no questions at once.

Each says how good answers are and puts them into words; `rnnviz.tasks.shapes` says when they are asked.
"""

import abc
import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz.core.names import counted, number, percent
from rnnviz.tasks.batch import PAD, one_hot


@dataclasses.dataclass(frozen=True)
class Judged:
    """The answers to one sequence, held against what is right.

    said:  in words; "" where nothing is asked.
    sure:  (answer,) float32, the probability that they were given; NaN for numbers and where nothing is asked.
    loss:  (answer,) float32, of each; NaN where nothing is asked.
    right: whether each is right; of numbers nothing.
    """

    said: list[str]
    sure: np.ndarray
    loss: np.ndarray
    right: list[bool]


class Values(abc.ABC):
    """What one answer is, and how good it is.

    loss:      what is minimised, in words; `rnnviz.nn.models.losses` computes it.
    is_number: whether it is a quantity, which can be drawn as a curve; else it is one or more of several.
    best:      the best possible `score`.
    squashed:  by what outputs become probabilities: "softmax", "sigmoid", "" for numbers.
    """

    loss: ClassVar[str]
    is_number: ClassVar[bool]
    best: ClassVar[float]
    squashed: ClassVar[str] = ""

    @property
    @abc.abstractmethod
    def width(self) -> int:
        """Numbers that the readout gives for one answer."""

    @property
    def classes(self) -> tuple[str, ...]:
        """By name, in the order of the logits, where one of them is right; empty otherwise."""
        return ()

    @property
    @abc.abstractmethod
    def said(self) -> str:
        """What one answer is, in words: "1 number", "10 classes"."""

    @abc.abstractmethod
    def decided(self, outputs: np.ndarray) -> np.ndarray:
        """Outputs of a readout (…, output) as answers, of the shape of targets."""

    @abc.abstractmethod
    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        """How good outputs (…, output) are against targets."""

    @abc.abstractmethod
    def words(self, answers: np.ndarray, sample: int) -> tuple[str, ...]:
        """Answers or targets of one sample in words, one for each answered step; "" where nothing is asked."""

    def answered(self, outputs: np.ndarray, _targets: np.ndarray, sample: int) -> tuple[str, ...]:
        """What outputs (…, sample, output) say to one sample, in words; of `_targets` only what is asked counts."""
        return self.words(self.decided(outputs), sample)

    @abc.abstractmethod
    def shares(self, outputs: np.ndarray, most: int) -> tuple[tuple[str, float], ...]:
        """Of the outputs (output,) of one answer, names with their probabilities; empty for numbers.

        most: of classes, how many of the likeliest.
        """

    @abc.abstractmethod
    def confidence(self, outputs: np.ndarray) -> str:
        """How sure the outputs (output,) of one answer are, to be written behind it; "" where they do not say."""

    @abc.abstractmethod
    def judged(self, outputs: np.ndarray, targets: np.ndarray) -> Judged:
        """Outputs (answer, output) of one sequence against its targets (answer, …)."""

    @abc.abstractmethod
    def guess(self, trained: np.ndarray, like: np.ndarray) -> np.ndarray:
        """Outputs of one who always answers the same, knowing targets to train on, for targets `like`."""

    @abc.abstractmethod
    def loss_of_guessing(self, baseline: float, guessing: str) -> tuple[float, str]:
        """The loss of one who knows nothing, and what that is called; `baseline` is the score of `guessing`."""


@dataclasses.dataclass(frozen=True)
class Numbers(Values):
    """Quantities: mean squared error is both loss and score."""

    count: int = 1
    loss: ClassVar[str] = "mean squared error"
    is_number: ClassVar[bool] = True
    best: ClassVar[float] = 0.0

    @property
    def width(self) -> int:
        return self.count

    @property
    def said(self) -> str:
        return counted(self.width, "number")

    def decided(self, outputs: np.ndarray) -> np.ndarray:
        return outputs

    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        return float(np.mean((outputs.astype(np.float64) - targets) ** 2))

    def words(self, answers: np.ndarray, sample: int) -> tuple[str, ...]:
        return tuple(number(value) for value in answers[..., sample, 0].reshape(-1))

    def shares(self, outputs: np.ndarray, most: int) -> tuple[tuple[str, float], ...]:
        return ()

    def confidence(self, outputs: np.ndarray) -> str:
        return ""

    def judged(self, outputs: np.ndarray, targets: np.ndarray) -> Judged:
        loss = np.square(outputs - targets).mean(-1)
        said = list(self.words(outputs[:, None], 0))
        return Judged(said, np.full(len(said), np.nan, np.float32), loss.astype(np.float32), [])

    def guess(self, trained: np.ndarray, like: np.ndarray) -> np.ndarray:
        return np.broadcast_to(trained.mean(tuple(range(trained.ndim - 1))), like.shape)

    def loss_of_guessing(self, baseline: float, guessing: str) -> tuple[float, str]:
        return baseline, guessing


@dataclasses.dataclass(frozen=True)
class Classes(Values):
    """One of several: cross-entropy (nats) is the loss, percent of right answers the score."""

    names: tuple[str, ...]
    loss: ClassVar[str] = "cross-entropy"
    is_number: ClassVar[bool] = False
    best: ClassVar[float] = 100.0
    squashed: ClassVar[str] = "softmax"

    @property
    def width(self) -> int:
        return len(self.names)

    @property
    def classes(self) -> tuple[str, ...]:
        return self.names

    @property
    def said(self) -> str:
        return f"{self.width} classes"

    def decided(self, outputs: np.ndarray) -> np.ndarray:
        found: np.ndarray = outputs.argmax(-1)
        return found

    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        asked = targets != PAD
        return float(100.0 * np.mean(outputs.argmax(-1)[asked] == targets[asked]))

    def words(self, answers: np.ndarray, sample: int) -> tuple[str, ...]:
        return tuple("" if place == PAD else self.names[place] for place in answers[..., sample].reshape(-1))

    def shares(self, outputs: np.ndarray, most: int) -> tuple[tuple[str, float], ...]:
        found = np.exp(outputs - outputs.max())
        found /= found.sum()
        return tuple((self.names[place], float(found[place])) for place in np.argsort(-found, kind="stable")[:most])

    def confidence(self, outputs: np.ndarray) -> str:
        logits = np.asarray(outputs, np.float64)
        return f" ({percent(100.0 / np.exp(logits - logits.max()).sum())} sure)"

    def judged(self, outputs: np.ndarray, targets: np.ndarray) -> Judged:
        places = outputs.argmax(-1)
        logs = outputs - np.logaddexp.reduce(outputs, axis=-1, keepdims=True)
        asked, rows = targets != PAD, np.arange(len(targets))
        loss = np.where(asked, -logs[rows, np.where(asked, targets, 0)], np.nan)
        return Judged(
            said=[self.names[place] if one else "" for place, one in zip(places, asked, strict=True)],
            sure=np.where(asked, np.exp(logs[rows, places]), np.nan).astype(np.float32),
            loss=loss.astype(np.float32),
            right=[bool(one) for one in places == targets],
        )

    def guess(self, trained: np.ndarray, like: np.ndarray) -> np.ndarray:
        most = np.bincount(trained[trained != PAD], minlength=self.width).argmax()
        return one_hot(np.full(like.shape, most), self.width)

    def loss_of_guessing(self, baseline: float, guessing: str) -> tuple[float, str]:
        return float(np.log(self.width)), "all answers alike"


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
