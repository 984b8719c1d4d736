"""By which way a gradient runs back from one cell state to the one before: added on, or through the gates.

Of an LSTM:

    ∂L/∂c_t = direct_t + f_{t+1} ⊙ ∂L/∂c_{t+1} + (W_hhᵀ δ_{t+1}) ⊙ o_t ⊙ (1 − tanh² c_t)

δ is the gradient by the pre-activations and direct_t what step t's own loss (and the layer above) puts in. The second
term is the additive path, without any matrix product (lecture 001, "Additive Updates"); the third comes through h_t,
which all four gates of the next step read.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.unfolding import Unfolded


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
