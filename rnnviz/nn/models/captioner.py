"""A convolutional encoder and a recurrent decoder: a drawing is read at once, and put into words (Xu et al. 2015).

With x_p the numbers of place p of the drawing, and p + d the places around it and itself (zeros beyond the edges):

    v_p = relu(W_1 x_p + b_1 + u_p)       first convolution: as wide as a place, so that no two of its fields overlap
    h_p = tanh(Σ_d W_d v_{p+d} + b_2)     second convolution, 3 × 3 places

u_p is a learned vector for each place: without it an average of all h_p could not tell where something stands. The
decoder's first state is made of that average, and all that it gets without attention; with attention it looks at the
h_p as at the states of any other encoder (see `encoder_decoder`).

The second convolution is a feed-forward window of one step over the vectors around a place, laid side by side.
"""

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.stack import Extent, Masks, extent_of
from rnnviz.nn.cells.weights import State
from rnnviz.nn.models.encoder_decoder import Encoded, EncoderDecoder
from rnnviz.nn.models.recurrent import make_recurrent
from rnnviz.specs import architectures
from rnnviz.specs.architectures.captioner import AROUND, drawing_of
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task


class Places(nn.Module):
    """The first convolution, and around every place what it found there: what the second convolution multiplies."""

    def __init__(self, numbers: int, rows: int, columns: int, hidden: int) -> None:
        super().__init__()
        self.rows, self.columns = rows, columns
        self.patch = nn.Linear(numbers, hidden)
        self.place = nn.Linear(rows * columns, hidden, bias=False)

    def forward(self, drawings: Tensor) -> Tensor:
        """Drawings (place, B, numbers) → (place, B, 9·H), the vectors around each place, line by line."""
        first = torch.relu(self.patch(drawings) + self.place.weight.t()[:, None])
        grid, edge = first.unflatten(0, (self.rows, self.columns)), AROUND // 2
        padded = nn.functional.pad(grid, (0, 0, 0, 0, edge, edge, edge, edge))
        around = [
            padded[row : row + self.rows, column : column + self.columns]
            for row in range(AROUND)
            for column in range(AROUND)
        ]
        return torch.cat(around, -1).flatten(0, 1)


class Captioner(EncoderDecoder):
    """Reads drawings (place, B, numbers) and answers with sequences of classes."""

    def __init__(self, spec: ModelSpec, task: Task) -> None:
        super().__init__(architectures.of(task).built(spec), task)

    def make_reader(self, spec: ModelSpec, task: Task) -> tuple[nn.Module, nn.RNNBase]:
        drawing, encoder = drawing_of(task), architectures.of(task).parts(spec)["encoder"]
        places = Places(drawing.size, drawing.rows, drawing.columns, spec.hidden)
        return places, make_recurrent(encoder, AROUND**2 * spec.hidden)

    @property
    def handing_on(self) -> nn.RNNBase:
        """The decoder's: the encoder hands no state from place to place."""
        return self.decoder

    def embedded(self, sources: Tensor) -> tuple[Tensor, Extent]:
        """What the second convolution reads, (place, B, 9·H); all drawings have all places."""
        x: Tensor = self.source(sources.to(self.readout.weight.dtype))
        return x, extent_of(torch.ones(x.shape[:2], dtype=torch.bool, device=x.device))

    def encode(self, sources: Tensor, masks: Masks | None = None) -> Encoded:
        """Run the encoder over drawings (place, B, numbers); as no place is padding, nothing is held back."""
        x, extent = self.embedded(sources)
        memory, last = self.encoder(x, masks=masks)
        return self.handed_over(memory, (last,), extent)

    def handed_over(self, memory: Tensor, last: State, extent: Extent) -> Encoded:
        """What the decoder gets: the places (place, B, H), and their average in place of a last state."""
        average = memory.mean(0).expand(self.decoder.num_layers, -1, -1)
        return super().handed_over(memory, (average,), extent)
