"""What a recurrent cell is, for everything that only reads about it: sizes, names, files, findings, charts, pages.

A cell is added by adding its description to this package and its implementation to `rnnviz.nn.cells`, each in a file of
the cell's name; nothing else lists cells.
"""

import dataclasses
from typing import Literal

Role = Literal["keeps", "writes", "shows", "resets", "offers"]


@dataclasses.dataclass(frozen=True)
class Block:
    """One block of H rows in the weights W_ih and W_hh: a gate, a candidate, or the hidden state itself.

    name:       the variable of a trace that it computes, such as "forget_gate"; "hidden" for the state itself.
    letter:     that of the literature, as in W_if and W_hf.
    symbol:     as it is written in diagrams, such as "fₜ".
    title:      in words, such as "forget gate".
    activation: "sigmoid" or "tanh"; "" where the model's own `activation` is taken.
    role:       what it does with the state: keeps the old one, writes the new one into it, shows it, resets the old one
                for the candidate, or offers a new one.
    equation:   in plain text, with the names of torch's weights.
    ends:       what the values 0 and 1 mean, of a gate; empty for a candidate.
    stuck:      what the model does where the gate stands open, and where it stands shut; empty for a candidate.
    """

    name: str
    letter: str
    symbol: str
    title: str
    activation: str
    role: Role
    equation: str
    ends: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()

    @property
    def is_gate(self) -> bool:
        """Whether it lies between 0 and 1 and multiplies something; else it is a candidate or a state."""
        return bool(self.ends)


@dataclasses.dataclass(frozen=True)
class State:
    """What a cell hands on from one time step to the next.

    name:     the variable of a trace: "hidden", "cell".
    letter:   that of the literature: "h", "c".
    symbol:   as it is written in diagrams, such as "cₜ".
    title:    in words, such as "cell state".
    equation: in plain text; {activation} stands for the model's own.
    range:    of its values: "-1 to 1", or "any"; "" where it is that of the model's own activation.
    """

    name: str
    letter: str
    symbol: str
    title: str
    equation: str
    range: str


@dataclasses.dataclass(frozen=True)
class Cell:
    """A recurrent cell.

    name:    in links, files and labels: "lstm".
    title:   on screen: "LSTM".
    place:   where it stands among the cells, from 0.
    colour:  the same wherever a model with this cell appears; `without` is that of an encoder–decoder that could have
             attention and has none: kin, but told apart.
    blocks:  of the weights, from top to bottom, in torch's order.
    states:  what it carries from step to step; the hidden state is the first.
    options: the fields of `ModelSpec` that only some cells have and this one does.
    source:  where its equations come from.
    """

    name: str
    title: str
    place: int
    colour: str
    without: str
    blocks: tuple[Block, ...]
    states: tuple[State, ...]
    options: tuple[str, ...]
    source: str

    @property
    def variables(self) -> tuple[str, ...]:
        """What a trace holds, in the order in which it is read: states, then gates and candidate."""
        states = [state.name for state in self.states]
        return (*states, *(block.name for block in self.blocks if block.name not in states))

    @property
    def titles(self) -> dict[str, str]:
        """Variable of a trace → in words."""
        blocks = {block.name: block.title for block in self.blocks}
        return blocks | {state.name: state.title for state in self.states}

    @property
    def gates(self) -> tuple[Block, ...]:
        """Blocks that lie between 0 and 1, in torch's order; none of a simple RNN."""
        return tuple(block for block in self.blocks if block.is_gate)

    @property
    def has_cell_state(self) -> bool:
        """Whether it carries a cell state beside the hidden state."""
        return any(state.name == "cell" for state in self.states)
