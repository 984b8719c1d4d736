"""A gated cell by hand: what a browser is told, so that it finds every number itself while one of them is dragged."""

import dataclasses
from typing import Any

from rnnviz.byhand import gated, unrolled
from rnnviz.byhand.gated import COLUMNS
from rnnviz.byhand.unrolled import Unrolled
from rnnviz.cells.block import Block, State
from rnnviz.core import limits
from rnnviz.live import anatomy
from rnnviz.specs.models import ModelSpec


def told(run: Unrolled) -> dict[str, Any]:
    """The cell's diagram and equations with the numbers of one run.

    rules:   how a step is found from x, the states before (h0, c0) and weights w_f, u_f, b_f of block f.
    blocks, states: letter, symbol and title of each, in the order in which they are read.
    numbers: as `Unrolled.said` gives them; `begin`: those to begin with.
    presets: title and weights of each.
    wiring, sizes, scales: of the diagram, see `rnnviz.live.anatomy`.
    """
    cell, spec = run.kind, ModelSpec(run.cell)
    wiring = anatomy.wiring_of(spec)
    return {
        "cell": run.cell,
        "title": cell.title,
        "rules": gated.rules(run.cell),
        "columns": COLUMNS,
        "blocks": [_named(block) for block in cell.blocks],
        "states": [_named(state) for state in cell.states],
        "numbers": run.said(),
        "begin": unrolled.begin(run.cell).said(),
        "presets": [[title, weights] for title, weights in gated.particular(run.cell).presets.items()],
        "largest": limits.LARGEST_HAND_NUMBER,
        "longest": limits.MOST_HAND_STEPS,
        "wiring": dataclasses.asdict(wiring) if wiring else None,
        **anatomy.look(),
    }


def _named(part: Block | State) -> dict[str, str]:
    return {"letter": part.letter, "symbol": part.symbol.removesuffix("ₜ"), "title": part.title}
