"""What is traced in both halves satisfies the equations; its gradients are autograd's, and NaN only where stated."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import rnnviz as rv
from rnnviz.cells import CELLS
from rnnviz.nn.measure.flow import Flow
from rnnviz.nn.measure.measuring_translation import TranslationInstruments, entropy
from rnnviz.nn.models.losses import sequence_loss
from rnnviz.specs.layer_sizes import variables_of
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.batch import PAD
from tests.nn.models.plain import (
    TASK,
    Found,
    answers_of,
    both,
    every_spec,
    named,
    one_by_one,
    some_batch,
)
from tests.nn.models.plain import some_masks as masks_of

T_IN, T_OUT, BATCH = 4, 5, 4
SPECS = every_spec()[:-9:5] + every_spec()[-9:]


def looked_at(spec: ModelSpec) -> tuple[Flow, list[Found], Tensor, Tensor]:
    """A batch of four with two probes behind it; the plain model's findings for all six, and both sides of it."""
    model, plain = both(spec)
    sources, targets = some_batch(6)
    fed, masks = model.fed_right(targets), masks_of(model, *(part[:, :BATCH] for part in (sources, targets)))
    flow = Flow(model, sources, fed, BATCH, masks)
    found = one_by_one(plain, sources[:, :BATCH], fed[:, :BATCH], masks)
    found += one_by_one(plain, sources[:, BATCH:], fed[:, BATCH:])
    return flow, found, sources, targets


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_gradient_norms_of_both_halves_are_those_of_retained_states(spec: ModelSpec) -> None:
    flow, found, sources, targets = looked_at(spec)
    loss = sequence_loss(answers_of(found[:BATCH]), targets[:, :BATCH])
    hidden, cell = flow.gradient_norms(targets[:, :BATCH])
    np.testing.assert_allclose(hidden, expected_norms(loss, spec, found, sources, "h"), rtol=1e-5, atol=1e-9)
    if "lstm" not in spec.cells:
        assert cell is None
        return
    np.testing.assert_allclose(cell, expected_norms(loss, spec, found, sources, "c"), rtol=1e-5, atol=1e-9)


def expected_norms(loss: Tensor, spec: ModelSpec, found: list[Found], sources: Tensor, what: str) -> np.ndarray:
    """(layer, direction, time), NaN where a half has no such state."""
    expected = np.full((spec.layers, spec.directions, T_IN + T_OUT), np.nan)
    for layer in range(spec.layers):
        for direction in range(spec.directions):
            if what == "h" or spec.cells[0] == "lstm":
                for t in range(T_IN):
                    rows = [(one.read if what == "h" else one.read_c)[layer][direction] for one in found[:BATCH]]
                    expected[layer, direction, t] = norm(loss, [row[t] for row in rows if t < len(row)])
        if what == "h" or spec.cells[1] == "lstm":
            for t in range(T_OUT):
                rows = [(one.written if what == "h" else one.written_c)[layer] for one in found[:BATCH]]
                expected[layer, 0, T_IN + t] = norm(loss, [row[t] for row in rows])
    return expected


