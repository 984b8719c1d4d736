"""Modules of recurrent layers that are ours: torch's with more to them, and those of cells that torch has not."""

from typing import Any

import torch
from torch import nn

from rnnviz.nn.cells.kind import Kind
from rnnviz.nn.cells.stack import Masks, run_shaped, runs_here


class Layered(nn.RNNBase):
    """What every module of ours has beside torch's own.

    kind: how its cell is computed.
    skip: whether every layer from the second on adds what it reads to what it hands on.
    """

    kind: Kind[Any]
    skip: bool

    @property
    def tells_totals(self) -> bool:
        """As `Kind.tells_totals`."""
        return self.kind.tells_totals

    def forward(self, x: Any, state: Any = None, masks: Masks | None = None) -> Any:
        """As torch's modules: x (T, B, I) → output (T, B, directions·H), final states (layers·directions, B, H).

        Through torch's own where torch has the cell and runs it as fast, or only torch reads such an x.

        masks: what dropout multiplies the states between two layers with.

        Raises:
            ValueError: x is no tensor of sequences, such as a PackedSequence, and torch has no such cell.
        """
        if self.kind.torchs is not None and not runs_here(x) and masks is None and not self.skip:
            return super().forward(x, state)
        return run_shaped(self, self.kind, x, state, masks)


class Recurrent(Layered):
    """Layers of a cell that torch has not, on every device, with parameters under torch's names and in its order."""

    def __init__(  # noqa: PLR0913 - those of torch.nn.LSTM
        self,
        kind: Kind[Any],
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        skip: bool = False,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ) -> None:
        nn.Module.__init__(self)
        self.kind, self.skip, self.mode, self.proj_size = kind, skip, kind.description.title, 0
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout, self.bidirectional = bias, batch_first, dropout, bidirectional
        names, states = [], kind.description.recurrent
        for layer in range(num_layers):
            rows, read, carried = self.sizes(layer)
            for suffix in ("", "_reverse")[: 2 if bidirectional else 1]:
                shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, read)}
                shapes |= {"weight_hh": (rows, carried)} if states else {}
                shapes |= {"bias_ih": (rows,)} if bias else {}
                shapes |= {"bias_hh": (rows,)} if bias and states else {}
                names.append([f"{name}_l{layer}{suffix}" for name in shapes])
                for name, shape in zip(names[-1], shapes.values(), strict=True):
                    self.register_parameter(name, nn.Parameter(torch.empty(shape)))
        self._all_weights, self._flat_weights_names = names, [name for of in names for name in of]
        self._init_flat_weights()
        self.reset_parameters()

    def sizes(self, layer: int) -> tuple[int, int, int]:
        """Rows of both matrices of a layer, columns of W_ih, columns of W_hh."""
        below = self.hidden_size * (2 if self.bidirectional else 1) if layer else self.input_size
        return len(self.kind.description.blocks) * self.hidden_size, self.kind.span * below, self.hidden_size

    def flatten_parameters(self) -> None:
        """Nothing: only cuDNN wants its weights side by side, and it has no such cell."""
