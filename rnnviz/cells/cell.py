"""What a recurrent cell is, for everything that only reads about it: sizes, names, files, findings, charts, pages.

A cell is added by adding its description to this package and its implementation to `rnnviz.nn.cells`, each in a file of
the cell's name; nothing else lists cells. A description may leave out what is not known yet: without diagrams,
equations or a calculation by hand, a page says in one sentence that there are none.

Wherever a function takes `spec`, it is a model's spec, or whatever else has the fields that the cell's options name.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from rnnviz.cells.block import RANGES, Block, State
from rnnviz.cells.by_hand import ByHand
from rnnviz.cells.convention import Convention
from rnnviz.cells.diagram import Wiring
from rnnviz.cells.equations import Equation, Numbers
from rnnviz.cells.inside import Product, Values


@dataclasses.dataclass(frozen=True)
class Option:
    """A field of `ModelSpec` that only some cells have.

    name:    of the field.
    part:    what it is about, in words: who lacks the option has no such part; "" where that is not worth a word.
    told:    how it is told of a time step, with its value in place of {}; "" where no step depends on it, only the
             first weights.
    drawn:   whether each of its values has a diagram of its own, where a step depends on it.
    """

    name: str
    part: str = ""
    told: str = ""
    drawn: bool = True


@dataclasses.dataclass(frozen=True)
class Vector:
    """One vector of a time step: its letter among the values of the step, its symbol and its variable."""

    letter: str
    symbol: str
    variable: str


Inside = Callable[[Values, Product, Any, bool], Values]
Equations = Callable[[Mapping[str, Block], Numbers, Any, bool], list[Equation]]


@dataclasses.dataclass(frozen=True)
class Cell:
    """A recurrent cell.

    name:       in links, files and labels: "lstm".
    title:      on screen: "LSTM".
    does:       what it does with its memory, behind "an LSTM" in a sentence; "" where nothing is told.
    lighter:    the name of the cell that it was made to do the work of with fewer weights; "" for none.
    short:      the same where there is little room; "" for the title.
    place:      where it stands among the cells, from 0.
    colour:     the same wherever a model with this cell appears; `without` is that of another form of such a model
                beside it, without attention or with weights that places share: kin, but told apart.
    blocks:     of the weights, from top to bottom, in torch's order.
    states:     what it carries from step to step, and hands to a decoder; the hidden state is the first.
    settings:   the options that only some cells have and this one does.
    source:     where its equations come from.
    order:      letters of the blocks in the order in which they are read: in equations, strips and pictures; empty for
                torch's.
    recurrent:  whether a state is handed on through weights of its own, W_hh; else nothing is asked about those, and a
                gradient goes no way back through the states.
    span:       the option that says of how many time steps a step reads the inputs, its own and those before; "" where
                it reads its own alone. W_ih then has as many blocks of columns, that of the own step first.
    squashed:   the state of which tanh is taken on its way to the hidden state, where units saturate; "" for none.
    carry:      what the derivative of the cell state by the one before is, in Markdown; "" where nothing is known.
    convention: another way to write the cell, if there is one.
    inside:     what follows from the blocks and the states of a step: the other numbers on the diagram. It is given
                each block and state under its letter, h0, c0, … for the states before, and of the sum of block f its
                parts f_x = W_if x_t, f_bx, f_h = W_hf h_{t-1}, f_bh; then a product, the spec, and whether all of
                this is in the other convention.
    wirings:    name → diagram, one for each name that `kind` gives.
    equations:  from the blocks by letter, the numbers of one unit, the spec, and whether they are in the other
                convention.
    by_hand:    a single unit, calculated by hand.
    """

    name: str
    title: str
    place: int
    colour: str
    without: str
    blocks: tuple[Block, ...]
    states: tuple[State, ...]
    settings: tuple[Option, ...]
    source: str
    does: str = ""
    lighter: str = ""
    short: str = ""
    order: tuple[str, ...] = ()
    recurrent: bool = True
    span: str = ""
    squashed: str = ""
    carry: str = ""
    convention: Convention | None = None
    inside: Inside | None = None
    wirings: Mapping[str, Wiring] = dataclasses.field(default_factory=dict)
    equations: Equations | None = None
    by_hand: ByHand | None = None

    @property
    def one(self) -> str:
        """Its title with its article: "an LSTM", as it is spoken letter by letter."""
        vowels = "AEFHILMNORSX" if self.title.isupper() else "AEIOU"
        return f"{'an' if self.title[0] in vowels else 'a'} {self.within}"

    @property
    def within(self) -> str:
        """Its title within a sentence: "LSTM", "feed-forward window"."""
        return self.title if self.title[:2].isupper() else self.title[0].lower() + self.title[1:]

    @property
    def options(self) -> tuple[str, ...]:
        """The fields of `ModelSpec` that only some cells have and this one does."""
        return tuple(option.name for option in self.settings)

    @property
    def letters(self) -> tuple[str, ...]:
        """Those of the blocks, in torch's order."""
        return tuple(block.letter for block in self.blocks)

    @property
    def by_letter(self) -> dict[str, Block]:
        """Letter → block, in the order in which they are read."""
        found = {block.letter: block for block in self.blocks}
        return {letter: found[letter] for letter in self.order or self.letters}

    @property
    def block_names(self) -> tuple[str, ...]:
        """The variables of the blocks, in torch's order; ("hidden",) for a simple RNN."""
        return tuple(block.name for block in self.blocks)

    @property
    def parts(self) -> tuple[State | Block, ...]:
        """What a trace holds, in the order in which it is read: states, then gates and candidate in torch's order."""
        states = {state.name for state in self.states}
        return (*self.states, *(block for block in self.blocks if block.name not in states))

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of `parts`."""
        return tuple(part.name for part in self.parts)

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
    def keeps(self) -> Block | None:
        """The gate whose 1 keeps the old state; None where there is no such gate."""
        return next((block for block in self.gates if block.role == "keeps"), None)

    @property
    def shown(self) -> tuple[Block, ...]:
        """Gates and candidate in the order in which pictures show them.

        Signed values come first, so that each colour scale needs its legend once.
        """
        states = {state.name for state in self.states}
        inner = [block for block in self.by_letter.values() if block.name not in states]
        return tuple(sorted(inner, key=lambda block: block.is_gate))

    @property
    def vectors(self) -> tuple[Vector, ...]:
        """Vectors of a time step in order of computation.

        Old states, if it reads them, then gates and candidate, then new states.
        """
        states = {state.name for state in self.states}
        inner = [block for block in self.by_letter.values() if block.name not in states]
        before = self.states if self.recurrent else ()
        return (
            *(Vector(f"{state.letter}0", state.before, state.name) for state in before),
            *(Vector(block.letter, block.symbol, block.name) for block in inner),
            *(Vector(state.letter, state.symbol, state.name) for state in reversed(self.states)),
        )

    @property
    def has_cell_state(self) -> bool:
        """Whether it carries a cell state beside the hidden state."""
        return any(state.name == "cell" for state in self.states)

    @property
    def is_plain(self) -> bool:
        """Whether its only block is the hidden state itself.

        Then W_hh and the slope of the activation are all that a gradient is multiplied with on its way back.
        """
        return self.recurrent and self._is_its_state

    def span_of(self, spec: Any) -> int:
        """Of how many time steps a step reads the inputs, its own and those before it."""
        return int(getattr(spec, self.span)) if self.span else 1

    def phi(self, activation: str) -> str:
        """The activation of which the hidden state is a value, given the model's own; "" where it is made of others."""
        return self.blocks[0].activation or activation if self._is_its_state else ""

    @property
    def _is_its_state(self) -> bool:
        return self.block_names == (self.states[0].name,)

    def is_bounded(self, spec: Any) -> bool:
        """Whether its hidden states lie between −1 and 1."""
        return self.range_of(self.states[0], spec) in (RANGES["tanh"], RANGES["sigmoid"])

    def range_of(self, part: State | Block, spec: Any) -> str:
        """Of the values of one of `parts`."""
        return part.range or RANGES[spec.activation]

    def equation_of(self, part: State | Block, spec: Any) -> str:
        """Of one of `parts`, in plain text."""
        of = (said for option, value, said in part.variants if getattr(spec, option) == value)
        equation = next(of, part.equation)
        return equation.format(activation=spec.activation) if "{activation}" in equation else equation

    def scaled_first(self, letter: str, spec: Any) -> str:
        """The letter of the gate that multiplies h_{t-1} before the product with a block's weights; "" for none."""
        block = self.by_letter[letter]
        when = block.scaled_first
        first = when if isinstance(when, bool) else getattr(spec, when[0]) == when[1]
        return block.scaled_by if first else ""

    def told(self, spec: Any) -> str:
        """The options of a step in parentheses, behind a space: " (reset gate after the matrix product)"; or ""."""
        said = [option.told.format(getattr(spec, option.name)) for option in self.settings if option.told]
        return f" ({', '.join(said)})" if said else ""

    def kind(self, spec: Any, other: bool = False) -> str:
        """The name of its diagram, such as "gru-after"; `other`: in its other convention, if it has one."""
        seen = [str(getattr(spec, option.name)) for option in self.settings if option.told and option.drawn]
        more = [self.convention.name] if other and self.convention else []
        return "-".join([self.name, *seen, *more])
