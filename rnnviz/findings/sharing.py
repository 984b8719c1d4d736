"""Which uses of a shared matrix most of its gradient comes from, in sentences."""

import numpy as np

from rnnviz.core.names import listed, percent
from rnnviz.findings.finding import Finding, sentence

MOST = 0.9  # of the whole gradient is called most of it
AGAINST = 0.05  # of the whole: what works against it is told from here on
VISIBLE = 0.005  # of the whole: half a percent, from which on a share is written as one
NAMED = 4  # single steps that are named


def sharing(matrix: str, share: np.ndarray, steps: str = "time steps") -> Finding:
    """Which uses of a matrix most of its gradient comes from.

    matrix: as it is called: "W_hh".
    share:  (T,), the projection of what each use adds onto the whole, which sums to 1.
    steps:  what a use is one of.
    """
    uses = len(share)
    if not np.isfinite(share).all():
        text = f"The gradient by {matrix} is 0 or no number here: nothing has a share of it."
        return Finding(text, {"uses": float(uses)}, "sharing", "architectures")
    few = fewest(share)
    kept, against = round(float(share[few].sum()), 9), float(-share[share < 0].sum())  # all of it is 100 %
    pulls = f" Other {steps} pull back {percent(100 * against)}." if against >= AGAINST else ""
    text = f"{_where(few, uses, steps)} give{'s' * (len(few) == 1)} {percent(100 * kept)} of ∂L/∂{matrix}.{pulls}"
    evidence = {"uses": float(uses), "steps": float(len(few)), "share": kept, "against": against}
    return Finding(sentence(text), evidence, "sharing", "architectures")


def summed(uses: int, difference: float) -> str:
    """That all contributions sum to the gradient, and how exactly: the largest deviation over its largest entry."""
    if not np.isfinite(difference):
        return ""
    return f"All {uses} sum to it within {small(difference)}."


def opposed(share: np.ndarray) -> bool:
    """Whether uses visibly work against each other: one pulls back, or alone gives more than the sum of all.

    share: (T,), as for `sharing`; what is no number counts as nothing.
    """
    return bool((np.nan_to_num(share) < -VISIBLE).any() or (np.nan_to_num(share) > 1 + VISIBLE).any())


def fewest(share: np.ndarray) -> np.ndarray:
    """The fewest uses, in order, whose shares sum to `MOST` or more; all of them where none do."""
    order = np.argsort(-share, kind="stable")
    enough = np.flatnonzero(np.cumsum(share[order]) >= MOST)
    found: np.ndarray = np.sort(order[: enough[0] + 1] if len(enough) else order)
    return found


def _where(few: np.ndarray, uses: int, steps: str) -> str:
    """These uses, from 0, in words."""
    one = steps.removesuffix("s")
    count = len(few)
    if count == uses:
        return f"all {uses} {steps} together"
    if few[-1] - few[0] == count - 1:
        if few[-1] == uses - 1:
            return f"the last {f'{count} ' if count > 1 else ''}of {uses} {steps}"
        if few[0] == 0:
            return f"the first {f'{count} ' if count > 1 else ''}of {uses} {steps}"
        return f"{steps} {few[0] + 1} to {few[-1] + 1} of {uses}" if count > 1 else f"{one} {few[0] + 1} of {uses}"
    if count <= NAMED:
        return f"{steps} {listed([str(at + 1) for at in few])} of {uses}"
    return f"{count} of the {uses} {steps}"


_HIGH = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def small(value: float) -> str:
    """A number far below 1 as people write it: 3·10⁻¹⁶."""
    if value == 0:
        return "0"
    digits, _, power = f"{value:.0e}".partition("e")
    return f"{digits}·10{str(int(power)).translate(_HIGH)}"
