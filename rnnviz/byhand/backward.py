"""Back-propagation through time, with nothing summed before it can be looked at.

The unrolled network uses the same weight at every time step. The gradient of the loss by a weight is the sum over the
steps t at which it acts, and each of these is a sum over the losses s ≥ t that it reaches (lecture 001, 002).
"""

import dataclasses

import numpy as np

from rnnviz.byhand.forward import ForwardPass, forward, slope
from rnnviz.byhand.hand import LEARNED, Entry, Hand


@dataclasses.dataclass(frozen=True, eq=False)
class BackStep:
    """What arrives at one time step on the way back; L is the sum of all losses.

    dy:          (V,) ∂L/∂y_t = p_t − target_t.
    from_answer: (H,) W_hyᵀ dy: from the loss of this step.
    from_later:  (H,) W_hhᵀ δ_{t+1}: from the losses of all later steps; 0 at the last.
    slope:       (H,) φ′(a_t).
    to_before:   (H,) W_hhᵀ δ_t: what goes on to the step before.
    """

    dy: np.ndarray
    from_answer: np.ndarray
    from_later: np.ndarray
    slope: np.ndarray
    to_before: np.ndarray

    @property
    def dh(self) -> np.ndarray:
        """(H,) ∂L/∂h_t, through this step and all later ones."""
        total: np.ndarray = self.from_answer + self.from_later
        return total

    @property
    def delta(self) -> np.ndarray:
        """(H,) δ_t = ∂L/∂a_t = φ′(a_t) ⊙ ∂L/∂h_t."""
        da: np.ndarray = self.slope * self.dh
        return da


@dataclasses.dataclass(frozen=True)
class BackwardPass:
    """The whole way back.

    steps:   one for each time step, the first first.
    by_loss: (S, T, H) ∂L_s/∂a_t: the part of δ_t that comes from the loss of step s; 0 for s < t. Sums over s to δ_t.
    """

    steps: tuple[BackStep, ...]
    by_loss: np.ndarray


@dataclasses.dataclass(frozen=True)
class Contribution:
    """What one time step adds to the gradient of one weight: error × factor.

    error:  of W_xh, W_hh, b_h: δ_t of the weight's unit; of W_hy, b_y: p_t − target_t of the weight's letter.
    factor: what the weight multiplied: x_t, h_{t-1} or h_t at its column; 1 for a bias.
    shares: (T,) the part of the product that is due to the loss of each step.
    """

    error: float
    factor: float
    shares: tuple[float, ...]

    @property
    def value(self) -> float:
        """error × factor."""
        return self.error * self.factor


@dataclasses.dataclass(frozen=True)
class Nudge:
    """A weight moved by ±`by` and the two losses that were measured then."""

    by: float
    lower: float
    higher: float

    @property
    def slope(self) -> float:
        """By how much the loss rises per unit of the weight."""
        return (self.higher - self.lower) / (2 * self.by)


def backward(hand: Hand, read: ForwardPass) -> BackwardPass:
    """Errors at every step, of `read = forward(hand)`."""
    slopes = np.array([slope(hand.activation, step.h) for step in read.steps])
    dy = np.array([step.p - step.wanted for step in read.steps])
    answers = dy @ hand.W_hy  # row t: W_hyᵀ dy_t
    deltas = _swept(hand, answers, slopes)
    before = deltas @ hand.W_hh
    later = np.vstack([before[1:], np.zeros((1, hand.units))])
    steps = tuple(BackStep(*parts) for parts in zip(dy, answers, later, slopes, before, strict=True))
    alone = [_swept(hand, answers * (np.arange(len(dy)) == s)[:, None], slopes) for s in range(len(dy))]
    return BackwardPass(steps, np.array(alone))


def _swept(hand: Hand, answers: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """δ_t of all steps, from what their answers send back: all arrays (T, H)."""
    deltas = np.zeros_like(answers)
    later = np.zeros(hand.units)
    for t in reversed(range(len(answers))):
        deltas[t] = slopes[t] * (answers[t] + later)
        later = hand.W_hh.T @ deltas[t]
    return deltas


def contributions(read: ForwardPass, back: BackwardPass, place: Entry) -> tuple[Contribution, ...]:
    """What each time step adds to the gradient of the loss by one weight; their `value`s sum to it.

    Raises:
        ValueError: the place is in h_0, which is not learned.
    """
    if place.part not in LEARNED:
        raise ValueError(f"part must be one of {', '.join(LEARNED)}; got {place.part}")
    found = []
    for t, (step, behind) in enumerate(zip(read.steps, back.steps, strict=True)):
        factors = {"W_xh": step.x, "W_hh": step.before, "W_hy": step.h}.get(place.part)
        factor = 1.0 if factors is None else float(factors[place.column])
        if place.part in ("W_hy", "b_y"):
            error = float(behind.dy[place.row])
            errors = [error if s == t else 0.0 for s in range(len(read.steps))]
        else:
            error = float(behind.delta[place.row])
            errors = [float(of) for of in back.by_loss[:, t, place.row]]
        found.append(Contribution(error, factor, tuple(share * factor for share in errors)))
    return tuple(found)


def gradient(hand: Hand) -> dict[str, np.ndarray]:
    """∂L/∂ of every learned array, L being the sum of the losses of all steps."""
    read = forward(hand)
    back = backward(hand, read)
    dy = np.array([step.dy for step in back.steps])
    delta = np.array([step.delta for step in back.steps])
    x, before, h = (np.array([getattr(step, name) for step in read.steps]) for name in ("x", "before", "h"))
    return {"W_xh": delta.T @ x, "W_hh": delta.T @ before, "b_h": delta.sum(0), "W_hy": dy.T @ h, "b_y": dy.sum(0)}


def nudge(hand: Hand, place: Entry, by: float = 1e-5) -> Nudge:
    """Read the word twice, with one weight a little lower and a little higher.

    Raises:
        ExperimentError: the weight stands at the edge of what is allowed.
    """
    at = hand.at(place)
    return Nudge(by, *(forward(hand.put(place, at + way)).loss for way in (-by, by)))
