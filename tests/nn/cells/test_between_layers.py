"""Skip connections and dropout between layers: outputs, instruments and gradients equal autograd's, masks and all."""

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

import rnnviz as rv
from rnnviz.cells import CELLS
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.unfolding import outputs, sweep_back, unfold
from rnnviz.nn.cells.weights import weights_of
from rnnviz.nn.models.losses import loss_of
from rnnviz.nn.models.model import SequenceModel, make_model
from rnnviz.nn.train.batches import Batches
from rnnviz.nn.train.learner import Learner
from rnnviz.nn.train.training import ticks
from tests.nn.reference import NAMED, by_inputs, numbers
from tests.nn.train.test_training import assert_same

SIZES = st.fixed_dictionaries(
    {
        "inputs": st.integers(1, 4),
        "hidden": st.integers(1, 5),
        "num_layers": st.integers(1, 3),
        "bidirectional": st.booleans(),
        "bias": st.booleans(),
        "skip": st.booleans(),
    }
)


def make(cell: str, **sizes: Any) -> nn.RNNBase:
    layers = sizes.pop("num_layers")
    module = NAMED[cell].module(sizes.pop("inputs"), sizes.pop("hidden"), layers, **sizes).double()
    with torch.no_grad():
        for seed, weight in enumerate(module.parameters()):
            weight.copy_(0.6 * numbers(*weight.shape, seed=seed))
    return module


def some_masks(module: nn.RNNBase, time: int, batch: int) -> list[Tensor]:
    width = module.hidden_size * (2 if module.bidirectional else 1)
    drawn = [numbers(time, batch, width, seed=20 + index) for index in range(module.num_layers - 1)]
    return [(values > 0).double() / 0.5 for values in drawn]


def written_out(module: nn.RNNBase, x: Tensor, masks: Sequence[Tensor] | None) -> tuple[Tensor, list[list[Tensor]]]:
    """The stack step by step, and every h_t [layer·direction][time] in the order of the input, keeping its gradient."""
    states = []
    for layer in range(module.num_layers):
        x = x * masks[layer - 1] if masks is not None and layer else x
        parts = []
        for direction in range(2 if module.bidirectional else 1):
            kind, w, found = kind_of(module), weights_of(module, layer, direction), []
            state = (x.new_zeros(x.shape[1], module.hidden_size),) * len(kind.description.states)
            for a in by_inputs(kind, w, x.flip(0) if direction else x):
                state = kind.step(w, a, state)
                state[0].retain_grad()
                found.append(state[0])
            states.append(found[:: -1 if direction else 1])
            parts.append(torch.stack(states[-1]))
        h_all = torch.cat(parts, -1)
        x = h_all + x if module.skip and layer else h_all
    return x, states


def _gradients(states: Sequence[Tensor]) -> Tensor:
    return torch.stack([torch.zeros_like(h) if h.grad is None else h.grad for h in states])


