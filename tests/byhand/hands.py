"""Hands to test with."""

import numpy as np
from hypothesis import strategies as st

from rnnviz.byhand import ACTIVATIONS, Entry, Hand, shapes

WORDS = st.text(st.sampled_from("abcdef"), min_size=2, max_size=7)


@st.composite
def hands(draw) -> Hand:
    """Any hand with numbers of a usual size."""
    word, units = draw(WORDS), draw(st.integers(1, 4))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = shapes(units, len(set(word)))
    arrays = {name: generator.normal(0.0, 0.8, shape) for name, shape in sizes.items()}
    return Hand(word, **arrays, activation=draw(st.sampled_from(ACTIVATIONS)))


def places(hand: Hand, part: str) -> list[Entry]:
    """Every number of an array."""
    array = getattr(hand, part)
    return [Entry(part, *index) for index in np.ndindex(array.shape)]
