"""The parts of a cell: the blocks of its weights, and the states that it hands on."""

import dataclasses
import re
from typing import Literal

Role = Literal["keeps", "writes", "shows", "resets", "offers"]
Activation = Literal["sigmoid", "tanh", "relu", ""]
RANGES = {"tanh": "-1 to 1", "sigmoid": "0 to 1", "relu": "0 and above"}  # of an activation's values
OPEN_SHUT = ("shut", "open")  # what the values 0 and 1 of a gate are called, unless it says otherwise


@dataclasses.dataclass(frozen=True)
class Block:
    """One block of H rows in the weights W_ih and W_hh: a gate, a candidate, or the hidden state itself.

    name:       the variable of a trace that it computes, such as "forget_gate"; "hidden" for the state itself. The same
                name means the same in every cell that has it.
    letter:     that of the literature, as in W_if and W_hf.
    symbol:     as it is written in diagrams, such as "fₜ".
    title:      in words, such as "forget gate".
    activation: "sigmoid" or "tanh"; "" where the model's own `activation` is taken.
    role:       what it does with the state: keeps the old one, writes the new one into it, shows it, resets the old one
                for the candidate, or offers a new one. It decides the colour of its lines.
    equation:   in plain text, with the names of torch's weights; {activation} stands for the model's own.
    ends:       what the values 0 and 1 mean, of a gate; empty for a candidate.
    stuck:      what the model does where the gate stands open, and where it stands shut; empty for a candidate.
    legend:     what 0 and 1 are called beside colours, which gates of a cell share where they are called alike.
    aside:      what follows its name in a sentence on what becomes of the state, where the name does not tell it.
    dash:       of its lines, told apart without colour too.
    variants:   other equations, each as (option, its value, equation).
    scaled_by:  letter of the block that multiplies what this one takes from the old state, W_h h_{t-1} + b_h; "" for
                none.
    scaled_first: whether h_{t-1} itself is multiplied by it, before the product: True, False, or the option, and its
                value, with which it is.
    """

    name: str
    letter: str
    symbol: str
    title: str
    activation: Activation
    role: Role
    equation: str
    ends: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    legend: tuple[str, str] = OPEN_SHUT
    aside: str = ""
    dash: tuple[int, ...] = (1, 0)
    variants: tuple[tuple[str, str, str], ...] = ()
    scaled_by: str = ""
    scaled_first: tuple[str, str] | bool = False

    @property
    def is_gate(self) -> bool:
        """Whether it lies between 0 and 1 and multiplies something; else it is a candidate or a state."""
        return bool(self.ends)

    @property
    def range(self) -> str:
        """Of its values; "" where it is that of the model's own activation."""
        return RANGES.get(self.activation, "")

    @property
    def plain(self) -> str:
        """Its symbol in plain text, such as "f_t"."""
        return _plain(self.symbol)

    @property
    def latex(self) -> str:
        """Its symbol in LaTeX."""
        return _latex(self.symbol)

    @property
    def short(self) -> str:
        """Its title where there is little room: three beside each other on a phone."""
        return self.title.removesuffix(" gate").removeprefix("cell ")

    @property
    def meaning(self) -> str:
        """What it is, with its symbol in plain text."""
        ends = f": 0 {self.ends[0]}, 1 {self.ends[1]}" if self.is_gate else ""
        return f"{self.title} {self.plain}{ends}"


@dataclasses.dataclass(frozen=True)
class State:
    """What a cell hands on from one time step to the next.

    name:     the variable of a trace: "hidden", "cell".
    letter:   that of the literature: "h", "c".
    symbol:   as it is written in diagrams, such as "cₜ".
    title:    in words, such as "cell state".
    equation: in plain text; {activation} stands for the model's own.
    range:    of its values: "-1 to 1", or "any"; "" where it is that of the model's own activation.
    variants: other equations, each as (option, its value, equation).
    """

    name: str
    letter: str
    symbol: str
    title: str
    equation: str
    range: str
    variants: tuple[tuple[str, str, str], ...] = ()

    @property
    def plain(self) -> str:
        """Its symbol in plain text, such as "c_t"."""
        return _plain(self.symbol)

    @property
    def before(self) -> str:
        """Its symbol at the time step before."""
        return self.symbol + "₋₁"

    @property
    def meaning(self) -> str:
        """What it is, with its symbol in plain text."""
        return f"{self.title} {self.plain}"


def _latex(symbol: str) -> str:
    """A symbol such as "c̃ₜ" in LaTeX."""
    return re.sub("(.)\N{COMBINING TILDE}", r"\\tilde \1", _plain(symbol))


def _plain(symbol: str) -> str:
    return symbol.replace("ₜ", "_t")
