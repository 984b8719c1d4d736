"""What every time step does to the gradient of one sequence: the Jacobian applied to the gradient that is there.

A Jacobian's singular values say what a step can do to some vector. Its factor says what it does to this one:

    factor_t = ‖(∂s_t/∂s_{t-1})ᵀ ∂L/∂s_t‖ / ‖∂L/∂s_t‖

the size of what arrives at s_{t-1} through step t, beside the size of what was there. With one loss, at the end,
nothing else arrives, so the factors of the steps in between multiply to the ratio of two gradients.
"""

import torch
from torch import Tensor

from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.unfolding import Unfolded

_TINY = torch.finfo(torch.float64).tiny  # a smaller number has lost digits


@torch.no_grad()
def factors(one: Unfolded, swept: Sweep) -> dict[str, Tensor]:
    """Of an unfolded layer and its gradients, in reading order: each (T,), over samples and units.

    NaN at the step read first, before which no step was read, and where no gradient is.

    Returns:
        "hidden_factor": from ∂L/∂h_t to what arrives at h_{t-1}, on all ways; with a cell state also
        "cell_factor": from ∂L/∂c_t to what arrives at c_{t-1} along the cell alone, times the gate that keeps; and
        "cell_both_factor": the same with what arrives through h_{t-1}.
    """
    steps = one.derivatives()
    time, batch, size = steps.shape
    hidden = swept.hidden.detach().to("cpu", torch.float64)
    alone = hidden.new_zeros(batch, steps.size - size)  # the gradient by c_t, without that through h_t
    names = ("hidden_factor", *(("cell_factor", "cell_both_factor") if steps.size > size else ()))
    found = {name: hidden.new_full((time,), torch.nan) for name in names}
    for t in range(time - 1, 0, -1):
        d = torch.cat([hidden[t], alone], -1)
        scale = d.abs().amax()  # a gradient that has all but vanished has a factor, too
        if not _TINY < scale < torch.inf:
            alone = torch.zeros_like(alone)
            continue
        now = (d / scale)[None]
        before, _ = steps.back(t, now)
        alone = before[0, :, size:] * scale
        there, arriving = steps.parts(t, now), steps.parts(t - 1, before)
        pairs = [(there[0], arriving[0]), *((there[-1], part) for part in (before[..., size:], arriving[-1]))]
        for values, (whole, part) in zip(found.values(), pairs, strict=False):
            values[t] = torch.linalg.vector_norm(part) / torch.linalg.vector_norm(whole)
    return found