def norm(loss: Tensor, states: list[Tensor]) -> float:
    if not states:  # no sequence is that long
        return 0.0
    reached = torch.autograd.grad(loss, states, retain_graph=True, allow_unused=True)
    return float(sum(g.square().sum() for g in reached if g is not None)) ** 0.5


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_answers_attention_and_states_are_the_plain_models(spec: ModelSpec) -> None:
    flow, found, sources, _ = looked_at(spec)
    torch.testing.assert_close(flow.answers, answers_of(found), rtol=1e-9, atol=1e-11)
    assert (flow.attention is None) == (spec.attention is None)
    variables = flow.variables(spec)
    assert tuple(variables) == variables_of(spec)
    for name, values in variables.items():
        assert values.shape == (spec.layers, spec.directions, T_IN + T_OUT, 2, spec.hidden)
        for half, (kind, time) in enumerate(zip(spec.cells, (slice(0, T_IN), slice(T_IN, None)), strict=True)):
            there = values[:, :, time]
            if name not in CELLS[kind].variables:
                assert there.isnan().all()
            elif half == 0:
                padding = (sources[:, BATCH:] == PAD).expand(spec.layers, spec.directions, -1, -1)
                assert torch.equal(there.isnan().all(-1), padding) and torch.equal(there.isnan().any(-1), padding)
            else:
                assert there[:, 0].isfinite().all() and there[:, 1:].isnan().all()
    for b, one in enumerate(found[BATCH:]):
        for name, read, written in (("hidden", one.read, one.written), ("cell", one.read_c, one.written_c)):
            if name in CELLS[spec.cells[0]].variables:
                for layer, direction in np.ndindex(spec.layers, spec.directions):
                    states = torch.stack(read[layer][direction])
                    mine = variables[name][layer, direction, : len(states), b]
                    torch.testing.assert_close(mine, states, rtol=1e-9, atol=1e-11)
            if name in CELLS[spec.cells[1]].variables:
                mine = variables[name][:, 0, T_IN:, b]
                torch.testing.assert_close(mine, torch.stack([torch.stack(r) for r in written]), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("reset", ["after", "before"])
@pytest.mark.parametrize("kind", [None, "additive", "dot"])
def test_traced_gates_make_the_traced_states(reset: str, kind: str | None) -> None:
    """An LSTM reads, a GRU writes: each state is what its gates make of the one before."""
    spec = ModelSpec("lstm", 3, 2, attention=kind, decoder="gru", reset=reset)
    model, _ = both(spec)
    sources, targets = some_batch(6)
    flow = Flow(model, sources, model.fed_right(targets))
    found = {name: values[:, 0] for name, values in flow.variables(spec).items()}  # (layer, time, sample, unit)
    c, i, f, g, o, h = (
        found[name][:, :T_IN]
        for name in ("cell", "input_gate", "forget_gate", "cell_candidate", "output_gate", "hidden")
    )
    before = torch.cat([torch.zeros_like(c[:, :1]), c[:, :-1]], 1)
    torch.testing.assert_close(c, f * before + i * g, equal_nan=True)
    torch.testing.assert_close(h, o * c.tanh(), equal_nan=True)
    h, z, n = (found[name][:, T_IN:] for name in ("hidden", "update_gate", "candidate"))
    before = torch.cat([torch.stack(flow.reading.first.h)[:, None], h[:, :-1]], 1)
    torch.testing.assert_close(h, z * before + (1 - z) * n)
    fed = torch.stack([one.fed for one in flow.steps])
    w = dict(model.decoder.named_parameters())
    r = torch.sigmoid(
        fed @ w["weight_ih_l0"][:3].T + w["bias_ih_l0"][:3] + before[0] @ w["weight_hh_l0"][:3].T + w["bias_hh_l0"][:3]
    )
    torch.testing.assert_close(found["reset_gate"][0, T_IN:], r)
    assert fed.shape[-1] == (6 if kind == "additive" else 3)


def test_gradients_agree_with_a_small_change_of_one_state() -> None:
    """Not autograd against autograd: the encoder's last state is moved by hand, and the loss moves as foretold."""
    spec = ModelSpec("gru", 3, attention="dot")
    model, _ = both(spec)
    sources, targets = torch.tensor([[0], [2], [1], [0]]), torch.tensor([[1], [2], [3], [1], [0]])
    fed = model.fed_right(targets)
    hidden, _ = Flow(model, sources, fed, 1).gradient_norms(targets)
    reading, step, slopes = model.encode(sources), 1e-5, []
    for unit in range(3):
        losses = []
        for sign in (1, -1):
            memory, first = reading.memory.detach().clone(), reading.first.h[0].detach().clone()
            memory[0, -1, unit] += sign * step  # h_T is looked at, and it is the decoder's first state
            first[0, unit] += sign * step
            moved = reading._replace(memory=memory, keys=memory, first=reading.first._replace(h=(first,)))
            losses.append(sequence_loss(model.write(moved, fed)[0], targets).item())
        slopes.append((losses[0] - losses[1]) / (2 * step))
    assert np.linalg.norm(slopes) == pytest.approx(hidden[0, 0, T_IN - 1], rel=1e-5)


def test_flow_leaves_the_model_as_it_was() -> None:
    model, _ = both(ModelSpec("lstm", 3, 2, True, attention="general"))
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    sources, targets = some_batch()
    Flow(model, sources, model.fed_right(targets), 3).gradient_norms(targets)
    assert all(weight.grad is None for weight in model.parameters())
    assert all(torch.equal(before[name], weight) for name, weight in model.state_dict().items())


def test_frames_are_nan_where_a_probe_is_over_and_nowhere_else() -> None:
    chosen = rv.task("reverse", length=9, letters=4)
    models = (ModelSpec("gru", 4, 2, True, attention="additive"), ModelSpec("lstm", 4, attention="dot"))
    frame = rv.run(rv.Experiment(chosen, models, rv.TrainingSpec(2, 4, device="cpu"))).frame()
    probes = chosen.probes().batch
    over = np.concatenate([probes.inputs, probes.targets]) == PAD
    for label, spec in zip(("gru", "lstm"), models, strict=True):
        for values in frame.models[label].trace.values():
            np.testing.assert_array_equal(
                np.isnan(values[:, 0]).all(-1), np.broadcast_to(over, values[:, 0].shape[:-1])
            )
            assert np.isnan(values[:, 1:, len(probes.inputs) :]).all()
        norms = frame.models[label].hidden_grad_norm
        assert np.isfinite(norms[:, 0]).all() and norms.shape == (spec.layers, spec.directions, 19)
        looked = frame.models[label].translated["attention"]
        assert not looked[:, :, :].transpose(2, 0, 1)[probes.inputs == PAD].any()
        np.testing.assert_allclose(looked.sum(-1, dtype=np.float32), 1, atol=2e-3)


def test_entropy_is_counted_in_bits() -> None:
    rows = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.25] * 4, [0.5, 0.5, 0.0, 0.0]])
    assert entropy(rows).tolist() == pytest.approx([0, 2, 1])


