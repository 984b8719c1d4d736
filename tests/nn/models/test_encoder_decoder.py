"""The whole model against one that is put together from torch's own parts, sample by sample and step by step."""

import dataclasses
import functools
import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from rnnviz.nn.models.encoder_decoder import EncoderDecoder
from rnnviz.nn.models.losses import sequence_loss
from rnnviz.nn.models.model import make_model
from rnnviz.specs.models import ATTENTIONS, ModelSpec
from rnnviz.tasks import task
from rnnviz.tasks.translating import PAD, Translating
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
        self.load_state_dict({_here(name): weight for name, weight in weights.items()})
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


def _here(name: str) -> str:
    """encoder.weight_ih_l0_reverse → encoder.l0_reverse.weight_ih"""
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


@pytest.mark.parametrize("spec", every_spec(), ids=named)
def test_it_is_the_model_that_torchs_own_parts_make(spec: ModelSpec) -> None:
    model, plain = both(spec)
    sources, targets = some_batch()
    masks, fed = some_masks(model, sources, targets), model.fed_right(targets)
    found = one_by_one(plain, sources, fed, masks)
    reading = model.read(sources, masks and masks[0])
    answers, weights = model.write(reading, fed, masks and masks[1])
    torch.testing.assert_close(answers, answers_of(found), **CLOSE)
    torch.testing.assert_close(model(sources, fed, masks), answers, rtol=0, atol=0)

    steps = list(model.written(reading, fed, masks and masks[1]))
    torch.testing.assert_close(torch.stack([one.answer for one in steps]), answers, **CLOSE)
    for layer in range(spec.layers):
        mine = torch.stack([one.states.h[layer] for one in steps])
        theirs = torch.stack([torch.stack(one.written[layer]) for one in found], 1)
        torch.testing.assert_close(mine, theirs, **CLOSE)

    assert (weights is None) == (spec.attention is None) == (steps[0].weights is None)
    if weights is not None:
        torch.testing.assert_close(torch.stack([one.weights for one in steps]), weights, **CLOSE)
        for b, one in enumerate(found):
            length = one.weights.shape[1]
            torch.testing.assert_close(weights[:, b, :length], one.weights, **CLOSE)
            assert not weights[:, b, length:].any()

    theirs = plain.gradients(sequence_loss(answers_of(found), targets))
    for answered in (answers, torch.stack([one.answer for one in steps])):
        named_weights = dict(model.named_parameters())
        mine = torch.autograd.grad(sequence_loss(answered, targets), list(named_weights.values()), retain_graph=True)
        for name, gradient in zip(named_weights, mine, strict=True):
            torch.testing.assert_close(gradient, theirs[_here(name)], rtol=1e-9, atol=1e-11, msg=name)


@pytest.mark.parametrize("attention", [None, "additive", "dot", "general"])
@pytest.mark.parametrize("cell", STOCK_CELLS)
def test_a_batch_and_more_padding_change_nothing(cell: str, attention: str | None) -> None:
    model, _ = both(ModelSpec(cell, 3, 2, attention != "dot", attention=attention))
    sources, targets = some_batch(6)
    fed = model.fed_right(targets)
    answers = model(sources, fed)
    longer = torch.cat([sources, torch.full((3, 6), PAD)])
    torch.testing.assert_close(model(longer, fed), answers, **CLOSE)
    order = [3, 0, 5, 1]
    torch.testing.assert_close(model(sources[:, order], fed[:, order]), answers[:, order], **CLOSE)
    for b in range(6):
        length = int((sources[:, b] != PAD).sum())
        alone = model(sources[:length, b : b + 1], fed[:, b : b + 1])
        torch.testing.assert_close(alone, answers[:, b : b + 1], **CLOSE)


def test_what_is_fed_after_a_step_does_not_reach_it() -> None:
    model, _ = both(ModelSpec("gru", 3, 2, True, attention="additive"))
    sources, targets = some_batch()
    fed = model.fed_right(targets)
    other = fed.clone()
    other[3:] = (other[3:] + 1) % 4
    one, two = model(sources, fed), model(sources, other)
    assert torch.equal(one[:3], two[:3]) and not torch.equal(one[3:], two[3:])


def test_the_first_symbol_fed_is_one_that_is_never_written() -> None:
    model, _ = both(ModelSpec("gru", 3))
    _, targets = some_batch()
    fed = model.fed_right(targets)
    assert model.start == TASK.output_size and set(fed[0].tolist()) == {model.start}
    assert fed[1:].max() < TASK.output_size and fed.min() >= 0
    real = targets[:-1] != PAD
    assert torch.equal(fed[1:][real], targets[:-1][real])


@pytest.mark.parametrize("spec", [ModelSpec("gru", 8, 3, True, dropout=0.25), ModelSpec("lstm", 8, 2, dropout=0.25)])
def test_masks_drop_their_share_in_both_halves_and_are_drawn_anew(spec: ModelSpec) -> None:
    model: EncoderDecoder = make_model(spec, TASK, 0)
    generator = torch.Generator().manual_seed(1)
    sources, targets = torch.zeros(9, 60, dtype=torch.int64), torch.zeros(7, 60, dtype=torch.int64)
    masks = model.masks(sources, targets, generator)
    again = model.masks(sources, targets, generator)
    assert masks is not None and again is not None
    for half, other, time, width in zip(masks, again, (9, 7), (8 * spec.directions, 8), strict=True):
        assert len(half) == spec.layers - 1
        for mask, later in zip(half, other, strict=True):
            assert mask.shape == (time, 60, width) and not torch.equal(mask, later)
            assert mask.unique().tolist() == [0.0, pytest.approx(1 / 0.75)]
            dropped, of = int((mask == 0).sum()), mask.numel()
            assert abs(dropped - of / 4) < 5 * math.sqrt(of * 3 / 16)
    assert make_model(ModelSpec("gru", 8), TASK, 0).masks(sources, targets, generator) is None


def test_models_that_differ_in_attention_alone_start_from_the_same_weights_elsewhere() -> None:
    one, two = (make_model(ModelSpec("gru", 5, attention=kind), TASK, 4).state_dict() for kind in ("dot", None))
    assert set(two) == {name for name in one if not name.startswith("combine")}
    assert all(torch.equal(one[name], weight) for name, weight in two.items())
