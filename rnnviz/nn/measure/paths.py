"""By which way a gradient runs back from one state to the one before, and by what factor it changes there.

Of an LSTM:

    ∂L/∂c_t = direct_t + f_{t+1} ⊙ ∂L/∂c_{t+1} + (W_hhᵀ δ_{t+1}) ⊙ o_t ⊙ (1 − tanh² c_t)

δ is the gradient by the pre-activations and direct_t what step t's own loss (and the layer above) puts in. The second
term is the additive path, without any matrix product (lecture 001, "Additive Updates"); the third comes through h_t,
which all four gates of the next step read.

A Jacobian's singular values say what a step can do to some vector. Its factor says what it does to this gradient:

    factor_t = ‖(∂s_t/∂s_{t-1})ᵀ ∂L/∂s_t‖ / ‖∂L/∂s_t‖

the size of what arrives at s_{t-1} through step t, beside the size of what was there. With one loss, at the end,
nothing else arrives, so the factors of the steps in between multiply to the ratio of two gradients.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.unfolding import Unfolded

_TINY = torch.finfo(torch.float64).tiny  # a smaller number has lost digits


class Paths(NamedTuple):
    """What ∂L/∂c_t receives from the step read next, each (T, B, H) in reading order; 0 at the last step.

    additive: through c_{t+1}, times the forget gate.
    gates:    through h_t and the gates of the next step.
    """

    additive: Tensor
    gates: Tensor

    def shares(self) -> tuple[Tensor, Tensor]:
        """The two parts' shares of their sum over samples and units, each (T,), by projection on it.

        They add to 1; one is below 0 where the two work against each other. NaN where nothing arrives.
        """
        whole = self.additive + self.gates
        whole = whole / whole.abs().amax((1, 2), keepdim=True)  # a gradient that has all but vanished has a way, too
        additive, gates = ((part * whole).sum((1, 2)) for part in self)
        return additive / (additive + gates), gates / (additive + gates)


@torch.no_grad()
def paths(one: Unfolded, swept: Sweep) -> Paths:
    """Both parts, of an unfolded layer of an LSTM, or of another cell with a cell state, and its gradients.

    Raises:
        ValueError: the cell has no cell state.
    """
    into = one.kind.outlet(one.gates)
    if into is None or swept.cell is None:
        came = one.kind.description.title
        raise ValueError(f"paths must be asked of an LSTM or another cell with a cell state; got {came}.")
    additive, gates = torch.zeros_like(swept.cell), torch.zeros_like(swept.cell)
    additive[:-1] = one.factor()[1:] * swept.cell[1:]
    gates[:-1] = (swept.at_hidden[1:] @ one.weights.hh) * into[:-1]
    return Paths(additive, gates)


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
