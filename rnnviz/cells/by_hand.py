"""A cell with a single unit and a single input, calculated by hand."""

import dataclasses
from collections.abc import Callable, Mapping

from rnnviz.cells.diagram import Rule

Weights = tuple[
    tuple[float, float, float], ...
]  # of each block, in torch's order: of the input, of the state, the bias
Numbers = Mapping[str, float]


@dataclasses.dataclass(frozen=True)
class ByHand:
    """What is particular to a cell in such a calculation; the blocks follow from their own description.

    begin:   numbers to begin with: for each block, in torch's order, what multiplies the input and the state before,
             and the bias.
    rules:   from blocks by letter, and the states before as h0, c0, …: the new states and whatever else stands on the
             diagram, each behind what it is found from; see `rnnviz.byhand.rules`. Of block f there are the sum a_f
             and its parts f_x = w x, f_h = u h0, the bias b_f, and f_s, that is f_h scaled by another block.
    written: from the same with the new states: what each line of the states is, and the equation with numbers.
    remark:  from the same: what becomes of the old state, in Markdown.
    presets: title → weights with which the cell does one thing alone.
    """

    begin: Weights
    rules: tuple[Rule, ...]
    written: Callable[[Numbers], list[tuple[str, str]]]
    remark: Callable[[Numbers], str]
    presets: Mapping[str, Weights] = dataclasses.field(default_factory=dict)
