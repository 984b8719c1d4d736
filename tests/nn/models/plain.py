"""An encoder–decoder put together from torch's own parts, sample by sample and step by step; which models, on what."""

import dataclasses
import functools
import itertools
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.nn.models.encoder_decoder import EncoderDecoder
from rnnviz.nn.models.model import make_model
from rnnviz.specs.models import ATTENTIONS, ModelSpec
from rnnviz.tasks import task
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.translating import Translating
from tests.nn.reference import STOCK_CELLS

TASK = task("reverse", length=4, letters=3)
CLOSE = {"rtol": 1e-9, "atol": 1e-11}


def every_spec() -> list[ModelSpec]:
    """Every pair of cells × attention × bidirectional × 1 or 2 layers, then what only some of them have."""
    found = []
    for one, two, attention, both, layers in itertools.product(
        STOCK_CELLS, STOCK_CELLS, (None, *ATTENTIONS), (False, True), (1, 2)
    ):
        if not (attention == "dot" and both):
            found.append(ModelSpec(one, 3, layers, both, attention=attention, decoder=two))
    more = (
        ModelSpec("gru", 3, 2, True, reset="before", attention="additive", skip=True, dropout=0.4),
        ModelSpec("gru", 3, 3, reset="before", attention="dot", skip=True, dropout=0.4),
        ModelSpec("lstm", 3, 2, decoder="gru", reset="before", attention="general", dropout=0.5),
        ModelSpec("lstm", 3, 3, skip=True, dropout=0.3),
        ModelSpec("rnn", 3, 2, True, activation="relu", attention="general", skip=True),
        ModelSpec("rnn", 3, 2, activation="sigmoid", attention="additive", dropout=0.2),
        ModelSpec("gru", 3, decoder="rnn", activation="relu", attention="additive"),
        ModelSpec("rnn", 3, 2, True, decoder="lstm", activation="sigmoid", attention="additive", skip=True),
        ModelSpec("lstm", 1, attention="dot"),
    )
    return [*found, *more]


def named(spec: ModelSpec) -> str:
    settings = {f.name: getattr(spec, f.name) for f in dataclasses.fields(spec) if getattr(spec, f.name) != f.default}
    return "-".join([spec.cell, *(f"{k}_{v}" for k, v in settings.items() if k not in ("cell", "hidden"))])


def cell_of(spec: ModelSpec, kind: str, inputs: int) -> nn.Module:
    if kind == "gru" and spec.reset == "before":
        return Before(inputs, spec.hidden)
    if kind == "rnn":
        return Elman(inputs, spec.hidden, spec.activation)
    return (Long if kind == "lstm" else nn.GRUCell)(inputs, spec.hidden)


