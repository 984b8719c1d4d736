"""An LSTM with a single unit, calculated by hand."""

from rnnviz.cells.by_hand import ByHand, Numbers
from rnnviz.core.sums import bracketed, short, six

_RULES = (
    ("kept", "product", "f", "c0"),
    ("written", "product", "i", "g"),
    ("c", "sum", "kept", "written"),
    ("shown", "tanh", "c"),
    ("h", "product", "o", "shown"),
)
_OPEN, _SHUT = (0.0, 0.0, 10.0), (0.0, 0.0, -10.0)  # weights of a gate whatever is read
_AT_ONE, _AT_NONE = (
    (10.0, 0.0, -5.0),
    (-10.0, 0.0, 5.0),
)  # open where x is 1 and shut where it is 0; the other way round
_READS = (2.0, 0.0, 0.0)  # a candidate that sees the input alone


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
    rules=_RULES,
    written=_written,
    remark=_remark,
    presets={
        "Keep: f = 1, i = 0": (_SHUT, _OPEN, _READS, _OPEN),
        "Overwrite: f = 0, i = 1": (_OPEN, _SHUT, _READS, _OPEN),
        "Forget: f = 0, i = 0": (_SHUT, _SHUT, _READS, _OPEN),
        "Add up: f = 1, i = 1": (_OPEN, _OPEN, _READS, _OPEN),
        "Write where x is 1, else keep": (_AT_ONE, _AT_NONE, _READS, _OPEN),
    },
)
