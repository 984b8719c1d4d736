"""An LSTM with a single unit, calculated by hand."""

import math

from rnnviz.cells.by_hand import ByHand, Numbers
from rnnviz.core.sums import bracketed, short, six


def _states(v: Numbers) -> dict[str, float]:
    """c_t = f c_{t-1} + i c̃, h_t = o tanh(c_t)."""
    c = v["f"] * v["c0"] + v["i"] * v["g"]
    return {"c": c, "h": v["o"] * math.tanh(c)}


def _written(v: Numbers) -> list[tuple[str, str]]:
    both = f"{six(v['f'])}·{bracketed(short(v['c0']))} + {six(v['i'])}·{bracketed(six(v['g']))}"
    shown = f"{six(v['o'])}·tanh({six(v['c'])})"
    return [("new cell state", f"c = {both} = {six(v['c'])}"), ("new hidden state", f"h = {shown} = {six(v['h'])}")]


def _remark(v: Numbers) -> str:
    f, kept = six(v["f"]), six(v["f"] * v["c0"])
    return (
        f"The old cell state is multiplied by f: {f}·{bracketed(short(v['c0']))} = {kept} is kept, i·c̃ is added. "
        "On its way back along this path the gradient is multiplied by the same f. "
        "Raise the forget gate's bias to keep more."
    )


BY_HAND = ByHand(
    begin=((0.5, 0.4, 0.0), (0.3, -0.2, 1.0), (1.0, 0.6, 0.0), (0.4, 0.3, 0.0)),
    states=_states,
    written=_written,
    remark=_remark,
)