@pytest.mark.parametrize("cell", NAMED)
@given(sizes=SIZES, time=st.integers(1, 6), batch=st.integers(1, 3), dropped=st.booleans())
def test_outputs_states_and_gradients_equal_autograds(
    cell: str, sizes: dict[str, Any], time: int, batch: int, dropped: bool
) -> None:
    module, found = make(cell, **sizes), []
    masks = some_masks(module, time, batch) if dropped else None
    for fast in (True, False):
        x = numbers(time, batch, sizes["inputs"]).requires_grad_()
        output, states = (module(x, masks=masks)[0], None) if fast else written_out(module, x, masks)
        loss = (output * numbers(*output.shape, seed=1)).sum() + output.square().mean()
        loss.backward()
        found.append([output, x.grad, *(weight.grad for weight in module.parameters())])
        module.zero_grad()
    for mine, expected in zip(*found, strict=True):
        torch.testing.assert_close(mine, expected, rtol=1e-9, atol=1e-11)
    layers = unfold(module, x.detach(), masks=masks)
    torch.testing.assert_close(outputs(layers[-1]), output.detach())
    dy = numbers(*output.shape, seed=1) + 2 * output.detach() / output.numel()
    swept = sweep_back(layers, dy)
    flat = itertools.chain.from_iterable
    pairs = zip(flat(layers), flat(swept), strict=True)
    mine = [one.aligned(back.hidden) for one, back in pairs]
    for total, row in zip(mine, states or [], strict=True):
        torch.testing.assert_close(total, _gradients(row), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("cell", NAMED)
def test_a_skip_connection_adds_what_is_read(cell: str) -> None:
    module, x = make(cell, inputs=3, hidden=4, num_layers=3, bidirectional=True, skip=True), numbers(5, 2, 3)
    traced = rv.trace(module, x)
    read = [np.concatenate(list(traced.hidden.values[layer]), -1) for layer in range(3)]
    np.testing.assert_allclose(module(x)[0].detach(), read[2] + (read[1] + read[0]), atol=1e-12)
    np.testing.assert_allclose(traced.hidden[0], rv.trace(make(cell, **SAME), x).hidden[0], atol=1e-12)


SAME: dict[str, Any] = {"inputs": 3, "hidden": 4, "num_layers": 3, "bidirectional": True, "skip": False}


@pytest.mark.parametrize("cell", NAMED)
def test_gradient_flow_knows_skip_connections(cell: str) -> None:
    module, x = make(cell, inputs=3, hidden=4, num_layers=3, skip=True), numbers(5, 2, 3)
    flow = rv.gradient_flow(module, x, lambda output: output[-1].square().sum())
    output, states = written_out(module, x, None)
    output[-1].square().sum().backward()
    for layer in range(3):
        np.testing.assert_allclose(flow.hidden_grad[layer, 0], _gradients(states[layer]), atol=1e-11)


@pytest.mark.parametrize("cell", NAMED)
@pytest.mark.parametrize("batch_first", [False, True])
def test_one_sequence_and_batch_first(cell: str, batch_first: bool) -> None:
    module = make(cell, inputs=3, hidden=4, num_layers=2, skip=True, batch_first=batch_first)
    x = numbers(5, 2, 3)
    expected, _ = written_out(module, x, None)
    output, _ = module(x.transpose(0, 1) if batch_first else x)
    torch.testing.assert_close(output.transpose(0, 1) if batch_first else output, expected)
    alone, _ = module(x[:, 0])
    torch.testing.assert_close(alone, expected[:, 0])


def test_a_first_state_goes_through_skip_connections() -> None:
    plain = make("lstm", inputs=3, hidden=4, num_layers=2, skip=False)
    module, x = make("lstm", inputs=3, hidden=4, num_layers=2, skip=True), numbers(5, 2, 3)
    state = (numbers(2, 2, 4, seed=4), numbers(2, 2, 4, seed=5))
    layers = unfold(module, x, state)
    output, (h_n, c_n) = module(x, state)
    torch.testing.assert_close(output, outputs(layers[-1]))
    torch.testing.assert_close(h_n[0], plain(x, state)[1][0][0])
    torch.testing.assert_close(c_n[1], layers[1][0].variables()["cell"][-1])
    with pytest.raises(RuntimeError, match="Expected hidden"):
        module(x, (state[0][:1], state[1]))
    with pytest.raises(ValueError, match="got PackedSequence"):
        module(nn.utils.rnn.pack_sequence([torch.zeros(4, 3)]))


DEEP = rv.Experiment(
    rv.task("adding", length=10),
    tuple(rv.ModelSpec(cell, 6, layers=2, bidirectional=cell == "gru", skip=True, dropout=0.4) for cell in CELLS),
    rv.TrainingSpec(steps=12, batch=8, seed=3, device="cpu"),
)


@pytest.fixture(scope="module")
def run() -> rv.Run:
    return rv.run(DEEP)


def test_the_same_experiment_drops_the_same_units(run: rv.Run) -> None:
    assert_same(run, rv.run(DEEP))


def test_dropout_does_not_feel_its_neighbours(run: rv.Run) -> None:
    alone = rv.run(dataclasses.replace(DEEP, models=DEEP.models[2:]))
    for together, single in zip(run.frames, alone.frames, strict=True):
        assert together.models["gru"].losses.tobytes() == single.models["gru"].losses.tobytes()


def test_interleaved_runs_drop_what_they_drop_alone(run: rv.Run) -> None:
    torch.manual_seed(1)
    generators = [ticks(DEEP), ticks(dataclasses.replace(DEEP, training=rv.TrainingSpec(steps=20, seed=9)))]
    first = rv.Run(DEEP)
    for mine, _ in zip(*generators, strict=False):
        torch.rand(1)  # the global generator plays no part
        if mine is not None:
            first.append(mine)
    assert_same(run, first)


@pytest.mark.parametrize("label", CELLS)
@pytest.mark.parametrize("index", [0, 5, -1])
def test_loss_and_gradients_of_a_frame_are_of_the_same_masks(run: rv.Run, label: str, index: int) -> None:
    """The masks of step n are those the learner draws n-th; under them the frame's loss and gradients come out."""
    frame = run.frames[index]
    measured, spec = frame.models[label], DEEP.model(label)
    learner = Learner(spec, DEEP, torch.device("cpu"))
    stream = Batches(DEEP, torch.device("cpu"))
    for _ in range(frame.step + 1):
        x, targets, _ = next(stream)
        masks = learner.model.masks(x, learner._generator)
    model = SequenceModel(spec, DEEP.task)
    model.load_state_dict({name: torch.tensor(values) for name, values in measured.weights.items()})
    output, states = written_out(model.recurrent, x, masks)
    loss = loss_of(DEEP.task.answers.of, model.answer(output), targets)
    loss.backward()
    assert measured.loss == pytest.approx(loss.item(), rel=1e-5)
    grads = torch.stack([*map(_gradients, states)])
    norms = torch.linalg.vector_norm(grads, dim=(2, 3)).view(measured.hidden_grad_norm.shape)
    np.testing.assert_allclose(measured.hidden_grad_norm, norms, rtol=1e-4, atol=1e-9)
    total = nn.utils.get_total_norm([weight.grad for weight in model.parameters() if weight.grad is not None])
    assert measured.grad_norm == pytest.approx(total.item(), rel=1e-4)


@pytest.mark.parametrize("label", CELLS)
def test_nothing_is_dropped_where_nothing_is_learned(run: rv.Run, label: str) -> None:
    measured = run.frames[-1].models[label]
    model = SequenceModel(DEEP.model(label), DEEP.task)
    model.load_state_dict({name: torch.tensor(values) for name, values in measured.weights.items()})
    probes = DEEP.task.probes().batch
    np.testing.assert_allclose(measured.trace["hidden"], rv.trace(model.recurrent, probes.inputs).hidden, atol=1e-3)
    answers = model(torch.tensor(probes.inputs)).detach()
    np.testing.assert_allclose(measured.outputs[0], answers, rtol=1e-3, atol=1e-3)
    held_out = DEEP.task.held_out()
    score = DEEP.task.score(model(torch.tensor(held_out.inputs)).detach().numpy(), held_out.targets)
    assert measured.score == pytest.approx(score, rel=1e-4)


def test_masks_drop_the_share_that_was_asked_for() -> None:
    model = make_model(rv.ModelSpec("lstm", 40, layers=3, dropout=0.3), DEEP.task, 0)
    masks = model.masks(torch.zeros(50, 20, 2), torch.Generator().manual_seed(0))
    assert masks is not None and len(masks) == 2 and masks[0].shape == (50, 20, 40)
    for mask in masks:
        assert (mask == 0).double().mean() == pytest.approx(0.3, abs=0.01)
        torch.testing.assert_close(mask[mask > 0], torch.full_like(mask[mask > 0], 1 / 0.7))
    assert make_model(rv.ModelSpec("lstm", 4), DEEP.task, 0).masks(torch.zeros(5, 2, 2), torch.Generator()) is None


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("cell", NAMED)
def test_a_module_that_just_ran_is_unfolded_from_its_output(cell: str, skip: bool) -> None:
    module = make(cell, inputs=3, hidden=4, num_layers=2, bidirectional=True, skip=skip)
    x = numbers(5, 2, 3)
    again = unfold(module, x, known=module(x)[0].detach())
    for row, expected in zip(again, unfold(module, x), strict=True):
        for one, other in zip(row, expected, strict=True):
            torch.testing.assert_close(one.variables(), other.variables())
