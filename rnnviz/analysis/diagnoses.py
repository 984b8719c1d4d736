"""What ails a network or carries it, read off plain arrays: no run needed, so it works on anybody's model."""

from typing import NamedTuple

import numpy as np

GONE = 1e-3  # a gradient is gone where it is below this share of its size at the last time step,
GROWN = 10.0  # and has grown where it is above so many times that size
SHRINKING = 0.85  # a gradient that gets so much smaller with every step is not carried, however short the way,
KEPT = 0.1  # nor one of which less than this share arrives at the first step
APART = 1.5  # by so many times a factor per step may miss what arrives, or by
LOOSE = 0.15  # such a part of its logarithm, before the factor is told of a part of the way alone
UNEVEN = 0.05  # a factor that differs by more than this part of it over the first steps back is no more than an average
HORIZON = 0.01  # where the norm of ∂h_T/∂h_{T-lag} has fallen to this part of its 1 at lag 0, the memory ends

FEW = 20  # training steps of which no share is told yet
CLIPPED = 0.1  # a share of the training steps from which on clipping is worth a word
MANY = 0.25  # a share of the units from which on what is wrong with them is worth a word
MOSTLY = 0.9  # of the time
STEEPEST = {"tanh": 1.0, "relu": 1.0, "sigmoid": 0.25}  # the largest slope there is
_FAR = 0.01  # a squashed value nearer to its end is saturated: beyond ±0.99
_OPEN, _SHUT = 0.95, 0.05
_STILL = 1e-3  # a unit whose standard deviation is smaller says the same whatever is read
_TINY = 1e-30  # gradients below are as good as 0 and float32 no longer keeps their digits


class Fate(NamedTuple):
    """What becomes of a gradient on its way back through time.

    kind:   vanishing, shrinking, fading, carrying, growing or exploding.

    factor: by which it changes on average with every step back.
    first:  the same until it is gone, where that is clearly another; else None.
    drop:   where the first steps back differ so much from the others that no one factor leads to what arrives: how
            many they are, and which share of it is left after them. Then `factor` is that of the others alone, and
            the share times one factor for each of those is what arrives.
    """

    kind: str
    factor: float
    first: float | None = None
    drop: tuple[int, float] | None = None


class Stuck(NamedTuple):
    """A gate that stands open or shut: its mean, and the share of the units where it always does.

    all_told: whether it is its mean that says so; else the units.
    """

    at: str
    mean: float
    share: float
    all_told: bool


def fate(norms: np.ndarray) -> Fate | None:
    """What becomes of a gradient whose norms at all time steps are (time,); None where that cannot be told.

    It vanishes if it falls to a thousandth before the first step, for good; it explodes if it is more than ten times
    as large there as at the last; it is carried if it changes by less than ten times either way (see `arriving`),
    unless a short way alone saves it: then it shrinks or grows. What is left fades.
    """
    norms = norms.astype(np.float64)
    if norms.size < 2 or not np.isfinite(norms).all() or norms[-1] <= 0:
        return None
    factor, arrives = per_step_factor(norms), norms[0] / norms[-1]
    if not np.isfinite(factor):
        return None
    if arrives <= GONE:
        return Fate("vanishing", factor, _first(norms, factor)) if factor < 1 else None
    kind = _kind(norms, factor, arrives)
    found = None if kind is None else _in_parts(norms, Fate(kind, factor), arrives)
    return None if found is not None and kind == "fading" and found.drop is None and factor >= 1 else found


def _kind(norms: np.ndarray, factor: float, arrives: float) -> str | None:
    """What a gradient that does not vanish does."""
    if arrives > GROWN:
        return "exploding" if factor > 1 else None
    if factor < SHRINKING:
        return "shrinking"
    if arriving(norms) < KEPT:
        return "fading"
    return "carrying" if factor <= 1 / SHRINKING else "growing"


def _in_parts(norms: np.ndarray, whole: Fate, arrives: float) -> Fate:
    """The same fate, in two parts if its factor leads to another size at the first steps than the gradient has."""
    share, steps = arriving(norms), norms.size - (first_steps(norms.size) + 1) / 2
    if whole.kind == "exploding" or share <= 0:
        share, steps = arrives, norms.size - 1.0
    if abs(np.log(share) - steps * np.log(whole.factor)) <= max(np.log(APART), LOOSE * abs(np.log(share))):
        return whole
    until = _bend(norms)
    factor = per_step_factor(norms[: norms.size - until])
    left = float(share / factor ** (steps - until))
    return whole._replace(factor=factor, drop=(until, left)) if np.isfinite(left) else whole


