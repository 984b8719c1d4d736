"""By hand: what stands on the wires of a gated cell with a single unit."""

import numpy as np

from rnnviz import charts
from rnnviz.byhand import gated
from rnnviz.byhand.gated import Gated
from rnnviz.cells.inside import Values
from rnnviz.charts import Drawing
from rnnviz.core.sums import short
from rnnviz.specs.models import ModelSpec


def diagram(step: Gated) -> Drawing:
    """The diagram of the cell with all of its values; what it hands on is read by nothing here."""
    cell, spec = step.kind, ModelSpec(step.cell)
    words = {"x": short(step.x), "y": ""}
    return charts.diagram(cell.kind(spec), cell.title, _values(step, spec), words, {"yₜ": "out"})


def _values(step: Gated, spec: ModelSpec) -> dict[str, float]:
    """Letter of the diagram → value."""
    found: Values = {name: np.array(value) for name, value in gated.values(step).items()}
    by_state = {}
    for letter, (w, u, b) in zip(step.kind.letters, step.weights, strict=True):
        by_state[letter] = u
        parts = {"x": w * step.x, "bx": b, "h": u * step.h, "bh": 0.0}
        found |= {f"{letter}_{part}": np.array(value) for part, value in parts.items()}
    if step.kind.inside is not None:
        found |= step.kind.inside(found, lambda letter, values: by_state[letter] * values, spec, False)
    return {name: float(value) for name, value in found.items()}
