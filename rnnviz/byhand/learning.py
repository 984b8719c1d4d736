"""Learning by hand: one step of gradient descent."""

import dataclasses

from rnnviz.byhand.backward import gradient
from rnnviz.byhand.hand import Hand


def downhill(hand: Hand, rate: float) -> Hand:
    """The hand after one step of plain gradient descent: every learned number minus `rate` times its gradient.

    Raises:
        ExperimentError: the step is so large that a number leaves what is allowed.
    """
    return dataclasses.replace(hand, **{name: getattr(hand, name) - rate * by for name, by in gradient(hand).items()})
