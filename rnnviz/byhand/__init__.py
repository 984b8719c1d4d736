"""A recurrent network small enough to be calculated by hand: forward, back through time, and one step downhill.

Numpy alone. `Hand` is the network with the word it reads; `forward` and `backward` take it apart; nothing is hidden in
a framework, so that every number can be shown with the numbers it comes from.
"""

from rnnviz.byhand.backward import Back, BackStep, Contribution, Nudge, backward, contributions, gradient, nudge
from rnnviz.byhand.forward import Pass, Step, forward
from rnnviz.byhand.hand import ACTIVATIONS, CELL, LEARNED, PARTS, Hand, Place, shapes
from rnnviz.byhand.learning import downhill
from rnnviz.byhand.presets import PRESETS, hello, identity, preset, random, resized, zeros

__all__ = [
    "ACTIVATIONS",
    "CELL",
    "LEARNED",
    "PARTS",
    "PRESETS",
    "Back",
    "BackStep",
    "Contribution",
    "Hand",
    "Nudge",
    "Pass",
    "Place",
    "Step",
    "backward",
    "contributions",
    "downhill",
    "forward",
    "gradient",
    "hello",
    "identity",
    "nudge",
    "preset",
    "random",
    "resized",
    "shapes",
    "zeros",
]