class Long(nn.LSTMCell):
    """Torch's own, but its hidden state comes from the cell state it returns, not from another copy of that."""

    def forward(self, x: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        linear = nn.functional.linear
        a = linear(x, self.weight_ih, self.bias_ih) + linear(state[0], self.weight_hh, self.bias_hh)
        i, f, g, o = a.chunk(4, -1)
        c = f.sigmoid() * state[1] + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class Before(nn.GRUCell):
    """Cho et al. 2014: the reset gate scales the state before the product."""

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        n = self.hidden_size
        gates = nn.functional.linear(x, self.weight_ih[: 2 * n], self.bias_ih[: 2 * n])
        r, z = (gates + nn.functional.linear(h, self.weight_hh[: 2 * n], self.bias_hh[: 2 * n])).sigmoid().chunk(2, -1)
        candidate = nn.functional.linear(x, self.weight_ih[2 * n :], self.bias_ih[2 * n :])
        candidate = (candidate + nn.functional.linear(r * h, self.weight_hh[2 * n :], self.bias_hh[2 * n :])).tanh()
        return z * h + (1 - z) * candidate


class Elman(nn.RNNCell):
    """Torch's own, and σ in place of tanh, which it has not."""

    def __init__(self, inputs: int, hidden: int, activation: str) -> None:
        super().__init__(inputs, hidden, nonlinearity="relu" if activation == "relu" else "tanh")
        self.squash = activation == "sigmoid"

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        if not self.squash:
            return super().forward(x, h)
        linear = nn.functional.linear
        return (linear(x, self.weight_ih, self.bias_ih) + linear(h, self.weight_hh, self.bias_hh)).sigmoid()


@dataclasses.dataclass
class Found:
    """What the plain model finds for one sample: states keep their gradients.

    read, read_c:       [layer][direction][time], in the order of the input; read_c is empty without a cell state.
    written, written_c: [layer][time].
    """

    answers: Tensor
    weights: Tensor | None
    read: list[list[list[Tensor]]]
    read_c: list[list[list[Tensor]]]
    written: list[list[Tensor]]
    written_c: list[list[Tensor]]


class Plain(nn.Module):
    """An encoder–decoder as one writes it who never saw the package: torch's cells, linear layers and loops."""

    def __init__(self, spec: ModelSpec, task: Translating) -> None:
        super().__init__()
        size, wide = spec.hidden, spec.hidden * spec.directions
        self.spec, self.source = spec, nn.Embedding(task.input_size, size)
        self.target = nn.Embedding(task.output_size + 1, size)
        self.encoder, self.decoder = nn.ModuleDict(), nn.ModuleDict()
        for layer in range(spec.layers):
            for direction in ("", "_reverse")[: spec.directions]:
                self.encoder[f"l{layer}{direction}"] = cell_of(spec, spec.cell, wide if layer else size)
            context = wide if spec.attention == "additive" else 0
            self.decoder[f"l{layer}"] = cell_of(spec, spec.cells[1], size if layer else size + context)
        self.attention = nn.ModuleDict()
        if spec.attention == "additive":
            self.attention["state"], self.attention["memory"] = (nn.Linear(n, size, bias=False) for n in (size, wide))
            self.attention["v"] = nn.Linear(size, 1, bias=False)
        elif spec.attention == "general":
            self.attention["matrix"] = nn.Linear(wide, size, bias=False)
        if spec.attention:
            self.combine = nn.Linear(size + wide, size)
        self.readout = nn.Linear(size, task.output_size)
        self.bridges = spec.bidirectional or spec.cells[0] != spec.cells[1]
        if self.bridges:
            self.bridge_h = nn.ModuleList(nn.Linear(wide, size) for _ in range(spec.layers))
            if spec.cells[1] == "lstm":
                self.bridge_c = nn.ModuleList(nn.Linear(wide, size) for _ in range(spec.layers))

    def take(self, weights: dict[str, Tensor]) -> "Plain":
        """The weights of an `EncoderDecoder`."""
        self.load_state_dict({plain_name(name): weight for name, weight in weights.items()})
        return self

    def gradients(self, loss: Tensor) -> dict[str, Tensor]:
        """Every weight's gradient under the names that an `EncoderDecoder` gives them."""
        mine = dict(self.named_parameters())
        found = torch.autograd.grad(loss, list(mine.values()), retain_graph=True)
        return dict(zip(mine, found, strict=True))

    def forward(self, source: Tensor, fed: Tensor, masks: Any = None) -> Found:
        """One sample: source (time,) without padding, fed (output_time,), masks of both halves for it alone."""
        top, read, read_c = self._read(source, masks and masks[0])
        h, c = self._first(read, read_c)
        answers, rows, written, written_c = [], [], [[] for _ in h], [[] for _ in h]
        for t, symbol in enumerate(fed):
            x, before = self.target(symbol), h[-1]
            if self.spec.attention == "additive":
                row, context = self._look(before, top)
                x = torch.cat([x, context])
            for layer in range(self.spec.layers):
                cell = self.decoder[f"l{layer}"]
                if layer and masks is not None:
                    x = x * masks[1][layer - 1][t]
                h[layer], c[layer] = _one(cell, x, h[layer], c[layer])
                written[layer].append(h[layer])
                written_c[layer].append(c[layer])
                x = h[layer] + x if layer and self.spec.skip else h[layer]
            if self.spec.attention is None:
                answers.append(self.readout(x))
                continue
            if self.spec.attention != "additive":
                row, context = self._look(x, top)
            answers.append(self.readout(torch.tanh(self.combine(torch.cat([x, context])))))
            rows.append(row)
        return Found(torch.stack(answers), torch.stack(rows) if rows else None, read, read_c, written, written_c)

    def _read(self, source: Tensor, masks: Any) -> tuple[list[Tensor], list, list]:
        x, read, read_c = [self.source(symbol) for symbol in source], [], []
        for layer in range(self.spec.layers):
            if layer and masks is not None:
                x = [x_t * masks[layer - 1][t] for t, x_t in enumerate(x)]
            parts, cells = [], []
            for direction in ("", "_reverse")[: self.spec.directions]:
                cell = self.encoder[f"l{layer}{direction}"]
                h = c = torch.zeros(self.spec.hidden, dtype=x[0].dtype)
                found = []
                for x_t in x[::-1] if direction else x:
                    h, c = _one(cell, x_t, h, c)
                    found.append((h, c))
                found = found[::-1] if direction else found
                parts.append([h for h, _ in found])
                cells.append([c for _, c in found])
            read.append(parts)
            read_c.append(cells)
            handed = [torch.cat(both) for both in zip(*parts, strict=True)]
            x = [h + x_t for h, x_t in zip(handed, x, strict=True)] if layer and self.spec.skip else handed
        return x, read, read_c

    def _first(self, read: list, read_c: list) -> tuple[list[Tensor], list[Tensor]]:
        """Each direction's last state is that of the last step it reads."""
        last = [torch.cat([row[0][-1], *(back[0] for back in row[1:])]) for row in read]
        last_c = [torch.cat([row[0][-1], *(back[0] for back in row[1:])]) for row in read_c]
        if not self.bridges:
            return last, last_c
        h = [torch.tanh(bridge(one)) for bridge, one in zip(self.bridge_h, last, strict=True)]
        if self.spec.cells[1] != "lstm":
            return h, list(h)
        of = last_c if self.spec.cell == "lstm" else last
        return h, [bridge(one) for bridge, one in zip(self.bridge_c, of, strict=True)]

    def _look(self, s: Tensor, memory: list[Tensor]) -> tuple[Tensor, Tensor]:
        a = self.attention
        if self.spec.attention == "additive":
            scores = [a["v"](torch.tanh(a["state"](s) + a["memory"](h)))[0] for h in memory]
        elif self.spec.attention == "general":
            scores = [s @ a["matrix"](h) for h in memory]
        else:
            scores = [s @ h for h in memory]
        weights = nn.functional.softmax(torch.stack(scores), -1)
        return weights, sum(weight * h for weight, h in zip(weights, memory, strict=True))  # type: ignore[return-value]


def _one(cell: nn.Module, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """One step; what has no cell state hands its hidden one on in its place."""
    if isinstance(cell, nn.LSTMCell):
        h, c = cell(x, (h, c))
        return h, c
    h = cell(x, h)
    return h, h


def plain_name(name: str) -> str:
    """A plain name: encoder.weight_ih_l0_reverse → encoder.l0_reverse.weight_ih."""
    half, _, rest = name.partition(".")
    if half not in ("encoder", "decoder"):
        return name
    kind, where, layer = rest.split("_", 2)
    return f"{half}.{layer}.{kind}_{where}"


def both(spec: ModelSpec, seed: int = 0) -> tuple[EncoderDecoder, Plain]:
    """A model and its plain double, in double precision and with somewhat larger weights than new ones have."""
    model = make_model(spec, TASK, seed).double()
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(1.3)
    return model, Plain(spec, TASK).double().take(model.state_dict())


@functools.cache
def some_batch(samples: int = 3, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Sources (4, B) of lengths 2 to 4, the first one cut to a single letter, and targets (5, B)."""
    drawn = TASK.sample(np.random.default_rng(seed), samples)
    sources, targets = torch.tensor(drawn.inputs), torch.tensor(drawn.targets)
    sources[1:, 0] = PAD
    targets[2:, 0] = PAD
    return sources, targets


def some_masks(model: EncoderDecoder, sources: Tensor, targets: Tensor) -> Any:
    found = model.masks(sources, targets, torch.Generator().manual_seed(2))
    return found and tuple([mask.double() for mask in half] for half in found)


def one_by_one(plain: Plain, sources: Tensor, fed: Tensor, masks: Any = None) -> list[Found]:
    """The plain model on every sample of a batch, without its padding."""
    found = []
    for b in range(sources.shape[1]):
        length = int((sources[:, b] != PAD).sum())
        mine = masks and ([m[:length, b] for m in masks[0]], [m[:, b] for m in masks[1]])
        found.append(plain(sources[:length, b], fed[:, b], mine))
    return found


def answers_of(found: list[Found]) -> Tensor:
    return torch.stack([one.answers for one in found], 1)