@pytest.mark.parametrize("attention", [None, "additive"])
def test_what_a_frame_says_about_held_out_sequences_can_be_counted(attention: str | None) -> None:
    spec, instruments = ModelSpec("gru", 6, attention=attention), TranslationInstruments(TASK, torch.device("cpu"))
    model, plain = both(spec)
    model, plain = model.float(), plain.float()
    sources, targets = some_batch()
    score = instruments.score(model)
    look: dict[str, Any] = instruments.measure(model, spec, sources, targets, model.fed_right(targets))
    found = look["translated"]
    held_out = TASK.held_out()
    right, free, losses, hits = [], [], ([], []), ([], [])
    weights: list[Tensor] = []
    for b in range(held_out.inputs.shape[1]):
        source = torch.tensor(held_out.inputs[:, b])
        source, target = source[source != PAD], torch.tensor(held_out.targets[:, b])
        real = target != PAD
        fed = model.fed_right(target[:, None])[:, 0]
        for kind in (0, 1):
            one = plain(source, fed)
            if kind:
                own = [model.start]
                for _ in target:
                    one = plain(source, torch.tensor(own))
                    own.append(int(one.answers[-1].argmax()))
            classes = one.answers.argmax(-1)
            logs = torch.log_softmax(one.answers, -1)[torch.arange(len(target)), target.clamp(min=0)]
            losses[kind].append(-logs[real].detach())
            hits[kind].append(torch.where(real, (classes == target).double(), torch.nan))
            if kind == 0 and one.weights is not None:
                weights.extend(one.weights[real].detach())
        free.append(bool((classes == target)[real].all()))
        right.append(real)
    assert score == pytest.approx(100 * np.mean(free))
    for kind in (0, 1):
        assert found["held_out_loss"][kind] == pytest.approx(float(torch.cat(losses[kind]).mean()), rel=1e-4)
        np.testing.assert_allclose(found["by_position"][kind], 100 * torch.stack(hits[kind]).nanmean(0), rtol=1e-5)
    if attention:
        bits = [float(-(row * row.log2()).sum()) for row in weights]
        assert found["alignment"] == pytest.approx(
            [np.mean(bits), np.mean([float(r.max()) for r in weights])], rel=1e-4
        )
    else:
        assert "attention" not in found and "alignment" not in found


def test_a_score_by_length_counts_each_group_alone() -> None:
    instruments = TranslationInstruments(TASK, torch.device("cpu"))
    spec = ModelSpec("gru", 6)
    model, _ = both(spec)
    model = model.float()
    sources, targets = some_batch()
    found: Any = instruments.measure(model, spec, sources, targets, model.fed_right(targets))["translated"]
    longer, run = TASK.length_test(), []
    for b in range(longer.inputs.shape[1]):
        source = torch.tensor(longer.inputs[:, b : b + 1])
        own = torch.full((1, 1), model.start)
        for _ in longer.targets:
            own = torch.cat([own, model(source, own)[-1:].argmax(-1)])
        run.append(TASK.exact(own[1:].numpy(), longer.targets[:, b : b + 1])[0])
    lengths = (longer.inputs != PAD).sum(0)
    expected = [
        100 * np.mean([ok for ok, n in zip(run, lengths, strict=True) if low <= n <= high])
        for low, high in TASK.lengths
    ]
    np.testing.assert_allclose(found["by_length"], expected, rtol=1e-6)


def test_norms_are_not_disturbed_by_probes() -> None:
    spec = ModelSpec("lstm", 3, 2, True, attention="additive")
    model, _ = both(spec)
    sources, targets = some_batch(6)
    fed = model.fed_right(targets)
    one = Flow(model, sources, fed, BATCH).gradient_norms(targets[:, :BATCH])
    two = Flow(model, sources[:, :BATCH], fed[:, :BATCH], BATCH).gradient_norms(targets[:, :BATCH])
    for a, b in zip(one, two, strict=True):
        assert a is not None and b is not None
        np.testing.assert_allclose(a, b, rtol=1e-6)
