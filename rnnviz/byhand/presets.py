"""Hands to begin with."""

import dataclasses

import numpy as np

from rnnviz.byhand.hand import Hand, check_units, check_word, shapes, vocabulary

PRESETS = {
    "hello": "hello, a worked example",
    "random": "random numbers",
    "identity": "identity W_hh, others random",
    "zeros": "zeros",
}
_SPREAD = 0.5  # standard deviation of random numbers: states neither vanish nor saturate


def hello() -> Hand:
    """The worked example of lecture 002: an untrained network that reads "hell".

    There W_hh is one number, 0.427043, that multiplies every unit's own state; as a matrix that is its diagonal. The
    bias 0.567001 is the same for all units. The first column of W_hy is printed there with five digits (0.37168,
    0.39141, 0.64985, 0.91266), with which the printed y does not come out in its last ones. The seven digits here are
    solved from that y; rounded they are the five printed.
    """
    return Hand(
        word="hello",
        W_xh=np.array(
            [
                [0.287027, 0.84606, 0.572392, 0.486813],
                [0.902874, 0.871522, 0.691079, 0.18998],
                [0.537524, 0.09224, 0.558159, 0.491528],
            ]
        ),
        W_hh=0.427043 * np.eye(3),
        b_h=np.full(3, 0.567001),
        h_0=np.zeros(3),
        W_hy=np.array(
            [
                [0.3716826, 0.974829459, 0.830034886],
                [0.3914094, 0.282585823, 0.659835709],
                [0.649846, 0.09821557, 0.334287084],
                [0.9126579, 0.32581642, 0.144630018],
            ]
        ),
        b_y=np.zeros(4),
    )


def zeros(word: str, units: int, activation: str = "tanh") -> Hand:
    """All numbers 0: nothing distinguishes one unit from another."""
    sizes = shapes(check_units(units), len(vocabulary(check_word(word))))
    return Hand(word, **{name: np.zeros(shape) for name, shape in sizes.items()}, activation=activation)


def random(word: str, units: int, activation: str = "tanh", seed: int = 0) -> Hand:
    """Matrices of random numbers, biases and first state 0."""
    generator = np.random.default_rng(seed)
    empty = zeros(word, units, activation)
    sizes = {name: getattr(empty, name).shape for name in ("W_xh", "W_hh", "W_hy")}
    drawn = {name: np.round(generator.normal(0.0, _SPREAD, size), 6) for name, size in sizes.items()}
    return dataclasses.replace(empty, **drawn)


def identity(word: str, units: int, activation: str = "tanh", seed: int = 0) -> Hand:
    """As `random`, with the identity as W_hh; with ReLU it is how an IRNN begins (Le, Jaitly, Hinton 2015)."""
    return dataclasses.replace(random(word, units, activation, seed), W_hh=np.eye(units))


def preset(name: str, word: str, units: int, activation: str, seed: int) -> Hand:
    """The hand of a name in `PRESETS`; "hello" brings a word, units and activation of its own."""
    if name == "hello":
        return hello()
    if name == "zeros":
        return zeros(word, units, activation)
    return {"random": random, "identity": identity}[name](word, units, activation, seed)


def resized(hand: Hand, word: str, units: int, seed: int = 0) -> Hand:
    """The hand for another word or number of units: what both have in common keeps its numbers, the rest is random.

    Raises:
        ExperimentError: such a word or number of units is not allowed.
    """
    new = random(word, units, hand.activation, seed)
    kept = [letter for letter in new.vocabulary if letter in hand.vocabulary]
    letters = [new.vocabulary.index(letter) for letter in kept], [hand.vocabulary.index(letter) for letter in kept]
    same = min(units, hand.units)
    both = range(same), range(same)
    axes = {"W_xh": (both, letters), "W_hh": (both, both), "b_h": (both,), "h_0": (both,)}
    axes |= {"W_hy": (letters, both), "b_y": (letters,)}
    arrays = {}
    for name, places in axes.items():
        array = getattr(new, name).copy()
        to, of = ([list(place[side]) for place in places] for side in (0, 1))
        array[np.ix_(*to)] = getattr(hand, name)[np.ix_(*of)]
        arrays[name] = array
    return dataclasses.replace(new, **arrays)
