"""Recurrent layers whose weights are shared by places that read their neighbours: ConvLSTM, DCGRU, and so on.

A cell is one at every place, and each product with a matrix becomes a sum over neighbours:

    W x_t  →  Σ_k S_k X_t W_kᵀ         X_t (P, F): what is read at P places; S_k (P, P): `AtPlaces.mixing`

On a grid S_k are shifts and the sum is a convolution: with the LSTM that is the ConvLSTM (Shi et al. 2015, equation 3,
without its peepholes). On a graph they are powers of random walks and the sum is a diffusion convolution: with the GRU
whose reset gate comes before the product that is the DCGRU (Li et al. 2018, equation 3).

Either is a linear map of all numbers of a time step, so it is the cell's own step with one large matrix in which many
entries are the same weight or 0. That matrix is written out once for all time steps, differentiably, and everything
that measures or edits a layer works with it as with any other. So does training on a graph; on a grid it convolves,
which is faster. Unit p·C + c is channel c at place p.
"""

from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.convolved import ConvolvedLayer, Grid
from rnnviz.nn.cells.kind import Kind
from rnnviz.nn.cells.modules import Recurrent
from rnnviz.nn.cells.stack import Masks, check_sequences, handed_on, layer_input, run_shaped
from rnnviz.nn.cells.weights import Weights


class Placed(Recurrent):
    """Layers of any recurrent cell at P places: `hidden_size` = P·C units, `input_size` = P·F numbers.

    Parameters have torch's names: weight_ih (G·C, K·F), weight_hh (G·C, K·C), biases (G·C).

    mixing: (K, P, P), in double precision, whatever that of the parameters.
    grid:   height and width where the matrices are the shifts of a square kernel, row by row; None on a graph.
    """

    def __init__(
        self,
        kind: Kind[Any],
        input_size: int,
        hidden_size: int,
        mixing: Tensor,
        grid: Grid | None = None,
        layers: int = 1,
        skip: bool = False,
    ) -> None:
        self._kernel, self._places = len(mixing), mixing.shape[1]
        super().__init__(kind, input_size, hidden_size, layers, skip)
        self.mixing, self._grid = mixing, grid

    def sizes(self, layer: int) -> tuple[int, int, int]:
        channels, read = self.hidden_size // self._places, (self.hidden_size if layer else self.input_size)
        return (
            len(self.kind.description.blocks) * channels,
            self._kernel * read // self._places,
            self._kernel * channels,
        )

    @property
    def fan_in(self) -> int:
        """How many numbers of the state before a hidden unit reads, where all its neighbours are there."""
        return self._kernel * self.hidden_size // self._places

    def forward(self, x: Any, state: Any = None, masks: Masks | None = None) -> Any:
        """As torch's modules: x (T, B, P·F) → output (T, B, P·C), final states; torch has no such layer."""
        pair = self.kind.pair
        if state is not None or self._grid is None or pair is None or not isinstance(x, Tensor) or x.dim() != 3:
            return run_shaped(self, self.kind, x, state, masks)
        check_sequences(self, x)
        final = []
        for layer in range(self.num_layers):
            x = layer_input(self, x, layer, masks)
            shared, states = self.shared(layer), len(self.kind.description.states)
            h, *last = ConvolvedLayer.apply(pair, self._grid, states, x, *shared)  # type: ignore[no-untyped-call]
            final.append((h[-1], *last))
            x = handed_on(self, h, x, layer)
        ends = tuple(torch.stack(parts) for parts in zip(*final, strict=True))
        return x, ends if len(ends) > 1 else ends[0]

    @property
    def tells_totals(self) -> bool:
        """Never: states are found on one way, whether a step is measured or not."""
        return False

    def written_out(self, name: str, weight: Tensor) -> Tensor:
        """A parameter of that name, here `weight`, between single units: (G·P·C, P·F), of a bias (G·P·C)."""
        blocks = len(self.kind.description.blocks)
        if name.startswith("bias"):
            return weight.view(blocks, 1, -1).expand(-1, self._places, -1).reshape(-1)
        return matrix(weight, self.mixing.to(weight), blocks)

    def weights(self, layer: int) -> Weights:
        """Of one layer between single units, as `weights_of` gives them."""
        return Weights(*map(self.written_out, NAMES, self.shared(layer)))

    @torch.no_grad()
    def single(self) -> nn.RNNBase:
        """Layers that share nothing and compute the same, for who knows no others."""
        found = self.kind.module(self.input_size, self.hidden_size, self.num_layers, skip=self.skip)
        for layer in range(self.num_layers):
            for name, weight in zip(NAMES, self.weights(layer), strict=True):
                getattr(found, f"{name}_l{layer}").copy_(weight)
        return found

    def shared(self, layer: int) -> list[Tensor]:
        """The parameters of one layer."""
        return [getattr(self, f"{name}_l{layer}") for name in NAMES]


NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def matrix(weight: Tensor, mixing: Tensor, blocks: int) -> Tensor:
    """A shared matrix (G·C, K·F) between single numbers, (G·P·C, P·F), from `mixing` (K, P, P)."""
    kernel, places, _ = mixing.shape
    shared = weight.view(blocks, -1, kernel, weight.shape[1] // kernel)
    channels, read = shared.shape[1], shared.shape[3]
    whole = mixing.view(kernel, -1).t() @ shared.permute(2, 0, 1, 3).reshape(kernel, -1)
    by_block = whole.view(places, places, blocks, channels, read).permute(2, 0, 3, 1, 4)
    return by_block.reshape(blocks * places * channels, places * read)


class PlacedReadout(nn.Module):
    """y = W h + b at each of P places, (…, P·C) → (…, P·O), or of the mean over places, (…, O)."""

    in_features: int
    out_features: int

    def __init__(self, places: int, channels: int, answers: int, over_all: bool) -> None:
        super().__init__()
        self.places, self.in_features, self.out_features, self.over_all = places, channels, answers, over_all
        self.weight = nn.Parameter(torch.empty(answers, channels))
        self.bias = nn.Parameter(torch.empty(answers))

    def forward(self, states: Tensor) -> Tensor:
        """States of all units (…, P·C)."""
        by_place = states.unflatten(-1, (self.places, -1))
        read = by_place.mean(-2) if self.over_all else by_place
        found = nn.functional.linear(read, self.weight, self.bias)
        return found if self.over_all else found.flatten(-2)
