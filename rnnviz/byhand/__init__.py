"""A recurrent network small enough to be calculated by hand: forward, back through time, and one step downhill.

Numpy alone. `Hand` is the network with the word it reads; `forward` and `backward` take it apart; nothing is hidden in
a framework, so that every number can be shown with the numbers it comes from.
"""

from rnnviz.byhand.backward import BackStep, BackwardPass, Contribution, Nudge, backward, contributions, gradient, nudge
from rnnviz.byhand.forward import ForwardPass, Step, forward
from rnnviz.byhand.hand import ACTIVATIONS, CELL, LEARNED, PARTS, Entry, Hand, shapes
from rnnviz.byhand.learning import downhill
from rnnviz.byhand.presets import PRESETS, hello, identity, preset, random, resized, zeros

__all__ = [
    "ACTIVATIONS",
    "CELL",
    "LEARNED",
    "PARTS",
    "PRESETS",
    "BackStep",
    "BackwardPass",
    "Contribution",
    "Entry",
    "ForwardPass",
    "Hand",
    "Nudge",
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