def _bend(norms: np.ndarray) -> int:
    """Number of steps back after which the gradient changes at a steady rate.

    It is where two straight lines, of at least two steps each, fit the logarithm best; at most a quarter of the way.
    """
    back = np.log(np.maximum(norms[::-1], _TINY))
    at = np.arange(back.size)

    def missed(until: int) -> float:
        parts = (slice(until + 1), slice(until, None))
        return sum(float(np.square(back[p] - np.polyval(np.polyfit(at[p], back[p], 1), at[p])).sum()) for p in parts)

    return min(range(1, max(2, back.size // 4)), key=missed)


def arriving(norms: np.ndarray) -> float:
    """Gradient norm at the first time steps as a share of the norm at the last one. norms: (time,).

    The median over the first tenth of the steps is taken, as a single step may stick out.
    """
    return float(np.median(norms[: first_steps(norms.size)]) / norms[-1])


def first_steps(time: int) -> int:
    """How many steps are a tenth of a sequence, at least one."""
    return max(1, time // 10)


def _first(norms: np.ndarray, factor: float) -> float | None:
    """The factor per step of a gradient that vanishes over the steps until it is gone, where that is another."""
    steps = gone_at(norms)
    if steps is None or steps < 3:
        return None
    first = per_step_factor(norms[-steps - 1 :])
    return first if abs(first - factor) > UNEVEN * factor else None


def gone_at(norms: np.ndarray) -> int | None:
    """Steps back from which the gradient stays below a thousandth of its norm at the last step; None if never.

    norms: (time,), finite, the last of them above 0.
    """
    back = norms[::-1].astype(np.float64) / float(norms[-1])
    steps = int(np.flatnonzero(back > GONE)[-1]) + 1
    return steps if steps < back.size else None


def per_step_factor(norms: np.ndarray) -> float:
    """By what factor a gradient changes on average with every step back in time: below 1 it vanishes.

    The slope of a straight line through log ‖∂L/∂h_t‖, over the steps from the last one back to where the norm
    falls below what float32 keeps. NaN if fewer than two such steps are left.

    norms: (time,).
    """
    back = norms[::-1].astype(np.float64)
    gone = np.flatnonzero(~(back > _TINY) | ~np.isfinite(back))
    kept = back[: gone[0]] if gone.size else back
    if kept.size < 2:
        return float("nan")
    return float(np.exp(np.polyfit(np.arange(kept.size), np.log(kept), 1)[0]))


def slope(values: np.ndarray, activation: str) -> np.ndarray:
    """φ′ at every step, written by φ's own values."""
    values = values.astype(np.float32)
    if activation == "tanh":
        slopes: np.ndarray = 1 - values * values
        return slopes
    return values * (1 - values) if activation == "sigmoid" else (values > 0).astype(np.float32)


def saturated(values: np.ndarray, activation: str) -> np.ndarray:
    """Which units are nearly always at an end of tanh or σ: (…, time, sample, unit) → (…, unit) bool.

    Here and below NaN is a state that there is not, of an encoder–decoder: it does not count.
    """
    values = values.astype(np.float32)
    far = np.abs(values) > 1 - _FAR
    if activation == "sigmoid":
        far |= values < _FAR
    counted = (~np.isnan(values)).sum((-3, -2))
    mostly: np.ndarray = (counted > 0) & (far.sum((-3, -2)) >= MOSTLY * counted)
    return mostly


def dead(values: np.ndarray) -> np.ndarray:
    """Which units of a ReLU are 0 at every step: (…, time, sample, unit) → (…, unit) bool."""
    blank = np.isnan(values)
    silent: np.ndarray = ((values == 0) | blank).all((-3, -2)) & ~blank.all((-3, -2))
    return silent


def constant(values: np.ndarray) -> np.ndarray:
    """Which units hardly change, whatever is read: (…, time, sample, unit) → (…, unit) bool."""
    values, there = values.astype(np.float32), ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        away = (values - _mean(values, there)) ** 2
        still: np.ndarray = there.any((-3, -2)) & (_mean(away, there)[..., 0, 0, :] < _STILL**2)
        return still


def _mean(values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Means over (time, sample) of what is there, 0 where nothing is; the two dims stay, as 1."""
    counted = there.sum((-3, -2), keepdims=True)
    means: np.ndarray = values.sum((-3, -2), keepdims=True, where=there) / np.maximum(counted, 1)
    return means


def stuck(gate: np.ndarray) -> Stuck | None:
    """Whether a gate (…, time, sample, unit) stands open or shut: on average, or always in half of its units."""
    gate = gate.astype(np.float32)
    blank = np.isnan(gate)
    if blank.all():
        return None
    mean = float(np.nanmean(gate))
    there = ~blank.all((-3, -2))
    opened = float((np.where(blank, np.inf, gate).min((-3, -2)) > _OPEN)[there].mean())
    shut = float((np.where(blank, -np.inf, gate).max((-3, -2)) < _SHUT)[there].mean())
    if mean > _OPEN or opened >= 0.5:
        return Stuck("open", mean, opened, mean > _OPEN)
    if mean < _SHUT or shut >= 0.5:
        return Stuck("shut", mean, shut, mean < _SHUT)
    return None


def horizon(lag_norm: np.ndarray, factor: float = HORIZON) -> np.ndarray:
    """The memory horizon in steps: the largest lag at which ‖∂h_T/∂h_{T-lag}‖ is still `factor` or more.

    At every later lag it is less. T − 1 if the horizon lies beyond the sequence.

    lag_norm: (…, T), norms of ∂h_T/∂h_{T-lag} over the lag, 1 at lag 0. NaN is a lag that was not measured.

    Returns:
        (…) int; −1 where nothing but lag 0 could be measured.
    """
    time = lag_norm.shape[-1]
    with np.errstate(invalid="ignore"):
        felt = lag_norm >= factor
    last = time - 1 - np.argmax(felt[..., ::-1], axis=-1)
    known = np.isfinite(lag_norm[..., 1:]).any(-1) if time > 1 else np.isfinite(lag_norm).any(-1)
    return np.where(known & felt.any(-1), last, -1)
