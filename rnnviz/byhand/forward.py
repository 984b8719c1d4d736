"""Reading a word, letter by letter."""

import dataclasses

import numpy as np

from rnnviz.byhand.hand import Hand


@dataclasses.dataclass(frozen=True, eq=False)
class Step:
    """One time step.

    letter, target: what is read, and what is to be predicted.
    x:      (V,) the letter as a one-hot vector.
    before: (H,) h_{t-1}.
    a:      (H,) pre-activation W_xh x_t + W_hh h_{t-1} + b_h.
    h:      (H,) φ(a).
    y:      (V,) W_hy h_t + b_y.
    p:      (V,) softmax(y); sums to 1.
    wanted: (V,) the target as a one-hot vector.
    said:   the letter of the largest p; the first of several.
    loss:   −ln p(target), in nats.
    """

    letter: str
    target: str
    x: np.ndarray
    before: np.ndarray
    a: np.ndarray
    h: np.ndarray
    y: np.ndarray
    p: np.ndarray
    wanted: np.ndarray
    said: str
    loss: float

    @property
    def right(self) -> bool:
        """Whether the prediction is the letter that comes."""
        return self.said == self.target


@dataclasses.dataclass(frozen=True)
class ForwardPass:
    """All time steps of a word, and the loss of the whole: the sum over its steps."""

    steps: tuple[Step, ...]

    @property
    def loss(self) -> float:
        """Σ_t −ln p_t(target)."""
        return sum(step.loss for step in self.steps)

    @property
    def right(self) -> int:
        """How many letters are predicted rightly."""
        return sum(step.right for step in self.steps)


def forward(hand: Hand) -> ForwardPass:
    """Read the word."""
    steps: list[Step] = []
    state = hand.h_0
    for letter, target in zip(hand.read, hand.targets, strict=True):
        steps.append(_step(hand, state, letter, target))
        state = steps[-1].h
    return ForwardPass(tuple(steps))


def _step(hand: Hand, before: np.ndarray, letter: str, target: str) -> Step:
    x, wanted = one_hot(hand, letter), one_hot(hand, target)
    a = hand.W_xh @ x + hand.W_hh @ before + hand.b_h
    h = phi(hand.activation, a)
    y = hand.W_hy @ h + hand.b_y
    logs = log_softmax(y)
    said = hand.vocabulary[int(np.argmax(y))]
    return Step(letter, target, x, before, a, h, y, np.exp(logs), wanted, said, -float(wanted @ logs))


def one_hot(hand: Hand, letter: str) -> np.ndarray:
    """(V,): 1 at the letter, 0 elsewhere."""
    return np.array([float(letter == other) for other in hand.vocabulary])


def phi(activation: str, a: np.ndarray) -> np.ndarray:
    """The activation function, elementwise."""
    if activation == "relu":
        rectified: np.ndarray = np.maximum(a, 0.0)
        return rectified
    return np.tanh(a) if activation == "tanh" else 0.5 * (1.0 + np.tanh(a / 2))  # σ, without overflow


def slope(activation: str, h: np.ndarray) -> np.ndarray:
    """φ′ at the pre-activation, told from h = φ(a), elementwise. The kink of ReLU counts as 0, as in torch."""
    if activation == "relu":
        return (h > 0).astype(np.float64)
    return 1.0 - h**2 if activation == "tanh" else h * (1.0 - h)


def log_softmax(y: np.ndarray) -> np.ndarray:
    """ln softmax(y), also where a probability is too small for a float."""
    shifted = y - y.max()
    logs: np.ndarray = shifted - np.log(np.exp(shifted).sum())
    return logs
