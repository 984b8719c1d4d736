"""Attention's weights are the published formulas of traced states; what is read on padding never counts."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from rnnviz.nn.measure.flow import Flow
from rnnviz.nn.models.attention import make_attention, weights_of_scores
from rnnviz.nn.models.losses import sequence_loss
from rnnviz.nn.models.model import make_model
from rnnviz.specs.models import ATTENTIONS, ModelSpec
from rnnviz.tasks.batch import PAD
from tests.nn.models.plain import TASK, both, some_batch
from tests.nn.reference import STOCK_CELLS, numbers

SPECS = [
    ModelSpec(one, 5, layers, bidirectional, attention=kind, decoder=two)
    for kind in ATTENTIONS
    for one, two, layers in (("rnn", "lstm", 1), ("lstm", "gru", 2), ("gru", "gru", 1), ("gru", "rnn", 2))
    for bidirectional in (False, True)
    if not (kind == "dot" and bidirectional)
]


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def by_formula(kind: str, weights: dict[str, np.ndarray], s: np.ndarray, h: np.ndarray) -> np.ndarray:
    """α (output_time, input_time) of one sample, from decoder states s (output_time, H) and encoder states h (T, M)."""
    if kind == "additive":
        inner = s @ weights["attention.state.weight"].T
        keys = h @ weights["attention.memory.weight"].T
        scores = np.array([[weights["attention.v.weight"][0] @ np.tanh(a + k) for k in keys] for a in inner])
    elif kind == "dot":
        scores = np.array([[s_t @ h_j for h_j in h] for s_t in s])
    else:
        scores = np.array([[s_t @ weights["attention.matrix.weight"] @ h_j for h_j in h] for s_t in s])
    return softmax(scores)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"{s.attention}-{s.cell}-{s.cells[1]}-{s.directions}")
def test_weights_are_the_formula_of_the_traced_states(spec: ModelSpec, dtype: torch.dtype) -> None:
    model = make_model(spec, TASK, 1).to(dtype)
    sources, targets = some_batch(6)
    flow = Flow(model, sources, model.fed_right(targets))
    traced = {name: values.numpy() for name, values in flow.variables(spec).items()}["hidden"]  # layer, direction, time
    first = flow.reading.first.h[-1].detach().numpy()
    weights = {name: weight.numpy() for name, weight in model.state_dict().items()}
    assert flow.attention is not None
    found = flow.attention.detach().numpy()
    assert found.shape == (6, 5, 4)
    for b in range(6):
        length = int((sources[:, b] != PAD).sum())
        h = np.concatenate([traced[-1, d, :length, b] for d in range(spec.directions)], -1)
        s = traced[-1, 0, 4:, b]
        if spec.attention == "additive":
            s = np.concatenate([first[b][None], s[:-1]])  # it looks before its step
        expected = by_formula(str(spec.attention), weights, s, h)
        np.testing.assert_allclose(found[b, :, :length], expected, atol=1e-6 if dtype == torch.float32 else 1e-12)
        assert (found[b, :, length:] == 0.0).all()
        if length == 1:
            assert (found[b, :, 0] == 1.0).all()
    np.testing.assert_allclose(found.sum(-1), 1, atol=1e-6 if dtype == torch.float32 else 1e-12)
    for step, one in enumerate(flow.steps):
        context = np.einsum("bt,btm->bm", found[:, step], flow.reading.memory.detach().numpy())
        assert one.context is not None
        np.testing.assert_allclose(one.context.detach().numpy(), context, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ATTENTIONS)
def test_scores_of_any_size_give_weights_and_gradients_that_are_numbers(kind: str) -> None:
    attention: Any = make_attention(kind, 3, 3)
    states, memory = 1e4 * numbers(2, 4, 3), 1e4 * numbers(2, 5, 3, seed=1)
    attention.double()
    states.requires_grad_(), memory.requires_grad_()
    real = torch.tensor([[True] * 5, [True] + [False] * 4])
    weights = weights_of_scores(attention.scores(states, attention.keys(memory)), real)
    gradients = torch.autograd.grad(weights.square().sum(), [states, memory, *attention.parameters()])
    assert all(gradient.isfinite().all() for gradient in gradients)
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 4, dtype=torch.float64))
    assert (weights[1, :, 0] == 1).all() and not weights[1, :, 1:].any() and not gradients[1][1, 1:].any()


@pytest.mark.parametrize("kind", ATTENTIONS)
@pytest.mark.parametrize("cell", STOCK_CELLS)
def test_gradients_equal_those_of_torchs_stock_layers(cell: str, kind: str) -> None:
    """The plainest form of it: one stock layer that reads, one that writes, everything else a line each."""
    spec = ModelSpec(cell, 4, bidirectional=kind != "dot", attention=kind)
    model, _ = both(spec)
    sources, targets = some_batch(5, seed=3)
    sources, targets = sources[:2, 1:], targets[:3, 1:].clamp(min=0)  # of one length: stock layers need no packing
    weights = {name: weight.detach().clone().requires_grad_() for name, weight in model.named_parameters()}
    fed = model.fed_right(targets)
    answers = stock_answers(spec, weights, sources, fed)
    torch.testing.assert_close(model(sources, fed), answers, rtol=1e-9, atol=1e-11)
    theirs = torch.autograd.grad(sequence_loss(answers, targets), list(weights.values()))
    mine = torch.autograd.grad(sequence_loss(model(sources, fed), targets), list(model.parameters()))
    for name, one, other in zip(weights, mine, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-11, msg=name)


def stock_answers(
    spec: ModelSpec, w: dict[str, torch.Tensor], sources: torch.Tensor, fed: torch.Tensor
) -> torch.Tensor:
    kinds: dict[str, Any] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
    steps: dict[str, Any] = {"rnn": nn.RNNCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}
    call, size = torch.func.functional_call, spec.hidden
    encoder = kinds[spec.cell](size, size, bidirectional=spec.bidirectional).double()
    memory, last = call(encoder, part(w, "encoder"), w["source.weight"][sources])
    last = list(last) if spec.cell == "lstm" else [last]
    if spec.bidirectional:
        wide = [torch.cat([one[0], one[1]], -1) for one in last]
        last = [torch.tanh(wide[0] @ w["bridge_h.0.weight"].T + w["bridge_h.0.bias"])]
        if spec.cell == "lstm":
            last.append(wide[1] @ w["bridge_c.0.weight"].T + w["bridge_c.0.bias"])
    else:
        last = [one[0] for one in last]
    x = w["target.weight"][fed]
    if spec.attention == "additive":
        cell, states = steps[spec.cell](3 * size, size).double(), []
        own = {name.removesuffix("_l0"): weight for name, weight in part(w, "decoder").items()}
        for x_t in x:
            inner = torch.tanh(last[0] @ w["attention.state.weight"].T + memory @ w["attention.memory.weight"].T)
            alpha = torch.softmax(inner @ w["attention.v.weight"][0], 0)
            context = torch.einsum("tb,tbm->bm", alpha, memory)
            found = call(cell, own, (torch.cat([x_t, context], -1), tuple(last) if spec.cell == "lstm" else last[0]))
            last = list(found) if spec.cell == "lstm" else [found]
            states.append(torch.cat([last[0], context], -1))
        joined = torch.stack(states)
    else:
        first = [one[None] for one in last]
        decoder = kinds[spec.cell](size, size).double()
        s, _ = call(decoder, part(w, "decoder"), (x, tuple(first) if spec.cell == "lstm" else first[0]))
        keys = memory @ w["attention.matrix.weight"].T if spec.attention == "general" else memory
        alpha = torch.softmax(torch.einsum("sbh,tbh->sbt", s, keys), -1)
        joined = torch.cat([s, torch.einsum("sbt,tbm->sbm", alpha, memory)], -1)
    combined = torch.tanh(joined @ w["combine.weight"].T + w["combine.bias"])
    return combined @ w["readout.weight"].T + w["readout.bias"]


def part(weights: dict[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    return {key.removeprefix(name + "."): weight for key, weight in weights.items() if key.startswith(name + ".")}
