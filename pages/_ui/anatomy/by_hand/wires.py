"""By hand: what stands on the wires of an LSTM or a GRU with a single unit."""

import math

from rnnviz import charts
from rnnviz.byhand import gated
from rnnviz.byhand.arithmetic import short
from rnnviz.byhand.gated import GATES, Gated
from rnnviz.charts import Drawing

_LETTERS = {"c̃": "g", "h̃": "n"}  # of the diagram, where they are others
_KINDS = {"lstm": "lstm", "gru": "gru-after"}


def diagram(step: Gated) -> Drawing:
    """The diagram of the cell with all of its values; what it hands on is read by nothing here."""
    name = step.cell.upper()
    return charts.diagram(_KINDS[step.cell], name, _values(step), {"x": short(step.x), "y": ""}, {"yₜ": "out"})


def _values(step: Gated) -> dict[str, float]:
    """Letter of the diagram → value."""
    found = {_LETTERS.get(name, name): value for name, value in gated.values(step).items()}
    found["h0"] = step.h
    sums = zip(GATES[step.cell], step.weights, strict=True)
    found |= {f"a_{_LETTERS.get(name, name)}": w * step.x + u * step.h + b for name, (w, u, b) in sums}
    if step.cell == "lstm":
        kept, written = found["f"] * step.c, found["i"] * found["g"]
        return found | {"c0": step.c, "kept": kept, "written": written, "shown": math.tanh(found["c"])}
    w, u, b = step.weights[-1]
    kept, written = found["z"] * step.h, (1 - found["z"]) * found["n"]
    inside = {"read": w * step.x + b, "product": u * step.h, "reset": found["r"] * u * step.h}
    return found | inside | {"turned": 1 - found["z"], "kept": kept, "written": written}
