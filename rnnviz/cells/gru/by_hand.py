"""A GRU with a single unit, calculated by hand."""

from rnnviz.cells.by_hand import ByHand, Numbers
from rnnviz.core.sums import bracketed, short, six


def _states(v: Numbers) -> dict[str, float]:
    """h_t = z h_{t-1} + (1 − z) h̃."""
    return {"h": v["z"] * v["h0"] + (1 - v["z"]) * v["n"]}


def _written(v: Numbers) -> list[tuple[str, str]]:
    keep = f"{six(v['z'])}·{bracketed(short(v['h0']))} + (1 − {six(v['z'])})·{bracketed(six(v['n']))}"
    return [("new hidden state", f"h = {keep} = {six(v['h'])}")]


def _remark(v: Numbers) -> str:
    z, new = six(v["z"]), six(1 - v["z"])
    return (
        f"The update gate z keeps {z} of the old state and takes {new} of the candidate, as in Cho 2014. Chung 2014 "
        "calls 1 − z what is called z here. The reset gate scales what the candidate sees of the old state. With one "
        "unit and no bias inside, before or after the product is the same."
    )


BY_HAND = ByHand(
    begin=((0.5, 0.4, 0.0), (0.3, -0.2, 1.0), (1.0, 0.6, 0.0)), states=_states, written=_written, remark=_remark
)
