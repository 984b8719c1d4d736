"""A GRU with a single unit, calculated by hand."""

from rnnviz.cells.by_hand import ByHand, Numbers
from rnnviz.core.sums import bracketed, short, six

_RULES = (
    ("read", "sum", "n_x", "b_n"),
    ("product", "sum", "n_h"),
    ("reset", "sum", "n_s"),
    ("turned", "turned", "z"),
    ("kept", "product", "z", "h0"),
    ("written", "product", "turned", "n"),
    ("h", "sum", "kept", "written"),
)
_OPEN, _SHUT = (0.0, 0.0, 10.0), (0.0, 0.0, -10.0)  # weights of a gate whatever is read
_AT_NONE = (-10.0, 0.0, 5.0)  # open where x is 0 and shut where it is 1
_READS, _BOTH = (2.0, 0.0, 0.0), (1.0, 1.0, 0.0)  # candidates that see the input alone, and the state too


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
    begin=((0.5, 0.4, 0.0), (0.3, -0.2, 1.0), (1.0, 0.6, 0.0)),
    rules=_RULES,
    written=_written,
    remark=_remark,
    presets={
        "Keep: z = 1": (_OPEN, _OPEN, _READS),
        "Replace: z = 0": (_OPEN, _SHUT, _READS),
        "Simple RNN: z = 0, r = 1": (_OPEN, _SHUT, _BOTH),
        "Reset: z = 0, r = 0": (_SHUT, _SHUT, _BOTH),
        "Replace where x is 1, else keep": (_OPEN, _AT_NONE, _READS),
    },
)
