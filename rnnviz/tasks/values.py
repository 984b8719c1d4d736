"""What one answer is: quantities or one of several classes (or `flags`), with their score and their words."""

import abc
import dataclasses
import math
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
    unit:      of a quantity as it is shown; "" where it has none.
    partial:   whether a target may lack some of its numbers, which are NaN then and not asked.
    apart:     whether the errors of each of its numbers are measured for themselves (see `errors`).
    measures:  errors that are measured by how far ahead an answer is, by their names (see `by_ahead`),
    aheads:    and how many times ahead there are.
    """

    loss: ClassVar[str]
    is_number: ClassVar[bool]
    best: ClassVar[float]
    squashed: ClassVar[str] = ""
    apart: ClassVar[bool] = False
    measures: ClassVar[tuple[str, ...]] = ()
    aheads: ClassVar[int] = 0

    @property
    def unit(self) -> str:
        return ""

    @property
    def partial(self) -> bool:
        return False

    @property
    @abc.abstractmethod
    def width(self) -> int:
        """Numbers that the readout gives for one answer."""

    @property
    def classes(self) -> tuple[str, ...]:
        """By name, in the order of the logits, where one of them is right; empty otherwise."""
        return ()

    @property
    def said(self) -> str:
        """What one answer is, in words: "1 number", "10 classes"."""
        return f"{self.width} classes" if self.classes else counted(self.width, "number")

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

    @property
    def digits(self) -> int:
        """Digits after the point that tell quantities apart."""
        return 2

    def quantities(self, values: np.ndarray) -> np.ndarray:
        """Outputs or targets in the unit in which they are shown."""
        return values

    def shown(self, values: np.ndarray) -> np.ndarray:
        """The one number (…) that stands for an answer (…, output) in words and in a curve, in its unit: its first."""
        return self.quantities(values[..., 0])

    def off(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        """By how much outputs (…, output) are off on average, in the unit in which they are shown; 0 for classes."""
        return 0.0

    def usual_error(self, score: float) -> float:
        """By how much answers are off, typically, whose score this is; 0 for classes."""
        return 0.0

    def errors(self, outputs: np.ndarray, targets: np.ndarray) -> dict[str, np.ndarray]:
        """How far each number of the answers (…, output) is off, in their unit, where they are told `apart`: (output,).

        "error" is the mean absolute error; "low" and "high" are what is to be added to an output so that a tenth of the
        targets lies below, and a tenth above: between them are eighty in a hundred.
        """
        return {}

    def by_ahead(self, outputs: np.ndarray, targets: np.ndarray) -> dict[str, np.ndarray]:
        """What its `measures` are over all its answers, by how far ahead: each (ahead,)."""
        return {}

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

    def decided(self, outputs: np.ndarray) -> np.ndarray:
        return outputs

    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        return float(np.mean((outputs.astype(np.float64) - targets) ** 2))

    def off(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        return float(np.abs(outputs - targets).mean())

    def usual_error(self, score: float) -> float:
        return math.sqrt(score)

    def words(self, answers: np.ndarray, sample: int) -> tuple[str, ...]:
        return tuple(number(value) for value in self.shown(answers[..., sample, :]).reshape(-1))

    def shares(self, outputs: np.ndarray, most: int) -> tuple[tuple[str, float], ...]:
        return ()

    def confidence(self, outputs: np.ndarray) -> str:
        return ""

    def judged(self, outputs: np.ndarray, targets: np.ndarray) -> Judged:
        loss = np.square(outputs - targets).mean(-1)
        said = list(self.words(outputs[:, None], 0))
        return Judged(said, np.full(len(said), np.nan, np.float32), loss.astype(np.float32), [])

    def guess(self, trained: np.ndarray, like: np.ndarray) -> np.ndarray:
        return np.broadcast_to(np.nanmean(trained, tuple(range(trained.ndim - 1))), like.shape)

    def loss_of_guessing(self, baseline: float, guessing: str) -> tuple[float, str]:
        return baseline, guessing


@dataclasses.dataclass(frozen=True)
class Measured(Numbers):
    """Quantities that were measured: several at once, such as those of the next days, of which some may be missing.

    What is learned has mean 0 and standard deviation 1; a quantity is `middle` + `spread` times that, in `unit`. The
    score is the mean absolute error in that unit.
    """

    middle: float = 0.0
    spread: float = 1.0
    unit: str = ""
    partial: bool = False
    apart: ClassVar[bool] = True

    @property
    def digits(self) -> int:
        return max(0, 1 - math.floor(math.log10(self.spread)))

    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        return self.off(outputs, targets)

    def quantities(self, values: np.ndarray) -> np.ndarray:
        found: np.ndarray = self.middle + self.spread * values.astype(np.float64)
        return found

    def off(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        error = np.abs(outputs.astype(np.float64) - targets)
        return float(self.spread * error[np.isfinite(targets)].mean()) if np.isfinite(targets).any() else math.nan

    def usual_error(self, score: float) -> float:
        return score

    def errors(self, outputs: np.ndarray, targets: np.ndarray) -> dict[str, np.ndarray]:
        left = self.spread * (targets.astype(np.float64) - outputs).reshape(-1, self.count)
        kept = [column[np.isfinite(column)] for column in left.T]
        found = [(np.abs(one).mean(), *np.quantile(one, (0.1, 0.9))) if len(one) else (np.nan,) * 3 for one in kept]
        return dict(zip(("error", "low", "high"), np.array(found, np.float32).T, strict=True))

    def judged(self, outputs: np.ndarray, targets: np.ndarray) -> Judged:
        off, known = np.square(outputs - targets), np.isfinite(targets)
        count = known.sum(-1)
        loss = np.where(count > 0, np.where(known, off, 0.0).sum(-1) / np.maximum(count, 1), np.nan)
        said = [one if asked else "" for one, asked in zip(self.words(outputs[:, None], 0), known[:, 0], strict=True)]
        return Judged(said, np.full(len(said), np.nan, np.float32), loss.astype(np.float32), [])

    def words(self, answers: np.ndarray, sample: int) -> tuple[str, ...]:
        values = self.shown(answers[..., sample, :]).reshape(-1)
        return tuple(number(value, self.digits) if math.isfinite(value) else "" for value in values)


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
