"""A cell with a single unit and a single input, calculated by hand."""

import dataclasses
from collections.abc import Callable, Mapping

Numbers = Mapping[str, float]


@dataclasses.dataclass(frozen=True)
class ByHand:
    """What is particular to a cell in such a calculation; the blocks follow from their own description.

    begin:   numbers to begin with: for each block, in torch's order, what multiplies the input and the state before,
             and the bias.
    states:  from blocks by letter, and the states before as h0, c0, …: letter → new state, in the order in which they
             are found.
    written: from the same with the new states: what each line of the states is, and the equation with numbers.
    remark:  from the same: what becomes of the old state, in Markdown.
    """

    begin: tuple[tuple[float, float, float], ...]
    states: Callable[[Numbers], dict[str, float]]
    written: Callable[[Numbers], list[tuple[str, str]]]
    remark: Callable[[Numbers], str]
